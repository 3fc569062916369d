"""Who was asked, who answered, and what unequal weights cost."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.analysis.capacity.entries import COUNTED
from helpers.analysis.checks import Numbers, require_columns, require_unique, sizes
from helpers.data.errors import InputError

_COLUMNS = {"invited": "Int64", "answered": "Int64", "rate": "Float64", "share_invited": "Float64"}


def response_rates(
    respondents: pd.DataFrame, frame: pd.DataFrame, by: Sequence[str] = ("country",)
) -> pd.DataFrame:
    """Compute how many of those invited answered, by group.

    Parameters
    ----------
    respondents
        The processed table of respondents; only those counted are.
    frame
        ``country``, ``employees`` (size class), ``invited``: one row a group that was asked.
    by
        ``"country"``, ``"employees"`` or both; none for one row in all.

    Returns
    -------
    DataFrame
        ``by``, ``invited``, ``answered``, ``rate`` (answered / invited), ``share_invited``,
        ``share_answered`` (shares of all: where they differ, answers are not like those asked) and ``note``:
        ``"not in the frame"`` (answers of a group that was not on the list; empty text is a group not
        stated), ``"more answers than invitations"`` (the call was passed on; no rate) or empty. By group.

    Raises
    ------
    InputError
        If a group stands twice in the frame or a number invited is not whole.

    References
    ----------
    American Association for Public Opinion Research (2023), Standard Definitions, 10th edition: response
    rate RR2 with no unknown eligibility.

    Examples
    --------
    >>> people = pd.DataFrame({"country": ["AT", "AT", "BE"], "employees": "small", "status": "counted"})
    >>> frame = pd.DataFrame({"country": ["AT", "CY"], "employees": "small", "invited": [8, 5]})
    >>> response_rates(people, frame)[["country", "answered", "rate", "note"]].values.tolist()
    [['AT', 2, 0.25, ''], ['BE', 1, <NA>, 'not in the frame'], ['CY', 0, 0.0, '']]
    """
    keys = list(by)
    strange = [key for key in keys if key not in ("country", "employees")]
    if strange:
        raise InputError(f"response rates: by is {strange[0]!r}; allowed: country, employees")
    require_columns(respondents, "respondents", ["status", *keys])
    require_columns(frame, "frame", ["country", "employees", "invited"])
    require_unique(frame, "frame", ["country", "employees"])
    asked = frame[keys].assign(invited=sizes(frame["invited"], "frame, column invited", whole=True))
    answers = respondents.loc[respondents["status"] == COUNTED, keys].assign(answered=1.0)
    table = _counted(asked, keys).merge(_counted(answers, keys), "outer", on=keys or "_all")
    table = table.assign(answered=table["answered"].fillna(0)).sort_values(keys or "_all", ignore_index=True)
    return _with_rates(table)[[*keys, *_COLUMNS, "share_answered", "note"]]


def margins_from_frame(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the known numbers by country and by size class, to rake to.

    Examples
    --------
    >>> frame = pd.DataFrame({"country": ["AT", "AT"], "employees": ["small", "large"], "invited": [8, 5]})
    >>> {name: margin.to_dict() for name, margin in margins_from_frame(frame).items()}
    {'country': {'AT': 13}, 'employees': {'large': 5, 'small': 8}}
    """
    require_columns(frame, "frame", ["country", "employees", "invited"])
    return {column: frame.groupby(column)["invited"].sum() for column in ("country", "employees")}


def design_effect(weights: Numbers) -> float:
    """Compute Kish's design effect of unequal weights: n sum(w^2) / (sum w)^2.

    Returns
    -------
    float
        1 if all are equal; by how much the variance of a mean grows by weighting alone. NaN of no weights.

    Raises
    ------
    InputError
        If a weight is negative or missing.

    References
    ----------
    Kish, L. (1992), Weighting for Unequal P_i, Journal of Official Statistics 8 (2), 183-200.

    Examples
    --------
    >>> design_effect([1, 1, 1, 1]), design_effect([1, 1, 2])
    (1.0, 1.125)
    """
    values = sizes(weights, "weights")
    if np.isnan(values).any():
        raise InputError("weights: a weight is missing; numbers from zero upwards are allowed")
    total = values.sum()
    return float(len(values) * np.square(values).sum() / total**2) if total else math.nan


def effective_sample_size(weights: Numbers) -> float:
    """Compute Kish's effective sample size: (sum w)^2 / sum(w^2) = n / design effect.

    Examples
    --------
    >>> round(effective_sample_size([1, 1, 2]), 3)
    2.667
    """
    return len(weights) / design_effect(weights)


def _counted(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    measure = str(rows.columns[-1])
    if not keys:
        return pd.DataFrame({"_all": [""], measure: [rows[measure].sum()]})
    texts = {key: rows[key].astype("object").fillna("").astype("str") for key in keys}
    return rows.assign(**texts).groupby(keys)[measure].sum().reset_index()


def _with_rates(table: pd.DataFrame) -> pd.DataFrame:
    invited, answered = table["invited"], table["answered"]
    outside = invited.isna() | (invited == 0)
    more = ~outside & (answered > invited)
    note = pd.Series("", index=table.index, dtype="str")
    note = note.mask(outside & (answered > 0), "not in the frame").mask(more, "more answers than invitations")
    table = table.assign(
        rate=(answered / invited).mask(outside | more),
        share_invited=invited / (invited.sum() or np.nan),
        share_answered=answered / (answered.sum() or np.nan),
        note=note,
    )
    return table.astype({**_COLUMNS, "share_answered": "Float64"})
