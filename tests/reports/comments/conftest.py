"""A small project with two built reports, and the ways in which reviewers fill in and save a sheet."""

import csv
import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
import openpyxl
import pytest

from helpers.reports.comments.sheet import review_sheet
from helpers.reports.comments.workbook import sheet_xlsx
from helpers.reports.export import export_report

SLUG, OTHER = "policy_paper-eu27", "policy_paper-at"
FACTS: Mapping[str, tuple[object, str, str]] = {
    "total": (1302, "1,302", "cluster organisations"),
    "share": (0.767, "at least 76.7\xa0%", "of the regions"),
    "formula": ("=1+1", "=1+1", "a name like a formula"),
}
RECOMMENDATIONS = (("R01", "Map the gaps", "Map capacity gaps every year."), ("R02", "Train", "Train staff."))
Marks = Mapping[str, tuple[str, str]]


def fact(name: str) -> dict[str, Any]:
    value, text, unit = FACTS[name]
    base: dict[str, Any] = {"name": name, "value": value, "text": text, "unit": unit, "datasets": []}
    return base | {"sample": False, "interval": None, "bound": None, "note": ""}


def manifest(figures: Sequence[str], tables: Sequence[str]) -> dict[str, Any]:
    def entries(kind: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        return [
            {"id": id_, "number": at, "caption": f"{kind} of {id_}", "files": []}
            for at, id_ in enumerate(ids, 1)
        ]

    return {
        "notebook": "90_policy_paper",
        "title": "Position paper",
        "subtitle": "EU-27",
        "question": "What is to be done?",
        "answer": 'There are <a class="fact" href="#fact-total">1,302</a>.',
        "parameters": {},
        "notices": [],
        "sample": False,
        "datasets": [],
        "checks": [],
        "figures": entries("Picture", figures),
        "tables": entries("Rows", tables),
    }


def cells(figures: Sequence[str], tables: Sequence[str]) -> list[nbformat.NotebookNode]:
    def shown(markup: str) -> nbformat.NotebookNode:
        output = nbformat.v4.new_output("display_data", data={"text/html": markup, "text/plain": "x"})
        return nbformat.v4.new_code_cell("run.show()", outputs=[output])

    rows = "".join(f"<tr><th>{one}</th><td>{text}</td></tr>" for one, _, text in RECOMMENDATIONS)
    made = [nbformat.v4.new_markdown_cell("## Landscape")]
    svg = '<svg role="img" aria-label="A picture"></svg>'
    made += [shown(f'<figure id="fig-{one}">{svg}<figcaption>{one}</figcaption></figure>') for one in figures]
    made.append(nbformat.v4.new_markdown_cell("## Recommendations"))
    made += [
        shown(f'<div id="table-{id_}"><table>{rows if id_ == "recommendations" else ""}</table></div>')
        for id_ in tables
    ]
    return made


def build(
    root: Path,
    slug: str = SLUG,
    facts: Sequence[str] = tuple(FACTS),
    figures: Sequence[str] = ("map", "bars"),
    tables: Sequence[str] = ("recommendations", "counts"),
) -> Path:
    """Put a report into the project as a build leaves it."""
    folder = root / "reports" / "build" / slug
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells(figures, tables)), folder / "notebook.ipynb")
    (folder / "manifest.json").write_text(json.dumps(manifest(figures, tables)), encoding="utf-8")
    (folder / "facts.json").write_text(json.dumps({"facts": [fact(one) for one in facts]}), encoding="utf-8")
    with (folder / "tables" / "recommendations.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("recommendation_id", "title", "text"), *RECOMMENDATIONS])
    export_report(folder, {"slug": slug, "ended": "2026-11-20T10:00:00Z"}, root)
    return folder


def page_of(root: Path, slug: str = SLUG) -> str:
    return (root / "reports" / "build" / slug / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("reviews") / "project"
    build(root)
    build(root, OTHER)
    return root


@pytest.fixture
def project(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = shutil.copytree(built, tmp_path / "project")
    monkeypatch.setenv("EVIDENCE_ROOT", str(root))
    return root


def fill(path: Path, marks: Marks, name: str = "A. B.", slug: str = SLUG) -> None:
    """Fill in a sheet as a spreadsheet program does, and save it in its place."""
    book = openpyxl.load_workbook(path)
    sheet = book["review"]
    sheet["B1"].value = name
    left = dict(marks)
    for row in sheet.iter_rows(min_row=4):
        if row[0].value == slug and row[1].value in left:
            row[4].value, row[5].value = left.pop(row[1].value)
            row[5].data_type = "s"
    assert not left, "the sheet lacks a row"
    book.save(path)


@pytest.fixture
def filled(project: Path, tmp_path: Path) -> Callable[..., Path]:
    """Hand out a sheet, and have it filled in."""
    count = iter(range(99))

    def made(marks: Marks, name: str = "A. B.", slugs: Sequence[str] = (SLUG,), slug: str = SLUG) -> Path:
        path = tmp_path / f"sheet{next(count)}.xlsx"
        path.write_bytes(sheet_xlsx(review_sheet(slugs, root=project)))
        fill(path, marks, name, slug)
        return path

    return made


def as_csv(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Save the rows of a workbook as CSV, as spreadsheet programs do."""
    text = io.StringIO()
    sheet = openpyxl.load_workbook(path)["review"]
    csv.writer(text, delimiter=delimiter).writerows(
        ["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)
    )
    target = path.with_suffix(".csv")
    target.write_bytes(text.getvalue().encode(encoding))
    return target


def on_disk(root: Path) -> dict[str, bytes]:
    """Return everything that is kept of reviews."""
    folder = root / "reports" / "reviews"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
