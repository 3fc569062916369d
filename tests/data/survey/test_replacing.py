"""What people decided is about the same respondents after answers were replaced, or nothing is replaced."""

import pytest

from helpers.data.errors import InputError
from helpers.data.survey.ingest import ingest
from helpers.data.verify import refresh_checksums, verify

NAME = "vaccine_capacity"
HEAD = ["company", "email", "country", "lipids_amount"]
FIRMS = [[f"Firm {number}", f"f{number}@firm.at", "AT", str(number)] for number in range(1, 5)]
TWICE = [["Glas und Röhren AG", "a@glas.at", "AT", "7"]] * 2


def with_ids(lines):
    return [["id", *HEAD], *([f"k{line[0]}{at}", *line] for at, line in enumerate(lines))]


def decide(folder):
    path = folder / "duplicates.csv"
    text = path.read_text(encoding="utf-8").rstrip("\n")
    assert text.endswith(",,,")
    path.write_text(text.removesuffix(",,,") + ",merge,AB,\n", encoding="utf-8")


def withdraw(folder, rows, at=-1):
    code = rows(folder / "answers.csv")[at]["respondent_id"]
    (folder / "withdrawals.csv").write_text(f"respondent_id,date\n{code},2021-06-01\n", encoding="utf-8")
    return code


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_decisions_on_rows_stop_another_file(root, write_csv):
    done = ingest(write_csv([HEAD, *TWICE, *FIRMS]), NAME, "2021-03", root=root)
    decide(done.folder)
    before = content(done.folder)
    other = write_csv([HEAD, FIRMS[0], *TWICE], "other.csv")
    with pytest.raises(InputError, match=r"2021-03/duplicates\.csv: is about .*number of a row.*column `id`"):
        ingest(other, NAME, "2021-03", root=root, replace_vintage=True)
    assert content(done.folder) == before
    # The same file has the same rows.
    assert ingest(write_csv([HEAD, *TWICE, *FIRMS]), NAME, "2021-03", root=root).accepted == 6


def test_a_withdrawal_of_a_row_stops_another_file_until_it_is_taken_out(root, write_csv, rows):
    done = ingest(write_csv([HEAD, *FIRMS]), NAME, "2021-03", root=root)
    withdraw(done.folder, rows, at=1)
    other = write_csv([HEAD, *FIRMS[1:]], "other.csv")
    with pytest.raises(
        InputError, match=r"withdrawals\.csv: is about r[0-9a-f]{10}, whose code is made from"
    ):
        ingest(other, NAME, "2021-03", root=root, replace_vintage=True)
    (done.folder / "withdrawals.csv").unlink()
    assert ingest(other, NAME, "2021-03", root=root, replace_vintage=True).accepted == 3


def test_without_decisions_rows_may_be_replaced(root, write_csv):
    ingest(write_csv([HEAD, *TWICE, *FIRMS]), NAME, "2021-03", root=root)
    other = write_csv([HEAD, *FIRMS], "other.csv")
    assert ingest(other, NAME, "2021-03", root=root, replace_vintage=True).changed


def test_a_decision_goes_along_with_the_tools_id_and_does_not_vanish_with_it(root, write_csv, rows):
    first = with_ids([*TWICE, *FIRMS])
    done = ingest(write_csv(first), NAME, "2021-03", root=root)
    decide(done.folder)
    code = withdraw(done.folder, rows)
    header, *lines = first
    moved = ingest(
        write_csv([header, *lines[::-1]], "moved.csv"), NAME, "2021-03", root=root, replace_vintage=True
    )
    (pair,) = rows(moved.folder / "duplicates.csv")
    assert pair["decision"] == "merge"
    assert rows(moved.folder / "withdrawals.csv")[0]["respondent_id"] == code
    fewer = write_csv([header, *lines[1:-1]], "fewer.csv")
    with pytest.raises(InputError) as fault:
        ingest(fewer, NAME, "2021-03", root=root, replace_vintage=True)
    assert "duplicates.csv: is about r" in str(fault.value)
    assert f"withdrawals.csv: is about {code}, and no accepted answer has that code any more" in str(
        fault.value
    )


@pytest.mark.parametrize("text", ["who,when\nr1,2021-01-01\n", "", '"respondent_id'])
def test_withdrawals_that_cannot_be_read_are_not_overlooked(root, write_csv, text):
    path = write_csv([HEAD, *FIRMS])
    done = ingest(path, NAME, "2021-03", root=root)
    (done.folder / "withdrawals.csv").write_text(text)
    with pytest.raises(InputError, match=r"withdrawals\.csv: "):
        ingest(path, NAME, "2021-03", root=root)


def test_update_declares_what_people_put_beside_the_answers(root, write_csv, rows):
    wave = f"{NAME}/2021-03"
    done = ingest(write_csv([HEAD, *FIRMS]), NAME, "2021-03", root=root)
    withdraw(done.folder, rows)
    (done.folder / "frame.csv").write_text("country,employees,invited\nAT,small,20\n")
    (done.folder / "notes.csv").write_text("a\n")
    origin = done.folder / "origin.yml"
    origin.write_text(origin.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    assert {problem.file for problem in verify(root, wave)} == {
        *("withdrawals.csv", "frame.csv", "notes.csv"),
    }
    changes = refresh_checksums(wave, root)
    assert [line.partition(": ")[2] for line in changes] == ["declared, rows 1", "declared, rows 1"]
    assert {problem.file for problem in verify(root, wave)} == {"notes.csv"}
    assert "# mine\n" in origin.read_text(encoding="utf-8")
    assert refresh_checksums(wave, root) == []
    (done.folder / "withdrawals.csv").write_text("respondent_id,day\nx,1\n")
    assert any(problem.file == "withdrawals.csv" for problem in verify(root, wave))
