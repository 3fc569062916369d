"""What each respondent agreed to show: whole entries, entries without a name, and nothing of the rest."""

import math
from collections.abc import Hashable, Mapping

import numpy as np
import pandas as pd

from helpers.analysis.capacity.entries import COUNTED, usable_readings
from helpers.analysis.checks import Floats, require_columns

WHOLE, ANONYMOUS = "whole", "anonymous"
ENTRY_COLUMNS = [
    "entry",
    "name",
    "country",
    "nuts2",
    "region",
    "place",
    "latitude",
    "longitude",
    "precision",
    "offers",
]
AMOUNT_COLUMNS = ["entry", "product", "label", "amount_low", "amount_high", "magnitude", "unit", "offer"]
_RESPONDENT_COLUMNS = [
    "respondent_id",
    "country",
    "nuts2",
    "place",
    "latitude",
    "longitude",
    "consent",
    "name_shown",
    "status",
]


def shown_tables(
    respondents: pd.DataFrame,
    capacities: pd.DataFrame,
    products: pd.DataFrame,
    regions: pd.DataFrame,
    centres: pd.DataFrame,
    *,
    min_count: int = 3,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the respondents who agreed to be shown, and their products, holding no more than was agreed to.

    A whole entry has its name, town and amounts. An anonymous one has no name and no town: it stands at the
    centre of its region, and amounts are given by order of magnitude; in a region of few respondents it
    could be told who it is, so there it stands for its country only. Whoever chose totals only, did not
    answer the question, withdrew, or is a duplicate, has no row.

    Parameters
    ----------
    respondents, capacities, products
        Tables of one vintage of a questionnaire.
    regions
        Table ``nuts2_regions``.
    centres
        Table ``region_centres``.
    min_count
        Fewest respondents that count in a region for which an anonymous entry may stand.

    Returns
    -------
    tuple of DataFrame
        One row an entry: ``entry`` (number in this table, not the respondent's key), ``name``, ``country``,
        ``nuts2``, ``region``, ``place``, ``latitude``, ``longitude`` (degrees), ``precision`` (town, region
        or country), ``offers`` (list of texts, one a product) and ``kind`` (whole or anonymous). What may not
        be shown is missing. Then one row an entry and product: ``entry``, ``product``, ``label``,
        ``amount_low`` and ``amount_high`` (whole entries only; no upper end is missing), ``magnitude``
        (anonymous entries only, in words), ``unit`` (missing where no amount can be read), ``offer`` (all of
        it in words).
    """
    require_columns(respondents, "respondents", _RESPONDENT_COLUMNS)
    agreed = respondents[
        (respondents["status"] == COUNTED) & respondents["consent"].isin([WHOLE, ANONYMOUS])
    ].reset_index(drop=True)
    amounts = _amounts(agreed, capacities, products)
    offers = amounts.groupby("respondent_id")["offer"].agg(list)
    shown = _placed(_without_few(agreed, respondents, min_count), regions, centres)
    shown["offers"] = [offers.get(key, []) for key in agreed["respondent_id"]]
    order = _by_what_is_shown(shown)
    numbers = pd.Series(range(1, len(order) + 1), index=order)
    shown = shown.assign(entry=numbers).loc[order].reset_index(drop=True)
    number_of = dict(zip(agreed["respondent_id"], numbers.sort_index(), strict=True))
    amounts = amounts.assign(entry=amounts["respondent_id"].map(number_of).astype("int64"))
    amounts = amounts.sort_values("entry", kind="stable", ignore_index=True)
    return shown[[*ENTRY_COLUMNS, "kind"]], amounts[AMOUNT_COLUMNS]


def shown_whole(respondents: pd.DataFrame) -> list[str]:
    """Return the respondents that count and agreed to be shown whole: anybody may know their amounts.

    Examples
    --------
    >>> people = pd.DataFrame({"respondent_id": ["r1", "r2", "r3"], "consent": ["whole", "whole", "totals"],
    ...                        "status": ["counted", "withdrawn", "counted"]})
    >>> shown_whole(people)
    ['r1']
    """
    whole = (respondents["status"] == COUNTED) & (respondents["consent"] == WHOLE)
    return [str(key) for key in respondents.loc[whole, "respondent_id"]]


def _without_few(agreed: pd.DataFrame, respondents: pd.DataFrame, min_count: int) -> pd.DataFrame:
    """Take the region off anonymous entries whose region has too few respondents that count."""
    counts = respondents.loc[respondents["status"] == COUNTED, "nuts2"].value_counts()
    few = agreed["nuts2"].map(counts).fillna(0) < min_count
    return agreed.assign(nuts2=agreed["nuts2"].mask(few & (agreed["consent"] == ANONYMOUS)))


def _placed(agreed: pd.DataFrame, regions: pd.DataFrame, centres: pd.DataFrame) -> pd.DataFrame:
    """Put each entry where it may be shown: whole ones in their town, others at the centre of the region."""
    places = agreed.merge(
        centres[["nuts2", "latitude", "longitude"]], on="nuts2", how="left", suffixes=("", "_centre")
    )
    named = places["consent"] == WHOLE
    has_town = named & places["latitude"].notna()
    latitude = places["latitude"].where(has_town, places["latitude_centre"])
    precision = np.where(has_town, "town", np.where(latitude.notna(), "region", "country"))
    return pd.DataFrame(
        {
            "kind": places["consent"],
            "name": places["name_shown"].where(named),
            "country": places["country"],
            "nuts2": places["nuts2"],
            "region": places["nuts2"].map(regions.set_index("nuts2")["region"]),
            "place": places["place"].where(has_town),
            "latitude": latitude,
            "longitude": places["longitude"].where(has_town, places["longitude_centre"]),
            "precision": precision,
        }
    )


def _by_what_is_shown(shown: pd.DataFrame) -> pd.Index:
    """Sort by what is shown, so that the order tells nothing of when or by whom the answer came."""
    words = shown.assign(words=shown["offers"].map("; ".join))
    keys = ["country", "nuts2", "place", "name", "words", "kind"]
    return words.sort_values(keys, kind="stable").index


def _amounts(agreed: pd.DataFrame, capacities: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return one row a respondent and product, with numbers only where they may be shown."""
    own = capacities.merge(agreed[["respondent_id", "consent"]], on="respondent_id")
    order = {product: place for place, product in enumerate(products["product"])}
    own = own.assign(_place=own["product"].map(order)).sort_values(
        ["respondent_id", "_place"], kind="stable", ignore_index=True
    )
    usable, whole = own["usable"].fillna(False).astype(bool), own["consent"] == WHOLE
    points = usable_readings(own)["point"].reindex(own.index)
    words = [magnitude(value) if value == value else None for value in points.astype("float64")]
    return pd.DataFrame(
        {
            "respondent_id": own["respondent_id"],
            "product": own["product"],
            "label": own["product"].map(products.set_index("product")["label"]),
            "amount_low": own["amount_low"].where(usable & whole),
            "amount_high": own["amount_high"].where(usable & whole),
            "magnitude": pd.Series(words, dtype="object").where(usable & ~whole),
            "unit": own["unit"].where(usable),
            "offer": offers(own.assign(point=points, _exact=whole), products),
        }
    )


def offers(own: pd.DataFrame, products: pd.DataFrame) -> list[str]:
    """Say in words what is offered, one text a row.

    Parameters
    ----------
    own
        Rows of the table of capacities; ``point`` (the value read, see `entries.usable_readings`) and
        ``_exact``: whether the amount itself may be told.
    products
        ``product``, ``label``.

    Examples
    --------
    >>> products = pd.DataFrame({"product": ["vials"], "label": ["Vials"]})
    >>> own = pd.DataFrame({"product": "vials", "amount_low": [1.0e4, 7], "amount_high": [5.0e4, 7], "unit":
    ...     "units/month", "qualifier": ["range", "exact"], "usable": True, "point": [2.2e4, 7]})
    >>> offers(own.assign(_exact=True), products)
    ['Vials: 10,000 to 50,000 units/month', 'Vials: 7 units/month']
    >>> offers(own.assign(_exact=False), products)
    ['Vials: tens of thousands of units/month', 'Vials: fewer than 10 units/month']
    """
    labels = products.set_index("product")["label"]
    return [
        f"{labels[row['product']]}: {_amount(row)}" if row["usable"] else str(labels[row["product"]])
        for row in own.to_dict("records")
    ]


def _amount(row: Mapping[Hashable, object]) -> str:
    if not row["_exact"]:
        words = magnitude(_number(row["point"]))
        return f"{words} {row['unit']}" if words == _FEWEST else f"{words} of {row['unit']}"
    low, high = (_number(row[column]) for column in ("amount_low", "amount_high"))
    more = "" if high == 0 else _when_and_spare(row)
    return f"{_bounds(low, high, str(row['qualifier']))} {row['unit']}{more}"


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _bounds(low: float, high: float, qualifier: str) -> str:
    if math.isnan(high):
        return f"at least {_digits(low)}"
    if low == high:
        return f"about {_digits(low)}" if qualifier == "about" else _digits(low)
    if qualifier == "at_most" or low <= 0:
        return f"up to {_digits(high)}"
    return (
        f"about {_digits(math.sqrt(low * high))}"
        if qualifier == "about"
        else f"{_digits(low)} to {_digits(high)}"
    )


def _digits(value: float) -> str:
    """Write an amount; what rounding would make zero keeps its first digits."""
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.2g}"


def _when_and_spare(row: Mapping[Hashable, object]) -> str:
    """Say from when, and how much of it is free, where that was answered."""
    month, spare = row.get("available_from"), _number(row.get("spare_share"))
    when = f", from {month:%B %Y}" if isinstance(month, pd.Timestamp) else ""
    return when if math.isnan(spare) else f"{when}, {spare:.0%} of it free".replace("%", "\u00a0%")


_FEWEST = "fewer than 10"
_MAGNITUDES = [
    _FEWEST,
    "tens",
    "hundreds",
    "thousands",
    "tens of thousands",
    "hundreds of thousands",
    "millions",
    "tens of millions",
    "hundreds of millions",
    "thousands of millions",
]


def magnitude(value: float) -> str:
    """Name the order of magnitude of an amount.

    Examples
    --------
    >>> magnitude(7), magnitude(250), magnitude(2.3e7), magnitude(1e15)
    ('fewer than 10', 'hundreds', 'tens of millions', 'thousands of millions')
    """
    return _MAGNITUDES[int(_powers(np.array([value]))[0])]


def magnitude_bounds(values: Floats) -> tuple[Floats, Floats]:
    """Return what the order of magnitude tells of amounts: at least, and less than.

    Examples
    --------
    >>> low, high = magnitude_bounds(np.array([7.0, 250.0, 1e15]))
    >>> low.tolist(), high.tolist()
    ([0.0, 100.0, 1000000000.0], [10.0, 1000.0, inf])
    """
    powers = _powers(values)
    last = len(_MAGNITUDES) - 1
    low = np.where(powers == 0, 0.0, 10.0**powers)
    return low, np.where(powers == last, np.inf, 10.0 ** (powers + 1.0))


def _powers(values: Floats) -> Floats:
    """Return the place of each amount among the orders of magnitude."""
    steps = 10.0 ** np.arange(1, len(_MAGNITUDES))
    return np.searchsorted(steps, values, side="right").astype(np.float64)
