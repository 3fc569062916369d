"""Facts: the numbers that prose, captions and the policy paper state, and the prose that cites them."""

import html
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

import pandas as pd

from helpers.data.errors import InputError

Value = int | float | str | None
Bound = Literal["at_least", "at_most", "about"]

FACT_NAME = re.compile(r"[a-z][a-z0-9_]*")
# {fact}, {fact|word|words} for one and for several, {fig:id}, {table:id}
_PLACEHOLDER = re.compile(r"\{(?:(fig|table):)?([a-z0-9_-]+)(?:\|([^|{}]*)\|([^|{}]*))?\}")
# Digits that belong to a name are no number: EU-27, NUTS-2, COVID-19, CR4. "One" is mostly a pronoun, and
# "million" and "billion" stand in units, so neither is looked for: what counts them is found.
_NUMBER_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|dozens?"
)
_LOOSE_NUMBER = re.compile(rf"(?<!\w)(?<!\w-)(?:[\d¼-¾]|(?:{_NUMBER_WORDS})\b)", re.I)
# Phrases in which the number word defines a thing and counts nothing in the data; keep this short.
DEFINITIONS = (
    "two rules",
    "three largest",
    "at least two stars",
    "from two counts",
    "between two counts",
    "ratio of two",
)
_DEFINITION = re.compile(
    r"(?<![\w-])(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in DEFINITIONS) + r")(?![\w-])", re.I
)
_BOUND_WORDS: dict[Bound, str] = {"at_least": "at least ", "at_most": "at most ", "about": "about "}


@dataclass(frozen=True)
class Fact:
    """One number (or name) that a report states.

    Attributes
    ----------
    name
        Identifier, lower case with underscores; stable over builds.
    value
        The value as computed, not rounded; ``None`` where it is not available.
    text
        The value as prose shows it, e.g. ``"at least 76.7 %"``.
    unit
        Unit in words, e.g. ``"cluster organisations"``.
    datasets
        Names of the datasets that the value rests on.
    sample
        Whether any of them is made-up sample data.
    interval
        Lower and upper end where the value is an estimate or a range.
    bound
        ``"at_least"``, ``"at_most"`` or ``"about"`` where the value is a bound or approximate.
    note
        What a reader must know to use the value.
    cited
        Where it was stated first, if that was another report: ``{"report": slug, "fact": name}``.
    """

    name: str
    value: Value
    text: str
    unit: str
    datasets: tuple[str, ...]
    sample: bool = False
    interval: tuple[float, float] | None = None
    bound: Bound | None = None
    note: str = ""
    cited: Mapping[str, str] | None = field(default=None, hash=False)

    def as_json(self) -> dict[str, Any]:
        """Return the fact as it stands in ``facts.json``; ``cited`` only where there is something to say."""
        entry = asdict(self)
        entry["datasets"] = list(self.datasets)
        entry["interval"] = list(self.interval) if self.interval else None
        if self.cited is None:
            del entry["cited"]
        return entry


def format_value(value: Value, spec: str | None = None, bound: Bound | None = None) -> str:
    r"""Format a value for prose.

    Parameters
    ----------
    value
        Integer, float, text or ``None``.
    spec
        Python format specification; the default is thousands separators, one decimal for floats. ``%``
        writes a share as per cent, with the space that European style asks for.
    bound
        Puts "at least", "at most" or "about" in front.

    Examples
    --------
    >>> format_value(1302)
    '1,302'
    >>> format_value(740 / 965, ".1%", "at_least")
    'at least 76.7\xa0%'
    >>> format_value(None)
    'not available'
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "not available"
    if isinstance(value, str):
        return value
    text = format(value, spec or (",d" if isinstance(value, int) else ",.1f"))
    text = text.replace("-", "−").replace("%", "\xa0%")
    return _BOUND_WORDS[bound] + text if bound else text


def plain(value: object) -> Value:
    """Turn numpy, pandas and date scalars into JSON values; missing becomes ``None``.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> plain(np.int64(3)), plain(pd.NA), plain(np.float64(0.5))
    (3, None, 0.5)
    """
    if value is None or isinstance(value, str):
        return value
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    item = getattr(value, "item", None)
    value = item() if callable(item) else value
    if isinstance(value, bool):
        raise InputError(f"a fact is a number or a name, found {value!r}")
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    raise InputError(f"a fact is a number or a name, found {type(value).__name__}")


def refuse_loose_numbers(text: str, where: str) -> None:
    """Refuse a template that states a number which is not a fact.

    Raises
    ------
    InputError
        If a digit or a spelled-out number stands outside ``{...}`` and is neither part of a name such as
        EU-27 nor of one of the phrases in ``DEFINITIONS``. The words in ``{fact|word|words}`` count too.

    Examples
    --------
    >>> refuse_loose_numbers("The EU-27 count {clusters_total} organisations.", "prose")
    >>> refuse_loose_numbers("There are 1302 organisations.", "prose")
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: prose: '1302' is a number that is not a fact; write {fact_name} instead
    >>> refuse_loose_numbers("Twelve countries joined.", "prose")
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: prose: 'Twelve' is a number that is not a fact; write {fact_name} instead
    """
    bare = _DEFINITION.sub(" ", _PLACEHOLDER.sub(_shown_words, text))
    found = _LOOSE_NUMBER.search(bare)
    if found:
        word = bare[found.start() :].split()[0].rstrip(".,;:)")
        raise InputError(f"{where}: '{word}' is a number that is not a fact; write {{fact_name}} instead")


def _shown_words(match: re.Match[str]) -> str:
    """Return what a placeholder shows beside its fact; the space keeps "x{fact}5" from passing as a name."""
    return f" {match.group(3) or ''} | {match.group(4) or ''} "


def fill_text(template: str, facts: Mapping[str, Fact], where: str) -> str:
    """Fill ``{fact_name}`` placeholders as plain text, for captions and alternative texts.

    ``{fact_name|site|sites}`` adds the word for one or for several.

    Examples
    --------
    >>> total = Fact("total", 5, "5", "sites", ("sites",))
    >>> fill_text("All {total|site|sites}", {"total": total}, "caption")
    'All 5 sites'
    """
    refuse_loose_numbers(template, where)

    def replace(match: re.Match[str]) -> str:
        fact = _fact(match, facts, where)
        return fact.text + _noun(match, fact)

    return _PLACEHOLDER.sub(replace, template)


def fill_html(template: str, facts: Mapping[str, Fact], where: str) -> str:
    """Fill placeholders as HTML: facts become links to the facts table.

    ``{fig:id}`` and ``{table:id}`` become cross references, which the export numbers. The template is
    escaped too; ``**words**`` are set in bold.

    Examples
    --------
    >>> total = Fact("total", 5, "5", "sites", ("sites",))
    >>> fill_html("**All {total}**", {"total": total}, "prose")
    '<strong>All <a class="fact" href="#fact-total">5</a></strong>'
    >>> fill_html("See {fig:sites}.", {}, "prose")
    'See <a class="xref" href="#fig-sites"></a>.'
    """
    refuse_loose_numbers(template, where)

    def replace(match: re.Match[str]) -> str:
        kind, name = match.group(1, 2)
        if kind:
            return f'<a class="xref" href="#{kind}-{name}"></a>'
        fact = _fact(match, facts, where)
        return f'<a class="fact" href="#fact-{fact.name}">{html.escape(fact.text)}</a>{_noun(match, fact)}'

    body = _PLACEHOLDER.sub(replace, html.escape(template, quote=False))
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", body)


def _fact(match: re.Match[str], facts: Mapping[str, Fact], where: str) -> Fact:
    name = match.group(2)
    if match.group(1) or name not in facts:
        known = ", ".join(sorted(facts)) or "none yet"
        raise InputError(f"{where}: there is no fact {match.group(0)}; facts so far: {known}")
    return facts[name]


def _noun(match: re.Match[str], fact: Fact) -> str:
    """Return the word for one or for several, with a space in front; nothing where none is given."""
    if match.group(3) is None:
        return ""
    return f" {match.group(3) if fact.value == 1 else match.group(4)}"


def facts_listing(facts: Sequence[Fact]) -> str:
    """Write facts one a line, as the notebook's last cell shows them and nbval compares them.

    Examples
    --------
    >>> print(facts_listing([Fact("total", 5, "5", "sites", ("sites",))]))
    total = 5 sites [sites]
    """
    lines = []
    for fact in facts:
        value = "not available" if fact.value is None else fact.value
        value = f"{value:.6g}" if isinstance(value, float) else value
        bound = f"{fact.bound} " if fact.bound else ""
        interval = f" ({fact.interval[0]:.6g} to {fact.interval[1]:.6g})" if fact.interval else ""
        sample = " SAMPLE DATA" if fact.sample else ""
        cited = f" from {fact.cited['report']}" if fact.cited else ""
        rests_on = ", ".join(fact.datasets)
        lines.append(f"{fact.name} = {bound}{value}{interval} {fact.unit} [{rests_on}]{sample}{cited}")
    return "\n".join(lines)
