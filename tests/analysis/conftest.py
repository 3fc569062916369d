"""Small tables with the columns of the processed ones."""

from datetime import date

import pandas as pd
import pytest


@pytest.fixture
def countries() -> pd.DataFrame:
    rows = [
        ("AL", "AL", "ALB", "Albania"),
        ("AT", "AT", "AUT", "Austria"),
        ("BE", "BE", "BEL", "Belgium"),
        ("EL", "GR", "GRC", "Greece"),
        ("HR", "HR", "HRV", "Croatia"),
        ("UA", "UA", "UKR", "Ukraine"),
        ("UK", "GB", "GBR", "United Kingdom"),
    ]
    return pd.DataFrame(rows, columns=["country", "iso2", "iso3", "name"])


@pytest.fixture
def memberships() -> pd.DataFrame:
    rows = [
        ("AT", "EU", date(1995, 1, 1), None, None),
        ("BE", "EU", date(1958, 1, 1), None, None),
        ("EL", "EU", date(1981, 1, 1), None, None),
        ("HR", "EU", date(2013, 7, 1), None, None),
        ("UK", "EU", date(1973, 1, 1), date(2020, 1, 31), "left at midnight"),
        ("AL", "COSME", date(2014, 1, 1), date(2020, 12, 31), "third country on the list of 2018"),
        ("UA", "COSME", date(2014, 1, 1), date(2020, 12, 31), "third country on the list of 2018"),
        ("UK", "COSME", date(2014, 1, 1), date(2020, 12, 31), None),
        ("UA", "ENI", date(2014, 1, 1), date(2020, 12, 31), None),
    ]
    return pd.DataFrame(rows, columns=["country", "programme", "valid_from", "valid_to", "note"])


@pytest.fixture
def timeline() -> pd.DataFrame:
    """The registry's figures, as transcribed in data/raw/timeline."""
    n, alliance = "cluster_organisations_registered", "alliance_clusters_represented"
    rows = [
        (2, "2017-06-01", "2017-06-30", n, "at_least", 690, "ECCP"),
        (3, "2019-05-01", "2019-05-31", n, "exact", 884, "ECCP profiles in COSME countries"),
        (4, "2020-03-04", "2020-03-04", n, "exact", 965, "ECCP European clusters"),
        (5, "2021-12-16", "2021-12-16", n, "at_least", 1000, "ECCP mapped"),
        (6, "2022-12-01", "2022-12-31", n, "exact", 1398, "ECCP all countries"),
        (7, "2022-12-01", "2022-12-31", n, "exact", 1091, "ECCP EU-27"),
        (9, "2026-07-01", "2026-07-31", n, "exact", 1445, "ECCP-derived list (secondary source)"),
        (13, "2020-03-04", "2020-03-04", alliance, "at_least", 740, "European Clusters Alliance"),
        (14, "2021-02-01", "2021-02-28", alliance, "at_least", 800, "European Clusters Alliance"),
        (26, "2021-03-31", "2021-03-31", "member_states", "exact", 25, "event"),
        (27, "2021-03-31", "2021-03-31", "member_states", "exact", 26, "event"),
        (29, "2021-01-01", "2021-01-31", "doses", "about", 20_000_000, "EU"),
        (30, "2021-07-01", "2021-12-31", "doses", "about", 300_000_000, "EU"),
    ]
    names = ["raw_row", "period_start", "period_end", "indicator", "qualifier", "value", "scope"]
    table = pd.DataFrame(rows, columns=names)
    units = {
        n: "cluster organisations",
        alliance: "clusters",
        "member_states": "Member States",
        "doses": "doses",
    }
    return table.assign(
        unit=table["indicator"].map(units),
        value=table["value"].astype(float),
        source=[f"source of row {row}" for row in table["raw_row"]],
    )


@pytest.fixture
def other_values() -> pd.DataFrame:
    rows = [
        (2, 14, "other_scope", "exact", 11, "founders", "note"),
        (4, 29, "disagrees", "about", 14_000_000, "EU", "another page"),
    ]
    columns = ["raw_row", "timeline_row", "relation", "qualifier", "value", "scope", "source"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def table() -> pd.DataFrame:
    """A country table with a tie, a country without population and one that is not listed."""
    rows = [
        ("AT", "Austria", 30, 9_000_000, 0.10),
        ("BE", "Belgium", 30, 11_500_000, 0.06),
        ("EL", "Greece", 10, 10_500_000, 0.05),
        ("HR", "Croatia", 4, None, None),
        ("UA", "Ukraine", None, 44_000_000, None),
    ]
    frame = pd.DataFrame(rows, columns=["country", "name", "organisations", "population", "per_billion_usd"])
    frame["organisations"] = frame["organisations"].astype("Int64")
    frame["population"] = frame["population"].astype("Int64")
    frame["per_million"] = (frame["organisations"] / frame["population"] * 1e6).astype("Float64")
    frame["location_quotient"] = (frame["per_million"] / (70 / 31)).astype("Float64")
    frame["share"] = (frame["organisations"] / 74).astype("Float64")
    frame["rank"] = pd.array([1, 1, 3, 4, None], dtype="Int64")
    frame["rank_per_million"] = pd.array([1, 2, 3, None, None], dtype="Int64")
    frame["population_year"] = pd.array([2020, 2020, 2019, None, 2020], dtype="Int64")
    frame["gdp_year"] = pd.array([2020, 2020, 2020, None, 2019], dtype="Int64")
    return frame
