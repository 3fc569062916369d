"""Who meets whom: countries or organisations that were at the same sessions, and pairs that never met."""

from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.themes.comparisons import holm
from helpers.data.errors import InputError

Graph: TypeAlias = Any
"""A graph of networkx, which is imported where it is needed."""

_PAIR_TYPES = {"a": "str", "b": "str", "sessions_a": "int64", "sessions_b": "int64", "shared": "int64"}


def meeting_pairs(present: pd.DataFrame, node: str = "country") -> pd.DataFrame:
    """Return for each two that took part at all how many sessions they shared, and how few that is.

    Parameters
    ----------
    present
        ``session_id`` and the column ``node``; see `participation.presences`.
    node
        ``country`` or ``organisation_id``.

    Returns
    -------
    DataFrame
        A row a pair, ``a`` before ``b`` in the alphabet: ``a``, ``b``, ``sessions_a``, ``sessions_b`` (at
        which each was), ``shared``, ``expected`` (shared, if the two came independently of each other),
        ``p_fewer`` (probability of so few or fewer, then), ``p_holm`` (corrected for the number of pairs).

    Notes
    -----
    Independent means: given at how many of the N sessions each was, every choice of sessions is alike likely,
    so that the number shared is hypergeometric, with the mean ``sessions_a * sessions_b / N``. Sessions at
    which many countries are, and those to which a country was not invited, are not told apart.

    References
    ----------
    Feller, W. (1968), An Introduction to Probability Theory and Its Applications, 3rd edition, II.6
    (hypergeometric distribution). Holm: see `helpers.analysis.themes.comparisons.holm`. Borgatti, S. P., and
    Halgin, D. S. (2011), Analyzing Affiliation Networks, SAGE Handbook of Social Network Analysis.

    Examples
    --------
    >>> present = pd.DataFrame({"session_id": ["1", "1", "2"], "country": ["AT", "BE", "CY"]})
    >>> meeting_pairs(present)[["a", "b", "shared", "expected", "p_fewer"]].values.tolist()
    [['AT', 'BE', 1, 0.5, 1.0], ['AT', 'CY', 0, 0.5, 0.5], ['BE', 'CY', 0, 0.5, 0.5]]
    """
    from scipy.stats import hypergeom

    require_columns(present, "presences", ["session_id", node])
    rows = present[["session_id", node]].dropna().drop_duplicates()
    session, sessions = pd.factorize(rows["session_id"], sort=True)
    who, names = pd.factorize(rows[node], sort=True)
    at = np.zeros((len(names), len(sessions)), dtype=np.int64)
    at[who, session] = 1
    first, second = np.triu_indices(len(names), k=1)
    together, times, number = at @ at.T, at.sum(axis=1), len(sessions)
    labels = np.asarray(names, dtype=object)
    pairs = pd.DataFrame(
        {
            "a": labels[first],
            "b": labels[second],
            "sessions_a": times[first],
            "sessions_b": times[second],
            "shared": together[first, second],
        }
    ).astype(_PAIR_TYPES)
    expected = pairs["sessions_a"] * pairs["sessions_b"] / max(number, 1)
    few = hypergeom.cdf(pairs["shared"], number, pairs["sessions_a"], pairs["sessions_b"])
    chance = np.clip(np.asarray(few, dtype=np.float64), 0.0, 1.0)
    return pairs.assign(expected=expected, p_fewer=chance, p_holm=holm(chance))


def never_met(pairs: pd.DataFrame, *, level: float = 0.05) -> pd.DataFrame:
    """Return the pairs that share no session, the most surprising first.

    Parameters
    ----------
    pairs
        From `meeting_pairs`: all pairs, so that the correction knows how many were looked at.
    level
        Up to which corrected probability a pair is called surprising.

    Returns
    -------
    DataFrame
        Rows of ``pairs`` with ``surprising``.
    """
    apart = pairs[pairs["shared"] == 0]
    ordered = apart.sort_values(["p_fewer", "a", "b"], ignore_index=True)
    return ordered.assign(surprising=ordered["p_holm"] <= level)


def meeting_graph(pairs: pd.DataFrame) -> Graph:
    """Return the network: all that took part, an edge where two shared a session, weighted by how many.

    Edges have ``weight`` (sessions shared) and ``distance`` (its inverse).
    """
    import networkx as nx

    require_columns(pairs, "pairs", ["a", "b", "shared"])
    graph: Graph = nx.Graph()
    graph.add_nodes_from(sorted(set(pairs["a"]) | set(pairs["b"])))
    met = pairs[pairs["shared"] > 0]
    for a, b, shared in zip(met["a"], met["b"], met["shared"], strict=True):
        graph.add_edge(a, b, weight=int(shared), distance=1 / int(shared))
    return graph


def graph_measures(graph: Graph) -> dict[str, float]:
    """Measure a network as a whole.

    Returns
    -------
    dict
        ``nodes``, ``pairs`` (possible ones), ``edges``, ``density`` (edges / pairs; NaN below two nodes),
        ``components``, ``largest_component`` (nodes), ``isolated`` (nodes without an edge), ``transitivity``
        (share of pairs with a common partner that met themselves).

    References
    ----------
    Wasserman, S., and Faust, K. (1994), Social Network Analysis, Cambridge University Press, chapters 4, 6.

    Examples
    --------
    >>> pairs = pd.DataFrame({"a": ["AT", "AT", "BE"], "b": ["BE", "CY", "CY"], "shared": [2, 0, 0]})
    >>> measured = graph_measures(meeting_graph(pairs))
    >>> measured["edges"], round(measured["density"], 3), measured["components"], measured["isolated"]
    (1, 0.333, 2, 1)
    """
    import networkx as nx

    nodes = graph.number_of_nodes()
    components = [len(part) for part in nx.connected_components(graph)]
    return {
        "nodes": nodes,
        "pairs": nodes * (nodes - 1) // 2,
        "edges": graph.number_of_edges(),
        "density": float(nx.density(graph)) if nodes > 1 else float("nan"),
        "components": len(components),
        "largest_component": max(components, default=0),
        "isolated": components.count(1),
        "transitivity": float(nx.transitivity(graph)),
    }


def node_measures(graph: Graph) -> pd.DataFrame:
    """Measure each node of a network.

    Returns
    -------
    DataFrame
        By node: ``node``, ``degree`` (others met), ``degree_centrality`` (of all others), ``strength``
        (sessions shared, summed over the others), ``betweenness`` (share of shortest ways between two others
        that lead over it, every edge alike), ``betweenness_weighted`` (an edge is the shorter the more
        sessions were shared), ``component`` (number, the largest first).

    References
    ----------
    Freeman, L. C. (1978), Centrality in Social Networks: Conceptual Clarification, Social Networks 1,
    215-239.
    Brandes, U. (2001), A Faster Algorithm for Betweenness Centrality, Journal of Mathematical Sociology 25,
    163-177. Newman, M. E. J. (2001), Scientific Collaboration Networks II, Physical Review E 64, 016132
    (distance as the inverse of the weight).
    """
    import networkx as nx

    nodes = sorted(graph.nodes)
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda p: (-len(p), p))
    component = {node: number for number, part in enumerate(parts, start=1) for node in part}
    strength = dict(graph.degree(weight="weight"))
    measured = {
        "degree": dict(graph.degree()),
        "degree_centrality": nx.degree_centrality(graph),
        "strength": strength,
        "betweenness": nx.betweenness_centrality(graph),
        "betweenness_weighted": nx.betweenness_centrality(graph, weight="distance"),
        "component": component,
    }
    table = pd.DataFrame({"node": pd.Series(nodes, dtype="str")})
    for name, values in measured.items():
        kind = "int64" if name in ("degree", "strength", "component") else "float64"
        table[name] = pd.Series([values[node] for node in nodes], dtype=kind)
    return table


def positions(graph: Graph, *, seed: int = 1) -> pd.DataFrame:
    """Place the nodes of a network for drawing: those that meet often near each other.

    Parameters
    ----------
    graph
        From `meeting_graph`.
    seed
        The same seed gives the same places, to three digits.

    Returns
    -------
    DataFrame
        ``node``, ``x``, ``y`` from -1 to 1.

    Raises
    ------
    InputError
        If the seed is negative.

    References
    ----------
    Fruchterman, T. M. J., and Reingold, E. M. (1991), Graph Drawing by Force-directed Placement, Software:
    Practice and Experience 21, 1129-1164.
    """
    import networkx as nx

    if seed < 0:
        raise InputError(f"seed is {seed}; whole numbers from zero upwards are allowed")
    ordered: Graph = nx.Graph()
    ordered.add_nodes_from(sorted(graph.nodes))
    ordered.add_weighted_edges_from(sorted(graph.edges(data="weight", default=1)))
    placed = nx.spring_layout(ordered, weight="weight", seed=seed, iterations=200, method="force")
    nodes = sorted(placed)
    places = np.array([placed[node] for node in nodes], dtype=np.float64).reshape(len(nodes), 2)
    # Adding zero turns -0.0 into 0.0.
    x, y = (places.round(3) + 0.0).T if nodes else (np.zeros(0), np.zeros(0))
    return pd.DataFrame({"node": pd.Series(nodes, dtype="str"), "x": x, "y": y})
