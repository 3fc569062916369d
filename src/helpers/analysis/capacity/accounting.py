"""What became of every answer and amount: nothing is dropped in silence."""

import pandas as pd

from helpers.analysis.capacity.entries import COUNTED


def accounting(received: pd.DataFrame, respondents: pd.DataFrame, capacities: pd.DataFrame) -> pd.DataFrame:
    """Account for every answer received and every amount stated: nothing is dropped in silence.

    Returns
    -------
    DataFrame
        ``step``, ``rows``: answers received = rejected + duplicates + withdrawn + counted; then amounts
        stated by the counted = usable + not usable, by reason (an amount may have several).

    Examples
    --------
    >>> received = pd.DataFrame({"outcome": ["accepted", "rejected"]})
    >>> people = pd.DataFrame({"respondent_id": ["r1"], "status": ["counted"]})
    >>> amounts = pd.DataFrame({"respondent_id": ["r1"], "usable": [True], "flags": [""]})
    >>> accounting(received, people, amounts)["rows"].to_list()
    [2, 1, 0, 0, 1, 1, 1, 0]
    """
    status = respondents["status"].value_counts()
    counted = respondents.loc[respondents["status"] == COUNTED, "respondent_id"]
    own = capacities[capacities["respondent_id"].isin(counted)]
    usable = own["usable"].astype(bool)
    rows = [
        ("Answers received", len(received)),
        ("rejected when read in, with the reason", int((received["outcome"] == "rejected").sum())),
        ("duplicates, merged by recorded decision", int(status.get("duplicate", 0))),
        ("withdrawn by the respondent", int(status.get("withdrawn", 0))),
        ("Answers counted", int(status.get(COUNTED, 0))),
        ("Products named by them", len(own)),
        ("with an amount that is used", int(usable.sum())),
        ("without an amount that can be used", int((~usable).sum())),
    ]
    return pd.DataFrame(rows, columns=["step", "rows"])


def flag_counts(capacities: pd.DataFrame) -> pd.DataFrame:
    """Count the flags that cleaning set, most first.

    Returns
    -------
    DataFrame
        ``flag`` (in words), ``rows``, ``used``: rows with the flag whose amount is used all the same.

    Examples
    --------
    >>> rows = pd.DataFrame({"flags": ["zero", "", "zero;unit_assumed"], "usable": [True, True, True]})
    >>> flag_counts(rows).values.tolist()
    [['zero', 2, 2], ['unit assumed', 1, 1]]
    """
    flags = capacities["flags"].fillna("").str.split(";")
    single = capacities.assign(flag=flags).explode("flag")
    single = single[single["flag"] != ""]
    table = single.groupby("flag").agg(rows=("flag", "size"), used=("usable", "sum")).reset_index()
    table["flag"] = table["flag"].str.replace("_", " ")
    return table.astype({"used": "int64"}).sort_values(
        ["rows", "flag"], ascending=[False, True], ignore_index=True
    )
