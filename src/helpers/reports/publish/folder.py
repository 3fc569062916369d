"""The folder that is handed on: written beside its place, looked over, then moved there in one step."""

import csv
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.data.files import sha256_of
from helpers.data.project import build_folder
from helpers.data.survey.guard import escaped
from helpers.reports.diff.sides import MADE_FROM, PAGE, Report, Side, read_report
from helpers.reports.publish import crate as crates
from helpers.reports.publish.backtest import BackTest, published_folder
from helpers.reports.publish.citing import citation_bib, citation_cff, citation_text, cited
from helpers.reports.publish.composed import BESIDE, broken_links, linked_reports, links_as_published
from helpers.reports.publish.parts import write_documents, write_figure_pack
from helpers.reports.staging import mark_success, write_json, write_text

STATUS = "published"
CHECKSUMS = "SHA256SUMS"
_PART = ".part-"
_WORK = ".work"
_IN_DATA = ("facts.json", "manifest.json", "run.json")


class FaultyFolderError(Exception):
    """A folder that was about to be published and is not as it should be: a fault of this program."""


def write_published(report: Report, day: str, test: BackTest, root: Path) -> tuple[Path, list[str]]:
    """Write the published folder of a report.

    Parameters
    ----------
    report
        As built; nothing speaks against publishing it.
    day
        Date of publication, ISO.
    test
        What changed since the last time, and why.
    root
        Project folder.

    Returns
    -------
    tuple
        ``reports/published/<slug>/<day>``, and notes on parts that could not be made.

    Raises
    ------
    FaultyFolderError
        If a page of the folder links a file that is not there.
    FileExistsError
        If the folder is there already.
    """
    target = published_folder(report.slug, root) / day
    with _staged(target) as staged:
        notes = _fill(staged, report, day, test, root)
        _look_over(staged)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Fails, as it should, if somebody else has just published under this date.
        staged.rename(target)
    return target, notes


@contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """Yield an empty folder on the same disk; what a killed run left there is removed first."""
    if target.exists():
        raise FileExistsError(17, "is there already and is never written over", target.name)
    above = target.parent.parent
    above.mkdir(parents=True, exist_ok=True)
    staged = above / f"{_PART}{target.parent.name}-{target.name}"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir()
    try:
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _fill(staged: Path, report: Report, day: str, test: BackTest, root: Path) -> list[str]:
    work = staged / _WORK
    made = _as_published(report.slug, report.slug, work, root)
    for other in linked_reports(report.slug, root):
        page = _as_published(other, report.slug, work, root) / PAGE
        (staged / BESIDE / other).mkdir(parents=True)
        shutil.copyfile(page, staged / BESIDE / other / PAGE)
    shutil.copyfile(made / PAGE, staged / PAGE)
    notes = [*write_documents(made, staged), *write_figure_pack(made, staged / "figure_pack")]
    _write_data(staged / "data", made, report, root)
    _write_changes(staged, test)
    shutil.rmtree(work)
    named = cited(report, day, root)
    write_text(staged / "CITATION.cff", citation_cff(named))
    write_text(staged / "citation.txt", citation_text(named) + "\n")
    write_text(staged / "citation.bib", citation_bib(named) + "\n")
    write_json(staged / crates.NAME, crates.crate(staged, _files(staged), read_report(staged), named))
    sums = [f"{sha256_of(staged / name)}  {name}\n" for name in _files(staged)]
    write_text(staged / CHECKSUMS, "".join(sums))
    return notes


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _as_published(slug: str, main: str, work: Path, root: Path) -> Path:
    """Make a copy of a built report whose page says that it is published, and return its folder."""
    from helpers.reports.export import export_report

    folder = work / slug
    shutil.copytree(build_folder(root) / slug, folder, ignore=shutil.ignore_patterns(".*"))
    run = dict(read_report(folder).run)
    run["status"] = STATUS if slug == main else f"{STATUS} with {main}"
    write_json(folder / "run.json", run)
    page = export_report(folder, run, _bare_project(work, root))
    write_text(page, links_as_published(page.read_text(encoding="utf-8"), slug, main))
    mark_success(folder)
    return folder


def _bare_project(work: Path, root: Path) -> Path:
    """Return a project folder that holds the citation and nothing else: no comments of reviewers by name."""
    bare = work / ".project"
    bare.mkdir(exist_ok=True)
    if (root / "CITATION.cff").is_file():
        shutil.copyfile(root / "CITATION.cff", bare / "CITATION.cff")
    return bare


def _write_data(data: Path, made: Path, report: Report, root: Path) -> None:
    """Copy what the report shows: facts, figures and tables, each as a file; no raw data."""
    names = [*_IN_DATA]
    for kind in ("figures", "tables"):
        names += [str(name) for entry in report.items(kind).values() for name in entry.get("files", [])]
    for name in dict.fromkeys(names):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made / name, data / name)
    notebook = root / "notebooks" / f"{report.manifest['notebook']}.ipynb"
    shutil.copyfile(notebook, data / "notebook.ipynb")
    write_json(data / MADE_FROM, dict(report.made_from))


def _write_changes(staged: Path, test: BackTest) -> None:
    """Write what changed since the last time: a table with the reasons, and the page that shows it."""
    if test.last is None:
        return
    from helpers.reports.diff.compare import Comparison, compare_reports
    from helpers.reports.diff.page import write_diff

    day = test.last.page.parent.name
    rows = [["fact", "tier", "old", "new", "reason"]]
    for change in test.changes:
        texts = [str((fact or {}).get("text") or "") for fact in (change.old, change.new)]
        rows.append([change.name, change.tier.title, *texts, (test.reasons or {}).get(change.name, "")])
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([escaped(cell) for cell in row] for row in rows)
    write_text(staged / f"changes_since_{day}.csv", stream.getvalue())
    now = read_report(staged)
    sides = Side(f"published on {day}", {now.slug: test.last}), Side("published now", {now.slug: now})
    comparison = Comparison(*sides, (compare_reports(test.last, now),))
    write_diff(comparison, staged / f"changes_since_{day}.html")


def _look_over(staged: Path) -> None:
    from helpers.reports.check.files import machine_paths

    faults = [f"leads to no file: {link}" for link in broken_links(staged)]
    texts = {".html", ".json", ".csv", ".txt", ".cff", ".bib", ".svg", ".ipynb"}
    for name in _files(staged):
        path = staged / name
        if path.suffix in texts:
            found = machine_paths(path.read_text(encoding="utf-8", errors="replace"))
            faults += [f"{name} names a path of this machine: {text}" for text in found]
    if faults:
        raise FaultyFolderError("; ".join(faults))
