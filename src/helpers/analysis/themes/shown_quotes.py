"""Quotes: what respondents wrote who agreed to be shown, with the words that name a theme marked."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.analysis.capacity.shown import WHOLE
from helpers.analysis.themes.prevalence import SHOWN
from helpers.analysis.themes.shown_answers import language_name
from helpers.analysis.themes.shown_chosen import Chosen

LONGEST = 300
A_THEME = 2
SHORTEST = 20
"""Characters below which an answer is quoted only if there is no other."""
_BEFORE = 80


def quote_table(
    chosen: Chosen,
    shares: pd.DataFrame,
    *,
    a_theme: int = A_THEME,
    longest: int = LONGEST,
    cells: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Choose for each theme what respondents wrote about it.

    Only answers of respondents whose consent is ``whole`` are quoted, and only of themes that may be shown.
    The rule, each point breaking the ties of the one before: an answer that was not quoted for another theme;
    of twenty characters at least; that speaks of few other themes; that need not be cut; in a language that
    is not yet quoted for the theme; then by ``answer_id``, which is as good as random. A respondent is quoted
    once a theme.

    Parameters
    ----------
    chosen
        From `shown_chosen.choose_answers`.
    shares
        From `shown_shares.share_table`: themes in their order, and which may be shown.
    a_theme
        Quotes of a theme at most.
    longest
        Characters of a quote; a longer answer is cut around the first word that names the theme.
    cells
        From `shown_cells.theme_cells` by country: if given, answers from cells that are held back are not
        quoted.

    Returns
    -------
    DataFrame
        ``theme``, ``label``, ``answer_id``, ``language_name``, ``text``, ``text_marked`` (places in ``text``
        of the words that name the theme: "3-9;20-31"), ``text_language`` (code, may be missing).
    """
    labels = dict(zip(shares["theme"], shares["label"], strict=True))
    spans = _spans(chosen.codes)
    candidates = _candidates(chosen, shares, cells)
    numbers = chosen.machine.sum(axis=1)
    rows: list[dict[str, Any]] = []
    used: set[str] = set()
    for theme in labels:
        answers = candidates[candidates["theme"] == theme]
        length = answers["text"].astype("str").str.len()
        answers = answers.assign(
            others=answers["answer_id"].map(numbers).astype("Int64"),
            long=length > longest,
            short=length < SHORTEST,
        )
        for answer in _picked(answers, used, a_theme):
            used.add(str(answer["answer_id"]))
            rows.append(_quote(answer, labels[theme], spans[(answer["answer_id"], theme)], longest))
    columns = ["theme", "label", "answer_id", "language_name", "text", "text_marked", "text_language"]
    return pd.DataFrame(rows, columns=columns).astype("str")


def _candidates(chosen: Chosen, shares: pd.DataFrame, cells: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row an answer and theme that may be quoted."""
    agreed = chosen.answers[chosen.answers["consent"] == WHOLE]
    named = chosen.codes[["answer_id", "theme"]].drop_duplicates()
    table = agreed.merge(named, on="answer_id")
    table = table[table["theme"].isin(set(shares.loc[shares["status"] == SHOWN, "theme"]))]
    if cells is None:
        return table
    visible = cells.loc[cells["status"] == SHOWN, ["theme", "group"]].rename(columns={"group": "country"})
    return table.merge(visible, on=["theme", "country"])


def _picked(answers: pd.DataFrame, used: set[str], number: int) -> list[dict[Hashable, Any]]:
    """Pick by the rule of `quote_table`, one after the other."""
    picked: list[dict[Hashable, Any]] = []
    order = ["again", "short", "others", "long", "spoken", "answer_id"]
    for _ in range(number):
        people = [answer["respondent_id"] for answer in picked]
        tongues = [answer["language"] for answer in picked]
        left = answers[~answers["respondent_id"].isin(people)]
        if left.empty:
            break
        left = left.assign(again=left["answer_id"].isin(used), spoken=left["language"].isin(tongues))
        picked.append(left.sort_values(order).iloc[0].to_dict())
    return picked


def _spans(codes: pd.DataFrame) -> Mapping[tuple[str, str], list[tuple[int, int]]]:
    """Return the places of each answer and theme, in order, overlapping ones joined."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = {}
    ordered = codes.sort_values(["answer_id", "theme", "start", "end"])
    for answer, theme, start, end in ordered[["answer_id", "theme", "start", "end"]].itertuples(index=False):
        places = found.setdefault((answer, theme), [])
        if places and start < places[-1][1]:
            places[-1] = (places[-1][0], max(places[-1][1], end))
        else:
            places.append((start, end))
    return found


def _quote(
    answer: Mapping[Hashable, Any], label: str, spans: Sequence[tuple[int, int]], longest: int
) -> dict[str, Any]:
    text, places = cut(str(answer["text"]), spans, longest)
    language = answer["language"]
    known = isinstance(language, str) and bool(language)
    return {
        "theme": answer["theme"],
        "label": label,
        "answer_id": answer["answer_id"],
        "language_name": language_name(language) if known else None,
        "text": text,
        "text_marked": ";".join(f"{start}-{end}" for start, end in places),
        "text_language": language if known else None,
    }


def cut(text: str, spans: Sequence[tuple[int, int]], longest: int) -> tuple[str, list[tuple[int, int]]]:
    """Cut a text around the first of some places, at spaces where there are any.

    Returns
    -------
    tuple
        The text, with "…" where something was left out, and the places in it that are whole.

    Examples
    --------
    >>> cut("We lack staff", [(8, 13)], 20)
    ('We lack staff', [(8, 13)])
    >>> cut("one two three four five six", [(8, 13), (24, 27)], 16)
    ('…two three four…', [(5, 10)])
    """
    if len(text) <= longest:
        return text, list(spans)
    first = spans[0][0] if spans else 0
    room = longest - 2
    start = min(max(0, first - min(_BEFORE, room // 3)), len(text) - room)
    end = min(len(text), start + room)
    start, end = _at_spaces(text, start, end, spans[0] if spans else (0, 0))
    head, tail = "…" if start > 0 else "", "…" if end < len(text) else ""
    move = len(head) - start
    inside = [(low + move, high + move) for low, high in spans if start <= low and high <= end]
    return f"{head}{text[start:end]}{tail}", inside


def _at_spaces(text: str, start: int, end: int, kept: tuple[int, int]) -> tuple[int, int]:
    """Move the ends of a part inwards to spaces, but not into the words that must be kept."""
    if start > 0:
        space = text.find(" ", start - 1, kept[0])
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", max(kept[1], start), end + 1)
        end = space if space > start else end
    return start, end
