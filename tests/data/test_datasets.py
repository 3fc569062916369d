"""The committed datasets add up to what their sources state, and to each other."""

from datetime import date
from functools import cache

import pandas as pd
import pytest

from helpers.data.catalog import dataset_names, dataset_origin, read_raw
from helpers.data.project import project_root

ISO_TO_EUROSTAT = {"GR": "EL", "GB": "UK"}


@cache
def memberships() -> pd.DataFrame:
    return read_raw("countries", "memberships.csv")


def members(programme: str, day: date) -> set[str]:
    table = memberships()
    moment = pd.Timestamp(day)
    valid = (table["valid_from"] <= moment) & (table["valid_to"].isna() | (table["valid_to"] >= moment))
    return set(table.loc[valid & (table["programme"] == programme), "country"])


def test_the_datasets_of_the_foundation_are_there() -> None:
    expected = {
        "alliance_members",
        "cluster_organisations",
        "cluster_seats",
        "countries",
        "gdp",
        "industrial_ecosystems",
        "member_mix",
        "population",
        "timeline",
    }
    assert expected <= set(dataset_names())


def test_cluster_organisations_add_up_to_the_published_totals() -> None:
    table = read_raw("cluster_organisations")
    assert len(table) == 37
    assert table["cluster_organisations"].sum() == 1445
    assert table.loc[table["eu27"], "cluster_organisations"].sum() == 1302
    assert table["eu27"].sum() == 27


def test_the_eu27_flag_agrees_with_the_memberships() -> None:
    table = read_raw("cluster_organisations")
    flagged = set(table.loc[table["eu27"], "country"].replace(ISO_TO_EUROSTAT))
    assert flagged == members("EU", date(2026, 7, 1))


def test_there_are_as_many_seats_as_organisations_in_every_country() -> None:
    counts = read_raw("cluster_organisations").set_index("country")["cluster_organisations"]
    seats = read_raw("cluster_seats")["country"].value_counts()
    assert seats.to_dict() == counts.to_dict()


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(1957, 12, 31), 0),
        (date(1958, 1, 1), 6),
        (date(1973, 1, 1), 9),
        (date(1981, 1, 1), 10),
        (date(1986, 1, 1), 12),
        (date(1995, 1, 1), 15),
        (date(2004, 4, 30), 15),
        (date(2004, 5, 1), 25),
        (date(2007, 1, 1), 27),
        (date(2013, 7, 1), 28),
        (date(2020, 1, 31), 28),
        (date(2020, 2, 1), 27),
        (date(2026, 7, 1), 27),
    ],
)
def test_the_european_union_has_its_members_of_the_day(day: date, number: int) -> None:
    assert len(members("EU", day)) == number


def test_the_united_kingdom_left_after_31_january_2020_and_stayed_in_cosme() -> None:
    assert "UK" in members("EU", date(2020, 1, 31))
    assert "UK" not in members("EU", date(2020, 2, 1))
    assert "UK" in members("COSME", date(2020, 12, 31))
    assert not members("COSME", date(2021, 1, 1))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(1960, 5, 2), ""),
        (date(1960, 5, 3), "AT CH DK NO PT SE UK"),
        (date(1973, 1, 1), "AT CH IS NO PT SE"),
        (date(1986, 1, 1), "AT CH FI IS NO SE"),
        (date(1994, 12, 31), "AT CH FI IS LI NO SE"),
        (date(1995, 1, 1), "CH IS LI NO"),
        (date(2026, 7, 1), "CH IS LI NO"),
    ],
)
def test_efta_has_its_members_of_the_day(day: date, expected: str) -> None:
    assert members("EFTA", day) == set(expected.split())


def test_no_country_is_in_the_eu_and_efta_on_one_day() -> None:
    for year in range(1958, 2027):
        for day in (date(year, 1, 1), date(year, 12, 31)):
            assert not members("EU", day) & members("EFTA", day), day


def test_the_programmes_have_the_listed_numbers_of_countries() -> None:
    table = read_raw("countries", "memberships.csv")
    cosme = table[table["programme"] == "COSME"]
    assert len(cosme) == 28 + 11
    assert (cosme["date_precision"] == "programme_period").sum() == 11
    assert len(table[table["programme"] == "ENI"]) == 16
    assert members("COSME", date(2020, 6, 30)) >= members("EU", date(2020, 6, 30))


def test_spells_of_membership_do_not_overlap_or_run_backwards() -> None:
    table = read_raw("countries", "memberships.csv")
    closed = table.dropna(subset=["valid_to"])
    assert (closed["valid_to"] >= closed["valid_from"]).all()
    for _, spells in table.sort_values("valid_from").groupby(["country", "programme"]):
        ends = spells["valid_to"].iloc[:-1].tolist()
        assert all(end < start for end, start in zip(ends, spells["valid_from"].iloc[1:], strict=True))


def test_every_country_of_every_dataset_is_in_the_list_of_countries() -> None:
    known = set(read_raw("countries")["country"])
    for name in dataset_names():
        for file in dataset_origin(name).files:
            frame = read_raw(name, file.name)
            for column in file.columns:
                if column.type == "country" and column.name != "iso2":
                    assert set(frame[column.name].replace(ISO_TO_EUROSTAT).dropna()) <= known, (
                        name,
                        file.name,
                    )


def test_eurostat_and_iso_codes_differ_for_greece_and_the_united_kingdom_only() -> None:
    table = read_raw("countries")
    assert table["iso2"].replace(ISO_TO_EUROSTAT).tolist() == table["country"].tolist()
    assert len(table[table["iso2"] != table["country"]]) == 2


def test_a_name_with_an_asterisk_has_a_footnote_and_no_other_has() -> None:
    table = read_raw("countries")
    assert (table["name"].str.endswith("*") == table["footnote"].notna()).all()
    kosovo = table.loc[table["country"] == "XK", "footnote"].item()
    assert "UNSCR 1244/1999 and the ICJ Opinion on the Kosovo declaration of independence" in kosovo


@pytest.mark.parametrize("name", ["population", "gdp"])
def test_every_eu_country_has_every_year(name: str) -> None:
    table = read_raw(name)
    years = set(table["year"])
    for country, rows in table.groupby("country"):
        assert set(rows["year"]) == years, country
    assert members("EU", date(2020, 2, 1)) <= set(table["country"])


def test_the_population_of_the_eu_is_about_450_million() -> None:
    table = read_raw("population")
    eu = table[table["country"].isin(members("EU", date(2024, 1, 1))) & (table["year"] == 2024)]
    assert 445_000_000 < eu["population"].sum() < 455_000_000


def test_the_alliance_has_eleven_founders_and_thirteen_members_in_march_2020() -> None:
    table = read_raw("alliance_members")
    signed = table["joined_by"] == pd.Timestamp(2019, 9, 9)
    assert signed.sum() == 9
    assert (table["joined_by"] <= pd.Timestamp(2019, 9, 10)).sum() == 11
    assert len(table) == 13
    timeline = read_raw("timeline")
    stated = timeline[timeline["indicator"] == "alliance_national_associations"].set_index("date")["value"]
    assert (stated["2019-09-09"], stated["2020-03-04"]) == (9, 13)


def test_a_date_is_as_long_as_its_precision_says() -> None:
    table = read_raw("timeline")
    length = {"day": [10], "month": [7], "quarter": [7], "half_year": [7], "year": [4, 10]}
    assert all(len(row.date) in length[row.date_precision] for row in table.itertuples())


@pytest.mark.parametrize("file", ["other_values.csv", "further_figures.csv"])
def test_what_a_note_reports_points_to_the_record_with_that_note(file: str) -> None:
    timeline = read_raw("timeline").set_index("raw_row")
    for row in read_raw("timeline", file).itertuples():
        record = timeline.loc[row.timeline_row]
        assert pd.notna(record["note"])
        if file == "other_values.csv":
            assert (record["indicator"], record["unit"]) == (row.indicator, row.unit)
            assert record["value"] != row.value


def test_the_timeline_agrees_with_the_counts_by_country() -> None:
    timeline = read_raw("timeline").set_index("raw_row")
    total = read_raw("cluster_organisations")["cluster_organisations"].sum()
    last = timeline[timeline["date"] == "2026-07"]
    assert last["value"].tolist() == [total]


def test_the_fourteen_ecosystems_and_the_names_in_the_member_mix() -> None:
    ecosystems = read_raw("industrial_ecosystems")
    assert ecosystems["number"].tolist() == list(range(1, 15))
    names = read_raw("industrial_ecosystems", "member_mix_names.csv")
    assert names["ecosystem_as_listed"].tolist() == read_raw("member_mix")["ecosystem"].tolist()
    assert set(names["ecosystem"]) - {"All ecosystems"} < set(ecosystems["ecosystem"])


def test_the_nine_domains_are_those_of_the_codebook() -> None:
    domains = read_raw("supply_chain_domains")["domain"].tolist()
    assert len(domains) == 9
    used = read_raw("codebook", "themes.csv")["domains"].dropna().str.split(";").explode()
    assert set(used) <= set(domains)


def test_announced_sessions_and_cut_offs_are_eight_and_one_and_open_to_whom_is_known_of_one_series() -> None:
    sessions, calls = read_raw("event_series", "sessions.csv"), read_raw("event_series", "calls.csv")
    assert (len(sessions), len(calls)) == (8, 1)
    assert sessions["session_id"].tolist() == ("s-" + sessions["date"].dt.strftime("%Y-%m-%d")).tolist()
    series = read_raw("event_series", "series.csv").set_index("series")
    assert set(sessions["series"]) | set(calls["series"]) == set(series.index)
    assert series["open_to"].dropna().to_dict() == {"eccp-webinars": "COSME;ENI"}
    assert (series["open_to"].notna() == series["eligibility_source"].notna()).all()


def test_every_dataset_has_a_codebook_that_says_what_not_to_conclude() -> None:
    for name in dataset_names():
        text = (project_root() / "data" / "raw" / name / "README.md").read_text(encoding="utf-8")
        assert "must not conclude" in text or name == "nuts_regions", name


def test_made_up_answers_are_called_sample_in_name_and_kind_and_nothing_else_is_made_up() -> None:
    sample = {name for name in dataset_names() if dataset_origin(name).kind == "sample"}
    assert sample == {name for name in dataset_names() if name.endswith(("-sample", "_sample"))}
    assert {name.partition("/")[0] for name in sample} == {
        "coded_medical_supplies_2020_04_sample",
        "coded_vaccine_capacity_2021_03_sample",
        "expressions_of_interest_sample",
        "medical_supplies",
        "needs_per_inhabitant_sample",
        "point_ratings_sample",
        "printing_3d",
        "recommendations_sample",
        "registrations_sample",
        "session_points_sample",
        "vaccine_capacity",
    }
