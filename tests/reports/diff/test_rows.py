"""Tables compared by what names their rows."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from helpers.reports.diff.rows import CellChange, compare_tables


def test_rows_are_told_apart_by_the_fewest_columns_that_name_them():
    old = "order,theme,group,share\n0,glass,small,0.5\n0,glass,large,0.25\n1,staff,small,0.1\n"
    change = compare_tables(old, old.replace("0.25", "0.3"))
    assert change.key == ("theme", "group")
    assert change.cells == (CellChange(("glass", "large"), "share", "0.25", "0.3"),)


def test_a_row_that_moved_is_no_other_row():
    change = compare_tables("c,v\nAT,1\nBE,2\n", "c,v\nBE,2\nAT,1\n")
    assert change.reordered
    assert (change.cells, change.added, change.gone) == ((), (), ())


def test_the_last_digits_of_sums_are_no_change():
    assert not compare_tables("c,v\nAT,0.30000000000000004\n", "c,v\nAT,0.3\n")


def test_columns_that_came_and_went_are_named():
    change = compare_tables("c,v,w\nAT,1,2\n", "c,v,u\nAT,1,3\n")
    assert (change.columns_gone, change.columns_added) == (("w",), ("u",))


def test_rows_without_a_name_are_told_apart_by_their_place():
    change = compare_tables("v\n0.5\n0.5\n", "v\n0.5\n0.7\n")
    assert change.cells == (CellChange(("row 2",), "v", "0.5", "0.7"),)


def test_ragged_and_empty_tables_are_compared():
    assert not compare_tables("", "")
    assert compare_tables("c,v\nAT\n", "c,v\nAT,1\n").cells == (CellChange(("AT",), "v", "", "1"),)


cells = st.sampled_from(["", "AT", "BE", "=1+1", "a,b", 'say "x"', "3", "0.5", "-2", "ä\nö"])
tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=6)
)


def text(rows):
    stream = io.StringIO()
    width = len(rows[0]) if rows else 1
    csv.writer(stream, lineterminator="\n").writerows([[f"c{n}" for n in range(width)], *rows])
    return stream.getvalue()


@given(tables)
def test_a_table_does_not_differ_from_itself(rows):
    assert not compare_tables(text(rows), text(rows))


@given(tables, st.data())
def test_an_edited_cell_is_always_found(rows, data):
    if not rows:
        return
    row, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(rows[0]) - 1))
    edited = [list(each) for each in rows]
    edited[row][column] = "something else"
    assert compare_tables(text(rows), text(edited))
