"""What forms say of themselves ("Page 1 of 4"), in the languages of ``shared.yml``."""

from dataclasses import dataclass
from pathlib import Path

from babel import Locale
from pydantic import TypeAdapter, ValidationError

from helpers.data.errors import InputError
from helpers.data.questionnaires.definition import shared_parts
from helpers.data.questionnaires.model import Translated

WHERE = "data/raw/questionnaires/shared.yml: phrases"
KEYS = (
    "one_answer",
    "several_answers",
    "only_if",
    "or",
    "needed",
    "privacy",
    "send_back",
    "thanks",
    "page",
    "version",
    "month",
    "date",
    "email_wrong",
    "number_wrong",
)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Texts by key and language."""

    texts: dict[str, dict[str, str]]

    def say(self, key: str, language: str, **values: object) -> str:
        """Return a text with values put in their places.

        Raises
        ------
        InputError
            If there is no such text in the language.

        Examples
        --------
        >>> load_phrases().say("page", "de", page=1, pages=4)
        'Seite 1 von 4'
        """
        text = self.texts[key].get(language)
        if text is None:
            raise InputError(
                f"{WHERE} {key}: no text in {language}, allowed: {', '.join(self.texts[key])}; add it there"
            )
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text


def load_phrases(root: Path | None = None) -> Phrases:
    """Read the phrases of ``shared.yml``.

    Raises
    ------
    InputError
        If one is missing or is not a text by language.
    """
    given = shared_parts(root).get("phrases")
    try:
        texts = TypeAdapter(dict[str, Translated]).validate_python(given, strict=True)
    except ValidationError as fault:
        error = fault.errors()[0]
        spot = " ".join(str(part) for part in error["loc"])
        found = repr(error["input"])[:60]
        raise InputError(f"{WHERE}{' ' + spot if spot else ''}: found {found}, {error['msg']}") from None
    missing = [key for key in KEYS if key not in texts]
    if missing:
        raise InputError(f"{WHERE}: missing: {', '.join(missing)}")
    return Phrases(texts)


def language_name(code: str) -> str:
    """Return a language's own name for itself, with a capital letter.

    Examples
    --------
    >>> language_name("fr")
    'Français'
    """
    name = Locale(code).get_display_name(code) or code
    return name[0].upper() + name[1:]
