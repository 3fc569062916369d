"""Which facts of the reports a working group should look at, and what they say."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data.project import build_folder

Facts = dict[str, dict[str, list[str]]]
_THEMES = "themes_vaccines-eu27"
_THEMES_OF_MEDICAL = "themes_medical_supplies-eu27"
# Reports on capacity speak of the chain of vaccines; these facts say how wide it is and where it is narrow.
_CHAIN = (
    "capacity_vaccines-eu27/stages_frail",
    "supply_vaccines-eu27/narrowest",
    "supply_vaccines-eu27/drawn_low",
)
_MEDICAL = ("capacity_medical_supplies-eu27/products_frail", "supply_medical_supplies-eu27/unmet_share")
# What somebody needs -> theme of the codebook that tells whether others lack it, too.
_NEEDS = {
    "warehouse": "logistics",
    "cold_store": "cold_chain",
    "freight": "logistics",
    "customs": "trade_barriers",
    "route_data": "data",
    "energy_audit": "energy",
    "heat_recovery": "energy",
    "power_supply": "energy",
    "gas_substitution": "energy",
    "metal_supply": "raw_materials",
    "recycling": "sustainability",
    "substitution": "raw_materials",
    "timber": "raw_materials",
    "wood_building": "raw_materials",
    "fertiliser": "raw_materials",
    "prefabrication": "equipment",
    "chips": "raw_materials",
    "sensors": "equipment",
    "clean_room": "equipment",
    "sterilisation": "equipment",
    "certification": "regulation",
    "training": "skills",
    "placements": "skills",
    "funding": "finance",
    "test_lab": "regulation",
    "market_access": "trade_barriers",
    "coordination": "coordination",
}


@dataclass(frozen=True)
class KnownFact:
    """What a report says: its name ``slug/fact``, the text, the unit, the page, and if it is made up."""

    name: str
    text: str
    unit: str
    page: Path | None
    sample: bool


def facts_to_look_at(themes: pd.DataFrame) -> Facts:
    """Return for each domain, stage and need the facts to look at.

    Parameters
    ----------
    themes
        Table ``codebook_themes``: ``theme``, and ``domains`` and ``stages`` to which it belongs, joined by
        ``;``.

    Returns
    -------
    dict
        ``domain``, ``stage``, ``theme`` (a need, as `helpers.analysis.collaboration.group_sheets` calls it)
        -> name -> ``slug/fact``.
    """
    found: Facts = {"domain": {}, "stage": {}, "theme": {}}
    for row in themes.to_dict("records"):
        for what, column in (("domain", "domains"), ("stage", "stages")):
            for name in _listed(row[column]):
                found[what].setdefault(name, []).append(f"{_THEMES}/theme_share_{row['theme']}")
    known = set(themes["theme"])
    found["theme"] = {
        need: [f"{_THEMES}/theme_share_{theme}"] for need, theme in _NEEDS.items() if theme in known
    }
    for stage in found["stage"]:
        found["stage"][stage] += _CHAIN
    medical = found["domain"].setdefault("medical supplies", [])
    medical += [f"{_THEMES_OF_MEDICAL}/{fact.split('/')[1]}" for fact in list(medical)]
    medical += _MEDICAL
    return found


def _listed(text: str | float | None) -> list[str]:
    return [part.strip() for part in str(text).split(";") if part.strip()] if pd.notna(text) else []


def look_up(names: Iterable[str], root: Path) -> dict[str, KnownFact]:
    """Read what the built reports say; a fact that is not there says so."""
    built: dict[str, dict[str, Any]] = {}
    found = {}
    for name in names:
        slug, _, fact = name.partition("/")
        if slug not in built:
            built[slug] = _facts_of(slug, root)
        page = build_folder(root) / slug / "report.html"
        entry = built[slug].get(fact)
        if entry is None:
            found[name] = KnownFact(name, f"not built yet: evidence build --only {slug}", "", None, False)
        else:
            there = page if page.is_file() else None
            found[name] = KnownFact(
                name, str(entry["text"]), str(entry["unit"]), there, bool(entry["sample"])
            )
    return found


def _facts_of(slug: str, root: Path) -> dict[str, dict[str, Any]]:
    path = build_folder(root) / slug / "facts.json"
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))["facts"]
        return {entry["name"]: entry for entry in listed}
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # not built, or being built: the sheet then says so


def link_from(folder: Path, page: Path) -> str:
    """Return the address of a page as seen from a folder, so that both can be moved together."""
    return Path(os.path.relpath(page, folder)).as_posix()
