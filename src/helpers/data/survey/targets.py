"""What the columns of an export can answer: the questions, fields and choices of one questionnaire."""

from collections import defaultdict
from dataclasses import dataclass, field

from helpers.data.questionnaires.model import Question, Questionnaire
from helpers.data.survey.headers import code_key, code_paths, text_forms, text_key


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that a column can answer.

    A question; with ``item``, a field of one product; with ``choice``, whether that choice was ticked. Inside
    a repeat ``item`` and ``choice`` are empty, and the code of the products is a target too.
    """

    question: Question
    item: str = ""
    choice: str = ""

    @property
    def name(self) -> str:
        """Return the name that mapping files use: ``company``, ``vials_amount``, ``stages[vials]``."""
        name = f"{self.item}_{self.question.code}" if self.item else self.question.code
        return f"{name}[{self.choice}]" if self.choice else name


@dataclass
class Targets:
    """All targets of a table, and where to find them by code and by text.

    ``codes`` and ``texts`` lead from a key to names of targets; ``texts`` also says in which languages.
    ``products`` leads from the label of a product, in any language, to its code.
    """

    known: dict[str, Target] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    texts: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(dict))
    products: dict[str, str] = field(default_factory=dict)

    def add(self, target: Target, codes: list[str], texts: dict[str, list[str]]) -> None:
        """Add a target with its codes, and its texts by language."""
        self.known[target.name] = target
        for code in codes:
            self.codes[code_key(code)].add(target.name)
        for language, spellings in texts.items():
            for spelling in spellings:
                if key := text_key(spelling):
                    self.texts[key].setdefault(target.name, set()).add(language)

    def by_code(self, header: str) -> set[str]:
        """Return the targets that a header names by code, alone or at the end of a path."""
        for path in code_paths(header):
            if found := self.codes.get(code_key("".join(path))):
                return found
        return set()

    def by_text(self, header: str) -> dict[str, set[str]]:
        """Return the targets whose text a header is, with the languages of that text.

        The text of a table may stand in front of the product and the field.
        """
        for form in text_forms(header):
            if found := self.texts.get(form):
                return found
        for form in text_forms(header):
            words = form.split()
            for start in range(1, len(words) - 1):
                found = self.texts.get(" ".join(words[start:]), {})
                inner = {name: spoken for name, spoken in found.items() if self.known[name].item}
                if inner:
                    return inner
        return {}

    def product_in(self, header: str) -> str:
        """Return the product with whose label a header begins, the longest such label, or ""."""
        forms = [f"{form} " for form in text_forms(header)]
        begun = [key for key in self.products if any(form.startswith(f"{key} ") for form in forms)]
        return self.products[max(begun, key=len)] if begun else ""


def main_targets(questionnaire: Questionnaire) -> Targets:
    """Return what the columns of a table with one row a respondent can answer."""
    targets = Targets()
    targets.products = {
        text_key(label): item.code for item in questionnaire.items.list for label in item.label.values()
    }
    for question in questionnaire.questions:
        texts = {language: [label] for language, label in question.label.items()}
        targets.add(Target(question), [question.code], texts)
    for column in questionnaire.columns():
        target = Target(column.field, item=column.item.code)
        labels = _both_ways(column.item.label, column.field.label)
        heads = _both_ways(column.item.label, column.field.short or {})
        texts = {language: [*found, *heads.get(language, [])] for language, found in labels.items()}
        targets.add(target, [column.name], texts)
    for question in questionnaire.questions:
        if question.type == "select_multiple" and question.choices:
            for choice in questionnaire.choices[question.choices]:
                target = Target(question, choice=choice.code)
                code = f"{question.code}_{choice.code}"
                free = [] if code_key(code) in targets.codes else [code]
                targets.add(target, free, _both_ways(question.label, choice.label, only_first=True))
    return targets


def repeat_targets(questionnaire: Questionnaire) -> Targets:
    """Return what the columns of a repeat with one row a product can answer."""
    targets = Targets()
    items = questionnaire.items
    product = Question(
        code=items.code, type="select_one", choices=items.code, label=items.label, visibility="public"
    )
    for question in (product, *items.fields):
        heads = question.short or {}
        texts = {
            language: [label, *([heads[language]] if language in heads else [])]
            for language, label in question.label.items()
        }
        targets.add(Target(question), [question.code], texts)
    return targets


def _both_ways(
    first: dict[str, str], second: dict[str, str], only_first: bool = False
) -> dict[str, list[str]]:
    """Return the texts of two parts put together by language, in either order."""
    texts = {}
    for language in first.keys() & second.keys():
        texts[language] = [f"{first[language]} {second[language]}"]
        if not only_first:
            texts[language].append(f"{second[language]} {first[language]}")
    return texts
