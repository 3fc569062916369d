"""An origin.yml that breaks the contract is refused with a line that says where and what is allowed."""

from pathlib import Path

import pytest

from helpers.data.errors import InputError
from helpers.data.origin import load_origin

GOOD = """\
title: A dataset
producer: Somebody
citation: Somebody, A dataset.
url: https://example.org
licence: CC BY 4.0
retrieved: 2026-11-22
vintage: "2026"
kind: observed
files:
  - name: a.csv
    unique: [[country, year]]
    columns:
      - {name: country, type: country, codes: eurostat, meaning: Country}
      - name: year
        type: integer
        meaning: Year
        allowed: {min: 2015, max: 2030}
      - {name: note, type: string, meaning: A note, required: false, missing: Nothing to add}
"""


def written(tmp_path: Path, content: str | bytes) -> Path:
    folder = tmp_path / "demo"
    folder.mkdir()
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    (folder / "origin.yml").write_bytes(data)
    return folder


def refusal(tmp_path: Path, content: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        load_origin(written(tmp_path, content))
    assert all(line.startswith("data/raw/demo/origin.yml: ") for line in str(caught.value).splitlines())
    return str(caught.value)


def test_a_complete_origin_is_read_with_its_defaults(tmp_path: Path) -> None:
    origin = load_origin(written(tmp_path, GOOD))
    file = origin.file()
    assert (file.encoding, file.delimiter, file.decimal, file.thousands) == ("utf-8", ",", ".", None)
    assert (file.missing, file.rows, file.sha256) == ([""], None, None)
    assert [column.required for column in file.columns] == [True, True, False]


def test_an_origin_cannot_be_changed(tmp_path: Path) -> None:
    origin = load_origin(written(tmp_path, GOOD))
    with pytest.raises(ValueError, match="frozen"):
        origin.title = "Another"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("licence:", "licens:", "licens: unknown key; did you mean licence?"),
        ("licence: CC BY 4.0\n", "", "licence: missing"),
        ("title: A dataset", "title: ''", "title: found ''"),
        ("    columns:", "    colunms:", "files[a.csv].colunms: unknown key; did you mean columns?"),
        ("type: integer", "typ: integer", "files[a.csv].columns[year].typ: unknown key; did you mean type?"),
        ("type: integer", "type: int", "columns[year].type: found 'int', allowed: 'string', 'integer'"),
        ("{min: 2015, max: 2030}", "{minimum: 2015}", "allowed.minimum: unknown key; did you mean min?"),
        ("{min: 2015, max: 2030}", "{min: 2030, max: 2015}", "min is greater than max"),
        ("{min: 2015, max: 2030}", "{min: 2015-01-01}", "min and max do not fit the type integer"),
        ("{min: 2015, max: 2030}", "{}", "give min, max or both"),
        ("{min: 2015, max: 2030}", "[]", "allowed must list values of the type integer"),
        (
            "{min: 2015, max: 2030}",
            "big",
            "found 'big', allowed: a list, {min: .., max: ..} or {pattern: ..}",
        ),
        ("{min: 2015, max: 2030}", "{pattern: '[a'}", "not a regular expression"),
        ("meaning: A note", "meaning: A note, allowed: [NO, SE]", "(quote texts): [False]"),
        ("kind: observed", "kind: real", "kind: found 'real', allowed: 'observed', 'derived' or 'sample'"),
        ("retrieved: 2026-11-22", "retrieved: 22.11.2026", "retrieved: found '22.11.2026'"),
        ("codes: eurostat, ", "", "codes (iso or eurostat) is needed for the type country"),
        (", missing: Nothing to add", "", "required is false, so missing must say what an empty cell means"),
        ("[[country, year]]", "[[country, yaer]]", "a column that is not declared: yaer"),
        ("{name: note,", "{name: year,", "column declared twice: year"),
        ("{name: note,", "{name: raw_row,", "raw_row is reserved"),
        ("- name: a.csv", "- name: ../b/a.csv", "found '../b/a.csv', allowed: a file name"),
        ("- name: a.csv", "- name: /etc/passwd", "allowed: a file name of letters, digits"),
        ("- name: a.csv", "- name: 'a\\b.csv'", "allowed: a file name of letters, digits"),
        ("- name: a.csv", "- name: ..", "allowed: a file name of letters, digits"),
        ("- name: a.csv", "- name: origin.yml", "origin.yml is not a table"),
        ("- name: a.csv", "- name: a.csv\n    thousands: '.'", "decimal and thousands are the same mark"),
        ("- name: a.csv", "- name: a.csv\n    encoding: rot13", "encoding: found 'rot13', allowed: 'utf-8'"),
        ("- name: a.csv", "- name: a.csv\n    sha256: abc", "sha256: found 'abc'"),
        ("- name: a.csv", "- name: a.csv\n    rows: -1", "rows: found -1"),
        ("kind: observed", "kind: observed\nkind: sample", "line 9: key 'kind' is given twice"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert said in refusal(tmp_path, GOOD.replace(old, new, 1))


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    faulty = GOOD.replace("licence:", "licens:").replace("kind: observed", "kind: real")
    assert len(refusal(tmp_path, faulty).splitlines()) == 3


LAUGHS = "a: &a [x, x]\n" + "".join(
    f"k{i}: &k{i} [*{'a' if i == 0 else f'k{i - 1}'}, *a]\n" for i in range(60)
)
DOUBLING = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a\n",
        "just text",
        "a:\n\t- b\n",
        "[" * 1500,
        "a: &a [*a]\n",
        "title: &a [*a]\n",
        "? [a, b]\n: c\n",
        "{? {a: b} : c}",
        "1: one\n",
        "!!python/object/apply:os.system ['true']",
        "retrieved: 2026-13-40\n",
        GOOD + "\0",
        b"\xff\xfe\x00\x01",
        LAUGHS,
        DOUBLING + "title: *a59\n",
        "x: " + "y" * 2_000_000,
        "%YAML 9.9\n---\na: b\n",
        "a: *nowhere\n",
        "files: 3\n",
        "files: [3, [a], {name: 4}]\n",
        GOOD.replace("- {name: country", "- {name: [country]"),
    ],
)
def test_hostile_yaml_is_refused_in_short_lines(tmp_path: Path, content: str | bytes) -> None:
    said = refusal(tmp_path, content)
    assert "Traceback" not in said
    assert all(len(line) < 600 for line in said.splitlines())


def test_a_file_is_declared_once(tmp_path: Path) -> None:
    again = "  - {name: A.csv, columns: [{name: x, type: string, meaning: X}]}\n"
    assert "a file is declared twice" in refusal(tmp_path, GOOD + again)


def test_a_missing_origin_is_refused(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    with pytest.raises(InputError, match=r"data/raw/demo/origin.yml: not found"):
        load_origin(tmp_path / "demo")


def test_an_undeclared_file_is_refused_with_the_declared_ones(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no file 'b.csv' is declared; allowed: a.csv"):
        load_origin(written(tmp_path, GOOD)).file("b.csv")
