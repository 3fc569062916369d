"""Free text about difficulties, composed of phrases in the language in which the respondent writes."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from helpers.data.sample.companies import Firm
from helpers.data.sample.dice import Dice

LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
)
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "${alert(1)}",
    '=HYPERLINK("http://bad.example","open")',
    "<img src=x onerror=alert(1)>",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "../../../etc/passwd",
    "+1+cmd|' /C calc'!A0",
    "{{7*7}} `alert(1)` \\",
    "\u202egpj.elif\u202c \u2066see\u2069 \ufefffile",
    "]]></text><!-- ' OR 1=1; --",
)
"""What a hostile respondent enters: formulas, scripts, paths, marks that turn the direction of writing.

All of it must arrive as harmless text."""
_KINDS = {"one": 0.42, "two": 0.27, "three": 0.09, "fine_but": 0.08, "fine": 0.05, "nothing": 0.09}


@dataclass(frozen=True, slots=True)
class Text:
    """A composed answer, the themes of which it complains (none if there is no difficulty), its languages."""

    text: str
    themes: tuple[str, ...]
    languages: tuple[str, ...]


@functools.cache
def phrases(language: str) -> Mapping[str, Any]:
    """Return the phrases of a language: themes (trouble, fine), nothing, openings, turns, ands, contact."""
    known = language if language in LANGUAGES else "en"
    path = resources.files("helpers.data.sample").joinpath("phrases", f"{known}.yml")
    content: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def themes() -> tuple[str, ...]:
    """Return the fourteen themes.

    Examples
    --------
    >>> len(themes()), themes()[0]
    (14, 'regulation')
    """
    return tuple(phrases("en")["themes"])


def compose(
    language: str, weights: Mapping[str, float], things: str, dice: Dice, other: str | None = None
) -> Text:
    """Compose one answer about difficulties.

    Parameters
    ----------
    language
        Of the respondent; English where there are no phrases.
    weights
        How often each theme is drawn.
    things
        Which goods are short: raw_materials, medical or printing.
    dice
        Decides everything.
    other
        A second language: one clause is written in it where there are several.

    Returns
    -------
    Text
        Themes in the order in which they are complained of.

    Examples
    --------
    >>> compose("de", {"energy": 1.0}, "medical", Dice("4")).themes
    ('energy',)
    """
    language = language if language in LANGUAGES else "en"
    known = phrases(language)
    kind = dice.weighted(_KINDS)
    if kind == "nothing":
        return Text(dice.pick(known["nothing"]), (), (language,))
    if kind == "fine":
        return Text(_finish(known["themes"][dice.weighted(weights)]["fine"], dice), (), (language,))
    count = {"two": 2, "three": 3}.get(kind, 1)
    drawn = _several(weights, count + (kind == "fine_but"), dice)
    mixed = other is not None and other != language and len(drawn) > 1
    last = phrases(other) if other is not None and mixed else known
    complaints = [
        _trouble(last if at == len(drawn) - 1 else known, theme, things, dice)
        for at, theme in enumerate(drawn[:count])
    ]
    text = _joined(complaints, known, dice)
    if kind == "fine_but" and len(drawn) > count:
        text = last["themes"][drawn[-1]]["fine"] + dice.pick(known["turns"]) + text
    elif "\n" not in text:
        text = dice.pick(known["openings"]) + text
    languages = (language, other) if other is not None and mixed else (language,)
    return Text(_finish(text, dice), tuple(drawn[:count]), languages)


def with_contact(text: str, language: str, firm: Firm, dice: Dice) -> str:
    """Return an answer that ends in a name, an address or a telephone number, as answers do."""
    form = dice.pick(phrases(language)["contact"])
    contact = form.format(name=firm.contact, email=firm.email, phone=firm.phone, url=firm.website)
    return f"{text.rstrip('. ')}. {contact}"


def _several(weights: Mapping[str, float], count: int, dice: Dice) -> list[str]:
    left = dict(weights)
    drawn: list[str] = []
    while left and len(drawn) < count:
        drawn.append(dice.weighted(left))
        del left[drawn[-1]]
    return drawn


def _trouble(known: Mapping[str, Any], theme: str, things: str, dice: Dice) -> str:
    phrase: str = dice.pick(known["themes"][theme]["trouble"])
    return phrase.replace("{thing}", dice.pick(known["things"][things]))


def _joined(parts: list[str], known: Mapping[str, Any], dice: Dice) -> str:
    """Join complaints in a sentence, in several, or in a list of lines."""
    if len(parts) > 1 and dice.chance(0.12):
        return "\n".join(f"- {part}" for part in parts)
    text = parts[0]
    for part in parts[1:]:
        link = dice.pick(known["ands"])
        text += link + (_capital(part) if link.startswith(".") else part)
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _finish(text: str, dice: Dice) -> str:
    """Give an answer the looks of one: mostly a sentence, sometimes small letters, capitals or "!!"."""
    style = dice.random()
    if style < 0.62:
        return _capital(text) + "."
    if style < 0.86:
        return _capital(text)
    if style < 0.94:
        return text
    return text.upper() if style < 0.97 else _capital(text) + "!!"
