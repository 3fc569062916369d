"""The cells of published tables and how they add up: totals, subtotals, and tables that share a margin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.data.errors import InputError

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Places = npt.NDArray[np.int64]

TOTAL = "total"
NOT_STATED = "not stated"


@dataclass(frozen=True)
class Shape:
    """What a published table shows.

    Attributes
    ----------
    rows, columns
        Columns of the data, from coarse to fine: ``("country", "nuts2")`` shows countries and their regions;
        no ``columns`` for a table in one direction.
    row_codes, column_codes
        Codes shown even if nobody is in them: a list, or for a hierarchy a table with its columns.
    row_total, column_total
        Whether the total over all rows, over all columns is published. Products in different units have no
        total over products.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...] = ()
    row_codes: Sequence[str] | pd.DataFrame | None = None
    column_codes: Sequence[str] | pd.DataFrame | None = None
    row_total: bool = True
    column_total: bool = True

    @property
    def dimensions(self) -> tuple[str, ...]:
        """All the columns."""
        return (*self.rows, *self.columns)


@dataclass(frozen=True)
class Layout:
    """Cells and relations.

    ``keys``: one row a cell, a column a dimension, ``total`` where the cell adds up over it. ``relations``:
    sparse, a row a relation "total - parts = 0", a column a cell. ``levels``: how many dimensions of the cell
    are totals.
    """

    keys: pd.DataFrame
    relations: "csr_array"
    levels: Places

    def cells_of(self, keys: pd.DataFrame) -> Places:
        """Return the number of the cell of each row of keys; -1 if there is none."""
        wanted = pd.MultiIndex.from_frame(keys[list(self.keys.columns)])
        return np.asarray(pd.MultiIndex.from_frame(self.keys).get_indexer(wanted), dtype=np.int64)


def as_shape(
    rows: str | Sequence[str],
    columns: str | Sequence[str] = (),
    *,
    row_codes: Sequence[str] | pd.DataFrame | None = None,
    column_codes: Sequence[str] | pd.DataFrame | None = None,
    row_total: bool = True,
    column_total: bool = True,
) -> Shape:
    """Build a shape; a single name may be given as text. See `Shape`.

    Examples
    --------
    >>> as_shape("country", "stage").dimensions
    ('country', 'stage')
    """
    names = [(part,) if isinstance(part, str) else tuple(part) for part in (rows, columns)]
    if not names[0]:
        raise InputError("table: there are no rows; name at least one column")
    return Shape(names[0], names[1], row_codes, column_codes, row_total, column_total)


def stated_keys(data: pd.DataFrame, dimensions: Sequence[str]) -> pd.DataFrame:
    """Return the keys of each row as text; what is missing becomes ``not stated``.

    Raises
    ------
    InputError
        If a column is missing or a code is the word for totals.

    Examples
    --------
    >>> stated_keys(pd.DataFrame({"nuts2": ["AT13", None]}), ["nuts2"])["nuts2"].to_list()
    ['AT13', 'not stated']
    """
    require_columns(data, "contributions", dimensions)
    keys = {
        name: data[name].astype("object").where(data[name].notna(), NOT_STATED).astype("str").to_numpy()
        for name in dimensions
    }
    table = pd.DataFrame(keys, columns=list(dimensions))
    if (table == TOTAL).any(axis=None):
        raise InputError(f"contributions: {TOTAL!r} is a code; the word is kept for totals")
    return table


def build_layout(shapes: Sequence[Shape], contributions: pd.DataFrame) -> Layout:
    """List the cells of one table, or of several that share margins, and the relations between them.

    Cells with the same codes are one cell, in whichever table they stand.

    Raises
    ------
    InputError
        If a contribution has a code that the table does not show.

    Examples
    --------
    >>> data = pd.DataFrame({"country": ["AT", "BE"]})
    >>> layout = build_layout([as_shape("country")], data)
    >>> layout.keys["country"].to_list(), layout.relations.toarray().tolist()
    (['total', 'AT', 'BE'], [[1.0, -1.0, -1.0]])
    """
    from scipy.sparse import csr_array, vstack

    dimensions = list(dict.fromkeys(name for shape in shapes for name in shape.dimensions))
    tables = [_table(shape, contributions, dimensions) for shape in shapes]
    keys = pd.concat([table for table, _ in tables]).drop_duplicates().reset_index(drop=True)
    index = pd.MultiIndex.from_frame(keys)
    parts = []
    for table, relations in tables:
        found = index.get_indexer(pd.MultiIndex.from_frame(table))
        entries = relations.tocoo()
        parts.append(
            csr_array(
                (entries.data, (entries.row, found[entries.col])), shape=(relations.shape[0], len(keys))
            )
        )
    levels = (keys == TOTAL).sum(axis=1).to_numpy(dtype=np.int64)
    return Layout(keys, vstack(parts, format="csr"), levels)


def spread(shapes: Sequence[Shape], data: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Repeat each row of data for every cell that it is part of.

    Returns
    -------
    DataFrame
        ``row`` (place in ``data``) and ``cell``, each pair once.

    Examples
    --------
    >>> data = pd.DataFrame({"country": ["AT", "BE"]})
    >>> shapes = [as_shape("country")]
    >>> spread(shapes, data, build_layout(shapes, data)).values.tolist()
    [[0, 0], [1, 0], [0, 1], [1, 2]]
    """
    found = []
    for shape in shapes:
        keys = stated_keys(data, shape.dimensions)
        for shown in _depths(shape):
            prefix = {name: keys[name] if name in shown else TOTAL for name in layout.keys.columns}
            cells = layout.cells_of(pd.DataFrame(prefix, index=keys.index))
            found.append(pd.DataFrame({"row": np.arange(len(data)), "cell": cells}))
    pairs = pd.concat(found).drop_duplicates()
    return pairs[pairs["cell"] >= 0].reset_index(drop=True)


def _depths(shape: Shape) -> Iterator[set[str]]:
    """Yield the dimensions that are shown by code, for each level of rows and columns."""
    row_depths = range(0 if shape.row_total else 1, len(shape.rows) + 1)
    column_depths = range(0 if shape.column_total or not shape.columns else 1, len(shape.columns) + 1)
    for down, across in product(row_depths, column_depths):
        yield {*shape.rows[:down], *shape.columns[:across]}


def _table(shape: Shape, data: pd.DataFrame, dimensions: list[str]) -> "tuple[pd.DataFrame, csr_array]":
    """Return the keys of the cells of one table and its relations (sparse)."""
    from scipy.sparse import eye_array, kron, vstack

    rows = _nodes(shape.rows, shape.row_codes, data, shape.row_total)
    columns = _nodes(shape.columns, shape.column_codes, data, shape.column_total)
    keys = rows.merge(columns, how="cross") if shape.columns else rows
    keys = keys.assign(**{name: TOTAL for name in dimensions if name not in keys})[dimensions]
    wide = len(columns) if shape.columns else 1
    parts = [kron(_adds_up(rows), eye_array(wide))]
    if shape.columns:
        parts.append(kron(eye_array(len(rows)), _adds_up(columns)))
    return keys, vstack(parts, format="csr")


def _nodes(
    names: tuple[str, ...], codes: Sequence[str] | pd.DataFrame | None, data: pd.DataFrame, total: bool
) -> pd.DataFrame:
    """List total, subtotals and leaves of one direction, coarse before fine."""
    if not names:
        return pd.DataFrame()
    leaves = stated_keys(data, names).drop_duplicates()
    if codes is not None:
        given = codes if isinstance(codes, pd.DataFrame) else pd.DataFrame({names[0]: list(codes)})
        known = stated_keys(given, names).drop_duplicates()
        strange = leaves.merge(known, "left", on=list(names), indicator=True)
        strange = strange[strange["_merge"] == "left_only"]
        if len(strange):
            said = ", ".join(f"{name} {strange[name].iloc[0]}" for name in names)
            raise InputError(f"table: there are contributions of {said}, which the table does not show")
        leaves = known
    leaves = leaves.sort_values(list(names))
    levels = []
    for depth in range(0 if total else 1, len(names) + 1):
        level = leaves.copy()
        level[list(names[depth:])] = TOTAL
        levels.append(level.drop_duplicates())
    return pd.concat(levels, ignore_index=True)


def _adds_up(nodes: pd.DataFrame) -> "csr_array":
    """Return one relation for each node that has parts: +1 for it, -1 for each part."""
    from scipy.sparse import csr_array

    depth = (nodes != TOTAL).sum(axis=1).to_numpy()
    places = {key: place for place, key in enumerate(nodes.itertuples(index=False, name=None))}
    parts: dict[int, list[int]] = {}
    for place, key in enumerate(nodes.itertuples(index=False, name=None)):
        if depth[place]:
            cut = int(depth[place]) - 1
            whole = places.get((*key[:cut], *([TOTAL] * (len(key) - cut))))
            if whole is not None:
                parts.setdefault(whole, []).append(place)
    data = [(row, whole, 1.0) for row, whole in enumerate(parts)]
    data += [(row, part, -1.0) for row, several in enumerate(parts.values()) for part in several]
    row, column, sign = (np.array(item) for item in zip(*data, strict=True)) if data else ([], [], [])
    return csr_array((sign, (row, column)), shape=(len(parts), len(nodes)))
