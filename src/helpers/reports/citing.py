"""The part of a notebook's handle that speaks of other reports: a policy paper states what they found."""

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

from helpers.figures.publish import Published
from helpers.reports.composed import Composed
from helpers.reports.composition import Composition, Rows
from helpers.reports.facts import Fact


class Citing:
    """What :class:`helpers.reports.run.Run` may do with the reports that it composes.

    ``composes`` in ``reports/portfolio.yml`` says which these are; the build makes them first.
    """

    folder: Path
    _composition: Composition

    def composed(self, key: str) -> Composed:
        """Return another report to read from, by its key in ``composes``.

        The run rests on its datasets from then on, and facts may name them as their source.

        Raises
        ------
        InputError
            If the report composes none of this key, or that one is not built.
        """
        return self._composition.report(key)

    def cite(self, key: str, name: str, as_: str | None = None) -> None:
        """State a fact of another report here, unchanged; its link leads there.

        Parameters
        ----------
        key
            Which report.
        name
            Name of the fact there.
        as_
            Name of the fact here; ``<key>_<name>`` if not given.

        Raises
        ------
        InputError
            If there is no such fact, or its name here is malformed or taken.
        """
        self._state(self._composition.fact(key, name, as_))

    def cite_figure(self, key: str, id: str, *, as_id: str | None = None) -> None:
        """Show a figure of another report here: same picture and words, with the next number of this one.

        Of an interactive map its static twin is shown. The id here is ``<key>-<id>`` if not given.
        """
        number = self._next_number("figure")
        self._show(self._composition.figure(key, id, as_id, number, self.folder))

    def cite_table(
        self,
        key: str,
        id: str,
        *,
        rows: Rows | None = None,
        columns: Sequence[str] | None = None,
        as_id: str | None = None,
    ) -> None:
        """Show a table of another report here, whole or in part, with the next number of this one.

        Parameters
        ----------
        key, id, as_id
            As for :meth:`cite_figure`.
        rows
            How many from the top, or column -> value or values that it must have; all if not given.
        columns
            Columns to show, of those that the other report shows.
        """
        number = self._next_number("table")
        table = self._composition.table
        self._show(table(key, id, number, self.folder, as_id=as_id, rows=rows, columns=columns))

    @abstractmethod
    def _state(self, fact: Fact) -> None:
        """Take in a fact."""

    @abstractmethod
    def _next_number(self, kind: str) -> int:
        """Return the number of the next figure or table."""

    @abstractmethod
    def _show(self, published: Published) -> None:
        """Take in and show a figure or table."""
