"""The body of a report: the cells of an executed notebook as HTML, by nbconvert."""

import html
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters.ansi import strip_ansi
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from helpers.data.errors import InputError
from helpers.reports.export_parts import FACTS_MARK, SOURCES_MARK, TEMPLATES

# Said in the title block of the page, so not again in the body.
_IN_TITLE_BLOCK = re.compile(r'<p class="(?:subtitle|notice|answer)">')
_SET_UP = "set-up"
_SET_UP_TAGS = {"parameters", "injected-parameters", "setup", "set-up"}


def report_body(notebook: NotebookNode, title: str, question: str) -> tuple[str, str]:
    """Convert the cells of an executed notebook.

    Left out are cells tagged ``remove`` or ``answer``, and what the title block says already. The sources
    and the facts cell become :data:`SOURCES_MARK` and :data:`FACTS_MARK`, which the page fills.

    Parameters
    ----------
    notebook
        Executed notebook, format 4.
    title, question
        As in the manifest; the same words at the top of the notebook are left out.

    Returns
    -------
    tuple of str
        HTML of the sections, and HTML of the parameters and set-up cells.

    Raises
    ------
    InputError
        If the notebook holds an error output.
    """
    refuse_errors(notebook)
    main, set_up = _split(_prepared_cells(notebook, title, question))
    return _convert(notebook, _joined(main)), _convert(notebook, _joined(set_up))


def refuse_errors(notebook: NotebookNode) -> None:
    """Refuse a notebook in which a cell ended in an error.

    Raises
    ------
    InputError
        Naming the cell (counted from 1) and the error.
    """
    faults = [
        f"cell {number} ended in {output.get('ename', 'an error')}: {output.get('evalue', '')}".rstrip(": ")
        for number, cell in enumerate(notebook.cells, start=1)
        for output in cell.get("outputs", [])
        if output.output_type == "error"
    ]
    if faults:
        raise InputError([f"notebook.ipynb: {fault}; a report is not made of it" for fault in faults])


def _tags(cell: NotebookNode) -> set[str]:
    return set(cell.metadata.get("tags", []))


def _prepared_cells(notebook: NotebookNode, title: str, question: str) -> list[NotebookNode]:
    cells = []
    for number, original in enumerate(notebook.cells, start=1):
        cell = nbformat.from_dict(original)
        cell.metadata["number"] = number
        if {"remove", "answer"} & _tags(cell) or not cell.source.strip():
            continue
        if cell.cell_type == "markdown":
            cell.source = _without_title(cell.source, title, question)
        if cell.cell_type == "code":
            _prepare_outputs(cell)
        if cell.source.strip() or cell.get("outputs"):
            cells.append(cell)
    return cells


def _joined(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Put code that shows nothing into the fold of the code that follows it."""
    joined: list[NotebookNode] = []
    for cell in cells:
        before = joined[-1] if joined else None
        silent = before is not None and before.cell_type == "code" and not before.outputs
        if silent and cell.cell_type == "code" and cell.source:
            cell.source = f"{joined.pop().source}\n\n{cell.source}"
        joined.append(cell)
    return joined


def _without_title(source: str, title: str, question: str) -> str:
    """Take the notebook's H1 and the question out of a Markdown cell."""
    said = {f"# {title}", question}
    return "\n".join(line for line in source.splitlines() if line.strip() not in said).strip()


def _mark(cell: NotebookNode) -> str:
    """Return the mark of a cell that the page replaces by a table."""
    if cell.cell_type != "code":
        return ""
    if "sources" in _tags(cell) or "run.sources()" in cell.source:
        return SOURCES_MARK
    return FACTS_MARK if "facts" in _tags(cell) else ""


def _prepare_outputs(cell: NotebookNode) -> None:
    mark = _mark(cell)
    if mark:
        cell.source = ""
        cell.outputs = [nbformat.v4.new_output("display_data", data={"text/html": mark})]
        return
    cell.outputs = [
        output
        for output in cell.outputs
        if not _IN_TITLE_BLOCK.match(output.get("data", {}).get("text/html", "").lstrip())
    ]


def _split(cells: list[NotebookNode]) -> tuple[list[NotebookNode], list[NotebookNode]]:
    """Separate the sections from parameters and set-up, which go to the end of the page."""
    main: list[NotebookNode] = []
    set_up: list[NotebookNode] = []
    inside = False
    for cell in cells:
        heading = re.match(r"## +(.+)", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            inside = heading.group(1).strip().casefold() == _SET_UP
            if inside:
                cell.source = cell.source[heading.end() :].strip()
                if not cell.source:
                    continue
        (set_up if inside or _SET_UP_TAGS & _tags(cell) else main).append(cell)
    return main, set_up


def _convert(notebook: NotebookNode, cells: list[NotebookNode]) -> str:
    if not cells:
        return ""
    part = nbformat.from_dict(
        {"cells": cells, "metadata": notebook.metadata, "nbformat": 4, "nbformat_minor": 5}
    )
    body, _ = _exporter().from_notebook_node(part)
    return str(body).strip()


class _ReportExporter(HTMLExporter):  # type: ignore[misc]
    """nbconvert's HTML exporter without the second parse that rewrites inline SVG and adds alt texts."""

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: object
    ) -> tuple[str, dict[str, Any]]:
        self.register_filter(
            "filter_data_type", WidgetsDataTypeFilter(notebook_metadata=nb.metadata, parent=self)
        )
        body, resources = TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)
        return body, resources


@cache
def _exporter() -> _ReportExporter:
    exporter = _ReportExporter(template_name="notebook", extra_template_basedirs=[str(TEMPLATES)])
    # Once is enough; by default nbconvert does it after each of its preprocessors.
    exporter.optimistic_validation = True
    exporter.register_filter("safe_markdown", safe_markdown)
    exporter.register_filter("highlight_python", highlight_python)
    exporter.register_filter("printed_text", printed_text)
    exporter.register_filter("html_output", html_output)
    return exporter


class _Renderer(IPythonRenderer):  # type: ignore[misc]
    """Markdown to HTML: raw HTML is shown as text, links cannot run code, headings can be linked."""

    def heading(self, text: str, level: int, **attrs: object) -> str:
        # The class marks headings that the page numbers; helpers' own headings do not have it.
        level = max(level, 2)
        return f'<h{level} class="section" id="section-{slug(text)}">{text}</h{level}>\n'

    def block_code(self, code: str, info: str | None = None) -> str:
        if (info or "").strip() in {"python", "py"}:
            return highlight_python(code)
        return printed_text(code)

    def table(self, text: str) -> str:
        return scroll_box(f"<table>\n{text}</table>\n", "Table")


def safe_markdown(cell: Mapping[str, Any]) -> str:
    r"""Convert the Markdown source of a cell; raw HTML in it is shown as text and never runs.

    Examples
    --------
    >>> safe_markdown({"source": "Hello <script>alert(1)</script>"})
    '<p>Hello &lt;script&gt;alert(1)&lt;/script&gt;</p>\n'
    >>> safe_markdown({"source": "[x](javascript:alert(1))"})
    '<p><a href="#harmful-link">x</a></p>\n'
    """
    renderer = _Renderer(
        escape=True,
        allow_harmful_protocols=False,
        exclude_anchor_links=True,
        attachments=cell.get("attachments") or {},
    )
    return str(MarkdownWithMath(renderer=renderer).render(cell["source"]))


def slug(heading: str) -> str:
    """Turn a heading (HTML) into the end of an id.

    Examples
    --------
    >>> slug("Who is <em>where</em> &amp; why?")
    'who-is-where-why'
    """
    text = html.unescape(re.sub(r"<[^>]*>", "", heading)).casefold()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-") or "part"


@lru_cache(maxsize=512)  # the reports of one notebook show the same code
def highlight_python(source: str) -> str:
    """Colour Python source; everything in it is escaped."""
    code = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    return f'<pre class="highlight" tabindex="0"><code>{code.rstrip()}</code></pre>'


def printed_text(text: str) -> str:
    """Show printed text as it is, without terminal colours, escaped.

    Examples
    --------
    >>> printed_text("a < b")
    '<pre tabindex="0">a &lt; b</pre>'
    """
    return f'<pre tabindex="0">{html.escape(strip_ansi(text).rstrip())}</pre>'


def html_output(markup: str) -> str:
    """Pass on the HTML of a helper; a bare data frame gets a box in which it scrolls."""
    if re.search(r"<table\b[^>]*\bdataframe\b", markup):
        return scroll_box(markup, "Data table")
    return markup


def scroll_box(table: str, label: str) -> str:
    """Put a table into a box that scrolls sideways and can be reached by keyboard."""
    name = html.escape(label)
    return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{name}">{table}</div>'
