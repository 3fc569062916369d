"""The committed facts, compared with built reports in both directions."""

import json

import pytest

from helpers import cli
from helpers.data.errors import InputError
from helpers.reports.baseline import compare_with_baseline, same, write_baseline
from helpers.reports.portfolio import ReportRun
from helpers.reports.staging import mark_success


def fact(name, value, **more):
    stated = {"unit": "sites", "interval": None, "bound": None, "sample": False}
    kept = {"text": f"{value}", "datasets": ["seats"], "note": ""}
    return {"name": name, "value": value, **stated, **kept, **more}


def plant(root, slug, *facts):
    """Write a built report, or write it again with other facts."""
    folder = root / "reports" / "build" / slug
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("report.html", "run.json", "manifest.json"):
        (folder / name).write_text("{}")
    (folder / "facts.json").write_text(json.dumps({"facts": list(facts)}))
    mark_success(folder)
    return folder


def commit(root, slug, content="{}"):
    path = root / "reports" / "baseline" / f"{slug}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def differences(root, *slugs):
    return compare_with_baseline(slugs or ["counts-at"], root).differences


def test_a_changed_fact_shows_as_old_and_new(tmp_path):
    share = fact("share", 0.1 + 0.2, text="0.3")
    plant(tmp_path, "counts-at", fact("total", 5), share, fact("gone", 1))
    assert write_baseline(["counts-at", "counts-be"], tmp_path) == ["counts-at"]
    assert compare_with_baseline(["counts-at"], tmp_path).compared == 1
    assert differences(tmp_path) == []
    plant(tmp_path, "counts-at", fact("total", 6), {**share, "value": 0.3}, fact("new", 2))
    assert differences(tmp_path) == [
        "counts-at: gone: 1 sites -> no longer stated",
        "counts-at: new: not stated -> 2 sites",
        "counts-at: total: 5 sites -> 6 sites",
    ]


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"sample": True}, "sample False -> sample True"),
        ({"unit": "seats"}, "unit sites -> unit seats"),
        ({"interval": [4, 6]}, "interval None -> interval [4, 6]"),
        ({"bound": "at_least"}, "bound None -> bound at_least"),
        ({"text": "at least 5"}, "text 5 -> text at least 5"),
        ({"datasets": ["seats", "gdp"]}, "datasets [seats] -> datasets [seats, gdp]"),
        ({"note": "rounded"}, "note (empty) -> note rounded"),
        ({"value": 6, "text": "6", "note": "x"}, "value 5, note (empty) -> value 6, note x"),
    ],
)
def test_whatever_is_said_of_a_fact_differs_when_it_changes(tmp_path, changed, line):
    plant(tmp_path, "counts-at", fact("total", 5))
    write_baseline(["counts-at"], tmp_path)
    plant(tmp_path, "counts-at", fact("total", 5) | changed)
    assert differences(tmp_path) == [f"counts-at: total: {line}"]


def test_a_built_report_without_committed_facts_differs(tmp_path):
    plant(tmp_path, "counts-at")
    assert differences(tmp_path) == [
        "counts-at: built, but reports/baseline/counts-at.json is missing: run `evidence baseline --write`"
    ]


def test_committed_facts_of_a_report_that_is_no_longer_in_the_portfolio_differ(tmp_path):
    plant(tmp_path, "counts-at")
    plant(tmp_path, "counts-uk")
    write_baseline(["counts-at", "counts-uk"], tmp_path)
    (found,) = differences(tmp_path)
    assert found.startswith("counts-uk: reports/baseline has its facts, reports/portfolio.yml does not")


def test_a_report_that_is_not_built_is_said_and_no_difference(tmp_path):
    plant(tmp_path, "counts-at")
    write_baseline(["counts-at"], tmp_path)
    commit(tmp_path, "counts-be")
    found = compare_with_baseline(["counts-at", "counts-be", "counts-bg"], tmp_path)
    assert (found.differences, found.compared) == ([], 1)
    assert found.notes == [
        "counts-be: not built, not compared",
        "counts-bg: not built, not compared; reports/baseline/counts-bg.json is missing",
    ]


def test_a_build_with_changed_parameters_is_said_and_not_compared(tmp_path):
    plant(tmp_path, "counts-at")
    write_baseline(["counts-at"], tmp_path)
    plant(tmp_path, "counts-at--year-2", fact("total", 5))
    found = compare_with_baseline(["counts-at"], tmp_path)
    assert found.differences == []
    assert found.notes == ["counts-at--year-2: built, but not in reports/portfolio.yml: not compared"]


def test_a_build_whose_files_changed_since_differs(tmp_path):
    folder = plant(tmp_path, "counts-at", fact("total", 5))
    write_baseline(["counts-at"], tmp_path)
    (folder / "facts.json").write_text((folder / "facts.json").read_text() + " ")
    assert differences(tmp_path) == ["counts-at: its build is not whole, not compared; build it again"]


def test_without_built_reports_there_is_nothing_to_compare_or_write(tmp_path):
    commit(tmp_path, "counts-at")
    plant(tmp_path, "counts-at--year-2")
    with pytest.raises(InputError, match="evidence build"):
        compare_with_baseline(["counts-at"], tmp_path)
    with pytest.raises(InputError, match="evidence build"):
        write_baseline(["counts-at"], tmp_path)


@pytest.mark.parametrize("content", ["", "[]", '{"total": 5}'])
def test_committed_facts_that_cannot_be_read_are_a_mistake(tmp_path, content):
    plant(tmp_path, "counts-at")
    commit(tmp_path, "counts-at", content)
    with pytest.raises(InputError, match=r"reports/baseline/counts-at\.json"):
        compare_with_baseline(["counts-at"], tmp_path)


def test_the_verb_says_what_it_compared_and_what_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    runs = [ReportRun(slug, "10_counts") for slug in ("counts-at", "counts-be")]
    monkeypatch.setattr("helpers.reports.portfolio.load_portfolio", lambda root: runs)
    assert cli.main(["baseline"]) == 2
    plant(tmp_path, "counts-at", fact("total", 5))
    assert cli.main(["baseline"]) == 1
    capsys.readouterr()
    assert cli.main(["baseline", "--write"]) == 0
    assert "counts-be: not built, not written\nwritten: 1 file in" in capsys.readouterr().out
    assert cli.main(["baseline", "--check"]) == 0
    out = capsys.readouterr().out
    assert "counts-be: not built, not compared" in out
    assert "1 report compared, no differences" in out


def test_only_rounding_noise_is_the_same():
    assert same(1.0, 1.0 + 1e-12)
    assert not same(1.0, 1.0 + 1e-6)
    assert not same(None, 0)
    assert not same("1", 1)
