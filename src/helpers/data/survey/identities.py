"""Ids that respondents get: made from the tool's own id, never the same twice, in little memory."""

import hashlib
import re
from array import array
from bisect import bisect_left

_ID = re.compile("r[0-9a-f]{10}")
_MERGED_AT = 100_000
_ANONYMOUS = frozenset(("", "anonymous", "anonym", "anonyme", "anonimo", "anónimo", "n/a"))


class _Numbers:
    """A growing set of 64-bit numbers in eight bytes each."""

    def __init__(self) -> None:
        self._sorted = array("Q")
        self._recent: set[int] = set()

    def __contains__(self, number: int) -> bool:
        if number in self._recent:
            return True
        at = bisect_left(self._sorted, number)
        return at < len(self._sorted) and self._sorted[at] == number

    def add(self, number: int) -> None:
        self._recent.add(number)
        if len(self._recent) >= _MERGED_AT:
            import numpy as np

            recent = np.fromiter(self._recent, dtype=np.uint64, count=len(self._recent))
            merged = np.sort(np.concatenate((np.frombuffer(self._sorted, dtype=np.uint64), recent)))
            self._sorted = array("Q", merged.tobytes())
            self._recent.clear()


class Identities:
    """Gives respondents their ids, and knows which it has given.

    Examples
    --------
    >>> ids = Identities()
    >>> ids.claim("17"), ids.claim("17"), ids.claim("18") is None
    ('r4523540f15', None, False)
    """

    def __init__(self) -> None:
        self._claimed = _Numbers()
        self._given = _Numbers()
        self._by_row = _Numbers()

    def claim(self, own: str, by_row: bool = False) -> str | None:
        """Return the id of a respondent, None if the tool's own id has been claimed before.

        Parameters
        ----------
        own
            The tool's id of the answer.
        by_row
            Whether it is made from the number of the row, for want of an id.

        Returns
        -------
        str or None
            "r" and ten hexadecimal digits of the SHA-256 of the id; with "#2", "#3", ... behind the id in
            the rare case that another id has the same ten digits.
        """
        number = _hashed(own)
        if number in self._claimed:
            return None
        self._claimed.add(number)
        tries = 1
        while number >> 24 in self._given:
            tries += 1
            number = _hashed(f"{own}#{tries}")
        self._given.add(number >> 24)
        if by_row:
            self._by_row.add(number >> 24)
        return f"r{number >> 24:010x}"

    def has(self, respondent_id: str) -> bool:
        """Say whether an id has been given."""
        return _number(respondent_id) in self._given

    def is_by_row(self, respondent_id: str) -> bool:
        """Say whether an id has been given that is made from the number of a row."""
        return _number(respondent_id) in self._by_row


def own_id(text: str, number: int) -> str:
    """Return what a respondent's id is made from: the tool's id, or the row where there is none.

    Examples
    --------
    >>> own_id("17", 2), own_id("Anonymous", 2)
    ('17', 'row 2')
    """
    own = text.strip()
    return f"row {number}" if own.casefold() in _ANONYMOUS else own


def _number(respondent_id: str) -> int:
    return int(respondent_id[1:], 16) if _ID.fullmatch(respondent_id) else -1


def _hashed(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
