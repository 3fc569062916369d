"""Which column answers which question: by code, then by text in any language, then by a person.

Nothing that is merely similar is taken over: similar names are suggestions in a file that a person reviews.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from helpers.data.questionnaires.model import Questionnaire
from helpers.data.survey.export import Column, Export
from helpers.data.survey.headers import text_key
from helpers.data.survey.targets import Target, Targets, main_targets, repeat_targets

SIMILAR = 70
ALMOST_THE_SAME = 85
"""From this score (0 to 100) on a column that nobody decided on stops the ingest."""

NOT_USED = ""
UNDECIDED = "?"


@dataclass(frozen=True)
class Decided:
    """What a person wrote into a mapping file.

    ``columns`` leads from a column's key to the name of a target (`NOT_USED` for none), ``values`` from a
    question to what answers mean; ``not_asked`` are required questions that the form did not have.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    not_asked: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Assigned:
    """One column and what it answers: ``how`` is code, label, reviewed, tool, said elsewhere, or empty.

    ``product`` is the one that an unknown header begins with, so that an amount of it may stand there.
    """

    table: str
    at: int
    column: Column
    target: Target | None = None
    how: str = ""
    candidates: tuple[str, ...] = ()
    suggestions: tuple[tuple[str, int], ...] = ()
    product: str = ""


@dataclass(frozen=True)
class Assignment:
    """All columns of an export, what they answer, and what stands in the way of reading them."""

    columns: tuple[Assigned, ...]
    languages: tuple[str, ...]
    problems: tuple[str, ...]

    def of(self, table: str = "") -> list[Assigned]:
        """Return the columns of a table that answer something; "" is the main table."""
        return [found for found in self.columns if found.table == table and found.target is not None]

    @property
    def unused(self) -> list[str]:
        """The columns that answer nothing, but for those of the tool itself."""
        open_columns = [found for found in self.columns if not found.target]
        return [found.column.key for found in open_columns if found.how in ("", "reviewed")]

    def unanswered(self, questionnaire: Questionnaire) -> list[str]:
        """Return the questions that no column answers; of the products the fields that no product has."""
        answered = {found.target.question.code for found in self.columns if found.target}
        asked = (*questionnaire.questions, *questionnaire.items.fields)
        return [question.code for question in asked if question.code not in answered]


def assign(export: Export, questionnaire: Questionnaire, decided: Decided | None = None) -> Assignment:
    """Find out which column answers which question.

    Parameters
    ----------
    export
        Its columns; no answer is read.
    questionnaire
        What was asked.
    decided
        What a person decided; it takes precedence.

    Returns
    -------
    Assignment
        Without ``problems`` if every required question has one column, no question has two, and no column
        that nobody decided on is almost called like a question that has none.
    """
    decided = decided or Decided()
    targets = main_targets(questionnaire)
    columns, spoken = _assign_table("", export.columns, targets, decided)
    columns = _without_repetitions(columns)
    problems = _problems(columns, targets, decided)
    for repeat in export.repeats:
        inner = repeat_targets(questionnaire)
        found, _ = _assign_table(repeat.name, repeat.columns, inner, decided)
        columns += found
        problems += _problems(found, inner, decided)
    problems += _missing(columns, questionnaire, decided)
    problems += _astray(columns, decided)
    languages = tuple(language for language, _ in spoken.most_common())
    return Assignment(tuple(columns), languages, tuple(dict.fromkeys(problems)))


def _assign_table(
    table: str, columns: Sequence[Column], targets: Targets, decided: Decided
) -> tuple[list[Assigned], Counter[str]]:
    assigned = []
    spoken: Counter[str] = Counter()
    for at, column in enumerate(columns):
        found, languages = _assign_column(Assigned(table, at, column), targets, decided)
        assigned.append(found)
        spoken.update(languages)
    taken = {found.target.name for found in assigned if found.target}
    free = {name for name in targets.known if name not in taken and "[" not in name}
    open_columns = [found for found in assigned if not found.how and not found.candidates]
    suggested = _suggestions(open_columns, targets, free)
    return [
        replace(
            found,
            suggestions=suggested.get(found.at, ()),
            product=targets.product_in(found.column.header) if found in open_columns else "",
        )
        for found in assigned
    ], spoken


def _assign_column(found: Assigned, targets: Targets, decided: Decided) -> tuple[Assigned, set[str]]:
    """Return what a column answers, and the languages that its text tells apart."""
    automatic, languages = _recognised(found, targets)
    choice = decided.columns.get(found.column.key, UNDECIDED)
    if choice == UNDECIDED or (automatic.target and automatic.target.name == choice):
        return automatic, languages
    if choice == NOT_USED:
        return replace(found, how="tool" if found.column.kind != "question" else "reviewed"), set()
    target = targets.known.get(choice)
    return replace(found, target=target, how="reviewed" if target else ""), set()


def _recognised(found: Assigned, targets: Targets) -> tuple[Assigned, set[str]]:
    column = found.column
    if column.kind != "question":
        return replace(found, how="tool"), set()
    names = targets.by_code(column.code) or targets.by_code(column.header)
    if len(names) == 1:
        return replace(found, target=targets.known[next(iter(names))], how="code"), set()
    texts = targets.by_text(column.header)
    if len(texts) == 1:
        name, languages = next(iter(texts.items()))
        sure = languages if len(languages) == 1 else set()
        return replace(found, target=targets.known[name], how="label"), sure
    return replace(found, candidates=tuple(sorted(names | texts.keys()))), set()


def _suggestions(
    columns: Sequence[Assigned], targets: Targets, free: set[str]
) -> dict[int, tuple[tuple[str, int], ...]]:
    """Return similar names of targets that have no column yet, by the position of the column."""
    if not columns or not free:
        return {}
    from rapidfuzz import fuzz, process

    names = {
        key: name
        for key, known in targets.texts.items()
        for name in known
        if name in free and "[" not in name
    }
    names |= {text_key(name): name for name in free}
    suggested = {}
    for column in columns:
        best: dict[str, int] = {}
        header = text_key(column.column.header)
        similar = process.extract(header, list(names), scorer=fuzz.ratio, score_cutoff=SIMILAR, limit=12)
        for key, score, _ in similar:
            best.setdefault(names[key], int(score))
        suggested[column.at] = tuple(list(best.items())[:3])
    return suggested


def _without_repetitions(columns: list[Assigned]) -> list[Assigned]:
    """Leave out the columns of single choices where one column holds them all, as ODK writes them."""
    whole = {found.target.question.code for found in columns if found.target and not found.target.choice}
    return [
        replace(found, target=None, how="said elsewhere")
        if found.target and found.target.choice and found.target.question.code in whole
        else found
        for found in columns
    ]


def _problems(columns: Sequence[Assigned], targets: Targets, decided: Decided) -> list[str]:
    problems = []
    by_target: dict[str, list[str]] = {}
    for found in columns:
        if found.target:
            by_target.setdefault(found.target.name, []).append(found.column.key)
    for name, keys in by_target.items():
        if len(keys) > 1:
            shown = ", ".join(repr(key[:60]) for key in keys[:4])
            problems.append(f"question {name}: more than one column answers it: {shown}")
    for found in columns:
        key = found.column.key
        if found.candidates:
            shown = ", ".join(found.candidates[:4])
            problems.append(f"column {key[:60]!r}: could answer more than one question: {shown}")
        elif found.product and key not in decided.columns:
            problems.append(
                f"column {key[:60]!r}: begins with the product {found.product}; what it says of it is unknown"
            )
        elif found.suggestions and found.suggestions[0][1] >= ALMOST_THE_SAME and key not in decided.columns:
            problems.append(f"column {key[:60]!r}: almost called like question {found.suggestions[0][0]}")
        if decided.columns.get(key) == UNDECIDED:
            problems.append(f"column {key[:60]!r}: still undecided ({UNDECIDED})")
    return problems


def _missing(columns: Sequence[Assigned], questionnaire: Questionnaire, decided: Decided) -> list[str]:
    answered = {found.target.question.code for found in columns if found.target and not found.table}
    problems = []
    for question in questionnaire.questions:
        needed = question.required or question.role == "country"
        excused = question.code in decided.not_asked and question.role != "country"
        if needed and not excused and question.code not in answered:
            problems.append(f"question {question.code}: no column answers it, and it is required")
    if not _has_amounts(columns, questionnaire):
        problems.append(f"no column holds an amount of a {questionnaire.items.code}")
    return problems


def _has_amounts(columns: Sequence[Assigned], questionnaire: Questionnaire) -> bool:
    amounts = {column.code for column in questionnaire.items.fields if column.role == "amount"}
    amounts = amounts or {questionnaire.items.fields[0].code}
    flat = any(
        found.target and found.target.item and found.target.question.code in amounts for found in columns
    )
    tables: dict[str, set[str]] = {}
    for found in columns:
        if found.table and found.target:
            tables.setdefault(found.table, set()).add(found.target.question.code)
    return flat or any(questionnaire.items.code in codes and codes & amounts for codes in tables.values())


def _astray(columns: Sequence[Assigned], decided: Decided) -> list[str]:
    """Return what a mapping file names and the export or the questionnaire does not have."""
    known = {found.column.key for found in columns}
    problems = [
        f"column {key[:60]!r}: the file has no such column" for key in decided.columns if key not in known
    ]
    settled = {found.column.key for found in columns if found.how}
    for key, name in decided.columns.items():
        if key in known and key not in settled and name != UNDECIDED:
            problems.append(f"column {key[:60]!r}: found question {name[:60]!r}, which there is not")
    return problems
