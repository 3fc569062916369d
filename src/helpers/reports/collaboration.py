"""What the notebook on collaboration shows, from the tables of sessions, people and working groups."""

import re
from collections.abc import Collection, Mapping

import pandas as pd

from helpers.analysis.collaboration.eligibility import eligibility_table, read_register
from helpers.analysis.collaboration.groups import Groups
from helpers.analysis.collaboration.groups_compare import compare_groups
from helpers.analysis.collaboration.participation import all_sessions

ALL = "all"
COMPARED = ("share_of_bound", "worst", "countries", "kinds", "stages", "needs_met", "no_bridge")
SESSION, CUT_OFF = "session", "cut-off"


def sessions_of(announced: pd.DataFrame, own: pd.DataFrame, series: str, *, observed: bool) -> pd.DataFrame:
    """Put announced sessions and those of the registrations together, of one series or of all.

    Parameters
    ----------
    announced
        Table ``event_series_sessions``.
    own
        Table of the sessions that people registered for beside these.
    series
        A series, or ``all``.
    observed
        Whether the registrations are real; else their own sessions are made up.

    Returns
    -------
    DataFrame
        See `helpers.analysis.collaboration.participation.all_sessions`.
    """
    together = all_sessions(announced, own)
    if observed:
        together = together.assign(made_up=False)
    return together if series == ALL else together[together["series"] == series].reset_index(drop=True)


def registrations_for(registrations: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Return the registrations for these sessions."""
    return registrations[registrations["session_id"].isin(sessions["session_id"])].reset_index(drop=True)


def calendar_rows(sessions: pd.DataFrame, calls: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    """List sessions, and the cut-offs of the calls of their series, by date.

    Parameters
    ----------
    sessions
        From `sessions_of`.
    calls
        Table ``event_series_calls``.
    series
        Table ``event_series_series``.

    Returns
    -------
    DataFrame
        ``series_name``, ``date``, ``what`` (session or cut-off), ``title``, ``made_up``, ``origin`` (in
        words).
    """
    own = calls[calls["series"].isin(sessions["series"])]
    cut_offs = own[["series"]].assign(date=own["cut_off"], title=own["what"], made_up=False, what=CUT_OFF)
    parts = [sessions[["series", "date", "title", "made_up"]].assign(what=SESSION), cut_offs]
    rows = pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)
    names = dict(zip(series["series"], series["name"], strict=True))
    rows = rows.assign(
        series_name=rows["series"].map(names).fillna(rows["series"]).astype("str"),
        made_up=rows["made_up"].astype(bool),
    )
    rows = rows.assign(origin=rows["made_up"].map({True: "made up", False: "announced"}).astype("str"))
    columns = ["series_name", "date", "what", "title", "made_up", "origin"]
    return rows.sort_values(["date", "series_name", "title"], ignore_index=True)[columns]


def who_could(
    memberships: pd.DataFrame,
    countries: pd.DataFrame,
    sessions: pd.DataFrame,
    series: pd.DataFrame,
    codes: Collection[str],
) -> pd.DataFrame:
    """Say of each of these countries and each session whether it could take part that day, and why.

    Returns
    -------
    DataFrame
        See `helpers.analysis.collaboration.eligibility.eligibility_table`.
    """
    return eligibility_table(read_register(memberships, countries), sessions, series, codes)


def eligibility_rows(
    eligible: pd.DataFrame, sessions: pd.DataFrame, series: pd.DataFrame, focus: str | None
) -> pd.DataFrame:
    """Say in words on which days a country could take part, or who of a group could not.

    Parameters
    ----------
    eligible
        From `who_could`.
    sessions, series
        See `calendar_rows`.
    focus
        The country; for a group, countries with the same answer for the same reason are put together.

    Returns
    -------
    DataFrame
        ``date``, ``title``, ``series_name``, ``who``, ``answer``, ``reason``.
    """
    names = dict(zip(series["series"], series["name"], strict=True))
    rows = eligible if focus is None else eligible[eligible["country"] == focus]
    alike = [
        re.sub(rf"^(The )?{re.escape(name)}(?=\W)", "Each", reason)
        for name, reason in zip(rows["name"], rows["reason"], strict=True)
    ]
    keys = ["session_id", "series", "date", "answer", "alike"]
    groups = rows.assign(alike=alike).groupby(keys, sort=True)
    told = groups.agg(who=("name", _together), number=("name", "size"), own=("reason", "first"))
    told = told.reset_index()
    told = told.assign(reason=told["alike"].where(told["number"] > 1, told["own"]))
    titles = dict(zip(sessions["session_id"], sessions["title"], strict=True))
    told = told.assign(
        title=told["session_id"].map(titles).astype("str"),
        series_name=told["series"].map(names).astype("str"),
    )
    order = told.sort_values(["date", "session_id", "answer", "reason"], ignore_index=True)
    return order[["date", "title", "series_name", "who", "answer", "reason"]]


def _together(names: "pd.Series[str]") -> str:
    return str(names.iloc[0]) if len(names) == 1 else f"{len(names)} countries"


def people_for(people: pd.DataFrame, codes: Collection[str], domain: str) -> pd.DataFrame:
    """Return the participants of these countries, who named the domain if it is not ``all``.

    Examples
    --------
    >>> people = pd.DataFrame({"country": ["AT", "FR"], "domains": [("wood",), ("energy", "wood")]})
    >>> len(people_for(people, ["AT", "FR"], "energy")), len(people_for(people, ["AT"], "all"))
    (1, 1)
    """
    named = people["domains"].map(lambda domains: domain in (ALL, *domains))
    return people[people["country"].isin(list(codes)) & named].reset_index(drop=True)


def domain_given(people: pd.DataFrame, domain: str) -> dict[str, str] | None:
    """Return the domain of each participant if it was chosen; nothing if the analysis is to choose."""
    return None if domain == ALL else dict.fromkeys(people["participant_id"], domain)


def group_rows(groups: Groups, labels: Mapping[str, str]) -> pd.DataFrame:
    """List the groups with the codes of their members, as a report may show them: no names, no contacts.

    Parameters
    ----------
    groups
        See `helpers.analysis.collaboration.groups.make_groups`.
    labels
        Domain -> label.

    Returns
    -------
    DataFrame
        ``group``, ``label``, ``size``, ``members``, ``countries``, ``kinds``, ``stages``, ``needs_met``,
        ``points``.
    """
    members = groups.members.groupby("group")["participant_id"].agg(", ".join)
    rows = groups.groups.assign(
        label=groups.groups["domain"].map(dict(labels)).fillna(groups.groups["domain"]).astype("str"),
        members=groups.groups["group"].map(members).astype("str"),
    )
    columns = ["group", "label", "size", "members", "countries", "kinds", "stages", "needs_met", "points"]
    return rows[columns]


def compared_groups(groups: Groups, people: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Set groups beside greedy and random ones; without groups the columns are there and empty.

    Returns
    -------
    DataFrame
        See `helpers.analysis.collaboration.groups_compare.compare_groups`.
    """
    table = compare_groups(groups, people, seed=seed)
    missing = [name for name in COMPARED if name not in table]
    return table.assign(**dict.fromkeys(missing, float("nan")))
