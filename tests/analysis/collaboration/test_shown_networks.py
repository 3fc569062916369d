"""Networks that may be shown: small countries out, weak pairs without number, organisations never named."""

import pandas as pd

from helpers.analysis.collaboration.shown_networks import (
    NEVER,
    country_network,
    kinds_that_meet,
    organisation_network,
)
from helpers.analysis.collaboration.shown_participation import HELD_BACK, SHOWN

NAMES = {"AT": "Austria", "BE": "Belgium", "CY": "Cyprus", "DE": "Germany"}


def present(sessions: dict[str, dict[str, int]]) -> pd.DataFrame:
    """Return presences: session -> country -> how many of its organisations, always the first ones."""
    rows = [
        (session, country, f"o{country}{n}", "cluster" if n % 2 else "company")
        for session, there in sessions.items()
        for country, number in there.items()
        for n in range(number)
    ]
    return pd.DataFrame(rows, columns=["session_id", "country", "organisation_id", "kind"])


def test_a_country_of_few_organisations_is_in_no_part_of_the_network() -> None:
    data = present({"s1": {"AT": 4, "BE": 4, "CY": 2}, "s2": {"AT": 3, "CY": 1}})
    shown = country_network(data, NAMES)
    for table, columns in ((shown.nodes, ["country"]), (shown.pairs, ["a", "b"]), (shown.apart, ["a", "b"])):
        assert "CY" not in set(table[columns].to_numpy().ravel())
    measures = shown.measures.set_index("measure")["value"]
    assert (measures["countries_held_back"], measures["nodes"]) == (1, 2)
    assert "BE" not in set(country_network(data, NAMES, held_back={"BE"}).nodes["country"])


def test_how_often_two_met_is_held_back_where_few_organisations_were_there() -> None:
    data = present({"s1": {"AT": 4, "BE": 4}, "s2": {"AT": 3, "DE": 1}, "s3": {"DE": 5}})
    shown = country_network(data, NAMES)
    pairs = shown.pairs.set_index(["a", "b"])
    assert pairs["status"].to_dict() == {("AT", "BE"): SHOWN, ("AT", "DE"): HELD_BACK, ("BE", "DE"): NEVER}
    assert pairs.loc[("AT", "BE"), "shared"] == 1
    assert pd.isna(pairs.loc[("AT", "DE"), "shared"])
    nodes = shown.nodes.set_index("country")
    assert nodes.loc["AT", "degree"] == 2
    assert nodes.loc["AT", "strength"] == 1
    assert shown.apart[["name_a", "name_b"]].values.tolist() == [["Belgium", "Germany"]]
    measures = shown.measures.set_index("measure")["value"]
    assert (measures["pairs_held_back"], measures["pairs_never_met"], measures["edges"]) == (1, 1, 2)


def test_the_whole_network_has_the_same_places_twice_and_names() -> None:
    data = present({"s1": {"AT": 4, "BE": 4}, "s2": {"BE": 4, "DE": 3}})
    one, other = (country_network(data, NAMES, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(one.nodes, other.nodes)
    assert one.nodes["name"].tolist() == ["Austria", "Belgium", "Germany"]


def test_one_country_alone_is_a_network_of_one() -> None:
    shown = country_network(present({"s1": {"AT": 4}}), NAMES)
    assert shown.nodes["country"].tolist() == ["AT"]
    assert shown.pairs.empty
    assert shown.apart.empty


def test_no_code_of_an_organisation_is_in_anything_shown() -> None:
    data = present({"s1": {"AT": 4, "BE": 4}, "s2": {"AT": 5, "DE": 6}})
    shown = country_network(data, NAMES)
    tables = [shown.nodes, shown.pairs, shown.apart, shown.measures]
    tables += [organisation_network(data), kinds_that_meet(data)]
    text = " ".join(table.to_csv() for table in tables)
    assert not [code for code in set(data["organisation_id"]) if code in text]


def test_organisations_are_measured_as_a_whole_and_not_if_they_are_few() -> None:
    data = present({"s1": {"AT": 4}, "s2": {"DE": 3}})
    measures = organisation_network(data).set_index("measure")["value"]
    assert (measures["nodes"], measures["edges"], measures["components"]) == (7, 6 + 3, 2)
    assert measures["pairs_never_met"] == 12
    assert organisation_network(present({"s1": {"AT": 2}}))["value"].isna().all()


def test_single_organisations_without_a_partner_are_not_pointed_at() -> None:
    data = present({"s1": {"AT": 4}, "s2": {"DE": 1}})
    measures = organisation_network(data).set_index("measure")["value"]
    assert measures[["isolated", "components", "largest_component"]].isna().all()


def test_kinds_of_few_organisations_are_held_back() -> None:
    data = present({"s1": {"AT": 8}})
    data.loc[0, "kind"] = "funder"
    table = kinds_that_meet(data).set_index(["kind_a", "kind_b"])
    assert table.loc[("cluster", "company"), "share"] == 1.0
    assert table.loc[("cluster", "funder"), "status"] == HELD_BACK
    assert pd.isna(table.loc[("cluster", "funder"), "share"])
