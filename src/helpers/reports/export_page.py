"""The page around the body of a report: title block, contents, facts, sources, provenance."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpers.data.errors import InputError
from helpers.reports.export_links import Section
from helpers.reports.export_parts import FACTS_MARK, SOURCES_MARK, TEMPLATES
from helpers.reports.export_policy import content_security_policy, frame_scripts
from helpers.reports.runs import check_slug

PROJECT = "Cluster evidence"
_IN_TITLE_BLOCK = {"slug", "notebook", "parameters", "status", "title", "subtitle"}
_HASH = re.compile(r"[0-9a-f]{64}")


@cache
def environment() -> Environment:
    """Return the Jinja environment of the page shells; it escapes everything."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.filters["number"] = show_number
    return made


@cache
def asset(name: str) -> str:
    """Return the text of a style sheet or script of the templates folder."""
    return (TEMPLATES / name).read_text(encoding="utf-8").strip()


def render_page(
    manifest: Mapping[str, Any],
    facts: Sequence[Mapping[str, Any]],
    run: Mapping[str, Any],
    body: str,
    set_up: str,
    sections: Sequence[Section],
    root: Path,
) -> str:
    """Render the whole page of one report.

    Parameters
    ----------
    manifest, facts, run
        Contents of manifest.json, facts.json and run.json.
    body, set_up
        HTML of the sections and of the set-up cells, trusted.
    sections
        Headings of the body, for the contents.
    root
        Folder of the project; its CITATION.cff, if there is one, says who made it.

    Raises
    ------
    InputError
        If a fact rests on a dataset that the manifest does not list, or a frame is not sandboxed.
    """
    template = environment().get_template("page.html.j2")
    context = _context(manifest, facts, run, root)
    context |= _anchors(sections, body)
    macros: Any = template.make_module(context)
    body = body.replace(SOURCES_MARK, str(macros.sources_table()), 1)
    body = body.replace(FACTS_MARK, str(macros.facts_table()), 1)
    script = asset("report.js")
    policy = content_security_policy([script, *frame_scripts(body)])
    return template.render(
        context, body=body, set_up=set_up, script=script, policy=policy, css=asset("report.css")
    )


def _context(
    manifest: Mapping[str, Any], facts: Sequence[Mapping[str, Any]], run: Mapping[str, Any], root: Path
) -> dict[str, Any]:
    shown = [_shown_fact(fact, manifest["datasets"]) for fact in facts]
    sample = bool(manifest.get("sample")) or any(fact["sample"] for fact in shown)
    built = long_date(str(run.get("built") or run.get("ended") or run.get("started") or ""))
    status = str(run.get("status") or "draft")
    return {
        "project": PROJECT,
        **{key: manifest.get(key) or "" for key in ("title", "subtitle", "question", "answer", "notebook")},
        **{key: manifest.get(key) or [] for key in ("notices", "checks")},
        "parameters": manifest.get("parameters") or {},
        "slug": str(run.get("slug") or manifest["notebook"]),
        "status": status,
        "sample": sample,
        "built": built,
        "commit": str(run.get("commit") or ""),
        "dirty": bool(run.get("dirty")),
        "datasets": [_shown_dataset(dataset) for dataset in manifest["datasets"]],
        "titles": {dataset["name"]: dataset["title"] for dataset in manifest["datasets"]},
        "facts": shown,
        "facts_uri": _data_uri({"facts": list(facts)}),
        "citation": citation(manifest, status, built, str(run.get("commit") or ""), root),
        "provenance": _provenance(run),
        "is_hash": _HASH.fullmatch,
        # Filled in last; empty while the macros of the template are read.
        **dict.fromkeys(("body", "set_up", "script", "policy", "css"), ""),
    }


def _anchors(sections: Sequence[Section], body: str) -> dict[str, Any]:
    """Add the generated sections to the contents where the notebook has none of its own."""
    placed = {"sources": SOURCES_MARK in body, "facts": FACTS_MARK in body}
    added = [Section(2, "", name, name.capitalize()) for name in placed if not placed[name]]
    headings = re.findall(r'<h[2-6] class="section" id="([^"]+)"', body.partition(SOURCES_MARK)[0])
    sources_id = headings[-1] if placed["sources"] and headings else "sources"
    return {"sections": [*sections, *added], "placed": placed, "sources_id": sources_id}


def _shown_fact(fact: Mapping[str, Any], datasets: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    known = {dataset["name"] for dataset in datasets}
    unknown = [name for name in fact["datasets"] if name not in known]
    if unknown:
        names = ", ".join(unknown)
        raise InputError(
            f"facts.json: fact {fact['name']} rests on {names}, which manifest.json does not list"
        )
    interval = fact.get("interval")
    shown = fact.get("text") or show_number(fact.get("value"))
    return {
        **fact,
        "note": fact.get("note") or "",
        "cited_href": _cited_href(fact.get("cited")),
        "sample": bool(fact.get("sample")),
        "shown": shown,
        "range": f"{show_number(interval[0])} to {show_number(interval[1])}" if interval else "",
    }


def _cited_href(cited: Mapping[str, Any] | None) -> str:
    """Return the address of a fact in the report that stated it first, on the same disk; it may be empty."""
    if not cited:
        return ""
    check_slug(str(cited["report"]))
    return f"../{cited['report']}/report.html#fact-{cited['fact']}"


def _shown_dataset(dataset: Mapping[str, Any]) -> dict[str, Any]:
    url = str(dataset.get("url") or "")
    link = url if url.startswith(("https://", "http://")) else ""
    return {**dataset, "url": url, "link": link, "citation": dataset.get("citation") or ""}


def show_number(value: object) -> str:
    """Write a number for readers; what is missing is ":" as Eurostat writes it.

    Examples
    --------
    >>> show_number(1302), show_number(0.25), show_number(None)
    ('1,302', '0.25', ':')
    """
    if value is None:
        return ":"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def long_date(moment: str) -> str:
    """Write an ISO date or time as readers do.

    Examples
    --------
    >>> long_date("2026-11-06T08:15:00Z")
    '6 November 2026'
    """
    try:
        day = date.fromisoformat(moment[:10])
    except ValueError:
        return moment
    return f"{day.day} {day:%B} {day.year}"


def citation(manifest: Mapping[str, Any], status: str, built: str, commit: str, root: Path) -> str:
    """Say how to cite the report; the authors are those of CITATION.cff."""
    title = manifest["title"] + (f": {manifest['subtitle']}" if manifest.get("subtitle") else "")
    version = f", version {commit[:8]}" if commit else ""
    marked = ". Illustrative sample data" if manifest.get("sample") else ""
    when = f" of {built}" if built else ""
    return f"{_authors(root)}{title}. {PROJECT}, {status}{when}{version}{marked}."


def _authors(root: Path) -> str:
    path = root / "CITATION.cff"
    if not path.is_file():
        return ""
    listed = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("authors") or []
    names = [a.get("name") or f"{a.get('family-names', '')}, {a.get('given-names', '')}" for a in listed]
    return f"{'; '.join(names)}: " if names else ""


def _provenance(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what run.json says beyond the title block, one line a hash or group of versions."""
    rows: list[tuple[str, str]] = []
    for name, value in run.items():
        if name in _IN_TITLE_BLOCK or value in (None, "", {}):
            continue
        label = name.replace("_", " ").replace("sha256", "(SHA-256)")
        if not isinstance(value, Mapping):
            rows.append((label, _yes_no(value)))
        elif all(_HASH.fullmatch(str(entry)) for entry in value.values()):
            rows += [(f"{label}: {key}", str(entry)) for key, entry in value.items()]
        else:
            rows.append((label, ", ".join(f"{key} {entry}" for key, entry in value.items())))
    return rows


def _yes_no(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _data_uri(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, indent=1, ensure_ascii=False)
    return f"data:application/json;base64,{base64.b64encode(text.encode()).decode()}"
