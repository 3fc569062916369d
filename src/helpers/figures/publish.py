"""The one function that publishes a figure, chart or map alike."""

import base64
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.figure import Figure

from helpers.figures.downloads import csv_text, csv_types, data_uri, download_link, write_text
from helpers.figures.png import draw_png
from helpers.figures.remembered import Drawn, drawn
from helpers.figures.sources import (
    NO_DATA_TEXT,
    SAMPLE_MARK,
    Published,
    SourceLine,
    check_alternative,
    check_identity,
    marked_caption,
    source_html,
    source_text,
)
from helpers.figures.style import NARROW, VERMILION, WIDE, Layout
from helpers.figures.svg import draw_svg, inline_svg, with_metadata
from helpers.figures.tables import Columns, default_columns, html_table

if TYPE_CHECKING:
    import folium

__all__ = ["DrawingFunction", "Published", "SourceLine", "publish"]

DrawingFunction = Callable[..., Figure]
"""``draw(data: DataFrame, layout: Layout, **options) -> Figure``"""


@dataclass(frozen=True)
class _Pictures:
    """Wide and narrow for the page; ``svg`` and ``png`` are wide, to take home, and say what they are."""

    wide: str
    narrow: str
    svg: str
    png: bytes


def publish(
    draw: DrawingFunction,
    data: pd.DataFrame,
    *,
    id: str,
    number: int,
    caption: str,
    alt: str,
    sources: list[SourceLine],
    folder: Path,
    options: Mapping[str, Any] | None = None,
    sample: bool = False,
    interactive: "folium.Map | None" = None,
    columns: Columns | None = None,
    note: str | None = None,
) -> Published:
    """Draw a figure for page and telephone, write its files and return the element that shows it.

    Parameters
    ----------
    draw
        Drawing function ``draw(data, layout, **options) -> Figure``.
    data
        What is drawn. Written in full to the CSV. Where it is empty, the alternative text says so instead
        of ``alt`` and there is no interactive map.
    id
        Identifier, ``[a-z0-9-]+``; the anchor is ``fig-<id>``.
    number
        Number in the report, from 1.
    caption, alt
        Caption, and what the picture shows in words; plain text.
    sources
        Datasets the figure rests on.
    folder
        Run folder; ``figures/<id>.svg``, ``.png`` (wide, twice screen size) and ``.csv`` are written there.
    options
        Passed on to the drawing function.
    sample
        Whether the figure rests on made-up data; picture, caption and table are then marked so.
    interactive
        Map to show as well; the picture is its static twin.
    columns
        Columns of the folded table with label and format; by default all of them.
    note
        What must be said beside the source, e.g. about the boundaries of a map.

    Returns
    -------
    Published
        With the files relative to ``folder``.

    Raises
    ------
    InputError
        If id, number, caption, alternative text, sources or columns are not acceptable.
    """
    check_identity("figure", id, number, caption, sources)
    check_alternative(id, caption, alt)
    if data.empty:
        alt, interactive = f"{NO_DATA_TEXT}.", None
    shown = marked_caption(caption, sample)
    facts = {
        "Title": f"Figure {number}. {shown}",
        "Description": marked_caption(alt, sample),
        "Source": source_text(sources, note),
    }
    pictures = _pictures(draw, data, id, dict(options or {}), sample, facts)
    table = html_table(
        data,
        caption=_table_caption(number, shown),
        columns=columns or default_columns(data),
        highlight=_highlight(options),
    )
    csv = csv_text(data)
    files = _write(folder, id, pictures, csv)
    parts = [
        f'<div class="picture wide">{inline_svg(pictures.wide)}</div>',
        f'<div class="picture narrow" style="display:none">{inline_svg(pictures.narrow)}</div>',
        _interactive(interactive, number, shown),
        f'<figcaption><span class="label">Figure {number}.</span> {escape(shown)} '
        f"{source_html(sources)}{_note_html(note)}</figcaption>",
        _downloads(id, pictures, csv),
        f'<details class="figure-data"><summary>Data behind Figure {number}</summary>'
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="Data behind Figure {number}">'
        f"{table}</div></details>",
    ]
    kind = "evidence-figure has-interactive" if interactive is not None else "evidence-figure"
    html = f'<figure id="fig-{id}" class="{kind}">{"".join(parts)}</figure>'
    return Published(
        "figure",
        id,
        number,
        shown,
        alt,
        html,
        files,
        sources=tuple(line.name for line in sources),
        sample=sample,
        note=note or "",
        types=csv_types(data),
    )


def _pictures(
    draw: DrawingFunction,
    data: pd.DataFrame,
    id: str,
    options: dict[str, Any],
    sample: bool,
    facts: Mapping[str, str],
) -> _Pictures:
    name, spoken = facts["Title"].split(".", 1)[0], facts["Description"]

    def drawn_now() -> Drawn:
        wide, narrow = (_drawn(draw, data, layout, options, sample) for layout in (WIDE, NARROW))
        return Drawn(
            wide=draw_svg(wide, f"{id}-w", spoken, name),
            narrow=draw_svg(narrow, f"{id}-n", spoken, name),
            png=draw_png(wide, facts),
        )

    pictures = drawn(drawn_now, draw, data, options, (id, sample, dict(facts)))
    return _Pictures(
        wide=pictures.wide,
        narrow=pictures.narrow,
        svg=with_metadata(pictures.wide, facts),
        png=pictures.png,
    )


def _drawn(
    draw: DrawingFunction, data: pd.DataFrame, layout: Layout, options: dict[str, Any], sample: bool
) -> Figure:
    fig = draw(data, layout, **options)
    if sample:
        mark_sample(fig)
    return fig


def mark_sample(fig: Figure) -> None:
    """Write "illustrative sample data" across a figure, from corner to corner, as large as fits."""
    width, height = fig.get_size_inches() * 72
    angle = math.atan2(height, width)
    across, up = math.cos(angle), math.sin(angle)
    # Half an em a letter, and lines are 1.2 em high.
    long, high = 0.5 * len(SAMPLE_MARK), 1.2
    size = 0.92 * min(width / (long * across + high * up), height / (long * up + high * across))
    fig.text(
        0.5,
        0.5,
        SAMPLE_MARK,
        rotation=math.degrees(angle),
        rotation_mode="anchor",
        ha="center",
        va="center",
        fontsize=size,
        weight="bold",
        color=VERMILION,
        alpha=0.28,
        zorder=1000,
        gid="sample-mark",
    )


def _highlight(options: Mapping[str, Any] | None) -> str | None:
    value = (options or {}).get("highlight")
    return value if isinstance(value, str) else None


def _table_caption(number: int, caption: str) -> str:
    return f"Data behind Figure {number}. {caption}"


def _write(folder: Path, id: str, pictures: _Pictures, csv: str) -> tuple[Path, ...]:
    base = Path("figures")
    write_text(folder / base / f"{id}.svg", _document(pictures.svg))
    write_text(folder / base / f"{id}.csv", csv)
    (folder / base / f"{id}.png").write_bytes(pictures.png)
    return tuple(base / f"{id}.{ending}" for ending in ("svg", "png", "csv"))


def _document(svg: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg}\n'


def _downloads(id: str, pictures: _Pictures, csv: str) -> str:
    png = "data:image/png;base64," + base64.b64encode(pictures.png).decode("ascii")
    links = [
        download_link(f"{id}.svg", "SVG", data_uri(pictures.svg, "image/svg+xml")),
        download_link(f"{id}.png", "PNG", png),
        download_link(f"{id}.csv", "CSV", data_uri(csv, "text/csv")),
    ]
    return f'<p class="downloads">Download: {", ".join(links)}</p>'


def _note_html(note: str | None) -> str:
    return f' <span class="note">{escape(note)}</span>' if note else ""


def _interactive(interactive: "folium.Map | None", number: int, caption: str) -> str:
    if interactive is None:
        return ""
    # Loading folium takes half a second, and most figures are no maps.
    from helpers.figures.webmap_page import frame_html

    frame = frame_html(interactive, f"Interactive map of Figure {number}: {caption}")
    return f'<div class="interactive">{frame}</div>'
