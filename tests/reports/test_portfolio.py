"""reports/portfolio.yml and what the command line chooses from it."""

import json

import pytest

from helpers.data.errors import InputError
from helpers.reports.portfolio import CountryLists, load_portfolio, slugged
from helpers.reports.selection import parse_assignments, select_runs

LISTS = CountryLists(
    ["AT", "BE", "NO", "UK"], {"eu27_countries": ["AT", "BE"]}, {"AT": "Austria", "BE": "Belgium"}
)
CELL = """\
scope: str = "EU27"  # countries; allowed: EU27 | <country>
as_of: str = "2026-07-31"  # day; allowed: 2015-01-01..2030-12-31
"""
DEFAULT = """
reports:
  - {notebook: 10_counts, slug: counts-eu27, title: EU-27, parameters: {scope: EU27}}
  - {notebook: 10_counts, slug: "counts-{scope}", title: "{scope}", for_each: {scope: eu27_countries}}
"""


@pytest.fixture
def root(tmp_path):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "reports").mkdir()
    for name, source in (("10_counts", CELL), ("20_other", "seed: int = 1  # seed; allowed: 1..9")):
        cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": source}
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text(json.dumps({"cells": [cell]}))
    return tmp_path


def load(root, text=DEFAULT):
    (root / "reports" / "portfolio.yml").write_text(text)
    return load_portfolio(root, LISTS)


def select(root, only=(), given=None, text=DEFAULT):
    return select_runs(load(root, text), only, given, root=root, lists=LISTS)


def test_for_each_makes_one_report_a_value(root):
    runs = load(root)
    assert [run.slug for run in runs] == ["counts-eu27", "counts-at", "counts-be"]
    assert [run.title for run in runs] == ["EU-27", "Austria", "Belgium"]
    assert runs[1].parameters == {"scope": "AT", "as_of": "2026-07-31"}


def test_norway_is_not_read_as_false(root):
    (run,) = load(root, "reports: [{notebook: 10_counts, slug: '{scope}', for_each: {scope: [NO]}}]")
    assert (run.slug, run.parameters["scope"]) == ("no", "NO")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reports: [{notebok: 10_counts, slug: a}]", "unknown key 'notebok'; did you mean 'notebook'"),
        ("report: []", "unknown key 'report'; did you mean 'reports'"),
        ("reports: [{notebook: 10_counts}]", "entry 1, slug: Field required"),
        ("reports: [{notebook: 10_countz, slug: a}]", "no notebook '10_countz'; did you mean '10_counts'"),
        ("reports: [{notebook: ../x, slug: a}]", "no notebook '../x'"),
        (
            "reports: [{notebook: 10_counts, slug: a, parameters: {scpe: AT}}]",
            "entry 1: .*'scpe'; did you mean",
        ),
        ("reports: [{notebook: 10_counts, slug: a, parameters: {scope: XX}}]", "entry 1: .*given 'XX'"),
        ("reports: [{notebook: 10_counts, slug: a, for_each: {scope: eu27_country}}]", "did you mean 'eu27"),
        ("reports: [{notebook: 10_counts, slug: 'a-{scop}'}]", "no parameter 'scop'; did you mean 'scope'"),
        ("reports: [{notebook: 10_counts, slug: 'a-{scope.__class__}'}]", "no parameter"),
        ("reports: [{notebook: 10_counts, slug: a, for_each: {scope: [AT, BE]}}]", "slug 'a' occurs twice"),
        ("reports: [{notebook: 10_counts, slug: a, slug: b}]", "key 'slug' is given twice"),
        ("reports: [", "is not YAML"),
        ("", "the file"),
        ("reports: [{notebook: 10_counts, slug: a, parameters: {scope: [AT]}}]", "scope"),
        (
            "reports: [{notebook: 10_counts, slug: a, parameters: {scope: AT}, for_each: {scope: [BE]}}]",
            "in parameters and in for_each",
        ),
        (
            "reports: !!python/object/apply:os.system ['touch /tmp/x']",
            "entry 1: found 'touch /tmp/x'; allowed",
        ),
    ],
)
def test_faults_of_the_file_are_told_with_entry_and_hint(root, text, words):
    with pytest.raises(InputError, match=f"reports/portfolio.yml: .*{words}"):
        load(root, text)


@pytest.mark.parametrize(
    "slug",
    ["../x", ".staging", "/tmp/x", "a/b", "A", "_lab", "-x", "a b", "a\\n", "ä", "", "a" * 101, "a\\u0000"],
)
def test_hostile_slugs_are_refused(root, slug):
    with pytest.raises(InputError, match="slug"):
        load(root, f'reports: [{{notebook: 10_counts, slug: "{slug}"}}]')


def test_a_missing_file_is_an_input_error(root):
    with pytest.raises(InputError, match=r"reports/portfolio\.yml: cannot be read"):
        load_portfolio(root, LISTS)


def test_everything_is_built_by_default(root):
    assert [run.slug for run in select(root)] == ["counts-eu27", "counts-at", "counts-be"]


def test_patterns_choose_without_repeating(root):
    assert [run.slug for run in select(root, ["counts-?e", "counts-b*"])] == ["counts-be"]


def test_an_unknown_report_is_refused_with_the_near_one(root):
    with pytest.raises(InputError, match="no report matches 'counts-ta'; did you mean 'counts-at'"):
        select(root, ["counts-ta"])


def test_other_parameters_get_a_folder_beside_the_default_one(root):
    (run,) = select(root, ["counts-eu27"], {"as_of": "2021-02-18"})
    assert run.slug == "counts-eu27--as_of-2021-02-18"
    assert run.parameters == {"scope": "EU27", "as_of": "2021-02-18"}


def test_parameters_that_make_a_known_report_build_that_one(root):
    (run,) = select(root, ["counts-eu27"], {"scope": "BE"})
    assert run.slug == "counts-be"
    assert [run.slug for run in select(root, (), {"scope": "AT"})] == ["counts-at"]


def test_the_same_value_changes_nothing(root):
    assert [run.slug for run in select(root, ["counts-at"], {"scope": "AT"})] == ["counts-at"]


def test_a_notebook_outside_the_portfolio_can_be_built_by_name(root):
    (run,) = select(root, ["20_other"], {"seed": "3"})
    assert (run.slug, run.parameters) == ("20-other--seed-3", {"seed": 3})


def test_a_misspelt_parameter_is_refused(root):
    with pytest.raises(InputError, match="has no parameter 'scoep'; did you mean 'scope'"):
        select(root, ["counts-at"], {"scoep": "BE"})


@pytest.mark.parametrize("text", ["scope", "=AT", "a b=1", "import os;x=1", "a.b=1", "--x=1", "x" * 100_000])
def test_what_is_no_assignment_is_refused(text):
    with pytest.raises(InputError, match="write -p name=value"):
        parse_assignments([text])


def test_a_value_may_hold_an_equals_sign_and_a_name_only_comes_once():
    assert parse_assignments(["a=b=c", "d="]) == {"a": "b=c", "d": ""}
    with pytest.raises(InputError, match="twice"):
        parse_assignments(["a=1", "a=2"])


def test_any_value_makes_a_slug_that_is_a_plain_folder_name():
    assert slugged("../../etc/passwd") == "etc-passwd"
    assert slugged(-0.5) != slugged(0.5)


def composing(text, **composes):
    """Return the default portfolio with a report that composes others, for each of two countries."""
    words = ", ".join(f'{key}: "{slug}"' for key, slug in composes.items())
    return (
        DEFAULT + f"  - {{notebook: 10_counts, slug: 'paper-{{scope}}', composes: {{{words}}},\n"
        f"     parameters: {{as_of: 2020-01-01}}, for_each: {{scope: [AT, BE]}}}}\n{text}"
    )


def test_a_report_composes_those_of_its_own_country(root):
    runs = {run.slug: run for run in load(root, composing("", counts="counts-{scope}", all="counts-eu27"))}
    assert runs["paper-be"].parts() == {"counts": "counts-be", "all": "counts-eu27"}
    assert runs["counts-be"].parts() == {}


LOOP = "  - {notebook: 20_other, slug: seeds, composes: {paper: paper-at}}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (composing("", counts="count-{scope}"), "entry 3: .*counts of paper-at is 'count-at', .*'counts-at'"),
        (composing("", counts="counts-{scop}"), "entry 3: composes counts .*'scop'; did you mean 'scope'"),
        (composing("", counts="../counts"), "entry 3: slug '../counts': allowed are"),
        (composing("", Counts="counts-at"), "entry 3: composes: the key 'Counts': allowed are a-z"),
        (composing("", own="paper-{scope}"), r"entry 3: .*paper-at composes itself \(paper-at -> paper-at\)"),
        (
            composing(LOOP, seeds="seeds"),
            r"entry 3: .*itself \(paper-at -> seeds -> paper-at\); allowed: no loops",
        ),
    ],
)
def test_what_cannot_be_composed_is_told_with_entry_and_hint(root, text, words):
    with pytest.raises(InputError, match=f"reports/portfolio.yml: {words}"):
        load(root, text)


def test_what_a_chosen_report_composes_is_chosen_too_and_comes_first(root):
    text = composing("", counts="counts-{scope}", all="counts-eu27")
    assert [run.slug for run in select(root, ["paper-at"], text=text)] == [
        "counts-at",
        "counts-eu27",
        "paper-at",
    ]
    chosen = select(root, ["paper-at", "counts-at"], text=text)
    assert [run.slug for run in chosen] == ["counts-at", "counts-eu27", "paper-at"]


def test_another_country_on_the_command_line_composes_the_reports_of_that_country(root):
    text = composing("", counts="counts-{scope}")
    slugs = [run.slug for run in select(root, ["paper-at"], {"scope": "BE"}, text=text)]
    assert slugs == ["counts-be", "paper-be"]
    other = select(root, ["paper-at"], {"as_of": "2021-01-01"}, text=text)
    assert [run.slug for run in other] == ["counts-at", "paper-at--as_of-2021-01-01"]
    with pytest.raises(InputError, match="paper-at--scope-uk: composes 'counts-uk', which is no report"):
        select(root, ["paper-at"], {"scope": "UK"}, text=text)
