"""Builds compared report by report, why they differ, and the page that shows it."""

import json
import re

import pytest

from helpers.cli import publish_verbs
from helpers.data.errors import InputError
from helpers.reports.check.page import page_findings
from helpers.reports.diff.compare import compare_folders
from helpers.reports.diff.limits import Limits
from helpers.reports.diff.page import render_diff, write_diff
from helpers.reports.diff.text import paragraphs, text_changes

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(1)">'


def only(comparison):
    (report,) = comparison.reports
    return report


def test_the_same_builds_do_not_differ(builds, write):
    old, new = builds
    for side in builds:
        write(side / "counts-at", started="2026-01-01" if side == old else "2026-02-02")
    comparison = compare_folders(old, new)
    assert comparison.changed == []
    page = render_diff(comparison)
    assert "Nothing changed in 1 report." in page
    assert "counts-at" in page


def test_everything_that_a_reader_sees_is_compared(builds, write):
    old, new = builds
    write(old / "counts-at")
    rows = "country,name,sites\nAT,Austria,5\nCY,Cyprus,1\n"
    write(new / "counts-at", sites=12, rows=rows, width=15, vintage="2026-09", parameters={"scope": "AT"})
    report = only(compare_folders(old, new))
    assert [(c.name, c.tier.key) for c in report.facts] == [("sites", "large")]
    assert report.figures[0].pictures == tuple(s / "counts-at/figures/map.svg" for s in (old, new))
    assert report.tables[0].rows.added == (("CY",),) or report.tables[0].rows.added == (("Cyprus",),)
    assert [change.parts for change in report.text] == [
        (("same", "There are "), ("del", "7"), ("ins", "12"), ("same", " sites in the EU-27."))
    ]
    assert report.data == ("sites: vintage: 2026-06 -> 2026-09",)
    assert report.parameters == ("scope: EU27 -> AT",)
    assert {(cause.kind, cause.text) for cause in report.causes} == {
        ("parameter", "scope: EU27 -> AT"),
        ("input file", "data/raw/sites/sites.csv changed"),
        ("table", "sites changed"),
    }


def test_a_picture_drawn_anew_from_the_same_data_is_shown(builds, write):
    old, new = builds
    write(old / "counts-at")
    write(new / "counts-at", width=11)
    (figure,) = only(compare_folders(old, new)).figures
    assert figure.pictures is not None
    assert figure.rows is None


def test_a_picture_that_stayed_is_not_shown(builds, write):
    old, new = builds
    write(old / "counts-at")
    write(new / "counts-at", rows="country,name,sites\nAT,Austria,9\nBE,Belgium,4\n")
    (figure,) = only(compare_folders(old, new)).figures
    assert figure.pictures is None
    assert figure.rows.cells


def test_sample_data_that_became_observed_stands_first(builds, write, fact):
    old, new = builds
    write(old / "a-eu", kind="sample", facts=[fact("sites", 7, sample=True)])
    write(new / "a-eu", facts=[fact("sites", 7)])
    write(old / "b-eu")
    write(new / "b-eu", sites=-7)
    comparison = compare_folders(old, new)
    assert [report.slug for report in comparison.changed] == ["a-eu", "b-eu"]
    assert comparison.changed[0].facts[0].tier.key == "kind"


def test_reports_that_only_one_build_has_are_named(builds, write):
    old, new = builds
    write(old / "gone-eu")
    write(new / "new-eu")
    assert {(r.slug, r.only) for r in compare_folders(old, new).changed} == {
        ("gone-eu", "old"),
        ("new-eu", "new"),
    }


def test_one_report_is_compared_with_its_like_in_a_build(builds, write):
    old, new = builds
    write(old / "a-eu")
    write(old / "b-eu")
    write(new / "a-eu", sites=8)
    assert only(compare_folders(old, new / "a-eu")).slug == "a-eu"
    assert only(compare_folders(old / "b-eu", new / "a-eu")).facts


def test_of_published_reports_the_latest_is_taken(builds, write):
    old, new = builds
    write(old / "counts-at" / "2026-01-31", slug="counts-at")
    write(old / "counts-at" / "2026-03-01", slug="counts-at", sites=9)
    write(new / "counts-at", sites=9)
    assert compare_folders(old, new).changed == [] or not only(compare_folders(old, new)).facts
    assert not only(compare_folders(old / "counts-at", new)).facts
    assert only(compare_folders(old / "counts-at" / "2026-01-31", new)).facts


def notebook(*cells):
    return json.dumps(
        {"cells": [{"cell_type": "code", "source": text, "metadata": {"tags": tags}} for text, tags in cells]}
    )


def test_the_cell_the_module_and_the_package_behind_a_change_are_named(builds, write):
    old, new = builds
    cells = [("# Set-up\nx = 1", []), ("y = 2", [])]
    for side, text, module, package in ((old, "y = 2", "1", "3.1.1"), (new, "y = 3", "2", "3.2.0")):
        folder = write(side / "counts-at", sites=7 if side == old else 8, packages={"pandas": package})
        injected = ("scope = 'EU27'  # " + text, ["injected-parameters"])
        (folder / "notebook.ipynb").write_text(notebook(cells[0], injected, (text, [])))
        key = {"key": {"code": {"src/helpers/a.py": module, "src/helpers/b.py": "1"}}}
        (folder / "made_from.json").write_text(json.dumps(key))
    found = [(cause.kind, cause.text) for cause in only(compare_folders(old, new)).causes]
    assert found == [
        ("notebook", "cell 2 is gone or edited: y = 2"),
        ("notebook", "cell 2 is new or edited: y = 3"),
        ("code", "src/helpers/a.py changed"),
        ("package", "pandas: 3.1.1 -> 3.2.0"),
    ]


def test_rows_of_countries_that_were_read_are_named():
    from helpers.reports.diff.causes import _table

    old = {"id": "1", "rows": {"plain": {"AT": "1", "BE": "1"}}}
    new = {"id": "2", "rows": {"plain": {"AT": "1", "BE": "2"}}}
    assert list(_table("sites", old, new)) == ["sites: rows of BE changed"]
    assert list(_table("sites", old, {"id": "2", "rows": old["rows"]})) == []


def test_comments_of_reviewers_and_code_are_no_text():
    page = (
        '<main><p>Kept<sup class="review-mark">1</sup>.</p><div class="review-comments"><p>No</p></div>'
        "<details><p>No</p></details><ul><li>Also kept</li></ul></main>"
    )
    assert paragraphs(page) == ["Kept.", "Also kept"]


def test_paragraphs_that_moved_apart_are_not_forced_together():
    changes = text_changes(["All sites are shown here.", "Last."], ["Nothing of the kind!", "Last."])
    assert [[op for op, _ in change.parts] for change in changes] == [["ins"], ["del"]]


def differing(builds, write, fact, count=3):
    old, new = builds
    for number in range(count):
        write(old / f"r{number}-eu", facts=[fact("sites", 7), fact("share", 0.5, interval=[0.4, 0.6])])
        note = HOSTILE
        facts = [fact("sites", -7, note=note), fact("share", 0.51, interval=[0.4, 0.62], text=HOSTILE)]
        rows = (
            f"country,name,sites\nAT,{HOSTILE.replace(',', '').replace(chr(34), chr(39))},3\nBE,Belgium,5\n"
        )
        write(new / f"r{number}-eu", facts=facts, rows=rows, width=12, sites=-7)
    return compare_folders(old, new)


def test_the_same_builds_give_the_same_page(builds, write, fact):
    comparison = differing(builds, write, fact)
    assert render_diff(comparison) == render_diff(compare_folders(*builds))


def test_what_was_written_into_data_does_not_run(builds, write, fact):
    page = render_diff(differing(builds, write, fact))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_names_no_path_of_the_machine(builds, write, fact, tmp_path):
    assert str(tmp_path) not in render_diff(differing(builds, write, fact))


def test_facts_are_all_shown_however_little_room_there_is(builds, write, fact):
    page = render_diff(differing(builds, write, fact), Limits(picture_bytes=0, rows=0, paragraphs=0))
    assert page.count("<code>share</code>") == 3
    assert "<img" not in page
    assert "Not everything is shown." in page
    assert "3 changed pictures" in page


def test_tiers_are_explained_and_counted(builds, write, fact):
    page = render_diff(differing(builds, write, fact))
    assert re.search(r"Another finding</span></th><td class=\"number\">3</td>", page)
    assert "changed by more than 5 %" in page


def test_the_page_keeps_the_report_contract(builds, write, fact, tmp_path, chromium):
    path = write_diff(differing(builds, write, fact), tmp_path / "diff.html")
    assert page_findings("diff", path, chromium) == []


def test_a_folder_without_reports_is_refused(builds, write):
    old, new = builds
    new.mkdir()
    with pytest.raises(InputError, match="there is no such folder"):
        compare_folders(old, new)
    write(old / "a-eu")
    with pytest.raises(InputError, match="'new': holds no report"):
        compare_folders(old, new)
    (old / "a-eu" / "facts.json").write_text("{")
    with pytest.raises(InputError, match=r"a-eu/facts\.json: is not a JSON object"):
        compare_folders(old, old)


def run_verb(*words):
    import argparse

    parser = argparse.ArgumentParser()
    publish_verbs.add_verbs(parser.add_subparsers())
    given = parser.parse_args([str(word) for word in words])
    return given.verb(given)


def test_the_verb_says_by_its_status_whether_anything_changed(builds, write, tmp_path, capsys):
    old, new = builds
    write(old / "a-eu")
    write(new / "a-eu")
    out = tmp_path / "page.html"
    assert run_verb("diff", old, new, "--out", out) == 0
    (new / "a-eu" / "figures" / "map.svg").write_text("<svg/>")
    assert run_verb("diff", old, new, "--out", out) == 1
    assert "1 report of 1 changed: 0 facts, 1 figure, 0 tables differ" in capsys.readouterr().out
    with pytest.raises(InputError, match="--out"):
        run_verb("diff", old, new, "--out", tmp_path)
