"""Whether a country could take part in a programme or a series of events on a day, and why."""

from collections.abc import Iterable
from datetime import date

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.collaboration.register import NO, UNKNOWN, YES, Eligibility, Register, read_register

__all__ = [
    "ALL",
    "NO",
    "UNKNOWN",
    "YES",
    "Eligibility",
    "Register",
    "eligibility_table",
    "participant_eligibility",
    "programme_eligibility",
    "read_register",
    "series_eligibility",
]

ALL = "all"


def programme_eligibility(register: Register, country: str, programme: str, on: date) -> Eligibility:
    """Say whether a country belonged to a programme on a day, and why.

    Parameters
    ----------
    register
        From `read_register`.
    country
        Eurostat's code.
    programme
        ``EU``, ``EFTA``, ``COSME`` or ``ENI``; of any other the answer is unknown.
    on
        The day.

    Returns
    -------
    Eligibility
        A third country in COSME is certain only behind the list of 2018, the only one known here: before, the
        answer is unknown. A programme that had ended, or not begun, is no.

    Raises
    ------
    InputError
        If the country is not in the table of countries, or ``on`` is no date.

    References
    ----------
    See `helpers.analysis.scope.scope_countries`.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["UK", "UK", "AT"], "programme": ["EU", "COSME", "EU"],
    ...     "valid_from": [date(1973, 1, 1), date(2014, 1, 1), date(1995, 1, 1)],
    ...     "valid_to": [date(2020, 1, 31), date(2020, 12, 31), None]})
    >>> names = pd.DataFrame({"country": ["AT", "UK"], "name": ["Austria", "United Kingdom"]})
    >>> register = read_register(rows, names)
    >>> told = programme_eligibility(register, "UK", "COSME", date(2020, 4, 28))
    >>> told.answer, told.reason
    ('yes', 'The United Kingdom took part in COSME until 31 December 2020 under the transition rules.')
    >>> programme_eligibility(register, "AT", "SMP", date(2022, 9, 7)).reason
    'Which countries take part in SMP is not known here.'
    """
    return register.of_programme(country, programme, on)


def series_eligibility(register: Register, country: str, open_to: str | None, on: date) -> Eligibility:
    """Say whether a country could take part in a series of events on a day, and why.

    Parameters
    ----------
    register, country, on
        See `programme_eligibility`.
    open_to
        Programmes joined by ``;``, ``all``, or missing: not known.

    Returns
    -------
    Eligibility
        Yes if one of the programmes says so. Unknown if none does and ``open_to`` is missing, a programme
        had ended by then (what took its place is not known here), or its list does not tell.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["UA"], "programme": ["ENI"],
    ...                      "valid_from": [date(2014, 1, 1)], "valid_to": [date(2020, 12, 31)]})
    >>> register = read_register(rows, pd.DataFrame({"country": ["UA"], "name": ["Ukraine"]}))
    >>> [series_eligibility(register, "UA", "ENI", date(year, 6, 1)).answer for year in (2013, 2020, 2022)]
    ['no', 'yes', 'unknown']
    >>> series_eligibility(register, "UA", None, date(2020, 6, 1)).reason
    'For whom the series is open is not known here.'
    """
    if open_to is None or pd.isna(open_to) or not open_to.strip():
        footnote = register.of_programme(country, "", on).footnote
        return Eligibility(UNKNOWN, "For whom the series is open is not known here.", footnote=footnote)
    if open_to == ALL:
        footnote = register.of_programme(country, "", on).footnote
        return Eligibility(YES, "The series is open to all.", footnote=footnote)
    told = [register.of_programme(country, one.strip(), on) for one in open_to.split(";")]
    for answer in (YES, UNKNOWN):
        found = [one for one in told if one.answer == answer]
        if found:
            return found[0]
    if any(one.ended for one in told):
        reason = " ".join(one.reason for one in told)
        after = "For whom the series is open since is not known here."
        return Eligibility(UNKNOWN, f"{reason} {after}", footnote=told[0].footnote, ended=True)
    return Eligibility(NO, " ".join(one.reason for one in told), footnote=told[0].footnote)


def eligibility_table(
    register: Register, sessions: pd.DataFrame, series: pd.DataFrame, countries: Iterable[str] | None = None
) -> pd.DataFrame:
    """Say of every country and session whether it could take part.

    Parameters
    ----------
    register
        From `read_register`.
    sessions
        ``session_id``, ``series``, ``date``.
    series
        ``series``, ``open_to``; a series that is not listed is open to whom nobody knows.
    countries
        Codes; all of the register if not given.

    Returns
    -------
    DataFrame
        A row a session and country, by date: ``session_id``, ``series``, ``date``, ``country``, ``name``,
        ``answer``, ``reason``, ``caveat``, ``footnote``.
    """
    require_columns(sessions, "sessions", ["session_id", "series", "date"])
    require_columns(series, "series", ["series", "open_to"])
    rules = dict(zip(series["series"], series["open_to"], strict=True))
    wanted = sorted(register.names if countries is None else set(countries))
    rows = []
    for session in sessions.sort_values(["date", "session_id"]).to_dict("records"):
        where = (session["session_id"], session["series"], session["date"])
        open_to = rules.get(session["series"])
        for country in wanted:
            told = series_eligibility(register, country, open_to, session["date"])
            rows.append((*where, country, *_cells(register, country, told)))
    columns = ["session_id", "series", "date", "country", "name", "answer", "reason", "caveat", "footnote"]
    return pd.DataFrame(rows, columns=columns)


def participant_eligibility(eligible: pd.DataFrame, registrations: pd.DataFrame) -> pd.DataFrame:
    """Add to each registration whether its country could take part, from `eligibility_table`.

    Returns
    -------
    DataFrame
        The registrations with ``answer`` and ``reason``; a country or session that the table does not have
        is unknown.
    """
    require_columns(registrations, "registrations", ["session_id", "country"])
    told = eligible[["session_id", "country", "answer", "reason"]]
    joined = registrations.merge(told, on=["session_id", "country"], how="left")
    missing = joined["answer"].isna()
    reason = joined["reason"].mask(missing, "This country or session is not in the tables.")
    return joined.assign(answer=joined["answer"].mask(missing, UNKNOWN), reason=reason)


def _cells(register: Register, country: str, told: Eligibility) -> tuple[str, str, str, str, str]:
    return register.names[country], told.answer, told.reason, told.caveat, told.footnote
