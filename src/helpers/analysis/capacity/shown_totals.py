"""Totals beside entries that are shown: protected as if whoever reads them knew all the entries."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.analysis.capacity.entries import COUNTED, counted_entries, usable_readings
from helpers.analysis.capacity.safe import significant
from helpers.analysis.capacity.shown import ANONYMOUS, WHOLE, magnitude_bounds
from helpers.analysis.checks import Floats, require_columns
from helpers.analysis.disclosure import STATUSES, TOTAL, Rules, cell_risks, protect_table

_KEYS = ["product", "country"]


def shown_totals(
    capacities: pd.DataFrame,
    respondents: pd.DataFrame,
    products: pd.DataFrame,
    codes: Sequence[str],
    *,
    rules: Rules | None = None,
    not_asked: Sequence[str] = (),
) -> pd.DataFrame:
    """Add up capacity by product and country so that the entries shown beside it give nobody else away.

    Parameters
    ----------
    capacities, respondents, products
        Tables of one vintage of a questionnaire.
    codes
        Countries with a row; those of counted respondents are added.
    rules
        Thresholds of disclosure control; the defaults of `Rules` if not given.
    not_asked
        Countries where nobody was asked.

    Returns
    -------
    DataFrame
        One row a product and country, ``total`` first: ``product``, ``name``, ``country``, ``unit``,
        ``value`` (sum of the values read, in the unit, to three significant digits as in the reports:
        otherwise the map would tell what they round off), ``respondents``, ``status`` (published, suppressed,
        zero, not asked), ``reason`` (in words). ``value`` and ``respondents`` are missing where suppressed or
        not asked.

    Notes
    -----
    Whoever reads the totals also reads the entries. So

    - the answers that may only be part of totals must pass every rule among themselves: whole and anonymous
      entries are taken off first, the latter as if their exact amounts were known (`protect_table`, with its
      audit);
    - no anonymous amount may be told more closely than its order of magnitude does, to within the per cent of
      the p% rule: neither from a published cell, whose whole entries are known, nor from what is left of a
      total when the published cells are taken off. Another contributor to the cell is assumed to look.

    Countries are all that a product's table has, so what is left of its total is the sum of all its
    suppressed cells, and nothing more can be known of any of them. Further suppression keeps what was safe
    safe.

    References
    ----------
    Hundepool, A., et al. (2012), Statistical Disclosure Control, Wiley, section 4.2.2: the prior-posterior
    rule, of which the p% rule is the case without prior knowledge.

    Examples
    --------
    >>> people = pd.DataFrame({"respondent_id": ["r1", "r2", "r3"], "status": "counted",
    ...     "consent": ["whole", "whole", "totals"], "country": "AT"})
    >>> stated = pd.DataFrame({"respondent_id": ["r1", "r2", "r3"], "country": "AT", "product": "vials",
    ...     "stage": "vials", "amount": [10, 20, 70], "amount_low": [10, 20, 70], "amount_high": [10, 20, 70],
    ...     "unit": "units/month", "usable": True})
    >>> vials = pd.DataFrame({"product": ["vials"], "label": ["Vials"], "base_unit": ["units/month"]})
    >>> totals = shown_totals(stated, people, vials, ["AT", "BE"])
    >>> totals[["country", "value", "status"]].values.tolist()
    [['total', <NA>, 'suppressed'], ['AT', <NA>, 'suppressed'], ['BE', 0.0, 'zero']]
    """
    require_columns(respondents, "respondents", ["respondent_id", "country", "consent", "status"])
    rules = rules or Rules()
    counted = respondents[respondents["status"] == COUNTED]
    known = sorted({*codes, *counted["country"].dropna()})
    consent = counted.set_index("respondent_id")["consent"]
    readings = usable_readings(counted_entries(capacities, respondents))
    readings = readings.assign(consent=readings["respondent_id"].map(consent))
    hidden = {
        (str(product), country)
        for product in products["product"]
        for country in _suppressed(readings[readings["product"] == product], known, rules)
    }
    return _table(readings, products, [TOTAL, *known], hidden, set(not_asked) - set(readings["country"]))


def _table(
    readings: pd.DataFrame,
    products: pd.DataFrame,
    countries: list[str],
    hidden: set[tuple[str, str]],
    not_asked: set[str],
) -> pd.DataFrame:
    """Return the sums of every cell with its status; no number where there may be none."""
    both = pd.concat([readings, readings.assign(country=TOTAL)])
    sums = both.groupby(_KEYS).agg(value=("point", "sum"), respondents=("respondent_id", "nunique"))
    named = products[["product", "label", "base_unit"]].rename(columns={"label": "name", "base_unit": "unit"})
    cells = named.merge(pd.DataFrame({"country": countries}), how="cross")
    cells = cells.merge(sums.reset_index(), "left", on=_KEYS)
    is_hidden = np.array([key in hidden for key in zip(cells["product"], cells["country"], strict=True)])
    value = cells["value"].fillna(0.0)
    status = np.select(
        [cells["country"].isin(not_asked), is_hidden, value == 0],
        ["not asked", "suppressed", "zero"],
        "published",
    )
    blank = np.isin(status, ["not asked", "suppressed"])
    return pd.DataFrame(
        {
            **{name: cells[name] for name in ("product", "name", "country", "unit")},
            "value": significant(value).mask(blank),
            "respondents": cells["respondents"].fillna(0).astype("Int64").mask(blank),
            "status": pd.Series(status, dtype="str"),
            "reason": pd.Series([STATUSES[one] for one in status], dtype="str"),
        }
    )


def _suppressed(readings: pd.DataFrame, codes: list[str], rules: Rules) -> set[str]:
    """Return the countries, and ``total``, that may not be shown of one product."""
    unknown = readings[readings["consent"] != WHOLE]
    held_back: set[str] = set()
    only_totals = unknown[unknown["consent"] != ANONYMOUS]
    if len(only_totals):
        table = protect_table(only_totals, "country", rules=rules, row_codes=codes)
        held_back = set(table.loc[table["status"] == "suppressed", "country"])
    return _also_for_anonymous(unknown, held_back, rules)


def _also_for_anonymous(unknown: pd.DataFrame, held_back: set[str], rules: Rules) -> set[str]:
    """Hold back further cells until no anonymous amount can be told from what is published."""
    if not (unknown["consent"] == ANONYMOUS).any():
        return held_back
    cells = {str(country): rows for country, rows in unknown.groupby("country")}
    held_back = held_back | _telling({**cells, TOTAL: unknown}, rules)
    spare = sorted(set(cells) - held_back, key=lambda country: (cells[country]["point"].sum(), country))
    while TOTAL not in held_back:
        left = [cells[country] for country in sorted(held_back & set(cells))]
        if not left or not _narrow(pd.concat(left), rules):
            break
        # The smallest published country; without any, the total itself.
        held_back.add(spare.pop(0) if spare else TOTAL)
    return held_back


def _telling(cells: dict[str, pd.DataFrame], rules: Rules) -> set[str]:
    """Return the cells whose sum says too much about an anonymous amount in it."""
    concerned = {code: rows for code, rows in cells.items() if (rows["consent"] == ANONYMOUS).any()}
    stated = pd.concat([rows.assign(cell=code) for code, rows in concerned.items()])
    risks = cell_risks(stated.assign(holding=stated["respondent_id"], value=stated["point"]), rules)
    broken = {str(code) for code in risks.index[risks["reason"] != ""]}
    return broken | {code for code, rows in concerned.items() if code not in broken and _narrow(rows, rules)}


def _narrow(rows: pd.DataFrame, rules: Rules) -> bool:
    """Say whether one of several contributors to a known sum can tell an anonymous amount too closely.

    An anonymous amount is known to lie within its order of magnitude, any other to be zero or more. The sum,
    less what the others can be at most or must be at least, gives bounds; they must leave possible whatever
    the order of magnitude leaves possible to within the asked per cent.
    """
    values = rows["point"].to_numpy(dtype=np.float64)
    shown = (rows["consent"] == ANONYMOUS).to_numpy(dtype=np.bool_)
    least, most = magnitude_bounds(values)
    least, most = np.where(shown, least, 0.0), np.where(shown, most, np.inf)
    share = max(rules.p, rules.protection) / 100 * (1 - 1e-9)
    up = np.minimum(most - values, share * values)
    down = np.minimum(values - least, share * values)
    owners = np.unique(rows["respondent_id"].to_numpy(dtype=object), return_inverse=True)[1]
    close = (_left_open(values - least, owners) < up) | (_left_open(most - values, owners) < down)
    return bool((close & shown).any())


def _left_open(room: Floats, owners: npt.NDArray[np.int64]) -> Floats:
    """Return by how much the others may differ together, for the one of them who knows most.

    Parameters
    ----------
    room
        By how much each amount may differ from the true one; infinite if nothing limits it.
    owners
        Whose amount it is, from 0.

    Examples
    --------
    >>> _left_open(np.array([1.0, 2.0, 4.0, np.inf]), np.array([0, 1, 2, 3])).tolist()
    [6.0, 5.0, 3.0, 3.0]
    """
    by_owner = np.bincount(owners, weights=room)
    order = np.argsort(-by_owner, kind="stable")
    second = by_owner[order[1]] if len(order) > 1 else 0.0
    further = by_owner[order[2:]].sum()
    with np.errstate(invalid="ignore"):
        left = second + further - by_owner
    left[order[:2]] = further
    # Infinite less infinite: a second one without limits is still left.
    return np.asarray(np.nan_to_num(left, nan=np.inf, posinf=np.inf)[owners], dtype=np.float64)
