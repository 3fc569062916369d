"""The reports that a run composes: opened when they are asked for, and their figures and tables copied."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path

import pandas as pd

from helpers.data.errors import InputError
from helpers.figures.cited import Numbered, cited_figure, renumbered_png, renumbered_svg
from helpers.figures.downloads import write_text
from helpers.figures.sources import Published, check_identity, marked_caption
from helpers.figures.tables import publish_table
from helpers.reports.composed import Composed, composition, open_composed
from helpers.reports.facts import Fact
from helpers.reports.inputs import InputsRead
from helpers.reports.values import did_you_mean, shown

Rows = int | Mapping[str, object]


class Composition:
    """The reports that one run composes.

    Parameters
    ----------
    notebook, parameters, root
        The run.
    inputs
        Notes what is read.
    """

    def __init__(
        self, notebook: str, parameters: Mapping[str, object], root: Path, inputs: InputsRead
    ) -> None:
        self.notebook = notebook
        self.parameters = parameters
        self.root = root
        self.inputs = inputs
        self._opened: dict[str, Composed] = {}
        self._composes: dict[str, str] | None = None

    def report(self, key: str) -> Composed:
        """Return one of the reports; see :func:`helpers.reports.composed.open_composed`."""
        if key not in self._opened:
            if self._composes is None:
                self._composes = composition(self.notebook, self.parameters, self.root)
            found = open_composed(key, self._composes, self.notebook, self.root, self.inputs.note_composed)
            self.inputs.adopt(found.slug, found.datasets)
            self._opened[key] = found
        return self._opened[key]

    def entries(self) -> list[dict[str, str]]:
        """Return one entry a report that was composed, for the manifest."""
        return [
            {"key": key, "slug": one.slug, "title": one.title, "subtitle": one.subtitle}
            for key, one in sorted(self._opened.items())
        ]

    def fact(self, key: str, name: str, as_: str | None) -> Fact:
        """Return a fact of another report under a name of this one."""
        report = self.report(key)
        fact = report.fact(name)
        return replace(fact, name=as_ or f"{key}_{name}", cited={"report": report.slug, "fact": name})

    def figure(self, key: str, id: str, as_id: str | None, number: int, folder: Path) -> Published:
        """Copy a figure into the folder of this run, with a number of its own."""
        report = self.report(key)
        entry = report.figure(id)
        lines = self.inputs.source_lines(entry["sources"])
        old, new = Numbered(id, int(entry["number"])), Numbered(as_id or f"{key}-{id}", number)
        check_identity("figure", new.id, number, entry["caption"], lines)
        svg, png, csv = (report.contents.file(entry, ending) for ending in (".svg", ".png", ".csv"))
        files = (
            renumbered_svg(svg.read_text(encoding="utf-8"), old, new),
            renumbered_png(png.read_bytes(), old, new),
            csv.read_text(encoding="utf-8"),
        )
        paths = tuple(Path("figures") / f"{new.id}.{ending}" for ending in ("svg", "png", "csv"))
        write_text(folder / paths[0], files[0])
        (folder / paths[1]).write_bytes(files[1])
        write_text(folder / paths[2], files[2])
        remark = _remark(report, f"fig-{id}", f"Figure {old.number}")
        return Published(
            "figure",
            new.id,
            number,
            entry["caption"],
            entry["alt"],
            cited_figure(report.contents.element(id), old, new, files, remark),
            paths,
            sources=tuple(entry["sources"]),
            sample=bool(entry["sample"]),
            note=entry["note"],
            types=entry["types"],
            cited={"report": report.slug, "figure": id},
        )

    def table(
        self,
        key: str,
        id: str,
        number: int,
        folder: Path,
        *,
        as_id: str | None,
        rows: Rows | None,
        columns: Sequence[str] | None,
    ) -> Published:
        """Publish a table of another report, whole or in part, with a number of this one."""
        report = self.report(key)
        entry = report.table_entry(id)
        where = f"table {id!r} of {report.slug}"
        data = report.table(id)
        chosen = data if rows is None else chosen_rows(data, rows, where)
        part = f"Shown are {len(chosen):,d} of {len(data):,d} rows." if len(chosen) < len(data) else ""
        published = publish_table(
            chosen,
            id=as_id or f"{key}-{id}",
            number=number,
            caption=entry["caption"].removeprefix(marked_caption("", sample=True)),
            sources=self.inputs.source_lines(entry["sources"]),
            folder=folder,
            columns=_chosen_columns(entry["columns"], columns, where),
            note=" ".join(filter(None, (entry["note"], part))) or None,
            sample=bool(entry["sample"]),
            highlight=entry["highlight"],
            workbook=any(str(name).endswith(".xlsx") for name in entry["files"]),
        )
        remark = _remark(report, f"table-{id}", f"Table {entry['number']}")
        start, found, end = published.html.rpartition('</p><p class="downloads">')
        return replace(
            published,
            html=f"{start} {remark}{found}{end}",
            cited={"report": report.slug, "table": id},
        )


def chosen_rows(data: pd.DataFrame, rows: Rows, where: str) -> pd.DataFrame:
    """Return some rows of a table.

    Parameters
    ----------
    data
        The table.
    rows
        How many from the top, or column -> value or values that it must have.
    where
        What the table is, for messages.

    Raises
    ------
    InputError
        If there is no such column, or no row has a value that is asked for.

    Examples
    --------
    >>> data = pd.DataFrame({"country": ["AT", "BE", "CY"], "sites": [3, 2, 1]})
    >>> chosen_rows(data, {"country": ["CY", "AT"]}, "t")["sites"].tolist()
    [3, 1]
    """
    if isinstance(rows, int):
        if rows < 1:
            raise InputError(f"{where}: rows={rows}; allowed are 1 and more, or column and values")
        return data.head(rows)
    kept = pd.Series(data=True, index=data.index)
    for column, wanted in rows.items():
        _refuse_unknown([column], list(data.columns), where)
        one = isinstance(wanted, str) or not isinstance(wanted, Sequence)
        values: list[object] = [wanted] if one else list(wanted)  # type: ignore[call-overload]
        missing = [value for value in values if not (data[column] == value).fillna(value=False).any()]
        if missing:
            raise InputError(f"{where}: no row has {shown(missing[0])} in the column {column}")
        kept &= data[column].isin(values)
    return data[kept].reset_index(drop=True)


def _chosen_columns(
    known: Mapping[str, Sequence[str]], columns: Sequence[str] | None, where: str
) -> dict[str, tuple[str, str]]:
    names = list(known) if columns is None else list(columns)
    _refuse_unknown(names, list(known), where)
    return {name: (known[name][0], known[name][1]) for name in names}


def _refuse_unknown(names: Sequence[str], known: Sequence[str], where: str) -> None:
    for name in names:
        if name not in known:
            near = did_you_mean(str(name), list(known))
            raise InputError(f"{where}: no column {shown(name)}{near}; it has: {', '.join(known)}")


def _remark(report: Composed, anchor: str, label: str) -> str:
    """Say where a figure or table was published first; the link leads there on the same disk."""
    address = f"../{report.slug}/report.html#{anchor}"
    link = f'<a href="{escape(address)}">{escape(label)}</a>'
    return f'<span class="cited">From {link} of the report {escape(report.name)}.</span>'
