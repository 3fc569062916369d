"""What must never be published, and that all reasons are said at once."""

import pytest

from helpers.data.errors import InputError
from helpers.reports.publish.reasons import RefusedError
from helpers.reports.staging import read_json


def refused(project, **more):
    with pytest.raises(RefusedError) as caught:
        project.publish(**more)
    assert not (project.root / "reports" / "published").exists()
    return caught.value.reasons


def the_only(reasons):
    assert len(reasons) == 1, reasons
    return reasons[0]


def test_sample_data_are_refused_by_name(project):
    project.build(kind="sample")
    assert the_only(refused(project)) == "counts-eu: rests on made-up sample data: datasets sites"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("manifest.json", lambda content: content.update(sample=True)),
        ("manifest.json", lambda content: content["datasets"][0].update(kind="sample")),
        ("manifest.json", lambda content: content["figures"][0].update(sample=True)),
        ("manifest.json", lambda content: content["tables"][0].update(sample=True)),
        ("facts.json", lambda content: content["facts"][0].update(sample=True)),
    ],
)
def test_any_mark_of_sample_data_is_enough(project, name, change):
    project.edit(name, change)
    assert any("sample data" in reason for reason in refused(project))


def test_a_report_that_is_not_of_the_current_state_is_refused(project):
    (project.root / "requirements.lock").write_text("pandas==4\n")
    project.commit()
    reason = the_only(refused(project))
    assert reason.startswith("counts-eu: is not built from the current state")
    assert "requirements.lock changed" in reason


def test_a_report_whose_files_changed_is_refused(project):
    (project.folder() / "facts.json").write_text('{"facts": []}')
    reasons = refused(project)
    assert "counts-eu: there is no whole report; run `evidence build --only counts-eu`" in reasons
    assert any(reason.startswith("check: counts-eu: success marker") for reason in reasons)


def test_a_report_that_is_not_built_is_refused(project):
    import shutil

    shutil.rmtree(project.folder())
    assert any("not built yet" in reason for reason in refused(project))


def test_what_the_check_finds_is_refused(project):
    page = project.folder() / "report.html"
    page.write_text(page.read_text().replace("Sites are counted.", "Sites of /home/jane/sites.csv"))
    project.edit("manifest.json", lambda content: None)
    assert "names a path of the machine" in the_only(refused(project))


def test_an_open_comment_that_must_be_answered_is_refused(project):
    project.review("counts-eu", "A. B.", "C. D.", comment="Belgium is missing.")
    project.commit()
    reason = next(reason for reason in refused(project) if reason.startswith("review"))
    assert reason == "review: comment c0123456789 on fact:sites must be answered"


def test_two_reviewers_are_needed(project):
    project.review("counts-eu", "A. B.", "AB")
    project.commit()
    assert "1 reviewer returned a sheet, 2 are needed" in the_only(refused(project))


def test_uncommitted_changes_are_refused_by_name(project):
    (project.root / "notes.txt").write_text("x")
    (project.root / "CITATION with spaces.txt").write_text("x")
    reason = next(reason for reason in refused(project) if reason.startswith("git"))
    assert reason.startswith("git: uncommitted changes: CITATION with spaces.txt, notes.txt")


def test_a_report_built_from_uncommitted_changes_is_refused(project):
    project.build(dirty=True)
    assert "was built from a working copy with uncommitted changes" in the_only(refused(project))


def test_a_project_outside_git_is_refused(project):
    import shutil

    shutil.rmtree(project.root / ".git")
    assert "not in a git repository" in the_only(refused(project))


def test_an_address_of_a_person_is_refused_and_not_repeated(project):
    project.build(
        facts=[{**read_json(project.folder() / "facts.json")["facts"][0], "note": "ask jo@firm.eu"}]
    )
    reasons = refused(project)
    assert any("facts.json holds what looks like an e-mail address" in reason for reason in reasons)
    assert not any("jo@" in reason for reason in reasons)


def test_a_report_on_which_the_page_rests_counts_too(project):
    project.build("prices-eu", kind="sample")
    project.build(link=' See <a href="../prices-eu/report.html#fact-sites">prices</a>.')
    assert any(r.startswith("prices-eu: rests on made-up sample data") for r in refused(project))


def test_all_reasons_are_said_at_once(project):
    project.build(kind="sample", dirty=True)
    project.review("counts-eu", "A. B.", comment="Wrong.")
    (project.root / "requirements.lock").write_text("pandas==4\n")
    reasons = refused(project, day="2026-11-01")
    for words in (
        "is before 2026-11-20",
        "not built from the current state",
        "sample data",
        "from a working copy",
        "must be answered",
        "1 reviewer returned",
        "git: uncommitted changes",
    ):
        assert any(words in reason for reason in reasons), words


@pytest.mark.parametrize("day", ["22.11.2026", "2026-13-01", "../2026-11-22", "2026-11-22\n", ""])
def test_a_date_that_is_none_is_a_mistake(project, day):
    with pytest.raises(InputError, match="--date"):
        project.publish(day)


def test_an_unknown_report_is_a_mistake(project):
    from helpers.reports.publish.publishing import publish

    with pytest.raises(InputError, match="did you mean 'counts-eu'"):
        publish("count-eu", root=project.root)
