"""The report's groups without a theme count what was grouped and quote only who agreed."""

import pandas as pd

from helpers.analysis.themes import shown
from helpers.analysis.themes.shown_chosen import Chosen
from helpers.analysis.themes.shown_emerging import NO_QUOTE

TEXTS = (
    "hackers attack our servers and passwords are stolen",
    "the neighbours complain about noise from the yard",
)
OPENINGS = ("every week", "since spring", "as ever", "in our plant", "for months", "again", "at night")


def chosen(consent: str, uncoded: int = 14) -> Chosen:
    rows = [
        {"text": f"{opening} {text}", "language": "en", "state": "uncoded"}
        for text in TEXTS
        for opening in OPENINGS
    ][:uncoded]
    rows += [{"text": "we lack staff", "language": "en", "state": "coded"}] * 5
    answers = pd.DataFrame(rows)
    names = [f"a{number:02d}" for number in answers.index]
    answers = answers.assign(answer_id=names, respondent_id=names, consent=consent)
    codes = pd.DataFrame({"answer_id": answers.loc[answers["state"] == "coded", "answer_id"]})
    return Chosen(answers, codes, pd.DataFrame(index=names), pd.DataFrame())


def test_groups_hold_the_answers_without_a_theme_and_quote_one_of_them() -> None:
    answers = chosen("whole")
    found = shown.emerging_groups(answers, seed=1, min_count=3)
    table = shown.emerging_table(found, answers)
    assert found.uncoded == 14
    assert table["answers"].sum() == len(found.members) >= 10
    assert table["share"].tolist() == (table["answers"] / 14).tolist()
    assert set(table["languages"]) == {"English"}
    texts = answers.answers.set_index("answer_id")["text"]
    assert table["quote"].tolist() == texts[table["answer_id"]].tolist()
    members = found.members.set_index("answer_id")["group"]
    assert members[table["answer_id"]].tolist() == table["group"].tolist()
    assert table["terms"].str.contains("hackers|noise|passwords|neighbours").all()


def test_nobody_is_quoted_who_agreed_to_totals_only() -> None:
    answers = chosen("totals")
    table = shown.emerging_table(shown.emerging_groups(answers, seed=1, min_count=3), answers)
    assert set(table["quote"]) == {NO_QUOTE}
    assert table["answer_id"].isna().all()


def test_too_few_answers_make_no_groups_and_an_empty_table() -> None:
    answers = chosen("whole", uncoded=4)
    found = shown.emerging_groups(answers, seed=1, min_count=3)
    table = shown.emerging_table(found, answers)
    assert table.empty
    assert found.uncoded == 4
    assert list(table) == ["group", "answers", "share", "languages", "terms", "quote", "answer_id"]


def test_a_long_answer_is_cut() -> None:
    answers = chosen("whole")
    found = shown.emerging_groups(answers, seed=1, min_count=3)
    table = shown.emerging_table(found, answers, longest=30)
    assert table["quote"].str.len().le(30).all()
    assert table["quote"].str.endswith("…").all()
