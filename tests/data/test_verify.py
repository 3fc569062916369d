"""`verify` finds each kind of fault, says where it is, and never stops with a traceback."""

import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.data.catalog import read_raw
from helpers.data.errors import InputError
from helpers.data.origin import load_origin
from helpers.data.project import project_root
from helpers.data.verify import Problem, problem_lines, refresh_checksums, verify

GOOD = b"country,year,population\nEL,2019,10721582\nEL,2020,10698599\nXK,2019,1788891\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a project with one sound dataset, population."""
    folder = tmp_path / "data" / "raw" / "population"
    shutil.copytree(project_root() / "data" / "raw" / "population", folder)
    (folder / "population.csv").write_bytes(GOOD)
    refresh_checksums("population", tmp_path)
    return tmp_path


def folder_of(root: Path) -> Path:
    return root / "data" / "raw" / "population"


def faults(root: Path, content: bytes, *, refresh: bool = True) -> list[str]:
    """Return the messages for a changed table whose checksum is right again, where it can be."""
    (folder_of(root) / "population.csv").write_bytes(content)
    if refresh:
        refresh_checksums("population", root)
    return [str(problem).removeprefix("data/raw/population/") for problem in verify(root)]


def change_origin(root: Path, old: str, new: str) -> None:
    path = folder_of(root) / "origin.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sound_dataset_has_no_problems(root: Path) -> None:
    assert verify(root) == []


def test_the_committed_datasets_have_no_problems() -> None:
    assert problem_lines(verify()) == []


def test_a_letter_in_a_year_is_named_with_file_row_and_column(root: Path) -> None:
    assert faults(root, GOOD.replace(b"EL,2020", b"EL,20l9")) == [
        "population.csv: row 3, column year: found '20l9', allowed: an integer from 2015 to 2030"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"EL,2020", b"GR,2020", "row 3, column country: found 'GR', allowed: a Eurostat country code"),
        (b"EL,2020", b",2020", "row 3, column country: found '', a missing mark; allowed: a Eurostat"),
        (b"EL,2020", b"EL,2031", "row 3, column year: found '2031', allowed: an integer from 2015 to 2030"),
        (b"10698599", b"10.698.599", "row 3, column population: found '10.698.599', allowed: an integer"),
        (b"10698599", b"0", "row 3, column population: found '0', allowed: an integer from 1 to"),
        (b"EL,2020", b"EL,2019", "row 3, column country + year: found 'EL, 2019' again, first in row 2"),
        (b"10698599", b"10698599,", "row 3: found 4 cells, allowed: 3 cells"),
        (b",10698599", b"", "row 3: found 2 cells, allowed: 3 cells"),
        (b"EL,2020", b"\nEL,2020", "row 3: found a blank line, allowed: 3 cells"),
        (b"country,year,", b"year,country,", "row 1: found the order year, country, population; allowed: "),
        (
            b"country,year",
            b"country,yaer",
            "row 1, column yaer: not declared in origin.yml; allowed: country",
        ),
        (b"country,year", b"country,yaer", "row 1, column year: missing; origin.yml declares it"),
        (b"country,year", b"country,country", "row 1, column country: found 2 times, allowed: once"),
        (b"country,year", b"country,", "row 1, column (no name): not declared in origin.yml"),
        (b"country,year,population", b"country,year", "row 1, column population: missing"),
    ],
)
def test_a_planted_fault_is_found(root: Path, old: bytes, new: bytes, said: str) -> None:
    assert old in GOOD
    found = faults(root, GOOD.replace(old, new, 1))
    assert any(line.startswith("population.csv: " + said) for line in found), found


def test_a_fault_in_one_column_does_not_hide_another(root: Path) -> None:
    found = faults(root, GOOD.replace(b"EL,2020,10698599", b"GR,20l9,x").replace(b"XK", b"Kosovo"))
    assert [line.split(": ")[1] for line in found] == [
        "row 3, column country",
        "row 3, column year",
        "row 3, column population",
        "row 4, column country",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "population.csv: empty file, allowed: a header and rows"),
        (b"\n\n  \n", "population.csv: empty file"),
        (b"\xef\xbb\xbf" + GOOD, "row 1: starts with a byte-order mark; declare encoding: utf-8-sig"),
        (GOOD.replace(b"XK", b"X\xe9"), "row 4: found byte 0xe9, allowed: utf-8 text"),
        (GOOD.decode().encode("utf-16"), "row 1: found byte 0xff, allowed: utf-8 text"),
        (GOOD.replace(b"XK", b"X\0"), "row 4: found a NUL character, allowed: text"),
        (GOOD.replace(b"XK", b'"XK'), "row 4: not delimited text: unexpected end of data"),
        (GOOD.replace(b"XK", b'"X"K'), "row 4: not delimited text: ',' expected after '\"'"),
        (GOOD.replace(b"XK", b"X" * 200_000), "row 4: not delimited text: field larger than field limit"),
    ],
)
def test_what_is_no_table_is_said_in_one_line(root: Path, content: bytes, said: str) -> None:
    found = faults(root, content, refresh=False)
    assert len(found) == 2
    assert "population.csv: sha256: found " in found[0]
    assert said in found[1]


def test_a_header_alone_is_a_table_without_rows(root: Path) -> None:
    assert faults(root, GOOD.splitlines(keepends=True)[0]) == []


def test_a_changed_byte_and_a_lost_row_are_found_by_checksum_and_count(root: Path) -> None:
    found = faults(root, GOOD.replace(b"XK,2019,1788891\n", b""), refresh=False)
    assert "population.csv: sha256: found " in found[0]
    assert "`evidence verify --update population`" in found[0]
    assert found[1:] == ["population.csv: found 2 rows, allowed: 3 as origin.yml says"]


def test_a_missing_checksum_is_a_fault(root: Path) -> None:
    lines = (folder_of(root) / "origin.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "sha256:" not in line]
    (folder_of(root) / "origin.yml").write_text("".join(kept), encoding="utf-8")
    assert "no sha256 in origin.yml" in str(verify(root)[0])


def test_missing_and_undeclared_files_are_found(root: Path) -> None:
    folder = folder_of(root)
    (folder / "population.csv").rename(folder / "population_old.csv")
    (folder / "more").mkdir()
    (folder / "README.md").unlink()
    (folder / ".DS_Store").write_bytes(b"ignored")
    assert [(problem.file, problem.message) for problem in verify(root)] == [
        ("README.md", "not found; every dataset needs a codebook"),
        ("more", "a folder that origin.yml does not declare"),
        ("population_old.csv", "a file that origin.yml does not declare"),
        ("population.csv", "not found, or not an ordinary file"),
    ]


def test_a_file_outside_the_dataset_cannot_be_declared(root: Path) -> None:
    change_origin(root, "name: population.csv", "name: ../secret/population.csv")
    (found,) = verify(root)
    assert found.file == "origin.yml"
    assert "allowed: a file name of letters, digits" in found.message


def test_a_dataset_without_origin_is_a_fault_and_the_others_are_still_checked(root: Path) -> None:
    (root / "data" / "raw" / "Another one").mkdir()
    said = [str(problem) for problem in verify(root)]
    assert said == [
        "data/raw/Another one: folder name: allowed: small letters, digits and _",
        "data/raw/Another one/README.md: not found; every dataset needs a codebook",
        "data/raw/Another one/origin.yml: not found; every dataset folder needs one",
    ]


def test_a_linked_folder_is_refused(root: Path) -> None:
    (root / "data" / "raw" / "linked").symlink_to(folder_of(root), target_is_directory=True)
    assert [str(problem) for problem in verify(root)] == [
        "data/raw/linked: is a link; a dataset lies in the repository"
    ]


def test_only_the_named_datasets_are_checked(root: Path) -> None:
    (root / "data" / "raw" / "empty").mkdir()
    assert verify(root, only="population") == verify(root, only=["population"]) == []
    assert verify(root, only=["empty"])
    with pytest.raises(InputError, match=r"no dataset 'populatoin'; did you mean population\?"):
        verify(root, only="populatoin")


def test_a_long_list_is_cut_a_file_and_counted(root: Path) -> None:
    rows = b"".join(b"EL,1900,%d\n" % number for number in range(1, 51))
    (folder_of(root) / "population.csv").write_bytes(b"country,year,population\n" + rows)
    refresh_checksums("population", root)
    problems = [*verify(root), Problem("other", None, None, None, "also wrong")]
    lines = problem_lines(problems, per_file=5)
    assert len(problems) == 50 + 49 + 1
    assert len(lines) == 7
    assert lines[5:] == ["data/raw/population/population.csv: and 94 more", "data/raw/other: also wrong"]


def test_a_long_cell_is_cut(root: Path) -> None:
    (found,) = faults(root, GOOD.replace(b"EL,2020", b"E" * 10_000 + b",2020"))
    assert len(found) < 250


def test_a_message_is_one_printable_line_whatever_a_header_or_a_file_is_called(root: Path) -> None:
    (folder_of(root) / "bad\n\x1b[31mname").write_bytes(b"")
    found = faults(root, GOOD.replace(b"country,", b'"coun\n\x1b[31mtry",'))
    assert len(found) >= 3
    assert all(line.isprintable() for line in found)
    with pytest.raises(InputError) as caught:
        read_raw("population", root=root)
    assert str(caught.value).isprintable()


PIECES = st.sampled_from(
    ["", '"', ",", "\n", "\r", "\0", "\ufeff", "é", "=1+1", "NA", "nan", "-1", "1e9", "1.000", " "]
)


@settings(
    max_examples=150,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(start=st.integers(0, len(GOOD)), length=st.integers(0, 12), piece=st.text(max_size=8) | PIECES)
def test_any_change_of_a_table_is_found_and_never_a_traceback(
    root: Path, start: int, length: int, piece: str
) -> None:
    content = GOOD[:start] + piece.encode("utf-8", "surrogatepass") + GOOD[start + length :]
    (folder_of(root) / "population.csv").write_bytes(content)
    problems = verify(root)
    assert bool(problems) == (content != GOOD)
    assert all(isinstance(problem, Problem) and "\n" not in str(problem) for problem in problems)
    # What verify finds sound but for the checksum, read_raw reads; what it does not, read_raw refuses.
    readable = all("sha256" in p.message or "again" in p.message or "rows" in p.message for p in problems)
    try:
        read_raw("population", root=root)
    except InputError:
        assert not readable
    else:
        assert readable


@settings(
    max_examples=100,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(start=st.integers(0, 1400), length=st.integers(0, 30), piece=st.text(max_size=8) | PIECES)
def test_any_change_of_an_origin_gives_problems_and_never_a_traceback(
    root: Path, start: int, length: int, piece: str
) -> None:
    path = folder_of(root) / "origin.yml"
    before = path.read_text(encoding="utf-8")
    try:
        path.write_bytes((before[:start] + piece + before[start + length :]).encode("utf-8", "surrogatepass"))
        assert all("Traceback" not in str(problem) for problem in verify(root))
    finally:
        path.write_text(before, encoding="utf-8")


def test_refreshing_changes_two_values_and_keeps_the_layout(root: Path) -> None:
    change_origin(root, "    rows: 3", "    rows: 3  # counted by hand")
    change_origin(root, "kind: observed", "kind: observed   # see README")
    path = folder_of(root) / "origin.yml"
    before = path.read_text(encoding="utf-8").splitlines()
    (folder_of(root) / "population.csv").write_bytes(GOOD.replace(b"XK,2019,1788891\n", b""))
    said = refresh_checksums("population", root)
    after = path.read_text(encoding="utf-8").splitlines()
    changed = [new.split(":")[0].strip() for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["sha256", "rows"]
    assert "    rows: 2  # counted by hand" in after
    assert said[0] == "data/raw/population/population.csv: rows 3 -> 2"
    assert verify(root) == []
    assert refresh_checksums("population", root) == []


@pytest.mark.parametrize(
    "files",
    [
        "files:\n- name: a.csv # the table\n  columns:\n  - {name: x, type: string, meaning: X}\n",
        "files:\n    -   columns:\n        -   {name: x, type: string, meaning: X}\n        name: 'a.csv'\n",
        "files: [{name: a.csv, columns: [{name: x, type: string, meaning: X}]}]\n",
        "files: [{name: a.csv, rows: , columns: [{name: x, type: string, meaning: X}]}]\n",
        "files:\n  - name: a.csv\n    sha256:\n    rows:\n"
        "    columns: [{name: x, type: string, meaning: X}]\n",
        "files:\n  - sha256: ~\n    rows: null # none\n    name: a.csv\n"
        "    columns: [{name: x, type: string, meaning: X}]\n",
    ],
)
def test_refreshing_writes_what_was_not_there(tmp_path: Path, files: str) -> None:
    folder = tmp_path / "data" / "raw" / "demo"
    folder.mkdir(parents=True)
    head = "title: T\nproducer: P\ncitation: C ü\nurl: u\nlicence: l\n"
    head += "retrieved: 2026-11-22\nvintage: v\nkind: sample\n"
    (folder / "origin.yml").write_text(head + files + "# the end\n", encoding="utf-8")
    (folder / "README.md").write_text("# Demo\n", encoding="utf-8")
    (folder / "a.csv").write_text("x\nü\nz\n", encoding="utf-8")
    before = yaml.safe_load(head + files)
    refresh_checksums("demo", tmp_path)
    assert verify(tmp_path) == []
    after = yaml.safe_load((folder / "origin.yml").read_text(encoding="utf-8"))
    assert len(after["files"][0].pop("sha256")) == 64
    assert after["files"][0].pop("rows") == 2
    for key in ("sha256", "rows"):
        before["files"][0].pop(key, None)
    assert after == before
    assert load_origin(folder).file().rows == 2


def test_refreshing_an_unreadable_table_changes_nothing(root: Path) -> None:
    before = (folder_of(root) / "origin.yml").read_bytes()
    (folder_of(root) / "population.csv").write_bytes(b"\xff")
    with pytest.raises(InputError, match="allowed: utf-8 text"):
        refresh_checksums("population", root)
    assert (folder_of(root) / "origin.yml").read_bytes() == before
    assert sorted(path.name for path in folder_of(root).iterdir()) == [
        "README.md",
        "origin.yml",
        "population.csv",
    ]
