"""Addresses and numbers in points and comments reach neither a table, nor a proposal, nor a message."""

import pytest

from helpers.cli import position_verbs
from helpers.data.positions.checks import text_problems
from helpers.data.positions.merges_file import read_points
from helpers.data.positions.texts import clean_text, redact_dataset
from helpers.data.process import process, read_table
from helpers.data.verify import verify

CANARIES = ("canarymail", "5558377", "canarysite")
PLANTED = "ask canarymail@glas.example or +43 1 5558377 or www.canarysite.example"
FREE = [
    ("session_points", "points.csv", "Teach welding in evening courses."),
    ("session_points", "sessions.csv", "Skills"),
    ("point_ratings", "ratings.csv", "Too late"),
    ("recommendations", "recommendations.csv", "Teach in the evening."),
    ("recommendations", "evidence.csv", "Much crosses a border"),
    ("recommendations", "history.csv", "Agreed"),
]
TABLES = [
    *("session_points_sessions", "session_points_points", "session_points_merges", "point_ratings"),
    *(f"recommendations_{file}" for file in ("recommendations", "evidence", "history")),
]


@pytest.fixture
def planted(project):
    for dataset, file, text in FREE:
        project.replace(dataset, file, text, f"{text} {PLANTED}")
    return project


def leaked(text):
    return [canary for canary in CANARIES if canary in text.lower()]


def test_nothing_planted_reaches_a_processed_table(planted):
    process(planted.root, only=TABLES)
    for name in TABLES:
        assert not leaked(read_table(name, planted.root).to_csv()), name
        for path in (planted.root / "data" / "processed").glob(f"{name}.*"):
            assert not [canary for canary in CANARIES if canary.encode() in path.read_bytes()], path
    texts = read_table("session_points_points", planted.root)["text"]
    assert texts.iloc[2] == "Teach welding in evening courses. ask [e-mail] or [phone] or [url]"


def test_each_text_is_named_by_row_and_column_and_never_shown(planted):
    problems = [
        problem
        for name in ("session_points", "point_ratings", "recommendations")
        for problem in text_problems(name, planted.root)
    ]
    assert len(problems) == len(FREE)
    lines = [str(problem) for problem in verify(planted.root, "session_points")]
    assert any(
        "points.csv: row 4, column text: found what redaction replaces by [e-mail], [phone], [url]; "
        "`evidence points session_points --redact` takes it out" in line
        for line in lines
    )
    assert not leaked("".join(map(str, problems)) + "".join(lines))


def test_redacting_the_dataset_leaves_the_rest_of_the_file_as_it_was(planted):
    before = planted.path("session_points", "points.csv").read_text(encoding="utf-8").splitlines()
    assert redact_dataset("session_points", planted.root) == 2
    after = planted.path("session_points", "points.csv").read_text(encoding="utf-8").splitlines()
    assert after[:3] == before[:3]
    assert after[3].endswith("ask [e-mail] or [phone] or [url],en,skills,DE,company")
    assert verify(planted.root, "session_points") == []
    assert redact_dataset("session_points", planted.root) == 0


def test_the_verb_redacts_ratings_and_register_along_with_the_points(planted, capsys):
    assert position_verbs._redact("session_points") == 0
    assert all(not leaked(path.read_text(encoding="utf-8")) for path in planted.raw.glob("*/*.csv"))
    assert not leaked("".join(capsys.readouterr()))
    assert verify(planted.root, ["session_points", "point_ratings", "recommendations"]) == []


def test_proposals_are_made_of_redacted_texts(planted):
    planted.replace(
        "session_points", "points.csv", "ready for lorries.,en", f"ready for lorries. {PLANTED},en"
    )
    assert not leaked(" ".join(read_points("session_points", planted.root)["text"]))
    position_verbs.propose("session_points", planted.root)
    assert not leaked(planted.path("session_points", "merges.csv").read_text(encoding="utf-8"))


def test_an_address_is_no_code_of_a_respondent(project):
    project.replace("point_ratings", "origin.yml", '"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"', '".*"')
    project.replace("point_ratings", "ratings.csv", "r2,EL", "canarymail@glas.example,EL")
    lines = [str(problem) for problem in verify(project.root, "point_ratings")]
    assert any(
        "row 4, column respondent_id: found an e-mail address, allowed: a code" in line for line in lines
    )
    assert not leaked("".join(lines))


@pytest.mark.parametrize("hostile", ["=1+1", "@SUM(1)", "+1+cmd|' /C calc'!A0", "-2+3"])
def test_a_formula_is_guarded_in_the_file_and_whole_in_the_table(project, hostile):
    project.replace("session_points", "points.csv", "Teach welding in evening courses.", hostile)
    assert redact_dataset("session_points", project.root) == 1
    assert f",'{hostile}," in project.path("session_points", "points.csv").read_text(encoding="utf-8")
    assert clean_text(f"'{hostile}") == hostile
    process(project.root, only=["session_points_points"])
    assert read_table("session_points_points", project.root)["text"].iloc[2] == hostile
