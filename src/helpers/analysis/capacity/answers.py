"""Who answered, for a report: by country and region, against those who were asked."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.analysis.capacity.bootstrap import bootstrap_by_country
from helpers.analysis.capacity.entries import COUNTED
from helpers.analysis.capacity.raking import Raking, rake
from helpers.analysis.capacity.response import margins_from_frame, response_rates
from helpers.analysis.capacity.safe import significant
from helpers.analysis.disclosure import Rules

FEWEST_TO_RAKE = 10


def response_by_country(
    people: pd.DataFrame,
    invited: pd.DataFrame | None,
    countries: pd.DataFrame,
    codes: Sequence[str],
    rules: Rules,
) -> pd.DataFrame:
    """Return respondents by country, with the share of those invited where that is known.

    Returns
    -------
    DataFrame
        ``country``, ``name``, ``answered`` (missing where there are some, but too few to say how many),
        ``invited``, ``rate`` and ``words`` for the end of a bar; most first.
    """
    names = countries[countries["country"].isin(list(codes))][["country", "name"]]
    counts = people.loc[people["status"] == COUNTED, "country"].value_counts()
    table = names.assign(answered=names["country"].map(counts).fillna(0).astype("Int64"))
    few = table["answered"].between(1, rules.min_count - 1)
    asked = (
        pd.Series(pd.NA, index=table.index, dtype="Int64")
        if invited is None
        else table["country"].map(invited.groupby("country")["invited"].sum()).astype("Int64")
    )
    answered = table["answered"].mask(few)
    rate = (answered / asked.where(asked > 0)).astype("Float64")
    table = table.assign(answered=answered, invited=asked, rate=rate, few=few)
    words = [_words(row, rules.min_count) for row in table.to_dict("records")]
    order = table.assign(words=words).sort_values(
        ["answered", "country"], ascending=[False, True], na_position="last", ignore_index=True
    )
    return order.drop(columns="few")


def _words(row: Mapping[Hashable, Any], min_count: int) -> str:
    number = f"fewer than {min_count}" if row["few"] else f"{row['answered']}"
    return number if pd.isna(row["invited"]) else f"{number} of {row['invited']}"


def overall_rate(people: pd.DataFrame, invited: pd.DataFrame | None, codes: Sequence[str]) -> float | None:
    """Return the share of those invited in the countries who answered and count; None if it is not known."""
    if invited is None:
        return None
    inside = invited[invited["country"].isin(list(codes))]
    rates = response_rates(people, inside, by=())
    return None if rates.empty or pd.isna(rates["rate"].iloc[0]) else float(rates["rate"].iloc[0])


def weights_summary(people: pd.DataFrame, invited: pd.DataFrame | None) -> dict[str, float | None]:
    """Return design effect and effective size after raking to the country and size of those invited.

    Respondents without a size class are left out; nothing is known if nobody recorded who was invited.
    """
    raking = rake_to_invited(people, invited)
    if raking is None:
        return {"design_effect": None, "effective_size": None}
    return {"design_effect": raking.design_effect, "effective_size": raking.effective_size}


def rake_to_invited(people: pd.DataFrame, invited: pd.DataFrame | None) -> Raking | None:
    """Rake the counted respondents with a known size to the invited; None if there is nothing to rake to.

    Parameters
    ----------
    people
        ``respondent_id``, ``country``, ``employees``, ``status``.
    invited
        ``country``, ``employees``, ``invited``; None if nobody recorded who was invited.
    """
    counted = people[people["status"] == COUNTED].dropna(subset=["country", "employees"])
    if invited is None or len(counted) < FEWEST_TO_RAKE:
        return None
    inside = invited[invited["country"].isin(set(counted["country"])) & invited["employees"].notna()]
    cells = counted.set_index("respondent_id")[["country", "employees"]]
    return rake(cells, margins_from_frame(inside))


def interval_table(
    offers: pd.DataFrame,
    people: pd.DataFrame,
    invited: pd.DataFrame | None,
    *,
    seed: int,
    draws: int,
    level: float,
) -> pd.DataFrame:
    """Return bootstrap intervals over countries, as answered and weighted to those invited.

    Returns
    -------
    DataFrame
        ``label`` (what, and on which basis), ``estimate``, ``low``, ``high``, ``countries``. Shares of the
        largest country are left out: they can tell a country that is held back. A weighted total is left
        out, too: it would speak for those who did not answer.
    """
    bases: list[tuple[str, pd.Series[float] | None]] = [("as answered", None)]
    raking = rake_to_invited(people, invited)
    if raking is not None and len(offers):
        bases.append(("weighted to those invited", raking.weights))
    parts = []
    for basis, weights in bases:
        known = offers if weights is None else offers[offers["respondent_id"].isin(weights.index)]
        part = bootstrap_by_country(known, seed=seed, draws=draws, level=level, weights=weights)
        kept = ["total", "mean", "respondents"] if weights is None else ["mean"]
        part = part[part["measure"].isin(kept)]
        parts.append(part.assign(label=part["label"] + ", " + basis))
    table = pd.concat(parts, ignore_index=True)
    # Two digits: with the seed known, sharper ends could be traced back to countries that are held back.
    table[["low", "high"]] = table[["low", "high"]].apply(significant, digits=2)
    table["estimate"] = significant(table["estimate"])
    return table[["label", "estimate", "low", "high", "countries"]]


def counted_or_few(people: pd.DataFrame, focus: str | None, rules: Rules) -> tuple[int, str | None]:
    """Return how many respondents count, and whether that is only an upper bound because they are few.

    Examples
    --------
    >>> rows = pd.DataFrame({"country": ["MT", "MT", "AT"], "status": "counted"})
    >>> counted_or_few(rows, "MT", Rules()), counted_or_few(rows, None, Rules())
    ((2, 'at_most'), (3, None))
    """
    inside = people[people["country"] == focus] if focus else people
    number = int((inside["status"] == COUNTED).sum())
    few = focus is not None and 0 < number < rules.min_count
    return (rules.min_count - 1, "at_most") if few else (number, None)


def placed_by_region(
    people: pd.DataFrame, regions: pd.DataFrame, centres: pd.DataFrame, rules: Rules
) -> pd.DataFrame:
    """Return the counted respondents at the centres of their regions, for a map.

    Returns
    -------
    DataFrame
        One row a respondent on the map, without its key: ``country``, ``place`` (the region's name),
        ``latitude``, ``longitude``, ``nuts2``, ``region``, ``status`` ("placed"). Regions with fewer
        respondents than the rules ask for, and respondents without a region, are left out: with their
        country, they would tell how many a small country has.
    """
    counted = people.loc[people["status"] == COUNTED, ["country", "nuts2"]]
    number = counted.groupby("nuts2")["country"].transform("size")
    shown = counted["nuts2"].where(number >= rules.min_count)
    points = centres.set_index("nuts2")
    names = shown.map(regions.set_index("nuts2")["region"])
    table = pd.DataFrame(
        {
            "country": counted["country"],
            "place": names,
            "latitude": shown.map(points["latitude"]),
            "longitude": shown.map(points["longitude"]),
            "nuts2": shown,
            "region": names,
        }
    )
    placed = table[table["latitude"].notna()].assign(status="placed")
    return placed.sort_values(["country", "nuts2"], ignore_index=True)
