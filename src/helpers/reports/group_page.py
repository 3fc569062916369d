"""How the sheet of a working group looks: as a page and as a workbook."""

import html
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from helpers.analysis.collaboration.group_sheets import GroupSheet
from helpers.data.coding.harmless import harmless
from helpers.figures.sources import SAMPLE_MARK
from helpers.figures.workbook import SheetData, workbook
from helpers.reports.group_facts import KnownFact, link_from

_REMARK = (
    "For the members of this group and those who run it, and for nobody else. A contact stands here only if "
    "the member and each other member agreed, both ways; contacts of single pairs are in the folder contacts."
)
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f27;"
    "background:#fff}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;"
    "padding:.3rem .6rem;border-bottom:1px solid #dde1e7;overflow-wrap:anywhere}.mark{font-weight:bold}"
)
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>{title}</title><style>{style}</style></head>
<body><main><h1>{title}</h1>
{mark}<p>{remark}</p>
<h2>Who</h2>
{who}
<h2>Why</h2>
<ul>
{why}
</ul>
<h2>What to look at</h2>
{look_at}
</main></body></html>
"""


def sheet_page(
    title: str,
    sheet: GroupSheet,
    who: pd.DataFrame,
    facts: Mapping[str, KnownFact],
    folder: Path,
    *,
    sample: bool,
) -> str:
    """Return the sheet of a group as a page that runs nothing and loads nothing.

    Parameters
    ----------
    title
        Heading.
    sheet
        See `helpers.analysis.collaboration.group_sheets.sheet_of`.
    who
        Its members with ``contact``, missing where none may be shown.
    facts
        What the facts to look at say.
    folder
        Where the page will stand, for its links.
    sample
        Whether the participants are made up.
    """
    look_at = [
        [
            _text(row["because"].replace("theme: ", "need: ", 1)),
            _text(row["fact"].split("/")[1].replace("_", " ")),
            *_fact_cells(facts[row["fact"]], folder),
        ]
        for row in sheet.look_at.to_dict("records")
    ]
    people = [[_text(cell) for cell in row] for row in _people(who)]
    return _PAGE.format(
        title=_text(title),
        style=_STYLE,
        mark=f'<p class="mark">{_text(SAMPLE_MARK.capitalize())}: nobody expressed this interest.</p>\n'
        if sample
        else "",
        remark=_text(_REMARK),
        who=_table(("Code", "Kind", "Country", "Brings", "Contact"), people),
        why="\n".join(f"<li>{_text(reason)}</li>" for reason in sheet.why["reason"]),
        look_at=_table(("Because of", "Fact", "It says", "Report"), look_at),
    )


def _fact_cells(fact: KnownFact, folder: Path) -> list[str]:
    mark = f" ({SAMPLE_MARK})" if fact.sample else ""
    said = _text(f"{fact.text} {fact.unit}{mark}")
    slug = _text(fact.name.partition("/")[0])
    if fact.page is None:
        return [said, slug]
    return [said, f'<a href="{_text(link_from(folder, fact.page))}">{slug}</a>']


def _people(who: pd.DataFrame) -> list[list[str]]:
    rows = who.assign(contact=who["contact"].fillna(""), kind=who["kind"].str.replace("_", " "))
    return rows[["participant_id", "kind", "country", "brings", "contact"]].astype("str").to_numpy().tolist()


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; the cells are markup already."""
    head = "".join(f'<th scope="col">{_text(name)}</th>' for name in header)
    body = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody></table>"


def _text(text: object) -> str:
    return html.escape(harmless(str(text), longest=5000))


def sheet_workbook(
    title: str, sheet: GroupSheet, who: pd.DataFrame, facts: Mapping[str, KnownFact], *, sample: bool
) -> bytes:
    """Return the sheet of a group as a workbook; arguments as for `sheet_page`."""
    told = [
        (row["because"], row["fact"], facts[row["fact"]].text, facts[row["fact"]].unit)
        for row in sheet.look_at.to_dict("records")
    ]
    about = [("Group", sheet.group), ("Domain", sheet.domain), ("Remark", _REMARK)]
    if sample:
        about.append(("Data", f"{SAMPLE_MARK.capitalize()}: nobody expressed this interest"))
    sheets = [
        SheetData("Who", ("Code", "Kind", "Country", "Brings", "Contact"), _people(who)),
        SheetData("Why", ("Why these",), [(reason,) for reason in sheet.why["reason"]]),
        SheetData("What to look at", ("Because of", "Report and fact", "It says", "Unit"), told),
        SheetData("About this sheet", ("What", "It is"), about),
    ]
    return workbook(sheets, title)
