"""What days a stated date can mean: "2020-06" given by the quarter is any day from April to June."""

import datetime as dt

from helpers.data.errors import InputError

MONTHS_OF = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def period_bounds(date: str, precision: str) -> tuple[dt.datetime, dt.datetime]:
    """Return the first and the last day that a date of a stated precision can mean.

    Parameters
    ----------
    date
        "2020", "2020-06" or "2020-06-15".
    precision
        day, month, quarter, half_year or year: the calendar period in which the date lies.

    Returns
    -------
    tuple of datetime.datetime
        First and last day, both at midnight and both included.

    Raises
    ------
    InputError
        If the date is coarser than its precision, or the precision is unknown.

    Examples
    --------
    >>> [day.date().isoformat() for day in period_bounds("2020-06", "quarter")]
    ['2020-04-01', '2020-06-30']
    """
    parts = [int(part) for part in date.split("-")]
    if precision == "day" and len(parts) == 3:
        day = dt.datetime(*parts)  # type: ignore[arg-type]
        return day, day
    months = MONTHS_OF.get(precision)
    if months is None or (len(parts) == 1 and months < 12):
        allowed = ", ".join(("day", *MONTHS_OF))
        raise InputError(
            f"date {date!r}, precision {precision!r}: allowed: {allowed}, not finer than the date"
        )
    month = parts[1] if len(parts) > 1 else 1
    first = (month - 1) // months * months + 1
    after = dt.datetime(parts[0] + (first + months > 12), (first + months - 1) % 12 + 1, 1)
    return dt.datetime(parts[0], first, 1), after - dt.timedelta(days=1)
