"""Shares as respondents write them: 25 %, 25, 0.25, a quarter, 10-20 %."""

import math
from functools import lru_cache
from typing import NamedTuple

from helpers.data.cleaning.quantities import parse_quantity

_WORDS = {
    1.0: "all everything full alles tout todo tutto wszystko",
    0.5: "half die halfte la moitie la mitad meta la meta polowa jumatate halfte moitie mitad halb",
    0.25: "a quarter quarter ein viertel un quart un cuarto un quarto cwierc",
}
_SHARES = {word: share for share, words in _WORDS.items() for word in words.split()}


class Share(NamedTuple):
    """A share from 0 to 1, NaN if none could be read, and flags."""

    value: float
    flags: tuple[str, ...] = ()


@lru_cache(maxsize=100_000)
def parse_share(text: str, language: str = "", country: str = "") -> Share:
    """Read a share of capacity.

    Parameters
    ----------
    text
        The answer. Without a per cent sign, a number above 1 is a percentage and one between 0 and 1 a
        fraction, which is flagged; the middle of a range stands for it, flagged too.
    language, country
        Of the respondent.

    Returns
    -------
    Share
        Flags: share_ambiguous, share_range, share_unreadable.

    Examples
    --------
    >>> parse_share("25 %").value, parse_share("25").value, parse_share("0,25", "de", "DE")
    (0.25, 0.25, Share(value=0.25, flags=('share_ambiguous',)))
    >>> parse_share("10-20 %")
    Share(value=0.15, flags=('share_range',))
    >>> parse_share("140").flags
    ('share_unreadable',)
    """
    if not text.strip():
        return Share(math.nan)
    words = text.casefold().split()
    if words and words[-1] in _SHARES:
        return Share(_SHARES[words[-1]])
    percent = "%" in text or "percent" in text.casefold() or "per cent" in text.casefold()
    amount = parse_quantity(text.replace("%", " ").replace("٪", " "), language, country)
    if amount.qualifier == "unreadable":
        nothing = "not_stated" in amount.flags
        return Share(math.nan, () if nothing else ("share_unreadable",))
    ends = (amount.low, amount.high if math.isfinite(amount.high) else amount.low)
    middle, flags = (ends[0] + ends[1]) / 2, ("share_range",) if ends[0] < ends[1] else ()
    if not percent and 0 < middle < 1:
        return Share(middle, (*flags, "share_ambiguous"))
    if not 0 <= middle <= 100 or amount.scaled:
        return Share(math.nan, ("share_unreadable",))
    return Share(middle / 100, flags)
