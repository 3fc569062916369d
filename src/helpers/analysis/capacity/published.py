"""Tables for a report: what may be shown of each product and country, after disclosure control."""

from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from helpers.analysis.capacity.coverage import coverage_matrix, single_points_of_failure
from helpers.analysis.capacity.entries import select_entries, usable_readings
from helpers.analysis.capacity.safe import significant
from helpers.analysis.capacity.totals import capacity_by_country, capacity_by_product
from helpers.analysis.checks import require_columns
from helpers.analysis.disclosure import Rules, protect_table
from helpers.data.errors import InputError

MOST_NAMED = "most_named"
AMOUNTS_SHOWN = ["point", "low", "high_stated"]
"""All three are shown, so all three are protected, by one pattern."""
STATUS_WORDS = {
    "published": "shown",
    "suppressed": "held back",
    "zero": "none stated",
    "not asked": "not asked",
}
_AMOUNTS = ["low", "point", "high", "high_stated", "open_ended", "no_amount", "zero"]


def focus_product(entries: pd.DataFrame, products: pd.DataFrame, wanted: str = MOST_NAMED) -> str:
    """Choose the product whose amounts are shown by country: amounts of different products do not add up.

    Parameters
    ----------
    entries
        See `entries.counted_entries`.
    products
        Processed table of products.
    wanted
        ``most_named`` for the product with most respondents, the code of a stage for the one with most in
        that stage, or the code of a product.

    Raises
    ------
    InputError
        If there is no such product or stage.

    Examples
    --------
    >>> entries = pd.DataFrame({"respondent_id": ["r1", "r2"], "product": ["vials", "caps"]})
    >>> products = pd.DataFrame({"product": ["caps", "vials"], "stage": ["vials", "vials"]})
    >>> focus_product(entries, products), focus_product(entries, products, "vials")
    ('caps', 'vials')
    """
    require_columns(products, "products", ["product", "stage"])
    if wanted in set(products["product"]):
        return wanted
    choice = products if wanted == MOST_NAMED else products[products["stage"] == wanted]
    if choice.empty:
        known = ", ".join([MOST_NAMED, *products["stage"].unique(), *products["product"]])
        raise InputError(f"parameter 'product': given {wanted!r}; allowed for this questionnaire: {known}")
    named = entries.groupby("product")["respondent_id"].nunique()
    counts = choice["product"].map(named).fillna(0)
    return str(choice["product"].to_list()[int(counts.to_numpy().argmax())])


def published_by_product(entries: pd.DataFrame, products: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Return the totals of each product, those that may not be shown held back.

    Returns
    -------
    DataFrame
        ``product``, ``name``, ``name_and_unit``, ``stage_label``, ``stage_order``, ``unit``,
        ``respondents``, ``low``, ``point``, ``high_stated`` (missing where held back), ``status`` and
        ``shown`` (its words), in the order of stages.
    """
    readings = usable_readings(entries)
    status = _status(readings, "product", products["product"], rules)
    labels = products.drop_duplicates("product").set_index("product")["stage_label"]
    table = _held_back(capacity_by_product(entries, products), status, "product")
    named = table["name"] + " (" + table["unit"] + ")"
    return table.assign(stage_label=table["product"].map(labels), name_and_unit=named)


def published_by_country(
    entries: pd.DataFrame, countries: pd.DataFrame, codes: Sequence[str], rules: Rules
) -> pd.DataFrame:
    """Return the capacity of one product by country, countries that may not be shown held back.

    Parameters
    ----------
    entries
        Of one product.
    countries
        ``country``, ``name``.
    codes
        Countries of the report; entries of others are left out.
    rules
        Disclosure rules.

    Returns
    -------
    DataFrame
        One row a country: ``country``, ``name``, ``unit``, ``respondents``, ``low``, ``point``, ``high``,
        ``high_stated``, ``status``, ``shown``; most first, held back last. What is held
        back cannot be worked out from the total of the countries, which an audit proves.
    """
    inside = entries[entries["country"].isin(set(codes))]
    readings = usable_readings(inside)
    status = _status(readings, "country", sorted(set(codes)), rules)
    table = _held_back(capacity_by_country(inside, countries, codes), status, "country")
    order = {word: place for place, word in enumerate(STATUS_WORDS)}
    return (
        table.assign(_order=table["status"].map(order))
        .sort_values(["_order", "point", "country"], ascending=[True, False, True], ignore_index=True)
        .drop(columns="_order")
    )


def _status(
    readings: pd.DataFrame, by: str, codes: "pd.Series[str] | Sequence[str]", rules: Rules
) -> "pd.Series[str]":
    """Return the status of each cell of a table with one row a product, or a country and their total."""
    if readings.empty:
        return pd.Series("zero", index=pd.Index(list(codes), name=by), dtype="str")
    table = protect_table(
        readings, by, value=AMOUNTS_SHOWN, rules=rules, row_codes=list(codes), row_total=by == "country"
    )
    return table[~table["is_total"]].set_index(by)["status"]


def _held_back(table: pd.DataFrame, status: "pd.Series[str]", by: str) -> pd.DataFrame:
    """Blank every number of the cells that may not be shown."""
    marked = table.assign(status=table[by].map(status).fillna("zero"))
    hidden = marked["status"] == "suppressed"
    numbers = [column for column in ["respondents", "companies", "entries", *_AMOUNTS] if column in marked]
    marked[numbers] = marked[numbers].mask(hidden)
    # Ranks and shares would tell how large a hidden cell is among those shown.
    amounts = ["low", "point", "high", "high_stated"]
    marked[amounts] = marked[amounts].apply(significant)
    return marked.drop(columns=["rank", "share"]).assign(shown=marked["status"].map(STATUS_WORDS))


def published_in_country(
    entries: pd.DataFrame,
    products: pd.DataFrame,
    countries: pd.DataFrame,
    codes: Sequence[str],
    country: str,
    rules: Rules,
) -> pd.DataFrame:
    """Return what one country states of each product, held back where the tables by country hold it back.

    Returns
    -------
    DataFrame
        As `published_by_product`, for one country; products that nobody there named are left out.
    """
    own = entries[entries["country"] == country]
    rows: list[dict[Hashable, Any]] = []
    for product in products["product"][products["product"].isin(set(own["product"]))]:
        offers = select_entries(entries, product=product)
        stated = own.loc[(own["product"] == product) & own["usable"].astype(bool), "respondent_id"].nunique()
        if 0 < stated < rules.min_count:
            # Held back whatever the others say: the costly proof is not needed.
            rows.append({"country": country, "status": "suppressed", "shown": STATUS_WORDS["suppressed"]})
        else:
            table = published_by_country(offers, countries, codes, rules)
            rows += table[table["country"] == country].to_dict("records")
        rows[-1]["product"] = product
    columns = ["product", "respondents", "low", "point", "high_stated", "status", "shown"]
    table = pd.DataFrame(rows, columns=columns)
    known = products.assign(name_and_unit=products["label"] + " (" + products["base_unit"] + ")")
    return table.merge(known[["product", "stage_label", "name_and_unit"]], on="product")


def published_coverage(
    entries: pd.DataFrame, products: pd.DataFrame, codes: Sequence[str], rules: Rules
) -> pd.DataFrame:
    """Return who covers which stage, by country; numbers of respondents that may not be shown held back.

    Returns
    -------
    DataFrame
        As `coverage.coverage_matrix`; cells held back have the status ``few``.
    """
    labels = dict(zip(products["stage"], products["stage_label"], strict=True))
    inside = entries[entries["country"].isin(set(codes))]
    hidden = None
    if len(inside):
        once = inside.drop_duplicates(["respondent_id", "stage"])
        table = protect_table(
            once, "stage", "country", value=None, rules=rules, row_total=False, column_total=False
        )
        hidden = table.loc[table["status"] == "suppressed", ["stage", "country"]]
    return coverage_matrix(inside, products, codes, min_count=rules.min_count, hidden=hidden, labels=labels)


def frail_products(entries: pd.DataFrame, products: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the products that hang on a single respondent or country, or on a large one; no numbers.

    Returns
    -------
    DataFrame
        ``stage_label``, ``name``, ``finding`` and ``label`` (its words), in the order of stages.
    """
    weak = single_points_of_failure(entries, products, codes, by="product")
    known = products.rename(columns={"label": "name"})[["product", "name", "stage_label"]]
    frail = weak[weak["finding"] != "spread"].merge(known, on="product")
    return frail[["stage_label", "name", "finding", "label"]].reset_index(drop=True)


def selected_or_all(entries: pd.DataFrame, focus: str | None) -> pd.DataFrame:
    """Return the entries of one country, or all."""
    return select_entries(entries, countries=[focus]) if focus else entries


def accounting(received: pd.DataFrame, respondents: pd.DataFrame, capacities: pd.DataFrame) -> pd.DataFrame:
    """Account for every answer received and every amount stated: nothing is dropped in silence.

    Returns
    -------
    DataFrame
        ``step``, ``rows``: answers received = rejected + duplicates + withdrawn + counted; then amounts
        stated by the counted = usable + not usable, by reason (an amount may have several).

    Examples
    --------
    >>> received = pd.DataFrame({"outcome": ["accepted", "rejected"]})
    >>> people = pd.DataFrame({"respondent_id": ["r1"], "status": ["counted"]})
    >>> amounts = pd.DataFrame({"respondent_id": ["r1"], "usable": [True], "flags": [""]})
    >>> accounting(received, people, amounts)["rows"].to_list()
    [2, 1, 0, 0, 1, 1, 1, 0]
    """
    status = respondents["status"].value_counts()
    counted = respondents.loc[respondents["status"] == "counted", "respondent_id"]
    own = capacities[capacities["respondent_id"].isin(counted)]
    usable = own["usable"].astype(bool)
    rows = [
        ("Answers received", len(received)),
        ("rejected when read in, with the reason", int((received["outcome"] == "rejected").sum())),
        ("duplicates, merged by recorded decision", int(status.get("duplicate", 0))),
        ("withdrawn by the respondent", int(status.get("withdrawn", 0))),
        ("Answers counted", int(status.get("counted", 0))),
        ("Products named by them", len(own)),
        ("with an amount that is used", int(usable.sum())),
        ("without an amount that can be used", int((~usable).sum())),
    ]
    return pd.DataFrame(rows, columns=["step", "rows"])


def flag_counts(capacities: pd.DataFrame) -> pd.DataFrame:
    """Count the flags that cleaning set, most first.

    Returns
    -------
    DataFrame
        ``flag`` (in words), ``rows``, ``used``: rows with the flag whose amount is used all the same.

    Examples
    --------
    >>> rows = pd.DataFrame({"flags": ["zero", "", "zero;unit_assumed"], "usable": [True, True, True]})
    >>> flag_counts(rows).values.tolist()
    [['zero', 2, 2], ['unit assumed', 1, 1]]
    """
    flags = capacities["flags"].fillna("").str.split(";")
    single = capacities.assign(flag=flags).explode("flag")
    single = single[single["flag"] != ""]
    table = single.groupby("flag").agg(rows=("flag", "size"), used=("usable", "sum")).reset_index()
    table["flag"] = table["flag"].str.replace("_", " ")
    return table.astype({"used": "int64"}).sort_values(
        ["rows", "flag"], ascending=[False, True], ignore_index=True
    )
