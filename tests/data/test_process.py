"""Processed tables are repeatable, written whole or not at all, and say what they were made from."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.data import process as engine
from helpers.data.catalog import read_raw
from helpers.data.errors import InputError
from helpers.data.periods import period_bounds
from helpers.data.process import TABLES, process, read_meta, read_table
from helpers.data.project import processed_folder, project_root
from helpers.data.schemas import SCHEMAS, pandas_types, schema
from helpers.data.tables import Source

LIGHT = [name for name in TABLES if name not in ("country_shapes", "cluster_seats")]
EU27 = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "EL",
    "ES",
    "FI",
    "FR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]


@pytest.fixture
def project(tmp_path):
    """A project of its own with the real raw data and the gazetteer's index."""
    shutil.copytree(project_root() / "data" / "raw", tmp_path / "data" / "raw")
    cache = project_root() / ".cache"
    cache.mkdir(exist_ok=True)
    (tmp_path / ".cache").symlink_to(cache)
    return tmp_path


def change_raw(project, dataset, file, old, new):
    """Change a raw file as a user would, checksum and number of rows in origin.yml included."""
    path = project / "data" / "raw" / dataset / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    origin_path = path.parent / "origin.yml"
    origin = yaml.safe_load(origin_path.read_text(encoding="utf-8"))
    declared = next(entry for entry in origin["files"] if entry["name"] == file)
    declared["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    declared.pop("rows", None)
    origin_path.write_text(yaml.safe_dump(origin, allow_unicode=True), encoding="utf-8")


def files(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def test_every_table_has_a_schema_and_is_built():
    assert set(TABLES) == set(SCHEMAS)
    for name in TABLES:
        assert list(read_table(name).columns) == list(schema(name).columns)


def test_two_runs_give_identical_bytes_whatever_the_hash_seed(project):
    process(project, only=[*LIGHT, "cluster_seats"])
    first = files(processed_folder(project))
    code = "import sys; from pathlib import Path; from helpers.data.process import process; "
    code += f"process(Path(sys.argv[1]), only={[*LIGHT, 'cluster_seats']!r}, force=True)"
    seed = "4242" if os.environ.get("PYTHONHASHSEED") != "4242" else "1"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run([sys.executable, "-c", code, str(project)], check=True, env=environment)
    assert files(processed_folder(project)) == first


def test_a_second_run_writes_nothing(project):
    assert process(project, only=LIGHT) == LIGHT
    assert process(project, only=LIGHT) == []


def test_a_changed_dataset_makes_its_tables_again_and_no_others(project):
    process(project, only=LIGHT)
    change_raw(project, "gdp", "gdp.csv", "AL,2019,15401826127", "AL,2019,15401826128")
    assert process(project, only=LIGHT) == ["countries", "gdp"]
    assert (
        read_table("gdp", project).query("country == 'AL' and year == 2019")["gdp_usd"].item() == 15401826128
    )


def test_a_changed_module_or_package_makes_the_tables_again(project, monkeypatch):
    process(project, only=["timeline", "gdp"])
    real = engine.sha256_of
    monkeypatch.setattr(engine, "sha256_of", lambda path: "x" if path.name == "periods.py" else real(path))
    assert process(project, only=["timeline", "gdp"]) == ["timeline"]
    monkeypatch.setattr(engine, "version", lambda package: "0" if package == "pyarrow" else "1")
    assert process(project, only=["timeline", "gdp"]) == ["timeline", "gdp"]


def test_a_table_that_was_changed_by_hand_is_made_again(project):
    process(project, only=["gdp"])
    path = processed_folder(project) / "gdp.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert process(project, only=["gdp"]) == ["gdp"]


def test_a_failed_build_leaves_the_last_good_table_and_no_rubbish(project):
    process(project, only=["population"])
    before = files(processed_folder(project))
    change_raw(project, "population", "population.csv", "AL,2019,2567801", "AL,2019,-1")
    with pytest.raises(InputError, match="population"):
        process(project, only=["population"])
    assert files(processed_folder(project)) == before


def test_meta_names_inputs_code_and_columns(project):
    process(project, only=["cluster_organisations"])
    meta = read_meta("cluster_organisations", project)
    raw = project / "data" / "raw" / "cluster_organisations"
    for name in ("cluster_organisations.csv", "origin.yml"):
        digest = hashlib.sha256((raw / name).read_bytes()).hexdigest()
        assert meta["inputs"][f"data/raw/cluster_organisations/{name}"] == digest
    assert "src/helpers/data/tables.py" in meta["code"]
    assert meta["rows"] == 37
    assert meta["columns"]["organisations"]["description"]
    assert meta["datasets"][0]["name"] == "cluster_organisations"
    assert str(project) not in json.dumps(meta)


def test_a_table_that_rests_on_sample_data_is_sample_data(project):
    path = project / "data" / "raw" / "industrial_ecosystems" / "origin.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("kind: observed", "kind: sample"), encoding="utf-8"
    )
    process(project, only=["member_mix", "gdp"])
    assert read_meta("member_mix", project)["kind"] == "sample"
    assert read_meta("gdp", project)["kind"] == "observed"


def test_seats_and_counts_that_differ_stop_processing_and_name_both_files(project):
    change_raw(project, "cluster_seats", "cluster_seats.csv", "MT,Valletta\n", "")
    message = r"cluster_seats/cluster_seats.csv: 0 seats of MT, but .*cluster_organisations.csv counts 1 org"
    with pytest.raises(InputError, match=message):
        process(project, only=["cluster_seats"])


def test_a_country_that_the_list_does_not_know_stops_processing(project):
    change_raw(project, "alliance_members", "alliance_members.csv", "BG,", "BR,")
    with pytest.raises(InputError, match=r"row 2, column country: found 'BR'"):
        process(project, only=["countries"])


def test_a_value_that_points_nowhere_stops_processing(project):
    change_raw(project, "timeline", "other_values.csv", "\n10,", "\n99,")
    with pytest.raises(InputError, match=r"other_values.csv: row 2, column timeline_row: found 99"):
        process(project, only=["timeline_other_values"])
    change_raw(project, "member_mix", "member_mix.csv", "Textiles", "Textile")
    with pytest.raises(InputError, match=r"column ecosystem: found 'Textile'"):
        process(project, only=["member_mix"])


def test_a_row_that_breaks_the_schema_is_named_by_its_raw_line(project, monkeypatch):
    def build(source: Source) -> pd.DataFrame:
        frame = source.read("gdp").rename(columns={"gdp_current_usd": "gdp_usd"})
        return frame.assign(year=frame["year"].mask(frame["raw_row"] == 5, 3000))

    table = TABLES["gdp"]
    broken = engine.Table("gdp", table.datasets, build, table.sort_by)
    monkeypatch.setitem(engine.TABLES, "gdp", broken)
    with pytest.raises(InputError, match=r"row 5 of the raw file, column year: found '3000'"):
        process(project, only=["gdp"])


def test_a_missing_or_unknown_table_is_a_clear_message(project):
    with pytest.raises(InputError, match="run `evidence process`"):
        read_table("gdp", project)
    with pytest.raises(InputError, match="did you mean gdp"):
        read_table("gpd", project)
    with pytest.raises(InputError, match="did you mean timeline"):
        process(project, only=["timelin"])


def test_a_table_with_columns_of_an_older_version_is_refused(project, monkeypatch):
    process(project, only=["gdp"])
    path = processed_folder(project) / "gdp.meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    meta["columns"]["gdp_eur"] = meta["columns"].pop("gdp_usd")
    path.write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(InputError, match="columns are out of date; run `evidence process`"):
        read_table("gdp", project)
    process(project, only=["gdp"], force=True)
    monkeypatch.setattr(engine, "sha256_of", lambda path: "schemas.py changed")
    monkeypatch.setitem(SCHEMAS, "gdp", schema("population"))
    with pytest.raises(InputError, match="columns are out of date"):
        read_table("gdp", project)


def test_reading_a_table_imports_neither_pandera_nor_geopandas():
    code = "import sys; from helpers.data.process import read_table; read_table('cluster_seats'); "
    code += "print([m for m in ('pandera', 'geopandas', 'shapely') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", LIGHT)
def test_tables_have_plain_pandas_types(name):
    table = read_table(name)
    assert {column: str(dtype) for column, dtype in table.dtypes.items()} == pandas_types(name)


def test_countries_carry_eurostat_codes_everywhere():
    known = set(read_table("countries")["country"])
    for name in TABLES:
        table = read_table(name)
        if "country" in table and name not in ("country_shapes", "nuts2_regions"):
            assert set(table["country"]) <= known, name
            assert not {"GR", "GB"} & set(table["country"]), name


def test_counts_are_the_published_ones():
    counts = read_table("cluster_organisations").set_index("country")["organisations"]
    assert counts.sum() == 1445
    assert counts[EU27].sum() == 1302
    assert counts["EL"] == 22


def test_seats_lead_back_to_their_raw_rows():
    seats = read_table("cluster_seats")
    raw = read_raw("cluster_seats")
    assert list(seats["seat_id"]) == list(raw["raw_row"])
    assert list(seats["seat_as_listed"]) == list(raw["seat_as_listed"])


def test_nine_of_ten_seats_are_placed_and_the_others_are_counted_with_a_reason():
    seats = read_table("cluster_seats")
    counts = seats["status"].value_counts()
    assert counts.sum() == 1445
    assert 1 - counts["not placed"] / len(seats) >= 0.91
    left = seats[seats["status"] == "not placed"]
    assert left["reason"].str.len().gt(0).all()
    assert left[["place", "latitude", "nuts2"]].isna().all(axis=None)


def test_every_placed_seat_of_the_eu_has_a_region_of_its_country():
    seats = read_table("cluster_seats")
    eu = seats[seats["country"].isin(EU27) & (seats["status"] != "not placed")]
    assert (eu["status"] == "placed").all()
    assert (eu["nuts2"].str[:2] == eu["country"]).all()


def test_bounds_of_the_timeline_follow_the_qualifier():
    rows = read_table("timeline")
    exact, least, about = (rows[rows["qualifier"] == q] for q in ("exact", "at_least", "about"))
    assert (exact["lower"] == exact["value"]).all()
    assert (exact["upper"] == exact["value"]).all()
    assert (least["lower"] == least["value"]).all()
    assert np.isinf(least["upper"]).all()
    assert about[["lower", "upper"]].isna().all(axis=None)
    assert min(len(exact), len(least), len(about)) > 0


@pytest.mark.parametrize(
    ("date", "precision", "first", "last"),
    [
        ("2020-03-04", "day", "2020-03-04", "2020-03-04"),
        ("2020-02", "month", "2020-02-01", "2020-02-29"),
        ("2022-12", "month", "2022-12-01", "2022-12-31"),
        ("2020-06", "quarter", "2020-04-01", "2020-06-30"),
        ("2021-12", "half_year", "2021-07-01", "2021-12-31"),
        ("2020-12-31", "year", "2020-01-01", "2020-12-31"),
        ("2020", "year", "2020-01-01", "2020-12-31"),
    ],
)
def test_a_date_of_stated_precision_means_a_period(date, precision, first, last):
    start, end = period_bounds(date, precision)
    assert (start.date().isoformat(), end.date().isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("date", "precision"), [("2020", "month"), ("2020-06", "day"), ("2020-06", "decade")]
)
def test_a_date_coarser_than_its_precision_is_refused(date, precision):
    with pytest.raises(InputError, match="allowed: day, month"):
        period_bounds(date, precision)
