"""Other reports as the one that composes them reads them: facts, figures and tables, never data."""

import html
import importlib
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.project import build_folder
from helpers.figures.downloads import read_csv_text
from helpers.reports.contents import ABOUT, DATASETS, FACTS, FIGURES, TABLES, ReportContents
from helpers.reports.facts import Fact
from helpers.reports.runs import COMPOSES_VARIABLE, check_slug
from helpers.reports.staging import is_complete
from helpers.reports.values import did_you_mean, shown

Note = Callable[[str, str, str], None]
"""Hears of slug, part and what identifies its content; see :mod:`helpers.reports.contents`."""
_ANCHORS = {"fact": "fact", "figure": "fig", "table": "table"}
"""Kind -> how the places begin that links lead to."""
_FACT_FIELDS = tuple(field.name for field in fields(Fact))


class Composed:
    """A built report, for the report that composes it.

    Whatever is looked at is noted: the composing report is built again when that changes, and not when
    another fact or figure does.

    Parameters
    ----------
    key
        Name by which the composing report knows it, such as ``clusters``.
    slug
        Name of its folder.
    contents
        The folder, complete.
    note
        Hears what is looked at.

    Attributes
    ----------
    title, subtitle
        As in its title block.
    answer
        The answer to its question, as plain text.
    sample
        Whether it rests on sample data.
    """

    def __init__(self, key: str, slug: str, contents: ReportContents, note: Note) -> None:
        self.key = key
        self.slug = slug
        self.contents = contents
        self._note = note
        manifest = contents.manifest
        self.title = str(manifest.get("title", ""))
        self.subtitle = str(manifest.get("subtitle", ""))
        self.answer = plain_answer(str(manifest.get("answer", "")))
        self.sample = bool(manifest.get("sample"))
        self._looked_at(ABOUT)
        self._looked_at(DATASETS)

    @property
    def name(self) -> str:
        """Title and subtitle, as a reader would call it."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def datasets(self) -> list[dict[str, Any]]:
        """The datasets that it rests on, as in its manifest."""
        return list(self.contents.manifest["datasets"])

    @property
    def facts(self) -> dict[str, Fact]:
        """All its facts by name."""
        self._looked_at(FACTS)
        return {name: _fact(entry) for name, entry in self.contents.facts.items()}

    @property
    def figures(self) -> dict[str, dict[str, Any]]:
        """What its manifest says of each figure, by id."""
        self._looked_at(FIGURES)
        return dict(self.contents.figures)

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """What its manifest says of each table, by id."""
        self._looked_at(TABLES)
        return dict(self.contents.tables)

    def fact(self, name: str) -> Fact:
        """Return one fact.

        Raises
        ------
        InputError
            If there is none of this name; says which are near.
        """
        entry = self._known("fact", name, self.contents.facts)
        return _fact(entry)

    def figure(self, id: str) -> dict[str, Any]:
        """Return what the manifest says of one figure; raises as :meth:`fact`."""
        return self._known("figure", id, self.contents.figures)

    def table_entry(self, id: str) -> dict[str, Any]:
        """Return what the manifest says of one table; raises as :meth:`fact`."""
        return self._known("table", id, self.contents.tables)

    def table(self, id: str) -> pd.DataFrame:
        """Return the rows of one table as they were published: whole numbers, numbers, truth values, texts.

        Raises
        ------
        InputError
            If there is no such table, or its file is not the report's own.
        """
        return self._data(self.table_entry(id))

    def figure_data(self, id: str) -> pd.DataFrame:
        """Return what a figure was drawn from; as :meth:`table`."""
        return self._data(self.figure(id))

    def evidence(self) -> pd.DataFrame:
        """Return all that can be cited of it.

        Returns
        -------
        DataFrame
            One row a fact, figure or table: ``report`` (key), ``slug``, ``kind`` (fact, figure, table),
            ``name``, ``text`` (value as prose shows it, or caption), ``unit``, ``sample``, ``link`` (to where
            it is stated).
        """
        rows = [
            (self.key, self.slug, "fact", fact.name, fact.text, fact.unit, fact.sample)
            for fact in self.facts.values()
        ]
        for kind, entries in (("figure", self.figures), ("table", self.tables)):
            rows += [
                (self.key, self.slug, kind, id, str(entry["caption"]), "", bool(entry.get("sample")))
                for id, entry in entries.items()
            ]
        table = pd.DataFrame(rows, columns=["report", "slug", "kind", "name", "text", "unit", "sample"])
        place = table["kind"].map(_ANCHORS) + "-" + table["name"]
        return table.assign(link="../" + table["slug"] + "/report.html#" + place)

    def _data(self, entry: Mapping[str, Any]) -> pd.DataFrame:
        path = self.contents.file(entry, ".csv")
        where = f"{self.slug}/{path.name}"
        return read_csv_text(path.read_text(encoding="utf-8"), entry.get("types") or {}, where)

    def _known(self, kind: str, name: str, known: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        if name not in known:
            names = ", ".join(known) or "none"
            raise InputError(
                f"{self.key}: the report {self.slug} has no {kind} {shown(name)}"
                f"{did_you_mean(str(name), list(known))}; it has: {names}"
            )
        self._looked_at(f"{kind}:{name}")
        if kind != "fact" and "sources" not in known[name]:
            raise InputError(
                f"{self.key}: the report {self.slug} was built by an older version; build it again"
            )
        return known[name]

    def _looked_at(self, part: str) -> None:
        found = self.contents.part_id(part)
        if found is not None:
            self._note(self.slug, part, found)


def _fact(entry: Mapping[str, Any]) -> Fact:
    given = {name: entry[name] for name in _FACT_FIELDS if name in entry}
    interval = given.get("interval")
    given["interval"] = (interval[0], interval[1]) if interval else None
    return Fact(**{**given, "datasets": tuple(given["datasets"])})


def plain_answer(markup: str) -> str:
    """Return the answer of a report as plain text.

    Examples
    --------
    >>> plain_answer('<strong><a class="fact" href="#fact-n">5</a> sites</strong> &amp; no more.')
    '5 sites & no more.'
    """
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def open_composed(key: str, composes: Mapping[str, str], notebook: str, root: Path, note: Note) -> Composed:
    """Return one of the reports that a run composes.

    Parameters
    ----------
    key
        Its name in ``composes``.
    composes
        Key -> slug.
    notebook
        Name of the composing notebook, for messages.
    root
        Project folder.
    note
        See :class:`Composed`.

    Raises
    ------
    InputError
        If there is no such key, or the report is not built; says how to build it.
    """
    if key not in composes:
        known = ", ".join(composes) or "nothing"
        raise InputError(
            f"{notebook}: composes no {shown(key)}{did_you_mean(key, list(composes))}; "
            f"reports/portfolio.yml says that it composes: {known}"
        )
    slug = composes[key]
    check_slug(slug)
    folder = build_folder(root) / slug
    if not is_complete(folder):
        state = "is not whole" if folder.exists() else "is not built"
        raise InputError(f"{key}: the report {slug} {state}; build it: evidence build --only {slug}")
    return Composed(key, slug, ReportContents(folder), note)


def composition(notebook: str, parameters: Mapping[str, object], root: Path) -> dict[str, str]:
    """Return which reports a run composes: what the build says, or, without one, the portfolio.

    Parameters
    ----------
    notebook, parameters
        The run.
    root
        Project folder.

    Returns
    -------
    dict
        Key -> slug.

    Raises
    ------
    InputError
        If there is no build, and no report of the portfolio is made of this notebook and these parameters.
    """
    given = os.environ.get(COMPOSES_VARIABLE)
    if given is not None:
        return {str(key): str(slug) for key, slug in json.loads(given).items()}
    # By name: only who works in JupyterLab needs these, so that no report is built again for their sake.
    memory = importlib.import_module("helpers.reports.incremental.memory").Memory(root)
    runs, _ = importlib.import_module("helpers.reports.incremental.portfolios").known_portfolio(memory)
    of_notebook = [run for run in runs if run.notebook == notebook]
    for run in of_notebook:
        if run.parameters == dict(parameters):
            return dict(run.parts())
    raise InputError(_no_such_report(notebook, parameters, of_notebook))


def _no_such_report(notebook: str, parameters: Mapping[str, object], known: Sequence[Any]) -> str:
    given = ", ".join(f"{name}={value}" for name, value in parameters.items())
    slugs = ", ".join(run.slug for run in known[:5]) + (", ..." if len(known) > 5 else "")
    return (
        f"{notebook}: no report of reports/portfolio.yml is made of this notebook with "
        f"{given or 'no parameters'}, so nothing says what it composes; "
        f"there are: {slugs or 'none of this notebook'}"
    )
