"""What stands beside the answers of a vintage: origin.yml, README.md and mapping.yml."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path

import yaml

from helpers.data.catalog import TableError
from helpers.data.errors import InputError
from helpers.data.files import sha256_of
from helpers.data.origin import ORIGIN_NAME, Origin, load_origin
from helpers.data.questionnaires.model import CONSENT_CODES, SELECTS, Question, Questionnaire
from helpers.data.survey.shape import Layout
from helpers.data.survey.tables_out import ANSWERS, CAPACITIES, REJECTS

DUPLICATES, MAPPING = "duplicates.csv", "mapping.yml"
WITHDRAWALS, FRAME = "withdrawals.csv", "frame.csv"
_ID = "r[0-9a-f]{10}"
_KEPT = ("title", "producer", "citation", "url", "licence")
_NOT_ANSWERED = "Not answered, or not asked"

Entry = dict[str, object]


def write_origin(
    folder: Path,
    questionnaire: Questionnaire,
    vintage: str,
    notes: str,
    *,
    before: Path | None,
    same_source: bool,
) -> None:
    """Write ``origin.yml`` of a vintage: columns from the definition, checksums from the files.

    Parameters
    ----------
    folder
        Where the tables are, in the staging area.
    questionnaire, vintage
        What was asked, and when.
    notes
        How many answers were received, accepted and rejected.
    before
        The folder that is replaced: what a person wrote about title, producer, licence stays.
    same_source
        Whether it came from the same file, so that the day of retrieval stays, too.
    """
    content = _head(questionnaire, vintage) | {"notes": notes, "files": _files(folder, questionnaire)}
    old = _earlier(before)
    if old is not None:
        content |= {key: getattr(old, key) for key in _KEPT}
        content["retrieved"] = old.retrieved if same_source else content["retrieved"]
    Origin.model_validate(content)
    (folder / ORIGIN_NAME).write_text(_yaml(content), encoding="utf-8")


def _earlier(folder: Path | None) -> Origin | None:
    try:
        return load_origin(folder) if folder and (folder / ORIGIN_NAME).is_file() else None
    except InputError:  # verify reports what is wrong with it; a new one is written here
        return None


def _yaml(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def is_sample(vintage: str) -> bool:
    """Say whether a vintage is made up.

    Examples
    --------
    >>> is_sample("2021-03-sample"), is_sample("2021-03")
    (True, False)
    """
    return vintage.endswith("-sample")


def _head(questionnaire: Questionnaire, vintage: str) -> Entry:
    title = f"{questionnaire.title['en']}: answers of {vintage}"
    if is_sample(vintage):
        return {
            "title": f"{title} (illustrative sample data)",
            "producer": "Made up by the sample generator of this repository",
            "citation": f"{title}. Illustrative sample data; nobody gave these answers.",
            "url": "Not published elsewhere: `evidence sample` makes it",
            "licence": "MIT, as this repository",
            "retrieved": dt.datetime.now(dt.UTC).date(),
            "vintage": vintage.removesuffix("-sample"),
            "kind": "sample",
        }
    return {
        "title": title,
        "producer": "The organisation that sent out the questionnaire",
        "citation": f"{title}.",
        "url": "Not published",
        "licence": "Answers given for this purpose; what may be shown is in the column consent",
        "retrieved": dt.datetime.now(dt.UTC).date(),
        "vintage": vintage,
        "kind": "observed",
    }


def people_files(folder: Path, questionnaire: Questionnaire, declared: Collection[str]) -> list[Entry]:
    """Return how to describe what people wrote beside the answers and ``origin.yml`` does not declare."""
    own = (WITHDRAWALS, FRAME, DUPLICATES)
    listed = _files(folder, questionnaire)
    return [entry for entry in listed if entry["name"] in own and entry["name"] not in declared]


def _files(folder: Path, questionnaire: Questionnaire) -> list[Entry]:
    columns = {
        ANSWERS: (_answer_columns(questionnaire), "One row an accepted answer", [["respondent_id"]]),
        CAPACITIES: (
            _capacity_columns(questionnaire),
            "One row a capacity as stated, before cleaning",
            [],
        ),
        REJECTS: (_REJECT_COLUMNS, "Why answers were rejected, a line a reason", []),
        DUPLICATES: (
            _DUPLICATE_COLUMNS,
            "Pairs of respondents that may be the same, and what a person decided",
            [["respondent_id_a", "respondent_id_b"]],
        ),
        WITHDRAWALS: (_WITHDRAWAL_COLUMNS, "Respondents who withdrew their answers", [["respondent_id"]]),
        FRAME: (_FRAME_COLUMNS, "How many organisations were invited", [["country", "employees"]]),
    }
    return [
        {
            "name": name,
            "meaning": meaning,
            "sha256": sha256_of(folder / name),
            "rows": _rows(folder / name),
            **({"unique": unique} if unique else {}),
            "columns": listed,
        }
        for name, (listed, meaning, unique) in columns.items()
        if (folder / name).is_file()
    ]


def _rows(path: Path) -> int:
    import csv

    try:
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for row in csv.reader(file, strict=True) if row) - 1
    except (UnicodeDecodeError, csv.Error):
        raise TableError(path.name, "not UTF-8 text with commas") from None


def _column(name: str, meaning: str, kind: str = "string", **more: object) -> Entry:
    required = more.pop("required", True)
    entry: Entry = {"name": name, "type": kind, "meaning": meaning, **more}
    if not required:
        entry |= {"required": False, "missing": more.get("missing", _NOT_ANSWERED)}
    return entry


_RECEIVED_ROW = _column(
    "received_row",
    "Number of the answer in the export: the first is 2, since 1 is the header",
    "integer",
    allowed={"min": 2},
)
_RESPONDENT = _column("respondent_id", "Pseudonym of the respondent", allowed={"pattern": _ID})


def _answer_columns(questionnaire: Questionnaire) -> list[Entry]:
    layout = Layout.of(questionnaire)
    submitted = _column("submitted", "Day of the answer", "date", required=False, missing="Not recorded")
    language = _column(
        "language",
        "Language of the form",
        required=False,
        missing="Not recorded",
        allowed={"pattern": "[a-z]{2,3}"},
    )
    consent = _column("consent", "What the respondent allows to be shown", allowed=list(CONSENT_CODES))
    shown = _column(
        "name_shown",
        "Name of the organisation where the whole entry may be shown",
        required=False,
        missing="Not to be shown, or not given",
    )
    asked = [_question_column(questionnaire, question) for question in layout.public]
    return [_RESPONDENT, _RECEIVED_ROW, submitted, language, *asked, consent, shown]


def _question_column(questionnaire: Questionnaire, question: Question) -> Entry:
    meaning = question.label["en"]
    if question.role == "country":
        return _column(question.code, meaning, "country", codes="eurostat")
    if question.type not in SELECTS:
        return _column(question.code, f"{meaning} (as stated, addresses and names taken out)", required=False)
    codes = questionnaire.codes(question.choices or "")
    allowed: object = codes
    if question.type == "select_multiple":
        one = f"({'|'.join(codes)})"
        allowed = {"pattern": f"{one}(;{one})*"}
        meaning += " (several codes, joined by ;)"
    return _column(question.code, meaning, required=False, allowed=allowed)


def _capacity_columns(questionnaire: Questionnaire) -> list[Entry]:
    layout = Layout.of(questionnaire)
    products = [item.code for item in questionnaire.items.list]
    named = zip(layout.field_names(), layout.fields, strict=True)
    fields = [
        _column(name, f"{question.label['en']} (as stated)", required=False) for name, question in named
    ]
    product = _column("product", questionnaire.items.label["en"], allowed=products)
    return [_RESPONDENT, _RECEIVED_ROW, product, *fields]


_REJECT_COLUMNS = [
    _RECEIVED_ROW,
    _column("column", "Question that made the row fail", required=False, missing="The row as a whole"),
    _column("found", "What was found, without personal data", required=False, missing="Not shown"),
    _column("reason", "Why the row was rejected"),
]
_DUPLICATE_COLUMNS = [
    _column("respondent_id_a", "The earlier respondent", allowed={"pattern": _ID}),
    _column("respondent_id_b", "The later respondent", allowed={"pattern": _ID}),
    _column("score", "How alike they are, 1 being the same", "number", allowed={"min": 0, "max": 1}),
    _column("evidence", "In what they are alike, without names"),
    _column(
        "decision",
        "merge: one and the same; keep: two",
        required=False,
        missing="Not decided",
        allowed=["merge", "keep"],
    ),
    _column("decided_by", "Who decided", required=False, missing="Not decided"),
    _column("note", "Why", required=False, missing="Nothing to add"),
]
_WITHDRAWAL_COLUMNS = [_RESPONDENT, _column("date", "Day of the withdrawal", "date")]
_FRAME_COLUMNS = [
    _column("country", "Country", "country", codes="eurostat"),
    _column("employees", "Size class"),
    _column("invited", "Organisations that were invited", "integer", allowed={"min": 0}),
]
