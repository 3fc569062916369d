"""Words and their places hold for any text; spellings of one word are one."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.analysis.themes.spelling import fits, has_accents, looks_like_base
from helpers.analysis.themes.words import (
    BREAKS,
    HARD_BREAK,
    NO_BREAK,
    SOFT_BREAK,
    clean,
    fold,
    is_known,
    lemma,
    read_words,
    transliterate,
)

HOSTILE = st.text(
    alphabet=st.sampled_from("aé \u0301\u200b\u202e\u00ad[]._,-'’ßłİıǅŉ\n\r\t*$<>{}\\😀κΣςй"), max_size=60
)


@given(st.one_of(st.text(max_size=80), HOSTILE))
@example("L'e\u0301nergie \u202ecte\u202c [e-mail] ﬁn 3D-Druck")
def test_words_and_what_stands_between_them_make_up_the_text(text):
    read = read_words(text)
    if "[" not in text:
        rebuilt = "".join(gap + word for gap, word in zip(read.gaps, [*read.words, ""], strict=True))
        assert rebuilt == text
    for word, start in zip(read.words, read.starts, strict=True):
        assert text[start : start + len(word)] == word
        assert word[0].isalnum()


@given(st.one_of(st.text(max_size=40), HOSTILE))
def test_folding_twice_is_folding_once(text):
    once = fold(text)
    assert fold(once) == once


@given(st.text(max_size=40))
def test_composed_and_decomposed_forms_fold_alike(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Größe", "grosse"),
        ("ŁÓDŹ", "lodz"),
        ("Đakovo", "dakovo"),
        ("Øresund", "oresund"),
        ("Ενέργειας", "ενεργειασ"),
        ("Йод", "иод"),
        ("ĦADDIEMA", "haddiema"),
        ("țară", "tara"),
        ("ener\u200bgy", "energy"),
        ("ener\u00adgy", "energy"),
        ("ｅｎｅｒｇｙ", "energy"),
        ("\u202eenergy", "energy"),
    ],
)
def test_accents_case_and_invisible_marks_do_not_count(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize("hidden", ["\u200b", "\u200d", "\u00ad", "\u2060", "\ufeff", "\u202e", "\u0301"])
def test_invisible_marks_do_not_divide_a_word(hidden):
    assert len(read_words(f"ener{hidden}gy").words) == 1


def test_apostrophes_and_hyphens_divide_words():
    assert read_words("dell'energia, l’énergie, GMP-Zertifikat").words == [
        "dell", "energia", "l", "énergie", "GMP", "Zertifikat",
    ]  # fmt: skip


def test_what_redaction_put_in_is_no_word_and_shifts_no_place():
    text = "[name] said: call [phone], staff"
    read = read_words(text)
    assert read.words == ["said", "call", "staff"]
    assert read.starts == [text.index("said"), text.index("call"), text.index("staff")]


@pytest.mark.parametrize(
    ("gap", "kind"),
    [
        (" ", NO_BREAK), ("-", NO_BREAK), (".", NO_BREAK), ("/", NO_BREAK), ("'", NO_BREAK), (" '", NO_BREAK),
        (", ", SOFT_BREAK), (": ", SOFT_BREAK), (" (", SOFT_BREAK), ("):", SOFT_BREAK), ("—", SOFT_BREAK),
        (". ", HARD_BREAK), ("; ", HARD_BREAK), ("\n", HARD_BREAK), ("!!", HARD_BREAK), (" - ", HARD_BREAK),
        (" – ", HARD_BREAK), ("…", HARD_BREAK), ("\n• ", HARD_BREAK), (".)", HARD_BREAK), (",; ", HARD_BREAK),
    ],
)  # fmt: skip
def test_what_divides_clauses(gap, kind):
    assert BREAKS[gap] == kind


def test_breaks_are_not_remembered_without_end():
    before = len(BREAKS)
    for number in range(200):
        assert BREAKS[" " * (number + 4)] == NO_BREAK
    assert len(BREAKS) == before


@pytest.mark.parametrize(
    ("word", "language", "base"),
    [
        ("Zertifikate", "de", "zertifikat"), ("ZERTIFIKATE", "de", "zertifikat"), ("firmas", "es", "firma"),
        ("dobavljača", "hr", "dobavljač"), ("surowców", "pl", "surowiec"), ("szállítások", "hu", "szállítás"),
        ("ħaddiema", "mt", None), ("qqqqqqqx", "en", None), ("x" * 5_000, "fi", None),
    ],
)  # fmt: skip
def test_lemmas(word, language, base):
    assert lemma(word, language) == base


def test_a_word_is_known_as_it_is_written_only():
    assert is_known("énergie", "fr")
    assert not is_known("energie", "fr")
    assert not is_known("ħaddiema", "mt")


def test_invisible_marks_are_taken_out_and_forms_composed():
    assert clean("e\u0301ner\u200bgie") == "énergie"


def test_umlauts_in_two_letters():
    assert transliterate("Verfügbarkeit") == "verfuegbarkeit"
    assert transliterate("Energie") is None


@pytest.mark.parametrize(
    ("base", "form", "trusted"),
    [
        ("patent", "patents", True),
        ("pedir", "peça", False),
        ("ár", "áram", False),
        ("energia", "energia", True),
    ],
)
def test_lemmas_far_from_the_form_are_not_trusted(base, form, trusted):
    assert looks_like_base(base, form) is trusted


def test_accents_of_a_term_count_where_the_word_is_known():
    assert not has_accents("pošt", "postupak", False)
    assert has_accents("energ", "énergétique", False)
    assert not has_accents("dat", "dát", True)


@pytest.mark.parametrize(
    ("word", "pieces", "found"),
    [
        ("kernenergiecentrale", ["kern", "centrale"], True),
        ("kerncentrale", ["kern", "centrale"], True),
        ("kern", ["kern", "centrale"], False),
        ("abab", ["aba", "bab"], False),
        ("xkernycentralez", ["", "kern", "centrale", ""], True),
        ("xcentraleykern", ["", "kern", "centrale", ""], False),
    ],
)
def test_a_pattern_fits_in_order_and_without_overlap(word, pieces, found):
    assert fits(word, pieces) is found
