"""The files of a plan by respondent: what they hold, and that only their owner may read them."""

import csv
import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.analysis import matching
from helpers.data.errors import InputError
from helpers.data.survey.staging import private_file, private_folder, restricted_folder
from helpers.data.survey.tables_out import CONTACTS
from helpers.data.survey.tables_out import read_table as read_guarded
from helpers.figures.downloads import csv_text
from helpers.figures.sources import SAMPLE_MARK, SourceLine, marked_caption
from helpers.figures.workbook import about_sheet, sheet_of, workbook
from helpers.reports.plan_market import Case, offers_in
from helpers.reports.waves import Wave

FOLDER = "plans"
PLAN, UNMET, SHADOW = "Plan", "Unmet needs", "Shadow prices"
_REMARK = (
    "Amounts are capacity as stated, free or not; kilometres are as the crow flies to the centre of the "
    "country that needs. Personal data: for those who carry the plan out, and for nobody else."
)
_LABELS = {
    PLAN: {
        "amount": ("Amount", ",.0f"),
        "km": ("Kilometres", ",.0f"),
        "days": ("Days on the way", ",.1f"),
        "share_of_offer": ("Share of the offer", ".1%"),
        "free_share": ("Free, as stated", ".0%"),
        "place_is": ("Place is the", ""),
        "product_label": ("Product", ""),
        "product": ("Product code", ""),
        "from_country": ("From, code", ""),
        "to_country": ("To, code", ""),
    },
    UNMET: {
        "name": ("Country", ""),
        "country": ("Country, code", ""),
        "needed": ("Needed", ",.0f"),
        "met": ("Met", ",.0f"),
        "unmet": ("Not met", ",.0f"),
        "share_unmet": ("Share not met", ".1%"),
    },
    SHADOW: {
        "of": ("Of", ""),
        "id": ("Country or respondent", ""),
        "amount": ("Needed or offered", ",.0f"),
        "value_more": ("One unit more is worth", ",.4f"),
        "value_less": ("One unit less", ",.4f"),
        "holds_more": ("Holds for so many more", ",.0f"),
        "holds_less": ("Holds for so many less", ",.0f"),
        "degenerate": ("Is a range", ""),
        "words": ("In words", ""),
    },
}


def contacts_of(wave: Wave, root: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return who the respondents of a wave are, and a remark if that is not there.

    Returns
    -------
    DataFrame
        Index ``respondent_id``, the columns of ``contacts.csv`` as they were stated.
    list of str
        Remarks.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    path = restricted_folder(root) / wave.questionnaire / wave.vintage / CONTACTS
    shown_at = path.relative_to(root)
    none = pd.DataFrame({"respondent_id": pd.Series(dtype="str")}).set_index("respondent_id")
    if not path.is_file():
        return none, [f"{shown_at}: is not there; the plan names respondents by their codes alone"]
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file), [])
        table = read_guarded(path, header)
    except ValueError as error:
        raise InputError(f"{shown_at}: cannot be read as CSV in UTF-8 ({type(error).__name__})") from None
    if "respondent_id" not in table or table["respondent_id"].duplicated().any():
        raise InputError(
            f"{shown_at}: needs a column respondent_id, each code once; `evidence ingest` writes it"
        )
    return table.set_index("respondent_id"), []


def plan_sheets(
    plan: matching.Plan,
    case: Case,
    people: pd.DataFrame,
    names: Mapping[str, str],
    words: tuple[str, str],
    focus: str | None = None,
) -> dict[str, pd.DataFrame]:
    """Return the sheets of a plan: who sends what, what stays unmet, what one more unit is worth.

    Parameters
    ----------
    plan
        The match of the case.
    case
        What was matched.
    people
        From `contacts_of`; their columns stand behind the code of the respondent.
    names
        Country code -> name.
    words
        Label and unit of the product.
    focus
        Country whose rows alone are returned.

    Returns
    -------
    dict
        Title -> table.
    """
    return {
        PLAN: _sent(plan, case, people, names, words, focus),
        UNMET: _unmet(plan, names, words[1], focus),
        SHADOW: _prices(plan, people, names, words[1], focus),
    }


def _sent(
    plan: matching.Plan,
    case: Case,
    people: pd.DataFrame,
    names: Mapping[str, str],
    words: tuple[str, str],
    focus: str | None,
) -> pd.DataFrame:
    """Return who sends what to whom, the largest amounts of each receiving country first."""
    offers = offers_in(case.offers, case.month).set_index("offer")
    flows = plan.flows
    table = pd.DataFrame({"respondent_id": flows["offer"]})
    known = people.reindex(table["respondent_id"]).reset_index(drop=True)
    country = table["respondent_id"].map(offers["country"])
    table["from_country"], table["from"] = country, country.map(names)
    table["from_place"] = table["respondent_id"].map(offers["place"])
    table["place_is"] = table["respondent_id"].map(offers["place_is"])
    table["to_country"], table["to"] = flows["need"], flows["need"].map(names)
    table["product"], table["product_label"] = flows["product"], words[0]
    table["amount"], table["unit"] = flows["amount"].round(2), words[1]
    table["month"] = flows["month"].dt.strftime("%Y-%m")
    table["km"], table["days"] = flows["km"].round(0), flows["days"].round(1)
    share = flows["amount"] / table["respondent_id"].map(offers["amount"])
    table["share_of_offer"] = share.round(4)
    table["free_share"] = table["respondent_id"].map(offers["free_share"]).round(4)
    # A column of contacts may bear any name that the questionnaire gives it.
    known.columns = [f"contact_{name}" if name in table else name for name in known.columns]
    table = pd.concat([table[["respondent_id"]], known, table.drop(columns="respondent_id")], axis=1)
    if focus:
        table = table[(table["from_country"] == focus) | (table["to_country"] == focus)]
    return table.sort_values(
        ["to_country", "amount", "respondent_id"], ascending=[True, False, True], ignore_index=True
    )


def _unmet(plan: matching.Plan, names: Mapping[str, str], unit: str, focus: str | None) -> pd.DataFrame:
    """Return what each country needs, gets and lacks, what lacks most first."""
    table = plan.unmet.rename(columns={"region": "country", "amount": "needed"})
    table = table.assign(
        name=table["country"].map(names), unit=unit, month=table["month"].dt.strftime("%Y-%m")
    )
    table = table[table["country"] == focus] if focus else table
    table = table.round({"needed": 2, "met": 2, "unmet": 2, "share_unmet": 4})
    table = table.sort_values(["unmet", "country"], ascending=[False, True], ignore_index=True)
    return table[["country", "name", "needed", "met", "unmet", "share_unmet", "unit", "month"]]


def _prices(
    plan: matching.Plan, people: pd.DataFrame, names: Mapping[str, str], unit: str, focus: str | None
) -> pd.DataFrame:
    """Return shadow prices of needs and of respondents' offers with the ranges over which they hold."""
    cheapest = plan if plan.fairness == "cheapest" else matching.match(plan.market)
    parts = []
    for of, key in (("needs", "need"), ("offers", "offer")):
        found = matching.shadow_prices(cheapest, of).rename(columns={key: "id"})
        country = found["id"] if of == "needs" else found["country"]
        parts.append(found.assign(of=of, country=country))
    table = pd.concat(parts, ignore_index=True)
    if focus:
        table = table[table["country"] == focus]
    place = table["country"].map(names).astype("object")
    first = people[people.columns[0]] if len(people.columns) else pd.Series(dtype="object")
    who = table["id"].map(first).astype("object")
    table = table.assign(name=who.where((table["of"] == "offers") & who.notna(), place), unit=unit)
    table = table.sort_values(["of", "value_more", "id"], ascending=[True, False, True], ignore_index=True)
    columns = ["of", "id", "name", "country", "amount", "unit", "value_more", "value_less"]
    return table[[*columns, "holds_more", "holds_less", "degenerate", "words"]]


def write_plan(
    sheets: Mapping[str, pd.DataFrame],
    *,
    wave: Wave,
    name: str,
    caption: str,
    sources: list[SourceLine],
    root: Path,
) -> tuple[Path, ...]:
    """Write the plan as CSV, and all sheets as a workbook: both or neither, for their owner only.

    Parameters
    ----------
    sheets
        From `plan_sheets`.
    wave
        Says in which folder.
    name
        Of the files, without their ending.
    caption
        What the plan is about.
    sources
        Datasets it rests on; if one of them is a sample, every sheet says so.
    root
        The project's folder.
    """
    sample = any(source.kind == "sample" for source in sources)
    if sample:
        sheets = {title: data.assign(data=SAMPLE_MARK) for title, data in sheets.items()}
    pages = [sheet_of(data, title, _columns(data, title)) for title, data in sheets.items()]
    about = about_sheet(marked_caption(caption, sample), sources, sample, _REMARK)
    folder = restricted_folder(root)
    private_folder(folder)
    for part in (FOLDER, wave.questionnaire, wave.vintage):
        folder = folder / part
        private_folder(folder)
    files = {
        folder / f"{name}.csv": csv_text(sheets[PLAN]).encode("utf-8"),
        folder / f"{name}.xlsx": workbook([*pages, about], caption),
    }
    replace_privately(files)
    return tuple(files)


def _columns(data: pd.DataFrame, sheet: str) -> dict[str, tuple[str, str]]:
    """Return label and format of every column, in its place."""
    known = _LABELS[sheet]
    names = [str(name) for name in data.columns]
    return {name: known.get(name, (name.replace("_", " ").capitalize(), "")) for name in names}


def replace_privately(files: Mapping[Path, bytes]) -> None:
    """Write files that only their owner may read, beside their places, then move all of them there."""
    parts = {path.with_name(f".{path.name}.part"): path for path in files}
    try:
        for part, path in parts.items():
            part.unlink(missing_ok=True)  # left by a run that was killed
            with os.fdopen(private_file(part), "wb") as file:
                file.write(files[path])
                file.flush()
                os.fsync(file.fileno())
        for part, path in parts.items():
            part.replace(path)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
