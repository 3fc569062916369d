"""Groups among the answers without a theme, as a report shows them."""

import pandas as pd

from helpers.analysis.themes.emerging import Emerging, emerging_themes
from helpers.analysis.themes.shown_answers import language_name
from helpers.analysis.themes.shown_chosen import Chosen
from helpers.analysis.themes.shown_quotes import LONGEST, cut

NO_TERM = "no word that enough respondents use"
NO_QUOTE = "nobody who agreed to be quoted"


def emerging_groups(chosen: Chosen, *, seed: int, min_count: int) -> Emerging:
    """Group the chosen answers that say something and name no theme; see `emerging.emerging_themes`."""
    return emerging_themes(chosen.answers, chosen.codes, seed=seed, min_count=min_count)


def emerging_table(found: Emerging, chosen: Chosen, longest: int = LONGEST) -> pd.DataFrame:
    """Return the groups with their typical terms and one answer each in its own words.

    Parameters
    ----------
    found
        From `emerging_groups`.
    chosen
        The same answers.
    longest
        Characters of a quote.

    Returns
    -------
    DataFrame
        ``group``, ``answers``, ``share`` (of the answers without a theme), ``languages`` (names),
        ``terms``, ``quote`` (of the answer nearest to the middle whose respondent agreed to be shown whole),
        ``answer_id`` (of the quote; missing if there is none).
    """
    texts = chosen.answers.set_index("answer_id")["text"].astype("str")
    nearest = found.groups["examples"].str.split(", ").str[0]
    quotes = [cut(texts[name], [], longest)[0] if name else NO_QUOTE for name in nearest]
    spoken = [
        ", ".join(map(_name, known.split(", "))) if known else "" for known in found.groups["languages"]
    ]
    return pd.DataFrame(
        {
            "group": found.groups["group"],
            "answers": found.groups["answers"],
            "share": found.groups["share"],
            "languages": pd.Series(spoken, dtype="str"),
            "terms": found.groups["terms"].replace("", NO_TERM),
            "quote": pd.Series(quotes, dtype="str"),
            "answer_id": nearest.mask(nearest == ""),
        }
    )


def _name(code: str) -> str:
    return code if code == "others" else language_name(code)
