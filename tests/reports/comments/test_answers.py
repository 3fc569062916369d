"""Answers: a comment is open until it is answered, and every change stands in the history."""

from datetime import date

import pytest

from helpers import cli
from helpers.data.errors import InputError
from helpers.reports.comments.answers import answer
from helpers.reports.comments.returned import take_back
from helpers.reports.comments.store import (
    open_comments,
    read_comments,
    read_history,
    read_reviews,
    reviews_folder,
)

from .conftest import SLUG, on_disk

DAY = date(2026, 11, 21)


@pytest.fixture
def comment(project, filled):
    marks = {"fact:total": ("must change", "Why so few?"), "report": ("could change", "Shorter.")}
    take_back([filled(marks)], project, received=date(2026, 11, 20))
    return next(one.comment_id for one in read_comments(SLUG, project) if one.target == "fact:total")


def test_a_comment_is_open_until_it_is_answered(project, comment):
    assert [one.severity for one in open_comments(SLUG, project)] == ["must", "could"]
    done = answer(SLUG, comment, "Only registered ones count.", root=project, on=DAY)
    assert (done.status, done.answer, done.answered_on) == (
        "answered",
        "Only registered ones count.",
        "2026-11-21",
    )
    assert open_comments(SLUG, project, "must") == []
    assert len(open_comments(SLUG, project)) == 1


def test_every_change_stays_in_the_history(project, comment):
    answer(SLUG, comment, "Because.", root=project, on=DAY)
    answer(SLUG, comment, "It says no more.", status="open", root=project, on=DAY)
    answer(SLUG, comment, "Agreed on the phone.", status="withdrawn", root=project, on=DAY)
    changes = [one for one in read_history(SLUG, project) if one.comment_id == comment]
    assert [(one.status, one.text) for one in changes] == [
        ("open", "received"),
        ("answered", "Because."),
        ("open", "It says no more."),
        ("withdrawn", "Agreed on the phone."),
    ]


def test_opened_again_a_comment_keeps_its_answer(project, comment):
    answer(SLUG, comment, "Because.", root=project)
    done = answer(SLUG, comment, status="open", root=project)
    assert (done.status, done.answer, done.answered_on) == ("open", "Because.", "")


def test_answers_do_not_touch_the_reviews(project, comment):
    before = on_disk(project)[f"{SLUG}/reviews.csv"]
    answer(SLUG, comment[:6], "Because. anna@vials.eu", root=project)
    assert on_disk(project)[f"{SLUG}/reviews.csv"] == before
    assert read_comments(SLUG, project)[0].answer or read_comments(SLUG, project)[1].answer
    assert b"vials" not in on_disk(project)[f"{SLUG}/comments.csv"]


@pytest.mark.parametrize(
    ("id_", "text", "status", "words"),
    [
        ("c000", "x", "answered", "no comment 'c000'"),
        ("c", "x", "answered", "write more of it"),
        ("", "x", "answered", "no comment ''"),
        (None, " ", "answered", "found no answer"),
        (None, "", "open", "is open already"),
        (None, "x" * 5000, "answered", "5000 characters, allowed: 4000"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(project, comment, id_, text, status, words):
    before = on_disk(project)
    with pytest.raises(InputError, match=words):
        answer(SLUG, comment if id_ is None else id_, text, status=status, root=project)
    assert on_disk(project) == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (",must,", ",urgent,", r"row \d, column severity: found 'urgent', allowed: must, should, could"),
        (",open,", ",closed,", r"row 2, column status: found 'closed', allowed: open, answered, withdrawn"),
        ("2026-11-20", "20 Nov", r"row 2, column received: found '20 Nov', allowed: a date"),
        ("fact:total", "fact:../x", r"row \d, column target"),
        ("comment_id,", "id,", r"row 1: found id, target"),
        ("\nc", "\n,c", r"row 2: found 11 columns, allowed: 10"),
    ],
)
def test_a_file_of_comments_that_was_spoilt_by_hand_is_named(project, comment, old, new, words):
    path = reviews_folder(SLUG, project) / "comments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=f"reports/reviews/{SLUG}/comments.csv: {words}"):
        open_comments(SLUG, project)


def test_a_report_is_no_path(project):
    with pytest.raises(InputError, match="no name of a report"):
        open_comments("../../etc", project)
    with pytest.raises(InputError, match="severity 'grave': unknown"):
        open_comments(SLUG, project, "grave")


def test_ingest_takes_sheets_back(project, filled, capsys):
    path = filled({"fact:total": ("must change", "Why?")})
    assert cli.main(["ingest", str(path), "--as", "review_sheet"]) == 0
    assert f"{SLUG}: reviewed by A. B.: 1 new comment, 0 known before" in capsys.readouterr().out
    assert cli.main(["ingest", str(path), "--as", "review_sheet"]) == 0
    assert "is as it was" in capsys.readouterr().out
    assert len(read_reviews(SLUG, project)) == 1


def test_ingest_refuses_options_of_questionnaires(project, filled, capsys):
    path = filled({"report": ("fine", "")})
    assert cli.main(["ingest", str(path), "--as", "review_sheet", "--replace"]) == 2
    assert "--replace: found it with --as review_sheet" in capsys.readouterr().err
