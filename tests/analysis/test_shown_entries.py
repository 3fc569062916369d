"""Nobody is shown beyond what they agreed to."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.capacity.shown import magnitude, shown_tables

PRODUCTS = pd.DataFrame(
    {"product": ["vials", "syringes"], "label": ["Vials", "Syringes"], "stage_order": [5, 6]}
)
REGIONS = pd.DataFrame({"nuts2": ["AT12"], "country": ["AT"], "region": ["Niederösterreich"]})
CENTRES = pd.DataFrame({"nuts2": ["AT12"], "country": ["AT"], "latitude": [48.2], "longitude": [15.8]})


def respondent(
    key: str, consent: object, status: str = "counted", nuts2: object = "AT12"
) -> dict[str, object]:
    return {
        "respondent_id": key,
        "country": "AT",
        "nuts2": nuts2,
        "place": f"Town of {key}",
        "latitude": 48.5,
        "longitude": 16.5,
        "consent": consent,
        "name_shown": f"Company {key}",
        "status": status,
    }


def capacity(key: str, **changes: object) -> dict[str, object]:
    row = {
        "respondent_id": key,
        "country": "AT",
        "product": "vials",
        "stage": "vials",
        "amount": float("nan"),
        "amount_low": 12_345.0,
        "amount_high": 12_345.0,
        "unit": "units/month",
        "qualifier": "exact",
        "usable": True,
    }
    return row | changes


def shown(people: list[dict[str, object]], amounts: list[dict[str, object]] | None = None) -> pd.DataFrame:
    keys = [str(person["respondent_id"]) for person in people]
    rows = pd.DataFrame([capacity(key) for key in keys] if amounts is None else amounts)
    return shown_tables(pd.DataFrame(people), rows, PRODUCTS, REGIONS, CENTRES)[0]


def test_a_whole_entry_has_name_town_and_amount() -> None:
    (row,) = shown([respondent("r1", "whole")]).to_dict("records")
    assert (row["name"], row["place"], row["precision"]) == ("Company r1", "Town of r1", "town")
    assert row["offers"] == ["Vials: 12,345 units/month"]


def test_an_anonymous_entry_stands_at_the_centre_of_its_region_with_an_order_of_magnitude() -> None:
    table = shown([respondent("r1", "anonymous"), respondent("r2", "totals"), respondent("r3", None)])
    (row,) = table.to_dict("records")
    assert (row["latitude"], row["longitude"], row["precision"]) == (48.2, 15.8, "region")
    assert row["offers"] == ["Vials: tens of thousands of units/month"]
    assert table[["name", "place"]].isna().all(axis=None)


def test_an_anonymous_entry_in_a_region_of_few_stands_for_its_country_only() -> None:
    others = [respondent("r2", "whole"), respondent("r3", "totals", status="withdrawn")]
    table = shown([respondent("r1", "anonymous"), *others]).set_index("kind")
    assert table.loc["anonymous", "precision"] == "country"
    assert table.loc["anonymous", ["nuts2", "region", "latitude", "longitude"]].isna().all()
    assert table.loc["whole", ["nuts2", "precision"]].to_list() == ["AT12", "town"]


def test_an_anonymous_entry_without_region_has_no_point() -> None:
    (row,) = shown([respondent("r1", "anonymous", nuts2=None)]).to_dict("records")
    assert row["precision"] == "country"
    assert pd.isna(row["latitude"])


def test_the_rest_has_no_row() -> None:
    people = [
        respondent("r1", "totals"),
        respondent("r2", None),
        respondent("r3", "whole", status="withdrawn"),
        respondent("r4", "whole", status="duplicate"),
    ]
    assert shown(people).empty


@given(st.lists(st.sampled_from(["whole", "anonymous", "totals", None]), min_size=1, max_size=8))
def test_no_hidden_name_town_key_or_amount_is_in_the_table(consents: list[str | None]) -> None:
    people = [respondent(f"r{number}", consent) for number, consent in enumerate(consents)]
    text = shown(people).to_csv()
    for person in people:
        hidden = person["consent"] != "whole"
        assert (str(person["name_shown"]) in text) != hidden
        assert (str(person["place"]) in text) != hidden
    assert ("12,345" in text) == ("whole" in consents)


def test_open_ranges_and_unreadable_amounts_are_told_as_they_are() -> None:
    rows = [
        capacity("r1", amount_high=float("nan"), qualifier="at_least"),
        capacity("r1", product="syringes", amount_low=float("nan"), amount_high=float("nan"), usable=False),
    ]
    (row,) = shown([respondent("r1", "whole")], rows).to_dict("records")
    assert row["offers"] == ["Vials: at least 12,345 units/month", "Syringes"]


@given(st.floats(min_value=0, max_value=1e12), st.floats(min_value=1, max_value=10))
def test_magnitudes_do_not_tell_amounts_apart_within_a_power_of_ten(value: float, factor: float) -> None:
    low = 10 ** (len(str(int(value))) - 1)
    assert magnitude(low) == magnitude(min(low * factor, low * 9.99))
