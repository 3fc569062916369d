"""A questionnaire as a form to print, or to fill in with a word processor."""

import io
from itertools import count
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Cm, Pt
from docx.table import _Cell

from helpers.data.errors import InputError
from helpers.data.questionnaires import docx_parts as parts
from helpers.data.questionnaires.archive import date_of, fixed
from helpers.data.questionnaires.model import SELECTS, Item, Question, Questionnaire, Translated
from helpers.data.questionnaires.phrases import Phrases, load_phrases

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 21.0, 29.7, 2.0
WIDTH = PAGE_WIDTH - 2 * MARGIN
_LONG_LIST = 15
"""A list longer than this gets a line to write on; nobody ticks one country of forty."""
_SHORT_LABEL = 34
_LINES = {"long_text": 5}
_ITEM_SHARE = 1.6
_FIELD_SHARE = {"quantity": 1.15, "select_one": 1.45, "percent": 0.75, "month": 0.95, "integer": 0.7}
_UNIT_SHARE = 2.0


def docx_form(questionnaire: Questionnaire, language: str = "en", root: Path | None = None) -> bytes:
    """Return the questionnaire as a printable form in one language.

    Parameters
    ----------
    questionnaire
        The definition.
    language
        One of the questionnaire's languages.
    root
        The project's folder, whose ``shared.yml`` holds what forms say of themselves.

    Returns
    -------
    bytes
        A document (docx), A4: title, introduction, privacy notice, numbered questions with boxes to tick and
        lines to write on, a table of products a stage, page numbers. The same bytes for the same definition.

    Raises
    ------
    InputError
        If the questionnaire is not in that language.
    """
    if language not in questionnaire.languages:
        allowed = ", ".join(questionnaire.languages)
        raise InputError(
            f"questionnaire {questionnaire.name}: language {language[:20]!r}, allowed: {allowed}"
        )
    form = _Form(questionnaire, language, load_phrases(root))
    form.write()
    target = io.BytesIO()
    form.document.save(target)
    return fixed(target.getvalue(), date_of(questionnaire.version))


class _Form:
    """The form while it is written: the document, and the numbers given so far."""

    def __init__(self, questionnaire: Questionnaire, language: str, phrases: Phrases) -> None:
        self.questionnaire = questionnaire
        self.language = language
        self.phrases = phrases
        self.document: Document = docx.Document()
        self.numbers: dict[str, int] = {}
        self.boxes = count(1)

    def text(self, translated: Translated) -> str:
        return translated[self.language]

    def say(self, key: str, **values: object) -> str:
        return self.phrases.say(key, self.language, **values)

    def write(self) -> None:
        parts.set_styles(self.document, self.language)
        self._page()
        self._opening()
        sections = self.questionnaire.sections
        for section in sections:
            self.document.add_heading(self.text(section.label), 1)
            if section.hint is not None:
                self.document.add_paragraph(self.text(section.hint))
            self._section(section.code)
        if not sections:
            self._section(None)
        self.document.add_paragraph()
        self.document.add_paragraph(f"{self.say('send_back')} {self.say('thanks')}")

    def _page(self) -> None:
        """Set the paper, the footer and the properties of the document."""
        page = self.document.sections[0]
        page.page_width, page.page_height = Cm(PAGE_WIDTH), Cm(PAGE_HEIGHT)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN)
        footer = page.footer.paragraphs[0]
        footer.style = self.document.styles["Small"]
        footer.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
        version = self.say("version", version=self.questionnaire.version)
        footer.add_run(f"{self.text(self.questionnaire.title)} · {version}\t")
        before, _, rest = self.say("page").partition("{page}")
        between, _, after = rest.partition("{pages}")
        footer.add_run(before)
        parts.add_field(footer, "PAGE")
        footer.add_run(between)
        parts.add_field(footer, "NUMPAGES")
        footer.add_run(after)
        core = self.document.core_properties
        core.title, core.language = self.text(self.questionnaire.title), self.language
        core.author, core.comments, core.keywords = "", "", ""
        core.version = self.questionnaire.version

    def _opening(self) -> None:
        self.document.add_paragraph(self.text(self.questionnaire.title), style="Title")
        self.document.add_paragraph(self.text(self.questionnaire.introduction))
        box = parts.plain_table(self.document, 1, [WIDTH], ruled=True).rows[0].cells[0]
        parts.shade(box)
        heading = box.paragraphs[0]
        heading.style = self.document.styles["Heading 2"]
        heading.add_run(self.say("privacy"))
        heading.paragraph_format.space_before = Pt(4)
        notice = box.add_paragraph(self.text(self.questionnaire.privacy))
        notice.paragraph_format.space_after = Pt(6)
        parts.small_gap(self.document)
        self.document.add_paragraph(self.say("needed"), style="Hint")

    def _section(self, code: str | None) -> None:
        for question in self.questionnaire.questions:
            if question.section == code:
                self._question(question)
        if self.questionnaire.items.section == code:
            self._products()

    def _heading(self, code: str, label: str, required: bool) -> None:
        self.numbers[code] = len(self.numbers) + 1
        mark = " *" if required else ""
        self.document.add_paragraph(f"{self.numbers[code]}. {label}{mark}", style="Question")

    def _question(self, question: Question) -> None:
        self._heading(question.code, self.text(question.label), question.required)
        for hint in self._hints(question):
            self.document.add_paragraph(hint, style="Hint")
        if self._is_ticked(question):
            self._boxes(question)
        else:
            parts.add_lines(self.document, _LINES.get(question.type, 1), self._line_width(question))

    def _hints(self, question: Question) -> list[str]:
        hints = [self._condition(question)] if question.only_if else []
        if question.hint is not None:
            hints.append(self.text(question.hint))
        if self._is_ticked(question):
            hints.append(self.say("several_answers" if question.type == "select_multiple" else "one_answer"))
        if question.type in ("month", "date"):
            hints.append(self.say(question.type))
        return hints

    def _condition(self, question: Question) -> str:
        condition = question.only_if
        if condition is None:
            return ""
        asked = self.questionnaire.question(condition.question)
        choices = self.questionnaire.choices[asked.choices or ""]
        labels = [self.text(choice.label) for choice in choices if choice.code in condition.any_of]
        answers = f" {self.say('or')} ".join(labels)
        return self.say("only_if", answers=answers, number=self.numbers[asked.code])

    def _is_ticked(self, question: Question) -> bool:
        if question.type not in SELECTS:
            return False
        return len(self.questionnaire.choices[question.choices or ""]) <= _LONG_LIST

    def _line_width(self, question: Question) -> float:
        return WIDTH / 3 if question.type in ("integer", "number", "percent", "date", "month") else WIDTH

    def _boxes(self, question: Question) -> None:
        """Add the boxes to tick: two columns of short labels, or one of long ones."""
        labels = [self.text(choice.label) for choice in self.questionnaire.choices[question.choices or ""]]
        columns = 2 if len(labels) > 2 and max(map(len, labels)) <= _SHORT_LABEL else 1
        rows = -(-len(labels) // columns)
        table = parts.plain_table(self.document, rows, [WIDTH / columns] * columns)
        for position, label in enumerate(labels):
            paragraph = table.cell(position % rows, position // rows).paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.keep_with_next = position % rows < rows - 1
            parts.add_box(paragraph, label, next(self.boxes))
        for row in table.rows:
            parts.keep_together(row)
        parts.small_gap(self.document)

    def _products(self) -> None:
        """Add what is asked about each product, then a table of products a stage."""
        items = self.questionnaire.items
        self._heading(items.code, self.text(items.label), required=False)
        if items.hint is not None:
            self.document.add_paragraph(self.text(items.hint), style="Hint")
        for field in items.fields:
            if field.hint is None and self._head(field) == self.text(field.label):
                continue
            line = self.document.add_paragraph(style="Small")
            line.add_run(f"{self._head(field)} – ").bold = True
            hint = f" ({self.text(field.hint)})" if field.hint else ""
            line.add_run(f"{self.text(field.label)}{hint}")
        for stage in self.questionnaire.stages():
            listed = [item for item in items.list if item.stage == stage.code]
            if listed:
                self.document.add_heading(self.text(stage.label), 2)
                self._product_table(listed)

    def _head(self, field: Question) -> str:
        return self.text(field.short or field.label)

    def _product_table(self, listed: list[Item]) -> None:
        fields = self.questionnaire.items.fields
        shares = [_ITEM_SHARE, *(self._share(field) for field in fields)]
        widths = [WIDTH * share / sum(shares) for share in shares]
        table = parts.plain_table(self.document, 1 + len(listed), widths, ruled=True)
        heads = [self.text(self.questionnaire.items.label), *(self._head(field) for field in fields)]
        parts.repeat_head(table.rows[0])
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            parts.shade(cell)
            self._small(cell, head, bold=True)
        for row, item in zip(table.rows[1:], listed, strict=True):
            parts.keep_together(row)
            row.height = Cm(1.1)
            self._small(row.cells[0], self.text(item.label), bold=True)
            if item.hint is not None:
                row.cells[0].add_paragraph(self.text(item.hint), style="Small")
            for cell, field in zip(row.cells[1:], fields, strict=True):
                self._field(cell, field, item)
        parts.small_gap(self.document)

    def _share(self, field: Question) -> float:
        return _UNIT_SHARE if field.choices == "units" else _FIELD_SHARE.get(field.type, 1.3)

    def _field(self, cell: _Cell, field: Question, item: Item) -> None:
        """Fill a cell with what is ticked there, or with the unit that is written there."""
        if field.type in SELECTS:
            choices = self.questionnaire.choices[field.choices or ""]
            if field.choices == "units":
                by_code = {choice.code: choice for choice in choices}
                choices = [by_code[code] for code in item.units]
            for position, choice in enumerate(choices):
                paragraph = cell.paragraphs[0] if position == 0 else cell.add_paragraph()
                paragraph.style = self.document.styles["Small"]
                parts.add_box(paragraph, self.text(choice.label), next(self.boxes))
        elif field.type in ("month", "percent"):
            self._small(cell, {"month": "      /", "percent": "         %"}[field.type])

    def _small(self, cell: _Cell, text: str, bold: bool = False) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.style = self.document.styles["Small"]
        paragraph.add_run(text).bold = bold
