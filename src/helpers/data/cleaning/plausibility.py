"""Whether an amount can be true, product by product: flagged if not, and never dropped."""

import numpy as np
import pandas as pd

HIGH, LOW = "implausible_high", "implausible_low"


def plausibility_flags(low: pd.Series, high: pd.Series, smallest: pd.Series, largest: pd.Series) -> pd.Series:
    """Return why amounts are not believed without a second look.

    Parameters
    ----------
    low, high
        Bounds of the amounts in the base unit; ``high`` missing where there is none.
    smallest, largest
        What the questionnaire's definition holds plausible for the product, both included.

    Returns
    -------
    pandas.Series
        "implausible_high" if even the lower bound is above ``largest`` (an "up to" whose bound is above it
        as well), "implausible_low" if even the upper bound is below ``smallest``, else "". Zero is an answer
        and not implausible.

    Examples
    --------
    >>> one = pd.Series([100.0, 2e14, 3.0, 0.0])
    >>> plausibility_flags(one, one, pd.Series([10.0] * 4), pd.Series([1e9] * 4)).tolist()
    ['', 'implausible_high', 'implausible_low', '']
    """
    only_upper = (low == 0) & high.notna()
    too_high = (low > largest) | (only_upper & (high > largest))
    too_low = high.notna() & (high < smallest) & (high > 0)
    return pd.Series(np.select([too_high, too_low], [HIGH, LOW], ""), index=low.index, dtype="str")
