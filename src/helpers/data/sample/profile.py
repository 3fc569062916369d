"""What a sample is like: how many answers, from whom, of what size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Tool = Literal["eusurvey", "limesurvey", "odk"]
EU27 = (
    *("AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "EL", "HU", "IE"),
    *("IT", "LV", "LT", "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"),
)
SIZES = {"micro": 0.22, "small": 0.35, "medium": 0.28, "large": 0.15}
SIZE_FACTORS = {"micro": 0.1, "small": 0.4, "medium": 1.5, "large": 6.0}
"""How a respondent's size class moves the median of what it can make."""
SIZE_PROPENSITY = {"micro": 0.7, "small": 0.9, "medium": 1.15, "large": 1.3}
"""How a respondent's size class moves the chance that it answers at all."""


@dataclass(frozen=True)
class Profile:
    """The distributions of one questionnaire's sample.

    Parameters
    ----------
    vintage
        Name of the folder under ``data/raw/<questionnaire>``.
    respondents, seed, tool
        Number of answers received, doubles included; seed; survey tool whose export is written.
    opened, closed
        First and last day on which answers came in.
    least
        Answers that each EU Member State has at the least.
    countries
        Country -> how much likelier it is than its weight in ``world.yml`` says.
    stages
        How often a stage is a respondent's main one.
    links
        Main stage -> further stages, each with its probability.
    tilt
        Stage -> country -> how much likelier that stage is there; ``""`` holds for all other countries.
    only_in
        Product -> the countries in which alone it is made.
    rare
        Product -> probability that a respondent of the stage offers it, where that is not one half.
    medians
        Product -> median amount in its base unit of a firm of middling size; else from its plausible range.
    spread
        Standard deviation of the logarithm of the amounts.
    ramp
        Months until, on average, a capacity that is not there yet is there; three times as many at most.
    themes
        Weights of the themes of complaint; 1 if not given.
    things
        Which goods are short: raw_materials, medical or printing.
    """

    vintage: str
    respondents: int
    seed: str
    tool: Tool
    opened: date
    closed: date
    least: int = 0
    countries: Mapping[str, float] = field(default_factory=dict)
    stages: Mapping[str, float] = field(default_factory=dict)
    links: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    tilt: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    only_in: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rare: Mapping[str, float] = field(default_factory=dict)
    medians: Mapping[str, float] = field(default_factory=dict)
    spread: float = 1.1
    ramp: float = 6.0
    themes: Mapping[str, float] = field(default_factory=dict)
    things: str = "raw_materials"
