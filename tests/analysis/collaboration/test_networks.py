"""Networks: numbers of textbook graphs, laws of pairs, places that stay the same."""

import math

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.collaboration.networks import (
    graph_measures,
    meeting_graph,
    meeting_pairs,
    never_met,
    node_measures,
    positions,
)


def pairs_of(graph: "nx.Graph[object]") -> pd.DataFrame:
    """Return a textbook graph as pairs that shared one session, and one that shared none."""
    rows = [(f"{a}", f"{b}", 1) for a, b in graph.edges]
    return pd.DataFrame(rows, columns=["a", "b", "shared"])


def test_zacharys_karate_club_has_the_published_density_and_centralities() -> None:
    # Zachary, W. W. (1977), Journal of Anthropological Research 33, 452-473: 34 members, 78 ties.
    graph = meeting_graph(pairs_of(nx.karate_club_graph()))
    measured = graph_measures(graph)
    assert (measured["nodes"], measured["edges"], measured["components"]) == (34, 78, 1)
    assert measured["density"] == pytest.approx(0.139, abs=0.0005)
    nodes = node_measures(graph).set_index("node")
    assert nodes.loc["33", "degree"] == 17
    assert nodes.loc["33", "degree_centrality"] == pytest.approx(17 / 33)
    assert nodes.loc["0", "degree_centrality"] == pytest.approx(16 / 33)
    assert nodes.loc["0", "betweenness"] == pytest.approx(0.4376, abs=0.0001)
    assert nodes["betweenness"].idxmax() == "0"


def test_the_medici_lie_between_the_families_of_florence() -> None:
    # Padgett, J. F., and Ansell, C. K. (1993), American Journal of Sociology 98, 1259-1319; the numbers are
    # those of Wasserman and Faust (1994) and Jackson (2008), Social and Economic Networks, section 1.2.1.
    nodes = node_measures(meeting_graph(pairs_of(nx.florentine_families_graph()))).set_index("node")
    assert nodes.loc["Medici", "degree"] == 6
    assert nodes.loc["Medici", "betweenness"] == pytest.approx(0.522, abs=0.0005)
    assert nodes.loc["Strozzi", "betweenness"] == pytest.approx(0.103, abs=0.0005)
    assert nodes.loc["Guadagni", "betweenness"] == pytest.approx(0.255, abs=0.0005)


def test_women_of_the_deep_south_shared_as_many_events_as_published() -> None:
    # Davis, A., Gardner, B. B., and Gardner, M. R. (1941), Deep South; the matrix of Breiger (1974), Social
    # Forces 53, 181-190: 18 women at 14 events.
    graph = nx.davis_southern_women_graph()
    rows = [(event, woman) for woman in graph.graph["top"] for event in graph[woman]]
    pairs = meeting_pairs(pd.DataFrame(rows, columns=["session_id", "country"])).set_index(["a", "b"])
    assert len(pairs) == 18 * 17 // 2
    assert pairs.loc[("Evelyn Jefferson", "Laura Mandeville"), "shared"] == 6
    assert pairs.loc[("Evelyn Jefferson", "Theresa Anderson"), "shared"] == 7
    assert pairs.loc[("Flora Price", "Laura Mandeville"), "shared"] == 0
    assert pairs.loc[("Evelyn Jefferson", "Laura Mandeville"), "sessions_a"] == 8
    assert (pairs["shared"] == 0).sum() == 14
    projected = nx.bipartite.weighted_projected_graph(graph, graph.graph["top"])
    assert (pairs["shared"] > 0).sum() == projected.number_of_edges() == 139


def meetings(*sessions: str) -> pd.DataFrame:
    rows = [(f"s{at}", country) for at, names in enumerate(sessions) for country in names]
    return pd.DataFrame(rows, columns=["session_id", "country"])


def test_two_that_were_often_there_and_never_together_are_surprising() -> None:
    pairs = meeting_pairs(meetings(*["A"] * 10, *["B"] * 10))
    (row,) = never_met(pairs).to_dict("records")
    # Of the C(20, 10) choices of B's ten sessions one shares none with A's.
    assert row["p_fewer"] == pytest.approx(1 / math.comb(20, 10))
    assert row["expected"] == 5.0
    assert row["surprising"]


def test_two_that_were_there_once_each_are_not_surprising() -> None:
    (row,) = (
        never_met(meeting_pairs(meetings("A", "B", "C", "C")))
        .query("a == 'A' and b == 'B'")
        .to_dict("records")
    )
    assert row["p_fewer"] == pytest.approx(3 / 4)
    assert not row["surprising"]


def test_the_correction_counts_all_pairs_that_were_looked_at() -> None:
    pairs = meeting_pairs(meetings(*["AC"] * 4, *["BC"] * 4, "D"))
    first = never_met(pairs).iloc[0]
    assert len(pairs) == 6
    assert first["p_holm"] == pytest.approx(6 * first["p_fewer"])


def test_weights_are_sessions_shared_and_components_are_counted() -> None:
    pairs = meeting_pairs(meetings("AB", "AB", "ABC", "DE", "F"))
    graph = meeting_graph(pairs)
    assert graph.edges["A", "B"]["weight"] == 3
    measured = graph_measures(graph)
    assert (measured["components"], measured["largest_component"], measured["isolated"]) == (3, 3, 1)
    nodes = node_measures(graph).set_index("node")
    assert nodes["strength"].to_dict() == {"A": 4, "B": 4, "C": 2, "D": 1, "E": 1, "F": 0}
    assert nodes["component"].to_dict() == {"A": 1, "B": 1, "C": 1, "D": 2, "E": 2, "F": 3}


def test_several_people_of_a_country_at_a_session_are_one_meeting() -> None:
    once, twice = meetings("AB"), meetings("AABB")
    pd.testing.assert_frame_equal(meeting_pairs(once), meeting_pairs(twice))


def test_nobody_and_one_alone_are_networks_too() -> None:
    for present in (meetings(), meetings("A")):
        pairs = meeting_pairs(present)
        graph = meeting_graph(pairs)
        assert pairs.empty
        assert graph_measures(graph)["edges"] == 0
        assert math.isnan(graph_measures(graph)["density"])
        assert node_measures(graph).empty
        assert positions(graph).empty


@given(st.lists(st.sets(st.sampled_from("ABCDEF")), min_size=1, max_size=12))
def test_laws_of_pairs(sessions: list[set[str]]) -> None:
    present = meetings(*["".join(sorted(names)) for names in sessions])
    pairs = meeting_pairs(present)
    number = present["session_id"].nunique()
    assert (
        (pairs["shared"] >= 0) & (pairs["shared"] <= pairs[["sessions_a", "sessions_b"]].min(axis=1))
    ).all()
    assert (pairs["shared"] >= pairs["sessions_a"] + pairs["sessions_b"] - number).all()
    assert (pairs["a"] < pairs["b"]).all()
    assert (pairs["p_holm"] >= pairs["p_fewer"] - 1e-12).all()
    together = present.groupby("session_id")["country"].nunique()
    assert pairs["shared"].sum() == (together * (together - 1) // 2).sum()


def test_the_same_seed_gives_the_same_places_whatever_the_order_of_rows() -> None:
    present = meetings("ABC", "CD", "DE", "EF", "AB")
    one = positions(meeting_graph(meeting_pairs(present)), seed=7)
    other = positions(meeting_graph(meeting_pairs(present.iloc[::-1])), seed=7)
    pd.testing.assert_frame_equal(one, other)
    assert one[["x", "y"]].abs().max().max() <= 1
    assert not one.equals(positions(meeting_graph(meeting_pairs(present)), seed=8))
