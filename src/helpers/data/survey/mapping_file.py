"""The file in which a person decides what the readers could not: ``<file>.mapping.yml``."""

import os
from collections.abc import Mapping
from pathlib import Path

import yaml

from helpers.data.errors import InputError
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.strict_yaml import load_yaml
from helpers.data.survey.export import Export
from helpers.data.survey.mapping import NOT_USED, UNDECIDED, Assigned, Assignment, Decided

SUFFIX = ".mapping.yml"
_KEYS = ("questionnaire", "tool", "columns", "values", "not_asked", "missing")


def review_text(export: Export, questionnaire: Questionnaire, assignment: Assignment, command: str) -> str:
    """Return the review file: every column with what it answers, and what is still to be decided.

    Parameters
    ----------
    export, questionnaire, assignment
        What was read, what was asked, and how far they fit.
    command
        What to type when the file is filled in.
    """
    answered = {found.target.question.code for found in assignment.columns if found.target}
    required = [question.code for question in questionnaire.questions if question.required]
    shown = [found for found in assignment.columns if found.how not in ("tool", "said elsewhere")]
    lines = [
        f"# Which column answers which question of {questionnaire.name}.",
        "# Put the name of a question behind each `question: '?'`, or '' if the column is not to be used.",
        "# A question that the form did not have goes from `missing` to `not_asked`.",
        f"# Then: {command}",
        *(f"# To decide: {_comment(problem)}" for problem in assignment.problems),
    ]
    content = {
        "questionnaire": questionnaire.name,
        "tool": export.tool,
        "missing": [code for code in required if code not in answered],
        "not_asked": [],
        "columns": [_entry(found) for found in shown],
        "values": {},
    }
    return "\n".join(lines) + "\n" + _dump(content)


def _entry(found: Assigned) -> dict[str, object]:
    entry: dict[str, object] = {"column": found.column.key}
    entry["question"] = (
        found.target.name if found.target else NOT_USED if found.how == "reviewed" else UNDECIDED
    )
    if found.how:
        entry["how"] = found.how
    choices = found.candidates or tuple(name for name, _ in found.suggestions)
    if choices:
        entry["suggestions"] = list(choices)
    elif not found.target and not found.product:
        entry["question"] = NOT_USED
    return entry


def _comment(text: str) -> str:
    return "".join(mark if mark.isprintable() else " " for mark in text)


def _dump(content: object) -> str:
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def write_review(path: Path, text: str, fallback: Path) -> tuple[Path, bool]:
    """Write the review file beside the export, or into a restricted folder if that cannot be written.

    A file that is already there is left as it is: a person may have worked on it.

    Returns
    -------
    tuple
        Where the file is, and whether it was written now.
    """
    beside = path.with_name(path.name + SUFFIX)
    for target in (beside, fallback / beside.name):
        if target.exists():
            return target, False
        try:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            continue
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        return target, True
    raise InputError(f"{path.name}: the review file can be written neither beside it nor in data/restricted")


def load_mapping(path: Path, questionnaire: Questionnaire) -> Decided:
    """Read a mapping file that a person filled in, or the mapping.yml of an earlier vintage.

    Raises
    ------
    InputError
        If it is missing, not YAML, of another questionnaire, or says what it may not.
    """
    where = path.name
    if not path.is_file():
        raise InputError(f"{where}: no such mapping file")
    content = load_yaml(path, where)
    if not isinstance(content, dict) or not isinstance(content.get("columns"), list):
        raise InputError(f"{where}: allowed: a mapping with a list `columns`")
    if content.get("questionnaire") != questionnaire.name:
        found = repr(content.get("questionnaire"))[:60]
        raise InputError(f"{where}: questionnaire: found {found}, allowed: {questionnaire.name}")
    columns: dict[str, str] = {}
    for entry in content["columns"]:
        key, name = _decision(entry, where)
        if key in columns:
            raise InputError(f"{where}: column {key[:60]!r} is given twice")
        if name is not None:
            columns[key] = name
    not_asked = content.get("not_asked") or []
    known = {question.code for question in questionnaire.questions}
    if not isinstance(not_asked, list) or not all(code in known for code in not_asked):
        raise InputError(f"{where}: not_asked: found {repr(not_asked)[:60]}, allowed: a list of questions")
    return Decided(columns, _values(content.get("values") or {}, questionnaire, where), frozenset(not_asked))


def _decision(entry: object, where: str) -> tuple[str, str | None]:
    """Return the key of a column, and its question; None where the reader found it without a person."""
    if not isinstance(entry, dict) or not isinstance(entry.get("column"), str):
        raise InputError(f"{where}: columns: found {repr(entry)[:60]}, allowed: column: ..., question: ...")
    name = entry.get("question")
    if name is None:
        name = NOT_USED
    if not isinstance(name, str):
        raise InputError(f"{where}: column {entry['column'][:60]!r}: question: found {repr(name)[:60]}")
    return entry["column"], name


def _values(content: object, questionnaire: Questionnaire, where: str) -> Mapping[str, Mapping[str, str]]:
    if not isinstance(content, dict):
        raise InputError(f"{where}: values: allowed: question -> (answer -> code)")
    lists = {
        question.code: question.choices
        for question in (*questionnaire.questions, *questionnaire.items.fields)
    }
    lists[questionnaire.items.code] = questionnaire.items.code
    values: dict[str, dict[str, str]] = {}
    for code, meanings in content.items():
        choices = lists.get(code) if isinstance(code, str) else None
        if choices is None or not isinstance(meanings, dict):
            raise InputError(f"{where}: values: found {repr(code)[:60]}, allowed: a question with choices")
        allowed = questionnaire.codes(choices)
        for answer, meaning in meanings.items():
            if meaning not in allowed:
                found = f"{code}: {repr(answer)[:40]} means {repr(meaning)[:40]}"
                raise InputError(f"{where}: values: found {found}, allowed: {', '.join(allowed[:30])}")
        values[code] = {str(answer): str(meaning) for answer, meaning in meanings.items()}
    return values
