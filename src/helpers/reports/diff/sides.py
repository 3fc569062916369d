"""Reports as a comparison reads them: from a build, from what was published, or one report's folder."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.files import sha256_of
from helpers.data.project import project_root
from helpers.reports.incremental.memory import CACHE
from helpers.reports.runs import SLUG
from helpers.reports.staging import SUCCESS, read_json
from helpers.reports.values import ISO_DATE, shown

MADE_FROM = "made_from.json"
PAGE = "report.html"


@dataclass(frozen=True)
class Report:
    """One report that was built or published.

    Attributes
    ----------
    slug
        Name of the report.
    folder
        Holds facts.json, manifest.json, run.json, figures/ and tables/.
    page
        The report's HTML file.
    facts
        Facts by name, as in facts.json.
    manifest, run
        Contents of manifest.json and run.json.
    made_from
        What the run depended on, if that was noted: ``key``, ``reads``, ``export`` as the build notes them.
    """

    slug: str
    folder: Path
    page: Path
    facts: Mapping[str, Mapping[str, Any]]
    manifest: Mapping[str, Any]
    run: Mapping[str, Any]
    made_from: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sample(self) -> bool:
        """Whether anything in it rests on sample data."""
        facts = any(fact.get("sample") for fact in self.facts.values())
        return bool(self.manifest.get("sample")) or facts

    def items(self, kind: str) -> dict[str, Mapping[str, Any]]:
        """Return the entries of ``"figures"`` or ``"tables"`` by id."""
        return {str(entry["id"]): entry for entry in self.manifest.get(kind, [])}

    def file(self, entry: Mapping[str, Any] | None, ending: str) -> Path | None:
        """Return a file of a figure or table by its ending; ``None`` if there is none."""
        for name in (entry or {}).get("files", []):
            path = self.folder / str(name)
            if str(name).endswith(ending) and path.resolve().is_relative_to(self.folder.resolve()):
                return path if path.is_file() else None
        return None


@dataclass(frozen=True)
class Side:
    """All reports of one folder.

    Attributes
    ----------
    name
        The folder as the page names it: inside the project its path, else only its last part.
    reports
        By slug.
    single
        Whether the folder is that of one report.
    notes
        What a reader must know of how it was read.
    """

    name: str
    reports: Mapping[str, Report]
    single: bool = False
    notes: tuple[str, ...] = ()


def read_side(folder: Path) -> Side:
    """Read the reports of a build, of a folder of published reports, or one report.

    Parameters
    ----------
    folder
        ``reports/build`` or a copy of it; ``reports/published``, where of each report the latest date is
        taken; or the folder of one report, built or published.

    Raises
    ------
    InputError
        If there is no such folder, no report in it, or a file of a report is no JSON.
    """
    name = _shown_name(folder)
    if not folder.is_dir():
        raise InputError(f"{shown(name)}: there is no such folder")
    if is_report(folder):
        report = read_report(folder)
        return Side(name, {report.slug: report}, single=True, notes=tuple(_notes(folder, report)))
    dates = [path for path in _folders(folder) if ISO_DATE.fullmatch(path.name) and is_report(path)]
    if dates:
        report = read_report(dates[-1])
        return Side(f"{name}/{dates[-1].name}", {report.slug: report}, single=True)
    found = {report.slug: (path, report) for path, report in _reports_in(folder)}
    if not found:
        raise InputError(
            f"{shown(name)}: holds no report; allowed are folders of a build, of published reports, or of one"
        )
    notes = [note for path, report in found.values() for note in _notes(path, report)]
    return Side(name, {slug: report for slug, (_, report) in sorted(found.items())}, notes=tuple(notes))


def is_report(folder: Path) -> bool:
    """Say whether a folder is that of a report, built or published."""
    return (folder / PAGE).is_file() and any(
        (folder / inside / "facts.json").is_file() for inside in ("", "data")
    )


def read_report(folder: Path) -> Report:
    """Read one report.

    Raises
    ------
    InputError
        If one of its files is missing or no JSON object.
    """
    inside = folder if (folder / "facts.json").is_file() else folder / "data"
    facts = _content(inside / "facts.json").get("facts", [])
    run = _content(inside / "run.json")
    slug = str(run.get("slug") or folder.name)
    return Report(
        slug=slug,
        folder=inside,
        page=folder / PAGE,
        facts={str(fact["name"]): fact for fact in facts},
        manifest=_content(inside / "manifest.json"),
        run=run,
        made_from=_made_from(folder, inside, slug),
    )


def _made_from(folder: Path, inside: Path, slug: str) -> Mapping[str, Any]:
    """Return what the run depended on: kept beside a published report, noted in the memory of a build."""
    kept = read_json(inside / MADE_FROM)
    if isinstance(kept, dict):
        return kept
    noted = read_json(folder.parent / CACHE / "reports" / f"{slug}.json")
    marker = folder / SUCCESS
    if isinstance(noted, dict) and marker.is_file() and noted.get("marker") == sha256_of(marker):
        return {name: noted.get(name) or {} for name in ("key", "reads", "export")}
    return {}


def _reports_in(folder: Path) -> Iterator[tuple[Path, Report]]:
    for path in _folders(folder):
        if is_report(path) and SLUG.fullmatch(path.name):
            yield path, read_report(path)
            continue
        dates = [inner for inner in _folders(path) if ISO_DATE.fullmatch(inner.name) and is_report(inner)]
        if dates:
            yield dates[-1], read_report(dates[-1])


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))


def _notes(folder: Path, report: Report) -> Iterator[str]:
    if report.folder == folder and not (folder / SUCCESS).is_file():
        yield f"{report.slug}: its build in {_shown_name(folder.parent)} was not finished"


def _shown_name(folder: Path) -> str:
    """Name a folder without telling where it lies on this machine."""
    path, root = folder.resolve(), project_root().resolve()
    return path.relative_to(root).as_posix() if path != root and path.is_relative_to(root) else path.name


def _content(path: Path) -> dict[str, Any]:
    where = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        raise InputError(f"{where}: is missing")
    content = read_json(path)
    if not isinstance(content, dict):
        raise InputError(f"{where}: is not a JSON object")
    return content
