"""What a report depends on, put together so that it can be compared with what the last build noted."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from helpers.data.files import json_sha256
from helpers.data.project import build_folder
from helpers.data.vintages import vintages
from helpers.reports.contents import ReportContents, part_words
from helpers.reports.incremental.code import CodeGraph, notebook_code
from helpers.reports.incremental.memory import Memory
from helpers.reports.incremental.packages import installed_versions
from helpers.reports.incremental.tables import Tables
from helpers.reports.runs import ReportRun
from helpers.reports.staging import SUCCESS

LOCK = "requirements.lock"
CITATION = "CITATION.cff"
# Every report goes through these, whatever its notebook imports: the handle, and what executes the notebook.
_ALWAYS = ("helpers.reports.run", "helpers.reports.worker")
_SHOWN = 4


class Keys:
    """The keys of runs: everything that is known of them before they run.

    Parameters
    ----------
    memory
        Hashes of files, and what was read from notebooks and modules that have not changed.
    tables
        The processed tables as they are now.
    exporter
        ``module:function`` that makes the page.
    """

    def __init__(self, memory: Memory, tables: Tables, exporter: str) -> None:
        self.memory = memory
        self.tables = tables
        self.exporter = exporter
        self._graph: CodeGraph | None = None
        self._code: dict[tuple[str, ...], dict[str, str]] = {}
        self._versions: dict[tuple[str, ...], dict[str, str]] = {}
        self._notebooks: dict[str, dict[str, Any]] = {}
        self._declared: dict[str, str | None] = {}
        self._comments: dict[str, str | None] = {}
        self._fixed = {
            "lock": memory.sha256_or_none(memory.root / LOCK),
            "python": f"{sys.implementation.name} {sys.version.split()[0]}",
        }
        # Now, and not when it is noted: what is edited while the build runs is then seen by the next one.
        self.export = self._export()

    def of(self, run: ReportRun, packages: Iterable[str]) -> dict[str, Any]:
        """Return the key of a run.

        Parameters
        ----------
        run
            The report.
        packages
            Names of the packages whose versions count.

        Returns
        -------
        dict
            ``notebook`` (hash of cells and tags), ``parameters``, ``code`` (file -> hash), ``lock``,
            ``python``, ``packages`` (name -> version), and ``composes`` (key -> slug) if there is any.
        """
        noted = self._notebooks.get(run.notebook) or self.notebook(run.notebook)
        return {
            "notebook": noted["cells"],
            "parameters": run.parameters,
            "code": self.code((*noted["imports"], *_ALWAYS)),
            **self._fixed,
            "packages": self._installed(tuple(packages)),
            **({"composes": run.parts()} if run.composes else {}),
        }

    def _export(self) -> dict[str, Any]:
        """Return the key of the page: the code and templates that make it, and who is named as its author."""
        return {
            "code": self.code((self.exporter.partition(":")[0],)),
            "citation": self.memory.sha256_or_none(self.memory.root / CITATION),
        }

    def export_of(self, slug: str) -> dict[str, Any]:
        """Return the key of one report's page: that of all pages, and the review comments on this report."""
        if slug not in self._comments:
            path = self.memory.root / "reports" / "reviews" / slug / "comments.csv"
            self._comments[slug] = self.memory.sha256_or_none(path)
        return {**self.export, "comments": self._comments[slug]}

    def code(self, modules: tuple[str, ...]) -> dict[str, str]:
        """Return the files that some modules use, see :meth:`CodeGraph.closure`."""
        if modules not in self._code:
            self._graph = self._graph or CodeGraph(self.memory)
            self._code[modules] = self._graph.closure(modules)
        return self._code[modules]

    def notebook(self, name: str) -> dict[str, Any]:
        """Return hash, imports and possible names of tables of a notebook.

        Raises
        ------
        InputError
            If it is missing or no notebook.
        """
        path = self.memory.root / "notebooks" / f"{name}.ipynb"
        found = self.memory.sha256_or_none(path)
        noted: dict[str, Any] = self.memory.section("notebooks").get(name, {})
        if found is None or noted.get("file") != found:
            from helpers.reports.parameters import read_cells

            cells = read_cells(path)
            imports, texts = notebook_code(cells)
            noted = {"file": found, "cells": _cells_id(cells), "imports": imports, "texts": texts}
            self.memory.note("notebooks", name, noted)
        self._notebooks[name] = noted
        return noted

    def _installed(self, packages: tuple[str, ...]) -> dict[str, str]:
        if packages not in self._versions:
            self._versions[packages] = installed_versions(packages)
        return self._versions[packages]

    def changes_of_reads(self, reads: Mapping[str, Any]) -> Iterator[str]:
        """Say what of that which a run read is different now.

        Parameters
        ----------
        reads
            As :meth:`helpers.reports.inputs.InputsRead.reads` returned.
        """
        for name, noted in reads.get("tables", {}).items():
            yield from self._changes_of_table(name, noted)
        for dataset, found in reads.get("origins", {}).items():
            if dataset not in self._declared:
                self._declared[dataset] = self._declaration(dataset)
            if self._declared[dataset] != found:
                yield f"data/raw/{dataset}/origin.yml changed"
        for path, found in reads.get("files", {}).items():
            if self.memory.sha256_or_none(self.memory.root / path) != found:
                yield f"{path} changed"
        for questionnaire, found in reads.get("vintages", {}).items():
            if vintages(questionnaire, self.memory.root) != found:
                yield f"data/raw/{questionnaire}: waves were added or removed"

    def changes_of_composed(self, reads: Mapping[str, Any]) -> Iterator[str]:
        """Say what of that which a run looked at in other reports is different now."""
        for slug, parts in reads.get("composed", {}).items():
            folder = build_folder(self.memory.root) / slug
            if self.memory.faults(folder) is not None:
                yield f"{slug}: there is no whole report of it"
                continue
            now = self._parts(folder, parts)
            yield from (part_words(slug, part) for part in parts if now[part] != parts[part])

    def _parts(self, folder: Path, parts: Iterable[str]) -> dict[str, str | None]:
        """Return what identifies some parts of a whole report, and remember it for as long as it stays."""
        marker = self.memory.sha256_or_none(folder / SUCCESS)
        noted: dict[str, Any] = self.memory.section("composed").get(folder.name, {})
        known = dict(noted["parts"]) if noted.get("marker") == marker else {}
        unknown = [part for part in parts if part not in known]
        if unknown:
            contents = ReportContents(folder)
            known |= {part: contents.part_id(part) for part in unknown}
            self.memory.note("composed", folder.name, {"marker": marker, "parts": known})
        return known

    def _changes_of_table(self, name: str, noted: Mapping[str, Any]) -> Iterator[str]:
        stale = self.tables.stale(name)
        if stale is not None:
            yield f"table {name} is to be made again: {stale}"
        elif self.tables.id(name) != noted["id"] and "rows" not in noted:
            yield f"table {name} changed"
        elif self.tables.id(name) != noted["id"]:
            for kind, rows in noted["rows"].items():
                now = self.tables.rows(name, rows, kind)
                yield from (
                    f"table {name}: rows of {code} changed" for code in rows if now[code] != rows[code]
                )

    def _declaration(self, dataset: str) -> str | None:
        from helpers.reports.reads import declaration_id

        path = self.memory.root / "data" / "raw" / dataset / "origin.yml"
        found = self.memory.sha256_or_none(path)
        noted: dict[str, str] = self.memory.section("origins").get(dataset, {})
        if found is not None and noted.get("file") != found:
            noted = {"file": found, "declaration": declaration_id(path.read_text(encoding="utf-8"))}
            self.memory.note("origins", dataset, noted)
        return noted["declaration"] if found is not None else None


def _cells_id(cells: Iterable[Mapping[str, Any]]) -> str:
    """Return the hash of kind, source and tags of all cells; outputs and other metadata do not count."""
    return json_sha256([[c["cell_type"], c["source"], c["metadata"].get("tags", [])] for c in cells])


def changes(old: Mapping[str, Any], new: Mapping[str, Any], notebook: str) -> Iterator[str]:
    """Say in words how two keys of a run differ.

    Examples
    --------
    >>> old = {"parameters": {"scope": "AT"}, "lock": "a", "code": {"src/helpers/x.py": "1"}}
    >>> new = {"parameters": {"scope": "BE"}, "lock": "a", "code": {"src/helpers/x.py": "2"}}
    >>> list(changes(old, new, "10_counts"))
    ["parameter scope: 'AT' -> 'BE'", 'src/helpers/x.py changed']
    """
    if old.get("notebook") != new.get("notebook"):
        yield f"notebooks/{notebook}.ipynb changed"
    yield from _named("parameter ", old.get("parameters", {}), new.get("parameters", {}))
    yield from _named("composes ", old.get("composes", {}), new.get("composes", {}))
    yield from changed_code(old.get("code", {}), new.get("code", {}))
    if old.get("lock") != new.get("lock"):
        yield f"{LOCK} changed"
    if old.get("python") != new.get("python"):
        yield f"Python: {old.get('python')} -> {new.get('python')}"
    yield from _named("", old.get("packages", {}), new.get("packages", {}))


def changes_of_export(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """Say in words how two keys of a page differ."""
    yield from changed_code(old.get("code", {}), new.get("code", {}))
    if old.get("citation") != new.get("citation"):
        yield f"{CITATION} changed"
    if old.get("comments") != new.get("comments"):
        yield "review comments changed"


def _named(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield f"{kind}{name}: {_plain(old.get(name))} -> {_plain(new.get(name))}"


def _plain(value: object) -> str:
    text = "none" if value is None else repr(value)
    return text.strip("'") if re.fullmatch(r"'\d[\w.+-]*'", text) else text[:60]


def changed_code(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    """Name the files that differ, the first few of them."""
    if old == new:
        return []
    differ = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    words = [
        f"{path} {'changed' if path in old and path in new else 'is new' if path in new else 'is gone'}"
        for path in differ[:_SHOWN]
    ]
    more = len(differ) - len(words)
    return [*words, *([f"{more} more files of src/helpers changed"] if more else [])]
