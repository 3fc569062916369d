"""A dataset that only has an origin.yml becomes a processed table by itself, typed as declared."""

import subprocess
import sys

import pandas as pd
import pytest
import yaml
from pandera.errors import SchemaErrors

from helpers.data import declared
from helpers.data.declared import DeclaredTable, declared_schema, declared_tables, find_table
from helpers.data.dictionary import data_dictionary
from helpers.data.errors import InputError
from helpers.data.process import TABLES, process, read_meta, read_table
from helpers.data.project import processed_folder

HEADER = "country,year,visits,share,open,opened,since,note,partners,hosted"
ROWS = ["GR,2024,9007199254740993,0.5,true,2024-03-01,2019-05,a,3,1", "AT,2023,4,0.25,0,2023-01-31,2019,,,"]
COLUMNS = [
    {"name": "country", "type": "country", "codes": "iso", "meaning": "Country visited"},
    {"name": "year", "type": "integer", "meaning": "Year", "allowed": {"min": 2000, "max": 2030}},
    {"name": "visits", "type": "integer", "meaning": "Visits", "unit": "visits"},
    {"name": "share", "type": "number", "meaning": "Share", "allowed": {"min": 0, "max": 1}},
    {"name": "open", "type": "boolean", "meaning": "Whether it was open"},
    {"name": "opened", "type": "date", "meaning": "Day of opening"},
    {"name": "since", "type": "date_prefix", "meaning": "When it began"},
    {"name": "note", "type": "string", "meaning": "Remark", "allowed": {"pattern": "[a-z]"}},
    {"name": "partners", "type": "integer", "meaning": "Partners"},
    {"name": "hosted", "type": "boolean", "meaning": "Whether it hosted"},
]
MAY_BE_MISSING = ("note", "partners", "hosted")


def column(entry):
    return {**entry, "required": False, "missing": "not asked"} if entry["name"] in MAY_BE_MISSING else entry


def add_dataset(root, name="cluster_visits", files=None, **changes):
    """Write a dataset's folder as a researcher would: tables and origin.yml, no Python."""
    folder = root / "data" / "raw" / name
    folder.mkdir(parents=True, exist_ok=True)
    (root / "data" / "processed").mkdir(exist_ok=True)
    files = files or {f"{name}.csv": [HEADER, *ROWS]}
    for file, lines in files.items():
        (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    declaration = {"unique": [["country", "year"]], "columns": [column(entry) for entry in COLUMNS]}
    origin = {
        "title": "Visits to clusters",
        "producer": "Nobody",
        "citation": "Made up.",
        "url": "https://example.org",
        "licence": "CC0",
        "retrieved": pd.Timestamp("2026-11-22").date(),
        "vintage": "2024",
        "kind": "sample",
        "files": [{"name": file, **declaration, **changes} for file in files],
    }
    (folder / "origin.yml").write_text(yaml.safe_dump(origin), encoding="utf-8")
    return folder


def make(root):
    return process(root, only=declared_tables(root))


def remove(folder):
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def test_process_makes_the_table_of_a_dataset_that_no_code_names(tmp_path, monkeypatch):
    add_dataset(tmp_path)
    monkeypatch.setattr("helpers.data.process.TABLES", {})
    assert process(tmp_path) == ["cluster_visits"]
    assert process(tmp_path) == []
    assert len(read_table("cluster_visits", tmp_path)) == 2


def test_every_declared_type_comes_back_as_its_pandas_type(tmp_path):
    add_dataset(tmp_path)
    make(tmp_path)
    table = read_table("cluster_visits", tmp_path)
    assert {name: str(dtype) for name, dtype in table.dtypes.items()} == {
        "country": "str",
        "year": "int64",
        "visits": "int64",
        "share": "float64",
        "open": "bool",
        "opened": "datetime64[us]",
        "since": "str",
        "note": "str",
        "partners": "Int64",
        "hosted": "boolean",
        "raw_row": "int64",
    }
    assert table["country"].tolist() == ["EL", "AT"]
    assert table["raw_row"].tolist() == [2, 3]
    assert table["open"].tolist() == [True, False]
    assert table["since"].tolist() == ["2019-05", "2019"]
    assert table["partners"].tolist() == [3, pd.NA]
    assert table["hosted"].tolist() == [True, pd.NA]
    assert table["note"].isna().tolist() == [False, True]


def test_a_large_whole_number_beside_a_gap_keeps_its_digits(tmp_path):
    rows = [row.replace(",3,1", ",9007199254740993,1") for row in ROWS]
    add_dataset(tmp_path, files={"cluster_visits.csv": [HEADER, *rows]})
    make(tmp_path)
    table = read_table("cluster_visits", tmp_path)
    assert table["partners"].iloc[0] == table["visits"].iloc[0] == 9007199254740993


def test_a_table_without_rows_keeps_its_types(tmp_path):
    add_dataset(tmp_path, files={"cluster_visits.csv": [HEADER]})
    make(tmp_path)
    table = read_table("cluster_visits", tmp_path)
    assert len(table) == 0
    assert str(table["partners"].dtype) == "Int64"
    assert str(table["opened"].dtype) == "datetime64[us]"


def test_meta_says_kind_inputs_and_what_each_column_means(tmp_path):
    add_dataset(tmp_path)
    make(tmp_path)
    meta = read_meta("cluster_visits", tmp_path)
    assert meta["kind"] == "sample"
    assert [entry["name"] for entry in meta["datasets"]] == ["cluster_visits"]
    folder = "data/raw/cluster_visits"
    assert set(meta["inputs"]) == {f"{folder}/origin.yml", f"{folder}/cluster_visits.csv"}
    assert "src/helpers/data/declared.py" in meta["code"]
    assert meta["columns"]["visits"] == {"type": "int64", "description": "Visits (visits)"}
    assert meta["columns"]["share"]["description"] == "Share"
    assert "raw_row" in meta["columns"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("0.25", "1.25", "row 3, column share: found '1.25'"),
        ("AT", "XX", "row 3, column country: found 'XX'"),
        (",4,", ",four,", "row 3, column visits: found 'four'"),
        (",4,", ",,", "row 3, column visits: found ''"),
        ("2023-01-31", "31.1.2023", "row 3, column opened"),
        (",2019,,", ",2019,B,", "row 3, column note: found 'B'"),
        (",0,", ",maybe,", "row 3, column open: found 'maybe'"),
        ("AT,2023", "GR,2024", "row 3, column country + year: found 'EL, 2024' again, first in row 2"),
    ],
)
def test_what_is_not_as_declared_stops_it_with_file_row_and_column(tmp_path, old, new, says):
    rows = [ROWS[0], ROWS[1].replace(old, new)]
    assert rows != ROWS
    add_dataset(tmp_path, files={"cluster_visits.csv": [HEADER, *rows]})
    with pytest.raises(InputError) as fault:
        make(tmp_path)
    assert f"data/raw/cluster_visits/cluster_visits.csv: {says}" in str(fault.value)
    assert not list(processed_folder(tmp_path).iterdir())


@pytest.mark.parametrize(
    ("name", "value"),
    [("share", 1.25), ("year", 1999), ("note", "bb"), ("note", "b\n"), ("country", None), ("raw_row", 1)],
)
def test_the_schema_itself_refuses_what_the_declaration_does_not_allow(tmp_path, name, value):
    add_dataset(tmp_path)
    make(tmp_path)
    found = find_table("cluster_visits", tmp_path)
    assert isinstance(found, DeclaredTable)
    schema = declared_schema(found)
    table = read_table("cluster_visits", tmp_path)
    schema.validate(table, lazy=True)
    with pytest.raises(SchemaErrors):
        schema.validate(table.assign(**{name: table[name].where(table.index != 0, value)}), lazy=True)


def test_lists_and_bounds_of_codes_and_days_hold_in_eurostats_codes(tmp_path):
    columns = [
        {**COLUMNS[0], "allowed": ["GR", "AT"]},
        {**COLUMNS[5], "allowed": {"min": pd.Timestamp("2023-01-01").date()}},
        {"name": "again", "type": "date", "meaning": "Day", "allowed": [pd.Timestamp("2023-01-02").date()]},
    ]
    lines = ["country,opened,again", "GR,2023-01-01,2023-01-02", "AT,2024-01-01,2023-01-02"]
    add_dataset(tmp_path, files={"days.csv": lines}, columns=columns, unique=[["country"]])
    make(tmp_path)
    assert read_table("cluster_visits", tmp_path)["country"].tolist() == ["EL", "AT"]


def test_rows_stand_in_the_order_of_the_file(tmp_path):
    lines = [HEADER, *(f"AT,{year}{ROWS[1][7:]}" for year in (2024, 2001, 2013))]
    add_dataset(tmp_path, files={"cluster_visits.csv": lines})
    make(tmp_path)
    assert read_table("cluster_visits", tmp_path)["year"].tolist() == [2024, 2001, 2013]


def test_two_runs_give_identical_bytes(tmp_path):
    add_dataset(tmp_path)
    make(tmp_path)
    first = {path.name: path.read_bytes() for path in processed_folder(tmp_path).iterdir()}
    assert process(tmp_path, only=["cluster_visits"], force=True) == ["cluster_visits"]
    assert {path.name: path.read_bytes() for path in processed_folder(tmp_path).iterdir()} == first
    assert set(first) == {"cluster_visits.parquet", "cluster_visits.meta.json"}


def test_several_files_give_a_table_each(tmp_path):
    add_dataset(tmp_path, "survey", {"Answers-2026.csv": [HEADER, ROWS[0]], "codes.csv": [HEADER, ROWS[1]]})
    assert make(tmp_path) == ["survey_answers_2026", "survey_codes"]
    assert read_table("survey_codes", tmp_path)["country"].tolist() == ["AT"]
    assert process(tmp_path, only=["survey_codes"], force=True) == ["survey_codes"]


def test_a_changed_declaration_makes_the_table_again_and_until_then_refuses_to_read_it(tmp_path):
    add_dataset(tmp_path)
    make(tmp_path)
    columns = [column(entry) for entry in COLUMNS]
    columns[1] = {**columns[1], "type": "string", "allowed": {"pattern": "[0-9]{4}"}}
    add_dataset(tmp_path, columns=columns)
    with pytest.raises(InputError, match="out of date; run `evidence process`"):
        read_table("cluster_visits", tmp_path)
    assert make(tmp_path) == ["cluster_visits"]
    assert read_table("cluster_visits", tmp_path)["year"].tolist() == ["2024", "2023"]


@pytest.mark.parametrize("name", ["memberships", "nuts2_regions"])
def test_a_dataset_that_takes_the_name_of_a_table_of_the_project_is_refused(tmp_path, name):
    assert name in TABLES
    add_dataset(tmp_path, name)
    with pytest.raises(InputError, match=f"data/raw/{name}/{name}.csv.*{name!r}.*tables.py.*another name"):
        process(tmp_path)
    assert not list(processed_folder(tmp_path).iterdir())


def test_files_that_would_become_one_table_are_refused(tmp_path):
    add_dataset(tmp_path, "survey", {"a.csv": [HEADER], "b.csv": [HEADER]})
    add_dataset(tmp_path, "survey_a", {"x.csv": [HEADER]})
    with pytest.raises(InputError, match=r"survey_a/x\.csv: would become .* 'survey_a', .*survey/a.csv"):
        declared_tables(tmp_path)


def test_a_folder_whose_name_cannot_be_a_table_is_refused(tmp_path):
    add_dataset(tmp_path, "My Visits", {"visits.csv": [HEADER]})
    with pytest.raises(InputError, match="data/raw/My Visits: folder name: allowed: small letters"):
        declared_tables(tmp_path)


def test_after_its_folder_was_removed_the_table_is_not_read_any_more(tmp_path):
    folder = add_dataset(tmp_path)
    make(tmp_path)
    remove(folder)
    for read in (read_table, read_meta):
        with pytest.raises(InputError, match="data/raw/cluster_visits, which is not there any more"):
            read("cluster_visits", tmp_path)


def test_an_unknown_name_gets_the_nearest_of_both_kinds(tmp_path):
    add_dataset(tmp_path)
    with pytest.raises(InputError, match="did you mean cluster_visits"):
        read_table("cluster_visit", tmp_path)
    with pytest.raises(InputError, match="did you mean population"):
        process(tmp_path, only=["populatoin"])
    with pytest.raises(InputError, match=r"data/processed/cluster_visits.*run `evidence process`"):
        read_table("cluster_visits", tmp_path)


def test_a_fault_in_another_dataset_stops_process_but_no_reader(tmp_path):
    add_dataset(tmp_path)
    make(tmp_path)
    (tmp_path / "data" / "raw" / "half_done").mkdir()
    assert len(read_table("cluster_visits", tmp_path)) == 2
    assert process(tmp_path, only=["cluster_visits"]) == []
    with pytest.raises(InputError, match=r"data/raw/half_done/origin\.yml: not found"):
        process(tmp_path)
    with pytest.raises(InputError, match=r"(?s)no table 'half_dome'.*data/raw/half_done/origin.yml"):
        read_table("half_dome", tmp_path)


def test_reading_imports_no_pandera(tmp_path):
    add_dataset(tmp_path)
    make(tmp_path)
    code = "import sys; from pathlib import Path; from helpers.data.process import read_table; "
    code += "read_table('cluster_visits', Path(sys.argv[1])); print('pandera' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "False"


def test_the_dictionary_lists_the_table(tmp_path):
    add_dataset(tmp_path)
    text = data_dictionary(tmp_path)
    assert "### Table cluster_visits\n" in text
    assert "| `partners` | integer | yes | Partners |" in text


def test_the_projects_own_tables_do_not_come_twice():
    assert not set(declared_tables()) & set(TABLES)
    used = {dataset for table in TABLES.values() for dataset in table.datasets}
    assert not used & set(declared._free_datasets(None))


def test_the_tables_of_a_dataset_that_was_taken_away_go_with_the_next_processing(tmp_path):
    add_dataset(tmp_path, "stays")
    folder = add_dataset(tmp_path, "goes")
    make(tmp_path)
    remove(folder)
    assert declared.remove_orphans(tmp_path) == ["goes"]
    left = {path.name for path in processed_folder(tmp_path).iterdir()}
    assert left == {"stays.parquet", "stays.meta.json"}
    assert declared.remove_orphans(tmp_path) == []
