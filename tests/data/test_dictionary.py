"""docs/data_dictionary.md says what the origin.yml files and the schemas say today."""

from pathlib import Path

from helpers.data.catalog import dataset_names, dataset_origin
from helpers.data.dictionary import data_dictionary
from helpers.data.project import project_root
from helpers.data.schemas import SCHEMAS

ORIGIN = """\
title: A | B <script>alert(1)</script>
producer: Somebody
citation: Somebody.
url: https://example.org
licence: CC BY 4.0
retrieved: 2026-11-22
vintage: "2026"
kind: sample
files:
  - name: a.csv
    columns:
      - {name: x, type: string, meaning: X | Y, allowed: {pattern: "a|b"}}
      - name: y
        type: integer
        meaning: Y
        unit: persons
        allowed: {min: 1}
        required: false
        missing: not asked
"""


def test_the_committed_dictionary_is_fresh() -> None:
    committed = (project_root() / "docs" / "data_dictionary.md").read_text(encoding="utf-8")
    assert committed == data_dictionary(), "run `evidence dictionary`"


def test_every_dataset_column_and_table_is_listed() -> None:
    text = data_dictionary()
    for name in dataset_names():
        assert f"### {name}\n" in text
        for file in dataset_origin(name).files:
            assert f"`data/raw/{name}/{file.name}`" in text
            assert all(f"| `{column.name}` |" in text for column in file.columns)
    for table, schema in SCHEMAS.items():
        assert f"### Table {table}\n" in text
        assert all(column.description for column in schema.columns.values()), table


def test_text_from_an_origin_stays_text(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "raw" / "demo"
    folder.mkdir(parents=True)
    (folder / "origin.yml").write_text(ORIGIN, encoding="utf-8")
    text = data_dictionary(tmp_path)
    assert "<script" not in text
    assert "| `x` | string |  | matches a\\|b | X \\| Y |" in text
    assert "| `y` | integer, may be missing | persons | at least 1 | Y. Missing: not asked |" in text
    assert "| sample | 2026 | not counted |" in text
