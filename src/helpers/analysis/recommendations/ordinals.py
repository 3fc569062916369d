"""Places in words: "first to third"."""

from helpers.data.errors import InputError

_SMALL = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def ordinal(place: int) -> str:
    """Write a place in words.

    Raises
    ------
    InputError
        If it is below 1; from 100 on figures are used.

    Examples
    --------
    >>> ordinal(1), ordinal(20), ordinal(42), ordinal(101)
    ('first', 'twentieth', 'forty-second', '101st')
    """
    if place < 1:
        raise InputError(f"place {place}: whole numbers from 1 upwards are allowed")
    if place < 20:
        return _SMALL[place - 1]
    if place < 100:
        tens, ones = divmod(place, 10)
        return f"{_TENS[tens - 2]}-{_SMALL[ones - 1]}" if ones else f"{_TENS[tens - 2][:-1]}ieth"
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def places_in_words(low: int, high: int) -> str:
    """Write a range of places in words.

    Examples
    --------
    >>> places_in_words(1, 3), places_in_words(2, 2)
    ('first to third', 'second')
    """
    return ordinal(low) if low == high else f"{ordinal(low)} to {ordinal(high)}"
