"""A questionnaire is complete, private by default, and a mistake in it is named with its place."""

import contextlib
import copy
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.cells import country_codes
from helpers.data.errors import InputError
from helpers.data.questionnaires.definition import (
    load_questionnaire,
    questionnaire_names,
)
from helpers.data.questionnaires.model import CONSENT_CODES
from helpers.data.questionnaires.units import load_units

OXYGEN = yaml.safe_load(Path(__file__).with_name("oxygen.yml").read_text(encoding="utf-8"))
NAMES = ("medical_supplies", "printing_3d", "vaccine_capacity")
LANGUAGES = ["en", "fr", "de", "es", "it", "pl"]
EU = set(re.findall("..", "ATBEBGHRCYCZDKEEFIFRDEELHUIEITLVLTLUMTNLPLPTROSKSIESSE"))
STAGES = [
    "raw_materials",
    "active_substance",
    "formulation",
    "fill_and_finish",
    "vials",
    "syringes",
    "packaging",
    "storage",
    "distribution",
]


@pytest.fixture(scope="module", params=NAMES)
def questionnaire(request):
    return load_questionnaire(request.param)


def test_there_are_three():
    assert tuple(questionnaire_names()) == NAMES


def test_every_text_is_there_in_six_languages(questionnaire):
    assert questionnaire.languages == LANGUAGES
    for place, text in questionnaire.texts():
        assert [language for language in LANGUAGES if not text.get(language)] == [], place


def test_no_sentence_was_left_in_english(questionnaire):
    """A text of several words that reads the same in English and another language was not translated."""
    for place, text in questionnaire.texts():
        if len(text["en"]) > 45:
            same = [language for language in LANGUAGES[1:] if text[language] == text["en"]]
            assert same == [], place


def test_consent_is_asked_and_its_default_is_the_most_private(questionnaire):
    consent = questionnaire.role("consent")
    assert not consent.required
    assert tuple(questionnaire.codes(consent.choices)) == CONSENT_CODES


def test_who_answers_is_restricted(questionnaire):
    restricted = {question.code for question in questionnaire.restricted()}
    assert restricted == {"company", "contact_name", "email", "phone", "website"}


def test_difficulties_and_bottlenecks_are_asked_in_own_words(questionnaire):
    for role in ("difficulty", "bottleneck"):
        assert questionnaire.role(role).type == "long_text"


def test_a_question_is_restricted_unless_it_says_otherwise(project, oxygen):
    del oxygen["questions"][3]["visibility"]
    root = project.write(oxygen)
    assert load_questionnaire("oxygen", root).question("purity").visibility == "restricted"


def test_countries_are_eurostats_and_hold_the_eu(questionnaire):
    codes = questionnaire.codes("countries")
    assert set(codes[:27]) == EU
    assert set(codes) <= country_codes("eurostat")
    assert not {"GR", "GB"} & set(codes)


def test_vaccine_capacity_has_the_nine_stages_each_with_products():
    vaccine = load_questionnaire("vaccine_capacity")
    assert [stage.code for stage in vaccine.stages()] == STAGES
    assert {item.stage for item in vaccine.items.list} == set(STAGES)


def test_every_stage_has_a_product(questionnaire):
    assert {item.stage for item in questionnaire.items.list} == {s.code for s in questionnaire.stages()}


def test_flat_columns_are_product_and_field(questionnaire):
    names = [column.name for column in questionnaire.columns()]
    assert len(set(names)) == len(names) == len(questionnaire.items.list) * len(questionnaire.items.fields)
    assert all(column.name == f"{column.item.code}_{column.field.code}" for column in questionnaire.columns())


@pytest.mark.parametrize(
    ("code", "base_unit", "factor"),
    [
        ("units_week", "units/month", 365.2425 / 12 / 7),
        ("units_day", "units/month", 365.2425 / 12),
        ("million_doses_year", "doses/month", 1e6 / 12),
        ("million_units_week", "units/month", 1e6 * 365.2425 / 12 / 7),
        ("cubic_metres_month", "litres/month", 1000),
        ("grams_month", "kilograms/month", 0.001),
        ("tonnes_year", "kilograms/month", 1000 / 12),
        ("pallet_places", "pallet places", 1),
    ],
)
def test_units_convert_by_the_length_of_a_mean_month(code, base_unit, factor):
    unit = load_units()[code]
    assert unit.base_unit == base_unit
    assert unit.factor == pytest.approx(factor, rel=1e-12)


def test_a_base_unit_has_one_dimension():
    units = load_units().values()
    assert len({unit.base_unit for unit in units}) == len({(u.base_unit, u.dimension) for u in units})


def test_the_label_of_a_unit_in_any_language_is_one_of_its_spellings(questionnaire):
    units = load_units()
    for choice in questionnaire.choices["units"]:
        spellings = {spelling.casefold() for spelling in units[choice.code].spellings}
        assert {label.casefold() for label in choice.label.values()} <= spellings, choice.code


@pytest.mark.parametrize("lines", [["a,units/month,1,x,pcs,m", "b,units/month,2,x,PCS,m"]])
def test_a_spelling_for_two_units_is_refused(project, lines):
    head = "code,base_unit,factor,dimension,spellings,meaning"
    (project.folder / "units.csv").write_text("\n".join([head, *lines]) + "\n")
    with pytest.raises(InputError, match="spelling 'PCS' stands for both a and b"):
        load_units(project.root)


@pytest.mark.parametrize("factor", ["0", "-1", "nan", "inf", "x", "", "1e400"])
def test_a_factor_that_is_no_positive_number_is_refused(project, factor):
    head = "code,base_unit,factor,dimension,spellings,meaning"
    (project.folder / "units.csv").write_text(f"{head}\na,b,{factor},c,,d\n")
    with pytest.raises(InputError, match=r"units\.csv: row 2: column factor: found"):
        load_units(project.root)


def changed(definition, path, value):
    """Return a definition with one entry replaced, or taken out where the value is None."""
    *way, last = path
    place = definition
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return definition


PURITY = OXYGEN["questions"][3]
MISTAKES = [
    (("version",), "March", "version: found 'March'"),
    (("title",), {"en": "Only English"}, "title: no text in fr"),
    (("title",), None, "title: missing"),
    (("colour",), "red", "colour: unknown key"),
    (("name",), "other", "name: found 'other', allowed: 'oxygen'"),
    (("languages",), ["fr"], "allowed: en and others"),
    (("languages",), ["en", "xx"], "languages: unknown locale 'xx'"),
    (("questions", 0), {"use": "compny"}, "use: found 'compny', shared.yml offers: company"),
    (("questions", 3, "choices"), "puritie", "question purity: choices: no list 'puritie'"),
    (("questions", 3, "choices"), None, "questions purity: choices (the name of a list) is needed"),
    (("questions", 3, "code"), "language", "code 'language' is reserved"),
    (("questions", 3, "code"), "cylinders_amount", "column 'cylinders_amount' would be there twice"),
    (("questions", 3, "code"), "Purity!", "questions Purity! code: found 'Purity!'"),
    (("questions", 3, "type"), "choice", "questions purity type: found 'choice'"),
    (("questions", 3, "role"), "country", "role country: held by 2 questions, allowed: one"),
    (("questions", 3, "role"), "amount", "question purity: role amount belongs to a field of items"),
    (("questions", 3, "label", "en"), "Pay ${company}", "questions purity label en: found 'Pay ${company}'"),
    (("questions", 4, "only_if"), {"question": "permit", "any_of": ["x"]}, "is no choice question that is"),
    (("questions", 4, "only_if"), {"question": "purity", "any_of": ["x"]}, "only_if: no choice 'x'"),
    (("questions", 2), {**PURITY, "code": "mail", "type": "email"}, "questions mail: choices (the name"),
    (("questions", 6), {**PURITY, "code": "other"}, "role consent: no question has it"),
    (("questions", 6, "choices"), "purity", "select_one with totals, anonymous, whole in this order"),
    (("questions", 2, "visibility"), "public", "question email: visibility: found 'public'"),
    (("questions", 2, "section"), "respondent", "but the questionnaire has no sections"),
    (("questions", 2, "min"), 3, "found min or max with type email"),
    (("choices", "stages", 0, "code"), "bottling", "choices stages: code 'bottling' is given twice"),
    (("choices", "stages"), None, "no list 'stages'"),
    (("items", "list", 0, "stage"), "selling", "product oxygen_liquid: stage: found 'selling'"),
    (("items", "list", 0, "units"), ["litres_moon"], "'litres_moon' is not in units.csv"),
    (("items", "list", 0, "units"), ["units_week"], "'units_week' converts to 'units/month'"),
    (("items", "list", 0, "plausible", "max"), 1, "items list oxygen_liquid plausible: min is greater than"),
    (("items", "fields", 0, "visibility"), "restricted", "field amount: visibility: found 'restricted'"),
    (("items", "fields"), [], "items fields: found []"),
]


@pytest.mark.parametrize(("path", "value", "message"), MISTAKES)
def test_a_mistake_is_named_with_file_and_place(project, oxygen, path, value, message):
    root = project.write(changed(oxygen, path, value))
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        load_questionnaire("oxygen", root)
    for problem in caught.value.problems:
        assert problem.startswith("data/raw/questionnaires/oxygen.yml: ")
        assert "\n" not in problem


def test_several_mistakes_are_told_at_once(project, oxygen):
    oxygen["items"]["list"][0]["stage"] = "selling"
    oxygen["title"] = {"en": "Only English"}
    with pytest.raises(InputError) as caught:
        load_questionnaire("oxygen", project.write(oxygen))
    assert len(caught.value.problems) == 2


def test_an_unknown_questionnaire_gets_the_nearest_name():
    with pytest.raises(InputError, match="did you mean vaccine_capacity"):
        load_questionnaire("vacine_capacity")


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "shared", "origin", ""])
def test_a_name_that_is_no_questionnaire_opens_nothing(name):
    with pytest.raises(InputError, match="no questionnaire"):
        load_questionnaire(name)


def test_a_questionnaire_may_not_take_the_folder_of_a_dataset(project, oxygen):
    root = project.write(oxygen)
    (root / "data" / "raw" / "oxygen").mkdir()
    (root / "data" / "raw" / "oxygen" / "origin.yml").write_text("title: x\n")
    with pytest.raises(InputError, match="data/raw/oxygen is a dataset"):
        load_questionnaire("oxygen", root)


@pytest.mark.parametrize("text", ["", "- a", "{", "a: 1\na: 2", "name: &x [*x]", "questions: yes"])
def test_a_file_that_is_no_definition_is_refused(project, text):
    root = project.write(text)
    with pytest.raises(InputError, match=r"data/raw/questionnaires/oxygen\.yml"):
        load_questionnaire("oxygen", root)


def places(value, path=()):
    """Return the path of every entry of nested mappings and lists."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for key, inner in pairs for found in places(inner, (*path, key))]


ODDITIES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.just({"use": "consent"}),
)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(places(OXYGEN)), ODDITIES), min_size=1, max_size=3))
def test_a_broken_definition_loads_or_is_explained(lasting_project, changes):
    definition = copy.deepcopy(OXYGEN)
    for path, value in changes:
        with contextlib.suppress(KeyError, IndexError, TypeError):  # an earlier change took the place away
            changed(definition, path, copy.deepcopy(value))
    root = lasting_project.write(definition)
    problems = []
    try:
        load_questionnaire("oxygen", root)
    except InputError as error:
        problems = error.problems
    assert all(problem.startswith("data/raw/questionnaires/oxygen.yml: ") for problem in problems)
