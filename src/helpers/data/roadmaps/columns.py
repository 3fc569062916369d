"""The columns of a roadmap: what each means, what is allowed, and how a row is checked."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.privacy import redact
from helpers.data.survey.guard import unguarded

FUNDING = ("own", "regional", "national", "European", "private", "none yet")
KINDS = ("cluster_association", "cluster", "company", "research", "public_authority", "other")
LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr"),
    *("hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv"),
)
MOST_STEPS = 40
LONGEST = 1000
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])(?:-[0-9]{2}(?:[T ][0-9:.]*)?)?")
_GROUP = re.compile(r"[^\W_][\w &().,-]{0,59}")
_STEP = re.compile(r"0*([1-9][0-9]?)(?:\.0+)?")

Row = dict[str, str]


@dataclass(frozen=True)
class Allowed:
    """What the cells of some columns may hold: domains, and Eurostat codes of countries."""

    domains: Sequence[str]
    countries: Sequence[str]


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it means, and whether each step needs it; width in letters."""

    name: str
    meaning: str
    required: bool
    width: int


COLUMNS = (
    Column("group", "Working group, as `evidence groups` names it", True, 22),
    Column("step", f"Number of the step, 1 to {MOST_STEPS}", True, 6),
    Column("domain", "Supply-chain domain of the disruption", True, 22),
    Column("disruption", "What is disrupted, or may be", True, 40),
    Column("action", "What is to be done in this step, in one sentence", True, 50),
    Column("partners", "Who does it: codes or kinds of organisations, no names of persons", False, 26),
    Column("funding", "From where the money is to come", False, 12),
    Column("milestone", "By what one sees that the step is done", False, 34),
    Column("due", "Month in which it is to be done, YYYY-MM", False, 10),
    Column("country", "Eurostat's code of the country of who leads the step, such as AT", True, 9),
    Column("kind", "Kind of organisation of who leads the step", True, 20),
    Column("language", "Language of what is written, such as en", True, 10),
)
NAMES = tuple(column.name for column in COLUMNS)
TEXTS = ("disruption", "action", "partners", "milestone")
FILLED_IN_BEFORE = frozenset({"group", "step", "domain", "language"})
"""What the template holds already: a row with nothing else is an empty one."""


def choices(allowed: Allowed) -> dict[str, Sequence[str]]:
    """Return the columns with a drop-down, and what it offers."""
    return {
        "domain": allowed.domains,
        "funding": FUNDING,
        "country": allowed.countries,
        "kind": KINDS,
        "language": LANGUAGES,
    }


def checked_row(cells: Mapping[str, str], allowed: Allowed) -> tuple[Row, dict[str, tuple[str, str]]]:
    """Read a row of a roadmap.

    Parameters
    ----------
    cells
        Text of each column as it stands in the sheet.
    allowed
        What is known of domains and countries.

    Returns
    -------
    dict
        Column -> what is stored: texts redacted, the rest in one spelling.
    dict
        Column -> what was found and what is allowed, for each cell that is wrong.
    """
    given = {name: unguarded(cells.get(name, "")).strip() for name in NAMES}
    row: Row = {}
    faults: dict[str, tuple[str, str]] = {}
    readers = _readers(allowed)
    for column in COLUMNS:
        text = given[column.name]
        reader, says = readers[column.name]
        value = reader(text) if text else ""
        if value is None or (column.required and not text):
            faults[column.name] = (text, says)
        row[column.name] = value or ""
    return row, faults


def _readers(allowed: Allowed) -> dict[str, tuple[Callable[[str], str | None], str]]:
    """Return for each column how a cell is read (``None``: it cannot be) and what is allowed."""
    listed = {
        name: (_one_of(values), ", ".join(values) if len(values) < 12 else f"{', '.join(values[:4])}, ...")
        for name, values in choices(allowed).items()
    }
    countries = _one_of(allowed.countries)
    words = f"a text of at most {LONGEST} letters"
    return {
        **listed,
        "country": (lambda text: countries(ISO_TO_EUROSTAT.get(text.upper(), text)), listed["country"][1]),
        "group": (lambda text: text if _GROUP.fullmatch(text) else None, "name of a working group"),
        "step": (_step, f"a number from 1 to {MOST_STEPS}"),
        "due": (_month, "a month such as 2027-03, or nothing"),
        **dict.fromkeys(TEXTS, (_text, words)),
    }


def _one_of(values: Sequence[str]) -> Callable[[str], str | None]:
    known = {value.casefold(): value for value in values}
    return lambda text: known.get(text.casefold())


def _step(text: str) -> str | None:
    match = _STEP.fullmatch(text)
    return match[1] if match and int(match[1]) <= MOST_STEPS else None


def _month(text: str) -> str | None:
    match = _MONTH.fullmatch(text)
    return f"{match[1]}-{match[2]}" if match else None


def _text(text: str) -> str | None:
    clean = " ".join(redact(text).split())
    return clean if len(text) <= LONGEST else None
