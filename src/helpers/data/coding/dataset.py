"""The dataset of human codes beside a wave: ``data/raw/coded_<questionnaire>_<vintage>``."""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from helpers.data.catalog import read_raw
from helpers.data.coding.codes import CODER, NONE, QUEUE, RANDOM, THEME, Coded, probability_text
from helpers.data.coding.harmless import harmless
from helpers.data.coding.staging import staged_codes
from helpers.data.coding.wave_answers import ID
from helpers.data.files import sha256_of
from helpers.data.origin import ORIGIN_NAME, README_NAME, Origin, load_origin
from helpers.data.project import project_root, raw_folder
from helpers.data.survey.describe import is_sample
from helpers.data.survey.guard import guarded, unguarded
from helpers.data.survey.staging import private_file, restricted_folder

CODED, COMMENTS = "coded.csv", "comments.csv"
COLUMNS = ("answer_id", "coder", "themes", "selection", "probability")
Comments = dict[tuple[str, str], str]
"""Answer and coder -> what the coder remarked."""
_KEPT = ("title", "producer", "citation", "url", "licence")


@dataclass(frozen=True)
class Stored:
    """Where codes were written, and whether anything changed."""

    dataset: str
    folder: Path
    changed: bool


def coded_dataset(questionnaire: str, vintage: str) -> str:
    """Return the name of the dataset of codes, which is also that of its table.

    Examples
    --------
    >>> coded_dataset("vaccine_capacity", "2021-03-sample")
    'coded_vaccine_capacity_2021_03_sample'
    """
    return f"coded_{questionnaire}_{vintage.replace('-', '_')}"


def read_coded(questionnaire: str, vintage: str, root: Path | None = None) -> list[Coded]:
    """Return what was coded of a wave so far; nothing if there is no dataset yet.

    Raises
    ------
    InputError
        If the dataset is not as its ``origin.yml`` declares.
    """
    name = coded_dataset(questionnaire, vintage)
    if not (raw_folder(root) / name / ORIGIN_NAME).is_file():
        return []
    table = read_raw(name, CODED, root)
    probabilities = table["probability"].astype("object").where(table["probability"].notna(), None)
    return [
        Coded(
            row["answer_id"],
            row["coder"],
            () if row["themes"] == NONE else tuple(row["themes"].split(";")),
            row["selection"],
            None if probability is None else float(probability),
        )
        for row, probability in zip(table.to_dict("records"), probabilities, strict=True)
    ]


def read_comments(questionnaire: str, vintage: str, root: Path | None = None) -> Comments:
    """Return the comments that stand in ``data/restricted``, as they were made."""
    path = restricted_folder(root or project_root()) / coded_dataset(questionnaire, vintage) / COMMENTS
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["answer_id"], row["coder"]): unguarded(row["comment"]) for row in csv.DictReader(file)}


def write_coded(
    questionnaire: str,
    vintage: str,
    rows: Iterable[Coded],
    comments: Comments,
    *,
    answers: int,
    root: Path | None = None,
    about: str | None = None,
) -> Stored:
    """Write the dataset of a wave's codes as a whole, its comments apart; nothing where nothing changed.

    Parameters
    ----------
    questionnaire, vintage
        The wave. Codes of made-up answers are a dataset of the kind ``sample``.
    rows
        All codes of the wave.
    comments
        All comments on the wave's answers; they go to ``data/restricted`` and nowhere else.
    answers
        How many answers of the wave there are to code.
    root
        The project's folder.
    about
        How the codes came about, for README.md; what stands there stays if not given.

    Raises
    ------
    InputError
        If somebody else is writing the same dataset.
    """
    name = coded_dataset(questionnaire, vintage)
    listed = sorted(rows, key=lambda row: row.key)
    with staged_codes(root or project_root(), name) as staging:
        before = staging.target(vintage)
        (staging.raw / CODED).write_bytes(coded_csv(listed))
        said = about or _about_before(before) or _ABOUT
        made_up = " (illustrative sample data)" if is_sample(vintage) else ""
        readme = _README.format(
            questionnaire=questionnaire, vintage=vintage, made_up=made_up, about=said.strip()
        )
        (staging.raw / README_NAME).write_text(readme, encoding="utf-8")
        origin = _origin(questionnaire, vintage, listed, answers, staging.raw, before)
        (staging.raw / ORIGIN_NAME).write_text(origin, encoding="utf-8")
        if comments:
            _write_privately(staging.restricted / COMMENTS, _comments_csv(comments))
        return Stored(name, before, staging.publish(vintage))


def coded_csv(rows: Sequence[Coded]) -> bytes:
    """Return the codes as CSV, in the order given."""
    cells = [
        [row.answer_id, row.coder, row.joined, row.selection, probability_text(row.probability)]
        for row in rows
    ]
    return _csv([list(COLUMNS), *cells])


def _comments_csv(comments: Comments) -> bytes:
    cells = [[answer, coder, guarded(harmless(text))] for (answer, coder), text in sorted(comments.items())]
    return _csv([["answer_id", "coder", "comment"], *cells])


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")


def _write_privately(path: Path, data: bytes) -> None:
    with open(private_file(path), "wb") as file:  # noqa: PTH123  # a descriptor that is open to its owner only
        file.write(data)


def _origin(
    questionnaire: str, vintage: str, rows: Sequence[Coded], answers: int, folder: Path, before: Path
) -> str:
    content = _head(questionnaire, vintage) | {
        "notes": _counts(rows, answers),
        "files": [
            {
                "name": CODED,
                "meaning": "One row an answer and coder; an answer that a coder left open has none",
                "sha256": sha256_of(folder / CODED),
                "rows": len(rows),
                "unique": [["answer_id", "coder"]],
                "columns": _COLUMNS,
            }
        ],
    }
    if (before / ORIGIN_NAME).is_file():
        old = load_origin(before)
        content |= {key: getattr(old, key) for key in _KEPT}
        if old.file(CODED).sha256 == sha256_of(folder / CODED):
            content["retrieved"] = old.retrieved
    Origin.model_validate(content)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _head(questionnaire: str, vintage: str) -> dict[str, object]:
    title = f"Themes that people found in the answers to {questionnaire} of {vintage}"
    today = dt.datetime.now(dt.UTC).date()
    if is_sample(vintage):
        return {
            "title": f"{title} (illustrative sample data)",
            "producer": "Made up by the sample generator of this repository",
            "citation": f"{title}. Illustrative sample data; nobody read these answers.",
            "url": "Not published elsewhere: `evidence sample` makes it",
            "licence": "MIT, as this repository",
            "retrieved": today,
            "vintage": vintage.removesuffix("-sample"),
            "kind": "sample",
        }
    return {
        "title": title,
        "producer": "The coders of the organisation that sent out the questionnaire",
        "citation": f"{title}.",
        "url": "Not published",
        "licence": "As the answers to which the codes belong",
        "retrieved": today,
        "vintage": vintage,
        "kind": "observed",
    }


def _counts(rows: Sequence[Coded], answers: int) -> str:
    """Say how many answers were coded, by whom and why these."""
    coders = Counter(row.coder for row in rows)
    chosen = {how: len({row.answer_id for row in rows if row.selection == how}) for how in (RANDOM, QUEUE)}
    each = ", ".join(f"{coder} {number}" for coder, number in sorted(coders.items()))
    return (
        f"Of {answers} answers {chosen[RANDOM]} of the random sample and {chosen[QUEUE]} of the review queue "
        f"are coded. Answers by coder: {each or 'none'}."
    )


def _about_before(folder: Path) -> str | None:
    path = folder / README_NAME
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    start, end = (text.find(f"## {heading}\n") for heading in ("How the codes came about", "Columns"))
    return text[start:end].partition("\n")[2].strip() or None if 0 <= start < end else None


_COLUMNS: list[dict[str, object]] = [
    {
        "name": "answer_id",
        "type": "string",
        "meaning": "Code of the answer, made from wave, respondent and question; shows none of them",
        "allowed": {"pattern": ID},
    },
    {"name": "coder", "type": "string", "meaning": "Who coded, by number", "allowed": {"pattern": CODER}},
    {
        "name": "themes",
        "type": "string",
        "meaning": "Themes of the codebook that the answer complains of, joined by ;, or none",
        "allowed": {"pattern": f"{THEME}(;{THEME})*"},
    },
    {
        "name": "selection",
        "type": "string",
        "meaning": "random: drawn to judge by; queue: chosen because its codes were doubtful",
        "allowed": [RANDOM, QUEUE],
    },
    {
        "name": "probability",
        "type": "number",
        "meaning": "Probability with which the answer came into the random sample",
        "required": False,
        "missing": "Of the queue, which is no random sample",
        "allowed": {"min": 0, "max": 1},
    },
]
_ABOUT = """
Coders read the answers in sheets that `evidence review` wrote; what they entered came back by
`evidence ingest`. Of the random sample they saw neither each other's codes nor the machine's; of the queue
they saw the machine's.
"""
_README = """# Themes coded by people: {questionnaire}, {vintage}{made_up}

What people found in the free texts about difficulties. The answers themselves are in
`data/raw/{questionnaire}/{vintage}`.

## How the codes came about

{about}

## Columns

| column | meaning |
|---|---|
| `answer_id` | code of the answer: shows neither respondent nor question |
| `coder` | `coder_1`, `coder_2`, ...; who that is, is written nowhere |
| `themes` | themes of `data/raw/codebook`, joined by `;`; `none` if the answer complains of none of them |
| `selection` | `random`: drawn to estimate shares by; `queue`: chosen because its codes were doubtful |
| `probability` | with which the answer came into the random sample; empty for the queue |

An answer that a coder left open has no row of that coder, which is not the same as `none`. Comments of
coders are in `data/restricted` and not in this repository. The id of an answer is `a` and the first ten hex
digits of the SHA-256 of `<questionnaire>/<vintage>/<respondent>/<question>`.

## What one must not conclude

That the codes are the truth: they are what a few people read into a text. How often a theme is named may be
concluded from the answers of the random sample only, never from the queue.
"""
