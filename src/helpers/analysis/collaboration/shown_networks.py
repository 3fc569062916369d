"""Who meets whom, as far as it may be shown: countries by name, organisations only as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.analysis.collaboration.networks import (
    Graph,
    graph_measures,
    meeting_graph,
    meeting_pairs,
    never_met,
    node_measures,
    positions,
)
from helpers.analysis.collaboration.shown_participation import HELD_BACK, SHOWN

NEVER = "never met"
_APART = [
    *("a", "b", "name_a", "name_b", "sessions_a", "sessions_b"),
    *("expected", "p_fewer", "p_holm", "surprising"),
]


@dataclass(frozen=True)
class CountryNetwork:
    """A network of countries that may be shown.

    Attributes
    ----------
    nodes
        ``country``, ``name``, ``x``, ``y`` and what `networks.node_measures` gives; ``strength`` and
        ``betweenness_weighted`` rest on the pairs that are shown, the others on all that met.
    pairs
        All pairs of these countries: ``a``, ``b``, ``name_a``, ``name_b``, ``shared`` (sessions; missing
        where held back), ``status`` (shown, held back: they met, but how often is not shown, never met).
    apart
        Pairs that never met, the most surprising first: ``a``, ``b``, ``name_a``, ``name_b``,
        ``sessions_a``, ``sessions_b``, ``expected``, ``p_fewer``, ``p_holm``, ``surprising``.
    measures
        ``measure``, ``value``: those of `networks.graph_measures` (an edge where two met), how many pairs
        never met, how many of these are surprising, how many countries and pairs are held back.
    """

    nodes: pd.DataFrame
    pairs: pd.DataFrame
    apart: pd.DataFrame
    measures: pd.DataFrame


def country_network(
    present: pd.DataFrame,
    names: Mapping[str, str],
    *,
    min_count: int = 3,
    held_back: set[str] | None = None,
    seed: int = 1,
    level: float = 0.05,
) -> CountryNetwork:
    """Return the network of countries that met at sessions, as far as it may be shown.

    Parameters
    ----------
    present
        From `participation.presences`.
    names
        Code -> name of a country.
    min_count
        Fewest organisations of a country, and of each of the two behind a pair.
    held_back
        Further countries to leave out, as by `shown_participation.held_back_countries`.
    seed
        Decides the places.
    level
        See `networks.never_met`.

    Notes
    -----
    Countries with fewer than ``min_count`` organisations are left out, with all their pairs. How many
    sessions two countries shared is held back if fewer than ``min_count`` organisations of one of them were
    at those. That two met, or never did, is shown of all countries that are there.
    """
    organisations = present.groupby("country")["organisation_id"].nunique()
    few = set(organisations.index[organisations < min_count]) | (held_back or set())
    # All sessions count, also those at which only countries were that are not shown.
    every = meeting_pairs(present)
    pairs = every[~every["a"].isin(few) & ~every["b"].isin(few)].reset_index(drop=True)
    pairs = _corrected(pairs)
    hidden = _rests_on_few(pairs, present, min_count)
    kept = sorted(set(organisations.index) - few)
    nodes = _nodes(pairs, hidden, kept, names, seed)
    apart = _with_names(never_met(pairs, level=level), names)
    measured = graph_measures(_graph(pairs, kept)) | {
        "pairs_never_met": len(apart),
        "pairs_surprising": int(apart["surprising"].sum()),
        "countries_held_back": len(few & set(organisations.index)),
        "pairs_held_back": int(hidden.sum()),
    }
    return CountryNetwork(nodes, _shown_pairs(pairs, hidden, names), apart[_APART], _measures(measured))


def _nodes(
    pairs: pd.DataFrame, hidden: "pd.Series[bool]", kept: list[str], names: Mapping[str, str], seed: int
) -> pd.DataFrame:
    """Measure and place the countries; what needs the number of sessions rests on the pairs shown."""
    shown = _graph(pairs.assign(shared=pairs["shared"].mask(hidden, 0)), kept)
    table = node_measures(_graph(pairs, kept))
    weighted = node_measures(shown)
    for name in ("strength", "betweenness_weighted"):
        table[name] = weighted[name]
    nodes = table.merge(positions(shown, seed=seed), on="node").rename(columns={"node": "country"})
    nodes.insert(1, "name", _names(nodes["country"], names))
    return nodes


def _graph(pairs: pd.DataFrame, nodes: list[str]) -> Graph:
    graph = meeting_graph(pairs)
    graph.add_nodes_from(nodes)  # one country alone is in no pair
    return graph


def _shown_pairs(pairs: pd.DataFrame, hidden: "pd.Series[bool]", names: Mapping[str, str]) -> pd.DataFrame:
    never = pairs["shared"] == 0
    status = pd.Series(SHOWN, index=pairs.index, dtype="str").mask(never, NEVER).mask(hidden, HELD_BACK)
    return _with_names(pairs[["a", "b"]], names).assign(
        shared=pairs["shared"].astype("Int64").mask(hidden), status=status
    )


def organisation_network(present: pd.DataFrame, *, min_count: int = 3) -> pd.DataFrame:
    """Measure the network of organisations as a whole; none of them is named or placed.

    Parameters
    ----------
    present
        From `participation.presences`.
    min_count
        With fewer organisations, or a largest component of fewer, nothing is shown.

    Returns
    -------
    DataFrame
        ``measure``, ``value``: those of `networks.graph_measures` and ``pairs_never_met``, ``degree_median``
        (others met). Values are missing where held back; ``isolated`` and ``components`` also where they are
        from one to ``min_count - 1``, since they would point to single organisations.
    """
    pairs = meeting_pairs(present, "organisation_id")
    graph = meeting_graph(pairs)
    if graph.number_of_nodes() < min_count:
        empty = _measures(graph_measures(graph))
        return empty.assign(value=empty["value"].mask(empty["value"].notna()))
    measured = graph_measures(graph)
    measured["pairs_never_met"] = int((pairs["shared"] == 0).sum())
    measured["degree_median"] = _middle_degree(graph)
    table = _measures(measured)
    pointing = table["measure"].isin(["isolated"]) & table["value"].between(1, min_count - 1)
    if bool(pointing.any()):
        pointing |= table["measure"].isin(["components", "largest_component"])
    return table.assign(value=table["value"].mask(pointing))


def kinds_that_meet(present: pd.DataFrame, *, min_count: int = 3) -> pd.DataFrame:
    """Return which share of the possible pairs of organisations of two kinds shared a session.

    Returns
    -------
    DataFrame
        A row a pair of kinds (also one with itself): ``kind_a``, ``kind_b``, ``share`` (of the possible
        pairs, to whole per cent), ``status``. Held back if fewer than ``min_count`` organisations of
        a kind took part.
    """
    pairs = meeting_pairs(present, "organisation_id")
    kind = present.drop_duplicates("organisation_id").set_index("organisation_id")["kind"]
    sizes = kind.value_counts()
    ends = pd.DataFrame({"x": pairs["a"].map(kind), "y": pairs["b"].map(kind)})
    rows = ends.assign(
        kind_a=ends.min(axis=1).astype("str"), kind_b=ends.max(axis=1).astype("str"), met=pairs["shared"] > 0
    )
    table = rows.groupby(["kind_a", "kind_b"])["met"].mean().rename("share").reset_index()
    few = (table["kind_a"].map(sizes) < min_count) | (table["kind_b"].map(sizes) < min_count)
    return table.assign(
        share=table["share"].astype("Float64").round(2).mask(few),
        status=pd.Series(SHOWN, index=table.index, dtype="str").mask(few, HELD_BACK),
    )


def _corrected(pairs: pd.DataFrame) -> pd.DataFrame:
    """Correct for the number of the pairs that are shown, which are those that a reader looks at."""
    from helpers.analysis.themes.comparisons import holm

    return pairs.assign(p_holm=holm(pairs["p_fewer"]))


def _rests_on_few(pairs: pd.DataFrame, present: pd.DataFrame, min_count: int) -> "pd.Series[bool]":
    """Say behind which pairs stand fewer than ``min_count`` organisations of one of the countries."""
    at = {str(c): set(rows["session_id"]) for c, rows in present.groupby("country")}
    rows_of = {str(c): rows for c, rows in present.groupby("country")}

    def behind(country: str, sessions: set[str]) -> int:
        rows = rows_of[country]
        return int(rows.loc[rows["session_id"].isin(sessions), "organisation_id"].nunique())

    found = []
    for a, b in zip(pairs["a"], pairs["b"], strict=True):
        both = at[a] & at[b]
        found.append(bool(both) and min(behind(a, both), behind(b, both)) < min_count)
    return pd.Series(found, index=pairs.index, dtype="bool")


def _middle_degree(graph: Graph) -> float:
    """Return how many others the middle node of a network met."""
    return float(pd.Series([degree for _, degree in graph.degree()], dtype="float64").median())


def _measures(values: Mapping[str, float]) -> pd.DataFrame:
    table = pd.DataFrame({"measure": list(values), "value": list(values.values())})
    return table.astype({"measure": "str", "value": "Float64"})


def _with_names(pairs: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    return pairs.assign(name_a=_names(pairs["a"], names), name_b=_names(pairs["b"], names))


def _names(codes: "pd.Series[str]", names: Mapping[str, str]) -> "pd.Series[str]":
    return codes.map(dict(names)).fillna(codes).astype("str")
