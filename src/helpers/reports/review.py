"""Sheets for people who code answers: a random sample, and a queue of those with doubtful machine codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.analysis.themes.codebook import Codebook, codebook_from_tables
from helpers.analysis.themes.coder import code_answers, themes_by_answer
from helpers.analysis.themes.language import identify_languages
from helpers.analysis.themes.sampling import draw_sample, review_queue
from helpers.data.coding.codes import QUEUE, RANDOM, Coded, probability_text
from helpers.data.coding.dataset import read_coded
from helpers.data.coding.sheet import Asked, Sheet, sheet_csv
from helpers.data.coding.themes import Theme, codebook_themes
from helpers.data.coding.wave_answers import answer_id, text_questions
from helpers.data.coding.workbook import sheet_xlsx
from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.process import process, read_table
from helpers.data.project import project_root
from helpers.data.questionnaires.definition import load_questionnaire, questionnaire_names
from helpers.reports.values import did_you_mean
from helpers.reports.waves import LATEST, Wave, find_wave

FOLDER = Path("reports") / "review"
CODEBOOK_TABLES = ("codebook_themes", "codebook_terms", "codebook_markers")


@dataclass(frozen=True)
class Review:
    """What was written.

    Attributes
    ----------
    folder
        Where the sheets are.
    files
        The sheets, a workbook and a CSV each coder.
    answers
        How many answers there are to code.
    sample, queue
        How many of them are in the random sample and in the queue.
    notes
        Remarks for who hands the sheets out.
    """

    folder: Path
    files: tuple[Path, ...]
    answers: int
    sample: int
    queue: int
    notes: tuple[str, ...]


def review(
    questionnaire: str,
    vintage: str = LATEST,
    *,
    sample: int = 300,
    queue: int = 100,
    seed: int = 1,
    coders: Sequence[str] = ("coder_1", "coder_2"),
    out: Path | None = None,
    root: Path | None = None,
) -> Review:
    """Write a sheet for each coder, as a workbook and as CSV: all of them, or none.

    The processed tables are brought up to date first, so that withdrawn answers are not handed out. All
    coders get the same answers, but those that they coded before. If a random sample of the wave was coded
    before that is not the one drawn here, its answers are handed out again: the probabilities of neither
    would hold if two were mixed.

    Parameters
    ----------
    questionnaire, vintage
        Such as vaccine_capacity and 2021-03-sample, or latest.
    sample, queue
        How many answers to draw at random, and how many to take from the queue; 0 for none, all if there are
        fewer.
    seed
        Of the random sample. The same seed gives the same sheets.
    coders
        Such as coder_1.
    out
        Folder to write; ``reports/review`` if not given.
    root
        The project's folder.

    Returns
    -------
    Review

    Raises
    ------
    InputError
        If there is no such wave or codebook, the wave has no answers, or a sheet that is there is another
        one: somebody may have coded in it.
    """
    root = (root or project_root()).resolve()
    known = questionnaire_names(root)
    if questionnaire not in known:
        near = did_you_mean(questionnaire, known)
        raise InputError(f"questionnaire: given {questionnaire[:60]!r}{near}; allowed: {', '.join(known)}")
    wave, folder = find_wave(questionnaire, vintage, root), _folder(out, root)
    process(root, only=[wave.table("difficulties"), *CODEBOOK_TABLES])
    answers = _answers(wave, root)
    if answers.empty:
        raise InputError(
            f"data/raw/{wave.dataset}: nobody wrote about difficulties; there is nothing to code"
        )
    before = read_coded(wave.questionnaire, wave.vintage, root)
    drawn, notes = _drawn(answers, min(sample, len(answers)), seed, before)
    ranked, machine = _ranked(answers, drawn, queue, before, root)
    asked = _asked(answers, [drawn, ranked], machine)
    sheets, said = _sheets(wave, coders, asked, before, codebook_themes(root), root)
    files = _write(folder, sheets)
    return Review(folder, files, len(answers), len(drawn), len(ranked), (*notes, *said))


def _answers(wave: Wave, root: Path) -> pd.DataFrame:
    """Return the answers of a wave: answer_id, text, country, question, and their language."""
    table = read_table(wave.table("difficulties"), root)
    pairs = zip(table["respondent_id"], table["question"], strict=True)
    ids = [answer_id(wave.dataset, respondent, question) for respondent, question in pairs]
    found = identify_languages(table["text"], table["language"])
    return pd.DataFrame(
        {
            "answer_id": pd.Series(ids, dtype="str"),
            "text": table["text"],
            "country": table["country"],
            "question": table["question"],
            "language": found["language"].to_numpy(),
            "language_probability": found["probability"].to_numpy(),
        }
    )


def _drawn(
    answers: pd.DataFrame, size: int, seed: int, before: Sequence[Coded]
) -> tuple[pd.DataFrame, list[str]]:
    """Return the random sample: the one drawn here, or the one that was coded before if that is another."""
    columns = ["answer_id", "selection", "probability"]
    none = answers.head(0).reindex(columns=columns)
    drawn = draw_sample(answers, size, seed, least=1)[columns] if size else none
    there = set(answers["answer_id"])
    old = {
        row.answer_id: row.probability for row in before if row.selection == RANDOM and row.answer_id in there
    }
    chances = dict(zip(drawn["answer_id"], drawn["probability"], strict=True))
    if not size or all(probability_text(chances.get(name)) == probability_text(p) for name, p in old.items()):
        return drawn, []
    again = pd.DataFrame({"answer_id": sorted(old), "selection": RANDOM})
    again["probability"] = again["answer_id"].map(old)
    return again.sample(frac=1, random_state=seed, ignore_index=True), [
        f"a random sample was coded before; its {len(again)} answers are handed out again, since the "
        "probabilities of two samples mixed would not hold (with its size and seed all of it is)"
    ]


def _ranked(
    answers: pd.DataFrame, drawn: pd.DataFrame, size: int, before: Sequence[Coded], root: Path
) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """Return the queue, and the machine's codes of its answers."""
    coded = codes_of_machine(answers, root)
    out = {*drawn["answer_id"], *(row.answer_id for row in before if row.selection == RANDOM)}
    ranked = review_queue(answers, coded, size=size, leave_out=sorted(out))
    chosen = coded.loc[ranked["answer_id"]]
    machine = {
        str(name): tuple(str(theme) for theme in chosen.columns[row])
        for name, row in zip(chosen.index, chosen.to_numpy(dtype=bool), strict=True)
    }
    return ranked, machine


def codes_of_machine(answers: pd.DataFrame, root: Path | None = None) -> pd.DataFrame:
    """Code answers with the project's codebook.

    Parameters
    ----------
    answers
        ``answer_id``, ``text``, ``language`` and, if known, ``country``.
    root
        The project's folder.

    Returns
    -------
    DataFrame
        Bool, answers x themes, as `helpers.analysis.themes.coder.themes_by_answer` gives.
    """
    codebook = project_codebook(root)
    return themes_by_answer(code_answers(answers, codebook), answers, codebook)


def project_codebook(root: Path | None = None) -> Codebook:
    """Return the codebook of ``data/raw/codebook``, from its processed tables."""
    themes, terms, markers = (read_table(name, root) for name in CODEBOOK_TABLES)
    return codebook_from_tables(themes, terms, markers)


def _asked(
    answers: pd.DataFrame, chosen: Sequence[pd.DataFrame], machine: Mapping[str, tuple[str, ...]]
) -> list[Asked]:
    """Return the answers to be coded, the random ones first and without the machine's codes."""
    by_id = answers.set_index("answer_id")
    rows = []
    for table in chosen:
        for name, selection, chance in table[["answer_id", "selection", "probability"]].itertuples(
            index=False
        ):
            answer = by_id.loc[name]
            language = answer["language"] if pd.notna(answer["language"]) else ""
            probability = None if selection == QUEUE else float(chance)
            seen = machine[name] if selection == QUEUE else None
            rows.append(
                Asked(name, answer["text"], language, answer["question"], selection, probability, seen)
            )
    return rows


def _sheets(
    wave: Wave,
    coders: Sequence[str],
    asked: Sequence[Asked],
    before: Sequence[Coded],
    themes: Sequence[Theme],
    root: Path,
) -> tuple[list[Sheet], list[str]]:
    """Return the sheets, without what their coders coded before, and remarks on that."""
    questionnaire = load_questionnaire(wave.questionnaire, root)
    labels = {q.code: q.label["en"] for q in questionnaire.questions}
    questions = {code: labels[code] for code in text_questions(questionnaire)}
    sheets, notes = [], []
    for coder in coders:
        done = {(row.answer_id, row.selection) for row in before if row.coder == coder}
        rows = [row for row in asked if (row.answer_id, row.selection) not in done]
        if len(rows) < len(asked):
            notes.append(f"{coder} coded {len(asked) - len(rows)} of the answers before; they are left out")
        if rows:
            sheets.append(Sheet(wave.dataset, coder, themes, rows, questions))
    if not sheets:
        raise InputError([*notes, "nothing is left to code; give other coders, or a longer --queue"])
    return sheets, notes


def _folder(out: Path | None, root: Path) -> Path:
    folder = root / FOLDER if out is None else out.absolute()
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--out: found a file, {str(out)[:200]!r}, allowed: a folder")
    return folder


def _write(folder: Path, sheets: Sequence[Sheet]) -> tuple[Path, ...]:
    """Write the sheets, unless one is there that is another; only the owner may read them."""
    wanted: dict[Path, bytes] = {}
    for sheet in sheets:
        name = f"{sheet.wave.replace('/', '_')}_{sheet.coder}"
        wanted |= {folder / f"{name}.xlsx": sheet_xlsx(sheet), folder / f"{name}.csv": sheet_csv(sheet)}
    faults = [
        f"{path.name}: is there already and is another sheet, in which somebody may have coded; move it "
        "away, or choose another folder with --out"
        for path, data in wanted.items()
        if path.exists() and path.read_bytes() != data
    ]
    if faults:
        raise InputError(faults)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path, data in wanted.items():
        if not path.exists():
            write_atomically(path, data)
            path.chmod(0o600)
    return tuple(wanted)
