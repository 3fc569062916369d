"""The cells of published tables and how they add up: totals, subtotals, and tables that share a margin."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
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
Key = tuple[str, ...]
# Relation, cell, and +1 for the total or -1 for a part.
Entry = tuple[int, int, float]

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
        return self.find(_tuples(keys[list(self.keys.columns)]))

    def find(self, keys: Iterable[Key]) -> Places:
        """Return the number of the cell of each key, in the order of the columns; -1 if there is none."""
        return np.array([self._places.get(key, -1) for key in keys], dtype=np.int64)

    @cached_property
    def _places(self) -> dict[Key, int]:
        return {key: place for place, key in enumerate(_tuples(self.keys))}


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
    return pd.DataFrame(_stated(data, dimensions), columns=list(dimensions), dtype="str")


def _stated(data: pd.DataFrame, dimensions: Sequence[str]) -> dict[str, list[str]]:
    """Return the keys of each row as lists; see `stated_keys`."""
    require_columns(data, "contributions", dimensions)
    keys = {}
    for name in dimensions:
        missing = data[name].isna().to_numpy()
        codes = data[name].astype("object").to_list()
        keys[name] = [NOT_STATED if gone else str(code) for code, gone in zip(codes, missing, strict=True)]
        if TOTAL in keys[name]:
            raise InputError(f"contributions: {TOTAL!r} is a code; the word is kept for totals")
    return keys


def _tuples(keys: pd.DataFrame) -> list[Key]:
    return list(zip(*(keys[name].to_list() for name in keys.columns), strict=True))


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
    from scipy.sparse import csr_array

    dimensions = list(dict.fromkeys(name for shape in shapes for name in shape.dimensions))
    places: dict[Key, int] = {}
    entries: list[Entry] = []
    number = 0
    for shape in shapes:
        keys, relations, parts = _table(shape, contributions, dimensions)
        found = [places.setdefault(key, len(places)) for key in keys]
        entries += [(number + row, found[cell], sign) for row, cell, sign in parts]
        number += relations
    row, cell, sign = zip(*entries, strict=True) if entries else ((), (), ())
    relations_of = csr_array((np.array(sign), (row, cell)), shape=(number, len(places)), dtype=np.float64)
    listed = [list(codes) for codes in zip(*places, strict=True)] or [[] for _ in dimensions]
    levels = np.array([key.count(TOTAL) for key in places], dtype=np.int64)
    named = dict(zip(dimensions, listed, strict=True))
    return Layout(pd.DataFrame(named, columns=dimensions, dtype="str"), relations_of, levels)


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
    names = [str(name) for name in layout.keys.columns]
    for shape in shapes:
        stated = _stated(data, shape.dimensions)
        total = [TOTAL] * len(data)
        for shown in _depths(shape):
            codes = [stated[name] if name in shown else total for name in names]
            cells = layout.find(zip(*codes, strict=True))
            found.append(pd.DataFrame({"row": np.arange(len(data)), "cell": cells}))
    pairs = pd.concat(found, ignore_index=True)
    # Within one table no cell comes up at two depths.
    pairs = pairs.drop_duplicates() if len(shapes) > 1 else pairs
    return pairs[pairs["cell"] >= 0].reset_index(drop=True)


def _depths(shape: Shape) -> Iterator[set[str]]:
    """Yield the dimensions that are shown by code, for each level of rows and columns."""
    row_depths = range(0 if shape.row_total else 1, len(shape.rows) + 1)
    column_depths = range(0 if shape.column_total or not shape.columns else 1, len(shape.columns) + 1)
    for down, across in product(row_depths, column_depths):
        yield {*shape.rows[:down], *shape.columns[:across]}


def _table(shape: Shape, data: pd.DataFrame, dimensions: list[str]) -> tuple[list[Key], int, list[Entry]]:
    """Return the keys of the cells of one table, how many relations it has, and their entries."""
    rows = _nodes(shape.rows, shape.row_codes, data, shape.row_total)
    columns: list[Key] = [()]
    if shape.columns:
        columns = _nodes(shape.columns, shape.column_codes, data, shape.column_total)
    place = {name: at for at, name in enumerate(shape.dimensions)}
    crossed = [(*row, *column) for row in rows for column in columns]
    keys = [tuple(key[place[name]] if name in place else TOTAL for name in dimensions) for key in crossed]
    wide = len(columns)
    number, parts = _adds_up(rows)
    entries = [(row * wide + at, cell * wide + at, sign) for at in range(wide) for row, cell, sign in parts]
    along, parts = _adds_up(columns)
    entries += [
        (number * wide + at * along + row, at * wide + cell, sign)
        for at in range(len(rows))
        for row, cell, sign in parts
    ]
    return keys, number * wide + len(rows) * along, entries


def _nodes(
    names: tuple[str, ...], codes: Sequence[str] | pd.DataFrame | None, data: pd.DataFrame, total: bool
) -> list[Key]:
    """List total, subtotals and leaves of one direction, coarse before fine."""
    leaves = dict.fromkeys(zip(*_stated(data, names).values(), strict=True))
    if codes is not None:
        given = codes if isinstance(codes, pd.DataFrame) else pd.DataFrame({names[0]: list(codes)})
        known = dict.fromkeys(zip(*_stated(given, names).values(), strict=True))
        strange = next((leaf for leaf in leaves if leaf not in known), None)
        if strange is not None:
            said = ", ".join(f"{name} {code}" for name, code in zip(names, strange, strict=True))
            raise InputError(f"table: there are contributions of {said}, which the table does not show")
        leaves = known
    ordered = sorted(leaves)
    nodes: dict[Key, None] = {}
    for depth in range(0 if total else 1, len(names) + 1):
        nodes |= dict.fromkeys((*leaf[:depth], *[TOTAL] * (len(names) - depth)) for leaf in ordered)
    return list(nodes)


def _adds_up(nodes: list[Key]) -> tuple[int, list[Entry]]:
    """Return how many nodes have parts, and for each of them +1 for it and -1 for each part."""
    places = {key: place for place, key in enumerate(nodes)}
    parts: dict[int, list[int]] = {}
    for place, key in enumerate(nodes):
        depth = len(key) - key.count(TOTAL)
        if depth:
            whole = places.get((*key[: depth - 1], *[TOTAL] * (len(key) - depth + 1)))
            if whole is not None:
                parts.setdefault(whole, []).append(place)
    entries = [(row, whole, 1.0) for row, whole in enumerate(parts)]
    entries += [(row, part, -1.0) for row, several in enumerate(parts.values()) for part in several]
    return len(parts), entries
