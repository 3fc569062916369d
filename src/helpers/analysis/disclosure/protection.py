"""Tables that may be published: rules, rounding, suppression and the audit in one call."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.disclosure.audit import feasible_ranges
from helpers.analysis.disclosure.layout import Layout, Shape, as_shape, build_layout
from helpers.analysis.disclosure.moves import Layer
from helpers.analysis.disclosure.needs import losses, needs
from helpers.analysis.disclosure.numbers import Numbers, Treatment, cell_numbers
from helpers.analysis.disclosure.rules import Rules
from helpers.analysis.disclosure.single import Flags
from helpers.analysis.disclosure.suppress import choose_suppressions
from helpers.data.errors import InputError

STATUSES = {
    "published": "",
    "suppressed": "held back to protect respondents",
    "zero": "no capacity stated",
    "not asked": "the question was not asked here",
}
SECONDARY = "protects another cell"

# What is asked may be missed by this share: the tolerance of the solver.
_SLACK = 1e-5


@dataclass(frozen=True)
class Protection:
    """A protected table, and what stays in the house.

    ``table`` may be published. ``cells`` may not: it holds the true numbers, why a cell was held back, and
    the audit: ``low`` and ``high`` are what a reader can work out of the first amount, ``count_low`` and
    ``count_high`` of the number of respondents; ``needed_low`` and ``needed_high`` what the rules ask;
    ``safe`` whether every number is as the rules ask.
    """

    table: pd.DataFrame
    cells: pd.DataFrame
    rules: Rules

    def summary(self) -> pd.DataFrame:
        """Count cells by status and reason, and say how much of the amount is shown in the finest cells.

        Returns
        -------
        DataFrame
            ``measure``, ``value``. The reasons are numbers of cells only and may be published.
        """
        status, reason = self.table["status"], self.cells["reason"]
        finest = ~self.table["is_total"]
        shown = self.cells.loc[finest & (status == "published"), "value"].sum()
        rows = [(f"cells {name}", float((status == name).sum())) for name in STATUSES]
        rows += [(name, float((reason == name).sum())) for name in sorted(set(reason) - {""})]
        rows.append(("share of the amount shown", shown / (self.cells.loc[finest, "value"].sum() or np.nan)))
        return pd.DataFrame(rows, columns=["measure", "value"]).astype({"value": "Float64"})


def protect_table(
    contributions: pd.DataFrame,
    rows: str | Sequence[str],
    columns: str | Sequence[str] = (),
    *,
    value: str | Sequence[str] | None = "point",
    rules: Rules | None = None,
    base: float | None = None,
    count_base: float | None = None,
    holding: str | None = None,
    row_codes: Sequence[str] | pd.DataFrame | None = None,
    column_codes: Sequence[str] | pd.DataFrame | None = None,
    not_asked: pd.DataFrame | None = None,
    row_total: bool = True,
    column_total: bool = True,
) -> pd.DataFrame:
    """Make a table that may be published; see `protect`, which also returns the audit.

    Parameters
    ----------
    contributions
        One row a contribution: ``respondent_id``, the columns of ``rows`` and ``columns``, ``value``.
    rows, columns
        One column, or several from coarse to fine (``["country", "nuts2"]``: countries and their regions).
    value
        Column with the amounts, or several that are published for the same cells (what is stated at least and
        at most beside the value read); ``None`` for a table of numbers of respondents.
    rules
        Thresholds; the defaults of `rules.Rules` if not given.
    base
        Amounts are rounded to multiples of it; totals are sums of rounded cells.
    count_base
        The same for the numbers of respondents.
    holding
        Column that is the same for respondents of one holding; missing for one on its own.
    row_codes, column_codes, row_total, column_total
        See `layout.Shape`.
    not_asked
        Columns as the finest cells: combinations that no questionnaire asked for.

    Returns
    -------
    DataFrame
        One row a cell, totals first: the columns of ``rows`` and ``columns`` (``total`` where it adds up),
        ``is_total``, ``value_published`` (the first amount), ``<column>_published`` of any further ones and
        ``count_published`` (respondents; a total adds up those of its cells, so that a respondent in two
        cells counts in both), ``status``, ``reason``.

        ``status`` is ``published``, ``zero`` (0 is published: nobody stated any), ``not asked`` or
        ``suppressed``; the numbers of the last two are missing. ``reason`` says it in words and is the same
        for every suppressed cell: which one was unsafe and which one only protects it stays in the house.

    Raises
    ------
    InputError
        If a contribution has a code that the table does not show, or a value is missing or negative.

    Examples
    --------
    >>> data = pd.DataFrame({
    ...     "respondent_id": [f"r{number}" for number in range(10)],
    ...     "country": ["AT"] * 5 + ["BE"] * 4 + ["CY"], "point": [5, 4, 6, 5, 3, 7, 8, 6, 9, 10]})
    >>> table = protect_table(data, "country", row_codes=["AT", "BE", "CY", "DE"])
    >>> table.drop(columns=["is_total", "reason"])
      country  value_published  count_published      status
    0   total             63.0               10   published
    1      AT             <NA>             <NA>  suppressed
    2      BE             30.0                4   published
    3      CY             <NA>             <NA>  suppressed
    4      DE              0.0                0        zero
    """
    shape = as_shape(
        rows,
        columns,
        row_codes=row_codes,
        column_codes=column_codes,
        row_total=row_total,
        column_total=column_total,
    )
    return protect(
        contributions,
        [shape],
        value=value,
        rules=rules,
        base=base,
        count_base=count_base,
        holding=holding,
        not_asked=not_asked,
    ).table


def protect(
    contributions: pd.DataFrame,
    shapes: Sequence[Shape],
    *,
    value: str | Sequence[str] | None = "point",
    rules: Rules | None = None,
    base: float | None = None,
    count_base: float | None = None,
    holding: str | None = None,
    not_asked: pd.DataFrame | None = None,
) -> Protection:
    """Protect one table, or several of the same contributions that share margins, and audit the result.

    Parameters
    ----------
    contributions, value, rules, base, count_base, holding, not_asked
        See `protect_table`. Rounding takes one table at a time.
    shapes
        What each table shows; cells with the same codes (``total`` in the dimensions that a table does not
        have) are one cell and get one status.

    Returns
    -------
    Protection
        The table to publish, the cells with their audit, the rules.

    Raises
    ------
    InputError
        See `protect_table`; and if the audit finds a cell that is not safe.

    Notes
    -----
    Unsafe cells are found by `rules.cell_risks`, further ones chosen by `suppress.choose_suppressions`, and
    the audit by `audit.feasible_ranges` knows nothing of how they were chosen. It asks of every suppressed
    cell that what can be worked out from all published cells, with amounts and numbers of respondents from
    zero and from one upwards, leaves

    - an unsafe cell possible up to what the rules ask and down by as much (or to zero);
    - any other a range of ``protection`` per cent of its value;
    - every number of respondents at least two possible values.

    That a holding which is alone in some cells cannot work out another's unsafe cell with what it knows is
    kept by construction. What two holdings could learn by putting together what they know is not covered.
    Several amounts are audited one by one. Where every cell is in one relation, a reader who also knows that
    what is stated at least is not above the value read learns no more: any possible table of one amount,
    scaled, is one of the other. In tables in two directions that is not proven.

    References
    ----------
    Hundepool, A., et al. (2012), Statistical Disclosure Control, Wiley, chapter 4.
    """
    if base and len(shapes) > 1:
        raise InputError("protect: rounding takes one table at a time; give one shape, or no base")
    require_columns(contributions, "contributions", ["respondent_id"])
    columns = (value,) if isinstance(value, str) else tuple(value or ())
    treatment = Treatment(rules or Rules(), columns, holding, base, count_base)
    layout = build_layout(shapes, contributions)
    numbers = cell_numbers(contributions, shapes, layout, treatment, not_asked)
    layers = needs(layout, numbers, treatment)
    suppressed = choose_suppressions(layers, numbers.unsafe, losses(numbers, layout))
    cells = _audited(layout, numbers, suppressed, layers)
    if not cells["safe"].all():
        first = layout.keys[~cells["safe"]].iloc[0]
        raise InputError(
            f"protect: the cell {', '.join(first)} could not be made safe; show fewer or coarser cells"
        )
    return Protection(_published(layout, numbers, suppressed), cells, treatment.rules)


def _audited(layout: Layout, numbers: Numbers, suppressed: Flags, layers: list[Layer]) -> pd.DataFrame:
    ranges = [feasible_ranges(layer.relations, layer.values, suppressed, layer.floors) for layer in layers]
    (low, high), (count_low, count_high) = ranges[0], ranges[-1]
    reason = numbers.reason
    safe = np.ones(len(suppressed), dtype=bool)
    for layer, (least, most) in zip(layers, ranges, strict=True):
        up, down = most - layer.values, layer.values - least
        enough = (up >= layer.up * (1 - _SLACK)) & (down >= layer.down * (1 - _SLACK))
        safe &= enough & (up + down >= layer.width * (1 - _SLACK))
    return layout.keys.assign(
        value=numbers.value,
        count=numbers.count,
        reason=np.where(suppressed & (reason == ""), SECONDARY, reason),
        low=low,
        high=high,
        needed_low=layers[0].values - layers[0].down,
        needed_high=layers[0].values + layers[0].up,
        count_low=count_low,
        count_high=count_high,
        safe=safe | ~suppressed,
    )


def _published(layout: Layout, numbers: Numbers, suppressed: Flags) -> pd.DataFrame:
    # Zero is what nobody stated; what rounding makes zero is published as zero but is not that.
    status = np.select(
        [~numbers.asked, suppressed, numbers.zero], ["not asked", "suppressed", "zero"], "published"
    )
    hidden = np.isin(status, ["not asked", "suppressed"])
    further = {
        f"{name}_published": pd.array(np.where(hidden, np.nan, amount.value), dtype="Float64")
        for name, amount in list(numbers.amounts.items())[1:]
    }
    return layout.keys.assign(
        is_total=layout.levels > 0,
        value_published=pd.array(np.where(hidden, np.nan, numbers.value), dtype="Float64"),
        **further,
        count_published=pd.array(np.where(hidden, np.nan, numbers.count), dtype="Int64"),
        status=pd.Series(status, dtype="str"),
        reason=pd.Series([STATUSES[one] for one in status], dtype="str"),
    )
