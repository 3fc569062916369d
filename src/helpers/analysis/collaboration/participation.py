"""Who came to the sessions: by country, by kind of organisation, over time, against the clusters there."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
import pandas as pd

from helpers.analysis.checks import Floats, Numbers, require_columns, require_unique, sizes
from helpers.data.errors import InputError

Measure = Literal["registered", "attended"]
Every = Literal["session", "quarter", "year"]

_REGISTRATION = ("session_id", "participant_id", "country", "kind", "organisation_id", "attended")
_SESSION = ("session_id", "series", "title", "date")


def all_sessions(announced: pd.DataFrame, made_up: pd.DataFrame | None = None) -> pd.DataFrame:
    """Put announced and made-up sessions into one table, by date.

    Parameters
    ----------
    announced
        Table ``event_series_sessions``.
    made_up
        Table ``registrations_sample_sessions``, if its sessions are to be there.

    Returns
    -------
    DataFrame
        ``session_id``, ``series``, ``title``, ``date``, ``country``, ``domains`` (missing where nobody
        stated any), ``made_up``.

    Raises
    ------
    InputError
        If a column is missing or a session stands in both.
    """
    parts = [announced.assign(made_up=False)]
    if made_up is not None:
        parts.append(made_up.assign(made_up=True))
    for part in parts:
        require_columns(part, "sessions", _SESSION)
    columns = [*_SESSION, "country", "domains", "made_up"]
    together = pd.concat([part.reindex(columns=columns) for part in parts], ignore_index=True)
    require_unique(together, "sessions", ["session_id"])
    kinds = {"country": "str", "domains": "str", "made_up": "bool"}
    return together.astype(kinds).sort_values(["date", "session_id"], ignore_index=True)


def presences(
    registrations: pd.DataFrame,
    sessions: pd.DataFrame,
    *,
    measure: Measure = "attended",
    series: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return who counts as present at which session.

    Parameters
    ----------
    registrations
        Table ``registrations_sample_registrations``.
    sessions
        From `all_sessions`.
    measure
        ``attended``: those of whom it was noted that they came; whoever is blank does not count, so that a
        session at which nobody noted it has nobody. ``registered``: everybody who registered.
    series
        Only sessions of these series.

    Returns
    -------
    DataFrame
        A row a participant and session, by date: ``session_id``, ``series``, ``date``, ``participant_id``,
        ``organisation_id``, ``country``, ``kind``.

    Raises
    ------
    InputError
        If a registration is for a session that is not there, a participant registered twice for one, or the
        measure is unknown.
    """
    require_columns(registrations, "registrations", _REGISTRATION)
    require_columns(sessions, "sessions", _SESSION)
    require_unique(registrations, "registrations", ["session_id", "participant_id"])
    unknown = registrations.loc[~registrations["session_id"].isin(sessions["session_id"]), "session_id"]
    if len(unknown):
        raise InputError(f"registrations: session_id {unknown.iloc[0]!r} is not a session; see sessions")
    if measure not in ("registered", "attended"):
        raise InputError(f"measure: {measure!r} is unknown; registered and attended are allowed")
    chosen = sessions if series is None else sessions[sessions["series"].isin(set(series))]
    counted = registrations if measure == "registered" else registrations[registrations["attended"] == "yes"]
    who = ["session_id", "participant_id", "organisation_id", "country", "kind"]
    rows = counted[who].merge(chosen[["session_id", "series", "date"]], on="session_id")
    columns = ["session_id", "series", "date", "participant_id", "organisation_id", "country", "kind"]
    return rows[columns].sort_values(["date", "session_id", "participant_id"], ignore_index=True)


def attendance_by_session(registrations: pd.DataFrame, sessions: pd.DataFrame) -> pd.DataFrame:
    """Count for each session how many registered, came, did not, and of how many nobody noted it.

    Returns
    -------
    DataFrame
        A row a session, by date: ``session_id``, ``series``, ``title``, ``date``, ``registered``, ``came``,
        ``stayed_away``, ``not_noted``, ``share_came`` (of those of whom it was noted).

    Examples
    --------
    >>> sessions = pd.DataFrame({"session_id": ["s"], "series": ["t"], "title": ["T"],
    ...                          "date": [pd.Timestamp(2022, 9, 7)]})
    >>> rows = pd.DataFrame({"session_id": "s", "attended": ["yes", "yes", "no", None]})
    >>> attendance_by_session(rows, sessions)[["registered", "came", "not_noted"]].values.tolist()
    [[4, 2, 1]]
    """
    require_columns(registrations, "registrations", ["session_id", "attended"])
    table = sessions[list(_SESSION)].sort_values(["date", "session_id"], ignore_index=True)
    by_session = registrations["session_id"]
    noted = {"came": registrations["attended"] == "yes", "stayed_away": registrations["attended"] == "no"}
    counts = {name: by_session[rows].value_counts() for name, rows in noted.items()}
    counts |= {
        "registered": by_session.value_counts(),
        "not_noted": by_session[registrations["attended"].isna()].value_counts(),
    }
    for name in ("registered", "came", "stayed_away", "not_noted"):
        table[name] = table["session_id"].map(counts[name]).fillna(0).astype("int64")
    known = table["came"] + table["stayed_away"]
    return table.assign(share_came=(table["came"] / known.where(known > 0)).astype("Float64"))


def period_of(dates: pd.Series, every: Every) -> pd.Series:
    """Return the period of each day as text, such as "2022" or "2022-Q3"; of sessions the day.

    Examples
    --------
    >>> period_of(pd.Series([pd.Timestamp(2022, 9, 7)]), "quarter").tolist()
    ['2022-Q3']
    """
    days = pd.to_datetime(dates)
    years = days.dt.year.astype("str")
    if every == "year":
        return years
    if every == "quarter":
        return years + "-Q" + days.dt.quarter.astype("str")
    if every == "session":
        return days.dt.strftime("%Y-%m-%d")
    raise InputError(f"every: {every!r} is unknown; session, quarter and year are allowed")


def participation_over_time(present: pd.DataFrame, by: str, every: Every = "year") -> pd.DataFrame:
    """Count organisations and participants by group and period. Not to be shown: see `shown_participation`.

    Parameters
    ----------
    present
        From `presences`.
    by
        ``country``, ``kind`` or ``series``.
    every
        Length of a period.

    Returns
    -------
    DataFrame
        ``period``, the column ``by``, ``organisations``, ``participants`` (both different ones),
        ``presences`` and ``share`` (of the period's organisations; an organisation that is in several groups
        counts in each).
    """
    rows = present.assign(period=period_of(present["date"], every))
    grouped = rows.groupby(["period", by])
    table = grouped.agg(
        organisations=("organisation_id", "nunique"),
        participants=("participant_id", "nunique"),
        presences=("participant_id", "size"),
    ).reset_index()
    total = rows.groupby("period")["organisation_id"].nunique()
    return table.assign(share=table["organisations"] / table["period"].map(total))


def participation_rates(
    present: pd.DataFrame, clusters: pd.DataFrame, *, level: float = 0.95
) -> pd.DataFrame:
    """Compare the organisations that took part with the cluster organisations of each country.

    Not to be shown: see `shown_participation`.

    Parameters
    ----------
    present
        From `presences`.
    clusters
        Table ``cluster_organisations``: ``country``, ``organisations``.
    level
        Probability of the interval.

    Returns
    -------
    DataFrame
        A row a country of either table, by country: ``country``, ``clusters`` (registered there; missing if
        none is listed), ``organisations`` (that took part), ``participants``, ``per_10`` (organisations for
        10 clusters), ``low``, ``high``.

    Notes
    -----
    Organisations of all kinds are counted, so the rate may exceed 10. The interval is for the rate behind
    what was counted, if organisations came independently of each other. They do not quite: who came once
    tells others, so the true interval is wider.

    References
    ----------
    Garwood, F. (1936), Fiducial Limits for the Poisson Distribution, Biometrika 28, 437-442.
    """
    require_columns(clusters, "cluster_organisations", ["country", "organisations"])
    require_unique(clusters, "cluster_organisations", ["country"])
    listed = clusters.set_index("country")["organisations"].astype("Int64")
    countries = sorted(set(listed.index) | set(present["country"]))
    groups = present.groupby("country")
    table = pd.DataFrame({"country": pd.Series(countries, dtype="str")})
    table["clusters"] = table["country"].map(listed).astype("Int64")
    for name, column in (("organisations", "organisation_id"), ("participants", "participant_id")):
        table[name] = table["country"].map(groups[column].nunique()).fillna(0).astype("int64")
    low, high = poisson_interval(table["organisations"], level)
    ten = 10 / table["clusters"].where(table["clusters"] > 0).astype("Float64")
    return table.assign(per_10=table["organisations"] * ten, low=low * ten, high=high * ten)


def missing_countries(rates: pd.DataFrame) -> pd.DataFrame:
    """Return the countries that have cluster organisations and from which nobody came, most clusters first.

    Examples
    --------
    >>> rates = pd.DataFrame({"country": ["AT", "BG", "LU"], "clusters": [32, 37, 3],
    ...                       "organisations": [4, 0, 0]})
    >>> missing_countries(rates)["country"].tolist()
    ['BG', 'LU']
    """
    absent = rates[(rates["organisations"] == 0) & (rates["clusters"] > 0).fillna(False)]
    ordered = absent.sort_values(["clusters", "country"], ascending=[False, True], ignore_index=True)
    return ordered[["country", "clusters"]]


def poisson_interval(counts: Numbers, level: float = 0.95) -> tuple[Floats, Floats]:
    """Compute the exact interval of the mean behind each Poisson count.

    References
    ----------
    See `participation_rates`.

    Examples
    --------
    >>> low, high = poisson_interval([0, 10])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 4.795], [3.689, 18.39])
    """
    from scipy.stats import chi2

    if not 0 < level < 1:
        raise InputError(f"level is {level}; numbers above 0 and below 1 are allowed")
    number = sizes(counts, "counts", whole=True)
    tail = (1 - level) / 2
    low = np.where(number > 0, chi2.ppf(tail, 2 * np.maximum(number, 1)) / 2, 0.0)
    return low, np.asarray(chi2.ppf(1 - tail, 2 * number + 2) / 2, dtype=np.float64)
