"""The published totals come out of the processed tables."""

from datetime import date

import pytest

from helpers.analysis.clusters import (
    conflicts,
    country_table,
    coverage_table,
    growth_table,
    herfindahl_hirschman,
    region_table,
    seat_summary,
    unknowns,
)
from helpers.analysis.scope import scope_countries
from helpers.data.process import read_table
from helpers.data.project import processed_folder

pytestmark = pytest.mark.skipif(
    not (processed_folder() / "cluster_seats.parquet").is_file(),
    reason="data/processed is empty: run `evidence process` first",
)
TODAY = date(2026, 7, 31)


def counted(scope, as_of=TODAY):
    codes = scope_countries(read_table("memberships"), read_table("countries"), scope, as_of)
    names = ("cluster_organisations", "population", "gdp", "countries")
    return country_table(*(read_table(name) for name in names), codes, 2024)


def test_the_list_counts_1302_organisations_in_the_eu27_and_1445_in_all():
    eu, everywhere = counted("EU27"), counted("ALL")
    assert (len(eu), eu["organisations"].sum()) == (27, 1302)
    assert (everywhere["organisations"].notna().sum(), everywhere["organisations"].sum()) == (37, 1445)
    assert eu["share"].sum() == pytest.approx(1)
    assert eu.loc[0, ["country", "organisations"]].to_list() == ["ES", 212]
    assert 1 / 27 < herfindahl_hirschman(eu["organisations"]) < 1


def test_cosme_had_39_countries_on_its_last_day_and_eni_16():
    assert len(counted("COSME")) == 39
    assert len(counted("ENI")) == 16


def test_every_seat_belongs_to_an_organisation_and_to_at_most_one_region():
    seats, regions = read_table("cluster_seats"), read_table("nuts2_regions")
    summary = seat_summary(seats).set_index("country")
    listed = counted("ALL").dropna(subset="organisations").set_index("country")["organisations"]
    assert summary["seats"].to_dict() == listed.to_dict()
    by_region = region_table(seats, regions, list(listed.index))
    assert by_region["seats"].sum() == summary["placed"].sum()


def test_growth_coverage_and_conflicts_of_the_transcribed_timeline():
    timeline = read_table("timeline")
    growth = growth_table(timeline, "cluster_organisations_registered")
    first = growth.iloc[0]
    assert (first["earlier_value"], first["later_value"], first["bound"]) == (690, 884, "at_most")
    assert round(first["growth"], 3) == 0.281
    assert growth.loc[~growth["comparable"], "growth"].isna().all()
    assert not growth.loc[growth["later_value"].isin([1091, 1398, 1445]), "comparable"].any()
    coverage = coverage_table(timeline)
    assert coverage[["represented", "registered", "bound"]].values.tolist() == [[740, 965, "at_least"]]
    found = conflicts(timeline, read_table("timeline_other_values"))
    assert [25, 26] in found[["value_a", "value_b"]].values.tolist()
    assert "cluster_organisations_registered" not in set(found["indicator"])


def test_five_of_the_alliances_eighteen_members_have_no_known_name():
    tables = (read_table(name) for name in ("cluster_seats", "alliance_members", "timeline"))
    found = unknowns(counted("EU27"), *tables, 2024, "2026-07").set_index("item")
    assert found.loc["Members of the European Clusters Alliance without a known name", "number"] == 5
