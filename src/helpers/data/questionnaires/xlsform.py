"""A questionnaire as an XLSForm workbook, which KoboToolbox, ODK and ONA put online as it is.

A section is a group; the products are a repeat ``capacities``: one entry a product, with the units that
belong to it. The title of an entry does not name the respondent, since tools export that title.
"""

import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from helpers.data.questionnaires.archive import date_of, fixed
from helpers.data.questionnaires.model import SELECTS, Choice, Question, Questionnaire, Translated
from helpers.data.questionnaires.phrases import Phrases, language_name, load_phrases

REPEAT = "capacities"
Row = dict[str, str]

_TYPES = {
    "text": "text",
    "long_text": "text",
    "integer": "integer",
    "number": "decimal",
    "quantity": "text",
    "percent": "decimal",
    "date": "date",
    "month": "date",
    "email": "text",
    "phone": "text",
    "url": "text",
}
_APPEARANCE = {"long_text": "multiline", "month": "month-year"}
_LONG_LIST = 12
"""A list longer than this is shown as a menu and not spread over the screen."""
_EMAIL = "regex(., '^[^@ ]+@[^@ ]+[.][^@ ]+$')"
_FIXED_COLUMNS = ("type", "name", "label", "hint", "required", "relevant", "constraint")
_COLUMNS = (*_FIXED_COLUMNS, "constraint_message", "appearance", "choice_filter", "default")
_TRANSLATED = ("label", "hint", "constraint_message")
_WIDTHS = {"type": 28, "name": 24, "list_name": 20, "label": 50, "hint": 40, "constraint_message": 30}


def xlsform(questionnaire: Questionnaire, root: Path | None = None, language: str | None = None) -> bytes:
    """Return the questionnaire as an XLSForm workbook.

    Parameters
    ----------
    questionnaire
        The definition.
    root
        The project's folder, whose ``shared.yml`` holds the messages of forms.
    language
        The language in which the form opens; the first of the questionnaire if not given. All languages
        are in the workbook.

    Returns
    -------
    bytes
        A workbook (xlsx) with the sheets survey, choices and settings; every cell is text, none a formula.
        The same bytes for the same definition.

    Raises
    ------
    InputError
        If a message of the form is missing in one of the questionnaire's languages.

    References
    ----------
    XLSForm, https://xlsform.org/en/
    """
    phrases = load_phrases(root)
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    languages = questionnaire.languages
    _fill(survey, _columns(_COLUMNS, languages), _survey(questionnaire, phrases))
    choices = ("list_name", "name", "label", "products")
    _fill(book.create_sheet("choices"), _columns(choices, languages), _choices(questionnaire))
    settings = _settings(questionnaire, language or languages[0])
    _fill(book.create_sheet("settings"), list(settings), [settings])
    when = date_of(questionnaire.version)
    book.properties.creator = "cluster-evidence"
    book.properties.title = questionnaire.title[language or languages[0]]
    target = io.BytesIO()
    book.save(target)
    return fixed(target.getvalue(), when)


def _settings(questionnaire: Questionnaire, language: str) -> Row:
    return {
        "form_title": questionnaire.title[language],
        "form_id": questionnaire.name,
        "version": questionnaire.version,
        "default_language": _language(language),
    }


def _language(code: str) -> str:
    """Return how XLSForm names a language: its own name, then the code in brackets."""
    return f"{language_name(code)} ({code})"


def _columns(names: Iterable[str], languages: list[str]) -> list[str]:
    columns = []
    for name in names:
        columns += [f"{name}::{_language(code)}" for code in languages] if name in _TRANSLATED else [name]
    return columns


def _texts(column: str, text: Translated | None, languages: list[str]) -> Row:
    return {f"{column}::{_language(code)}": text[code] for code in languages} if text else {}


def _survey(questionnaire: Questionnaire, phrases: Phrases) -> list[Row]:
    languages = questionnaire.languages
    rows: list[Row] = [{"type": "start", "name": "start"}, {"type": "end", "name": "end"}]
    for name, text in (("introduction", questionnaire.introduction), ("privacy", questionnaire.privacy)):
        rows.append({"type": "note", "name": f"{name}_note", **_texts("label", text, languages)})
    for section in questionnaire.sections:
        label = _texts("label", section.label, languages)
        inside = _section(section.code, questionnaire, phrases)
        rows += [{"type": "begin_group", "name": section.code, **label}, *inside, {"type": "end_group"}]
    return rows if questionnaire.sections else rows + _section(None, questionnaire, phrases)


def _section(code: str | None, questionnaire: Questionnaire, phrases: Phrases) -> list[Row]:
    asked = [question for question in questionnaire.questions if question.section == code]
    rows = [_question(question, questionnaire, phrases) for question in asked]
    return rows + (_repeat(questionnaire, phrases) if questionnaire.items.section == code else [])


def _repeat(questionnaire: Questionnaire, phrases: Phrases) -> list[Row]:
    """Return the repeat group: a product of the list, then the questions about it."""
    items = questionnaire.items
    languages = questionnaire.languages
    label = _texts("label", items.label, languages)
    product = {"type": f"select_one {items.code}", "name": items.code, "appearance": "minimal", **label}
    product |= {"required": "yes", **_texts("hint", items.hint, languages)}
    fields = [_question(field, questionnaire, phrases) for field in items.fields]
    return [{"type": "begin_repeat", "name": REPEAT, **label}, product, *fields, {"type": "end_repeat"}]


def _question(question: Question, questionnaire: Questionnaire, phrases: Phrases) -> Row:
    languages = questionnaire.languages
    row = {"type": _type(question), "name": question.code, "required": "yes" if question.required else ""}
    row |= _texts("label", question.label, languages) | _texts("hint", question.hint, languages)
    row["appearance"] = _appearance(question, questionnaire)
    row |= _constraint(question, languages, phrases)
    if question.only_if is not None:
        asked = [f"selected(${{{question.only_if.question}}}, '{code}')" for code in question.only_if.any_of]
        row["relevant"] = " or ".join(asked)
    if question.role == "consent":
        row["default"] = questionnaire.codes(question.choices or "")[0]
    if question.choices == "units":
        row["choice_filter"] = f"selected(products, ${{{questionnaire.items.code}}})"
    return row


def _type(question: Question) -> str:
    return f"{question.type} {question.choices}" if question.type in SELECTS else _TYPES[question.type]


def _appearance(question: Question, questionnaire: Questionnaire) -> str:
    if question.choices is None or question.choices == "units":
        return _APPEARANCE.get(question.type, "")
    long = len(questionnaire.choices[question.choices]) > _LONG_LIST
    return "minimal autocomplete" if long and question.type == "select_one" else ""


def _constraint(question: Question, languages: list[str], phrases: Phrases) -> Row:
    """Return what an answer must fulfil and what is said if it does not."""
    if question.type == "email":
        message = {code: phrases.say("email_wrong", code) for code in languages}
        return {"constraint": _EMAIL} | _texts("constraint_message", message, languages)
    low, high = (0, 100) if question.type == "percent" else (question.min, question.max)
    tests = [f". {sign} {end:g}" for sign, end in ((">=", low), ("<=", high)) if end is not None]
    if not tests:
        return {}
    bounds = f"{low:g}–{high:g}" if len(tests) > 1 else tests[0][2:].replace(">=", "≥").replace("<=", "≤")
    message = {code: phrases.say("number_wrong", code, bounds=bounds) for code in languages}
    return {"constraint": " and ".join(tests)} | _texts("constraint_message", message, languages)


def _choices(questionnaire: Questionnaire) -> list[Row]:
    """Return the lists that a question uses, the countries by the alphabet of the first language."""
    fields = (*questionnaire.questions, *questionnaire.items.fields)
    used = [question.choices for question in fields if question.choices] + [questionnaire.items.code]
    first = questionnaire.languages[0]
    rows: list[Row] = []
    for name in dict.fromkeys(used):
        choices = questionnaire.choices[name]
        if name == "countries":
            choices = sorted(choices, key=lambda choice: choice.label[first])
        products = _products_by_unit(questionnaire) if name == "units" else {}
        rows += [_choice(name, choice, questionnaire.languages, products) for choice in choices]
    return rows


def _choice(name: str, choice: Choice, languages: list[str], products: Mapping[str, str]) -> Row:
    row = {"list_name": name, "name": choice.code, **_texts("label", choice.label, languages)}
    return row | {"products": products.get(choice.code, "")}


def _products_by_unit(questionnaire: Questionnaire) -> dict[str, str]:
    """Return for each unit the products that are counted in it, with blanks between them."""
    products: dict[str, list[str]] = {}
    for item in questionnaire.items.list:
        for unit in item.units:
            products.setdefault(unit, []).append(item.code)
    return {unit: " ".join(codes) for unit, codes in products.items()}


def _fill(sheet: Worksheet, columns: list[str], rows: Iterable[Row]) -> None:
    """Write a sheet whose cells are all text, so that none is a formula, whatever it begins with."""
    lines = [dict(zip(columns, columns, strict=True)), *rows]
    for number, row in enumerate(lines, start=1):
        for position, column in enumerate(columns, start=1):
            text = row.get(column, "")
            if text:
                cell = sheet.cell(number, position)
                cell.value = text
                cell.data_type = "s"
                cell.alignment = Alignment(vertical="top", wrap_text=True)
    for position, column in enumerate(columns, start=1):
        head = sheet.cell(1, position)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", fgColor="D4DAF0")
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column.split("::")[0], 18)
    sheet.freeze_panes = "C2" if len(lines) > 2 else "A2"
