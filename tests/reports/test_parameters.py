"""The parameters cell: what it may say, and what is refused before a kernel starts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.errors import InputError
from helpers.reports.parameter_names import names_of
from helpers.reports.parameters import check_parameters, notebook_parameters
from helpers.reports.values import coerced, shown

COUNTRIES = ["AT", "EL", "NO", "UK"]
CELL = """\
scope: str = "EU27"  # countries the report is about; allowed: EU27 | ALL | <country>
as_of: str = "2026-07-31"  # what was known on this day; allowed: 2015-01-01..2030-12-31
year: int = 2024  # year of the population; allowed: 2019..2024
share: float = 0.1  # share of duplicates;
# assumed, not measured; allowed: -0.5..0.5
strict: bool = True  # whether to be strict; allowed: true | false
"""


@pytest.fixture
def notebook(tmp_path):
    def write(source=CELL, tags=("parameters",), extra=()):
        cells = [
            {"cell_type": "markdown", "metadata": {}, "source": ["# Title"]},
            {
                "cell_type": "code",
                "metadata": {"tags": list(tags)},
                "source": source,
                "outputs": [],
                "execution_count": None,
            },
            *extra,
        ]
        path = tmp_path / "10_counts.ipynb"
        path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        return path

    return write


def test_the_cell_is_read_with_types_meanings_and_allowed_values(notebook):
    scope, as_of, year, share, strict = notebook_parameters(notebook())
    assert (scope.name, scope.type, scope.default) == ("scope", "str", "EU27")
    assert scope.meaning == "countries the report is about"
    assert scope.allowed == ("EU27", "ALL", "<country>")
    assert (as_of.type, year.type, share.type, strict.type) == ("date", "int", "float", "bool")
    assert share.meaning == "share of duplicates; assumed, not measured"


def test_defaults_complete_what_is_given_in_declared_order(notebook):
    checked = check_parameters(notebook(), {"year": "2020", "scope": "AT"}, COUNTRIES)
    assert checked == {"scope": "AT", "as_of": "2026-07-31", "year": 2020, "share": 0.1, "strict": True}
    assert list(checked) == ["scope", "as_of", "year", "share", "strict"]


def test_a_misspelt_name_is_refused_with_the_near_one(notebook):
    with pytest.raises(InputError, match=r"10_counts\.ipynb: has no parameter 'scpoe'; did you mean 'scope'"):
        check_parameters(notebook(), {"scpoe": "AT"}, COUNTRIES)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("scope", "GR", "Eurostat's code for GR is EL"),
        ("scope", "GB", "Eurostat's code for GB is UK"),
        ("scope", "at", "did you mean 'AT'"),
        ("scope", "EU72", "did you mean 'EU27'"),
        ("scope", "AT'; import os", "allowed: EU27"),
        ("scope", "AT\nimport os", r"AT\\nimport os"),
        ("scope", "AT\x1b[2J", r"\\x1b"),
        ("scope", "x" * 1_000_000, r"\.\.\. \(1,000,000 characters\)"),
        ("scope", "<country>", "allowed"),
        ("scope", "", "allowed"),
        ("scope", ["AT"], "allowed"),
        ("year", "1e3", "2019..2024"),
        ("year", "2_020", "2019..2024"),
        ("year", " 2020", "2019..2024"),
        ("year", "２０２０", "2019..2024"),
        ("year", 2020.0, "2019..2024"),
        ("year", True, "2019..2024"),
        ("year", "2025", "2019..2024"),
        ("year", "9" * 5000, "5,000 characters"),
        ("share", "nan", "-0.5..0.5"),
        ("share", float("nan"), "-0.5..0.5"),
        ("share", float("inf"), "-0.5..0.5"),
        ("share", "0.51", "-0.5..0.5"),
        ("strict", "1", "true | false"),
        ("strict", 0, "true | false"),
        ("as_of", "2021-02-30", "2015-01-01..2030-12-31"),
        ("as_of", "18.02.2021", "2015-01-01..2030-12-31"),
        ("as_of", "2031-01-01", "2015-01-01..2030-12-31"),
        ("as_of", "2021-02-18T00:00", "2015-01-01..2030-12-31"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(notebook, name, value, words):
    with pytest.raises(InputError, match=words) as caught:
        check_parameters(notebook(), {name: value}, COUNTRIES)
    message = str(caught.value)
    assert f"10_counts.ipynb: parameter '{name}'" in message
    assert len(message) < 600
    assert "\x1b" not in message
    assert "\n" not in message


def test_all_faults_are_told_at_once(notebook):
    with pytest.raises(InputError) as caught:
        check_parameters(notebook(), {"scope": "XX", "year": "x", "nope": "1"}, COUNTRIES)
    assert len(caught.value.problems) == 3


def test_both_ends_of_a_range_are_allowed(notebook):
    for value in ("-0.5", "0.5"):
        assert check_parameters(notebook(), {"share": value}, COUNTRIES)["share"] == float(value)


def test_norway_is_a_country_and_not_false(notebook):
    assert check_parameters(notebook(), {"scope": "NO"}, COUNTRIES)["scope"] == "NO"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("scope = 'EU27'  # x; allowed: EU27", "nothing else"),
        ("import os  # x; allowed: a", "nothing else"),
        ("a.b: int = 1  # x; allowed: 1", "nothing else"),
        ("scope: str = 'EU27'", "needs a comment"),
        ("scope: str = 'EU27'  # allowed: EU27", "needs a comment"),
        ("scope: str = 'EU27'  # what it means", "needs a comment"),
        ("scope: str = 'EU27'  # what it means; allowed: EU27 | ", "needs a comment"),
        ("scope: list = []  # x; allowed: EU27", "type list"),
        ("year: int = 1 + 1  # x; allowed: 1..3", "literal"),
        ("year: int = '2'  # x; allowed: 1..3", "literal"),
        ("year: int = True  # x; allowed: 1..3", "literal"),
        ("year: int  # x; allowed: 1..3", "literal"),
        ("year: int = open('/etc/passwd')  # x; allowed: 1..3", "literal"),
        ("year: int = 2  # x; allowed: 3..1", "empty"),
        ("year: int = 2  # x; allowed: a..b", "not of type int"),
        ("year: int = 2  # x; allowed: <country>", "not of type int"),
        ("year: int = 2 2  # x; allowed: 1", "syntax"),
        ("a: int = 1  # x; allowed: 1\na: int = 1  # x; allowed: 1", "twice"),
    ],
)
def test_a_malformed_line_is_named(notebook, line, words):
    with pytest.raises(InputError, match=rf"10_counts\.ipynb: cell 2 \(parameters\), line [12].*{words}"):
        notebook_parameters(notebook(line))


def test_a_default_must_itself_be_allowed(notebook):
    with pytest.raises(InputError, match="'year'"):
        check_parameters(notebook("year: int = 9  # x; allowed: 1..3"), {}, COUNTRIES)


def test_a_notebook_without_the_cell_takes_no_parameters(notebook):
    path = notebook(tags=())
    assert notebook_parameters(path) == []
    with pytest.raises(InputError, match="has no parameter"):
        check_parameters(path, {"scope": "AT"}, COUNTRIES)


def test_two_tagged_cells_are_refused(notebook):
    second = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": CELL}
    with pytest.raises(InputError, match="cells 2, 3"):
        notebook_parameters(notebook(extra=[second]))


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"cells": [1]}', '{"cells": [{"source": ""}]}'])
def test_what_is_no_notebook_is_an_input_error(tmp_path, content):
    path = tmp_path / "x.ipynb"
    path.write_text(content)
    with pytest.raises(InputError, match=r"x\.ipynb"):
        notebook_parameters(path)


def test_a_missing_notebook_is_an_input_error_without_its_folder(tmp_path):
    with pytest.raises(InputError) as caught:
        notebook_parameters(tmp_path / "x.ipynb")
    assert str(tmp_path) not in str(caught.value)


@given(st.integers(-(10**14), 10**14))
def test_numbers_survive_the_way_through_text(number):
    assert coerced(str(number), "int") == number
    assert coerced(str(float(number) / 8), "float") == number / 8


@given(st.text(max_size=300))
def test_whatever_is_given_is_shown_on_one_short_printable_line(text):
    assert shown(text).isprintable()
    assert len(shown(text)) < 750


def test_a_month_is_checked_as_a_month(notebook):
    path = notebook('month: str = "2021-06"  # which month; allowed: 2020-01..2030-12')
    assert check_parameters(path, {"month": "2021-12"}, []) == {"month": "2021-12"}
    for wrong in ("2031-01", "2021-13", "2021-6", "2021-06-01", "June"):
        with pytest.raises(InputError, match=r"'month' \(month\): given .*; allowed: 2020-01\.\.2030-12"):
            check_parameters(path, {"month": wrong}, [])


def test_a_scenario_is_one_of_the_file(tmp_path):
    folder = tmp_path / "data" / "raw" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "scenarios.csv").write_text("scenario,label\nban,Ban\nban,Ban\nlate,Late\n", encoding="utf-8")
    assert names_of("<scenario>", [], tmp_path) == ("ban", "late")
    assert names_of("<scenario>", [], tmp_path / "elsewhere") == ()
