"""Published figures on the subject of a questionnaire, beside its answers and never added to them."""

import pandas as pd

INDICATORS = {
    "printing_3d_companies": "Companies with 3D printing offered",
    "printing_3d_printers": "3D printers offered",
    "printing_3d_clusters_in_call": "Clusters in the call for 3D printing",
    "medical_supply_offers": "Companies that offered medical supplies",
    "vaccine_matchmaking_companies": "Companies at the matchmaking event for vaccine production",
    "vaccine_matchmaking_member_states": "Member States at the matchmaking event",
    "vaccine_bottlenecks_handled": "Bottlenecks handled by the Commission's task force",
    "vaccine_doses_per_month": "Doses of vaccine produced",
}
"""Indicator of the timeline -> words."""
SUBJECTS = {"printing_3d": "printing_3d", "medical_supplies": "medical_supply", "vaccine_capacity": "vaccine"}
"""Questionnaire -> how the indicators on its subject begin."""
_SIGNS = {"at_least": "at least ", "at_most": "at most ", "about": "about "}


def public_figures(timeline: pd.DataFrame, questionnaire: str) -> pd.DataFrame:
    """Return the published figures on the subject of a questionnaire, in order of date.

    Parameters
    ----------
    timeline
        Table ``timeline``.
    questionnaire
        Name; one without published figures gives no row.

    Returns
    -------
    DataFrame
        ``date_as_stated``, ``what``, ``stated`` (value with its bound and unit), ``scope``, ``source``.
    """
    start = SUBJECTS.get(questionnaire)
    chosen = timeline["indicator"].str.startswith(start) if start else timeline["indicator"].eq("")
    rows = timeline[chosen].sort_values(["period_start", "raw_row"])
    stated = [
        f"{_SIGNS.get(str(sign), '')}{value:,.0f} {unit}"
        for sign, value, unit in zip(rows["qualifier"], rows["value"], rows["unit"], strict=True)
    ]
    what = rows["indicator"].map(lambda name: INDICATORS.get(name, str(name).replace("_", " ").capitalize()))
    # Hyphens that do not break keep a date on one line.
    dates = rows["date_as_stated"].astype("str").str.replace("-", "\u2011")
    table = rows[["scope", "source"]].assign(date_as_stated=dates, what=what, stated=stated)
    return table[["date_as_stated", "what", "stated", "scope", "source"]].reset_index(drop=True)


def production_sites(
    sites: pd.DataFrame, countries: pd.DataFrame, focus: str | None, questionnaire: str
) -> pd.DataFrame:
    """Return the public sites of vaccine production, by country; none for another questionnaire.

    Returns
    -------
    DataFrame
        The columns of ``sites`` and ``name`` of the country.
    """
    chosen = sites if questionnaire == "vaccine_capacity" else sites.head(0)
    if focus:
        chosen = chosen[chosen["country"] == focus]
    named = chosen.merge(countries[["country", "name"]], on="country", how="left")
    return named.sort_values(["name", "site", "vaccine"], ignore_index=True)
