"""The numbers of every cell: amount, respondents, and what the rules say of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import Floats, require_columns, sizes
from helpers.analysis.disclosure.layout import TOTAL, Layout, Shape, spread, stated_keys
from helpers.analysis.disclosure.rounding import round_to_base
from helpers.analysis.disclosure.rules import REASONS, Held, Rules, held_by, judge
from helpers.analysis.disclosure.single import Flags, Places
from helpers.data.errors import InputError

FEW = REASONS[0]


@dataclass(frozen=True)
class Treatment:
    """How the numbers of a table are made.

    ``values``: columns with amounts, none for numbers of respondents alone; ``holding``: column that says
    which respondents belong together; ``base``, ``count_base``: what amounts and numbers are rounded to.
    """

    rules: Rules
    values: tuple[str, ...] = ("point",)
    holding: str | None = None
    base: float | None = None
    count_base: float | None = None


@dataclass(frozen=True)
class Amount:
    """One amount of every cell.

    ``value``: as it would be published. ``needed_up``: how far above it an unsafe cell must remain possible.
    ``zero``: nobody stated any. ``held``: what each holding has in each cell, before rounding.
    """

    value: Floats
    needed_up: Floats
    zero: Flags
    held: Held


@dataclass(frozen=True)
class Numbers:
    """One entry a cell, in the order of the layout.

    ``amounts``: by column. ``count``: respondents, as it would be published. ``reason``: the rule that the
    cell breaks, or empty. ``sole``: the number of the holding, if it is the only one, else -1. ``empty``:
    nobody is in the cell; ``asked``: somebody could have been.
    """

    amounts: dict[str, Amount]
    count: Floats
    reason: npt.NDArray[np.object_]
    sole: Places
    empty: Flags
    asked: Flags

    @property
    def unsafe(self) -> Flags:
        """The cells that break a rule."""
        return np.asarray(self.reason != "", dtype=np.bool_)

    @property
    def value(self) -> Floats:
        """The first amount; without any, the number of respondents."""
        return next((amount.value for amount in self.amounts.values()), self.count)

    @property
    def zero(self) -> Flags:
        """Whether nobody stated any of the first amount; without amounts, whether nobody is there."""
        return next((amount.zero for amount in self.amounts.values()), self.empty)


def cell_numbers(
    data: pd.DataFrame,
    shapes: Sequence[Shape],
    layout: Layout,
    treatment: Treatment,
    not_asked: pd.DataFrame | None,
) -> Numbers:
    """Compute the numbers of every cell.

    Parameters
    ----------
    data
        One row a contribution; see `protection.protect`.
    shapes, layout
        The tables, and their cells.
    treatment
        Rules, columns and rounding.
    not_asked
        Combinations that no questionnaire asked for.

    Raises
    ------
    InputError
        If an amount is missing or negative, or there is an answer to what was not asked.
    """
    pairs = spread(shapes, data, layout)
    rows = pairs["row"].to_numpy()
    cell, holding = pairs["cell"].to_numpy(), _owners(data, treatment.holding)[rows]
    number = len(layout.keys)
    amounts, reasons = {}, []
    for name in treatment.values:
        held = held_by(cell, holding, _amounts(data, name)[rows])
        judged = judge(held, treatment.rules, number)
        reasons.append(judged.reason)
        value = _rounded(judged.value, treatment.base, shapes, layout)
        amounts[name] = Amount(value, judged.needed_up, judged.value == 0, held)
    heads = judge(held_by(cell, holding, np.ones(len(rows))), treatment.rules, number)
    # Numbers of respondents have no large or small contributors: they can only be too few.
    reasons.append(np.where(heads.reason == FEW, heads.reason, ""))
    counts = _counts(data, pairs, layout)
    return Numbers(
        amounts=amounts,
        count=_rounded(counts, treatment.count_base, shapes, layout),
        reason=_first(reasons),
        sole=heads.sole,
        empty=counts == 0,
        asked=_asked(layout, not_asked, counts),
    )


def _first(reasons: list[npt.NDArray[np.object_]]) -> npt.NDArray[np.object_]:
    """Return the first reason that is given for each cell."""
    first = reasons[0]
    for reason in reasons[1:]:
        first = np.where(first != "", first, reason)
    return first


def _amounts(data: pd.DataFrame, value: str) -> Floats:
    require_columns(data, "contributions", [value])
    amounts = sizes(data[value], f"contributions, column {value}")
    if np.isnan(amounts).any():
        raise InputError(
            f"contributions, column {value}: a value is missing; leave out respondents without an amount"
        )
    return amounts


def _owners(data: pd.DataFrame, holding: str | None) -> Places:
    """Give holdings numbers in the order of their names; a respondent without one is its own."""
    names = data["respondent_id"].astype("object")
    if holding is not None:
        require_columns(data, "contributions", [holding])
        shared = "holding " + data[holding].astype("object").astype("str")
        names = shared.where(data[holding].notna(), names)
    codes, known = pd.factorize(names.to_numpy(dtype=object))
    order = sorted(range(len(known)), key=lambda code: str(known[code]))
    # A missing name has the code -1, and so takes the last entry.
    places = np.full(len(known) + 1, -1, dtype=np.int64)
    places[order] = np.arange(len(known))
    return places[codes]


def _counts(data: pd.DataFrame, pairs: pd.DataFrame, layout: Layout) -> Floats:
    """Count respondents; in totals once for each of the finest cells they are in, so that totals add up."""
    keys = stated_keys(data, list(layout.keys.columns)).assign(_who=data["respondent_id"].to_numpy())
    once = ~keys.duplicated().to_numpy()
    cells = pairs["cell"].to_numpy()[once[pairs["row"].to_numpy()]]
    return np.bincount(cells, minlength=len(layout.keys)).astype(np.float64)


def _rounded(values: Floats, base: float | None, shapes: Sequence[Shape], layout: Layout) -> Floats:
    """Round the finest cells and add them up."""
    if base is None:
        return values
    finest = np.flatnonzero(layout.levels == 0)
    pairs = spread(shapes, layout.keys.iloc[finest], layout)
    rounded = round_to_base(values[finest], base)
    return np.bincount(
        pairs["cell"], weights=rounded[pairs["row"].to_numpy()], minlength=len(layout.keys)
    ).astype(np.float64)


def _asked(layout: Layout, not_asked: pd.DataFrame | None, counts: Floats) -> Flags:
    asked = np.ones(len(layout.keys), dtype=bool)
    if not_asked is None or not_asked.empty:
        return asked
    names = [str(name) for name in layout.keys.columns]
    keys = stated_keys(not_asked, [name for name in names if name in not_asked.columns])
    cells = layout.cells_of(keys.assign(**{name: TOTAL for name in names if name not in keys}))
    asked[cells[cells >= 0]] = False
    if (counts[~asked] > 0).any():
        first = layout.keys[~asked & (counts > 0)].iloc[0]
        raise InputError(f"not asked: there are answers in {', '.join(first)}")
    return _totals_asked(layout, asked)


def _totals_asked(layout: Layout, asked: Flags) -> Flags:
    """Mark totals of cells of which none was asked as not asked."""
    asked = asked.copy()
    relations = layout.relations
    for _ in range(int(layout.levels.max()) + 1):
        for start, end in zip(relations.indptr[:-1], relations.indptr[1:], strict=True):
            cells, signs = relations.indices[start:end], relations.data[start:end]
            if not asked[cells[signs < 0]].any():
                asked[cells[signs > 0]] = False
    return asked
