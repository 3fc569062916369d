"""Shadow prices as sentences."""

from collections.abc import Mapping

import numpy as np

_WHAT = {"needs": "unit needed", "offers": "unit offered", "limits": "unit of the limit"}


def in_words(row: Mapping[str, object], of: str) -> str:
    """Say in a sentence what one unit more and one unit less is worth.

    Parameters
    ----------
    row
        ``value_more``, ``value_less``, ``degenerate``, and ``holds_more``, ``holds_less`` if they are known.
    of
        needs, offers or limits.

    Examples
    --------
    >>> row = {"value_more": 5.0, "value_less": 3.0, "degenerate": True, "holds_more": 20, "holds_less": 7}
    >>> in_words(row, "needs")
    'One more unit needed costs 5 (for 20 more); one less saves 3 (for 7 less).'
    >>> in_words({**row, "value_less": 5.0, "degenerate": False, "holds_more": np.inf}, "offers")
    'One more unit offered saves 5; one less costs as much (for 7 less).'
    """
    more, less = _known(row["value_more"]), _known(row["value_less"])
    gains, loses = ("costs", "saves") if of == "needs" else ("saves", "costs")
    said = number_in_words(more) if more else "nothing"
    first = f"One more {_WHAT[of]} {gains} {said}{_as_far(row.get('holds_more'), 'more')}"
    if np.isnan(less):
        return f"{first}."
    said = (number_in_words(less) if less else "nothing") if row["degenerate"] else "as much"
    if more == less == 0:
        said = "nothing"
    return f"{first}; one less {loses} {said}{_as_far(row.get('holds_less'), 'less')}."


def number_in_words(value: float) -> str:
    """Write a number to four digits, large ones in full.

    Examples
    --------
    >>> number_in_words(1234567.8), number_in_words(0.123456)
    ('1,234,568', '0.1235')
    """
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.4g}"


def _known(value: object) -> float:
    return float(str(value))


def _as_far(units: object, which: str) -> str:
    if units is None or not np.isfinite(_known(units)):
        return ""
    return f" (for {number_in_words(_known(units))} {which})"
