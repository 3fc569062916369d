"""Themes by group: a cell that few stand behind cannot be seen, nor worked out from its neighbours."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis.themes import shown

NAMES = {"AT": "Austria", "BE": "Belgium", "DE": "Germany", "MT": "Malta"}


def cells_of(made, rows: list[dict], min_count: int = 3) -> pd.DataFrame:
    chosen = made.chosen(rows)
    shares = shown.share_table(chosen, made.book(), min_count=min_count)
    return shown.theme_cells(chosen, shares, chosen.countries, NAMES, min_count=min_count)


def many(country: str, themes: list[str], number: int) -> list[dict]:
    return [{"country": country, "themes": themes}] * number


def status(cells: pd.DataFrame, theme: str) -> dict[str, str]:
    return cells[cells["theme"] == theme].set_index("group")["status"].to_dict()


def test_held_back_none_and_no_answer_are_told_apart(made) -> None:
    rows = (
        many("AT", ["energy"], 5) + many("BE", ["energy"], 2) + many("BE", [], 3) + many("DE", ["energy"], 4)
    )
    cells = cells_of(made, rows + many("DE", ["skills"], 3))
    found = status(cells, "energy")
    assert found["BE"] == "held back"
    assert found["MT"] == "no answer"
    assert status(cells, "skills")["AT"] == "none stated"
    # One cell alone could be told from the total of the theme.
    assert sorted(found.values()).count("held back") == 2


def test_a_group_of_few_respondents_shows_nothing_not_even_what_it_does_not_name(made) -> None:
    rows = many("AT", ["energy"], 9) + many("BE", ["energy"], 9) + many("MT", [], 2)
    cells = cells_of(made, rows)
    assert set(cells.loc[cells["group"] == "MT", "status"]) == {"held back"}


def test_shares_are_rounded_and_missing_unless_shown(made) -> None:
    cells = cells_of(made, many("AT", ["energy"], 3) + many("AT", [], 4) + many("BE", ["energy"], 5))
    row = cells[(cells["theme"] == "energy") & (cells["group"] == "AT")].iloc[0]
    assert row["share"] == 0.43
    hidden = cells["status"].isin(["held back", "no answer"])
    assert cells.loc[hidden, "share"].isna().all()
    assert cells.loc[cells["status"] == "none stated", "share"].eq(0).all()


def test_respondents_are_counted_and_not_answers(made) -> None:
    rows = [{"country": "AT", "themes": ["energy"], "respondent": "one"}] * 8
    rows += many("AT", [], 5) + many("BE", ["energy"], 6) + many("DE", ["energy"], 6)
    assert status(cells_of(made, rows), "energy")["AT"] == "held back"


def test_an_answer_counts_at_each_stage_of_its_respondent(made) -> None:
    chosen = made.chosen(
        [{"themes": ["energy"], "stages": "fill; pack"}] * 4 + [{"stages": "fill"}] * 4 + [{}] * 3
    )
    shares = shown.share_table(chosen, made.book())
    cells = shown.theme_cells(chosen, shares, chosen.stages, {"fill": "Fill", "pack": "Pack", "ship": "Ship"})
    energy = cells[cells["theme"] == "energy"].set_index("group")
    assert energy["share"].to_dict() | {"ship": None} == {"fill": 0.5, "pack": 1.0, "ship": None}
    assert energy.loc["ship", "status"] == "no answer"


def test_themes_and_groups_stand_in_the_order_given(made) -> None:
    cells = cells_of(made, many("AT", ["skills"], 5) + many("BE", ["skills", "energy"], 5))
    assert cells.drop_duplicates("theme")["theme"].tolist() == ["skills", "energy", "data"]
    assert cells.drop_duplicates("group")["group_label"].tolist() == list(NAMES.values())


def test_without_answers_every_cell_says_so(made) -> None:
    cells = cells_of(made, [])
    assert set(cells["status"]) == {"no answer"}
    assert len(cells) == 12


ANSWERS = st.lists(
    st.tuples(
        st.sampled_from(list(NAMES)),
        st.sets(st.sampled_from(["energy", "skills", "data"])),
        st.integers(0, 25),
    ),
    max_size=60,
)


@given(ANSWERS, st.integers(2, 5))
def test_no_cell_of_few_is_shown_and_none_is_hidden_alone(
    made, answers: list[tuple[str, set[str], int]], min_count: int
) -> None:
    rows = [
        {"country": country, "themes": sorted(themes), "respondent": f"{country}{person}"}
        for country, themes, person in answers
    ]
    cells = cells_of(made, rows, min_count)
    people = {
        (theme, country): {
            row["respondent"] for row in rows if row["country"] == country and theme in row["themes"]
        }
        for theme in ("energy", "skills", "data")
        for country in NAMES
    }
    for row in cells.to_dict("records"):
        behind = len(people[row["theme"], row["group"]])
        assert row["status"] == "held back" or behind == 0 or behind >= min_count
    for theme, part in cells.groupby("theme"):
        total = sum(len(people[theme, country]) for country in NAMES)
        named = [country for country in NAMES if people[theme, country]]
        hidden = set(part.loc[part["status"] == "held back", "group"])
        unsafe = [country for country in named if len(people[theme, country]) < min_count]
        if unsafe and total >= min_count:
            assert len(hidden & set(named)) > 1
