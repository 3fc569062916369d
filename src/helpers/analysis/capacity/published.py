"""Tables for a report: what may be shown of each product and country, after disclosure control."""

from collections.abc import Collection, Sequence

import pandas as pd

from helpers.analysis.capacity.coverage import (
    coverage_matrix,
    published_finding,
    single_points_of_failure,
)
from helpers.analysis.capacity.entries import usable_readings
from helpers.analysis.capacity.safe import significant
from helpers.analysis.capacity.totals import totals
from helpers.analysis.checks import require_columns
from helpers.analysis.disclosure import TOTAL, Rules, cell_risks, protect_table
from helpers.data.errors import InputError

MOST_NAMED = "most_named"
STATUS_WORDS = {
    "published": "shown",
    "suppressed": "held back",
    "zero": "none stated",
    "not asked": "not asked",
}


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


def protected_cells(
    entries: pd.DataFrame,
    products: pd.DataFrame,
    codes: Sequence[str],
    rules: Rules,
    beside: pd.DataFrame,
    public: Collection[str] = (),
) -> pd.DataFrame:
    """Return every product in every country and its total, held back where someone could be told apart.

    One protected table for all that a report shows of amounts: its totals, its countries and a country's own
    products come from the same cells, so none gives away what another holds back.

    Parameters
    ----------
    entries, products
        Of one wave; entries of other countries are left out.
    codes
        Countries of the report.
    rules
        Disclosure rules.
    beside
        From `shown_totals.shown_totals` for the same countries: what may be shown to those who also have the
        map of entries. A cell is held back if either says so; holding back more makes no safe cell unsafe.
    public
        Respondents shown whole on that map, see `shown.shown_whole`: their ranges can be taken off.

    Returns
    -------
    DataFrame
        ``product``, ``country`` (or `TOTAL`), ``respondents`` (with an amount), ``low``, ``point``,
        ``high_stated`` (to three significant digits), ``high`` (missing, too, where an answer has no upper
        end), ``status`` and ``shown`` (its words). Numbers are missing where held back; ``low`` and the
        ``high``s of countries always, and of totals where the differences would tell a single range.
    """
    inside = entries[entries["country"].isin(set(codes))]
    index = pd.MultiIndex.from_product([products["product"], [TOTAL, *codes]], names=_KEYS)
    readings = usable_readings(inside)
    if readings.empty:
        table = pd.DataFrame(index=index, columns=list(_PUBLISHED.values())).assign(status="zero")
    else:
        table = protect_table(
            readings,
            *_KEYS,
            value=["point", "low", "high_stated"],
            rules=rules,
            row_codes=products["product"].to_list(),
            column_codes=list(codes),
            row_total=False,
        ).set_index(_KEYS)
        table = table.rename(columns=_PUBLISHED).reindex(index)
    known = beside.set_index(_KEYS)["status"].reindex(index)
    table["status"] = table["status"].fillna("zero").mask(known == "suppressed", "suppressed")
    return _finished(table, inside, _with_safe_widths(readings, rules, public))


_KEYS = ["product", "country"]
_PUBLISHED = {
    "value_published": "point",
    "low_published": "low",
    "high_stated_published": "high_stated",
    "count_published": "respondents",
}
_COLUMNS = ["respondents", "low", "point", "high", "high_stated", "status", "shown"]


def _with_safe_widths(readings: pd.DataFrame, rules: Rules, public: Collection[str]) -> set[str]:
    """Return the products whose total may be shown with what it is at least and at most.

    The sums of low, point and high may each be safe and their differences not: where one wide range makes up
    most of a difference, its ends can be worked out. So they can where it makes up most of what is left
    without the ranges that are public.
    """
    hidden = readings[~readings["respondent_id"].isin(set(public))]
    products = {str(product) for product in readings["product"]}
    return products - _with_unsafe_widths(readings, rules) - _with_unsafe_widths(hidden, rules)


def _with_unsafe_widths(readings: pd.DataFrame, rules: Rules) -> set[str]:
    unsafe = set()
    for product, rows in readings.groupby("product"):
        low, point, high = (rows[column].astype("float64") for column in ("low", "point", "high_stated"))
        widths = [point - low, high - point, high - low]
        if not all(_is_safe_width(rows["respondent_id"], width, rules) for width in widths):
            unsafe.add(str(product))
    return unsafe


def _is_safe_width(respondents: "pd.Series[str]", width: "pd.Series[float]", rules: Rules) -> bool:
    wide = width > 0
    if not wide.any():
        return True
    cell = pd.DataFrame({"cell": 0, "holding": respondents[wide], "value": width[wide]})
    return bool((cell_risks(cell, rules)["reason"] == "").all())


def _finished(table: pd.DataFrame, entries: pd.DataFrame, with_widths: set[str]) -> pd.DataFrame:
    """Blank what is held back, round, and mark sums without an upper end.

    Ranges are shown of totals only: those of countries, taken from them, would give away the one withheld.
    """
    both = pd.concat([entries, entries.assign(country=TOTAL)])
    open_ended = totals(both, _KEYS).set_index(_KEYS)["open_ended"].reindex(table.index).fillna(0)
    hidden, nothing = table["status"] == "suppressed", table["status"] == "zero"
    for column in ("low", "point", "high_stated"):
        table[column] = significant(table[column]).mask(hidden | nothing)
    keys = table.index.to_frame(index=False)
    ranged = (keys["country"] == TOTAL) & keys["product"].isin(with_widths)
    for column in ("low", "high_stated"):
        table[column] = table[column].where(ranged.to_numpy())
    respondents = table["respondents"].astype("Int64")
    table["respondents"] = respondents.mask(nothing, 0).mask(hidden)
    table["high"] = table["high_stated"].mask(open_ended > 0)
    table["shown"] = table["status"].map(STATUS_WORDS)
    return table[_COLUMNS].reset_index()


def published_by_product(cells: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return the totals of each product, in the order of stages.

    Parameters
    ----------
    cells
        From `protected_cells`.
    products
        Processed table of products.

    Returns
    -------
    DataFrame
        ``product``, ``name``, ``name_and_unit``, ``stage_label``, ``stage_order``, ``unit`` and the columns
        of `protected_cells`.
    """
    own = cells[cells["country"] == TOTAL].drop(columns="country")
    return (
        _named(products).merge(own, on="product").sort_values("stage_order", kind="stable", ignore_index=True)
    )


def published_in_country(cells: pd.DataFrame, products: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return what one country states of each product; products without an amount there are left out.

    Returns
    -------
    DataFrame
        As `published_by_product`.
    """
    own = cells[(cells["country"] == country) & (cells["status"] != "zero")].drop(columns="country")
    return (
        _named(products).merge(own, on="product").sort_values("stage_order", kind="stable", ignore_index=True)
    )


def _named(products: pd.DataFrame) -> pd.DataFrame:
    named = products.rename(columns={"label": "name", "base_unit": "unit"})
    named = named.assign(name_and_unit=named["name"] + " (" + named["unit"] + ")")
    return named[["product", "name", "name_and_unit", "stage_label", "stage_order", "unit"]]


def published_by_country(cells: pd.DataFrame, countries: pd.DataFrame, product: str) -> pd.DataFrame:
    """Return the capacity of one product by country: most first, then held back, then none stated.

    Parameters
    ----------
    cells
        From `protected_cells`.
    countries
        ``country``, ``name``.
    product
        Code.

    Returns
    -------
    DataFrame
        One row a country: ``country``, ``name`` and the columns of `protected_cells`.
    """
    own = cells[(cells["product"] == product) & (cells["country"] != TOTAL)].drop(columns="product")
    table = own.merge(countries[["country", "name"]], on="country", how="left")
    order = {word: place for place, word in enumerate(STATUS_WORDS)}
    table = table.assign(_order=table["status"].map(order))
    table = table.sort_values(
        ["_order", "point", "country"], ascending=[True, False, True], ignore_index=True
    )
    return table[["country", "name", *_COLUMNS]]


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
        # Totals of the stages are shown beside; totals of countries are not.
        table = protect_table(once, "stage", "country", value=None, rules=rules, row_total=False)
        cells = table[~table["is_total"]]
        hidden = cells.loc[cells["status"] == "suppressed", ["stage", "country"]]
    return coverage_matrix(inside, products, codes, min_count=rules.min_count, hidden=hidden, labels=labels)


def frail_stages(
    entries: pd.DataFrame, products: pd.DataFrame, codes: Sequence[str], rules: Rules
) -> pd.DataFrame:
    """Return what each stage rests on, without the shares that would tell a respondent or a country.

    Returns
    -------
    DataFrame
        ``stage``, ``stage_label``, ``respondents`` (missing where there are some but too few to show),
        ``countries``, ``missing_countries``, ``finding`` and ``label`` (its words), in the order of stages.
    """
    weak = published_finding(single_points_of_failure(entries, products, codes))
    labels = products.drop_duplicates("stage").set_index("stage")["stage_label"]
    few = weak["respondents"].between(1, rules.min_count - 1)
    table = weak.assign(
        stage_label=weak["stage"].map(labels), respondents=weak["respondents"].astype("Int64").mask(few)
    )
    columns = ["stage", "stage_label", "respondents", "countries", "missing_countries", "finding", "label"]
    return table[columns]


def frail_products(entries: pd.DataFrame, products: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Return the products that hang on a single respondent or country, or on a large one; no numbers.

    Returns
    -------
    DataFrame
        ``stage_label``, ``name``, ``finding`` and ``label`` (its words), in the order of stages.
    """
    weak = published_finding(single_points_of_failure(entries, products, codes, by="product"))
    known = products.rename(columns={"label": "name"})[["product", "name", "stage_label"]]
    frail = weak[~weak["finding"].isin(["spread", "nobody"])].merge(known, on="product")
    return frail[["stage_label", "name", "finding", "label"]].reset_index(drop=True)
