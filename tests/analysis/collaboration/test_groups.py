"""Working groups: everybody placed or told why, limits kept, the same seed the same groups."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.collaboration.group_sheets import sheet_of
from helpers.analysis.collaboration.groups import Effort, Groups, make_groups
from helpers.analysis.collaboration.groups_compare import compare_groups
from helpers.analysis.collaboration.groups_domains import checked_sizes, divide
from helpers.data.errors import InputError

FEW = Effort(rounds=10, blocks=4)
Made = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def people(made_up: Made) -> pd.DataFrame:
    return made_up(150, seed=5)


@pytest.fixture(scope="module")
def groups(people: pd.DataFrame) -> Groups:
    return make_groups(people, effort=FEW)


def test_everybody_is_placed_once_or_told_why_not(people: pd.DataFrame, groups: Groups) -> None:
    codes = [*groups.members["participant_id"], *groups.not_placed["participant_id"]]
    assert sorted(codes) == sorted(people["participant_id"])
    assert groups.groups["size"].between(5, 7).all()
    assert groups.groups.groupby("domain")["size"].agg(np.ptp).max() <= 1
    named = people.set_index("participant_id")["domains"]
    assert all(row.domain in named[row.participant_id] for row in groups.members.itertuples()), (
        "a participant works in a domain that it did not name"
    )


def test_countries_are_spread_and_bridges_are_everywhere_if_there_are_enough(groups: Groups) -> None:
    for _, members in groups.members.groupby("domain"):
        count = members["group"].nunique()
        most = np.ceil(members["country"].value_counts() / count)
        in_group = members.groupby(["group", "country"]).size().reset_index(name="there")
        assert (in_group["there"] <= in_group["country"].map(most)).all()
        bridge = members["kind"].isin(["cluster", "funder"])
        if bridge.sum() >= count:
            assert bridge.groupby(members["group"]).any().all()


def test_points_are_what_one_counts_by_hand(people: pd.DataFrame, groups: Groups) -> None:
    for row in groups.groups.itertuples():
        codes = groups.members.loc[groups.members["group"] == row.group, "participant_id"]
        own = people[people["participant_id"].isin(codes)]
        met = {
            need
            for one in own.itertuples()
            for need in set(one.needs) - set(one.offers)
            if any(need in other.offers for other in own.itertuples())
        }
        stages = {stage for of in own["stages"] for stage in of}
        counted = (own["country"].nunique(), own["kind"].nunique(), len(stages), len(met))
        assert (row.countries, row.kinds, row.stages, row.needs_met) == counted
        assert row.points == sum(counted)
    assert groups.points == groups.groups["points"].sum()
    assert groups.points <= groups.bound
    assert groups.gap == (groups.bound - groups.points) / groups.bound


def test_the_same_seed_gives_the_same_bytes_whatever_the_order_of_rows(
    people: pd.DataFrame, groups: Groups
) -> None:
    mixed = people.sample(frac=1, random_state=9).assign(note="=cmd()")
    again = make_groups(mixed, effort=FEW)
    for name in ("members", "groups", "not_placed", "domains"):
        assert getattr(again, name).to_csv() == getattr(groups, name).to_csv()
    other = make_groups(people, effort=FEW, seed=1)
    assert other.members.to_csv() != groups.members.to_csv()


def test_the_clock_plays_no_part(people: pd.DataFrame, groups: Groups) -> None:
    patient = make_groups(people, effort=Effort(rounds=10, blocks=4, seconds=10_000.0))
    assert patient.members.equals(groups.members)
    assert not groups.stopped_by_clock


def test_the_program_beats_hand_work_and_lots_by_the_same_points(
    people: pd.DataFrame, groups: Groups
) -> None:
    table = compare_groups(groups, people).set_index("method")
    assert table.loc["program", "points"] == groups.points
    assert table["points"].is_monotonic_decreasing
    assert table["points"].is_unique
    assert table.loc["program", "worst"] > table.loc[["greedy", "random"], "worst"].max()
    assert table.loc["program", "worst"] == groups.groups["points"].min()
    assert table.loc["program", "no_bridge"] == 0
    assert groups.gap < 0.1


def test_who_cannot_be_placed_is_told_why(made_up: Made) -> None:
    people = made_up(17, domains=1).assign(domains=[("wood",)] * 9 + [("energy",)] * 7 + [()])
    found = make_groups(people, effort=FEW)
    why = found.not_placed.set_index("participant_id")["why"]
    assert why["p00016"] == "names no domain"
    assert (why != "").all()
    assert len(why) == 3
    assert "left over by lot: 9 participants of wood do not divide" in why.iloc[0]
    nobody = make_groups(people.head(3), effort=FEW)
    assert nobody.members.empty
    assert set(nobody.not_placed["why"]) == {"fewer than 5 are left who chose wood"}
    assert (nobody.points, nobody.gap) == (0, 0.0)


def test_who_chose_a_domain_that_is_too_small_goes_to_the_next_on_its_list(made_up: Made) -> None:
    people = made_up(6, domains=1).assign(domains=[("wood", "energy")] * 2 + [("energy",)] * 4)
    assert set(make_groups(people, effort=FEW).members["domain"]) == {"energy"}


def test_domains_may_be_given(made_up: Made) -> None:
    people = made_up(12, domains=1)
    given = dict.fromkeys(people["participant_id"].head(6), "call A")
    found = make_groups(people, domain_of=given, effort=FEW)
    assert set(found.members["participant_id"]) == set(given)
    assert set(found.not_placed["why"]) == {"was given no domain"}
    with pytest.raises(InputError, match="nobody is no participant"):
        make_groups(people, domain_of={"nobody": "call A"})


@pytest.mark.parametrize("count", range(5, 80))
def test_sizes_differ_by_one_at_most_and_place_all_who_can_be(count: int) -> None:
    sizes = divide(count, checked_sizes(6, None, None))
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= 7
    assert min(sizes) >= 5
    assert sum(sizes) == (7 if count in (8, 9) else count)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": 1}, "allowed: at least 2"),
        ({"smallest": 7}, "allowed: at least 2, smallest <= size"),
        ({"weights": {"kinds": 0.5}}, "kinds is 0.5; whole numbers"),
        ({"weights": {"shoes": 1}}, "shoes is no part of the points"),
    ],
)
def test_settings_that_make_no_sense_are_refused(made_up: Made, settings: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make_groups(made_up(6), **settings)


def test_a_sheet_says_who_why_and_what_to_look_at(people: pd.DataFrame, groups: Groups) -> None:
    name = groups.groups["group"].iloc[0]
    first = groups.groups.iloc[0]
    facts = {
        "domain": {first["domain"]: ["fact of the domain"]},
        "stage": {f"stage_{number}": ["fact of the stages"] for number in range(9)},
        "theme": {"no such theme": ["fact of nobody"]},
    }
    sheet = sheet_of(name, groups, people.assign(email="x@example.eu"), facts)
    assert list(sheet.who.columns) == ["participant_id", "kind", "country", "brings"]
    assert "example.eu" not in sheet.who.to_csv() + sheet.why.to_csv() + sheet.look_at.to_csv()
    assert len(sheet.who) == first["size"]
    assert sheet.look_at["fact"].tolist() == ["fact of the domain", "fact of the stages"]
    assert sum("which p" in reason for reason in sheet.why["reason"]) == first["needs_met"]
    assert sheet.why["reason"].iloc[0] == f"All named the domain {first['domain']}."
    with pytest.raises(InputError, match="there is no 'wood 99'"):
        sheet_of("wood 99", groups, people)
    with pytest.raises(InputError, match="colour is unknown"):
        sheet_of(name, groups, people, {"colour": {}})
