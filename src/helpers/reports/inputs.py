"""What a run has read: tables, the datasets behind them, and whether they are sample data."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data.catalog import dataset_origin
from helpers.data.errors import InputError
from helpers.data.origin import ORIGIN_NAME
from helpers.data.process import read_meta, read_table
from helpers.data.project import raw_folder
from helpers.data.survey.describe import is_sample
from helpers.data.vintages import vintages
from helpers.figures.publish import SourceLine
from helpers.reports.manifest import dataset_entries, merged_entries
from helpers.reports.reads import COUNTRY, declaration_id, rows_id, rows_of, table_id
from helpers.reports.waves import Wave, find_wave

_OF_SOURCE_LINES = ("name", "title", "vintage", "kind", "citation")


class InputsRead:
    """The tables that a run has read, and the datasets that it thereby rests on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._tables: dict[str, list[str]] = {}
        self._ids: dict[str, dict[str, Any]] = {}
        self._origins: dict[str, str | None] = {}
        self._files: dict[str, str] = {}
        self._vintages: dict[str, list[str]] = {}
        self._composed: dict[str, dict[str, str]] = {}
        self._adopted: dict[str, list[Mapping[str, Any]]] = {}

    def table(
        self, name: str, country: str | Sequence[str] | None = None, *, raw_row: bool = False
    ) -> pd.DataFrame:
        """Read a table of ``data/processed``, whole or the rows of some countries, and note its datasets.

        Parameters
        ----------
        name
            Name of the table.
        country
            Eurostat code or codes: only these rows are read, and only a change in them builds the report
            again.
        raw_row
            With ``country``: keep the column ``raw_row``. The line numbers count then, too, and they move
            when rows of other countries are added before these.

        Raises
        ------
        InputError
            If there is no such table, or it has no column ``country``.
        """
        frame, meta = read_table(name, self.root), read_meta(name, self.root)
        for dataset in meta["datasets"]:
            used = self._tables.setdefault(dataset["name"], [])
            if name not in used:
                used.append(name)
            self._note_origin(dataset["name"])
        noted = self._ids.setdefault(name, {"id": table_id(meta), "rows": {}})
        if country is None:
            noted["whole"] = True
            return frame
        if COUNTRY not in frame:
            known = ", ".join(map(str, frame.columns))
            raise InputError(f"table {name!r}: has no column {COUNTRY!r} to choose rows by; it has: {known}")
        codes = [country] if isinstance(country, str) else list(country)
        rows = noted["rows"].setdefault("with_raw_row" if raw_row else "plain", {})
        for code in codes:
            rows[code] = rows_id(rows_of(frame, [code], raw_row=raw_row))
        return rows_of(frame, codes, raw_row=raw_row)

    def vintage(self, dataset: str) -> str:
        """Return what date the figures of a dataset speak of."""
        vintage = str(dataset_origin(dataset, self.root).vintage)
        self._note_origin(dataset)
        return vintage

    def wave(self, questionnaire: str, vintage: str) -> Wave:
        """Find a wave of a questionnaire, and note which there are: another may be the latest soon."""
        found = find_wave(questionnaire, vintage, self.root)
        self._vintages[questionnaire] = vintages(questionnaire, self.root)
        return found

    def waves_until(self, wave: Wave) -> list[Wave]:
        """Return the waves of a questionnaire up to one, made up or observed as it is, the oldest first."""
        known = self._vintages.setdefault(wave.questionnaire, vintages(wave.questionnaire, self.root))
        until = [
            name for name in known if name <= wave.vintage and is_sample(name) == is_sample(wave.vintage)
        ]
        return [find_wave(wave.questionnaire, name, self.root) for name in until]

    def has(self, dataset: str) -> bool:
        """Say whether there is such a dataset, and note if there is none: it may be there soon."""
        there = (raw_folder(self.root) / dataset / ORIGIN_NAME).is_file()
        if not there:
            self._origins[dataset] = None
        return there

    def note_file(self, path: Path) -> None:
        """Note that the run has read another file of the project, such as the facts of another report.

        Raises
        ------
        InputError
            If it is not a file inside the project.
        """
        if not path.is_file() or not path.resolve().is_relative_to(self.root.resolve()):
            raise InputError(f"{path.name}: not a file of the project")
        name = path.resolve().relative_to(self.root.resolve()).as_posix()
        self._files[name] = hashlib.sha256(path.read_bytes()).hexdigest()

    def note_composed(self, slug: str, part: str, found: str) -> None:
        """Note that the run has looked at a part of another report, see :mod:`helpers.reports.contents`."""
        self._composed.setdefault(slug, {})[part] = found

    def adopt(self, slug: str, entries: Sequence[Mapping[str, Any]]) -> None:
        """Let the run rest on the datasets of a report that it composes, as its manifest lists them.

        Raises
        ------
        InputError
            If the report read another version of a dataset than this run, or another of its reports.
        """
        self._adopted[slug] = list(entries)
        self._entries()

    def reads(self) -> dict[str, Any]:
        """Return what was read, by content, for the manifest: see :mod:`helpers.reports.reads`.

        Returns
        -------
        dict
            ``tables``: name -> ``id``, and ``rows`` (country -> id, apart with and without line numbers)
            where only rows were read. ``origins``: dataset -> id, None of one that was not there. ``files``:
            path -> SHA-256. ``vintages``: questionnaire -> the waves that there were. ``composed``, if any:
            slug of another report -> what was looked at -> id.
        """
        tables = {
            name: {"id": noted["id"], **({} if "whole" in noted else {"rows": noted["rows"]})}
            for name, noted in sorted(self._ids.items())
        }
        return {
            "tables": tables,
            "origins": dict(sorted(self._origins.items())),
            "files": self._files,
            "vintages": self._vintages,
            **({"composed": dict(sorted(self._composed.items()))} if self._composed else {}),
        }

    def _note_origin(self, dataset: str) -> None:
        if dataset not in self._origins:
            path = raw_folder(self.root) / dataset / ORIGIN_NAME
            self._origins[dataset] = declaration_id(path.read_text(encoding="utf-8"))

    def entries(self) -> list[dict[str, Any]]:
        """Return one entry a dataset, for the manifest: those read here, and those of composed reports."""
        return list(self._entries().values())

    def _entries(self) -> dict[str, dict[str, Any]]:
        return merged_entries({"this run": dataset_entries(self._tables, self.root), **self._adopted})

    def source_lines(self, datasets: Sequence[str]) -> list[SourceLine]:
        """Return the source lines of some datasets."""
        entries = self._entries() if self._adopted else {}
        return [
            SourceLine(*(str(entries[name][key]) for key in _OF_SOURCE_LINES))
            if name in entries
            else SourceLine.of(name, dataset_origin(name, self.root))
            for name in datasets
        ]

    def any_sample(self, datasets: Sequence[str], where: str) -> bool:
        """Say whether any of the datasets is sample data.

        Raises
        ------
        InputError
            If none is named, or one that the run has not read.
        """
        adopted = {str(entry["name"]): entry for each in self._adopted.values() for entry in each}
        read = self._tables.keys() | adopted.keys()
        unread = [name for name in datasets if name not in read]
        if unread or not datasets:
            known = ", ".join(sorted(read)) or "none"
            raise InputError(
                f"{where}: rests on {', '.join(unread) or 'no dataset'}, but this run has read: {known}"
            )
        kinds = [
            adopted[name]["kind"] if name in adopted else dataset_origin(name, self.root).kind
            for name in datasets
        ]
        return "sample" in kinds
