"""Whom the questionnaire was sent to: the invited by country and size class, made to fit the answers."""

import csv
import io
from collections import Counter
from collections.abc import Iterable

from helpers.data.sample.companies import world
from helpers.data.sample.dice import Dice
from helpers.data.sample.profile import SIZE_PROPENSITY, SIZES
from helpers.data.sample.response import Truth

COLUMNS = ("country", "employees", "invited")
_HIGHEST = 0.9


def propensity(country: str, size: str) -> float:
    """Return the share of the invited of a country and size class who answer.

    Examples
    --------
    >>> round(propensity("ES", "large"), 3), round(propensity("DE", "micro"), 3)
    (0.598, 0.154)
    """
    return min(world()[country].propensity * SIZE_PROPENSITY[size], _HIGHEST)


def frame_rows(truths: Iterable[Truth], seed: str) -> list[tuple[str, str, int]]:
    """Return the invited by country and size class.

    Parameters
    ----------
    truths
        Of all respondents; doubles are not counted.
    seed
        Of the sample.

    Returns
    -------
    list of tuple
        Country, size class, invited: what the answers are over the propensity, a little more or less, and
        never fewer than answered. Where nobody answered, up to three were invited, and cells without any are
        left out.
    """
    answered = Counter((truth.country, truth.size) for truth in truths if truth.duplicate_of is None)
    rows = []
    for country in world():
        for size in SIZES:
            dice = Dice(f"{seed}|frame|{country}|{size}")
            count = answered[country, size]
            if count:
                near = count / propensity(country, size) * (1 + 0.06 * dice.normal())
                rows.append((country, size, max(round(near), count)))
            elif invited := dice.whole(0, 3):
                rows.append((country, size, invited))
    return sorted(rows, key=lambda row: (row[0], list(SIZES).index(row[1])))


def frame_csv(truths: Iterable[Truth], seed: str) -> bytes:
    """Return ``frame.csv``; see `frame_rows`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(frame_rows(truths, seed))
    return text.getvalue().encode("utf-8")
