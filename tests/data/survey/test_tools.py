"""Each tool is recognised by what it writes, and its oddities do not reach the answers."""

import zipfile
from datetime import datetime

import pytest

from helpers.data.errors import InputError
from helpers.data.survey.recognise import open_export

META = ["Invitation Number", "Contribution ID", "User Name", "Creation Date", "Last Update", "Languages"]


def read(*paths, **options):
    with open_export(list(paths), **options) as export:
        return export, list(export.rows())


def repeats(*paths):
    with open_export(list(paths)) as export:
        return [(repeat.name, repeat.parent, cells(repeat.rows())) for repeat in export.repeats]


def cells(rows):
    return [row.cells for row in rows]


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("plain.csv", "plain"),
        ("limesurvey.csv", "limesurvey"),
        ("google.csv", "google_forms"),
        ("eusurvey.xlsx", "eusurvey"),
        ("eusurvey.xml", "eusurvey"),
        ("microsoft.xlsx", "microsoft_forms"),
        ("odk.zip", "odk"),
    ],
)
def test_the_tool_is_told_by_the_content_not_by_the_name(exports, responses, tmp_path, name, tool):
    path = tmp_path / "answers.bin"
    path.write_bytes(exports[name].read_bytes())
    export, rows = read(path)
    assert export.tool == tool
    assert [row.number for row in rows] == list(range(2, len(responses) + 2))
    assert all(len(row.cells) == len(export.columns) for row in rows)


def test_a_tool_that_is_named_wrongly_is_refused(exports):
    with pytest.raises(InputError, match="found an export of limesurvey, not of odk"):
        read(exports["limesurvey.csv"], tool="odk")
    with pytest.raises(InputError, match="tool: found 'excel', allowed: eusurvey"):
        read(exports["plain.csv"], tool="excel")


def test_files_of_two_tools_are_not_mixed(exports):
    with pytest.raises(InputError, match="not of one tool"):
        read(exports["limesurvey.csv"], exports["google.csv"])


# --- EUSurvey


def content(headers, *rows):
    return [["Alias", "vaccines"], ["Export Date", "01/04/2021"], [], [*headers, *META], *rows]


def meta(number, day="2021-03-14"):
    return ["", f"id-{number}", "someone", day, day, "EN"]


def test_eusurvey_columns_go_on_in_further_sheets_and_rows_in_further_files(write_xlsx):
    def book(first, name):
        sheets = {
            "Content": [["Alias", "x"], ["Export Date", "y"], [], ["Country (country)"], ["AT"], [], ["BE"]],
            "Content1": [["Alias", "x"], ["Export Date", "y"], [], ["Amount", *META], ["5", *meta(first)]],
            "Content10": [["Alias", "x"], ["Export Date", "y"], [], ["Last"], ["z"], [], ["w"]],
            "Statistics": [["not an answer"]],
        }
        sheets["Content1"] += [[], ["6", *meta(first + 1)]]
        return write_xlsx(sheets, name)

    export, rows = read(book(1, "a.xlsx"), book(3, "b.xlsx"))
    assert [column.key for column in export.columns] == ["Country (country)", "Amount", *META, "Last"]
    assert export.columns[0].code == "country"
    assert [(row.number, row.cells[0], row.cells[3], row.cells[-1]) for row in rows] == [
        (2, "AT", "id-1", "z"),
        (3, "BE", "id-2", "w"),
        (4, "AT", "id-3", "z"),
        (5, "BE", "id-4", "w"),
    ]


def test_eusurvey_files_with_other_columns_do_not_continue_each_other(write_xlsx):
    first = write_xlsx({"Content": content(["A"], ["1", *meta(1)])}, "a.xlsx")
    second = write_xlsx({"Content": content(["B"], ["1", *meta(2)])}, "b.xlsx")
    with pytest.raises(InputError, match=r"b\.xlsx: row 4: other columns than in a\.xlsx"):
        read(first, second)


def test_eusurvey_answers_that_spill_into_rows_without_id_are_put_together(write_xlsx):
    long, short = "x" * 32_767, "y" * 40
    lines = content(
        ["Country", "Difficulties", "Bottlenecks"],
        ["AT", long, long, *meta(1)],
        ["", long, short],
        ["", short],
        ["BE", "none", "", *meta(2)],
    )
    _, rows = read(write_xlsx({"Content": lines}))
    assert [(row.number, row.fault) for row in rows] == [(2, ""), (3, "")]
    assert rows[0].cells[1] == long + long + short
    assert rows[0].cells[2] == long + short
    assert rows[1].cells[:2] == ["BE", "none"]


def test_an_eusurvey_row_without_id_that_continues_nothing_is_a_fault(write_xlsx):
    lines = content(["Country", "Text"], ["AT", "short", *meta(1)], ["", "lost"], ["BE", "", *meta(2)])
    _, rows = read(write_xlsx({"Content": lines}))
    assert [bool(row.fault) for row in rows] == [False, True, False]


def test_eusurvey_dates_and_numbers_of_cells_become_text(write_xlsx):
    lines = content(["Country", "Amount"], ["AT", 1200.0, "", "id", "", datetime(2021, 3, 14), "", "EN"])
    _, rows = read(write_xlsx({"Content": lines}))
    assert rows[0].cells[1] == "1200"
    assert rows[0].cells[5] == "2021-03-14"


def test_eusurvey_xls_and_ods_hold_the_same_as_xlsx(asked, responses, tmp_path, exports):
    from helpers.data.sample.exporters.eusurvey import eusurvey_rows

    lines = [[str(cell) if cell else "" for cell in row] for row in eusurvey_rows(responses, asked)]
    expected = cells(read(exports["eusurvey.xlsx"])[1])
    for path in (as_xls(lines, tmp_path / "a.xls"), as_ods(lines, tmp_path / "a.ods")):
        export, rows = read(path)
        assert export.tool == "eusurvey"
        assert cells(rows) == expected


def as_xls(lines, path):
    xlwt = pytest.importorskip("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("Content")
    for at, row in enumerate(lines):
        for place, cell in enumerate(row):
            if cell:
                sheet.write(at, place, cell)
    book.save(str(path))
    return path


def as_ods(lines, path):
    pytest.importorskip("odf")
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    table = Table(name="Content")
    for row in lines:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string") if text else TableCell()
            for part in text.split("\n") if text else []:
                paragraph = P()
                paragraph.addText(part)
                cell.addElement(paragraph)
            line.addElement(cell)
        table.addElement(line)
    book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


XML = """<?xml version="1.0" encoding="UTF-8"?>
<Results create="2021-04-01_12-00-00"><Survey id="1" uid="u" alias="x">
<Elements lang="FR"><Question id="q1" type="Single Choice">Pays</Question>
<Answer id="a1">Autriche</Answer></Elements>
<Elements lang="EN"><Section id="s">Part</Section>
<Question id="q1" type="Single Choice" bid="country">&lt;b&gt;Country&lt;/b&gt;</Question>
<Answer id="a1">Austria</Answer><Answer id="a2">Belgium; the whole</Answer>
<MatrixTitle id="m">Vials</MatrixTitle><MatrixQuestion id="q2">Amount</MatrixQuestion></Elements></Survey>
<Answers><AnswerSet id="one" create="2021-03-14_10-22-05" lang="FR">
<Answer qid="q1" aid="a1"/><Answer qid="q1" aid="a2"/><Answer qid="q2">5 &amp; more</Answer></AnswerSet>
<AnswerSet id="two" create="2021-03-15_00-00-00" lang="EN"><Answer qid="q9">x</Answer></AnswerSet>
</Answers></Results>"""


def test_eusurvey_xml_with_several_languages_choices_and_a_matrix(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(XML, encoding="utf-8")
    export, rows = read(path)
    assert [(column.key, column.code) for column in export.columns[:2]] == [
        ("Country", "country"),
        ("Vials: Amount", ""),
    ]
    assert rows[0].cells == ["Austria\nBelgium; the whole", "5 & more", "one", "2021-03-14 10:22:05", "FR"]
    assert rows[1].fault == "1 answers to questions that the export does not describe"


# --- LimeSurvey


@pytest.mark.parametrize(
    "head",
    [
        ["id", "submitdate", "lastpage", "startlanguage", "country", "platforms[mrna]"],
        ["Response ID", "Date submitted", "Last page", "Start language", "country", "platforms[mrna]"],
        [
            *("id. Response ID", "submitdate. Date", "lastpage. Last", "startlanguage. Language"),
            *("country. Where are you?", "platforms[mrna]. Which? [mRNA]"),
        ],
    ],
)
def test_limesurvey_with_codes_texts_or_both_in_its_header(write_csv, head):
    lines = [head, ["1", "2021-03-14 10:22:05", "4", "de-informal", "AT", "Y"]]
    path = write_csv(lines, encoding="utf-8-sig", delimiter=";", quoting=1)
    path.write_bytes(path.read_bytes() + b"\r\n")
    export, rows = read(path)
    assert export.tool == "limesurvey"
    assert [column.kind for column in export.columns[:4]] == ["id", "submitted", "system", "language"]
    assert [column.code or column.header for column in export.columns[4:]] == ["country", "platforms[mrna]"]
    assert len(rows) == 1


# --- Microsoft Forms


def test_microsoft_forms_account_columns_are_never_questions(write_xlsx):
    head = ["ID", "Start time", "Completion time", "Email", "Name", "Where?\r\nCountry", "Name", "Email"]
    export, rows = read(
        write_xlsx({"Form1": [head, [1, "x", datetime(2021, 3, 14, 10), "a", "b", "AT", "c", "d"]]})
    )
    assert export.tool == "microsoft_forms"
    assert [column.kind for column in export.columns] == [
        *("id", "system", "submitted", "system", "system"),
        *("question", "question", "question"),
    ]
    assert [column.key for column in export.columns[5:]] == ["Where? Country", "Name #2", "Email #2"]
    assert rows[0].cells[2] == "2021-03-14 10:00:00"


@pytest.mark.parametrize(
    "head", [["ID", "Startzeit", "Fertigstellungszeit"], ["ID", "Heure de début", "Heure de fin"]]
)
def test_microsoft_forms_in_other_languages(write_csv, head):
    export, _ = read(write_csv([[*head, "E-Mail", "Land"], ["1", "", "3/14/21 10:22:05", "", "AT"]]))
    assert export.tool == "microsoft_forms"
    assert export.conventions.date_order == "mdy"


# --- Google Forms


def test_google_forms_account_column_is_no_question(write_csv):
    lines = [["Timestamp", "Email Address", "Country"], ["2021/03/14 10:22:05 AM GMT+1", "a@b.eu", "AT"]]
    export, _ = read(write_csv(lines))
    assert export.tool == "google_forms"
    assert [column.kind for column in export.columns] == ["submitted", "system", "question"]


# --- ODK and Kobo

MAIN = [
    ["SubmissionDate", "country", "platforms", "platforms/mrna", "KEY"],
    ["2021-03-14T10:22:05.000Z", "AT", "mrna", "1", "k1"],
]
REPEAT = [["product", "amount", "PARENT_KEY", "KEY"], ["lipids", "5", "k1", "k1/1"]]


def as_text(lines):
    return "\n".join(",".join(line) for line in lines) + "\n"


def test_odk_as_zip_as_folder_and_as_two_files_is_the_same(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "form.csv").write_text(as_text(MAIN))
    (folder / "form-capacities.csv").write_text(as_text(REPEAT))
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"inner/{path.name}")
        archive.writestr("__MACOSX/._form.csv", b"\0")
        archive.writestr("media/photo.jpg", b"\xff\xd8\xff")
    ways = [[packed], [folder], [folder / "form-capacities.csv", folder / "form.csv"]]
    for paths in ways:
        export, rows = read(*paths)
        assert export.tool == "odk"
        assert cells(rows) == [MAIN[1]]
        assert repeats(*paths) == [("form-capacities", 2, [REPEAT[1]])]
        assert export.key == 4


def test_an_odk_repeat_without_its_main_table_says_so(tmp_path):
    path = tmp_path / "form-capacities.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("form-capacities.csv", as_text(REPEAT))
    with pytest.raises(InputError, match="found no"):
        read(path)


def test_kobo_sheets_are_joined_by_their_index(write_xlsx):
    main = [
        ["start", "respondent/country", "_id", "_uuid", "_submission_time", "_index"],
        ["", "AT", 7, "u1", "2021-03-14", 1],
    ]
    inner = [
        ["capacities/product", "capacities/amount", "_index", "_parent_index", "_submission__uuid"],
        ["lipids", 5, 1, 1, "u1"],
    ]
    path = write_xlsx({"form": main, "capacities": inner})
    export, rows = read(path)
    assert export.tool == "odk"
    assert export.position("id") == 3
    assert rows[0].cells[export.key] == "1"
    assert repeats(path) == [("capacities", 3, [["lipids", "5", "1", "1", "u1"]])]


# --- plain


def test_headers_that_stand_twice_are_told_apart_and_width_is_held(write_csv):
    lines = [
        ["id", "country", "country", ""],
        ["1", "AT", "BE", ""],
        ["2", "AT"],
        ["3", "AT", "BE", "", "", "x"],
        [],
    ]
    path = write_csv(lines)
    export, rows = read(path)
    assert [column.key for column in export.columns] == ["id", "country", "country #2", "column 4"]
    assert [row.fault for row in rows] == [
        "",
        "found 2 cells, allowed: 4 as in the header",
        "found 6 cells, allowed: 4 as in the header",
    ]


def test_one_column_is_no_table_of_answers(write_csv):
    with pytest.raises(InputError, match="found no table of answers"):
        read(write_csv([["country"], ["AT"]]))
