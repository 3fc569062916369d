"""Which country covers which stage of the chain, where there are gaps, and what hangs on one."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.analysis.capacity.entries import usable_readings
from helpers.analysis.checks import require_columns
from helpers.data.errors import InputError

STATUSES = ("gap", "few", "covered", "only")
FINDINGS = {
    "nobody": "No respondent",
    "one respondent": "Hangs on one respondent",
    "one country": "Hangs on one country",
    "large respondent": "One respondent holds most of the capacity",
    "large country": "One country holds most of the capacity",
    "spread": "Spread over several",
}
LARGE = "large respondent or country"


def coverage_matrix(
    entries: pd.DataFrame,
    products: pd.DataFrame,
    scope_codes: Sequence[str],
    *,
    min_count: int = 1,
    hidden: pd.DataFrame | None = None,
    labels: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Count the respondents of each stage and country, gaps included.

    Parameters
    ----------
    entries
        See `entries.counted_entries`.
    products
        The processed table of products: ``product``, ``stage``, ``stage_order``.
    scope_codes
        The countries wanted.
    min_count
        Fewer respondents than this are not told: status ``few``.
    hidden
        Optional: ``stage``, ``country`` of cells that disclosure control holds back; they are ``few`` too.
    labels
        Names of the stages; a stage without one is named by its code.

    Returns
    -------
    DataFrame
        One row a stage and country, by stage, then code: ``stage``, ``stage_label``, ``stage_order``,
        ``country``, ``respondents`` (who named a product of the stage and did not say that they have none;
        missing if ``few``), ``status``, ``shown`` (text of the cell). Status is ``gap`` (no respondent),
        ``few``, ``only`` (the only country of the scope with a respondent) or ``covered``.

    Raises
    ------
    InputError
        If an entry names a stage that no product has, or ``min_count`` is below one.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1"], "country": ["AT"], "product": "vials", "stage": "vials", "amount": [3],
    ...     "amount_low": [3], "amount_high": [3], "unit": "units/month", "usable": True})
    >>> products = pd.DataFrame({"product": ["vials"], "stage": ["vials"], "stage_order": [5]})
    >>> coverage_matrix(entries, products, ["AT", "BE"])[["country", "status", "shown"]].values.tolist()
    [['AT', 'only', '1'], ['BE', 'gap', '']]
    """
    if min_count < 1:
        raise InputError(f"coverage: min_count is {min_count}; whole numbers from one upwards are allowed")
    stages = _levels(entries, products, "stage")
    codes = pd.DataFrame({"country": pd.Series(sorted(set(scope_codes)), dtype="str")})
    people = _able(entries)
    people = people[people["country"].isin(set(codes["country"]))]
    counted = people.groupby(["stage", "country"])["respondent_id"].nunique().rename("respondents")
    grid = stages.merge(codes, how="cross").merge(counted.reset_index(), "left", on=["stage", "country"])
    grid["respondents"] = grid["respondents"].fillna(0).astype("Int64")
    grid["status"] = _statuses(grid, min_count, hidden)
    few = grid["status"] == "few"
    shown = grid["respondents"].astype("str").mask(grid["status"] == "gap", "")
    grid["shown"] = shown.mask(few, f"<{min_count}" if min_count > 1 and hidden is None else "·")
    grid["respondents"] = grid["respondents"].mask(few)
    grid["stage_label"] = [(labels or {}).get(stage, stage) for stage in grid["stage"]]
    columns = ["stage", "stage_label", "stage_order", "country", "respondents", "status", "shown"]
    return grid[columns]


def single_points_of_failure(
    entries: pd.DataFrame,
    products: pd.DataFrame,
    scope_codes: Sequence[str],
    *,
    by: str = "stage",
    threshold: float = 0.5,
) -> pd.DataFrame:
    """Find the stages or products that hang on one respondent or one country.

    Parameters
    ----------
    entries, products, scope_codes
        See `coverage_matrix`.
    by
        ``"stage"`` or ``"product"``.
    threshold
        Share of capacity from which one respondent or country counts as holding most, above 0 up to 1.

    Returns
    -------
    DataFrame
        In the order of stages: ``by`` (and ``stage``), ``stage_order``, ``respondents`` and ``countries``
        (that did not say they have none), ``missing_countries`` (of the scope, without a respondent),
        ``largest_country`` and its share of respondents, ``country_share`` and ``respondent_share`` (share of
        the capacity of the largest country and respondent; missing where there are several units or no
        capacity), ``finding`` (a key of `FINDINGS`: ``nobody``, ``one respondent``, ``one country``,
        ``large respondent``, ``large country``, ``spread``) and ``label``.

    Raises
    ------
    InputError
        If ``by`` or ``threshold`` is not allowed.

    Examples
    --------
    >>> entries = pd.DataFrame({
    ...     "respondent_id": ["r1"], "country": ["AT"], "product": "vials", "stage": "vials", "amount": [3],
    ...     "amount_low": [3], "amount_high": [3], "unit": "units/month", "usable": True})
    >>> products = pd.DataFrame({"product": ["vials", "needles"], "stage": ["vials", "syringes"],
    ...                          "stage_order": [5, 6]})
    >>> single_points_of_failure(entries, products, ["AT", "BE"])[["stage", "finding"]].values.tolist()
    [['vials', 'one respondent'], ['syringes', 'nobody']]
    """
    if by not in ("stage", "product"):
        raise InputError(f"single points of failure: by is {by!r}; allowed: stage, product")
    if not 0 < threshold <= 1:
        raise InputError(f"single points of failure: threshold is {threshold}; above 0 up to 1 is allowed")
    levels = _levels(entries, products, by)
    scope = set(scope_codes)
    people = _able(entries)
    people = people[people["country"].isin(scope)]
    rows = [
        {**level, **_hangs_on(people[people[by] == level[by]], len(scope), threshold)}
        for level in levels.to_dict("records")
    ]
    table = pd.DataFrame(rows, columns=[*levels.columns, *_FAILURE_COLUMNS]).astype(_FAILURE_COLUMNS)
    return table.assign(label=table["finding"].map(FINDINGS).astype("str"))


def published_finding(weak: pd.DataFrame) -> pd.DataFrame:
    """Say "a large respondent or country" of both, so that a report does not tell which it is.

    That a country holds most and none of its respondents does, or that one does, bounds the share of one
    respondent, which the rules may hold back.

    Parameters
    ----------
    weak
        From `single_points_of_failure`; its shares are not for publication either.

    Returns
    -------
    DataFrame
        As given, with ``finding`` `LARGE` for ``large respondent`` and ``large country``, and its ``label``.

    Examples
    --------
    >>> weak = pd.DataFrame({"finding": ["large country", "spread"], "label": ["", "Spread over several"]})
    >>> published_finding(weak)["label"].to_list()
    ['One respondent or country holds most of the capacity', 'Spread over several']
    """
    large = weak["finding"].isin(["large respondent", "large country"])
    words = "One respondent or country holds most of the capacity"
    return weak.assign(finding=weak["finding"].mask(large, LARGE), label=weak["label"].mask(large, words))


_FAILURE_COLUMNS = {
    "respondents": "Int64",
    "countries": "Int64",
    "missing_countries": "Int64",
    "largest_country": "str",
    "largest_country_respondents": "Float64",
    "country_share": "Float64",
    "respondent_share": "Float64",
    "finding": "str",
}


def _able(entries: pd.DataFrame) -> pd.DataFrame:
    """Return entries that do not say zero, with the value read where there is one."""
    entries = entries.reset_index(drop=True)
    rows = usable_readings(entries)
    read = entries.join(rows[["point", "high"]], how="left")
    return read[~(read["high"] == 0)]


def _levels(entries: pd.DataFrame, products: pd.DataFrame, by: str) -> pd.DataFrame:
    require_columns(products, "products", ["product", "stage", "stage_order"])
    require_columns(entries, "capacities", [by])
    columns = [by, "stage_order"] if by == "stage" else [by, "stage", "stage_order"]
    ordered = products.sort_values("stage_order", kind="stable")
    strange = sorted(set(entries[by].dropna()) - set(products[by]))
    if strange:
        raise InputError(f"capacities: {by} is {strange[0]}; the table of products has no such {by}")
    return ordered[columns].drop_duplicates(by).reset_index(drop=True)


def _statuses(grid: pd.DataFrame, min_count: int, hidden: pd.DataFrame | None) -> pd.Series:
    covered = grid["respondents"] > 0
    countries = covered.groupby(grid["stage"]).transform("sum")
    words = np.where(countries == 1, "only", "covered")
    status: pd.Series = pd.Series(words, index=grid.index, dtype="str")
    status = status.mask(grid["respondents"] < min_count, "few").mask(~covered, "gap")
    if hidden is None:
        return status
    require_columns(hidden, "hidden cells", ["stage", "country"])
    keys = set(zip(hidden["stage"], hidden["country"], strict=True))
    held = [key in keys for key in zip(grid["stage"], grid["country"], strict=True)]
    return status.mask(pd.Series(held, index=grid.index) & covered, "few")


def _hangs_on(people: pd.DataFrame, scope: int, threshold: float) -> dict[str, object]:
    respondents = people["respondent_id"].nunique()
    by_country: pd.Series = people.groupby("country")["respondent_id"].nunique()
    country_share, respondent_share, holder = _capacity_shares(people)
    if respondents and holder is None:
        # Ties by code, so that the order of rows has no say.
        holder = str(by_country.sort_index().idxmax())
    finding = "spread"
    if not respondents:
        finding = "nobody"
    elif respondents == 1:
        finding = "one respondent"
    elif len(by_country) == 1:
        finding = "one country"
    elif respondent_share is not None and respondent_share >= threshold:
        finding = "large respondent"
    elif country_share is not None and country_share >= threshold:
        finding = "large country"
    return {
        "respondents": respondents,
        "countries": len(by_country),
        "missing_countries": scope - len(by_country),
        "largest_country": holder,
        "largest_country_respondents": by_country[holder] / respondents if holder else None,
        "country_share": country_share,
        "respondent_share": respondent_share,
        "finding": finding,
    }


def _capacity_shares(people: pd.DataFrame) -> tuple[float | None, float | None, str | None]:
    """Return the shares of capacity of the largest country and respondent, and that country."""
    known = people.dropna(subset=["point"])
    total = float(known["point"].sum())
    if not total or known["unit"].nunique() != 1:
        return None, None, None
    by_country = known.groupby("country")["point"].sum().sort_index()
    by_respondent = known.groupby("respondent_id")["point"].sum()
    return float(by_country.max()) / total, float(by_respondent.max()) / total, str(by_country.idxmax())
