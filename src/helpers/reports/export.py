"""From an executed notebook to the page that readers open."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from helpers.data.errors import InputError
from helpers.reports.comments.shown import show_comments
from helpers.reports.export_body import report_body
from helpers.reports.export_index import render_index
from helpers.reports.export_links import fill_cross_references, number_sections, refuse_unknown_facts
from helpers.reports.export_page import render_page
from helpers.reports.staging import read_object, write_text

__all__ = ["export_report", "render_index"]


def export_report(folder: Path, run: Mapping[str, Any], root: Path) -> Path:
    """Write ``report.html`` of one run: a single file that opens from disk and asks for nothing.

    Parameters
    ----------
    folder
        Folder of the run with ``notebook.ipynb`` (executed), ``manifest.json`` and ``facts.json``.
    run
        Provenance, as in run.json. ``slug``, ``status`` (draft if not stated), ``built``, ``ended`` or
        ``started`` (ISO), ``commit`` and ``dirty`` go into the title block; all of it into the footer.
    root
        Folder of the project.

    Returns
    -------
    Path
        ``folder/report.html``, replaced in one step.

    Raises
    ------
    InputError
        If a file is missing or no JSON, the notebook ended in an error, a cross reference or fact link
        leads nowhere, or a fact rests on a dataset that is not listed.
    """
    manifest = read_object(folder / "manifest.json")
    facts = read_object(folder / "facts.json")["facts"]
    body, set_up = report_body(_notebook(folder), manifest["title"], manifest["question"])
    body, sections = number_sections(body)
    manifest["answer"] = fill_cross_references(manifest["answer"], manifest, sections)
    body = fill_cross_references(body, manifest, sections)
    set_up = fill_cross_references(set_up, manifest, sections)
    refuse_unknown_facts(manifest["answer"] + body + set_up, facts)
    page = render_page(manifest, facts, run, body, set_up, sections, root)
    page = show_comments(page, folder, str(run.get("slug") or folder.name), root)
    path = folder / "report.html"
    write_text(path, page)
    return path


def _notebook(folder: Path) -> NotebookNode:
    path = folder / "notebook.ipynb"
    if not path.is_file():
        raise InputError(f"{folder.name}: {path.name} is missing")
    return nbformat.read(path, as_version=4)
