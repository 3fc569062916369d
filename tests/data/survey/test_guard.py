"""No cell of a table runs as a formula, and what was answered can be read back exactly."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.data.survey.guard import guarded, unguarded
from helpers.data.survey.ingest import ingest
from helpers.figures.downloads import csv_text

HOSTILE = ["Much;=cmd|' /C calc'!A0", "Much\n=1+1", "a,@x", "a\t+1+1", 'a;"=1', "'=1", "-1+1", "\n=1"]
texts = st.text(alphabet="=+-@\t\r\n＝'\" ;,|019a", max_size=12)


@given(texts)
@example("'\n")
@example("'';'=")
def test_what_was_guarded_is_read_back_exactly(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_runs_wherever_a_program_parts_cells(text, delimiter):
    import pandas as pd

    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(["r1", guarded(text), "x"])
    figure = csv_text(pd.DataFrame({"name": ["r1"], text: [text]}))
    for table in (line.getvalue(), figure):
        cells = [
            cell for row in csv.reader(io.StringIO(table, newline=""), delimiter=delimiter) for cell in row
        ]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_decisions_are_not_guarded_twice(root, write_csv, rows):
    line = ["Glas und Röhren AG", "a@glas.at", "AT", "7"]
    path = write_csv([["company", "email", "country", "lipids_amount"], line, line])
    done = ingest(path, "vaccine_capacity", "2021-03", root=root)
    file = done.folder / "duplicates.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",,,\n", ",merge,AB,=1\n"), encoding="utf-8")
    for _ in range(3):
        ingest(path, "vaccine_capacity", "2021-03", root=root)
    assert rows(file)[0]["note"] == "'=1"
