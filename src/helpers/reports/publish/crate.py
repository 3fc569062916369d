"""The published folder described for machines: a Process Run Crate.

References
----------
RO-Crate 1.1, https://w3id.org/ro/crate/1.1; Process Run Crate 0.5, https://w3id.org/ro/wfrun/process/0.5.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from helpers.data.files import sha256_of
from helpers.reports.diff.sides import Report
from helpers.reports.export_page import PROJECT
from helpers.reports.publish.citing import Cited

NAME = "ro-crate-metadata.json"
NOTEBOOK = "data/notebook.ipynb"
_CRATE = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_CONTEXT = [f"{_CRATE}/context", "https://w3id.org/ro/terms/workflow-run/context"]
_SOFTWARE, _RUN = "#cluster-evidence", "#run"
_TYPES = {
    ".html": "text/html",
    ".json": "application/json",
    ".ipynb": "application/x-ipynb+json",
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".cff": "application/yaml",
    ".bib": "application/x-bibtex",
    ".txt": "text/plain",
}
Entity = dict[str, Any]


def crate(folder: Path, files: Iterable[str], report: Report, named: Cited) -> Entity:
    """Return the content of ``ro-crate-metadata.json``.

    Parameters
    ----------
    folder
        The published folder.
    files
        Paths of its files, relative, without the description itself.
    report
        As built: its run is the action, its parameters and raw files the action's objects.
    named
        Title, date, authors and licence.

    Returns
    -------
    dict
        A JSON-LD graph. Raw files are named with their checksum and are not in the crate.
    """
    entries = [_file(folder, name, report) for name in sorted(files)]
    agents = list(_agents(named))
    inputs = [*_parameters(report), *_inputs(report), *_datasets(report)]
    objects = [entity for entity in inputs if not str(entity["@id"]).startswith("#dataset-")]
    graph = [
        _descriptor(),
        _root(named, entries, agents),
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        _action(report, entries, objects, agents),
        _software(report),
        *agents,
        *_licence(named),
        *entries,
        *inputs,
    ]
    return {"@context": _CONTEXT, "@graph": graph}


def _ref(entity: Mapping[str, Any]) -> dict[str, str]:
    return {"@id": str(entity["@id"])}


def _descriptor() -> Entity:
    return {
        "@id": NAME,
        "@type": "CreativeWork",
        "conformsTo": {"@id": _CRATE},
        "about": {"@id": "./"},
    }


def _root(named: Cited, files: list[Entity], agents: list[Entity]) -> Entity:
    return {
        "@id": "./",
        "@type": "Dataset",
        "conformsTo": {"@id": _PROFILE},
        "name": named.title,
        "description": f"Report {named.slug} of {PROJECT}, its data, and how it was made.",
        "datePublished": named.day,
        "license": {"@id": _licence_id(named)},
        "author": [_ref(agent) for agent in agents],
        "version": named.version,
        "hasPart": [_ref(entry) for entry in files],
        "mentions": {"@id": _RUN},
    }


def _action(report: Report, files: list[Entity], objects: list[Entity], agents: list[Entity]) -> Entity:
    return {
        "@id": _RUN,
        "@type": "CreateAction",
        "name": f"Run of the notebook {report.manifest.get('notebook')} for {report.slug}",
        "description": f"evidence build --only {report.slug}",
        "instrument": {"@id": NOTEBOOK},
        "object": [_ref(entity) for entity in objects],
        "result": [_ref(entry) for entry in files if entry["@id"] != NOTEBOOK],
        "agent": _ref(agents[0]),
        "startTime": str(report.run.get("started") or ""),
        "endTime": str(report.run.get("ended") or ""),
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }


def _software(report: Report) -> Entity:
    packages = report.run.get("packages") or {}
    installed = [f"{name} {version}" for name, version in packages.items() if version != "not installed"]
    return {
        "@id": _SOFTWARE,
        "@type": "SoftwareApplication",
        "name": "cluster-evidence",
        "version": f"{report.run.get('helpers_version', '')} ({report.run.get('commit') or 'no commit'})",
        "softwareRequirements": [str(report.run.get("python") or "Python"), *installed],
    }


def _agents(named: Cited) -> Iterator[Entity]:
    for number, (author, name) in enumerate(zip(named.authors, named.names(), strict=True), start=1):
        person = "family-names" in author
        yield {
            "@id": author.get("orcid") or f"#author-{number}",
            "@type": "Person" if person else "Organization",
            "name": f"{author.get('given-names', '')} {author['family-names']}".strip() if person else name,
        }
    if not named.authors:
        yield {"@id": "#author-1", "@type": "Organization", "name": PROJECT}


def _licence_id(named: Cited) -> str:
    return f"https://spdx.org/licenses/{quote(named.licence)}" if named.licence else "#no-licence"


def _licence(named: Cited) -> Iterator[Entity]:
    text = named.licence or "No licence is stated"
    yield {"@id": _licence_id(named), "@type": "CreativeWork", "name": text}


def _file(folder: Path, name: str, report: Report) -> Entity:
    path = folder / name
    entity: Entity = {
        "@id": quote(name),
        "@type": ["File", "SoftwareSourceCode"] if name == NOTEBOOK else "File",
        "name": name,
        "contentSize": str(path.stat().st_size),
        "sha256": sha256_of(path),
    }
    kind = _TYPES.get(path.suffix)
    if kind:
        entity["encodingFormat"] = kind
    if name == NOTEBOOK:
        entity |= {
            "name": str(report.manifest.get("notebook")),
            "programmingLanguage": "Python",
            "runtimePlatform": str(report.run.get("python") or "Python"),
            "targetProduct": {"@id": _SOFTWARE},
        }
    caption = _captions(report).get(name)
    return {**entity, "description": caption} if caption else entity


def _captions(report: Report) -> dict[str, str]:
    return {
        f"data/{name}": str(entry.get("caption", ""))
        for kind in ("figures", "tables")
        for entry in report.items(kind).values()
        for name in entry.get("files", [])
    }


def _parameters(report: Report) -> Iterator[Entity]:
    for name, entry in (report.manifest.get("parameters") or {}).items():
        yield {
            "@id": f"#parameter-{name}",
            "@type": "PropertyValue",
            "name": str(name),
            "value": str(entry.get("value")),
            "description": str(entry.get("meaning") or ""),
        }


def _inputs(report: Report) -> Iterator[Entity]:
    datasets = {str(entry["name"]) for entry in report.manifest.get("datasets", [])}
    for path, checksum in (report.run.get("inputs") or {}).items():
        dataset = path.removeprefix("data/raw/").rpartition("/")[0]
        yield {
            "@id": f"#input-{quote(path)}",
            "@type": "CreativeWork",
            "name": path,
            "sha256": checksum,
            **({"isPartOf": {"@id": f"#dataset-{quote(dataset)}"}} if dataset in datasets else {}),
        }


def _datasets(report: Report) -> Iterator[Entity]:
    for entry in report.manifest.get("datasets", []):
        url = str(entry.get("url") or "")
        yield {
            "@id": f"#dataset-{quote(str(entry['name']))}",
            "@type": "CreativeWork",
            "name": str(entry.get("title") or entry["name"]),
            "creditText": str(entry.get("citation") or entry.get("producer") or ""),
            "temporalCoverage": str(entry.get("vintage") or ""),
            "conditionsOfAccess": str(entry.get("licence") or ""),
            **({"url": url} if url.startswith(("https://", "http://")) else {}),
        }
