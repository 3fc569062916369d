"""Answers to choose from, as tools write them: codes, labels in any language, several in one cell."""

import re
from collections.abc import Iterable, Mapping, Sequence

from helpers.data.questionnaires.model import Choice
from helpers.data.survey.headers import text_key

_REMEMBERED = 20_000
_MOST_PARTS = 200
_ID_BEHIND = re.compile(r"^(.*\S)\s*\(([\w.-]+)\)$", re.DOTALL)
_YES = frozenset(("y", "yes", "1", "true", "x", "checked", "selected", "oui", "ja", "sí", "si", "sì", "tak"))
_NO = frozenset(("n", "no", "0", "false", "n/a", "-", "unchecked", "not selected", "non", "nein", "nie"))


class UnknownChoiceError(ValueError):
    """An answer that is none of the choices; ``answer`` is what was found, not for messages."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        super().__init__("not one of the choices")


class Choices:
    """One list of choices, and how answers are found in it.

    Parameters
    ----------
    choices
        Codes and labels.
    more
        Further spellings -> code; they give way to codes and labels.
    values
        What a person decided that answers mean; takes precedence.

    Examples
    --------
    >>> sizes = Choices([Choice(code="small", label={"en": "Small (10-49)", "de": "Klein"})])
    >>> sizes.one("SMALL"), sizes.one("Klein (ID12)"), sizes.one(" small (10-49) ")
    ('small', 'small', 'small')
    """

    def __init__(
        self,
        choices: Sequence[Choice],
        more: Mapping[str, str] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        self.codes = [choice.code for choice in choices]
        self._exact = {code: code for code in self.codes}
        texts: dict[str, set[str]] = {}
        for choice in choices:
            for label in choice.label.values():
                texts.setdefault(text_key(label), set()).add(choice.code)
        found = {key: next(iter(codes)) for key, codes in texts.items() if len(codes) == 1 and key}
        # A code beats a label: "no" may be the code of Norway and the label of a refusal.
        self._texts = {text_key(text): code for text, code in (more or {}).items() if code in self.codes}
        self._texts |= found | {text_key(code): code for code in self.codes}
        self._texts |= {text_key(text): code for text, code in (values or {}).items()}
        self._decided = dict(values or {})
        self._ones: dict[str, str] = {}
        self._manies: dict[str, str] = {}

    def one(self, raw: str) -> str:
        """Return the code of an answer.

        Raises
        ------
        UnknownChoiceError
            If it is none of the choices.
        """
        code = self._ones.get(raw)
        if code is None:
            code = self._find(raw)
            if code is None:
                raise UnknownChoiceError(raw)
            if len(self._ones) < _REMEMBERED:
                self._ones[raw] = code
        return code

    def _find(self, raw: str) -> str | None:
        text = raw.strip()
        found = self._decided.get(text) or self._exact.get(text) or self._texts.get(text_key(text))
        if found is None and (behind := _ID_BEHIND.match(text)):
            found = self._texts.get(text_key(behind[1])) or self._exact.get(behind[2])
        return found

    def spellings(self) -> list[str]:
        """Return all texts that are recognised, folded for comparison."""
        return list(self._texts)

    def many(self, raw: str, separators: Sequence[str]) -> str:
        """Return the codes of an answer with several choices, joined by ";" in the order of the list.

        A label may itself hold the separator: the longest run of parts that is a label counts.

        Raises
        ------
        UnknownChoiceError
            If a part is none of the choices.

        Examples
        --------
        >>> labels = {"vials": "Vials, closures", "trays": "Trays"}
        >>> parts = Choices([Choice(code=code, label={"en": label}) for code, label in labels.items()])
        >>> parts.many("Trays, Vials, closures", [", "])
        'vials;trays'
        """
        codes = self._manies.get(raw)
        if codes is None:
            codes = self.joined(self._split(raw, separators))
            if len(self._manies) < _REMEMBERED:
                self._manies[raw] = codes
        return codes

    def joined(self, codes: Iterable[str]) -> str:
        """Return codes once each, in the order of the list, joined by ";"."""
        chosen = set(codes)
        return ";".join(code for code in self.codes if code in chosen)

    def _split(self, raw: str, separators: Sequence[str]) -> list[str]:
        whole = self._find(raw)
        if whole is not None:
            return [whole]
        unknown = raw
        for separator in separators:
            parts = raw.split(separator)
            if len(parts) > _MOST_PARTS:
                break
            found, unknown_part = self._run(parts, separator)
            if unknown_part is None:
                return found
            if len(parts) > 1 and unknown == raw:
                unknown = unknown_part
        raise UnknownChoiceError(unknown)

    def _run(self, parts: list[str], separator: str) -> tuple[list[str], str | None]:
        """Return the codes of consecutive parts, and the first part that starts no label."""
        found, start = [], 0
        while start < len(parts):
            if not parts[start].strip():
                start += 1
                continue
            for end in range(min(len(parts), start + 12), start, -1):
                code = self._find(separator.join(parts[start:end]))
                if code is not None:
                    found.append(code)
                    start = end
                    break
            else:
                return found, parts[start]
        return found, None

    def ticked(self, raw: str, code: str) -> bool:
        """Return whether a column that stands for one choice says that it was chosen.

        Raises
        ------
        UnknownChoiceError
            If the cell says neither.
        """
        word = raw.strip().casefold()
        if word in _YES:
            return True
        if not word or word in _NO:
            return False
        if self._find(raw) == code:
            return True
        raise UnknownChoiceError(raw)
