"""From a number of a report to the rows and answers that it rests on, in three steps.

A fact stands in the report's table of facts (1), which names the report that stated it first (2), which names
datasets, files and their checksums, whose lines can be opened (3). What the report says of each step is held
against what is there: a trace that does not lead anywhere says so.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.project import build_folder, project_root
from helpers.reports.contents import ReportContents
from helpers.reports.runs import check_slug
from helpers.reports.staging import is_complete, read_json
from helpers.reports.trace_answers import Ids, ThemeAnswers
from helpers.reports.trace_places import same_value, stating_cell
from helpers.reports.trace_register import recommendation_ids, register_ids
from helpers.reports.trace_rows import TracedDataset, traced_dataset
from helpers.reports.values import did_you_mean, shown

KINDS = ("fact", "figure", "table", "recommendation", "answer")
_ANCHORS = {"fact": "fact", "figure": "fig", "table": "table"}
_SAME = ("value", "text", "unit", "interval", "bound", "note", "sample", "datasets")
THEMES, RECOMMENDATIONS = "40_bottleneck_themes", "60_recommendations"
_MOST_HOPS = 5


@dataclass(frozen=True)
class Stated:
    """What one report states: a fact, a figure or a table.

    Attributes
    ----------
    slug, kind, name
        Which report and what.
    said
        Text of the fact with its unit, or number and caption.
    entry
        As in ``facts.json`` or ``manifest.json``.
    page
        Where it stands, from the project's root.
    """

    slug: str
    kind: str
    name: str
    said: str
    entry: Mapping[str, Any]
    page: str

    @property
    def datasets(self) -> tuple[str, ...]:
        """Names of the datasets that it rests on."""
        return tuple(self.entry["datasets" if self.kind == "fact" else "sources"])

    @property
    def cited(self) -> tuple[str, str] | None:
        """The report that stated it first and its name there, if that is another one."""
        cited = self.entry.get("cited")
        return (str(cited["report"]), str(cited[self.kind])) if cited else None


@dataclass(frozen=True)
class Trace:
    """The way from what a report states to what it rests on.

    Attributes
    ----------
    stated
        What was asked for, then what it was taken from: the last one is stated by its own report.
    notebook
        Where the last one is stated, and from which commit; empty if that is not found.
    files
        Files of the last report that hold the data, or the value.
    datasets
        With files and lines.
    ids
        Answers, points and pieces of evidence behind it.
    faults
        Where the way breaks off.
    """

    stated: tuple[Stated, ...]
    notebook: str = ""
    files: tuple[str, ...] = ()
    datasets: tuple[TracedDataset, ...] = ()
    ids: tuple[Ids, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def all_faults(self) -> tuple[str, ...]:
        """Where the way breaks off, that of the files included."""
        files = [fault for dataset in self.datasets for file in dataset.files for fault in file.faults]
        return (*self.faults, *dict.fromkeys(files))


class Tracer:
    """Traces what the built reports of a project state; reads each report and wave of answers once.

    Parameters
    ----------
    root
        Project folder.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or project_root()
        self._reports: dict[str, ReportContents] = {}
        self._answers = ThemeAnswers(self.root)
        self._datasets: dict[tuple[str, str, str], TracedDataset] = {}

    def trace(self, slug: str, target: str) -> Trace:
        """Trace one target.

        Parameters
        ----------
        slug
            Report of ``reports/build``.
        target
            Name of a fact; or ``figure:``, ``table:`` with an id or a number, ``recommendation:``,
            ``answer:`` with an id.

        Raises
        ------
        InputError
            If there is no such report or target; with the nearest name.
        """
        kind, name = _kind_and_name(target)
        report = self.report(slug)
        if kind == "recommendation":
            return self._listed(report, recommendation_ids(report, name, self.root))
        if kind == "answer":
            return self._listed(report, self._answers.answer(report, name))
        first = _stated(report, kind, name)
        stated, faults = self._origin(first)
        last = stated[-1]
        stating = self._reports[last.slug]
        datasets = tuple(self._dataset(stating, dataset) for dataset in last.datasets)
        files = _csv(stating, last) if kind != "fact" else same_value(stating, last.entry["value"])
        return Trace(
            stated,
            notebook=stating_cell(stating, kind, last.name, self.root),
            files=files,
            datasets=datasets,
            ids=self._ids(stating, last) if kind == "fact" else (),
            faults=faults,
        )

    def report(self, slug: str) -> ReportContents:
        """Return a built report; raises as :meth:`trace`."""
        if slug not in self._reports:
            build = build_folder(self.root)
            check_slug(slug)
            if not (build / slug).is_dir():
                near = did_you_mean(
                    slug, sorted(path.name for path in build.glob("[a-z0-9]*") if path.is_dir())
                )
                raise InputError(f"the report {shown(slug)} is not built{near}; evidence build --only SLUG")
            if not is_complete(build / slug):
                raise InputError(f"the report {slug} is not whole; build it: evidence build --only {slug}")
            self._reports[slug] = ReportContents(build / slug)
        return self._reports[slug]

    def _origin(self, first: Stated) -> tuple[tuple[Stated, ...], tuple[str, ...]]:
        """Return what was asked for and what it was taken from, and where the two differ."""
        stated, faults = [first], []
        while (cited := stated[-1].cited) and len(stated) < _MOST_HOPS:
            here = stated[-1]
            try:
                there = _stated(self.report(cited[0]), here.kind, cited[1])
            except InputError as error:
                faults.append(f"{here.slug}, {here.kind} {here.name}: {error}")
                break
            faults += self._differences(here, there)
            stated.append(there)
        return tuple(stated), tuple(faults)

    def _differences(self, here: Stated, there: Stated) -> list[str]:
        where = f"{here.slug}, {here.kind} {here.name}"
        if here.kind == "fact":
            wrong = [name for name in _SAME if here.entry.get(name) != there.entry.get(name)]
            return [
                f"{where}: {name} is {shown(here.entry.get(name))}, but {there.slug} says "
                f"{shown(there.entry.get(name))}"
                for name in wrong
            ]
        ours, theirs = (
            self._reports[one.slug].file(one.entry, ".csv").read_text(encoding="utf-8").splitlines()
            for one in (here, there)
        )
        return [] if set(ours) <= set(theirs) else [f"{where}: its data are not those of {there.slug}"]

    def _dataset(self, report: ReportContents, name: str) -> TracedDataset:
        scope = str((report.manifest.get("parameters") or {}).get("scope", {}).get("value", ""))
        key = (report.folder.name, name, scope)
        if key not in self._datasets:
            self._datasets[key] = traced_dataset(report, name, self.root, scope)
        return self._datasets[key]

    def _ids(self, report: ReportContents, fact: Stated) -> tuple[Ids, ...]:
        if report.manifest["notebook"] == THEMES:
            return self._answers.behind(report, fact.entry)
        place = re.fullmatch(r"place_(r\d+)", fact.name)
        if place and report.manifest["notebook"] == RECOMMENDATIONS:
            return recommendation_ids(report, place[1].upper(), self.root)
        return register_ids(report, fact.name, self.root)

    def _listed(self, report: ReportContents, ids: tuple[Ids, ...]) -> Trace:
        names = dict.fromkeys(one.dataset for one in ids)
        return Trace((), datasets=tuple(self._dataset(report, name) for name in names), ids=ids)


def _kind_and_name(target: str) -> tuple[str, str]:
    kind, found, name = target.partition(":")
    if not found:
        return "fact", target
    if kind not in KINDS:
        near = did_you_mean(kind, KINDS)
        raise InputError(
            f"{shown(target)}: {shown(kind)} cannot be traced{near}; allowed: {', '.join(KINDS)}"
        )
    return kind, name


def _stated(report: ReportContents, kind: str, name: str) -> Stated:
    known = {"fact": report.facts, "figure": report.figures, "table": report.tables}[kind]
    if kind != "fact" and name.isascii() and name.isdigit():
        name = next((id for id, entry in known.items() if str(entry["number"]) == name), name)
    slug = report.folder.name
    if name not in known:
        near = _other(report, kind, name) or did_you_mean(name, list(known))
        there = "" if near else f"; it has: {', '.join(known) or 'none'}"
        raise InputError(f"the report {slug} has no {kind} {shown(name)}{near}{there}")
    entry = known[name]
    if kind == "fact":
        said = f"{entry['text']} ({entry['unit']})"
    else:
        said = f"{kind.capitalize()} {entry['number']}. {entry['caption']}"
    return Stated(slug, kind, name, said, entry, f"reports/build/{slug}/report.html#{_ANCHORS[kind]}-{name}")


def _other(report: ReportContents, kind: str, name: str) -> str:
    """Return how to ask for something of another kind that has this name."""
    others = {"fact": report.facts, "figure": report.figures, "table": report.tables}
    found = next((other for other, known in others.items() if other != kind and name in known), "")
    return f"; did you mean '{found}:{name}'?" if found else ""


def _csv(report: ReportContents, stated: Stated) -> tuple[str, ...]:
    path = report.file(stated.entry, ".csv")
    return (f"reports/build/{stated.slug}/{path.relative_to(report.folder).as_posix()}",)


def made_from(report: ReportContents) -> str:
    """Say which commit a report was built from."""
    run = read_json(report.folder / "run.json") or {}
    commit = str(run.get("commit") or "")[:10]
    return (f"commit {commit}" + (" with uncommitted changes" if run.get("dirty") else "")) if commit else ""
