"""Answers made up for the tests of what a report shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.themes.codebook import Codebook, codebook_from_tables
from helpers.analysis.themes.shown import Chosen
from helpers.analysis.themes.shown_chosen import no_codes

THEMES = ["energy", "skills", "data"]


def book(themes: Sequence[str] = THEMES) -> Codebook:
    names = pd.DataFrame({"theme": themes, "label": [theme.capitalize() for theme in themes]})
    return codebook_from_tables(names, pd.DataFrame(columns=["theme", "language", "term"]))


def chosen_of(
    rows: Sequence[Mapping[str, object]],
    coded: pd.DataFrame | None = None,
    themes: Sequence[str] = THEMES,
) -> Chosen:
    """Make answers: each row may have respondent, country, themes, text, language, consent, stages, state."""
    number = range(len(rows))
    names = [str(row.get("answer", f"a{place:03d}")) for place, row in zip(number, rows, strict=True)]
    answers = pd.DataFrame(
        {
            "answer_id": pd.Series(names, dtype="str"),
            "respondent_id": [str(row.get("respondent", f"r{place}")) for place, row in enumerate(rows)],
            "country": [str(row.get("country", "AT")) for row in rows],
            "question": "difficulties",
            "text": [str(row.get("text", "energy skills data")) for row in rows],
            "stages": pd.Series([row.get("stages") for row in rows], dtype="object"),
            "language": pd.Series([row.get("language", "en") for row in rows], dtype="str"),
            "state": [str(row.get("state", "coded" if row.get("themes") else "nothing")) for row in rows],
            "consent": [str(row.get("consent", "whole")) for row in rows],
        }
    )
    named = [(name, theme) for name, row in zip(names, rows, strict=True) for theme in row.get("themes", ())]  # type: ignore[attr-defined]
    places = {"energy": (0, 6), "skills": (7, 13), "data": (14, 18)}
    codes = pd.DataFrame(
        [(name, theme, *places.get(theme, (0, 1)), False) for name, theme in named],
        columns=["answer_id", "theme", "start", "end", "negated"],
    )
    flags = np.array([[theme in row.get("themes", ()) for theme in themes] for row in rows], dtype=bool)  # type: ignore[operator]
    machine = pd.DataFrame(
        flags.reshape(len(rows), len(themes)), index=pd.Index(names, name="answer_id"), columns=list(themes)
    )
    return Chosen(answers, codes, machine, no_codes() if coded is None else coded)


def sheets_of(chosen: Chosen, every: int = 2, probability: float = 0.5) -> pd.DataFrame:
    """Make the sheets of two people who find what the machine found in every second answer."""
    machine = chosen.machine.iloc[::every]
    words = [";".join(machine.columns[row]) or "none" for row in machine.to_numpy()]
    one = pd.DataFrame(
        {
            "answer_id": machine.index,
            "themes": words,
            "selection": "random",
            "probability": probability,
        }
    )
    return pd.concat([one.assign(coder="coder_1"), one.assign(coder="coder_2")], ignore_index=True)


@dataclass(frozen=True)
class Made:
    """What tests make answers with."""

    themes: Sequence[str]
    book: Callable[..., Codebook]
    chosen: Callable[..., Chosen]
    sheets: Callable[..., pd.DataFrame]


@pytest.fixture(scope="session")
def made() -> Made:
    return Made(THEMES, book, chosen_of, sheets_of)
