"""The part of the data dictionary that explains the questionnaires."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from helpers.data.questionnaires.definition import load_questionnaire, questionnaire_names
from helpers.data.questionnaires.model import Item, Question, Questionnaire
from helpers.data.questionnaires.units import Unit, load_units

Table = Callable[[Sequence[str], Iterable[Sequence[str]]], str]

_INTRODUCTION = """\
Defined in `data/raw/questionnaires/<name>.yml`, one file each; `evidence form NAME` makes the XLSForm or the
printable form of one. Who may see an answer:

- `public`: part of the entry of everyone who consents to an entry, with or without a name;
- `aggregate`: part of an entry only where it is shown with the name, else only of totals that pass disclosure
  control;
- `restricted`: nobody but those who run the survey; it never leaves `data/restricted`.
"""


def questionnaire_sections(table: Table, root: Path | None = None) -> Iterable[str]:
    """Yield the questionnaires in Markdown: questions, products, choices; then the units.

    Parameters
    ----------
    table
        Makes a Markdown table of a head and rows.
    root
        The project's folder.

    Yields
    ------
    str
        A part of the data dictionary; nothing if the project has no questionnaire.
    """
    names = questionnaire_names(root)
    if not names:
        return
    yield f"## Questionnaires\n\n{_INTRODUCTION}"
    for name in names:
        yield _section(load_questionnaire(name, root), table)
    yield "### Units of the questionnaires\n"
    head = ("Unit", "Meaning", "Kind", "In the base unit")
    yield table(head, [_unit(unit) for unit in load_units(root).values()])


def _section(questionnaire: Questionnaire, table: Table) -> str:
    head = (
        f"### Questionnaire {questionnaire.name}\n\n**{questionnaire.title['en']}**\n\n"
        f"- Version: {questionnaire.version}\n- Languages: {', '.join(questionnaire.languages)}\n"
    )
    parts = [
        head,
        "Asked once a respondent:\n",
        table(*_questions(questionnaire.questions, questionnaire)),
        "Asked about each product; flat survey tools name the column `<product>_<field>`:\n",
        table(*_questions(questionnaire.items.fields, questionnaire)),
        "Products:\n",
        table(
            ("Product", "Stage", "Base unit", "Units offered", "Plausible, in the base unit", "Label"),
            [_product(item) for item in questionnaire.items.list],
        ),
        "Choices:\n",
        table(("List", "Codes and labels"), _choices(questionnaire)),
    ]
    return "\n".join(parts)


def _questions(
    questions: Iterable[Question], questionnaire: Questionnaire
) -> tuple[Sequence[str], list[Sequence[str]]]:
    head = ("Question", "Type", "Who may see it", "Role", "Label")
    rows: list[Sequence[str]] = []
    for question in questions:
        kind = f"{question.type}: {question.choices}" if question.choices else question.type
        needed = "" if not question.required else ", needed"
        rows.append(
            (
                f"`{question.code}`",
                f"{kind}{needed}",
                question.visibility,
                question.role or "",
                _asked(question),
            )
        )
    return head, rows


def _asked(question: Question) -> str:
    condition = question.only_if
    text = question.label["en"]
    return (
        text if condition is None else f"{text} (only if {condition.question}: {', '.join(condition.any_of)})"
    )


def _product(item: Item) -> Sequence[str]:
    plausible = f"{item.plausible.min:,.16g} to {item.plausible.max:,.16g}"
    units = ", ".join(item.units)
    return (f"`{item.code}`", item.stage, item.base_unit, units, plausible, item.label["en"])


def _choices(questionnaire: Questionnaire) -> Iterable[Sequence[str]]:
    """Yield a row a list that a question uses; products and units have tables of their own."""
    asked = (*questionnaire.questions, *questionnaire.items.fields)
    used = dict.fromkeys(["stages", *(question.choices for question in asked if question.choices)])
    for name in used:
        if name == "countries":
            yield name, "Eurostat's codes: " + ", ".join(questionnaire.codes(name))
        elif name != "units":
            yield name, "; ".join(f"`{one.code}` {one.label['en']}" for one in questionnaire.choices[name])


def _unit(unit: Unit) -> Sequence[str]:
    return f"`{unit.code}`", unit.meaning, unit.dimension, f"{unit.factor:,.10g} {unit.base_unit}"
