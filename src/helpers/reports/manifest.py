"""The manifest of a run: what the report must say of it beside its facts."""

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.data.catalog import dataset_origin
from helpers.data.errors import InputError
from helpers.figures.publish import Published
from helpers.reports.parameters import notebook_parameters, read_cells


def notebook_heading(path: Path) -> tuple[str, str]:
    """Return the H1 of a notebook and the question under it.

    Raises
    ------
    InputError
        If the first cell is not Markdown with an H1 and one paragraph.
    """
    cells = read_cells(path)
    found = re.match(r"# (.+)\n+(\S[^\n]*)", cells[0]["source"]) if cells else None
    if not found or cells[0]["cell_type"] != "markdown":
        raise InputError(f"{path.name}: the first cell must hold '# Title', an empty line and the question")
    return found.group(1).strip(), found.group(2).strip()


def heading_and_meanings(path: Path, parameters: Mapping[str, object]) -> dict[str, Any]:
    """Return title, question and parameters of a run, each parameter with what it means."""
    title, question = notebook_heading(path)
    meanings = {parameter.name: parameter.meaning for parameter in notebook_parameters(path)}
    values = {name: {"value": value, "meaning": meanings[name]} for name, value in parameters.items()}
    return {"title": title, "question": question, "parameters": values}


def dataset_entries(tables: Mapping[str, list[str]], root: Path) -> list[dict[str, Any]]:
    """Return one entry a dataset that a run rests on.

    Parameters
    ----------
    tables
        Tables that were read, by the name of the dataset they were made from.
    root
        The project's folder.
    """
    return [_dataset_entry(name, tables[name], root) for name in sorted(tables)]


def _dataset_entry(name: str, tables: list[str], root: Path) -> dict[str, Any]:
    origin = dataset_origin(name, root)
    texts = ("title", "producer", "citation", "url", "licence", "retrieved", "vintage", "kind")
    return {
        "name": name,
        **{key: str(getattr(origin, key)) for key in texts},
        "tables": tables,
        "files": [{"name": file.name, "sha256": file.sha256, "rows": file.rows} for file in origin.files],
    }


def merged_entries(groups: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, dict[str, Any]]:
    """Return one entry a dataset of several reports, by name.

    Parameters
    ----------
    groups
        Who read them -> entries as from :func:`dataset_entries`.

    Raises
    ------
    InputError
        If two of them read different versions of one dataset.
    """
    merged: dict[str, dict[str, Any]] = {}
    first: dict[str, str] = {}
    for reader, entries in groups.items():
        for entry in entries:
            name = str(entry["name"])
            known = merged.setdefault(name, {**entry, "tables": []})
            if [dict(file) for file in known["files"]] != [dict(file) for file in entry["files"]]:
                raise InputError(
                    f"dataset {name}: {first[name]} and {reader} read different versions of it; "
                    "build the reports again: evidence build"
                )
            first.setdefault(name, reader)
            known["tables"] = list(dict.fromkeys([*known["tables"], *entry["tables"]]))
    return dict(sorted(merged.items()))


def published_entry(published: Published) -> dict[str, Any]:
    """Return the entry of one figure or table.

    Returns
    -------
    dict
        ``id``, ``number``, ``caption``, ``alt``, ``sources`` (names of datasets), ``sample``, ``note``,
        ``files`` and ``types`` (column of the CSV -> kind of value); for a table also ``columns`` (column
        shown -> label and format) and ``highlight``; ``cited`` where it was published by another report.
    """
    entry: dict[str, Any] = {
        "id": published.id,
        "number": published.number,
        "caption": published.caption,
        "alt": published.alt,
        "sources": list(published.sources),
        "sample": published.sample,
        "note": published.note,
        "files": [str(file) for file in published.files],
        "types": dict(published.types),
    }
    if published.kind == "table":
        entry["columns"] = {name: list(words) for name, words in published.columns.items()}
        entry["highlight"] = published.highlight
    if published.cited is not None:
        entry["cited"] = dict(published.cited)
    return entry


def sources_html(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the datasets of a run as an HTML list, for the notebook.

    Parameters
    ----------
    entries
        As from :func:`dataset_entries`.
    """
    items = []
    for entry in entries:
        title, citation, vintage, kind, licence = (
            html.escape(entry[key]) for key in ("title", "citation", "vintage", "kind", "licence")
        )
        items.append(
            f"<li><strong>{title}</strong>. {citation} Figures of {vintage}; {kind}; {licence}.</li>"
        )
    return f"<ul>{''.join(items)}</ul>"
