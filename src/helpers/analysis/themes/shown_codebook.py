"""The codebook as a report shows it: themes, what they mean, and the Alliance's themes they belong to."""

import pandas as pd

from helpers.analysis.themes.codebook import Codebook
from helpers.data.errors import InputError


def alliance_table(codebook: Codebook, alliance: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Return the Alliance's themes with those of the codebook that belong to them.

    Parameters
    ----------
    codebook
        ``eaac_themes`` of a theme are numbers of the Alliance's list.
    alliance
        Table ``alliance_themes``: ``number``, ``theme``.
    shares
        From `shown_shares.share_table`: themes are named in this order.

    Returns
    -------
    DataFrame
        In the order of the Alliance's list: ``number``, ``alliance_theme``, ``labels`` (of the codebook's
        themes, joined by "; "; "none" if there is none).

    Raises
    ------
    InputError
        If a theme of the codebook names a number that the list does not have.

    Examples
    --------
    >>> from helpers.analysis.themes.codebook import codebook_from_tables
    >>> themes = pd.DataFrame({"theme": ["energy"], "label": ["Energy"], "eaac_themes": ["3"]})
    >>> book = codebook_from_tables(themes, pd.DataFrame(columns=["theme", "language", "term"]))
    >>> alliance = pd.DataFrame({"number": [3, 8], "theme": ["Green economy", "Funding"]})
    >>> alliance_table(book, alliance, pd.DataFrame({"theme": ["energy"]}))["labels"].tolist()
    ['Energy', 'none']
    """
    numbers = {theme.theme: set(theme.eaac_themes) for theme in codebook.themes}
    known = set(alliance["number"].astype("int64").astype(str))
    for theme, found in numbers.items():
        if found - known:
            raise InputError(
                f"themes: theme {theme}, column eaac_themes: found {sorted(found - known)[0]!r}, "
                f"allowed: {', '.join(sorted(known))}"
            )
    order = [theme for theme in shares["theme"] if theme in numbers]
    labels = [
        "; ".join(codebook.labels[theme] for theme in order if str(number) in numbers[theme]) or "none"
        for number in alliance["number"]
    ]
    return pd.DataFrame(
        {
            "number": alliance["number"].astype("int64"),
            "alliance_theme": alliance["theme"].astype("str"),
            "labels": pd.Series(labels, index=alliance.index, dtype="str"),
        }
    )


def unmapped_themes(codebook: Codebook) -> list[str]:
    """Return the names of the themes that belong to none of the Alliance's.

    Examples
    --------
    >>> from helpers.analysis.themes.codebook import codebook_from_tables
    >>> themes = pd.DataFrame({"theme": ["energy"], "label": ["Energy"]})
    >>> unmapped_themes(codebook_from_tables(themes, pd.DataFrame(columns=["theme", "language", "term"])))
    ['Energy']
    """
    return [theme.label for theme in codebook.themes if not theme.eaac_themes]
