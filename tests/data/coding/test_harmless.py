"""What strangers wrote can be shown in a cell: nothing turns, hides or overflows."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.data.coding.harmless import LONGEST, harmless

HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(alphabet=st.characters(codec=None), max_size=60))
@example("\ud800 half a letter")
@example("a\u2028b\u2029c\x85d\x0be\x0cf\r\ng\rh")
@example("\U000e0041 tag")
def test_nothing_is_left_that_cannot_be_seen(text: str) -> None:
    shown = harmless(text)
    assert [mark for mark in shown if mark != "\n" and unicodedata.category(mark) in HIDDEN] == []


@given(st.text(min_size=0, max_size=80), st.integers(20, 70))
def test_no_text_is_longer_than_a_cell_holds_and_what_is_cut_says_so(text: str, longest: int) -> None:
    shown = harmless(text, longest)
    assert units(shown) <= longest
    assert shown == harmless(text) or shown.endswith(f"[cut: {len(text)}]")


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200f", "\u200b", "\ufeff", "\x00", "\x1b", "\x7f"])
def test_marks_that_turn_or_hide_text_are_shown_by_their_number(mark: str) -> None:
    assert harmless(f"invoice{mark}fdp.exe") == f"invoice[U+{ord(mark):04X}]fdp.exe"


def test_words_of_all_languages_stay_as_they_are() -> None:
    for text in (
        "ελλείψεις, 50 % — «γάντια»",
        "недостиг на чл. 12",
        "l-iskart ta' għalina",
        "žaliavų; 1.200,5",
        "€ 🙂",
    ):
        assert harmless(text) == text


def test_a_text_of_100_kb_is_cut_at_the_limit_of_a_cell() -> None:
    for letter in ("a", "🙂", "\u202e", "\n"):
        shown = harmless(letter * 100_000)
        assert units(shown) <= LONGEST
        assert shown.endswith("[cut: 100000]")
        assert shown.count("\n") < 253


def test_letters_beyond_the_first_plane_are_not_cut_in_half() -> None:
    for longest in range(20, 40):
        harmless("🙂" * 50, longest).encode("utf-8")


def test_what_a_workbook_takes_for_an_escape_is_parted() -> None:
    assert harmless("_x003D_cmd _x202E_") == "_ x003D_cmd _ x202E_"
