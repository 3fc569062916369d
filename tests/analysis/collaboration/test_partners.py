"""Partners: the score by hand, both sides' interest, ties, and who finds nobody."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.collaboration.partners import PARTNER_WEIGHTS, rank_partners
from helpers.data.errors import InputError

STAGES = ["raw", "made", "filled", "sent"]


def _people(**persons: dict[str, object]) -> pd.DataFrame:
    nothing = {"country": "AT", "kind": "company", **dict.fromkeys(("domains", "ecosystems", "stages"), ())}
    nothing |= {"offers": (), "needs": ()}
    return pd.DataFrame([{"participant_id": code, **nothing, **person} for code, person in persons.items()])


def test_the_score_is_the_geometric_mean_of_both_interests() -> None:
    people = _people(
        a={"domains": ("wood", "skills"), "stages": ("raw",), "needs": ("x", "y")},
        b={"domains": ("wood",), "stages": ("made", "sent"), "offers": ("x",), "country": "FR"},
    )
    found = rank_partners(people, STAGES).ranked.set_index("participant_id")
    # Of a in b: half its domains (3), half its needs (3), the next step (2), another country (1), of 11.
    assert found.loc["a", "own_interest"] == pytest.approx((1.5 + 1.5 + 2 + 1) / 11)
    # Of b in a: all its domains, the step before, another country.
    assert found.loc["b", "own_interest"] == pytest.approx((3 + 2 + 1) / 11)
    assert found["score"].tolist() == pytest.approx([6 / 11] * 2)
    assert found.loc["a", ["domains", "needs", "stages", "kind", "country"]].tolist() == [0.5, 0.5, 1, 0, 1]


@pytest.mark.parametrize(
    ("own", "others", "part"),
    [
        (("raw",), ("made",), 1.0),
        (("raw",), ("sent",), 0.5),
        (("raw",), ("raw",), 0.0),
        (("raw", "made"), ("made",), 0.0),
        (("raw",), (), 0.0),
        ((), ("raw",), 0.0),
        (("elsewhere",), ("raw",), 0.5),
    ],
)
def test_steps_of_the_chain_complement_each_other(own: tuple[str], others: tuple[str], part: float) -> None:
    people = _people(a={"domains": ("wood",), "stages": own}, b={"domains": ("wood",), "stages": others})
    found = rank_partners(people, STAGES, least_score=0.0).ranked.set_index("participant_id")
    assert found.loc["a", "stages"] == part


def test_the_others_interest_counts_too() -> None:
    """c offers all that a needs but needs nothing of a; b and a need each other."""
    people = _people(
        a={"domains": ("wood",), "offers": ("p",), "needs": ("x", "y")},
        b={"domains": ("wood",), "offers": ("x",), "needs": ("p",)},
        c={"domains": ("wood",), "offers": ("x", "y")},
    )
    found = rank_partners(people, STAGES).ranked
    assert found.loc[found["participant_id"] == "a", "partner_id"].tolist() == ["b", "c"]


def test_equal_scores_stand_in_the_order_of_codes_whatever_that_of_rows(
    made_up: Callable[..., pd.DataFrame],
) -> None:
    alike = _people(**{code: {"domains": ("wood",)} for code in ("d", "a", "c", "b")})
    found = rank_partners(alike, STAGES, least_score=0.1, most=2).ranked
    assert found["partner_id"].tolist() == ["b", "c", "a", "c", "a", "b", "a", "b"]
    people = made_up(60)
    mixed = people.sample(frac=1, random_state=4)
    pd.testing.assert_frame_equal(rank_partners(people, STAGES).ranked, rank_partners(mixed, STAGES).ranked)


def test_each_is_listed_or_told_why_not() -> None:
    people = _people(
        a={"domains": ("wood",), "country": "FR"},
        b={"domains": ("wood",)},
        lonely={"domains": ("skills",)},
        silent={},
        weak={"ecosystems": ("health",)},
        weaker={"ecosystems": ("health",)},
    )
    found = rank_partners(people, STAGES)
    assert set(found.ranked["participant_id"]) == {"a", "b"}
    why = found.without.set_index("participant_id")["why"]
    assert why["lonely"] == "nobody else names skills"
    assert why["silent"] == "names no domain and no ecosystem"
    assert why["weak"] == "of those who share a domain or an ecosystem none reaches a score of 0.3"
    assert found.without.set_index("participant_id").loc["weak", "best_score"] == pytest.approx(1 / 11)


def test_scores_are_symmetric_and_between_zero_and_one(made_up: Callable[..., pd.DataFrame]) -> None:
    found = rank_partners(made_up(50), STAGES, most=50, least_score=0.0).ranked
    assert found["score"].between(0, 1).all()
    table = found.pivot(index="participant_id", columns="partner_id", values="score")
    np.testing.assert_array_equal(table.to_numpy(), table.T.to_numpy())
    assert (found["participant_id"] != found["partner_id"]).all()
    assert (found["why"] != "").all()


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"colour": 1.0}, "colour is no part of the score; allowed: domains"),
        ({"domains": -1.0}, "domains is -1.0"),
        (dict.fromkeys(PARTNER_WEIGHTS, 0.0), "all are zero"),
    ],
)
def test_weights_that_make_no_sense_are_refused(weights: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        rank_partners(_people(a={}), STAGES, weights=weights)


def test_participants_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(InputError, match="row 2: domains is 'wood'; a list of words is allowed"):
        rank_partners(_people(a={"domains": "wood"}), STAGES)
    with pytest.raises(InputError, match="participant_id a is listed 2 times"):
        rank_partners(pd.concat([_people(a={})] * 2), STAGES)
