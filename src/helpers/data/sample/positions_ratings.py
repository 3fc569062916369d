"""Ratings of points by respondents who never were, around an importance that is known."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpers.data.privacy import redact
from helpers.data.sample.companies import make_firm
from helpers.data.sample.dice import Dice
from helpers.data.sample.positions import KINDS, SEED, Point, Row, content, made_up_points
from helpers.data.sample.texts import HOSTILE, with_contact

RESPONDENTS: Mapping[str, int] = {
    **{"DE": 18, "IT": 16, "FR": 15, "ES": 13, "PL": 11, "NL": 8, "BE": 8, "PT": 7, "AT": 7, "EL": 6},
    **{"RO": 6, "CZ": 6, "SE": 5, "DK": 4, "FI": 4, "HU": 4, "IE": 3, "SI": 3, "BG": 2, "LT": 2},
    **{"EE": 1, "MT": 1},
}
"""Respondents by country; some countries have too few to be shown, some have none."""
PATIENCE: Mapping[float, float] = {0.8: 0.3, 0.5: 0.4, 0.2: 0.3}
"""Share of the points that a respondent rates, and how often respondents are of that patience."""
COUNTRY, KIND, RESPONDENT, NOISE = 0.25, 0.15, 0.3, 0.75
"""Standard deviations of what a country, a kind, a respondent and the single rating add to what is known."""
NO_FEASIBILITY = 0.12
COMMENTED = 0.025
WITH_CONTACT = 0.1
"""Share of comments that end in a name, an address or a number, before redaction."""
EVERY_HOSTILE = 23
_OPENED = dt.date(2021, 3, 15)


@dataclass(frozen=True, slots=True)
class _Respondent:
    respondent_id: str
    country: str
    kind: str
    patience: float
    severity: float
    answered: str
    hostile: str


def ratings_rows() -> list[Row]:
    """Return ratings.csv: one row a respondent and point that the respondent rated.

    Returns
    -------
    list of tuple
        Respondent, country, kind, point, importance, feasibility or nothing, redacted comment or nothing,
        day.

    Notes
    -----
    Importance is what is known of the point (`Point.importance`), plus normal deviations of country and
    recommendation, kind and recommendation, respondent, and rating, rounded to 1 to 5. So the order of the
    recommendations can be found again from the ratings, roughly.
    """
    return [row for respondent in _respondents() for row in _ratings(respondent)]


def _respondents() -> Iterator[_Respondent]:
    order = Dice(f"{SEED}|respondents")
    countries = order.some([code for code, count in RESPONDENTS.items() for _ in range(count)], 10_000)
    for number, country in enumerate(countries, start=1):
        dice = Dice(f"{SEED}|respondent|{number}")
        yield _Respondent(
            respondent_id=f"r{number:03d}",
            country=country,
            kind=dice.weighted(KINDS),
            patience=dice.weighted(PATIENCE),
            severity=RESPONDENT * dice.normal(),
            answered=(_OPENED + dt.timedelta(days=dice.whole(0, 16))).isoformat(),
            hostile=HOSTILE[number % len(HOSTILE)] if number % EVERY_HOSTILE == 0 else "",
        )


def _ratings(respondent: _Respondent) -> Iterator[Row]:
    hostile = respondent.hostile
    for point in made_up_points():
        dice = Dice(f"{SEED}|rating|{respondent.respondent_id}|{point.point_id}")
        if not dice.chance(respondent.patience):
            continue
        leaning = respondent.severity + _leaning(respondent, point)
        importance = _on_scale(point.importance + leaning + NOISE * dice.normal())
        feasibility = _on_scale(point.feasibility + leaning / 2 + NOISE * dice.normal())
        comment = hostile or _comment(respondent, importance, dice)
        hostile = ""
        yield (
            respondent.respondent_id,
            respondent.country,
            respondent.kind,
            point.point_id,
            str(importance),
            "" if dice.chance(NO_FEASIBILITY) else str(feasibility),
            redact(comment),
            respondent.answered,
        )


def _leaning(respondent: _Respondent, point: Point) -> float:
    """Return what respondents of this country and kind hold of the point's recommendation beyond others."""
    about = point.recommendation or point.point_id
    country = Dice(f"{SEED}|leaning|{respondent.country}|{about}").normal()
    kind = Dice(f"{SEED}|leaning|{respondent.kind}|{about}").normal()
    return COUNTRY * country + KIND * kind


def _on_scale(value: float) -> int:
    return min(5, max(1, int(value + 0.5)))


def _comment(respondent: _Respondent, importance: int, dice: Dice) -> str:
    if not dice.chance(COMMENTED):
        return ""
    level = "high" if importance > 3 else "middle" if importance == 3 else "low"
    known = content()["comments"][level]
    own = [entry for entry in known if respondent.country in entry.get("countries", [respondent.country])]
    text = str(dice.pick(own)["text"])
    if not dice.chance(WITH_CONTACT):
        return text
    firm = make_firm(respondent.country, dice)
    return redact(with_contact(text, "en", firm, dice), [firm.contact, firm.name])
