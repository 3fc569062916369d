"""The invented answers have the properties that docs/sample_data.md states, and are the same everywhere."""

import hashlib
import re
import subprocess
import sys
from collections import Counter
from functools import cache

import pytest

from helpers.data.questionnaires.definition import load_questionnaire, questionnaire_names
from helpers.data.sample.amounts import SAID
from helpers.data.sample.companies import world
from helpers.data.sample.dice import Dice
from helpers.data.sample.generator import Generator, sample_of
from helpers.data.sample.large import in_large_numbers
from helpers.data.sample.profile import EU27
from helpers.data.sample.response import Response
from helpers.data.sample.texts import HOSTILE, LANGUAGES, phrases, themes
from helpers.data.sample.writing import BARE, MISTYPED, as_typed, without_accents

NAMES = ("vaccine_capacity", "medical_supplies", "printing_3d")


@cache
def sample(name: str) -> list[Response]:
    return list(sample_of(name))


def stages_of(name: str) -> dict[str, str]:
    return {item.code: item.stage for item in load_questionnaire(name).items.list}


def digest(responses: list[Response]) -> str:
    return hashlib.sha256(repr(responses).encode()).hexdigest()


def test_every_questionnaire_of_the_project_has_a_profile_of_its_own() -> None:
    assert set(questionnaire_names()) >= set(NAMES)


@pytest.mark.parametrize(
    ("name", "count"), [("vaccine_capacity", 600), ("medical_supplies", 400), ("printing_3d", 150)]
)
def test_there_are_as_many_answers_as_stated(name: str, count: int) -> None:
    assert [response.number for response in sample(name)] == list(range(1, count + 1))


def test_the_same_seed_gives_the_same_answers_in_another_process_with_another_hash_seed() -> None:
    code = (
        "import hashlib; from helpers.data.sample.generator import sample_of; "
        "print(hashlib.sha256(repr(list(sample_of('printing_3d'))).encode()).hexdigest())"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "12345", "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert found.stdout.strip() == digest(sample("printing_3d")), found.stderr


def test_an_answer_does_not_depend_on_those_made_before_it() -> None:
    alone = sample_of("vaccine_capacity").response(417)
    assert alone == sample("vaccine_capacity")[416]


@pytest.mark.parametrize("name", NAMES)
def test_answers_hold_only_what_the_questionnaire_allows(name: str) -> None:
    questionnaire = load_questionnaire(name)
    for response in sample(name):
        assert list(response.answers) == [question.code for question in questionnaire.questions]
        for question in questionnaire.questions:
            answer = response.answers[question.code]
            assert isinstance(answer, tuple) == (question.type == "select_multiple")
            if question.choices:
                given = answer if isinstance(answer, tuple) else (answer,) if answer else ()
                assert set(given) <= set(questionnaire.codes(question.choices))
        for capacity in response.capacities:
            item = questionnaire.item(capacity.product)
            assert capacity.fields["unit"] in ("", *item.units)
        assert response.language in questionnaire.languages


def test_every_member_state_answers_the_vaccine_questionnaire_and_some_are_missing_at_stages() -> None:
    stage = stages_of("vaccine_capacity")
    by_stage: dict[str, set[str]] = {}
    for response in sample("vaccine_capacity"):
        for capacity in response.capacities:
            by_stage.setdefault(stage[capacity.product], set()).add(response.truth.country)
    assert {response.answers["country"] for response in sample("vaccine_capacity")} >= set(EU27)
    assert len(by_stage) == 9
    assert all(len(set(EU27) - countries) >= 1 for countries in by_stage.values())
    assert len(by_stage["active_substance"] & set(EU27)) <= 15


def test_products_hang_on_one_country_or_on_one_respondent() -> None:
    makers: dict[str, set[tuple[str, int]]] = {}
    for response in sample("vaccine_capacity"):
        who = (response.truth.country, response.truth.duplicate_of or response.number)
        for capacity in response.capacities:
            makers.setdefault(capacity.product, set()).add(who)
    assert set(makers) == {item.code for item in load_questionnaire("vaccine_capacity").items.list}
    assert any(len(found) == 1 for found in makers.values())
    assert {country for country, _ in makers["bioreactor_bags"]} == {"SE"}


def test_shares_of_countries_follow_their_weights() -> None:
    found = Counter(response.truth.country for response in sample("vaccine_capacity"))
    total = sum(country.weight for country in world().values())
    for code in ("DE", "IT", "FR", "ES", "PL"):
        assert found[code] / 600 == pytest.approx(world()[code].weight / total, rel=0.12)


@pytest.mark.parametrize("name", NAMES)
def test_about_one_in_forty_answers_is_a_double_of_an_earlier_one(name: str) -> None:
    doubles = [response for response in sample(name) if response.truth.duplicate_of]
    assert 0.01 <= len(doubles) / len(sample(name)) <= 0.04
    for double in doubles:
        original = sample(name)[double.truth.duplicate_of - 1]
        assert original.number < double.number
        assert original.truth.duplicate_of is None
        assert original.truth.country == double.truth.country
        assert original.truth.company != double.truth.company
        products = [capacity.product for capacity in original.capacities]
        assert products == [capacity.product for capacity in double.capacities]


def test_consent_is_mostly_withheld() -> None:
    given = Counter(response.answers["consent"] or "totals" for response in sample("vaccine_capacity"))
    assert given["totals"] / 600 == pytest.approx(0.55, abs=0.06)
    assert given["anonymous"] / 600 == pytest.approx(0.30, abs=0.06)
    assert given["whole"] / 600 == pytest.approx(0.15, abs=0.05)


def test_amounts_have_a_heavy_tail() -> None:
    by_product: dict[str, list[float]] = {}
    for response in sample("vaccine_capacity"):
        for true in response.truth.capacities:
            by_product.setdefault(true.product, []).append(true.amount)
    shares = []
    for amounts in by_product.values():
        if len(amounts) >= 50:
            top = sorted(amounts, reverse=True)[: len(amounts) // 10]
            shares.append(sum(top) / sum(amounts))
    assert len(shares) >= 8
    assert sum(shares) / len(shares) > 0.5  # the largest tenth holds more than half


def test_true_amounts_are_plausible_and_stated_ends_hold_them() -> None:
    items = {item.code: item for item in load_questionnaire("vaccine_capacity").items.list}
    for response in sample("vaccine_capacity"):
        for true in response.truth.capacities:
            bounds = items[true.product].plausible
            assert bounds.min * 0.8 <= true.amount <= bounds.max, true
            if true.said in ("exact", "about", "range", "at_least", "at_most"):
                assert true.low is not None
                assert true.low <= true.amount * 1.0000001
                assert true.high is None or true.amount <= true.high * 1.0000001


def test_every_way_of_saying_an_amount_occurs_with_its_share() -> None:
    said = [true.said for name in NAMES for response in sample(name) for true in response.truth.capacities]
    found = Counter(said)
    for way, share in SAID.items():
        assert found[way] / len(said) == pytest.approx(share, abs=0.03), way
        assert found[way] > 0


def test_notations_of_several_languages_occur() -> None:
    texts = [c.fields["amount"] for name in NAMES for response in sample(name) for c in response.capacities]
    for pattern in (
        r"^\d{1,3}(\.\d{3})+$",
        r"^\d{1,3}(,\d{3})+$",
        r"^\d{1,3}([ \u00a0]\d{3})+$",
        r"\u202f",
        r"^\d+,\d+$",
        r"\d\s?k\b",
        r"Mio",
        r"tys",
        r"^\d+-\d+",
        r"^(more than|over|>|at least)",
        r"^(über|mehr als|mindestens|mind\.)",
        r"\d\+$",
        r"^-\d+$",
        r"(per|pro|par|al|a) (week|Woche|semaine|semana|settimana)",
    ):
        assert any(re.search(pattern, text) for text in texts), pattern


def test_hostile_answers_and_contact_details_stand_in_the_texts() -> None:
    texts = [
        str(response.answers[code])
        for name in NAMES
        for response in sample(name)
        for code in ("difficulties", "bottlenecks")
    ]
    assert all(hostile in texts for hostile in HOSTILE)
    assert sum("@" in text and ".example" in text for text in texts) >= 5
    assert sum(bool(re.search(r"\d{3}.?\d{2}", text)) for text in texts) >= 3


def test_names_and_addresses_are_invented_and_cannot_be_reached() -> None:
    for name in NAMES:
        for response in sample(name):
            assert response.truth.company.lower().startswith("sample ")
            assert str(response.answers["email"]) == "" or str(response.answers["email"]).endswith(".example")
            assert str(response.answers["website"]) == "" or ".example" in str(response.answers["website"])


def test_phone_numbers_are_of_ranges_kept_for_fiction() -> None:
    ranges = re.compile(
        r"(01 99 00|02 61 91|\+33 4 65 71) \d\d \d\d|030 23125 \d{3}|\+49 69 90009 \d{3}|\(089\) 99998-\d{3}"
        r"|(020|0044 20) 7946 0\d{3}|\+44 1632 960\d{3}|020 912 \d{4}|08-465 004 \d\d|\+46 31 390 06 \d\d"
        r"|\+1 202 555 01\d\d"
    )
    phones = {str(r.answers["phone"]) for name in NAMES for r in sample(name)} - {""}
    assert len(phones) > 300
    assert [phone for phone in phones if not ranges.fullmatch(phone)] == []


def test_texts_are_written_in_all_languages_of_the_union_and_speak_of_fourteen_themes() -> None:
    assert len(LANGUAGES) == 24
    for language in LANGUAGES:
        known = phrases(language)
        assert tuple(known["themes"]) == themes(), language
        for theme, entry in known["themes"].items():
            assert len(set(entry["trouble"])) >= 3, (language, theme)
            assert all(isinstance(text, str) and text for text in (*entry["trouble"], entry["fine"]))
        for key in ("nothing", "openings", "turns", "ands", "contact"):
            assert all(isinstance(text, str) for text in known[key]), (language, key)
    assert len(themes()) == 14
    complained = {
        theme
        for name in NAMES
        for response in sample(name)
        for found in response.truth.themes.values()
        for theme in found
    }
    assert complained == set(themes())


def written() -> list[tuple[Response, str, tuple[str, ...]]]:
    """Return all texts with the languages in which they were made, hostile and missing ones left out."""
    return [
        (response, str(response.answers[code]), found)
        for name in NAMES
        for response in sample(name)
        for code, found in response.truth.languages.items()
        if found
    ]


def test_respondents_write_in_the_languages_of_their_countries() -> None:
    assert len(written()) > 1500
    assert {found[0] for _, _, found in written()} == set(LANGUAGES)
    own = {"BG": "bg", "HU": "hu", "SK": "sk", "HR": "hr", "FI": "fi", "DK": "da", "LT": "lt", "IT": "it"}
    for country, language in own.items():
        used = Counter(found[0] for response, _, found in written() if response.truth.country == country)
        assert used[language] / sum(used.values()) > 0.5, country


def test_some_answers_mix_two_languages_in_clauses_of_their_own() -> None:
    mixed = [(text, found) for _, text, found in written() if len(found) > 1]
    assert 0.02 < len(mixed) / len(written()) < 0.1
    assert {found[1] for _, found in mixed} == {"en", "de"}
    english = {
        text.lower()
        for entry in phrases("en")["themes"].values()
        for text in (*entry["trouble"], entry["fine"])
    }
    both = [text for text, found in mixed if found[1] == "en"]
    assert sum(any(phrase in text.lower() for phrase in english) for text in both) > 0.5 * len(both)


def test_some_answers_hold_slips_and_some_are_typed_without_accents() -> None:
    texts = [f"answer {at}: leveranstiden för råvaror, dostawca składników" for at in range(2000)]
    typed = [as_typed(text, Dice(text)) for text in texts]
    bare = sum(one == without_accents(text) for one, text in zip(typed, texts, strict=True))
    changed = sum(one != text for one, text in zip(typed, texts, strict=True))
    assert bare / 2000 == pytest.approx(BARE, abs=0.02)
    assert (changed - bare) / 2000 == pytest.approx(MISTYPED, abs=0.02)


def test_how_somebody_writes_moves_no_other_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.data.sample.other_answers.as_typed", lambda text, dice: text.upper())
    monkeypatch.setattr("helpers.data.sample.other_answers.written_language", lambda firm, dice: "mt")
    texts = {"difficulties", "bottlenecks"}
    for response, before in zip(sample_of("printing_3d"), sample("printing_3d"), strict=True):
        assert response.truth.themes == before.truth.themes
        for code, answer in response.answers.items():
            assert code in texts or answer == before.answers[code], (response.number, code)


def test_an_answer_without_complaint_has_no_theme() -> None:
    for response in sample("vaccine_capacity"):
        for code, found in response.truth.themes.items():
            text = str(response.answers[code])
            if text in ("", "-", "None", "no problems", "keine Probleme", *HOSTILE):
                assert found == (), text


def test_a_question_is_answered_only_where_its_condition_holds() -> None:
    for response in sample("vaccine_capacity"):
        if response.answers["conversion_months"]:
            assert "could_convert" in response.answers["activities"]


def test_a_questionnaire_without_a_profile_is_answered_too() -> None:
    questionnaire = load_questionnaire("vaccine_capacity").model_copy(update={"name": "another"})
    from helpers.data.questionnaires.units import load_units
    from helpers.data.sample.profiles import profile_of

    made = list(Generator(questionnaire, profile_of("another"), load_units()))
    assert len(made) == 100
    assert {c.product for r in made for c in r.capacities} <= {item.code for item in questionnaire.items.list}
    assert sum(len(r.capacities) for r in made) > 100


def test_large_numbers_are_copies_of_other_firms_with_other_amounts() -> None:
    made = list(in_large_numbers(sample_of("printing_3d", respondents=700), distinct=100))
    assert [response.number for response in made] == list(range(1, 701))
    for code in ("company", "email"):
        given = [str(response.answers[code]) for response in made if response.answers[code]]
        assert len(set(given)) > 0.98 * len(given)
    for at in (120, 350, 699):
        copied, original = made[at], made[at % 100]
        assert [c.product for c in copied.capacities] == [c.product for c in original.capacities]
        assert copied.answers["country"] == original.answers["country"]
    assert sum(made[at].capacities != made[at % 100].capacities for at in range(100, 700)) > 500


def test_some_answers_are_broken_off_after_the_first_question() -> None:
    broken = [response for response in sample("vaccine_capacity") if response.truth.broken_off]
    assert 1 <= len(broken) <= 12
    for response in broken:
        assert response.capacities == ()
        assert not any(answer for code, answer in response.answers.items() if code != "company")
    assert not any(response.truth.broken_off for response in sample("printing_3d"))
