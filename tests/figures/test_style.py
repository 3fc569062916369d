"""The one style: fonts that are there, colours that can be told apart, sizes that can be read."""

import itertools

import matplotlib
import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib.colors import to_rgb

from helpers.figures import style

# Machado, Oliveira and Fernandes (2009), severity 1.0: how people see who lack one kind of cone.
DEFICIENCIES = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour):
    value = np.array(to_rgb(colour))
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    light, dark = sorted((float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """CIE L*a*b* (D65) of linear RGB."""
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    scaled = matrix @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    root = np.where(scaled > 0.008856, np.cbrt(scaled), 7.787 * scaled + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def seen(colour, deficiency):
    return lab(np.array(DEFICIENCIES[deficiency]) @ linear(colour))


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_the_project_font_is_found_with_its_fallback(weight):
    for family in style.FONT_FAMILY:
        properties = font_manager.FontProperties(family=family, weight=weight)
        path = font_manager.findfont(properties, fallback_to_default=False)
        assert family.replace(" ", "") in path.replace("-", "")


def test_defaults_hold_for_the_whole_process():
    assert matplotlib.rcParams["text.parse_math"] is False
    assert matplotlib.rcParams["font.family"] == style.FONT_FAMILY
    assert matplotlib.rcParams["svg.fonttype"] == "path"


def test_no_text_is_below_eight_points_on_a_telephone():
    assert min(style.NARROW.small_pt, style.NARROW.font_pt, style.WIDE.small_pt) >= 8
    # 390 px less margins of 16 px: the picture is shown no smaller than drawn.
    assert style.NARROW.width_in * 96 <= 390 - 2 * 16


@pytest.mark.parametrize("colour", [style.INK, style.MUTED])
def test_text_stands_out_from_paper_sea_and_land(colour):
    for ground in (style.PAPER, style.SEA, style.LAND):
        assert contrast(colour, ground) >= 4.5


@pytest.mark.parametrize("colour", [style.DATA, style.HIGHLIGHT])
def test_marks_stand_out_from_paper(colour):
    assert contrast(colour, style.PAPER) >= 3


def test_white_text_can_be_read_on_dark_classes():
    assert contrast(style.ON_DARK, style.RAMP[3]) >= 4.5
    assert contrast(style.ON_DARK, style.RAMP[4]) >= 4.5


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_colours_are_told_apart_with_any_colour_blindness(deficiency):
    families = [style.RAMP, (style.DATA, style.SOFT, style.HIGHLIGHT), (*style.RAMP, style.NO_DATA)]
    for family in families:
        for one, other in itertools.combinations(family, 2):
            distance = np.linalg.norm(seen(one, deficiency) - seen(other, deficiency))
            assert distance > 8, (one, other)


def test_the_ramp_gets_darker_step_by_step():
    light = [lab(linear(colour))[0] for colour in style.RAMP]
    assert light == sorted(light, reverse=True)
    assert min(-np.diff(light)) > 8


def test_each_themed_colour_has_its_own_variable_and_no_ramp_colour_is_themed():
    assert len(set(style.THEME.values())) == len(style.THEME)
    assert not set(style.THEME) & {*style.RAMP, style.NO_DATA, style.ON_DARK, *style.ACCENTS}


def test_figures_stay_out_of_pyplot():
    from matplotlib import pyplot

    style.figure(style.WIDE, 2)
    assert pyplot.get_fignums() == []
