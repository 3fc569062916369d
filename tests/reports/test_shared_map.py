"""The map put at others' disposal holds what each respondent agreed to show, and nothing else."""

import csv
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from helpers import cli
from helpers.analysis.disclosure import STATUSES, Rules
from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.data.project import project_root
from helpers.data.verify import refresh_checksums
from helpers.reports import shared_map as module
from helpers.reports.shared_map import collect, shared_map
from helpers.reports.shared_map_files import FILES, Shown, map_files
from helpers.reports.waves import find_wave

NAME, WAVE = "printing_3d", "2020-03-sample"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)>",
    "${alert(3)} `${alert(4)}`",
    '=HYPERLINK("http://x.example","a")',
    "@SUM(A1) {{ 7 * 7 }} {% for %}",
    "+cmd|' /C calc'!A0",
    "-1 \u2028 &lt;b&gt; <!--<script>",
    ']]>--></style>"\' onmouseover="alert(5)',
    "two\r\nlines\ttab",
]


def copy_of_project(folder: Path) -> Path:
    root = project_root()
    for part in ("data/raw", "data/processed", "notebooks", ".cache/gazetteer"):
        if (root / part).is_dir():
            shutil.copytree(root / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def shown(project: Path) -> Shown:
    return collect(find_wave(NAME, WAVE, project), Rules(), project)


@pytest.fixture(scope="module")
def files(shown: Shown) -> dict[str, str]:
    return {name: data.decode("utf-8") for name, data in map_files(shown).items()}


def people(root: Path) -> pd.DataFrame:
    return read_table(f"{NAME}_2020_03_sample_respondents", root)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def hostile(shown: Shown) -> Shown:
    """The same map with hostile text wherever an answer is shown as it was given."""
    entries = shown.entries.copy()
    whole = entries.index[entries["kind"] == "whole"]
    for place, index in enumerate(whole):
        for step, column in enumerate(["name", "place", "region"]):
            entries.loc[index, column] = HOSTILE[(place + step) % len(HOSTILE)]
        entries.at[index, "offers"] = [HOSTILE[(place + 3) % len(HOSTILE)]]
    amounts = shown.amounts.assign(
        offer=[HOSTILE[place % len(HOSTILE)] for place in range(len(shown.amounts))]
    )
    return replace(shown, entries=entries, amounts=amounts)


# What is in the files


def test_all_files_are_there_and_say_what_they_are(files: dict[str, str]) -> None:
    assert tuple(files) == FILES
    assert "ILLUSTRATIVE SAMPLE DATA" in files["README.txt"]
    assert 'id="sample-data"' in files["map.html"]
    assert "illustrative sample data" in json.loads(files["entries.geojson"])["title"]
    for name in ("entries.csv", "totals.csv"):
        assert {row["data"] for row in rows_of(files[name])} == {"illustrative sample data"}
    for words in ("Natural Earth", "CC BY 4.0", "Answers of March 2020"):
        assert words in files["map.html"]
        assert words in files["README.txt"]


def test_observed_answers_bear_no_sample_mark(shown: Shown) -> None:
    observed = replace(shown, origin=shown.origin.model_copy(update={"kind": "observed"}))
    texts = map_files(observed)
    assert b"ILLUSTRATIVE" not in texts["README.txt"]
    assert b'id="sample-data"' not in texts["map.html"]
    assert {row["data"] for row in rows_of(texts["totals.csv"].decode())} == {"answers"}


def test_nothing_is_told_beyond_what_was_agreed_to(files: dict[str, str], project: Path) -> None:
    table = people(project)
    counted = table[table["status"] == "counted"]
    text = "".join(files.values())
    assert not [key for key in table["respondent_id"] if key in text]
    rows = rows_of(files["entries.csv"])
    whole = counted[counted["consent"] == "whole"]
    assert {row["name"] for row in rows} - {""} == set(whole["name_shown"].dropna())
    assert len({row["entry"] for row in rows}) == counted["consent"].isin(["whole", "anonymous"]).sum()
    for row in rows:
        if row["kind"] == "anonymous":
            assert [row[name] for name in ("name", "place", "amount_low", "amount_high")] == [""] * 4
            assert not any(sign.isdigit() for sign in row["magnitude"].replace("fewer than 10", ""))
        else:
            assert not row["magnitude"]


def test_anonymous_entries_stand_at_the_centre_of_a_region(files: dict[str, str], project: Path) -> None:
    centres = read_table("region_centres", project).set_index("nuts2")
    for row in rows_of(files["entries.csv"]):
        if row["kind"] == "anonymous" and row["latitude"]:
            centre = centres.loc[row["nuts2"]]
            assert (float(row["latitude"]), float(row["longitude"])) == (
                centre["latitude"],
                centre["longitude"],
            )


def test_geojson_follows_the_standard(files: dict[str, str], shown: Shown) -> None:
    content = json.loads(files["entries.geojson"])
    assert content["type"] == "FeatureCollection"
    assert "crs" not in content
    assert len(content["features"]) == shown.entries["latitude"].notna().sum() < len(shown.entries)
    ids = [feature["id"] for feature in content["features"]]
    assert len(set(ids)) == len(ids)
    for feature in content["features"]:
        assert feature["type"] == "Feature"
        assert feature["geometry"]["type"] == "Point"
        longitude, latitude = feature["geometry"]["coordinates"]
        # Longitude first: Europe is not beyond 35 degrees east, and it is north of the equator.
        assert -65 < longitude < 56
        assert -25 < latitude < 72
        entry = shown.entries[shown.entries["entry"] == feature["id"]].iloc[0]
        assert latitude == pytest.approx(entry["latitude"], abs=1e-4)


def test_totals_tell_held_back_from_zero_and_from_not_asked(shown: Shown) -> None:
    words = {"status": "not asked", "reason": STATUSES["not asked"]}
    one = shown.totals.iloc[[0]].assign(country="XX", value=pd.NA, respondents=pd.NA, **words)
    table = replace(shown, totals=pd.concat([shown.totals, one], ignore_index=True))
    rows = rows_of(map_files(table)["totals.csv"].decode())
    by_status = {row["status"]: row for row in rows}
    assert set(by_status) == {"published", "suppressed", "zero", "not asked"}
    assert by_status["suppressed"]["value"] == by_status["not asked"]["value"] == ""
    assert float(by_status["zero"]["value"]) == 0
    assert len({row["reason"] for row in by_status.values()}) == 4
    assert {row["country_name"] for row in rows if row["country"] == "total"} == {"All countries"}


def test_the_page_lists_every_entry_and_every_product(files: dict[str, str], shown: Shown) -> None:
    page = files["map.html"]
    assert all(f'id="entry-{number}"' in page for number in shown.entries["entry"])
    held_back = (shown.totals["country"] == "total") & (shown.totals["status"] == "suppressed")
    assert page.count(">held back<") == held_back.sum() > 0
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\'' in page


def test_how_many_are_hidden_is_not_told_if_they_are_few(shown: Shown) -> None:
    few = replace(shown, answered=len(shown.entries) + 2)
    assert f"{few.answered} respondents" not in map_files(few)["map.html"].decode()
    many = replace(shown, answered=len(shown.entries) + 3)
    assert f"{many.answered} respondents" in map_files(many)["map.html"].decode()


# Hostile answers


def test_hostile_text_stays_text_in_every_file(shown: Shown) -> None:
    texts = {name: data.decode("utf-8") for name, data in map_files(hostile(shown)).items()}
    page = texts["map.html"]
    assert page.count("</script>") == 3
    assert "<img" not in page
    assert 'onmouseover="alert' not in page.replace("&#34;", "")
    assert not any(sign in texts["entries.geojson"] for sign in "<>&\u2028")
    named = {feature["properties"]["name"] for feature in json.loads(texts["entries.geojson"])["features"]}
    assert named & set(HOSTILE)
    for row in csv.reader(io.StringIO(texts["entries.csv"])):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or cell.replace("-", "", 1).replace(".", "", 1).isdigit()


# Writing


def test_the_same_answers_give_the_same_bytes(shown: Shown) -> None:
    again = replace(shown, entries=shown.entries.copy(), totals=shown.totals.copy())
    assert map_files(shown) == map_files(again)


def test_a_map_is_written_whole(project: Path, tmp_path: Path) -> None:
    done = shared_map(NAME, WAVE, output=tmp_path / "map", root=project)
    assert done.folder == tmp_path / "map"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map"]
    assert sorted(path.name for path in done.folder.iterdir()) == sorted(FILES)
    assert (done.whole, done.anonymous) == (18, 41)
    assert done.totals
    assert done.held_back


@pytest.mark.parametrize("fault", ["write", "rename"])
def test_a_run_that_fails_leaves_the_last_map_as_it_was(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    folder = tmp_path / "map"
    module._replace(folder, {"map.html": b"old", "README.txt": b"old"})

    def fails(path: Path, *_: object) -> None:
        if path.name in ("README.txt", "new"):
            raise OSError("disk full")
        path.write_bytes(b"new")

    if fault == "write":
        monkeypatch.setattr(module, "write_atomically", fails)
    else:
        rename = Path.rename
        monkeypatch.setattr(
            Path, "rename", lambda path, to: fails(path) if path.name == "new" else rename(path, to)
        )
    with pytest.raises(OSError, match="disk full"):
        module._replace(folder, map_files(shown))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "map.html": b"old",
        "README.txt": b"old",
    }
    assert [path.name for path in tmp_path.iterdir()] == ["map"]


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    left = tmp_path / ".map.part-abc" / "old"
    left.mkdir(parents=True)
    (left / "entries.csv").write_text("withdrawn since", encoding="utf-8")
    module._replace(tmp_path / "map", {"README.txt": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["map"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["vaccine_capacty"], ["vaccine_capacty", "did you mean 'vaccine_capacity'"]),
        (["../countries"], ["../countries", "allowed"]),
        ([NAME, "--vintage", "2019-01"], ["2019-01", WAVE]),
        ([NAME, "--dominance-k", "0"], ["dominance_k"]),
        ([NAME, "--p", "nan"], ["p is nan"]),
        ([NAME, "--output", "missing/map"], ["missing"]),
        ([NAME, "--output", "taken"], ["thesis.docx", "would be lost"]),
        ([NAME, "--output", "file"], ["the file 'file'"]),
    ],
)
def test_mistakes_are_explained_and_nothing_is_written(
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: list[str],
) -> None:
    monkeypatch.setenv("EVIDENCE_ROOT", str(project))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.docx").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert cli.main(["map", *arguments]) == 2
    message = capsys.readouterr().err
    assert all(word in message for word in words), message
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "taken", "thesis.docx"]


# From a withdrawal to the next map


@pytest.mark.slow
def test_a_withdrawal_takes_the_entry_out_of_the_next_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy_of_project(tmp_path / "project")
    monkeypatch.setenv("EVIDENCE_ROOT", str(root))
    assert cli.main(["map", NAME]) == 0
    folder = root / "reports" / "build" / "maps" / f"{NAME}-{WAVE}"
    before = {name: (folder / name).read_text(encoding="utf-8") for name in FILES}
    table = people(root)
    named = table[table["name_shown"].notna() & (table["status"] == "counted")]
    usable = read_table(f"{NAME}_2020_03_sample_capacities", root).query("usable")
    gone = named[named["respondent_id"].isin(usable["respondent_id"])].iloc[0]
    assert all(gone["name_shown"] in before[name] for name in ("map.html", "entries.csv"))

    withdrawals = root / "data" / "raw" / NAME / WAVE / "withdrawals.csv"
    with withdrawals.open("a", encoding="utf-8", newline="") as file:
        file.write(f"{gone['respondent_id']},2020-06-01\n")
    assert refresh_checksums(f"{NAME}/{WAVE}", root)
    assert cli.main(["map", NAME]) == 0
    after = {name: (folder / name).read_text(encoding="utf-8") for name in FILES}
    assert not [name for name, text in after.items() if gone["name_shown"] in text]
    entries = [len({row["entry"] for row in rows_of(text["entries.csv"])}) for text in (before, after)]
    assert entries[1] == entries[0] - 1
    assert before["totals.csv"] != after["totals.csv"]
    left = [path.name for path in folder.parent.iterdir()]
    assert left == [folder.name]


def test_a_withdrawal_of_nobody_known_stops_the_map(project: Path, tmp_path: Path) -> None:
    root = copy_of_project(tmp_path / "project")
    with (root / "data" / "raw" / NAME / WAVE / "withdrawals.csv").open("a", encoding="utf-8") as file:
        file.write("r0000000000,2020-06-01\n")
    with pytest.raises(InputError, match="withdrawals"):
        shared_map(NAME, WAVE, output=tmp_path / "map", root=root)
    assert not (tmp_path / "map").exists()
