"""Working groups as an integer program, solved by HiGHS: small divisions whole, large ones in blocks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from helpers.analysis.checks import Floats
from helpers.analysis.collaboration.groups_score import Crowd, counts_of, covered, points
from helpers.analysis.collaboration.groups_search import Division
from helpers.analysis.collaboration.people import Ints
from helpers.analysis.linear import LinearProgram, prepared

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

_ROOM = 1e-6


@dataclass(frozen=True)
class Solved:
    """What HiGHS found.

    Attributes
    ----------
    group
        Group of each member of the block, or None if nothing was found within the limits.
    bound
        No allowed division has more points, or a better worst group (whichever was asked for).
    proved
        Whether HiGHS ran to its end.
    by_clock
        Whether the clock, and not the number of nodes, ended it.
    """

    group: Ints | None
    bound: float
    proved: bool
    by_clock: bool = False


def solve_block(
    made: Division, groups: Ints, floor: int, *, worst_first: bool, nodes: int, seconds: float = np.inf
) -> Solved:
    """Divide the members of some groups anew, at best.

    Variables: x[i, g], 1 if i is in g; y[f, g], at most the number in g of those who have feature f, and at
    most 1; for a need also at most the number who offer it. Limits: each in one group; sizes as they are; of
    a country no more than an even spread asks for; a cluster or funder where there are enough; points of each
    group at least ``floor``. The points are summed, or those of the worst group made greatest.

    Parameters
    ----------
    made
        Division; is not changed.
    groups
        Numbers of the groups of the block; all of them for the whole program.
    floor
        Least points of each group.
    worst_first
        Make the worst group's points greatest instead of the sum.
    nodes
        Limit of the search tree: the same on each machine, other than a limit of time.
    seconds
        Safety limit of the clock.
    """
    import highspy

    who = np.flatnonzero(np.isin(made.group, groups))
    start = np.searchsorted(groups, made.group[who])
    program, integers = _program(made, who, start, len(groups), floor, worst_first=worst_first)
    solver = prepared(program)
    kind = highspy.HighsVarType.kInteger
    solver.changeColsIntegrality(integers, np.arange(integers, dtype=np.int32), np.full(integers, kind))
    solver.setOptionValue("mip_max_nodes", nodes)
    solver.setOptionValue("mip_rel_gap", 0.0)
    # Points are whole numbers: what is less than one above the best found is no better.
    solver.setOptionValue("mip_abs_gap", 0.99)
    if np.isfinite(seconds):
        solver.setOptionValue("time_limit", max(seconds, 0.01))
    known = _start(made.crowd, who, start, len(groups), worst_first=worst_first)
    solver.setSolution(len(known), np.arange(len(known), dtype=np.int32), known)
    solver.run()
    return _read(solver, len(who), len(groups))


def _read(solver: object, people: int, groups: int) -> Solved:
    import highspy

    status = solver.getModelStatus()  # type: ignore[attr-defined]
    info = solver.getInfo()  # type: ignore[attr-defined]
    proved = status == highspy.HighsModelStatus.kOptimal
    by_clock = status == highspy.HighsModelStatus.kTimeLimit
    bound = float(np.floor(-info.mip_dual_bound + _ROOM))
    if not np.isfinite(info.objective_function_value) or info.primal_solution_status != 2:
        return Solved(None, bound, proved, by_clock)
    x = np.asarray(solver.getSolution().col_value)[: people * groups]  # type: ignore[attr-defined]
    return Solved(x.reshape(people, groups).argmax(axis=1), bound, proved, by_clock)


def improve_blocks(made: Division, rng: np.random.Generator, blocks: int, nodes: int, seconds: float) -> bool:
    """Divide blocks of two groups anew, at best; the worst group with others first.

    Parameters
    ----------
    made
        Is changed where a block's points rise.
    rng
        Which groups make a block.
    blocks
        How many blocks.
    nodes, seconds
        See `solve_block`.

    Returns
    -------
    bool
        Whether the clock ended one of them.
    """
    by_clock = False
    for number in range(blocks):
        if made.best_possible() or len(made.score) < 3:
            break
        worst = int(made.score.argmin())
        others = rng.permutation(len(made.score))
        first = worst if number % 2 == 0 else int(others[0])
        block = np.sort(np.array([first, int(others[others != first][0])]))
        found = solve_block(
            made, block, int(made.score.min()), worst_first=False, nodes=nodes, seconds=seconds
        )
        by_clock |= found.by_clock
        if found.group is not None:
            _accept(made, block, found.group)
    return by_clock


def _accept(made: Division, block: Ints, group: Ints) -> None:
    """Take a block's division if it adds points and the worst group loses none."""
    who = np.flatnonzero(np.isin(made.group, block))
    trial = made.group.copy()
    trial[who] = block[group]
    score = points(made.crowd, counts_of(made.crowd, trial, len(made.score)))
    if (int(score.min()), int(score.sum())) > (int(made.score.min()), int(made.score.sum())):
        made.place(who, block[group])


def _program(
    made: Division, who: Ints, start: Ints, groups: int, floor: int, *, worst_first: bool
) -> tuple[LinearProgram, int]:
    """Write the program; x come first, then coverage group by group, then the worst group's points."""
    from scipy.sparse import csc_matrix, hstack, identity, kron, vstack

    crowd, people = made.crowd, len(who)
    features = crowd.features[who].astype(np.float64)
    integers, covers = people * groups, crowd.single + crowd.words
    columns = integers + groups * covers + int(worst_first)

    def of_groups(x: Floats, y: Floats | None = None, worst: float = 0.0) -> "csc_matrix":
        """Write the same rows for each group: over its members, over what it covers, over the worst."""
        one = np.eye(groups)
        # x is stored person by person, so that the groups stand inside: kron(x, e_g).
        left = vstack([kron(csc_matrix(x), csc_matrix(one[[g]])) for g in range(groups)])
        rows = x.shape[0] * groups
        right = (
            kron(identity(groups), csc_matrix(y)) if y is not None else csc_matrix((rows, groups * covers))
        )
        last = [csc_matrix(np.full((rows, 1), worst))] if worst_first else []
        return csc_matrix(hstack([left, right, *last]))

    nothing = csc_matrix((people, columns - integers))
    placed = hstack([kron(identity(people), np.ones((1, groups))), nothing])
    words = crowd.words
    unit = np.eye(covers)
    country = features[:, : crowd.columns[0]].T
    parts = [
        (placed, 1.0, 1.0),
        (of_groups(np.ones((1, people))), np.bincount(start, minlength=groups), None),
        (of_groups(country), -np.inf, np.tile(made.limits, groups)),
        (of_groups(crowd.bridge[who][None, :].astype(float)), float(made.bridged), np.inf),
        (of_groups(-features[:, : crowd.single].T, unit[: crowd.single]), -np.inf, 0.0),
        (of_groups(-features[:, crowd.single : covers].T, unit[crowd.single :]), -np.inf, 0.0),
        (of_groups(-features[:, covers : covers + words].T, unit[crowd.single :]), -np.inf, 0.0),
        (of_groups(np.zeros((1, people)), crowd.weight[None, :].astype(float)), float(floor), np.inf),
    ]
    if worst_first:
        parts.append(
            (of_groups(np.zeros((1, people)), crowd.weight[None, :].astype(float), -1.0), 0.0, np.inf)
        )
    low = [np.broadcast_to(np.asarray(part[1], dtype=float), part[0].shape[0]) for part in parts]
    high = [
        np.broadcast_to(np.asarray(part[1] if part[2] is None else part[2], dtype=float), part[0].shape[0])
        for part in parts
    ]
    cost = np.concatenate([np.zeros(integers), -np.tile(crowd.weight, groups).astype(float)])
    if worst_first:
        cost = np.append(np.zeros(columns - 1), -1.0)
    most = np.ones(columns)
    if worst_first:
        most[-1] = float(crowd.weight.sum())
    matrix = csc_matrix(vstack([part[0] for part in parts]))
    program = LinearProgram(cost, matrix, np.concatenate(low), np.concatenate(high), np.zeros(columns), most)
    return program, integers


def _start(crowd: Crowd, who: Ints, start: Ints, groups: int, *, worst_first: bool) -> Floats:
    """Write the division that stands as values of the integer variables and of what follows from them."""
    x = np.zeros((len(who), groups))
    x[np.arange(len(who)), start] = 1.0
    counts = np.zeros((groups, crowd.features.shape[1]), dtype=np.int64)
    np.add.at(counts, start, crowd.features[who])
    values = np.concatenate([x.ravel(), covered(crowd, counts).astype(float).ravel()])
    return np.append(values, float(points(crowd, counts).min())) if worst_first else values
