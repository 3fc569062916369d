"""Rows of repeats found by the answer they belong to, in any order, outside the memory of the process."""

import json
import sqlite3
from collections.abc import Iterator, Sequence

from helpers.data.survey.export import Repeat, Row


class Repeated:
    """The rows of all repeats of an export, in a temporary database that vanishes with it.

    Parameters
    ----------
    repeats
        Each is read once, here.
    """

    def __init__(self, repeats: Sequence[Repeat]) -> None:
        self.names = [repeat.name for repeat in repeats]
        # An empty name is a private database that SQLite keeps in memory or a nameless file, as it needs.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(
            "CREATE TABLE rows (parent TEXT, at INTEGER, number INTEGER, cells TEXT, fault TEXT)"
        )
        self._database.execute("CREATE TABLE met (parent TEXT PRIMARY KEY) WITHOUT ROWID")
        self._database.execute("BEGIN")
        for at, repeat in enumerate(repeats):
            self._database.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", _records(at, repeat))
        self._database.execute("CREATE INDEX by_parent ON rows (parent)")

    def of(self, parent: str) -> list[tuple[str, Row]]:
        """Return the rows of one answer with the names of their tables, in the order of the files."""
        if not self.names:
            return []
        self._database.execute("INSERT OR IGNORE INTO met VALUES (?)", (parent,))
        found = self._database.execute(
            "SELECT at, number, cells, fault FROM rows WHERE parent = ? ORDER BY at, number", (parent,)
        )
        return [(self.names[at], Row(number, json.loads(cells), fault)) for at, number, cells, fault in found]

    def orphans(self) -> Iterator[tuple[str, Row]]:
        """Yield the rows whose answer `of` was never asked for."""
        found = self._database.execute(
            "SELECT at, number, cells, fault FROM rows WHERE parent NOT IN (SELECT parent FROM met) "
            "ORDER BY at, number"
        )
        for at, number, cells, fault in found:
            yield self.names[at], Row(number, json.loads(cells), fault)

    def close(self) -> None:
        """Forget everything."""
        self._database.close()


def _records(at: int, repeat: Repeat) -> Iterator[tuple[str, int, int, str, str]]:
    for row in repeat.rows():
        parent = row.cells[repeat.parent].strip()
        # ASCII escapes also carry what is no valid Unicode.
        yield parent.encode("utf-8", "replace").decode(), at, row.number, json.dumps(row.cells), row.fault
