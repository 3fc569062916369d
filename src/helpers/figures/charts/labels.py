"""Labels beside points, placed so that none covers another, a point, or the edge of the picture."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from helpers.figures.render import settle
from helpers.figures.style import INK, MUTED

# Distances in points from point to label, tried in turn; from the third on a thin line leads there.
_DISTANCES = (7.0, 13.0, 22.0, 34.0, 48.0, 64.0, 84.0, 110.0, 140.0)
_DIRECTIONS = (
    *((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)),
    *((0.5, 1), (-0.5, 1), (0.5, -1), (-0.5, -1), (1, 0.5), (-1, 0.5), (1, -0.5), (-1, -0.5)),
)
_LEADER_FROM_PT = 12.0
_POINT_PT = 5.0
_NO_COST = 1e-6


@dataclass(frozen=True)
class PointLabel:
    """One label to place.

    Parameters
    ----------
    x, y
        The point, in data coordinates.
    head
        First line, in bold.
    body
        Further lines; may be empty.
    size
        Size in points.
    above_pt
        Points above the point that its mark takes, e.g. an arrow.
    """

    x: float
    y: float
    head: str
    body: str
    size: float
    above_pt: float = 0.0


def place_labels(
    fig: Figure, ax: Axes, labels: Sequence[PointLabel], lines: Sequence[NDArray[np.float64]] = ()
) -> None:
    """Write labels near their points.

    Each label takes the nearest free place; the order of the labels decides who chooses first. The figure is
    laid out as it is now, for good, so limits, titles and the like must be set before.

    Parameters
    ----------
    fig, ax
        Figure and axes that hold the points.
    labels
        Labels to place.
    lines
        Lines in data coordinates, shape (n, 2), that no label may cover.
    """
    # For good: a layout made again could move the points away from their labels.
    renderer = settle(fig)
    scale = fig.dpi / 72
    room = ax.get_window_extent(renderer)
    room = Bbox.from_extents(room.x0 + 1, room.y0 + 1, fig.bbox.x1 - 3, min(room.y1 + 4, fig.bbox.y1 - 3))
    taken = [_around(ax, label, scale) for label in labels]
    taken += [box for line in lines for box in _along(ax, line, scale)]
    for label in labels:
        taken.append(_placed(ax, renderer, label, taken, room))


def _placed(ax: Axes, renderer: RendererAgg, label: PointLabel, taken: Sequence[Bbox], room: Bbox) -> Bbox:
    """Write one label where it is free, with fewer words where the full text fits nowhere."""
    scale = renderer.dpi / 72
    x, y = ax.transData.transform((label.x, label.y))
    for body in _ever_shorter(label):
        notes = _written(ax, label, body)
        extents = [note.get_window_extent(renderer) for note in notes]
        size = (max(box.width for box in extents), sum(box.height for box in extents) + len(notes) * scale)
        cost, move, box = _free_place((x, y), size, scale, taken, room)
        if cost <= _NO_COST or body == _ever_shorter(label)[-1]:
            break
        for note in notes:
            note.remove()
    _settle(notes, move, (size[0] / scale, size[1] / scale))
    _lead(ax, label, move, (size[0] / scale / 2, size[1] / scale / 2))
    return box


def _ever_shorter(label: PointLabel) -> list[str]:
    """Return the body, its first line, and nothing, as long as something is left to write."""
    first, *rest = label.body.split("\n")
    bodies = [label.body, *([f"{first}…"] if rest else []), *([""] if label.head else [])]
    return list(dict.fromkeys(bodies))


def _around(ax: Axes, label: PointLabel, scale: float) -> Bbox:
    x, y = ax.transData.transform((label.x, label.y))
    reach = _POINT_PT * scale
    return Bbox.from_extents(x - reach, y - reach, x + reach, y + max(reach, label.above_pt * scale))


def _along(ax: Axes, line: NDArray[np.float64], scale: float) -> list[Bbox]:
    """Cover a line with small boxes."""
    corners = ax.transData.transform(line)
    boxes = []
    for (x0, y0), (x1, y1) in itertools.pairwise(corners):
        pieces = max(1, int(np.hypot(x1 - x0, y1 - y0) / (6 * scale)))
        steps = np.linspace([x0, y0], [x1, y1], pieces + 1)
        boxes += [
            Bbox.from_extents(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])).padded(
                scale
            )
            for a, b in itertools.pairwise(steps)
        ]
    return boxes


def _written(ax: Axes, label: PointLabel, body: str) -> list[Annotation]:
    notes = []
    for text, weight, colour in ((label.head, "bold", INK), (body, "normal", MUTED)):
        if not text:
            continue
        note = ax.annotate(
            text,
            (label.x, label.y),
            xytext=(0, 0),
            textcoords="offset points",
            fontsize=label.size,
            fontweight=weight,
            color=colour,
            linespacing=1.1,
            annotation_clip=False,
            zorder=6,
        )
        note.set_in_layout(False)
        notes.append(note)
    return notes


def _settle(notes: Sequence[Annotation], move: tuple[float, float], size: tuple[float, float]) -> None:
    """Put head over body, flush with the side that faces the point."""
    side = "left" if move[0] - size[0] / 2 > 0 else "right" if move[0] + size[0] / 2 < 0 else "center"
    x = {"left": move[0] - size[0] / 2, "right": move[0] + size[0] / 2, "center": move[0]}[side]
    top, bottom = move[1] + size[1] / 2, move[1] - size[1] / 2
    for position, note in enumerate(notes):
        last = position == len(notes) - 1 and position > 0
        note.set(ha=side, multialignment=side, va="bottom" if last else "top")
        note.set_position((x, bottom if last else top))


def _free_place(
    point: tuple[float, float],
    size: tuple[float, float],
    scale: float,
    taken: Sequence[Bbox],
    room: Bbox,
) -> tuple[float, tuple[float, float], Bbox]:
    """Return what the nearest free place costs, the move there in points, and the area in pixels.

    The cost is zero if nothing is covered; else the place is the one that covers least.
    """
    moves = [
        (across * (distance * scale + size[0] / 2), up * (distance * scale + size[1] / 2))
        for distance, (across, up) in itertools.product(_DISTANCES, _DIRECTIONS)
    ]
    middles = np.array(point) + np.array(moves)
    reach = np.array([size[0] / 2 + 2, size[1] / 2 + 1])
    boxes = np.hstack([middles - reach, middles + reach])
    covered = _shared(boxes, np.array([other.extents for other in taken])).sum(axis=1)
    outside = 4 * reach.prod() - _shared(boxes, np.array([room.extents]))[:, 0]
    costs = covered + 10 * outside
    free = np.flatnonzero(costs <= _NO_COST)
    # Places that cost the same but for rounding: the nearer one.
    best = int(free[0] if len(free) else np.flatnonzero(costs < costs.min() + _NO_COST)[0])
    dx, dy = moves[best]
    return float(costs[best]), (dx / scale, dy / scale), Bbox.from_extents(*boxes[best])


def _shared(boxes: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the area that each of some boxes (n, 4) shares with each of others (m, 4), shape (n, m)."""
    low = np.maximum(boxes[:, np.newaxis, :2], others[np.newaxis, :, :2])
    high = np.minimum(boxes[:, np.newaxis, 2:], others[np.newaxis, :, 2:])
    area: NDArray[np.float64] = np.clip(high - low, 0.0, None).prod(axis=2)
    return area


def _lead(ax: Axes, label: PointLabel, move: tuple[float, float], half: tuple[float, float]) -> None:
    """Draw a thin line from the point to the nearest edge of a label that is not next to it."""
    edge = [
        max(abs(way) - reach, 0.0) * (1 if way > 0 else -1) for way, reach in zip(move, half, strict=True)
    ]
    if max(map(abs, edge)) < _LEADER_FROM_PT:
        return
    line = ax.annotate(
        "",
        (label.x, label.y),
        xytext=(edge[0], edge[1]),
        textcoords="offset points",
        arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.5, "shrinkA": 1, "shrinkB": _POINT_PT},
        annotation_clip=False,
    )
    line.set_in_layout(False)
