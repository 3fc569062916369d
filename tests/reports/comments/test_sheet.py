"""The sheet for reviewers: everything that can be spoken of, protected, harmless, the same every time."""

import io
import re
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from helpers.data.errors import InputError
from helpers.reports.comments.answers import answer
from helpers.reports.comments.returned import take_back
from helpers.reports.comments.sheet import SPARE, review_sheet
from helpers.reports.comments.store import read_comments
from helpers.reports.comments.workbook import sheet_xlsx
from helpers.reports.comments.writing import write_sheets

from .conftest import OTHER, SLUG, build


def test_every_fact_figure_table_and_recommendation_has_a_row(project):
    ids = [row.id for row in review_sheet([SLUG], root=project).rows]
    expected = ["report", "recommendation:R01", "recommendation:R02", "figure:map", "figure:bars"]
    expected += ["table:recommendations", "table:counts", "fact:total", "fact:share", "fact:formula"]
    assert ids == expected + ["report"] * SPARE


def test_a_row_says_what_the_report_says_now_and_where(project):
    rows = {row.id: row for row in reversed(review_sheet([SLUG], root=project).rows)}
    assert rows["fact:total"].says == "1,302, cluster organisations"
    assert rows["fact:total"].where == "In short"
    assert rows["figure:bars"].says == "Figure 2: Picture of bars"
    assert rows["figure:bars"].where == "1 Landscape"
    assert rows["recommendation:R01"].says == "Map the gaps\nMap capacity gaps every year."
    assert rows["recommendation:R01"].where == "2 Recommendations"


def test_ids_and_marks_do_not_depend_on_the_order_of_the_build(project):
    before = {row.id: row.says for row in review_sheet([SLUG], root=project).rows}
    build(
        project,
        facts=("formula", "share", "total"),
        figures=("bars", "map"),
        tables=("counts", "recommendations"),
    )
    after = {row.id: row.says for row in review_sheet([SLUG], root=project).rows}
    assert set(before) == set(after)
    assert after["figure:bars"] == "Figure 1: Picture of bars", "numbers change, ids do not"


def test_the_same_build_gives_the_same_bytes(project, tmp_path):
    one = write_sheets([SLUG, OTHER], "AB", tmp_path / "one", project)
    other = write_sheets([SLUG, OTHER], "AB", tmp_path / "other", project)
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]
    assert [path.name for path in one] == [
        f"review_{SLUG}_and_1_more_ab.xlsx",
        f"review_{SLUG}_and_1_more_ab.docx",
    ]


def test_only_status_comment_and_name_can_be_changed(project):
    book = openpyxl.load_workbook(io.BytesIO(sheet_xlsx(review_sheet([SLUG], root=project))))
    sheet = book["review"]
    assert sheet.protection.sheet
    assert book["how to review"].protection.sheet
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    rows = range(4, sheet.max_row + 1)
    assert unlocked == {"B1"} | {f"{letter}{row}" for letter in "EF" for row in rows}


def test_status_has_a_drop_down_in_every_row_and_the_header_stays_in_view(project):
    sheet = openpyxl.load_workbook(io.BytesIO(sheet_xlsx(review_sheet([SLUG], root=project))))["review"]
    choice = next(one for one in sheet.data_validations.dataValidation if one.type == "list")
    assert choice.formula1 == '"fine,must change,should change,could change"'
    assert str(choice.sqref) == f"E4:E{sheet.max_row}"
    assert sheet.freeze_panes == "C4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.column_dimensions["H"].hidden


def test_no_cell_is_a_formula_even_after_it_was_saved_as_csv(project):
    data = sheet_xlsx(review_sheet([SLUG], root=project))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert not any(re.search(rb"<f[ >]", part) for part in parts)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["review"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "'=1+1, a name like a formula" in texts
    assert not [text for text in texts if str(text).startswith(("=", "+", "@"))]


def test_earlier_comments_and_their_answers_are_shown(project, filled):
    take_back([filled({"fact:total": ("must change", "Why so few?")})], project)
    comment = read_comments(SLUG, project)[0]
    answer(SLUG, comment.comment_id, "Only registered ones count.", root=project)
    rows = {row.id: row for row in review_sheet([SLUG], root=project).rows}
    assert rows["fact:total"].earlier == (
        "A. B., must change (answered): Why so few?\nAnswer: Only registered ones count."
    )
    assert rows["fact:share"].earlier == ""


def test_the_printable_form_has_a_row_and_four_boxes_for_each(project, tmp_path):
    path = write_sheets([SLUG], "AB", tmp_path, project)[1]
    document = docx.Document(str(path))
    rows = document.tables[0].rows
    assert len(rows) == len(review_sheet([SLUG], root=project).rows) + 1
    assert rows[0]._tr.xpath("./w:trPr/w:tblHeader"), "the head is repeated on every page"
    assert all(len(row._tr.xpath(".//w:sdt")) == 4 for row in list(rows)[1:])
    assert "1,302, cluster organisations" in [row.cells[1].paragraphs[0].text for row in rows]


@pytest.mark.parametrize(
    ("slugs", "words"),
    [(["policy_paper-eu28"], "did you mean"), ([SLUG, SLUG], "named twice"), (["../x"], "allowed are a-z")],
)
def test_a_report_that_is_not_there_is_refused(project, slugs, words):
    with pytest.raises(InputError, match=words):
        review_sheet(slugs, root=project)


def test_an_address_is_no_name_of_a_reviewer(project, tmp_path):
    with pytest.raises(InputError, match="no address") as caught:
        write_sheets([SLUG], "anna@vials.eu", tmp_path / "out", project)
    assert "anna" not in str(caught.value)
    assert not Path(tmp_path / "out").exists()
