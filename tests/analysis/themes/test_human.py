import pandas as pd
import pytest

from helpers.analysis.themes.human import agreed_codes, codes_by_coder, random_sample
from helpers.data.errors import InputError

THEMES = ["energy", "skills"]


def sheet(*rows, selection="random", probability=0.5):
    table = pd.DataFrame(rows, columns=["answer_id", "coder", "themes"])
    return table.assign(selection=selection, probability=probability)


def test_most_coders_decide_and_at_a_tie_the_first():
    coded = sheet(
        ("a1", "coder_2", "skills"),
        ("a1", "coder_1", "energy"),
        ("a2", "coder_1", "none"),
        ("a2", "coder_2", "skills"),
        ("a2", "coder_3", "skills"),
    )
    assert agreed_codes(coded, THEMES).to_dict("index") == {
        "a1": {"energy": True, "skills": False},
        "a2": {"energy": False, "skills": True},
    }


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [("a1", "c", "energy"), ("a2", "c", "enrgy")],
            "row 3, column themes: 'enrgy'; allowed: energy, skills",
        ),
        ([("a1", "c", "none;energy")], "'none'; allowed"),
        ([("a1", "c", "  ")], "row 2, column themes: empty; write none"),
        ([("a1", "c", None)], "row 2, column themes: empty"),
        ([("a1", "c", "none"), ("a1", "c", "none")], "row 3: c coded a1 before"),
    ],
)
def test_faulty_sheets_are_refused_by_row(rows, message):
    with pytest.raises(InputError, match=message):
        codes_by_coder(sheet(*rows), THEMES)


def test_only_the_random_sample_has_probabilities():
    drawn = sheet(("a1", "c", "none"), ("a2", "c", "none"))
    queue = sheet(("a3", "c", "none"), selection="queue", probability=None)
    assert random_sample(pd.concat([drawn, queue])).to_dict() == {"a1": 0.5, "a2": 0.5}
    assert random_sample(queue).empty


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"probability": 0}, "row 2, column probability: 0; .* above 0 and up to 1"),
        ({"probability": None}, "row 2, column probability"),
        ({"selection": "chosen"}, "row 2, column selection: 'chosen'; allowed: random, queue"),
        ({"probability": [0.5, 0.4]}, "a1 stands with different probabilities"),
    ],
)
def test_probabilities_that_make_no_sense_are_refused(changes, message):
    coded = sheet(("a1", "coder_1", "none"), ("a1", "coder_2", "none")).assign(**changes)
    with pytest.raises(InputError, match=message):
        random_sample(coded)
