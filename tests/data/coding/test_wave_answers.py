"""The answers that may be coded are those of the table of difficulties, under ids that show nobody."""

import re

import pytest

from helpers.data.capacity_tables import find_capacity_table
from helpers.data.coding.wave_answers import answer_id, wave_answers
from helpers.data.project import project_root
from helpers.data.tables import Source

WAVES = ["printing_3d/2020-03-sample", "medical_supplies/2020-04-sample"]


@pytest.mark.parametrize("wave", WAVES)
def test_they_are_those_of_the_table_of_difficulties(wave):
    root = project_root()
    table = find_capacity_table(wave.replace("/", "_").replace("-", "_") + "_difficulties", root)
    made = table.build(Source(root, root / ".cache" / "gazetteer"))
    pairs = list(zip(made["respondent_id"], made["question"], strict=True))
    found = wave_answers(wave, root)
    assert sorted(found.counted.values()) == sorted(pairs)
    assert all(key == answer_id(wave, *pair) for key, pair in found.counted.items())
    assert len(found.gone) > 0


def test_an_id_is_as_long_for_every_answer_and_differs_between_waves():
    ids = {
        answer_id(wave, f"r{at:010x}", question)
        for wave in WAVES
        for at in range(500)
        for question in ("difficulties", "bottlenecks")
    }
    assert len(ids) == 2000
    assert all(re.fullmatch("a[0-9a-f]{10}", name) for name in ids)
