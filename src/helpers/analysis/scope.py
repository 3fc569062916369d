"""Which countries a report is about: groups of countries as they stood on a day, or one country."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

import pandas as pd

from helpers.analysis.checks import day, require_columns
from helpers.analysis.memberships import effective_day, left_the_eu, members_on, programme_rows
from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.errors import InputError

SCOPES = ("EU27", "COSME", "ENI", "ALL")

# The withdrawal of the United Kingdom took effect at the end of 31 January 2020.
EU27_SINCE = date(2020, 2, 1)

_LABELS = {
    "EU27": "EU-27",
    "COSME": "COSME countries",
    "ENI": "ENI partner countries",
    "ALL": "All listed countries",
}
_FULL_NAMES = {
    "COSME": "The programme for the competitiveness of enterprises and SMEs (COSME)",
    "ENI": "The European Neighbourhood Instrument (ENI)",
}
# Codes and words that people write for a scope and that no table of countries knows.
_ALIASES = {**ISO_TO_EUROSTAT, "EU": "EU27", "EU28": "EU27", "EUROPE": "EU27", "WORLD": "ALL"}


def is_country(scope: str) -> bool:
    """Say whether a scope is one country rather than a group.

    Examples
    --------
    >>> is_country("AT"), is_country("EU27")
    (True, False)
    """
    return scope not in SCOPES


def scope_countries(
    memberships: pd.DataFrame,
    countries: pd.DataFrame,
    scope: str,
    as_of: date,
    *,
    listed: Iterable[str] | None = None,
) -> list[str]:
    """List the countries of a scope.

    Parameters
    ----------
    memberships
        See `helpers.analysis.memberships.members_on`.
    countries
        Columns ``country``, ``iso2``, ``iso3``, ``name``.
    scope
        ``EU27`` is the 27 members since 2020-02-01 whatever the day, so that figures of different days
        compare. ``COSME`` is the EU members and the third countries that took part on the day, ``ENI`` the
        partner countries; of a programme that had ended by then, the members on its last day. ``ALL`` is
        every country of ``listed``, or of ``countries``. A country code stands for that country alone.
    as_of
        The day.
    listed
        Codes of the countries that have a row in the registry.

    Returns
    -------
    list of str
        Country codes (Eurostat: EL, UK, XK) in alphabetical order.

    Raises
    ------
    InputError
        If the scope is unknown (with what may have been meant) or the programme began after ``as_of``.

    References
    ----------
    Regulation (EU) No 1287/2013 (COSME), Article 6: Member States and third countries that take part;
    Regulation (EU) No 232/2014 (ENI), Annex I: partner countries. Both ran from 2014 to 2020. Agreement on
    the withdrawal of the United Kingdom (OJ L 29, 31.1.2020), Articles 126-127: transition in 2020.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["AT"], "programme": ["EU"], "valid_from": [date(1995, 1, 1)],
    ...                      "valid_to": [pd.NaT]})
    >>> names = pd.DataFrame({"country": ["AT", "EL"], "iso2": ["AT", "GR"], "iso3": ["AUT", "GRC"],
    ...                       "name": ["Austria", "Greece"]})
    >>> [scope_countries(rows, names, scope, date(2020, 3, 4)) for scope in ("EU27", "ALL")]
    [['AT'], ['AT', 'EL']]
    >>> scope_countries(rows, names, "GR", date(2020, 3, 4))
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: scope: 'GR' is unknown; did you mean EL (Greece)? Allowed: EU27, COSME,
    ENI, ALL or a country code: AT, EL
    """
    require_columns(countries, "countries", ["country", "iso2", "iso3", "name"])
    check_scope(countries, scope)
    if is_country(scope):
        return [scope]
    if scope == "ALL":
        return sorted(set(countries["country"] if listed is None else listed))
    if scope == "EU27":
        return members_on(memberships, "EU", EU27_SINCE)
    return _took_part(memberships, scope, effective_day(memberships, scope, as_of).date())


def check_scope(countries: pd.DataFrame, scope: str) -> None:
    """Refuse a scope that is neither a group nor the Eurostat code of a country; see `scope_countries`.

    Raises
    ------
    InputError
        With what may have been meant and what is allowed.

    Examples
    --------
    >>> names = pd.DataFrame({"country": ["EL"], "iso2": ["GR"], "iso3": ["GRC"], "name": ["Greece"]})
    >>> check_scope(names, "EL")
    """
    codes = sorted(set(countries["country"]))
    if scope in SCOPES or scope in codes:
        return
    meant = _meant(countries, scope)
    hint = f"did you mean {meant}? " if meant else ""
    allowed = f"{', '.join(SCOPES)} or a country code: {', '.join(codes)}"
    raise InputError(f"scope: {scope!r} is unknown; {hint}{'Allowed' if hint else 'allowed'}: {allowed}")


def scope_label(countries: pd.DataFrame, scope: str) -> str:
    """Name a scope for titles and captions.

    Raises
    ------
    InputError
        If the scope is unknown.

    Examples
    --------
    >>> names = pd.DataFrame({"country": ["EL"], "iso2": ["GR"], "iso3": ["GRC"], "name": ["Greece"]})
    >>> scope_label(names, "EL"), scope_label(names, "EU27")
    ('Greece', 'EU-27')
    """
    check_scope(countries, scope)
    if is_country(scope):
        return str(countries.loc[countries["country"] == scope, "name"].iloc[0])
    return _LABELS[scope]


def comparison_scope(memberships: pd.DataFrame, countries: pd.DataFrame, scope: str) -> str:
    """Name the group in which a scope's countries are ranked.

    A group is its own comparison. A country is compared with the EU-27 if it is one of them, else with all
    listed countries: the United Kingdom on any day with all, because the EU-27 is the same 27 on any day.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["AT"], "programme": ["EU"], "valid_from": [date(1995, 1, 1)],
    ...                      "valid_to": [pd.NaT]})
    >>> names = pd.DataFrame({"country": ["AT", "UA"], "iso2": ["AT", "UA"], "iso3": ["AUT", "UKR"],
    ...                       "name": ["Austria", "Ukraine"]})
    >>> [comparison_scope(rows, names, scope) for scope in ("AT", "UA", "ENI")]
    ['EU27', 'ALL', 'ENI']
    """
    check_scope(countries, scope)
    if not is_country(scope):
        return scope
    return "EU27" if scope in members_on(memberships, "EU", EU27_SINCE) else "ALL"


def scope_notice(memberships: pd.DataFrame, scope: str, as_of: date) -> str | None:
    """Say what is special about a scope on a day, or nothing.

    Covers a programme that had ended, the United Kingdom in transition or still a member, and a country that
    joined the EU later.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["AT", "AL"], "programme": ["EU", "COSME"],
    ...     "valid_from": [date(1995, 1, 1), date(2014, 1, 1)], "valid_to": [None, date(2020, 12, 31)]})
    >>> print(scope_notice(rows, "COSME", date(2026, 7, 1)))
    The programme for the competitiveness of enterprises and SMEs (COSME) ended on 2020-12-31: the countries
    that took part on that day are shown.
    >>> scope_notice(rows, "EU27", date(2020, 2, 1)) is None
    True
    """
    if scope in _FULL_NAMES:
        return _programme_notice(memberships, scope, as_of)
    if scope == "EU27":
        return _eu_notice(memberships, as_of)
    if is_country(scope):
        return _country_notice(memberships, scope, as_of)
    return None


def _programme_notice(memberships: pd.DataFrame, scope: str, as_of: date) -> str | None:
    effective = effective_day(memberships, scope, as_of)
    last = effective.date()
    said = []
    if effective < day(as_of, "as_of"):
        said.append(
            f"{_FULL_NAMES[scope]} ended on {last}: the countries that took part on that day are shown."
        )
    members = _took_part(memberships, scope, last)
    gone = sorted(set(members) & set(left_the_eu(memberships, last)))
    if gone:
        said.append(f"{', '.join(gone)} had left the European Union and took part under transition rules.")
    said += _notes(memberships, scope, members, gone)
    return " ".join(said) or None


def _took_part(memberships: pd.DataFrame, programme: str, on: date) -> list[str]:
    members = set(members_on(memberships, programme, on))
    if programme == "COSME":
        members |= set(members_on(memberships, "EU", on))
    return sorted(members)


def _notes(memberships: pd.DataFrame, programme: str, members: list[str], gone: list[str]) -> list[str]:
    """Say what the data note of the members shown, once for all that share a note."""
    if "note" not in memberships:
        return []
    shown = memberships["country"].isin(set(members) - set(gone))
    rows = memberships[(memberships["programme"] == programme) & shown]
    said = []
    for note, group in rows.dropna(subset="note").groupby("note", sort=True):
        codes = sorted(set(group["country"]))
        who = "All countries" if codes == members else ", ".join(codes)
        said.append(f"{who}: {note}.")
    return said


def _eu_notice(memberships: pd.DataFrame, as_of: date) -> str | None:
    now, then = set(members_on(memberships, "EU", EU27_SINCE)), set(members_on(memberships, "EU", as_of))
    said = []
    if then - now:
        said.append(f"{', '.join(sorted(then - now))}, a member on {as_of.isoformat()}, is not included.")
    if now - then:
        said.append(f"{', '.join(sorted(now - then))}, not a member on {as_of.isoformat()}, is included.")
    if not said:
        return None
    return f"EU-27 means the 27 members since {EU27_SINCE.isoformat()}. {' '.join(said)}"


def _country_notice(memberships: pd.DataFrame, country: str, as_of: date) -> str | None:
    if country in members_on(memberships, "EU", EU27_SINCE):
        return None
    if country in members_on(memberships, "EU", as_of):
        return f"{country}, a member of the European Union on {as_of.isoformat()}, is not one of the EU-27."
    if country in left_the_eu(memberships, as_of):
        rows = programme_rows(memberships, "EU")
        last = rows.loc[rows["country"] == country, "valid_to"].max()
        transition = country in members_on(memberships, "COSME", as_of)
        rules = "; transition rules applied on the day chosen" if transition else ""
        return f"{country} left the European Union on {last.date().isoformat()}{rules}."
    return None


def _meant(countries: pd.DataFrame, scope: str) -> str | None:
    """Guess what an unknown scope may have meant: an ISO code, a name, a misspelling."""
    word = scope.strip()
    names = dict(zip(countries["country"], countries["name"], strict=True))
    known: dict[str, str] = {str(name).upper(): code for code, name in names.items()}
    for column in ("iso3", "iso2", "country"):
        known |= {str(written).upper(): code for written, code in zip(countries[column], names, strict=True)}
    known |= {written: code for written, code in _ALIASES.items() if code in names or code in SCOPES}
    known |= {group: group for group in SCOPES}
    close = get_close_matches(word.upper(), list(known), n=1, cutoff=0.75)
    code = known.get(word.upper()) or (known[close[0]] if close else None)
    if code is None:
        return None
    return f"{code} ({names[code]})" if code in names else code
