"""A linear program kept as tidy tables, so that the constraint behind a number can be printed."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats
from helpers.analysis.linear import LinearProgram, Solution, Worth, solve, worth

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

_SIZE = 1e3
_KEPT = 1e-12
_NOTHING = 1e-7
_DIGITS = 10


class TidyProgram:
    """Variables, constraints and terms, each a table with one row a variable, constraint or term.

    Examples
    --------
    Two makers with room for 3 and 4, one buyer of 5:

    >>> program = TidyProgram()
    >>> makers = pd.DataFrame({"maker": ["near", "far"], "room": [3.0, 4.0]})
    >>> make = program.add_variables("make", makers[["maker"]], high=makers["room"])
    >>> need = program.add_constraints("need", pd.DataFrame({"buyer": ["Ann"]}), low=5.0)
    >>> program.add_terms(need["constraint"].iloc[0], make["variable"], 1.0)
    >>> print(program.say(0))
    need [buyer Ann]: make [maker near] + make [maker far] >= 5
    >>> solved = program.solve(np.array([1.0, 3.0]))
    >>> solved.x.tolist(), solved.worth(0)
    ([3.0, 2.0], Worth(more=3.0, less=3.0, more_holds=2.0, less_holds=2.0))
    """

    def __init__(self) -> None:
        self._variables: list[pd.DataFrame] = []
        self._constraints: list[pd.DataFrame] = []
        self._terms: list[pd.DataFrame] = []
        self._sizes = [0, 0]

    def add_variables(
        self,
        kind: str,
        keys: pd.DataFrame,
        low: "float | pd.Series" = 0.0,
        high: "float | pd.Series" = np.inf,
    ) -> pd.DataFrame:
        """Add a variable a row of ``keys``; return the keys with its number, ``variable``."""
        table = self._numbered(0, "variable", keys)
        self._variables.append(_bounded(table, kind, low, high))
        return table

    def add_constraints(
        self,
        kind: str,
        keys: pd.DataFrame,
        low: "float | pd.Series" = -np.inf,
        high: "float | pd.Series" = np.inf,
    ) -> pd.DataFrame:
        """Add a constraint a row of ``keys``; return the keys with its number, ``constraint``."""
        table = self._numbered(1, "constraint", keys)
        self._constraints.append(_bounded(table, kind, low, high))
        return table

    def add_terms(
        self,
        constraint: "int | pd.Series",
        variable: "int | pd.Series",
        factor: "float | pd.Series",
        subject: "str | pd.Series" = "",
    ) -> None:
        """Add factor times variable to constraint, for each row; ``subject`` is what the factor speaks of."""
        number = np.broadcast_shapes(np.shape(constraint), np.shape(variable), np.shape(factor))
        columns = {"constraint": constraint, "variable": variable, "factor": factor, "subject": subject}
        arrays = {name: np.broadcast_to(np.asarray(value), number).ravel() for name, value in columns.items()}
        self._terms.append(pd.DataFrame(arrays))

    @property
    def variables(self) -> pd.DataFrame:
        """``variable``, ``kind``, ``low``, ``high`` and the keys of all kinds."""
        return pd.concat(self._variables, ignore_index=True)

    @property
    def constraints(self) -> pd.DataFrame:
        """``constraint``, ``kind``, ``low``, ``high`` and the keys of all kinds."""
        return pd.concat(self._constraints, ignore_index=True)

    @property
    def terms(self) -> pd.DataFrame:
        """``constraint``, ``variable``, ``factor``, ``subject``; terms of one pair add up."""
        columns = {"constraint": int, "variable": int, "factor": float, "subject": object}
        return pd.concat([pd.DataFrame(columns=list(columns)), *self._terms], ignore_index=True).astype(
            columns
        )

    def solve(self, cost: Floats, changes: "Changes | None" = None) -> "Solved":
        """Minimise ``cost @ x``, with some bounds or factors changed if asked.

        Bounds are divided by a power of ten first, so that the solver's absolute tolerance means the same
        for a thousand doses as for a billion.

        Raises
        ------
        InfeasibleError, UnboundedError
            From `helpers.analysis.linear`.
        """
        known = changes or Changes()
        row_high = self._joined(self._constraints, "high") if known.row_high is None else known.row_high
        high = self._joined(self._variables, "high") if known.high is None else known.high
        row_low = self._joined(self._constraints, "low") if known.row_low is None else known.row_low
        low = self._joined(self._variables, "low")
        bounds = np.concatenate([row_low, row_high, low, high])
        largest = float(np.abs(bounds[np.isfinite(bounds)]).max(initial=0.0))
        scale = float(10.0 ** np.floor(np.log10(largest)) / _SIZE) if largest > 0 else 1.0
        matrix = self._matrix(known.factors)
        program = LinearProgram(cost, matrix, row_low / scale, row_high / scale, low / scale, high / scale)
        return Solved(program, solve(program), scale)

    def say(self, constraint: int) -> str:
        """Write a constraint out in words and numbers."""
        terms = self.terms
        own = terms[terms["constraint"] == constraint].groupby("variable", sort=False)["factor"].sum()
        parts = [_term(factor, _named(_row(self._variables, number))) for number, factor in own.items()]
        row = _row(self._constraints, constraint)
        left = " ".join(parts).removeprefix("+ ") or "0"
        return f"{_named(row)}: {left} {_bounds_in_words(row['low'], row['high'])}"

    def _matrix(self, factors: Floats | None) -> "csc_matrix":
        """Return the terms as a sparse matrix, a row a constraint."""
        from scipy.sparse import coo_matrix

        constraint, variable, factor = (self._joined(self._terms, name) for name in _PLACES)
        places = (constraint.astype(np.int64), variable.astype(np.int64))
        values = factor if factors is None else factors
        return coo_matrix((values, places), shape=(self._sizes[1], self._sizes[0])).tocsc()

    def _numbered(self, which: int, column: str, keys: pd.DataFrame) -> pd.DataFrame:
        first = self._sizes[which]
        self._sizes[which] += len(keys)
        return keys.reset_index(drop=True).assign(**{column: np.arange(first, first + len(keys))})

    def _joined(self, tables: list[pd.DataFrame], column: str) -> Floats:
        parts = [table[column].to_numpy(dtype=np.float64) for table in tables]
        return np.concatenate(parts) if parts else np.zeros(0)


_PLACES = ("constraint", "variable", "factor")


@dataclass(frozen=True)
class Changes:
    """Other numbers for a program: bounds of constraints, upper bounds of variables, factors of terms."""

    row_low: Floats | None = None
    row_high: Floats | None = None
    high: Floats | None = None
    factors: Floats | None = None


@dataclass(frozen=True)
class Solved:
    """An optimum of a `TidyProgram`, in its own units."""

    program: LinearProgram
    solution: Solution
    scale: float

    @property
    def objective(self) -> float:
        """The least cost."""
        return self.solution.objective * self.scale

    @property
    def x(self) -> Floats:
        """The value of each variable, to ten digits; what the solver cannot tell from zero is zero."""
        values = np.where(np.abs(self.solution.x) <= _NOTHING, 0.0, self.solution.x) * self.scale
        return significant(values)

    @property
    def duals(self) -> Floats:
        """One dual value a constraint; where it is not unique, `worth` gives the range."""
        return self.solution.duals

    def worth(self, constraint: int, *, holds: bool = True) -> Worth:
        """Return the range of the dual value of a constraint, as `helpers.analysis.linear.worth`."""
        found = worth(self.program, self.solution, constraint, holds=holds)
        more, less = (float(f"{reach * self.scale:.7g}") for reach in (found.more_holds, found.less_holds))
        return replace(found, more_holds=more, less_holds=less)

    def then(self, cost: Floats) -> "Solved":
        """Choose among the optima the one with the least of another cost."""
        from scipy.sparse import csc_matrix, vstack

        first = self.program
        best = self.solution.objective
        program = LinearProgram(
            cost,
            vstack([first.matrix, csc_matrix(first.cost[None, :])], format="csc"),
            np.append(first.row_low, -np.inf),
            np.append(first.row_high, best + _KEPT * max(1.0, abs(best))),
            first.low,
            first.high,
        )
        return Solved(program, solve(program), self.scale)


def significant(values: Floats) -> Floats:
    """Round to the ten digits that a solver's tolerance leaves.

    Examples
    --------
    >>> significant(np.array([40.00000000006, -1e9 / 3, 0.0])).tolist()
    [40.0, -333333333.3, 0.0]
    >>> significant(np.array([np.inf])).tolist()
    [inf]
    """
    plain = (values != 0) & np.isfinite(values)
    size = np.floor(np.log10(np.abs(values), where=plain, out=np.zeros(len(values))))
    unit = 10.0 ** (_DIGITS - 1 - size)
    return np.where(plain, np.round(np.where(plain, values, 0.0) * unit) / unit, values)


def _bounded(
    table: pd.DataFrame, kind: str, low: "float | pd.Series", high: "float | pd.Series"
) -> pd.DataFrame:
    ends = {"low": np.asarray(low, dtype=float), "high": np.asarray(high, dtype=float)}
    return table.assign(kind=kind, **ends)


def _row(tables: list[pd.DataFrame], number: object) -> pd.Series:
    """Return a variable or constraint with the keys of its own kind."""
    for table in tables:
        own = table[table.filter(regex="^(variable|constraint)$").iloc[:, 0] == number]
        if len(own):
            return own.iloc[0].drop(["variable", "constraint"], errors="ignore")
    raise KeyError(number)


def _named(row: pd.Series) -> str:
    """Name a variable or constraint by its kind and keys."""
    keys = row.drop(["kind", "low", "high"]).dropna()
    said = ", ".join(
        f"{key} {value:%Y-%m}" if isinstance(value, pd.Timestamp) else f"{key} {value}"
        for key, value in keys.items()
    )
    return f"{row['kind']} [{said}]"


def _term(factor: float, name: str) -> str:
    sign, size = ("-", -factor) if factor < 0 else ("+", factor)
    return f"{sign} {name}" if size == 1 else f"{sign} {size:.6g} x {name}"


def _bounds_in_words(low: float, high: float) -> str:
    if low == high:
        return f"= {low:,.12g}"
    if np.isfinite(low) and np.isfinite(high):
        return f"between {low:,.12g} and {high:,.12g}"
    return f">= {low:,.12g}" if np.isfinite(low) else f"<= {high:,.12g}"
