"""Who belonged to which programme from when to when, and what that says of a day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from helpers.analysis.checks import day, require_columns
from helpers.analysis.memberships import programme_rows
from helpers.data.errors import InputError

YES, NO, UNKNOWN = "yes", "no", "unknown"

_NAMES = {
    "EU": "the European Union",
    "EFTA": "EFTA",
    "COSME": "COSME",
    "ENI": "the European Neighbourhood Instrument",
}
# Day of the only list of third countries in COSME that is known here: it says 2018 and no more.
_LISTED = pd.Timestamp(2018, 12, 31)
_WITH_ARTICLE = ("United Kingdom", "Netherlands")


@dataclass(frozen=True)
class Eligibility:
    """An answer (yes, no, unknown), its reason, what limits it, and the footnote to the country's name.

    ``ended`` says that the programme was over on the day.
    """

    answer: str
    reason: str
    caveat: str = ""
    footnote: str = ""
    ended: bool = False


@dataclass(frozen=True)
class _Spell:
    first: pd.Timestamp
    last: pd.Timestamp | None
    note: str

    def holds(self, on: pd.Timestamp) -> bool:
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True)
class Register:
    """Who belonged to what from when to when; made by `read_register`, asked by `of_programme`."""

    names: Mapping[str, str]
    footnotes: Mapping[str, str]
    spells: Mapping[tuple[str, str], tuple[_Spell, ...]]
    periods: Mapping[str, tuple[pd.Timestamp, pd.Timestamp | None]]
    _asked: dict[tuple[str, str, pd.Timestamp], Eligibility] = field(default_factory=dict, repr=False)

    def of_programme(self, country: str, programme: str, on: date) -> Eligibility:
        """Say whether a country belonged to a programme on a day; see `programme_eligibility`."""
        if country not in self.names:
            allowed = ", ".join(sorted(self.names))
            raise InputError(f"country: {country!r} is unknown; allowed: {allowed}")
        key = (country, programme, day(on, "on"))
        if key not in self._asked:
            self._asked[key] = self._judged(*key)
        return self._asked[key]

    def _judged(self, country: str, programme: str, on: pd.Timestamp) -> Eligibility:
        footnote = self.footnotes.get(country, "")
        if programme not in self.periods:
            reason = f"Which countries take part in {programme} is not known here."
            return Eligibility(UNKNOWN, reason, footnote=footnote)
        first, last = self.periods[programme]
        spells = self.spells.get((country, programme), ())
        if on < first:
            reason = (
                f"{_capital(_NAMES.get(programme, programme))} began on {in_words(first)}, after this day."
            )
            return Eligibility(NO, reason, footnote=footnote)
        if last is not None and on > last:
            return self._over(country, programme, last, footnote)
        now = next((spell for spell in spells if spell.holds(on)), None)
        if now is None:
            return Eligibility(NO, self._outside(country, programme, spells, on), footnote=footnote)
        return self._inside(country, programme, now, on, footnote)

    def _inside(
        self, country: str, programme: str, spell: _Spell, on: pd.Timestamp, footnote: str
    ) -> Eligibility:
        who = self._who(country)
        if programme == "COSME" and not self._ever_in_eu(country):
            if on <= _LISTED:
                reason = f"{who} is on the list of third countries of 2018; the day on which it joined "
                return Eligibility(UNKNOWN, f"{reason}COSME is not known here.", spell.note, footnote)
            reason = (
                f"{who} took part in COSME as a third country, by the list of 2018; none later was found."
            )
            return Eligibility(YES, reason, spell.note, footnote)
        if programme == "COSME" and self._left_eu(country, on):
            until = in_words(spell.last) if spell.last is not None else "the end"
            reason = f"{who} took part in COSME until {until} under the transition rules."
        elif programme == "COSME":
            reason = f"{who} took part in COSME as a member of the European Union."
        elif programme == "ENI":
            reason = f"{who} was a partner country of {_NAMES['ENI']}."
        elif spell.last is not None:
            reason = f"{who} was a member of {_NAMES[programme]} until {in_words(spell.last)}."
        else:
            reason = f"{who} has been a member of {_NAMES[programme]} since {in_words(spell.first)}."
        return Eligibility(YES, reason, spell.note, footnote)

    def _outside(self, country: str, programme: str, spells: tuple[_Spell, ...], on: pd.Timestamp) -> str:
        who, what = self._who(country), _NAMES.get(programme, programme)
        before = [spell for spell in spells if spell.last is not None and spell.last < on]
        after = [spell for spell in spells if spell.first > on]
        if before and before[-1].last is not None:
            return f"{who} was a member of {what} until {in_words(before[-1].last)}."
        if after:
            return f"{who} joined {what} on {in_words(after[0].first)}, after this day."
        if programme == "COSME":
            return (
                f"{who} is neither a member of the European Union nor on the list of third countries of 2018."
            )
        return (
            f"{who} is not on the list of partners of {what}."
            if programme == "ENI"
            else (f"{who} was not a member of {what}.")
        )

    def _over(self, country: str, programme: str, last: pd.Timestamp, footnote: str) -> Eligibility:
        """Say of a programme that had ended whether the country was in it on its last day."""
        spells = self.spells.get((country, programme), ())
        if not any(spell.last == last for spell in spells):
            how = f"{self._who(country, inside=True)} was not part of it."
        elif programme == "COSME" and self._left_eu(country, last):
            how = f"{self._who(country, inside=True)} took part until then under the transition rules."
        else:
            how = f"{self._who(country, inside=True)} took part until then."
        what = _capital(_NAMES.get(programme, programme))
        reason = f"{what} ended on {in_words(last)}; {how}"
        return Eligibility(NO, reason, footnote=footnote, ended=True)

    def _who(self, country: str, *, inside: bool = False) -> str:
        name = self.names[country]
        if name not in _WITH_ARTICLE:
            return name
        return f"the {name}" if inside else f"The {name}"

    def _ever_in_eu(self, country: str) -> bool:
        return (country, "EU") in self.spells

    def _left_eu(self, country: str, on: pd.Timestamp) -> bool:
        spells = self.spells.get((country, "EU"), ())
        return bool(spells) and all(spell.last is not None and spell.last < on for spell in spells)


def read_register(memberships: pd.DataFrame, countries: pd.DataFrame) -> Register:
    """Read the tables ``memberships`` and ``countries`` once, for many questions.

    Parameters
    ----------
    memberships
        ``country``, ``programme``, ``valid_from``, ``valid_to`` (last day; missing = still valid), and
        ``note`` if there.
    countries
        ``country``, ``name``, and ``footnote`` if there.
    """
    require_columns(countries, "countries", ["country", "name"])
    require_columns(memberships, "memberships", ["programme"])
    spells: dict[tuple[str, str], tuple[_Spell, ...]] = {}
    periods: dict[str, tuple[pd.Timestamp, pd.Timestamp | None]] = {}
    notes = memberships["note"] if "note" in memberships else pd.Series("", index=memberships.index)
    for programme in sorted(set(memberships["programme"])):
        rows = programme_rows(memberships, programme).assign(note=notes).sort_values("valid_from")
        goes_on = bool(rows["valid_to"].isna().any())
        periods[programme] = (rows["valid_from"].min(), None if goes_on else rows["valid_to"].max())
        for row in rows.to_dict("records"):
            last = None if pd.isna(row["valid_to"]) else row["valid_to"]
            spell = _Spell(row["valid_from"], last, "" if pd.isna(row["note"]) else str(row["note"]))
            key = (str(row["country"]), programme)
            spells[key] = (*spells.get(key, ()), spell)
    names = dict(zip(countries["country"], countries["name"], strict=True))
    footnotes = {}
    if "footnote" in countries:
        kept = countries.dropna(subset="footnote")
        footnotes = dict(zip(kept["country"], kept["footnote"], strict=True))
    return Register(names, footnotes, spells, periods)


def in_words(on: pd.Timestamp) -> str:
    """Write a day as in "31 December 2020".

    Examples
    --------
    >>> in_words(pd.Timestamp(2020, 12, 31))
    '31 December 2020'
    """
    months = (
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    )
    return f"{on.day} {months[on.month - 1]} {on.year}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
