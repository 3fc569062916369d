"""What one unit more or less at any offer or need changes: shortest ways through what a plan leaves free.

A match is a flow in a network: from a ground node to each offer, on to needs, and from the ground to each
need as what stays unmet. One more unit at a need has to come from somewhere: along arcs that are free, or
against arcs in use, whose units are then sent elsewhere. The cheapest such way is the worth of that unit,
exactly and on each side: the two ends of the range of dual values.

Reference: Ahuja, R. K., Magnanti, T. L. and Orlin, J. B. (1993), *Network Flows*, Prentice Hall, chapters 9
(optimality, successive shortest paths) and 11 (sensitivity).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.linear import LinearProgram, Solution, UnboundedError, solve
from helpers.analysis.matching.distance import Ints
from helpers.analysis.matching.market import Market
from helpers.analysis.matching.program import Piece

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_FREE = 1e-9
_TIGHT = 1e-7


@dataclass(frozen=True)
class Residual:
    """What a plan leaves free: nodes are offers, needs, and last the ground.

    Attributes
    ----------
    tail, head
        Nodes of each arc.
    room
        Units that can still go along it.
    reduced
        Cost of a unit less what the dual values of its ends explain: zero or more.
    level
        Dual value of each node as a height: ``reduced = cost + level[tail] - level[head]``.
    """

    tail: Ints
    head: Ints
    room: Floats
    reduced: Floats
    level: Floats


@dataclass(frozen=True)
class Ways:
    """The cheapest ways between the ground and each node.

    Attributes
    ----------
    cost
        Cost units a unit, one number a node; infinite where there is no way.
    towards
        Whether they lead to the ground; otherwise from it.
    tail, head, room
        The arcs on them.
    """

    cost: Floats
    towards: bool
    tail: Ints
    head: Ints
    room: Floats


def residual(market: Market, piece: Piece, solution: Solution) -> Residual:
    """List the arcs along which a plan can be changed.

    Parameters
    ----------
    market
        What was matched.
    piece, solution
        A part of it in which nothing is shared, and its optimum.
    """
    offers, needs, arcs = len(piece.offers), len(piece.needs), len(piece.arcs)
    amount, needed = np.split(piece.program.row_high, [offers])
    sender = np.searchsorted(piece.offers, market.arcs["offer_row"].to_numpy()[piece.arcs])
    receiver = np.searchsorted(piece.needs, market.arcs["need_row"].to_numpy()[piece.arcs])
    on_arc, unmet = np.split(solution.x, [arcs])
    sent = np.bincount(sender, on_arc, minlength=offers)
    # From the ground to each offer (what it sends) and need (what stays unmet), and from offers to needs.
    tail = np.concatenate([np.full(offers + needs, offers + needs), sender])
    head = np.concatenate([np.arange(offers + needs), receiver + offers])
    cost = np.concatenate([np.zeros(offers), piece.program.cost[arcs:], piece.program.cost[:arcs]])
    flow = np.concatenate([sent, unmet, on_arc])
    room = np.concatenate([amount - sent, np.full(needs + arcs, np.inf)])
    size = np.concatenate([amount, needed, needed[receiver]])
    free, taken = room > _FREE * size, flow > _FREE * size
    level = np.concatenate([-solution.duals[:offers], solution.duals[offers:], [0.0]])
    reduced = cost + level[tail] - level[head]
    return Residual(
        np.concatenate([tail[free], head[taken]]),
        np.concatenate([head[free], tail[taken]]),
        np.concatenate([room[free], flow[taken]]),
        np.maximum(np.concatenate([reduced[free], -reduced[taken]]), 0.0),
        level,
    )


def cheapest_ways(net: Residual, *, towards: bool) -> Ways:
    """Find the cheapest ways from the ground to each node, or (``towards``) from each node to the ground."""
    from scipy.sparse.csgraph import dijkstra

    ground = len(net.level) - 1
    tail, head = (net.head, net.tail) if towards else (net.tail, net.head)
    above = dijkstra(_graph(net.reduced, tail, head, len(net.level)), indices=ground)
    # An arc lies on a cheapest way if it costs just what its ends differ by.
    reached = np.isfinite(above)
    height = np.where(reached, above, 0.0)
    left = net.reduced + height[tail] - height[head]
    size = max(1e-300, float(np.max(np.abs(net.level))))
    on_way = reached[tail] & reached[head] & (left <= _TIGHT * size)
    cost = above - net.level if towards else above + net.level
    return Ways(cost, towards, net.tail[on_way], net.head[on_way], net.room[on_way])


def reach(ways: Ways, node: int) -> float:
    """Compute how many units can go the cheapest way: until then the worth of a unit stays what it is.

    Parameters
    ----------
    ways
        See `cheapest_ways`.
    node
        Where the units are needed, or come from.

    Returns
    -------
    float
        Units; infinite if nothing ends it.
    """
    from scipy.sparse.csgraph import breadth_first_order

    ground = len(ways.cost) - 1
    if not np.isfinite(ways.cost[node]) or node == ground:
        return 0.0
    ends = (ways.tail, ways.head) if ways.towards else (ways.head, ways.tail)
    graph = _graph(np.ones(len(ways.tail)), *ends, len(ways.cost))
    linked = np.zeros(len(ways.cost), dtype=bool)
    linked[breadth_first_order(graph, node, return_predecessors=False)] = True
    kept = linked[ways.tail] & linked[ways.head]
    source, sink = (node, ground) if ways.towards else (ground, node)
    return _greatest_flow(ways.tail[kept], ways.head[kept], ways.room[kept], source, sink)


def _greatest_flow(tail: Ints, head: Ints, room: Floats, source: int, sink: int) -> float:
    """Compute the greatest flow between two nodes: what reaches the one if others pass on what they get."""
    from scipy.sparse import csc_matrix

    nodes, places = np.unique(np.concatenate([tail, head, [source, sink]]), return_inverse=True)
    arcs = np.arange(len(tail))
    sign = np.repeat([-1.0, 1.0], len(tail))
    balance = csc_matrix((sign, (places[:-2], np.tile(arcs, 2))), shape=(len(nodes), len(tail)))
    inner = np.setdiff1d(np.arange(len(nodes)), places[-2:])
    none = np.zeros(len(inner))
    arriving = balance[[places[-1]]].toarray().ravel()
    # No more can flow than leaves the one and reaches the other: the size in which to look for it.
    most = min(float(room[tail == source].sum()), float(room[head == sink].sum()))
    unit = most if 0 < most < np.inf else 1.0
    high = np.minimum(room, most) / unit
    program = LinearProgram(-arriving, balance[inner].tocsc(), none, none, np.zeros(len(tail)), high)
    try:
        return -solve(program).objective * unit
    except UnboundedError:
        return np.inf


def _graph(weight: Floats, tail: Ints, head: Ints, nodes: int) -> "csr_matrix":
    from scipy.sparse import csr_matrix

    return csr_matrix((weight, (tail, head)), shape=(nodes, nodes))
