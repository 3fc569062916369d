"""What the generator makes: answers as stated, and what is true behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Answer = str | tuple[str, ...]
"""A text or the code of a choice; a tuple of codes where several may be chosen; "" if not answered."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The answers about one product, by field; choices as codes."""

    product: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TrueCapacity:
    """What is true of one stated capacity.

    ``low`` and ``high`` are the ends of what was said, in the base unit, ``high`` none where it is open;
    ``amount`` is what the respondent can really make. ``said`` is exact, about, range, at_least, at_most,
    unreadable, empty or mistaken (a slip of the pen, never to be believed). ``unit_said`` is where the unit
    stands: choice, text, both or nowhere.
    """

    number: int
    product: str
    amount: float
    low: float | None
    high: float | None
    said: str
    unit: str
    unit_said: str
    notation: str


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of one respondent: who it is, of whom it is a double, what its texts are about.

    ``languages`` are those in which a text is written, the main one first. ``broken_off`` answers end after
    the first question; ingest rejects them.
    """

    number: int
    company: str
    country: str
    town: str
    size: str
    duplicate_of: int | None
    withdrawn: bool
    broken_off: bool
    capacities: tuple[TrueCapacity, ...]
    themes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """One filled-in questionnaire. ``number`` counts from 1; ``language`` is that of the form."""

    number: int
    submitted: datetime
    language: str
    answers: Mapping[str, Answer]
    capacities: tuple[Capacity, ...]
    truth: Truth
