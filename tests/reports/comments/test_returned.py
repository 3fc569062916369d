"""Filled sheets come back: merged once, by words and reviewer, or refused as a whole with clear messages."""

from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.data.files import sha256_of
from helpers.reports.comments.answers import answer
from helpers.reports.comments.model import comment_id
from helpers.reports.comments.returned import take_back
from helpers.reports.comments.store import (
    open_comments,
    read_comments,
    read_history,
    read_reviews,
    reviewers,
)

from .conftest import OTHER, SLUG, as_csv, build, on_disk

DAY = date(2026, 11, 20)
MARKS = {
    "report": ("could change", "A map of the sites is missing."),
    "recommendation:R01": ("must change", "Who does it?"),
    "figure:map": ("should change", "Larger letters."),
    "fact:total": ("must change", "1,302 or 1,303?"),
    "fact:share": ("fine", ""),
}


def test_what_was_filled_in_is_kept_with_who_when_and_what_it_said(project, filled):
    path = filled(MARKS)
    done = take_back([path], project, received=DAY)
    assert [(one.slug, one.new, one.changed, one.gone) for one in done] == [(SLUG, 4, True, ())]
    kept = {one.target: one for one in read_comments(SLUG, project)}
    assert set(kept) == set(MARKS) - {"fact:share"}
    total = kept["fact:total"]
    assert (total.reviewer, total.received, total.severity) == ("A. B.", "2026-11-20", "must")
    assert (total.comment, total.said) == ("1,302 or 1,303?", "1,302, cluster organisations")
    assert total.status == "open"
    review = read_reviews(SLUG, project)[0]
    assert (review.rows_read, review.comments, review.sheet_sha256) == (5, 4, sha256_of(path))
    facts = project / "reports" / "build" / SLUG / "facts.json"
    assert review.facts_sha256 == sha256_of(facts)
    assert [change.text for change in read_history(SLUG, project)] == ["received"] * 4


def test_the_same_sheet_twice_changes_nothing(project, filled):
    path = filled(MARKS)
    take_back([path], project, received=DAY)
    before = on_disk(project)
    done = take_back([path, path], project, received=date(2026, 12, 1))
    assert [one.changed for one in done] == [False]
    assert on_disk(project) == before


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16")])
def test_a_copy_saved_as_csv_says_the_same(project, filled, delimiter, encoding):
    path = filled(MARKS | {"table:counts": ("must change", "Línea uno;\n-dos, tres")})
    copy = as_csv(path, delimiter, encoding)
    take_back([path], project, received=DAY)
    before = on_disk(project)
    done = take_back([copy], project, received=DAY)
    assert [(one.new, one.known, one.changed) for one in done] == [(0, 5, False)]
    assert on_disk(project) == before


def test_a_workbook_saved_by_another_program_says_the_same(project, filled, tmp_path):
    path = filled(MARKS)
    book = openpyxl.load_workbook(path)
    del book["how to review"]
    sheet = book["review"]
    sheet.title = "Tabelle1"
    sheet.protection.sheet = False
    sheet.move_range("A1:I40", rows=0)
    copy = tmp_path / "saved again.xlsx"
    book.save(copy)
    take_back([path], project, received=DAY)
    assert not take_back([copy], project)[0].changed


def test_a_number_typed_as_a_comment_is_a_text(project, filled):
    path = filled({"fact:total": ("must change", "x")})
    book = openpyxl.load_workbook(path)
    row = next(row for row in book["review"].iter_rows(min_row=4) if row[1].value == "fact:total")
    row[5].value = 1303
    book.save(path)
    take_back([path], project)
    assert read_comments(SLUG, project)[0].comment == "1303"


def test_several_reviewers_and_reports_are_merged_in_one_go(project, filled):
    one = filled({"fact:total": ("must change", "Why?")}, "A. B.")
    other = filled({"fact:total": ("must change", "Why?")}, "C. D.", (SLUG, OTHER))
    third = filled({"report": ("fine", "")}, "C.D.", (SLUG, OTHER), OTHER)
    done = take_back([one, other, third], project)
    assert {merged.slug: (merged.new, merged.reviewers) for merged in done} == {
        SLUG: (2, ("A. B.", "C. D.")),
        OTHER: (0, ("C.D.",)),
    }
    assert reviewers(SLUG, project) == ["A. B.", "C. D."]
    assert reviewers(OTHER, project) == ["C.D."], "a sheet without a comment is a review"


def test_spelling_initials_otherwise_makes_no_second_reviewer(project, filled):
    take_back([filled({"report": ("fine", "")}, name) for name in ("A. B.", "ab", " A B ")], project)
    assert reviewers(SLUG, project) == ["A. B."]


def test_reviewers_of_an_older_build_can_be_told_apart(project, filled):
    take_back([filled({"report": ("fine", "")}, "AB")], project)
    folder = build(project, facts=("total", "share"))
    take_back([filled({"report": ("fine", "")}, "CD")], project)
    assert reviewers(SLUG, project) == ["AB", "CD"]
    assert reviewers(SLUG, project, sha256_of(folder / "facts.json")) == ["CD"]


def test_comments_hold_on_to_their_targets_when_the_order_changes(project, filled):
    path = filled(MARKS)
    build(
        project,
        facts=("formula", "share", "total"),
        figures=("bars", "map"),
        tables=("counts", "recommendations"),
    )
    done = take_back([path], project)
    assert done[0].gone == ()
    assert {one.target for one in read_comments(SLUG, project)} == set(MARKS) - {"fact:share"}


def test_a_comment_on_what_is_gone_is_kept_and_said(project, filled):
    path = filled({"fact:share": ("must change", "Of which regions?")})
    build(project, facts=("total",))
    assert take_back([path], project)[0].gone == ("fact:share",)
    assert open_comments(SLUG, project)[0].target == "fact:share"


def test_addresses_are_taken_out_of_comments(project, filled):
    path = filled({"report": ("should change", "Ask anna@vials.eu or +48 601 234 567.")})
    take_back([path], project)
    assert read_comments(SLUG, project)[0].comment == "Ask [e-mail] or [phone]."
    assert not [name for name, data in on_disk(project).items() if b"vials" in data or b"601 234" in data]


def test_hostile_comments_are_kept_as_harmless_text(project, filled):
    path = filled({"report": ("must change", "=HYPERLINK(1)\u202e<script>alert(1)</script>")})
    take_back([path], project)
    assert read_comments(SLUG, project)[0].comment == "=HYPERLINK(1)[U+202E]<script>alert(1)</script>"
    assert b"'=HYPERLINK" in on_disk(project)[f"{SLUG}/comments.csv"]


def test_words_on_what_is_fine_wait_for_an_answer(project, filled):
    take_back([filled({"report": ("fine", "But see the other paper.")})], project)
    assert open_comments(SLUG, project)[0].severity == "could"


def test_another_severity_for_the_same_words_is_noted(project, filled):
    take_back([filled({"report": ("could change", "Shorter.")})], project, received=DAY)
    take_back([filled({"report": ("must change", "Shorter.")})], project, received=DAY)
    assert [one.severity for one in read_comments(SLUG, project)] == ["must"]
    assert [one.severity for one in read_history(SLUG, project)] == ["could", "must"]


def test_said_again_of_a_later_build_an_answered_comment_is_open_again(project, filled):
    take_back([filled({"report": ("must change", "Shorter.")})], project)
    only = read_comments(SLUG, project)[0].comment_id
    answer(SLUG, only, "It is.", root=project)
    take_back([filled({"report": ("must change", "Shorter. ")})], project)
    assert open_comments(SLUG, project) == [], "the same build: nothing new was said"
    build(project, facts=("total", "share"))
    assert take_back([filled({"report": ("must change", "Shorter.")})], project)[0].reopened == 1
    assert [one.answer for one in open_comments(SLUG, project, "must")] == ["It is."]


def spoilt(path, change):
    book = openpyxl.load_workbook(path)
    sheet = book["review"]
    change(sheet, next(row for row in sheet.iter_rows(min_row=4) if row[1].value == "fact:total"))
    book.save(path)
    return path


def set_value(position, value):
    def change(sheet, row):
        row[position].value = value

    return change


FAULTS = {
    "a changed id": (set_value(1, "fact:share"), r"row 11, column id: found 'fact:share', but .* handed out"),
    "a strange id": (set_value(1, "../../etc"), r"row 11, column id: found '../../etc', allowed"),
    "no id": (set_value(1, ""), r"row 11, column id: found '', allowed"),
    "another report": (set_value(0, OTHER), r"row 11, column id: .* another report"),
    "no report": (set_value(0, "a/b"), r"row 11, column report: found 'a/b'"),
    "a strange status": (
        set_value(4, "urgent"),
        r"row 11, column status: found 'urgent', allowed: fine, must",
    ),
    "no status": (set_value(4, ""), r"row 11, column status: found nothing beside a comment"),
    "no comment": (set_value(5, ""), r"row 11, column comment: found nothing beside 'must change'"),
    "too long": (set_value(5, "x" * 5000), r"row 11, column comment: found 5000 characters, allowed: 4000"),
    "a changed build": (set_value(7, "b0"), r"row 11, column build: found 'b0'"),
    "a changed mark": (set_value(8, "k0000000000"), r"row 11, column id: .*handed out"),
    "no name": (
        lambda sheet, _: sheet["B1"].__setattr__("value", ""),
        r"row 1, column reviewer: found nothing",
    ),
    "an address": (
        lambda sheet, _: sheet["B1"].__setattr__("value", "a@vials.eu"),
        r"row 1, column reviewer: found an address or a number, allowed: a name",
    ),
    "no column": (lambda sheet, _: sheet.delete_cols(6), r"row 3, column comment: missing"),
    "a column twice": (
        lambda sheet, _: sheet.cell(3, 10).__setattr__("value", "comment"),
        r"row 3, column 'comment': stands twice",
    ),
    "a new column": (
        lambda sheet, _: sheet.cell(3, 10).__setattr__("value", "my notes"),
        r"row 3, column 'my notes': unknown, allowed: report, id",
    ),
}


@pytest.mark.parametrize(("change", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_sheet_that_was_changed_is_refused_and_nothing_is_written(project, filled, change, words):
    good = filled({"report": ("must change", "Shorter.")}, "C. D.")
    bad = spoilt(filled({"fact:total": ("must change", "Why?")}), change)
    with pytest.raises(InputError, match=rf"{bad.name}: {words}") as caught:
        take_back([good, bad], project)
    assert "vials" not in str(caught.value)
    assert not (project / "reports" / "reviews").exists()


def test_each_fault_has_a_message_of_its_own(project, filled):
    path = filled(MARKS)
    book = openpyxl.load_workbook(path)
    for row in book["review"].iter_rows(min_row=4):
        if row[4].value:
            row[4].value = "urgent"
    book.save(path)
    with pytest.raises(InputError) as caught:
        take_back([path], project)
    assert len(caught.value.problems) == len(MARKS)


def test_an_empty_sheet_is_no_review(project, filled):
    with pytest.raises(InputError, match="at least one row marked"):
        take_back([filled({})], project)


def test_a_sheet_on_a_report_of_another_project_is_refused(project, filled, tmp_path):
    path = filled({"report": ("fine", "")})
    with pytest.raises(InputError, match=f"column report: found '{SLUG}', allowed: a report that is built"):
        take_back([path], tmp_path / "elsewhere")


def test_a_file_that_is_no_sheet_is_refused(project, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"other.csv: found no row with the columns id, comment and check"):
        take_back([path], project)


@given(st.text(max_size=200), st.text("abAB. ", min_size=1, max_size=9))
def test_ids_do_not_depend_on_spacing(comment, reviewer):
    spaced = "  ".join(["", *comment.split(), ""])
    assert comment_id("report", reviewer, comment) == comment_id("report", reviewer.upper(), spaced)
