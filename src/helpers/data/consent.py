"""What respondents allow to be shown; where nothing was answered, the least."""

import pandas as pd

CONSENTS = ("totals", "anonymous", "whole")
"""From the most private, the default, to the least."""


def consents(answers: pd.Series) -> pd.Series:
    """Return each answer's consent; anything but the known codes is the most private.

    Examples
    --------
    >>> consents(pd.Series(["whole", "", "yes please"])).tolist()
    ['whole', 'totals', 'totals']
    """
    return answers.where(answers.isin(CONSENTS), CONSENTS[0])


def most_private(consent: pd.Series, group: pd.Series) -> pd.Series:
    """Return the most private consent of each group: what one entry of a merged pair forbids, both do.

    Parameters
    ----------
    consent
        Codes of `CONSENTS`.
    group
        What belongs together, such as the respondent that is counted.

    Examples
    --------
    >>> most_private(pd.Series(["whole", "totals", "whole"]), pd.Series(["a", "a", "b"])).tolist()
    ['totals', 'totals', 'whole']
    """
    ranks = consent.map(dict(zip(CONSENTS, range(len(CONSENTS)), strict=True))).astype("int64")
    lowest = ranks.groupby(group).transform("min")
    return lowest.map(dict(enumerate(CONSENTS))).astype("str")
