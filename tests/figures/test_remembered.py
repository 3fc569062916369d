"""Pictures kept for other reports: found where all is the same, drawn where anything differs."""

import pandas as pd
import pytest
from matplotlib import rc_context

from helpers.figures import remembered
from helpers.figures.charts import country_ranking, lorenz
from helpers.figures.remembered import Drawn, drawn

DATA = pd.DataFrame({"country": ["AT", "BE"], "value": [1.0, 2.0]})
PICTURES = Drawn("<svg>wide ä</svg>", "<svg>narrow</svg>", b"\x89PNG\x00")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    monkeypatch.setenv("EVIDENCE_RUN_DIR", str(tmp_path / "run"))
    return tmp_path / ".cache" / "pictures"


class Drawing:
    """Draws, and counts how often."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return PICTURES


def twice(first, second):
    """How often two figures are drawn, each given by function, data, options, texts."""
    drawing = Drawing()
    for figure in (first, second):
        assert drawn(drawing, *figure) == PICTURES
    return drawing.times


def test_the_same_figure_is_drawn_once(folder):
    same = (country_ranking, DATA, {"highlight": "AT"}, ("id", {"Title": "Figure 1. A"}))
    assert twice(same, same) == 1
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    "other",
    [
        (lorenz, DATA, {}, "texts"),
        (country_ranking, DATA.assign(value=[1.0, 2.5]), {}, "texts"),
        (country_ranking, DATA[::-1], {}, "texts"),
        (country_ranking, DATA, {"highlight": "BE"}, "texts"),
        (country_ranking, DATA, {}, "other texts"),
    ],
)
def test_a_figure_that_differs_in_anything_is_drawn(folder, other):
    assert twice((country_ranking, DATA, {}, "texts"), other) == 2


def test_other_settings_of_matplotlib_are_another_picture(folder):
    drawing = Drawing()
    drawn(drawing, country_ranking, DATA, {}, "texts")
    with rc_context({"lines.linewidth": 7}):
        drawn(drawing, country_ranking, DATA, {}, "texts")
    assert drawing.times == 2


def test_other_code_is_another_picture(folder, monkeypatch):
    drawing = Drawing()
    drawn(drawing, country_ranking, DATA, {}, "texts")
    monkeypatch.setattr(remembered, "_CODE", "edited")
    drawn(drawing, country_ranking, DATA, {}, "texts")
    assert drawing.times == 2


def test_outside_of_a_build_nothing_is_kept(folder, monkeypatch):
    monkeypatch.delenv("EVIDENCE_RUN_DIR")
    same = (country_ranking, DATA, {}, "texts")
    assert twice(same, same) == 2
    assert not folder.exists()


def test_what_cannot_be_told_apart_by_its_content_is_drawn(folder):
    def own(data, layout):
        raise AssertionError

    assert twice((own, DATA, {}, ""), (own, DATA, {}, "")) == 2
    hidden = (country_ranking, DATA, {"spec": lambda value: value}, "")
    assert twice(hidden, hidden) == 2
    assert not folder.exists()


@pytest.mark.parametrize("damage", [b"", b"no digest", b"0" * 64 + b"\nx"])
def test_a_damaged_picture_is_drawn_again(folder, damage):
    same = (country_ranking, DATA, {}, "texts")
    twice(same, same)
    next(folder.iterdir()).write_bytes(damage)
    assert twice(same, same) == 1


def test_old_pictures_make_room(folder, monkeypatch):
    monkeypatch.setattr(remembered, "MOST", 10)
    for number in range(25):
        drawn(Drawing(), country_ranking, DATA, {}, number)
    assert len(list(folder.iterdir())) <= 10


def test_a_full_disk_costs_the_picture_not_the_report(folder, monkeypatch):
    def full(path, pictures):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(remembered, "_keep", full)
    same = (country_ranking, DATA, {}, "texts")
    assert twice(same, same) == 2
