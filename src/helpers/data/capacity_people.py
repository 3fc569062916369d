"""The respondents of one wave: where they are, what they allow, and whether they count.

A withdrawal takes everything of an entry but its code, and of every entry merged with it. Of entries that
people decided to merge, the earliest counts.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.capacity_rows import as_answered
from helpers.data.cleaning.locations import locate
from helpers.data.consent import consents, most_private
from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.duplicate_decisions import merged
from helpers.data.errors import InputError
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.stream import raw_parts
from helpers.data.tables import Source

_ROLES = {
    "country": "country",
    "place": "place",
    "organisation_kind": "organisation_kind",
    "size_class": "employees",
}
COLUMNS = (
    "respondent_id",
    "raw_row",
    "country",
    "nuts2",
    "place",
    "latitude",
    "longitude",
    "place_status",
    "organisation_kind",
    "employees",
    "submitted",
    "language",
    "consent",
    "name_shown",
    "status",
    "duplicate_of",
)


def people(source: Source, dataset: str, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return the respondents of a wave, typed as the schema ``respondents``.

    Parameters
    ----------
    source
        The project's datasets.
    dataset
        ``<questionnaire>/<vintage>``.
    questionnaire
        Its definition.

    Raises
    ------
    InputError
        If a respondent is there twice, or a decision or withdrawal names one that is not there.
    """
    stamp = tuple(_stamp(source, *file) for file in _files(source, dataset))
    return _people(_Key(source, dataset, questionnaire, stamp)).copy()


class _Key:
    """What the respondents depend on, so that the tables of one wave share them."""

    def __init__(
        self, source: Source, dataset: str, questionnaire: Questionnaire, stamp: tuple[object, ...]
    ) -> None:
        self.source, self.dataset, self.questionnaire = source, dataset, questionnaire
        self._same = (dataset, questionnaire.name, stamp)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._same == other._same

    def __hash__(self) -> int:
        return hash(self._same)


def _files(source: Source, dataset: str) -> list[tuple[str, str]]:
    own = [(dataset, file.name) for file in source.origin(dataset).files]
    regions = [("nuts_regions", file.name) for file in source.origin("nuts_regions").files]
    return [*own, *regions]


def _stamp(source: Source, dataset: str, file: str) -> tuple[str, int, int, int]:
    path = _folder(source, dataset) / file
    try:
        found = path.stat()
    except OSError:
        raise InputError(f"data/raw/{dataset}/{file}: not found, but origin.yml declares it") from None
    return str(path), found.st_mtime_ns, found.st_size, found.st_ino


def _folder(source: Source, dataset: str) -> Path:
    from helpers.data.project import raw_folder

    return raw_folder(source.root) / dataset


@lru_cache(maxsize=1)
def _people(key: _Key) -> pd.DataFrame:
    source, dataset = key.source, key.dataset
    table = _answers(source, dataset, key.questionnaire)
    _refuse_doubles(table, source.path(dataset, "answers.csv"))
    table = _placed(table, source)
    table = _merged(table, source, dataset)
    table = _withdrawn(table, source, dataset)
    return table[list(COLUMNS)]


def _answers(source: Source, dataset: str, questionnaire: Questionnaire) -> pd.DataFrame:
    """Return what is needed of the answers, under the names of the table."""
    asked = {name: questionnaire.role(role) for role, name in _ROLES.items()}
    codes = {name: question.code for name, question in asked.items() if question is not None}
    own = ["respondent_id", "submitted", "language", "consent", "name_shown"]
    parts = []
    for part in raw_parts(dataset, "answers.csv", [*own, *codes.values()], source.root):
        named = {name: part[codes[name]] if name in codes else "" for name in asked}
        part = as_answered(part)
        shown = part[["respondent_id", "raw_row", "language", "consent", "name_shown"]].assign(**named)
        shown["submitted"] = days(part["submitted"])
        shown["language"] = part["language"].str.strip().str[:2].str.lower()
        parts.append(shown)
    table = pd.concat(parts, ignore_index=True)
    table["country"] = table["country"].replace(ISO_TO_EUROSTAT)
    table["consent"] = consents(table["consent"])
    for name in ("country", "organisation_kind", "employees", "language", "name_shown"):
        table[name] = table[name].astype("str").where(table[name] != "")
    return table


def days(texts: pd.Series) -> pd.Series:
    """Return the day of each moment written as ISO 8601, NaT where it is missing or written otherwise."""
    return pd.to_datetime(texts.str.slice(0, 10), format="%Y-%m-%d", errors="coerce").astype("datetime64[us]")


def _refuse_doubles(table: pd.DataFrame, where: str) -> None:
    double = table["respondent_id"].duplicated()
    if double.any():
        row = table.loc[double].iloc[0]
        raise InputError(
            f"{where}: row {row['raw_row']}, column respondent_id: found {row['respondent_id']!r} again; "
            "allowed: once"
        )


def _placed(table: pd.DataFrame, source: Source) -> pd.DataFrame:
    names = ("regions", "admin1_to_nuts2", "places_to_nuts2")
    regions = {name: source.read("nuts_regions", f"{name}.csv") for name in names}
    found = locate(table[["country", "place"]], regions, source.cache)
    found = found.rename(columns={"status": "place_status"})
    return table.drop(columns="place").join(found)


def _merged(table: pd.DataFrame, source: Source, dataset: str) -> pd.DataFrame:
    """Mark the entries that people decided to merge, and take their most private consent."""
    table["status"], table["duplicate_of"] = "counted", np.nan
    table["duplicate_of"] = table["duplicate_of"].astype("str").where(table["duplicate_of"].notna())
    if not declares(source, dataset, "duplicates.csv"):
        return table
    listed = source.read(dataset, "duplicates.csv")
    concerned = set(listed["respondent_id_a"]) | set(listed["respondent_id_b"])
    earliest = table[table["respondent_id"].isin(concerned)].sort_values(["submitted", "raw_row"])
    kept = merged(listed, earliest["respondent_id"].tolist(), source.path(dataset, "duplicates.csv"))
    if not kept:
        return table
    table["duplicate_of"] = table["respondent_id"].map(kept).astype("str")
    table["status"] = table["status"].mask(table["duplicate_of"].notna(), "duplicate")
    table["consent"] = most_private(table["consent"], entry(table))
    return table


def entry(table: pd.DataFrame) -> pd.Series:
    """Return the respondent under which each one counts: itself, or the one it was merged into."""
    return table["duplicate_of"].fillna(table["respondent_id"])


def _withdrawn(table: pd.DataFrame, source: Source, dataset: str) -> pd.DataFrame:
    """Take everything from withdrawn entries but the code, and names from those that may not be shown."""
    table["name_shown"] = table["name_shown"].where(table["consent"] == "whole")
    if not declares(source, dataset, "withdrawals.csv"):
        return table
    listed = source.read(dataset, "withdrawals.csv")
    unknown = listed[~listed["respondent_id"].isin(table["respondent_id"])]
    if len(unknown):
        where = f"{source.path(dataset, 'withdrawals.csv')}: row {unknown['raw_row'].iloc[0]}"
        raise InputError(
            f"{where}, column respondent_id: "
            f"found {str(unknown['respondent_id'].iloc[0])[:40]!r}, allowed: a respondent of answers.csv"
        )
    entries = entry(table)
    gone = entries.isin(entries[table["respondent_id"].isin(listed["respondent_id"])])
    for column in table.columns.difference(["respondent_id", "raw_row", "status"]):
        table[column] = table[column].mask(gone)
    table["status"] = table["status"].mask(gone, "withdrawn")
    return table


def declares(source: Source, dataset: str, file: str) -> bool:
    """Tell whether the dataset has a file."""
    return any(declared.name == file for declared in source.origin(dataset).files)
