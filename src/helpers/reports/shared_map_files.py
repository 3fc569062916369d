"""The files of a map that is put at others' disposal: page, GeoJSON, CSV, and a text on what they are."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from helpers.analysis.capacity.published import STATUS_WORDS
from helpers.analysis.capacity.shown import ANONYMOUS, WHOLE
from helpers.analysis.disclosure import TOTAL
from helpers.data.origin import Origin
from helpers.figures.downloads import csv_text, is_missing
from helpers.figures.sources import SAMPLE_MARK
from helpers.figures.webmap_entries import EntryPage, entries_html, entry_map, totals_table
from helpers.reports.waves import Wave

FILES = ("map.html", "entries.geojson", "entries.csv", "totals.csv", "README.txt")
ALL_COUNTRIES = "All countries"
_BOUNDARIES = "Boundaries: Natural Earth, public domain."
_PLACES = "Towns and their coordinates: GeoNames (geonames.org), CC BY 4.0."


@dataclass(frozen=True)
class Shown:
    """What may be shown of one wave.

    ``origin`` and ``sources`` as declared; ``entries`` and ``amounts`` from
    `helpers.analysis.capacity.shown.shown_tables`, ``totals`` from
    `helpers.analysis.capacity.shown_totals.shown_totals`; ``answered`` counts the respondents that count;
    ``codes`` are the countries of the map, ``names`` the names of all.
    """

    wave: Wave
    origin: Origin
    sources: list[Origin]
    entries: pd.DataFrame
    amounts: pd.DataFrame
    totals: pd.DataFrame
    answered: int
    codes: list[str]
    names: dict[str, str]
    shapes: pd.DataFrame
    min_count: int

    @property
    def sample(self) -> bool:
        """Whether the answers are made up."""
        return self.origin.kind == "sample"

    @property
    def title(self) -> str:
        """Title of the page."""
        return f"{self.wave.title}: who can provide what, and where"

    def country(self, code: object) -> str:
        """Return the name of a country."""
        return ALL_COUNTRIES if code == TOTAL else self.names.get(str(code), str(code))


def map_files(shown: Shown) -> dict[str, bytes]:
    """Return the content of each file; the same input gives the same bytes."""
    tables = {"entries.csv": entries_csv(shown), "totals.csv": totals_csv(shown)}
    texts = {"entries.geojson": entries_geojson(shown), **tables}
    edition = hashlib.sha256("".join(texts.values()).encode("utf-8")).hexdigest()[:12]
    texts["map.html"] = _page(shown, texts, edition)
    texts["README.txt"] = readme(shown, edition)
    return {name: texts[name].encode("utf-8") for name in FILES}


def entries_csv(shown: Shown) -> str:
    """Return one row an entry and product; an entry that names no product has one row, too."""
    entries = shown.entries.drop(columns="offers").assign(
        country_name=shown.entries["country"].map(shown.country),
        latitude=shown.entries["latitude"].round(5),
        longitude=shown.entries["longitude"].round(5),
    )
    amounts = shown.amounts.rename(columns={"label": "product_name"})
    for name in ("amount_low", "amount_high"):
        amounts[name] = amounts[name].round(2)
    columns = ["entry", "kind", "name", "country", "country_name", "nuts2", "region", "place"]
    columns += ["latitude", "longitude", "precision"]
    return csv_text(_marked(entries[columns].merge(amounts, "left", on="entry"), shown))


def totals_csv(shown: Shown) -> str:
    """Return one row a product and country; ``total`` stands for all countries."""
    totals = shown.totals.rename(columns={"name": "product_name"})
    totals.insert(3, "country_name", totals["country"].map(shown.country))
    return csv_text(_marked(totals, shown))


def _marked(table: pd.DataFrame, shown: Shown) -> pd.DataFrame:
    """Say in every row what it is: rows are copied without what stands around them."""
    return table.assign(data=SAMPLE_MARK if shown.sample else "answers", answers_of=shown.wave.vintage[:7])


def entries_geojson(shown: Shown) -> str:
    """Return the entries that have a point as GeoJSON (RFC 7946: WGS 84, longitude first).

    Characters that mean something in HTML are written as escapes, so that the text may stand in a page.
    """
    placed = shown.entries[shown.entries["latitude"].notna()]
    head = {
        "type": "FeatureCollection",
        "title": shown.title + (f" ({SAMPLE_MARK})" if shown.sample else ""),
        "answers_of": shown.wave.vintage[:7],
        "licence": shown.origin.licence,
        "attribution": _PLACES,
    }
    features = ",\n".join(_json(_feature(row, shown)) for row in placed.to_dict("records"))
    text = f'{_json(head)[:-1]}, "features": [\n{features}\n]}}\n'
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _feature(row: dict[Any, Any], shown: Shown) -> dict[str, object]:
    point = [round(float(row["longitude"]), 5), round(float(row["latitude"]), 5)]
    names = ("kind", "name", "country", "nuts2", "region", "place", "precision")
    properties = {name: None if is_missing(row[name]) else str(row[name]) for name in names}
    own = shown.amounts[shown.amounts["entry"] == row["entry"]]
    return {
        "type": "Feature",
        "id": int(row["entry"]),
        "geometry": {"type": "Point", "coordinates": point},
        "properties": {
            "entry": int(row["entry"]),
            **properties,
            "country_name": shown.country(row["country"]),
            "products": ";".join(own["product"]),
            "offers": "; ".join(row["offers"]),
            "data": SAMPLE_MARK if shown.sample else "answers",
        },
    }


def _counts(shown: Shown) -> tuple[int, int]:
    """Count the entries with a name and without."""
    kinds = shown.entries["kind"]
    return int((kinds == WHOLE).sum()), int((kinds == ANONYMOUS).sum())


def rules_text(shown: Shown) -> list[str]:
    """Say what is shown of whom, and what is not."""
    whole, anonymous = _counts(shown)
    return [
        f"{whole:,} respondents agreed to be shown with their name: name, town, products and amounts as "
        "stated, in the unit of the product.",
        f"{anonymous:,} agreed to be shown without their name: they stand at the centre of their region, and "
        "an amount is told by its order of magnitude only.",
        "All others, and whoever did not answer the question, are part of totals only; that is the default.",
        "A total is held back if it would tell too much about one respondent. Whoever looks is taken to know "
        "all entries on the map, so the respondents that are not on it must be enough among themselves: none "
        f"at all or at least {shown.min_count}, and no few of them may make up nearly all of their amounts. "
        "Totals from which one held back could be worked out are held back, too.",
        "Whoever withdraws is left out of every map made from then on. A copy made before cannot be called "
        "back: please use the newest, and delete older ones.",
        "Amounts are what respondents stated. Nobody checked them on site.",
    ]


def _lead(shown: Shown) -> list[str]:
    whole, anonymous = _counts(shown)
    rest = shown.answered - whole - anonymous
    # How many are on no map may itself be too few to tell.
    of_all = f" of the {shown.answered:,} respondents" if not 0 < rest < shown.min_count else " respondents"
    return [
        f"This map shows {whole + anonymous:,}{of_all}: those that agreed to be shown, what they can make or "
        "provide, how much of it, and where. It is meant for those who look for capacity, in the European "
        "Commission, the Member States and the regions.",
    ]


def _subtitle(shown: Shown, edition: str) -> str:
    return f"Answers of {shown.wave.month}, as held on {_day(shown.origin.retrieved)}. Edition {edition}."


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _source_lines(shown: Shown) -> list[str]:
    lines = [
        f"{source.citation.rstrip('.')}. Licence: {source.licence.rstrip('.')}." for source in shown.sources
    ]
    return [*(" ".join(line.split()) for line in lines), _PLACES, _BOUNDARIES]


def _page(shown: Shown, files: dict[str, str], edition: str) -> str:
    of_all = shown.totals[shown.totals["country"] == TOTAL]
    one = shown.totals[(shown.totals["country"] != TOTAL) & (shown.totals["status"] == "published")]
    countries = of_all["product"].map(one.groupby("product").size()).fillna(0).astype("int64")
    media = {"geojson": "application/geo+json", "csv": "text/csv"}
    page = EntryPage(
        title=shown.title,
        subtitle=_subtitle(shown, edition),
        lead=_lead(shown),
        rules=rules_text(shown),
        totals=totals_table(of_all.assign(countries=countries), STATUS_WORDS),
        sources=_source_lines(shown),
        downloads={name: (media[name.rpartition(".")[2]], text) for name, text in files.items()},
        sample=shown.sample,
    )
    drawn = entry_map(
        shown.entries,
        shown.shapes,
        codes=sorted({*shown.codes, *shown.entries["country"]}),
        names=shown.names,
        title=shown.title,
    )
    return entries_html(drawn, page, shown.entries, shown.names)


def readme(shown: Shown, edition: str) -> str:
    """Return the text that goes with the files."""
    mark = (
        [
            "ILLUSTRATIVE SAMPLE DATA. A generator made up every organisation and every amount;",
            "nothing in these files says anything about Europe.",
            "",
        ]
        if shown.sample
        else []
    )
    parts = [
        shown.title,
        "=" * len(shown.title),
        "",
        *mark,
        _subtitle(shown, edition),
        "",
        "Files",
        "-----",
        "map.html         page with map and list; opens from disk, without a network",
        "entries.geojson  entries that have a point (RFC 7946: WGS 84, longitude first)",
        "entries.csv      every entry, one row an entry and product",
        "totals.csv       totals by product and country, after disclosure control",
        "README.txt       this text",
        "",
        "What is shown, and what is not",
        "------------------------------",
        *_bullets(rules_text(shown)),
        "",
        "Reading the tables",
        "------------------",
        *_bullets(_READING),
        "",
        "Licence and sources",
        "-------------------",
        *_bullets(_source_lines(shown)),
        "",
    ]
    return "\n".join(parts)


_READING = [
    "Both are UTF-8 with commas. A text that a spreadsheet program would run as a formula has a ' in front.",
    "entries.csv: kind is whole or anonymous. amount_low and amount_high are bounds in unit, equal for a "
    "single number; no amount_high means at least. For anonymous entries magnitude stands in their place. "
    "precision says what latitude and longitude (degrees, WGS 84) are of: the town, the centre of the "
    "region, or nothing (country). entry is a number of this edition and says nothing about who it is.",
    "totals.csv: country is the Eurostat code (EL, UK), total stands for all countries. status is published; "
    "suppressed (held back, no number is given); zero (asked, and no capacity stated); or not asked. value "
    "is the sum of the amounts in unit, to three significant digits: a range counts as its geometric mean, "
    "an open one as the end it states, and one of which only the upper end is stated as half of it. "
    "respondents are those with an amount.",
    "Amounts of different products are never added up.",
]


def _bullets(texts: list[str]) -> list[str]:
    from textwrap import wrap

    return [
        line
        for text in texts
        for line in wrap(text, 96, initial_indent="- ", subsequent_indent="  ", break_long_words=False)
    ]
