"""What points, ratings and the register say of each other must hold, and is said once, with file and row."""

import pytest

from helpers.data.errors import InputError
from helpers.data.positions.checks import position_problems, text_problems
from helpers.data.process import process, read_table
from helpers.data.verify import verify

DATASETS = ["session_points", "point_ratings", "recommendations"]
TABLES = [
    *("session_points_sessions", "session_points_points", "session_points_merges", "point_ratings"),
    *(f"recommendations_{file}" for file in ("recommendations", "points", "themes", "evidence", "history")),
]


def found(root, dataset):
    return [str(problem) for problem in position_problems(dataset, root)]


def test_a_sound_project_has_no_problem_and_becomes_tables(project):
    assert verify(project.root, DATASETS) == []
    process(project.root, only=TABLES)
    assert read_table("point_ratings", project.root)["feasibility"].dtype == "Int64"
    assert read_table("session_points_points", project.root)["country"].tolist() == ["AT", "EL", "DE"]


CASES = [
    (
        ("point_ratings", "ratings.csv", "r2,EL,company,P002", "r2,EL,company,P009"),
        "data/raw/point_ratings/ratings.csv: row 4, column point_id: found 'P009', allowed: a point of "
        "data/raw/session_points/points.csv",
    ),
    (
        ("point_ratings", "ratings.csv", "r1,AT,cluster,P003", "r1,DE,cluster,P003"),
        "data/raw/point_ratings/ratings.csv: row 3, column country: found 'DE', allowed: 'AT', as in the "
        "respondent's first row",
    ),
    (
        ("recommendations", "points.csv", "R01,P002", "R01,P020"),
        "data/raw/recommendations/points.csv: row 3, column point_id: found 'P020', allowed: a point of "
        "data/raw/session_points/points.csv",
    ),
    (
        ("recommendations", "points.csv", "R02,P003", "R07,P003"),
        "data/raw/recommendations/points.csv: row 4, column recommendation_id: found 'R07', allowed: a "
        "recommendation of data/raw/recommendations/recommendations.csv",
    ),
    (
        ("recommendations", "themes.csv", "R02,skills", "R02,skill"),
        "data/raw/recommendations/themes.csv: row 3, column theme: found 'skill', allowed: a theme of "
        "data/raw/codebook/themes.csv",
    ),
    (
        ("recommendations", "evidence.csv", "R01,supply", "R01,supplies"),
        "data/raw/recommendations/evidence.csv: row 2, column report: found 'supplies', allowed: clusters, "
        "capacity, supply, themes, recommendations, collaboration",
    ),
    (
        ("recommendations", "history.csv", "agreed,Agreed", "dropped,Agreed"),
        "data/raw/recommendations/recommendations.csv: row 2, column status: found 'agreed' of R01, allowed: "
        "dropped, as row 3 of history.csv says",
    ),
    (
        ("recommendations", "history.csv", "R02,S2,2027-02-17,draft,\n", ""),
        "data/raw/recommendations/recommendations.csv: row 3, column recommendation_id: found 'R02', "
        "allowed: one of which history.csv has a row",
    ),
    (
        ("recommendations", "history.csv", "R02,S2", "R02,S3"),
        "data/raw/recommendations/history.csv: row 4, column session: found 'S3', allowed: a session of "
        "data/raw/session_points/sessions.csv",
    ),
    (
        ("session_points", "points.csv", "P003,S2,2027-02-17", "P003,S2,2027-02-18"),
        "data/raw/session_points/points.csv: row 4, column date: found 2027-02-18, allowed: 2027-02-17, the "
        "day of S2",
    ),
    (
        ("session_points", "points.csv", "en,skills", "en,skillz"),
        "data/raw/session_points/points.csv: row 4, column theme: found 'skillz', allowed: a theme of "
        "data/raw/codebook/themes.csv",
    ),
    (
        ("session_points", "points.csv", "P003,S2", "P003,S5"),
        "data/raw/session_points/points.csv: row 4, column session: found 'S5', allowed: a session of "
        "data/raw/session_points/sessions.csv",
    ),
]


@pytest.mark.parametrize(("change", "message"), CASES, ids=[" ".join(case[0][:2]) for case in CASES])
def test_what_does_not_fit_is_one_message_with_file_and_row_and_no_table(project, change, message):
    project.replace(*change)
    assert found(project.root, change[0]) == [message]
    assert message in [str(problem) for problem in verify(project.root, change[0])]
    with pytest.raises(InputError) as fault:
        process(project.root, only=TABLES)
    assert fault.value.problems == [message]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("P001,P009,0.9,x,,,", "row 2, column point_id_b: found 'P009', allowed: a point of"),
        ("P001,P001,0.9,x,,,", "row 2, column point_id_b: found 'P001' twice, allowed: two points"),
        ("P001,P002,0.9,x,merge,,", "row 2, column decided_by: empty, allowed: who decided"),
    ],
)
def test_a_pair_that_cannot_be_decided_on_is_refused(project, line, message):
    project.append("session_points", "merges.csv", line)
    assert [message in problem for problem in found(project.root, "session_points")] == [True]


def test_a_pair_stands_once_in_either_order_and_decisions_do_not_contradict(project):
    project.append("session_points", "merges.csv", "P001,P002,0.9,x,,,")
    project.append("session_points", "merges.csv", "P002,P001,0.9,x,,,")
    assert "found P001 and P002 again, first in row 2" in found(project.root, "session_points")[0]
    project.replace("session_points", "merges.csv", "P002,P001,0.9,x,,,", "P002,P003,0.9,x,merge,A. B.,")
    project.replace("session_points", "merges.csv", "P001,P002,0.9,x,,,", "P001,P002,0.9,x,merge,A. B.,")
    assert found(project.root, "session_points") == []
    project.append("session_points", "merges.csv", "P001,P003,0.2,x,keep,A. B.,")
    assert (
        "row 4, column decision: found keep, but other rows merge" in found(project.root, "session_points")[0]
    )


def test_an_unknown_point_of_many_ratings_is_said_once(project):
    for number in range(40):
        project.append("point_ratings", "ratings.csv", f"x{number},FR,company,P077,3,3,,2027-03-03")
    (message,) = found(project.root, "point_ratings")
    assert "row 5, column point_id: found 'P077' (and in 39 more rows)" in message


def test_ratings_without_their_points_say_which_dataset_is_missing(project):
    (project.raw / "session_points").rename(project.raw / "session_points_2027")
    (message,) = found(project.root, "point_ratings")
    assert "data/raw/session_points/points.csv, which is not there" in message
    assert found(project.root, "session_points_2027") == []


def test_a_table_is_made_again_when_the_points_that_it_names_change(project):
    process(project.root, only=TABLES)
    project.replace("session_points", "points.csv", "P002,S2", "P005,S2")
    with pytest.raises(InputError, match="'P002', allowed: a point of data/raw/session_points"):
        process(project.root, only=["point_ratings"])


def test_a_column_that_origin_does_not_declare_is_named(project):
    project.replace("point_ratings", "origin.yml", "name: comment", "name: remark")
    project.replace("point_ratings", "ratings.csv", "comment", "remark")
    (message,) = found(project.root, "point_ratings")
    assert message == ("data/raw/point_ratings/origin.yml: files[ratings.csv].columns: comment is missing")


def test_another_dataset_of_a_like_name_is_left_alone(project):
    assert position_problems("recommendations_of_others", project.root) == []
    assert text_problems("codebook", project.root) == []
