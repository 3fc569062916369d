"""Differences and changes: corrected for how many are made, and nothing told of cells that are held back."""

from dataclasses import replace

import pandas as pd

from helpers.analysis.themes import shown
from helpers.analysis.themes.shown import Chosen

NAMES = {"AT": "Austria", "BE": "Belgium"}


def two_countries(made, energy_in_be: int = 10) -> Chosen:
    rows = [{"country": "AT", "themes": ["energy"] if place < 80 else ["skills"]} for place in range(120)]
    rows += [{"country": "BE", "themes": ["energy"] if place < energy_in_be else []} for place in range(120)]
    chosen = made.chosen(rows)
    return replace(chosen, coded=made.sheets(chosen))


def compared(made, chosen: Chosen) -> pd.DataFrame:
    shares = shown.share_table(chosen, made.book())
    cells = shown.theme_cells(chosen, shares, chosen.countries, NAMES)
    return shown.difference_table(chosen, chosen.countries, cells)


def test_a_large_difference_is_found_after_correction(made) -> None:
    table = compared(made, two_countries(made))
    first = table.iloc[0]
    assert (first["theme"], first["found"]) == ("energy", "yes")
    assert shown.number_of_tests(table) >= len(table)
    assert table["p_holm"].ge(table["p"]).all()


def test_a_difference_that_only_looks_so_alone_is_not_found(made) -> None:
    rows = [{"country": "AT", "themes": ["energy"] if place < 42 else ["skills"]} for place in range(120)]
    rows += [{"country": "BE", "themes": ["energy"] if place < 26 else ["skills"]} for place in range(120)]
    chosen = made.chosen(rows)
    table = compared(made, replace(chosen, coded=made.sheets(chosen, every=1, probability=1.0)))
    energy = table[table["theme"] == "energy"]
    assert set(energy["alone"]) == {"yes"}
    assert set(energy["found"]) == {"no"}


def test_the_difference_of_a_cell_that_is_held_back_is_not_told_but_counted(made) -> None:
    table = compared(made, two_countries(made, energy_in_be=2))
    assert "energy" not in set(table["theme"])
    assert shown.number_of_tests(table) == 6


def test_without_human_codes_nothing_is_tested(made) -> None:
    table = compared(made, replace(two_countries(made), coded=made.chosen([]).coded))
    assert table.empty
    assert shown.number_of_tests(table) == 0


def waves(made, second: int) -> dict[str, Chosen]:
    both = {}
    for name, number in (("March 2021", 20), ("June 2021", second)):
        rows = [
            {
                "answer": f"{name}{place}",
                "respondent": f"{name}{place}",
                "themes": ["energy"] if place < number else [],
            }
            for place in range(200)
        ]
        chosen = made.chosen(rows)
        both[name] = replace(chosen, coded=made.sheets(chosen))
    return both


def test_a_change_between_two_waves_is_found_and_has_its_direction(made) -> None:
    both = waves(made, 90)
    shares = shown.share_table(both["June 2021"], made.book())
    table = shown.change_table(both, shares)
    assert len(table) == 2 * 3
    energy = table[table["theme"] == "energy"]
    assert energy["wave"].tolist() == ["March 2021", "June 2021"]
    assert energy["share"].round(2).tolist() == [0.1, 0.45]
    assert round(energy["difference"].iloc[1], 2) == 0.35
    assert energy["found"].iloc[1] == "yes"
    assert pd.isna(energy["found"].iloc[0])


def test_a_wave_in_which_few_named_the_theme_shows_neither_share_nor_change(made) -> None:
    both = waves(made, 2)
    table = shown.change_table(both, shown.share_table(both["March 2021"], made.book()))
    energy = table[table["theme"] == "energy"]
    assert energy["status"].tolist() == ["shown", "held back"]
    assert energy[["share", "difference", "p_holm"]].iloc[1].isna().all()


def test_one_wave_has_shares_and_no_changes(made) -> None:
    both = {"March 2021": waves(made, 2)["March 2021"]}
    table = shown.change_table(both, shown.share_table(both["March 2021"], made.book()))
    assert len(table) == 3
    assert table["difference"].isna().all()
    assert not (table["found"] == "yes").any()


def test_unchecked_waves_are_compared_in_a_picture_but_not_tested(made) -> None:
    both = {name: replace(chosen, coded=chosen.coded.head(0)) for name, chosen in waves(made, 90).items()}
    table = shown.change_table(both, shown.share_table(both["June 2021"], made.book()))
    assert set(table["method"]) == {"unvalidated"}
    assert not (table["found"] == "yes").any()
