"""Waves up to one, and datasets that need not be, are noted: a report is built again when they come."""

from pathlib import Path

import pytest

from helpers.reports.inputs import InputsRead
from helpers.reports.waves import Wave

ORIGIN = "title: 'Capacity: answers of a wave'\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        "helpers.reports.inputs.find_wave",
        lambda questionnaire, vintage, root: Wave(questionnaire, vintage, "Capacity", frozenset()),
    )
    for vintage in ("2020-04", "2021-03-sample", "2021-03", "2021-06-sample", "2022-01"):
        (tmp_path / "data" / "raw" / "vaccine_capacity" / vintage).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("vintage", "expected"),
    [
        ("2021-03", ["2020-04", "2021-03"]),
        ("2021-06-sample", ["2021-03-sample", "2021-06-sample"]),
        ("2020-04", ["2020-04"]),
    ],
)
def test_waves_of_the_same_kind_up_to_one_are_given_oldest_first(
    root: Path, vintage: str, expected: list[str]
) -> None:
    inputs = InputsRead(root)
    found = inputs.waves_until(Wave("vaccine_capacity", vintage, "Capacity", frozenset()))
    assert [wave.vintage for wave in found] == expected
    assert len(inputs.reads()["vintages"]["vaccine_capacity"]) == 5


def test_a_dataset_that_is_not_there_is_noted_as_missing(root: Path) -> None:
    inputs = InputsRead(root)
    assert not inputs.has("coded_vaccine_capacity_2021_03")
    assert inputs.reads()["origins"] == {"coded_vaccine_capacity_2021_03": None}


def test_a_dataset_that_is_there_is_noted_when_it_is_read_and_not_before(root: Path) -> None:
    folder = root / "data" / "raw" / "coded_vaccine_capacity_2021_03"
    folder.mkdir()
    (folder / "origin.yml").write_text(ORIGIN, encoding="utf-8")
    inputs = InputsRead(root)
    assert inputs.has("coded_vaccine_capacity_2021_03")
    assert inputs.reads()["origins"] == {}
