import pandas as pd
import pytest

from helpers.analysis.capacity import coverage_matrix, ramp_up, single_points_of_failure
from helpers.analysis.capacity.coverage import published_finding
from helpers.data.errors import InputError


@pytest.fixture
def chain(entries):
    return entries(
        ("r1", "AT", 8, 8, "lipids"),
        ("r1", "AT", 8, 8, "drums"),
        ("r2", "AT", 1, 1, "lipids"),
        ("r3", "BE", 1, 1, "lipids"),
        ("r4", "BE", 5, 5, "vials"),
        ("r5", "BE", None, None, "vials"),
        ("r6", "AT", 0, 0, "vials"),
    )


def cells(table):
    return {(row.stage, row.country): (row.status, row.shown) for row in table.itertuples()}


def test_gaps_and_stages_of_one_country_are_seen(chain, products):
    found = cells(coverage_matrix(chain, products, ["AT", "BE", "FR"]))
    assert found[("raw_materials", "AT")] == ("covered", "2")  # r1 names two products and counts once
    assert found[("raw_materials", "FR")] == ("gap", "")
    assert found[("vials", "BE")] == ("only", "2")  # no amount, but they make vials
    assert found[("vials", "AT")] == ("gap", "")  # said that they have none
    assert found[("storage", "AT")] == ("gap", "")


def test_few_respondents_are_not_counted_out(chain, products):
    table = coverage_matrix(chain, products, ["AT", "BE"], min_count=2)
    assert cells(table)[("raw_materials", "BE")] == ("few", "<2")
    assert table.loc[table["status"] == "few", "respondents"].isna().all()
    hidden = pd.DataFrame({"stage": ["raw_materials", "storage"], "country": ["AT", "AT"]})
    table = cells(coverage_matrix(chain, products, ["AT", "BE"], hidden=hidden))
    assert table[("raw_materials", "AT")] == ("few", "·")
    assert table[("storage", "AT")] == ("gap", "")


def test_every_stage_and_country_has_one_cell_in_order(chain, products):
    table = coverage_matrix(chain, products, ["BE", "AT"], labels={"vials": "Vials"})
    assert len(table) == 3 * 2
    assert table["stage"].drop_duplicates().to_list() == ["raw_materials", "vials", "storage"]
    assert table["stage_label"].drop_duplicates().to_list() == ["raw_materials", "Vials", "storage"]
    assert table["country"].to_list() == ["AT", "BE"] * 3


def test_countries_outside_the_scope_do_not_cover(chain, products):
    found = cells(coverage_matrix(chain, products, ["BE"]))
    assert found[("raw_materials", "BE")][0] == "only"


def test_what_hangs_on_one_country_or_one_respondent_is_found(chain, products, entries):
    found = single_points_of_failure(chain, products, ["AT", "BE", "FR"], by="product").set_index("product")
    assert found["finding"].to_dict() == {
        "lipids": "large respondent",
        "drums": "one respondent",
        "vials": "one country",
        "pallets": "nobody",
    }
    assert found.loc["lipids", "respondent_share"] == pytest.approx(0.8)
    assert found.loc["lipids", "country_share"] == pytest.approx(0.9)
    assert found.loc["vials", ["largest_country", "missing_countries"]].to_list() == ["BE", 2]
    strict = single_points_of_failure(chain, products, ["AT", "BE"], by="product", threshold=0.85)
    assert strict["finding"].iloc[0] == "large country"
    spread = entries(("a", "AT", 1, 1), ("b", "BE", 1, 1), ("c", "FR", 1, 1))
    assert single_points_of_failure(spread, products, ["AT", "BE", "FR"])["finding"].iloc[1] == "spread"


def test_shares_of_a_stage_in_two_units_are_not_told(chain, products):
    row = single_points_of_failure(chain, products, ["AT", "BE"]).iloc[0]
    assert (row["respondents"], row["countries"], row["finding"]) == (3, 2, "spread")
    assert pd.isna(row["country_share"])
    assert row["largest_country_respondents"] == pytest.approx(2 / 3)


def test_no_entries_leave_nothing_but_gaps(entries, products):
    assert (coverage_matrix(entries(), products, ["AT"])["status"] == "gap").all()
    assert (single_points_of_failure(entries(), products, ["AT"])["finding"] == "nobody").all()


def test_arguments_of_coverage_that_make_no_sense_are_refused(chain, products):
    with pytest.raises(InputError, match="min_count is 0"):
        coverage_matrix(chain, products, ["AT"], min_count=0)
    with pytest.raises(InputError, match="by is 'town'"):
        single_points_of_failure(chain, products, ["AT"], by="town")
    with pytest.raises(InputError, match="threshold is 0"):
        single_points_of_failure(chain, products, ["AT"], threshold=0)
    with pytest.raises(InputError, match="stage is masks"):
        coverage_matrix(chain.assign(stage="masks"), products, ["AT"])


def dated(entries, *rows):
    return entries(*((who, "AT", low, high, "vials", None, month) for who, low, high, month in rows))


def test_capacity_is_cumulated_by_month_without_gaps_and_undated_apart(entries):
    table = dated(
        entries,
        ("r1", 10, 10, "2021-01-01"),
        ("r1", 5, 5, "2021-04-01"),
        ("r2", 2, 4, "2021-02-01"),
        ("r3", 7, 7, None),
    )
    found = ramp_up(table)
    assert found["month"].dt.strftime("%Y-%m").to_list()[:-1] == ["2021-01", "2021-02", "2021-03", "2021-04"]
    assert found["low"].to_list() == [10, 12, 12, 17, 7]
    assert found["high"].to_list() == [10, 14, 14, 19, 7]
    assert found["respondents"].to_list() == [1, 2, 2, 2, 1]
    assert pd.isna(found["month"].iloc[-1])


def test_an_open_end_stays_open_from_its_month_on(entries):
    found = ramp_up(dated(entries, ("r1", 10, 10, "2021-01-01"), ("r2", 5, None, "2021-02-01")))
    assert found["high"].isna().to_list() == [False, True]
    assert found["high_stated"].to_list() == [10, 15]


def test_what_came_before_the_first_month_counts_in_it_and_what_comes_later_is_left_out(entries):
    table = dated(
        entries, ("r1", 10, 10, "2020-01-01"), ("r2", 5, 5, "2021-02-01"), ("r3", 1, 1, "2022-01-01")
    )
    found = ramp_up(table, "2021-01", "2021-03")
    assert found["point"].to_list() == [10, 15, 15]


def test_a_ramp_up_of_nothing_or_of_undated_capacity_alone_is_a_table(entries):
    nothing = ramp_up(entries())
    assert nothing.empty
    assert nothing.columns.to_list() == ["month", "respondents", "low", "point", "high", "high_stated"]
    undated = ramp_up(dated(entries, ("r1", 10, 10, None)))
    assert undated["point"].to_list() == [10]
    assert undated["month"].isna().all()


def test_a_month_that_is_none_is_refused(entries):
    with pytest.raises(InputError, match="start is 'spring'"):
        ramp_up(dated(entries, ("r1", 10, 10, "2021-01-01")), start="spring")


def test_a_large_respondent_and_a_large_country_are_published_as_the_same(entries, products):
    one = entries(("r1", "AT", 90, 90), ("r2", "AT", 5, 5), ("r3", "BE", 5, 5))
    several = entries(("r1", "AT", 45, 45), ("r2", "AT", 45, 45), ("r3", "BE", 10, 10))
    weak = [single_points_of_failure(rows, products, ["AT", "BE"], by="product") for rows in (one, several)]
    inner = [set(table["finding"]) - {"nobody"} for table in weak]
    assert inner == [{"large respondent"}, {"large country"}]
    published = [published_finding(table)[["finding", "label"]].values.tolist() for table in weak]
    assert published[0] == published[1]
    assert [
        "large respondent or country",
        "One respondent or country holds most of the capacity",
    ] in published[0]
