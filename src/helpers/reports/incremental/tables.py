"""Whether data/processed is up to date, asked without pandas; and the rows of some countries, with it."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.files import json_sha256
from helpers.data.project import processed_folder, raw_folder
from helpers.reports.incremental.code import PACKAGE, SHOWN
from helpers.reports.incremental.memory import Memory
from helpers.reports.incremental.packages import installed_versions
from helpers.reports.reads import COUNTRY, rows_id, rows_of, table_id
from helpers.reports.staging import read_json

_SECTION = "processed"


class Tables:
    """The tables of ``data/processed``, compared with what they were made from.

    Parameters
    ----------
    memory
        Hashes of files.
    """

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.root = memory.root
        self.folder = processed_folder(memory.root)
        self.metas: dict[str, dict[str, Any]] = {}
        for path in sorted(self.folder.glob("*.meta.json")):
            meta = read_json(path)
            self.metas[path.name.removesuffix(".meta.json")] = meta if isinstance(meta, dict) else {}
        named = {name for meta in self.metas.values() for name in meta.get("packages", {})}
        self._installed = installed_versions(named)
        self._stale: dict[str, str | None] = {}
        self._ids: dict[str, str | None] = {}

    def id(self, name: str) -> str | None:
        """Return what identifies the content of a table; ``None`` if it is not there."""
        if name not in self._ids:
            try:
                self._ids[name] = table_id(self.metas[name])
            except (KeyError, TypeError):
                self._ids[name] = None
        return self._ids[name]

    def stale(self, name: str) -> str | None:
        """Say why a table must be made again; ``None`` if it is what its inputs, code and packages make."""
        if name not in self._stale:
            meta = self.metas.get(name)
            self._stale[name] = next(self._changes(name, meta), None) if meta else "it was not made yet"
        return self._stale[name]

    def _changes(self, name: str, meta: Mapping[str, Any]) -> Iterator[str]:
        for kind, place in (("inputs", self.root), ("code", PACKAGE)):
            for path, found in meta.get(kind, {}).items():
                file = place / path.removeprefix(SHOWN) if kind == "code" else place / path
                if self.memory.sha256_or_none(file) != found:
                    yield f"{path} changed"
        for package, version in meta.get("packages", {}).items():
            if self._installed[package] != version:
                yield f"{package} {version} -> {self._installed[package]}"
        if self.memory.sha256_or_none(self.folder / f"{name}.parquet") != meta.get("sha256"):
            yield f"data/processed/{name}.parquet is not what was made"

    def are_current(self) -> bool:
        """Say whether ``evidence process`` would find nothing to do; in doubt it is asked."""
        known = self.memory.section(_SECTION).get("state")
        return known == self._state() and not any(map(self.stale, self.metas))

    def note_current(self) -> None:
        """Remember that the tables were just brought up to date."""
        self.memory.note(_SECTION, "state", self._state())

    def _state(self) -> str:
        """Return what decides which tables there are: origin.yml files, code, and the tables themselves."""
        raw = raw_folder(self.root)
        # A wave of a questionnaire lies one folder deeper than other datasets.
        origins = sorted([*raw.glob("*/origin.yml"), *raw.glob("*/*/origin.yml")])
        folders = sorted(path.relative_to(raw).as_posix() for path in [*raw.glob("*/"), *raw.glob("*/*/")])
        code = sorted((PACKAGE / "data").rglob("*.py"))
        hashed = [[path.name, path.parent.name, self.memory.sha256(path)] for path in [*origins, *code]]
        return json_sha256([hashed, folders, sorted(self.metas)])

    def rows(self, name: str, countries: Iterable[str], kind: str) -> dict[str, str | None]:
        """Return what identifies the rows of some countries, see :func:`helpers.reports.reads.rows_id`.

        Pandas is imported only if the table changed since these rows were last asked for.

        Parameters
        ----------
        name
            Name of a table.
        countries
            Eurostat codes.
        kind
            ``"plain"``, or ``"with_raw_row"``.
        """
        noted = self.memory.section("rows").get(name, {})
        if noted.get("id") != self.id(name):
            noted = {"id": self.id(name)}
        known: dict[str, str | None] = noted.setdefault(kind, {})
        unknown = [code for code in countries if code not in known]
        if unknown:
            known |= self._worked_out(name, unknown, raw_row=kind == "with_raw_row")
            self.memory.note("rows", name, noted)
        return {code: known[code] for code in countries}

    def _worked_out(self, name: str, countries: list[str], *, raw_row: bool) -> dict[str, str | None]:
        from helpers.data.process import read_table

        try:
            frame = read_table(name, self.root)
        except InputError:  # the table is gone, or not as its code wants it: its report runs and says so
            return dict.fromkeys(countries)
        if COUNTRY not in frame:
            return dict.fromkeys(countries)
        # Every country at once: the other reports will ask for theirs.
        codes = {*countries, *frame[COUNTRY].dropna().unique()}
        return {code: rows_id(rows_of(frame, [code], raw_row=raw_row)) for code in sorted(codes)}


def bring_up_to_date(memory: Memory, say: "Any") -> Tables:  # noqa: ANN401
    """Make the tables of ``data/processed`` that are missing or out of date, and say so only then."""
    tables = Tables(memory)
    if tables.are_current():
        return tables
    say("bringing data/processed up to date")
    from helpers.data.process import process

    process(memory.root)
    tables = Tables(memory)
    tables.note_current()
    return tables


def refuse_undeclared_changes(names: Iterable[str], tables: Tables) -> None:
    """Refuse raw files that are not those that their ``origin.yml`` declares.

    Parameters
    ----------
    names
        Tables that are to be read.
    tables
        Up to date.

    Raises
    ------
    InputError
        Naming each file, and what to do if the change is meant.
    """
    from helpers.data.origin import load_origin  # and not by the catalog, which needs pandas

    metas = [tables.metas[name] for name in sorted(set(names)) if name in tables.metas]
    datasets = sorted({dataset["name"] for meta in metas for dataset in meta["datasets"]})
    problems = []
    for dataset in datasets:
        for file in load_origin(raw_folder(tables.root) / dataset).files:
            path = f"data/raw/{dataset}/{file.name}"
            found = tables.memory.sha256_or_none(Path(tables.root) / path)
            if found != file.sha256:
                declared = f"declared {file.sha256[:12]}..." if file.sha256 else "none declared"
                problems.append(
                    f"{path}: is not the file that its origin.yml declares (SHA-256 {str(found)[:12]}..., "
                    f"{declared}); if the change is meant, run `evidence verify --update {dataset}`"
                )
    if problems:
        raise InputError(problems)
