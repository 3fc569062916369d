"""How well a match serves, in the measures published for the matching of protective equipment in 2020."""

import numpy as np
import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.matching.plan import Plan

_DAYS_A_MONTH = 365.25 / 12


def matching_metrics(needs: pd.DataFrame, shipments: pd.DataFrame) -> pd.DataFrame:
    """Compute fill rates, distance, holding time and shipments of a match.

    Parameters
    ----------
    needs
        ``need`` (id of who needs), ``product``, ``amount``; rows of one id and product are added up, and what
        is zero is no need.
    shipments
        ``offer`` (id of who sends), ``need``, ``product``, ``date``, ``amount``, ``distance`` (any unit of
        length) and ``held`` (days that it lay idle before it was sent).

    Returns
    -------
    DataFrame
        ``metric``, ``product``, ``need`` (missing where it is over all), ``value``:

        - ``fill_rate``: of a need and product, received / needed, one at most; of a product, the mean over
          its needs; overall, the mean over products;
        - ``fill_rate_exc_zeros``: the same over those who received anything;
        - ``unit_distance`` and ``held_days``: means over units, by product and overall;
        - ``shipments``: senders' mean number of shipments; what goes from one to another on one date is one.

    Notes
    -----
    A mean over nothing is missing. Who received nothing of a product counts as zero in its fill rate, and not
    at all without zeros; a product of which nobody received anything does not count in the latter.

    References
    ----------
    The measures of github.com/samorani/MatchingPPE; the worked example of section 3 of its paper is in the
    tests.

    Examples
    --------
    >>> needs = pd.DataFrame({"need": ["n1", "n2"], "product": "masks", "amount": [10, 10]})
    >>> shipments = pd.DataFrame({"offer": ["r1"], "need": ["n1"], "product": "masks", "date": ["2021-03-01"],
    ...                           "amount": [5], "distance": [80.0], "held": [3]})
    >>> overall = matching_metrics(needs, shipments).query("product.isna() and need.isna()")
    >>> overall.set_index("metric")["value"].to_dict()
    {'fill_rate': 0.25, 'fill_rate_exc_zeros': 0.5, 'unit_distance': 80.0, 'held_days': 3.0, 'shipments': 1.0}
    """
    require_columns(needs, "needs", ["need", "product", "amount"])
    columns = ["offer", "need", "product", "date", "amount", "distance", "held"]
    require_columns(shipments, "shipments", columns)
    sent = shipments[shipments["amount"] > 0]
    rates = _fill_rates(needs, sent)
    tables = [rates.assign(metric="fill_rate")[["metric", "product", "need", "value"]]]
    for metric, counted in (("fill_rate", rates), ("fill_rate_exc_zeros", rates[rates["value"] > 0])):
        by_product = counted.groupby("product", sort=True)["value"].mean()
        tables.append(_by_product(metric, by_product, float(by_product.mean())))
    for metric, column in (("unit_distance", "distance"), ("held_days", "held")):
        tables.append(_by_product(metric, *_means_over_units(sent, column)))
    trips = len(sent.drop_duplicates(["offer", "need", "date"]))
    senders = sent["offer"].nunique()
    tables.append(_overall("shipments", trips / senders if senders else np.nan))
    table = pd.concat([table.astype(object) for table in tables], ignore_index=True)
    return table[["metric", "product", "need", "value"]].astype({"value": float})


def plan_metrics(plan: Plan) -> pd.DataFrame:
    """Compute the measures of `matching_metrics` for a plan.

    Parameters
    ----------
    plan
        See `transport.match`.

    Returns
    -------
    DataFrame
        As `matching_metrics`; ``unit_distance`` in kilometres, ``held_days`` from months in store, a month
        being 30.4 days. Each month of a need counts as a date of shipment.
    """
    flows = plan.flows.rename(columns={"month": "date", "km": "distance"})
    return matching_metrics(plan.unmet, flows.assign(held=flows["waited"] * _DAYS_A_MONTH))


def _fill_rates(needs: pd.DataFrame, sent: pd.DataFrame) -> pd.DataFrame:
    key = ["product", "need"]
    needed = needs[needs["amount"] > 0].groupby(key, sort=True)["amount"].sum()
    received = sent.groupby(key)["amount"].sum().reindex(needed.index, fill_value=0)
    return (received / needed).clip(upper=1).astype(float).rename("value").reset_index()


def _means_over_units(sent: pd.DataFrame, column: str) -> tuple[pd.Series, float]:
    units = sent["amount"].groupby(sent["product"], sort=True).sum()
    total = (sent["amount"] * sent[column]).groupby(sent["product"], sort=True).sum()
    return total / units, float(total.sum() / units.sum()) if len(units) else np.nan


def _by_product(metric: str, values: pd.Series, overall: float) -> pd.DataFrame:
    names = {"product": [*values.index, None], "value": [*values, overall]}
    return pd.DataFrame(names, dtype=object).assign(metric=metric, need=None)


def _overall(metric: str, value: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"metric": [metric], "product": [None], "need": [None], "value": [value]}, dtype=object
    )
