"""The made-up sessions, ratings and register: reproducible, redacted, dirty, and true to what is known."""

import re
import shutil

import pandas as pd
import pytest

from helpers.cli import main
from helpers.data.catalog import read_raw
from helpers.data.privacy import redact
from helpers.data.project import project_root
from helpers.data.sample.positions import content, made_up_points
from helpers.data.sample.positions_folder import write_positions
from helpers.data.sample.positions_ratings import RESPONDENTS
from helpers.data.survey.guard import guarded, unguarded
from helpers.data.verify import refresh_checksums, verify

DATASETS = ["session_points_sample", "point_ratings_sample", "recommendations_sample"]


@pytest.fixture
def root(tmp_path, monkeypatch):
    raw = tmp_path / "data" / "raw"
    for name in (*DATASETS, "codebook"):
        shutil.copytree(project_root() / "data" / "raw" / name, raw / name)
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def committed():
    raw = project_root() / "data" / "raw"
    return {f"{name}/{path.name}": path.read_bytes() for name in DATASETS for path in (raw / name).iterdir()}


def made(root):
    raw = root / "data" / "raw"
    return {f"{name}/{path.name}": path.read_bytes() for name in DATASETS for path in (raw / name).iterdir()}


def test_the_verb_makes_the_committed_files_again_byte_for_byte(root, capsys):
    for path in (root / "data" / "raw").glob("*_sample/*.csv"):
        path.unlink()
    assert main(["sample", "positions"]) == 0
    assert made(root) == committed()
    assert "session_points_sample: written" in capsys.readouterr().out
    assert main(["sample", "positions"]) == 0
    assert made(root) == committed()
    assert capsys.readouterr().out.count("unchanged") == 3


def test_a_decision_of_a_person_outlives_the_generator(root):
    path = root / "data" / "raw" / "session_points_sample" / "merges.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(at for at, line in enumerate(lines) if line.endswith(",,,"))
    lines[at] = lines[at].removesuffix(",,,") + ",keep,A. B.,2021-05-01"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    refresh_checksums("session_points_sample", root)
    (root / "data" / "raw" / "session_points_sample" / "points.csv").unlink()
    assert main(["sample", "positions"]) == 0
    assert lines[at] in path.read_text(encoding="utf-8").splitlines()
    assert verify(root, DATASETS) == []


def test_the_texts_are_redacted_and_no_cell_runs():
    for name, file, column in (
        ("session_points_sample", "points.csv", "text"),
        ("point_ratings_sample", "ratings.csv", "comment"),
    ):
        texts = read_raw(name, file)[column].dropna()
        assert [text for text in texts if redact(text) != text or guarded(unguarded(text)) != text] == []
        assert texts.str.contains(r"\[(?:e-mail|phone|name|url)\]").sum() >= 4
        assert texts.str.contains("<script>", regex=False).any()
        assert texts.str.startswith("'").any()
        assert not texts.str.contains(r"\.example\b").any()


def test_points_are_of_three_sessions_many_languages_and_all_themes():
    points = read_raw("session_points_sample", "points.csv")
    assert points["session"].value_counts().min() > 12
    assert points["language"].nunique() >= 12
    assert points["language"].eq("en").mean() > 0.6
    assert set(points["theme"].dropna()) | {"logistics"} == set(read_raw("codebook")["theme"])
    assert points["date"].between(pd.Timestamp("2021-01-01"), pd.Timestamp("2021-03-31")).all()


def test_ratings_are_of_150_respondents_some_alone_in_their_country_and_of_no_whole_list():
    ratings = read_raw("point_ratings_sample")
    people = ratings.drop_duplicates("respondent_id").set_index("respondent_id")["country"].value_counts()
    assert people.to_dict() == dict(RESPONDENTS)
    assert people.sum() == 150
    assert people[people < 3].size >= 3
    assert ratings.groupby("respondent_id").size().max() < len(made_up_points())
    assert 0.05 < ratings["feasibility"].isna().mean() < 0.2
    assert ratings["respondent_kind"].nunique() == 6


def test_the_order_that_is_known_shows_in_the_ratings():
    ratings = read_raw("point_ratings_sample").merge(
        read_raw("recommendations_sample", "points.csv"), on="point_id"
    )
    for column in ("importance", "feasibility"):
        known = {entry["id"]: entry[column] for entry in content()["recommendations"]}
        seen = ratings.groupby("recommendation_id")[column].mean().astype("float64")
        assert seen.corr(pd.Series(known), method="spearman") > 0.9
    assert ratings.groupby("recommendation_id")["importance"].mean().idxmax() == "R02"


def test_the_register_has_recommendations_of_every_status_and_some_without_evidence():
    register = read_raw("recommendations_sample")
    assert 12 <= len(register) <= 16
    assert set(register["status"]) == {"draft", "agreed", "dropped"}
    named = set(read_raw("recommendations_sample", "evidence.csv")["recommendation_id"])
    assert set(register["recommendation_id"]) - named == {"R12", "R13", "R16"}
    themes = read_raw("recommendations_sample", "themes.csv")
    assert set(themes["theme"]) == set(read_raw("codebook")["theme"])


def test_evidence_names_what_the_notebooks_emit():
    notebooks = {
        "clusters": "10_cluster_counts",
        "capacity": "20_capacity_distribution",
        "supply": "30_supply_and_demand",
        "themes": "40_bottleneck_themes",
    }
    evidence = read_raw("recommendations_sample", "evidence.csv")
    for row in evidence.to_dict("records"):
        path = project_root() / "notebooks" / f"{notebooks[row['report']]}.ipynb"
        stem = re.sub(r"^theme_share_\w+$", "theme_share_", row["name"])
        assert stem in path.read_text(encoding="utf-8"), row


def test_without_the_folders_the_verb_says_which_is_missing(tmp_path, monkeypatch, capsys):
    (tmp_path / "data" / "raw" / "codebook").mkdir(parents=True)
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    assert main(["sample", "positions"]) == 2
    assert "no dataset 'session_points_sample'" in capsys.readouterr().err


def test_what_is_there_already_is_not_touched(root):
    before = {path: path.stat().st_mtime_ns for path in (root / "data" / "raw").glob("*_sample/*")}
    assert write_positions(root) == dict.fromkeys(DATASETS, False)
    assert {path: path.stat().st_mtime_ns for path in before} == before
