"""The sheets of the invented coders: drawn as stated, wrong as often as stated, the same everywhere."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from helpers.data.catalog import dataset_origin
from helpers.data.coding.codes import QUEUE, RANDOM, Coded
from helpers.data.coding.dataset import coded_dataset, read_coded
from helpers.data.coding.wave_answers import wave_answers
from helpers.data.project import project_root
from helpers.data.sample.coding import CODERS, SHEETS, SIMILAR, coded_sample
from helpers.data.sample.generator import sample_of
from helpers.data.sample.response import Truth
from helpers.data.sample.texts import themes
from helpers.data.sample.vintage import make_sample, respondent_ids
from helpers.data.verify import verify

NAMES = tuple(SHEETS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made")
    raw = root / "data" / "raw"
    raw.mkdir(parents=True)
    shutil.copytree(project_root() / "data" / "raw" / "questionnaires", raw / "questionnaires")
    for name in NAMES:
        make_sample(name, root)
    return root


@cache
def truths(name: str) -> dict[str, Truth]:
    generator = sample_of(name)
    responses = list(generator)
    ids = respondent_ids(responses, generator.profile.tool)
    return {ids[response.number]: response.truth for response in responses if response.number in ids}


def vintage(name: str) -> str:
    return sample_of(name).profile.vintage


def true_themes(root: Path, name: str) -> dict[str, tuple[str, ...]]:
    counted = wave_answers(f"{name}/{vintage(name)}", root).counted
    return {
        answer: truths(name)[respondent].themes.get(question, ())
        for answer, (respondent, question) in counted.items()
    }


def rows_of(root: Path, name: str) -> list[Coded]:
    return read_coded(name, vintage(name), root)


@pytest.mark.parametrize("name", NAMES)
def test_both_coders_read_one_random_sample_of_known_probability(made: Path, name: str) -> None:
    size, queue = SHEETS[name]
    count = len(true_themes(made, name))
    drawn = [row for row in rows_of(made, name) if row.selection == RANDOM]
    by_coder = {coder: {row.answer_id for row in drawn if row.coder == coder} for coder in CODERS}
    assert len(by_coder["coder_1"]) == size
    assert by_coder["coder_1"] == by_coder["coder_2"] <= set(true_themes(made, name))
    assert {round(row.probability or 0, 6) for row in drawn} == {round(size / count, 6)}
    listed = [row for row in rows_of(made, name) if row.selection == QUEUE]
    assert {row.coder for row in listed} == {"coder_1"}
    assert {row.probability for row in listed} == {None}
    assert len({row.answer_id for row in listed} - by_coder["coder_1"]) == queue


def test_the_random_sample_is_one_of_all_answers(made: Path) -> None:
    every = true_themes(made, "vaccine_capacity")
    drawn = {row.answer_id for row in rows_of(made, "vaccine_capacity") if row.selection == RANDOM}
    for theme in ("raw_materials", "regulation", "equipment"):
        share = sum(theme in found for found in every.values()) / len(every)
        assert sum(theme in every[name] for name in drawn) / len(drawn) == pytest.approx(share, abs=0.06)


def test_coders_miss_and_add_themes_as_often_as_stated() -> None:
    from helpers.data.sample.coding import _Read

    answers = [
        _Read(f"a{at:010x}", (themes()[at % 14], themes()[(at + 5) % 14])[: at % 3], False)
        for at in range(12_000)
    ]
    given = {(row.answer_id, row.coder): set(row.themes) for row in coded_sample(answers, 12_000, 0, "x")}
    for coder, habit in CODERS.items():
        true = sum(len(answer.themes) for answer in answers)
        missed = sum(len(set(answer.themes) - given[answer.answer_id, coder]) for answer in answers)
        some = [answer for answer in answers if answer.themes]
        added = sum(bool(given[answer.answer_id, coder] - set(answer.themes)) for answer in some)
        assert missed / true == pytest.approx(habit.missed, abs=0.008)
        assert added / len(some) == pytest.approx(habit.added, abs=0.006)
    assert any(given[answer.answer_id, "coder_1"] != given[answer.answer_id, "coder_2"] for answer in answers)


def test_what_is_added_is_similar_to_what_is_there(made: Path) -> None:
    for name in NAMES:
        true = true_themes(made, name)
        for row in rows_of(made, name):
            near = {other for theme in true[row.answer_id] for other in SIMILAR[theme]}
            assert not true[row.answer_id] or set(row.themes) <= {*true[row.answer_id], *near}
            assert len(row.themes) <= 4


def test_themes_that_are_taken_for_others_are_themes() -> None:
    assert set(SIMILAR) == set(themes())
    assert all(set(near) <= set(themes()) - {theme} for theme, near in SIMILAR.items())


@pytest.mark.parametrize("name", NAMES)
def test_the_dataset_is_as_declared_and_says_that_nobody_coded(made: Path, name: str) -> None:
    dataset = coded_dataset(name, vintage(name))
    assert verify(made, dataset) == []
    assert dataset_origin(dataset, made).kind == "sample"
    readme = (made / "data" / "raw" / dataset / "README.md").read_text(encoding="utf-8")
    assert "Nobody coded" in readme
    assert "misses 7.0% of the themes" in readme


def test_codes_of_people_who_try_it_out_stay(made: Path) -> None:
    name = "medical_supplies"
    path = made / "data" / "raw" / coded_dataset(name, vintage(name)) / "coded.csv"
    before = path.read_bytes()
    from helpers.data.coding.dataset import write_coded

    rows = rows_of(made, name)
    own = Coded(rows[0].answer_id, "coder_7", ("energy",), rows[0].selection, rows[0].probability)
    answers = len(true_themes(made, name))
    write_coded(name, vintage(name), [*rows, own], {}, answers=answers, root=made)
    assert make_sample(name, made).changed is False
    assert own.key in {row.key for row in rows_of(made, name)}
    write_coded(name, vintage(name), rows, {}, answers=answers, root=made)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_codes_are_what_the_generator_makes(made: Path, name: str) -> None:
    dataset = coded_dataset(name, vintage(name))
    committed = project_root() / "data" / "raw" / dataset
    if not committed.is_dir():
        pytest.skip(f"data/raw/{dataset} is not there; run `evidence sample`")
    for file in ("coded.csv", "README.md"):
        assert (committed / file).read_bytes() == (made / "data" / "raw" / dataset / file).read_bytes()
