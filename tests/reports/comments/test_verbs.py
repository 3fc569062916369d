"""The verbs of the review, and the page with comments as a browser sees it."""

import argparse

import pytest

from helpers.cli import comment_verbs
from helpers.data.errors import InputError
from helpers.reports.check.page import page_findings
from helpers.reports.comments.returned import take_back
from helpers.reports.comments.store import open_comments

from .conftest import SLUG, build


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    comment_verbs.add_verbs(parser.add_subparsers())
    given = parser.parse_args(arguments)
    status: int = given.verb(given)
    return status


def test_review_sheet_writes_a_workbook_and_a_form(project, capsys):
    assert run("review-sheet", SLUG, "--reviewer", "A. B.") == 0
    written = sorted(path.name for path in (project / "reports" / "review").iterdir())
    assert written == [f"review_{SLUG}_ab.docx", f"review_{SLUG}_ab.xlsx"]
    shown = capsys.readouterr().out
    assert all(name in shown for name in written)


def test_comments_lists_what_is_open_and_answer_closes_it(project, filled, capsys):
    take_back(
        [filled({"fact:total": ("must change", "Why?"), "figure:map": ("could change", "Bigger.")})], project
    )
    build(project, figures=("bars",))
    assert run("comments", SLUG) == 0
    shown = capsys.readouterr()
    assert shown.out.index("must") < shown.out.index("Bigger.")
    assert "speaks of something that is no longer there" in shown.out
    assert f"{SLUG}: 2 open comments; reviewed by A. B." in shown.err
    first = open_comments(SLUG, project)[0].comment_id
    assert run("answer", SLUG, first, "Because.") == 0
    assert f"{first} on fact:total is answered" in capsys.readouterr().out
    assert run("comments", SLUG) == 0
    assert "Why?" not in capsys.readouterr().out
    assert run("comments", SLUG, "--all") == 0
    assert "Because." in capsys.readouterr().out
    assert run("answer", SLUG, first, "--reopen") == 0
    assert run("answer", SLUG, first, "--withdraw") == 0
    assert [one.target for one in open_comments(SLUG, project)] == ["figure:map"]


def test_a_misspelt_report_is_named(project):
    with pytest.raises(InputError, match=r"unknown.*policy_paper-eu27"):
        run("comments", "policy_paper-eu28")


def test_a_page_with_comments_passes_the_checks_of_pages(project, filled, chromium):
    marks = {
        "fact:total": ("must change", "A" * 200),
        "figure:map": ("should change", "Larger letters.\nAnd bars."),
        "recommendation:R01": ("could change", "Who?"),
        "report": ("could change", "<b>Shorter</b>"),
    }
    take_back([filled(marks)], project)
    folder = build(project)
    assert page_findings(SLUG, folder / "report.html", chromium) == []
