"""How much of a comparison is shown, so that its page stays one that can be opened and sent."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from helpers.figures.downloads import data_uri
from helpers.reports.diff.text import ParagraphChange

Item = TypeVar("Item")
PICTURE_BYTES = 2_400_000
ROWS_IN_ALL = 4_000
ROWS_EACH = 25
PARAGRAPHS_IN_ALL = 1_200
PARAGRAPHS_EACH = 60


class Limits:
    """What may still be shown; counts what was left out.

    The gravest reports come first on the page, so that what is left out is of those that matter less.

    Parameters
    ----------
    picture_bytes
        All pictures together, as they stand in the page.
    rows
        Changed, new and gone rows of all tables together; of one table at most :data:`ROWS_EACH` of a kind.
    paragraphs
        Of all reports together; of one report at most :data:`PARAGRAPHS_EACH`.

    Examples
    --------
    >>> limits = Limits(rows=3)
    >>> limits.rows(["a", "b"]), limits.rows(["c", "d"]), limits.left_out()
    (['a', 'b'], ['c'], ['1 changed row'])
    """

    def __init__(
        self,
        picture_bytes: int = PICTURE_BYTES,
        rows: int = ROWS_IN_ALL,
        paragraphs: int = PARAGRAPHS_IN_ALL,
    ) -> None:
        self._bytes, self._rows, self._paragraphs = picture_bytes, rows, paragraphs
        self._left = {"changed picture": 0, "changed row": 0, "changed paragraph": 0}
        self.shown = True

    def pictures(self, pair: tuple[Path | None, Path | None]) -> list[str]:
        """Return a pair of pictures as addresses, "" for one that is not there; none if they are too much.

        :attr:`shown` says afterwards whether they were shown.
        """
        addresses = [
            data_uri(path.read_text(encoding="utf-8"), "image/svg+xml") if path else "" for path in pair
        ]
        size = sum(map(len, addresses))
        self.shown = size <= self._bytes
        if not self.shown:
            self._left["changed picture"] += 1
            return []
        self._bytes -= size
        return addresses

    def rows(self, found: Sequence[Item]) -> list[Item]:
        """Return as many rows as may be shown."""
        kept = list(found[: min(ROWS_EACH, self._rows)])
        self._rows -= len(kept)
        self._left["changed row"] += len(found) - len(kept)
        return kept

    def text(self, found: Sequence[ParagraphChange]) -> list[ParagraphChange]:
        """Return as many paragraphs as may be shown."""
        kept = list(found[: min(PARAGRAPHS_EACH, self._paragraphs)])
        self._paragraphs -= len(kept)
        self._left["changed paragraph"] += len(found) - len(kept)
        return kept

    def left_out(self) -> list[str]:
        """Say what was left out so far."""
        return [f"{count:,} {what}{'' if count == 1 else 's'}" for what, count in self._left.items() if count]
