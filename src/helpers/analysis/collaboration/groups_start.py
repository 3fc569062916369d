"""Groups to begin with: each country and each kind of organisation spread as evenly as can be."""

from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.collaboration.groups_score import Crowd
from helpers.analysis.collaboration.people import Ints
from helpers.analysis.linear import LinearProgram, solve

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix


def even_groups(crowd: Crowd, sizes: list[int], rng: np.random.Generator) -> Ints:
    """Divide participants so that countries, kinds, and clusters and funders together, are spread evenly.

    A participant is an edge between its country and its kind; a division into groups is a colouring of the
    edges. A bipartite graph has a colouring in which each node's edges, and all edges, are spread over the
    colours with a difference of one at most (de Werra 1971), so that this is always possible, and both
    countries and kinds reach the most points they can. The colours are found one after the other, each as a
    flow with the floor and the ceiling of the even share as bounds.

    Parameters
    ----------
    crowd
        Participants.
    sizes
        Of each group; two differ by one at most, the larger ones come first.
    rng
        Which of several of one country and kind goes where.

    Returns
    -------
    array
        Number of the group of each participant.

    References
    ----------
    de Werra, D. (1971), Equitable colorations of graphs, *Revue française d'informatique et de recherche
    opérationnelle* 5(R-3), 3-8.
    """
    group = np.full(len(crowd.ids), -1)
    free = rng.permutation(len(crowd.ids))
    for number, size in enumerate(sizes):
        taken = _one_group(crowd, free, size, len(sizes) - number, rng)
        group[taken] = number
        free = free[~np.isin(free, taken)]
    return group


def _one_group(crowd: Crowd, free: Ints, size: int, left: int, rng: np.random.Generator) -> Ints:
    """Choose the members of one group so that the rest can still be spread evenly."""
    if left == 1:
        return free
    pair = crowd.country[free] * crowd.columns[1] + crowd.kind[free]
    cells, cell, held = np.unique(pair, return_inverse=True, return_counts=True)
    nodes = [
        cells // crowd.columns[1],
        cells % crowd.columns[1],
        crowd.bridge[free][_first_of(cell)].astype(int),
    ]
    matrix, sums = _spread(nodes, held)
    program = LinearProgram(
        # Any choice will do; that of the seed keeps the first groups from taking always the same.
        rng.random(len(cells)),
        matrix,
        np.append(np.floor(sums / left), size),
        np.append(np.ceil(sums / left), size),
        np.zeros(len(cells)),
        held.astype(np.float64),
    )
    # Bounds are whole and the matrix is that of a flow: so is a corner, which the simplex method returns.
    amount = np.round(solve(program, "simplex").x).astype(np.int64)
    order = np.argsort(cell, kind="stable")
    rank = np.empty(len(free), dtype=np.int64)
    rank[order] = np.arange(len(free)) - np.searchsorted(cell[order], cell[order])
    return free[rank < amount[cell]]


def _first_of(cell: Ints) -> Ints:
    return np.unique(cell, return_index=True)[1]


def _spread(nodes: list[Ints], held: Ints) -> tuple["csc_matrix", Ints]:
    """Write a constraint for each country, each kind, those with and without bridges, and the whole."""
    from scipy.sparse import csc_matrix

    rows, sums = [], []
    for of in nodes:
        for value in np.unique(of):
            rows.append(of == value)
            sums.append(held[of == value].sum())
    return csc_matrix(np.vstack([*rows, np.ones(len(held))]).astype(np.float64)), np.array(sums)
