"""Numbers that are taken as given, asked for by name."""

from dataclasses import dataclass

import pandas as pd

from helpers.analysis.checks import require_columns, require_unique
from helpers.data.errors import InputError


@dataclass(frozen=True)
class Assumptions:
    """The table ``assumptions``, checked.

    Attributes
    ----------
    table
        ``assumption``, ``value``, ``low``, ``high``, ``unit``, ``meaning``, ``source``, ``used_by``.
    """

    table: pd.DataFrame

    def value(self, name: str, end: str = "value") -> float:
        """Return one number.

        Parameters
        ----------
        name
            Of the assumption.
        end
            value, low or high.

        Raises
        ------
        InputError
            If nothing of that name is assumed.
        """
        rows = self.table[self.table["assumption"] == name]
        if rows.empty:
            known = ", ".join(self.table["assumption"])
            raise InputError(f"assumptions: no row {name!r}; there are: {known}")
        return float(rows[end].iloc[0])

    def log(self, *used_by: str) -> pd.DataFrame:
        """Return the rows that some analyses use, for the report's log of assumptions."""
        kept = self.table[self.table["used_by"].isin(used_by)]
        return kept.reset_index(drop=True)


def check_assumptions(table: pd.DataFrame) -> Assumptions:
    """Check that low, value and high of each assumption are in order.

    Raises
    ------
    InputError
        With the row of the file.

    Examples
    --------
    >>> table = pd.DataFrame({"assumption": ["doses_per_person"], "value": [2.0], "low": [1.0], "high": [2.0],
    ...     "unit": "doses", "meaning": "Doses of a course", "source": "labels", "used_by": "vaccine needs"})
    >>> check_assumptions(table).value("doses_per_person", "low")
    1.0
    """
    columns = ["assumption", "value", "low", "high", "unit", "meaning", "source", "used_by"]
    require_columns(table, "assumptions", columns)
    require_unique(table, "assumptions", ["assumption"])
    for row, line in enumerate(table.to_dict("records"), start=2):
        low, value, high = (float(line[end]) for end in ("low", "value", "high"))
        if not low <= value <= high:
            raise InputError(
                f"assumptions.csv: row {row}, {line['assumption']}: low {low:g}, value {value:g}, "
                f"high {high:g}; allowed: low <= value <= high"
            )
    return Assumptions(table[columns].reset_index(drop=True))
