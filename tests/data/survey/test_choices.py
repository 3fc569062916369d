"""Answers to choose from are found by code and by label in any language, whatever a tool puts around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.questionnaires.model import Choice
from helpers.data.survey.choices import Choices, UnknownChoiceError

LABELS = {
    "vials": {"en": "Vials, closures; stoppers", "de": "Fläschchen", "fr": "Flacons, bouchons"},
    "trays": {"en": "Trays", "de": "Schalen", "fr": "Plateaux"},
    "boxes_large": {"en": "Boxes (large)", "de": "Kisten", "fr": "Caisses"},
    "other": {"en": "Other, please say", "de": "Andere", "fr": "Autre"},
}
LISTED = [Choice(code=code, label=label) for code, label in LABELS.items()]
SEPARATORS = {
    "eusurvey": [";"],
    "forms": [";"],
    "google": [", ", ";"],
    "odk": [" "],
    "plain": [";", "|", ",", "\n"],
}


@pytest.mark.parametrize(
    "raw",
    ["vials", "VIALS", " Vials, closures; stoppers ", "fläschchen", "Flaschchen (ID12)", "Anything (vials)"],
)
def test_one_choice_by_code_or_label(raw):
    assert Choices(LISTED).one(raw) == "vials"


@given(
    st.lists(st.sampled_from(sorted(LABELS)), min_size=1, max_size=4, unique=True),
    st.sampled_from(["en", "de", "fr"]),
    st.sampled_from(["; ", ";", ", ", " (ID3);"]),
)
def test_several_choices_come_back_whatever_the_labels_hold(codes, language, joint):
    separators = [", "] if joint == ", " else [";"]
    end = joint if joint != ", " else ""
    raw = joint.join(LABELS[code][language] for code in codes) + end
    expected = ";".join(code for code in LABELS if code in codes)
    assert Choices(LISTED).many(raw, separators) == expected


def test_codes_with_blanks_between_them():
    assert Choices(LISTED).many("trays boxes_large", [" "]) == "trays;boxes_large"


@pytest.mark.parametrize("raw", ["Bottles", "Trays;Bottles", "vials trays x", "; ;x"])
def test_what_is_no_choice_is_never_guessed(raw):
    with pytest.raises(UnknownChoiceError):
        Choices(LISTED).many(raw, [";", " "])


def test_a_decision_of_a_person_counts_first():
    decided = Choices(LISTED, values={"A1": "trays", "Bottles": "vials"})
    assert decided.one("A1") == "trays"
    assert decided.many("A1;bottles", [";"]) == "vials;trays"


@pytest.mark.parametrize(
    ("raw", "ticked"),
    [("Y", True), ("Oui", True), ("1", True), ("Schalen", True), ("", False), ("N/A", False), ("0", False)],
)
def test_a_column_that_stands_for_one_choice(raw, ticked):
    assert Choices(LISTED).ticked(raw, "trays") is ticked


def test_a_column_that_stands_for_one_choice_and_holds_another():
    with pytest.raises(UnknownChoiceError):
        Choices(LISTED).ticked("Kisten", "trays")


def test_a_label_that_two_choices_share_decides_nothing():
    shared = [Choice(code="a", label={"en": "Same"}), Choice(code="b", label={"en": "same"})]
    with pytest.raises(UnknownChoiceError):
        Choices(shared).one("Same")
    assert Choices(shared).one("a") == "a"


def test_a_cell_with_thousands_of_separators_ends_soon():
    with pytest.raises(UnknownChoiceError):
        Choices(LISTED).many(";".join(["x"] * 10_000), [";"])
