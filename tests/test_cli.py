"""The evidence command: exit statuses, messages without tracebacks, what is refused at once."""

import json
import os
import subprocess
import sys

import pytest

from helpers import cli
from helpers.data.errors import InputError
from helpers.reports.engine import Result
from helpers.reports.incremental.plan import Planned
from helpers.reports.portfolio import CountryLists
from helpers.reports.staging import mark_success
from helpers.reports.status import Failure

CELL = 'scope: str = "EU27"  # countries; allowed: EU27 | <country>'
PORTFOLIO = "reports: [{notebook: 10_counts, slug: 'counts-{scope}', for_each: {scope: [EU27, AT]}}]"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one notebook, whose builds are recorded and not run."""
    cells = [{"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": CELL}]
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "10_counts.ipynb").write_text(json.dumps({"cells": cells}))
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "portfolio.yml").write_text(PORTFOLIO)
    monkeypatch.setenv("EVIDENCE_ROOT", str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.chdir(tmp_path)
    lists = CountryLists(["AT", "EL"], {"eu27_countries": ["AT", "EL"]})
    monkeypatch.setattr("helpers.reports.portfolio.country_lists", lambda root=None: lists)
    monkeypatch.setattr("helpers.data.process.process", lambda *args, **options: [])
    return tmp_path


@pytest.fixture
def builds(project, monkeypatch):
    asked = []

    def build(runs, *, afterwards, **options):
        asked.append((runs, options))
        afterwards()
        return [Result(run.slug, 1.0, failures.get(run.slug)) for run in runs]

    failures = {}
    monkeypatch.setattr("helpers.reports.engine.build", build)
    build.asked, build.failures = asked, failures
    return build


def plant(project, slug, facts=()):
    folder = project / "reports" / "build" / slug
    folder.mkdir(parents=True)
    for name in ("report.html", "run.json", "manifest.json"):
        (folder / name).write_text("{}")
    (folder / "facts.json").write_text(json.dumps({"facts": list(facts)}))
    mark_success(folder)
    return folder


def test_help_imports_nothing_heavy():
    heavy = "('pandas', 'yaml', 'papermill', 'rich', 'pydantic')"
    code = f"import sys, helpers.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    done = subprocess.run([sys.executable, "-m", "helpers.cli", "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    for verb in ("verify", "process", "list", "build", "check", "open", "dictionary", "baseline"):
        assert f"\n    {verb}" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["build", "--job", "2"], ["build", "--jobs", "0"], ["build", "--log-format", "xml"]],
)
def test_a_wrong_command_line_ends_with_2(arguments):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2


def test_a_misspelt_verb_gets_the_nearest_one_suggested(capsys):
    with pytest.raises(SystemExit):
        cli.main(["biuld"])
    said = capsys.readouterr().err
    assert "'biuld' is not known; did you mean 'build'?; known: verify, process" in said
    with pytest.raises(SystemExit):
        cli.main(["x" * 10_000])
    assert len(capsys.readouterr().err) < 1000


def test_build_prints_the_path_of_the_index_last(builds, capsys):
    assert cli.main(["build"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "reports/build/index.html"
    assert [run.slug for run in builds.asked[0][0]] == ["counts-eu27", "counts-at"]


def test_the_path_is_absolute_from_elsewhere(builds, capsys, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert cli.main(["build", "--only", "counts-at"]) == 0
    assert (
        capsys.readouterr().out.splitlines()[-1] == os.environ["EVIDENCE_ROOT"] + "/reports/build/index.html"
    )


def test_a_failed_report_makes_the_status_1_and_names_cell_and_error(builds, capsys):
    builds.failures["counts-at"] = Failure("ValueError: no rows", 7, "Shares")
    assert cli.main(["build"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 of 2 reports built"
    assert lines[1] == 'failed: counts-at: cell 7 (under "Shares"): ValueError: no rows'


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-p", "scoep=AT"], "10_counts.ipynb: has no parameter 'scoep'; did you mean 'scope'"),
        (["-p", "scope=GR"], "Eurostat's code for GR is EL"),
        (["-p", "scope=AT'; import os"], "allowed: EU27"),
        (["-p", "scope=AT\nimport os"], "allowed: EU27"),
        (["-p", "scope=" + "x" * 100_000], "(100,000 characters)"),
        (["-p", "scope"], "write -p name=value"),
        (["--only", "counts-ta"], "did you mean 'counts-at'"),
        (["--only", "../../etc"], "no report matches"),
    ],
)
def test_a_mistake_is_told_before_a_kernel_starts(builds, capsys, arguments, words):
    assert cli.main(["build", *arguments]) == 2
    captured = capsys.readouterr()
    assert builds.asked == []
    assert captured.out == ""
    assert captured.err.startswith("evidence: ")
    assert words in captured.err
    assert "Traceback" not in captured.err
    assert len(captured.err) < 1000


def test_the_traceback_switch_shows_where_an_error_arose(builds):
    with pytest.raises(InputError):
        cli.main(["--traceback", "build", "--only", "nope"])


def test_ctrl_c_ends_with_130(project, capsys, monkeypatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("helpers.reports.engine.build", interrupted)
    assert cli.main(["build"]) == 130
    assert capsys.readouterr().err.splitlines()[-1].startswith("evidence: interrupted")


def test_other_parameters_go_to_a_folder_of_their_own(builds):
    assert (
        cli.main(["build", "--only", "counts-eu27", "-p", "scope=EL", "--jobs", "1", "--timeout", "9"]) == 0
    )
    runs, options = builds.asked[0]
    assert [(run.slug, run.parameters) for run in runs] == [("counts-eu27--scope-el", {"scope": "EL"})]
    assert (options["jobs"], options["cell_timeout"]) == (1, 9)


def test_the_index_is_written_by_a_build(builds, project):
    cli.main(["build"])
    assert "counts-at" in (project / "reports/build/index.html").read_text()


@pytest.fixture
def unchanged(project, monkeypatch):
    """Every report is as it was, unless named; the index is current once it was written."""
    todo = {}

    def planned(self, runs, *, force=False):
        return [Planned(run, *todo.get(run.slug, ("nothing",))) for run in runs]

    monkeypatch.setattr("helpers.reports.incremental.plan.Plan.planned", planned)
    return todo


def test_an_unchanged_portfolio_starts_no_build(builds, unchanged, capsys):
    assert cli.main(["build"]) == 0
    assert len(builds.asked) == 1, "the index was not there yet"
    capsys.readouterr()
    assert cli.main(["build"]) == 0
    assert len(builds.asked) == 1
    assert capsys.readouterr().out.splitlines() == [
        "2 reports unchanged: nothing to build",
        "reports/build/index.html",
    ]


def test_what_a_killed_build_left_is_cleared_up_although_nothing_changed(builds, unchanged, project):
    cli.main(["build"])
    (project / "reports/build/.staging/x").mkdir(parents=True)
    cli.main(["build"])
    assert len(builds.asked) == 2


def test_an_index_that_was_tampered_with_is_written_again(builds, unchanged, project):
    cli.main(["build"])
    (project / "reports/build/index.html").write_text("other")
    cli.main(["build"])
    assert len(builds.asked) == 2
    assert "counts-at" in (project / "reports/build/index.html").read_text()


def test_explain_says_why_and_builds_nothing(builds, unchanged, capsys):
    unchanged["counts-at"] = ("run", ("table gdp changed", "requirements.lock changed"))
    assert cli.main(["build", "--explain"]) == 0
    assert builds.asked == []
    assert capsys.readouterr().out.splitlines() == [
        "counts-eu27: unchanged",
        "counts-at: is built: table gdp changed; requirements.lock changed",
        "1 report to build, 1 unchanged; nothing was built",
    ]


def test_force_reaches_the_build(builds):
    assert cli.main(["build", "--force"]) == 0
    assert builds.asked[0][1]["force"] is True


def test_quiet_says_only_what_failed(builds, capsys):
    assert cli.main(["build", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    builds.failures["counts-at"] = Failure("ValueError: no rows", 7, "Shares")
    assert cli.main(["build", "--quiet"]) == 1
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out == 'failed: counts-at: cell 7 (under "Shares"): ValueError: no rows\n'


def test_json_lines_are_all_there_is_on_standard_output(builds, capsys):
    builds.failures["counts-at"] = Failure("ValueError: no rows")
    assert cli.main(["build", "--log-format", "json"]) == 1
    captured = capsys.readouterr()
    events = [json.loads(line) for line in captured.out.splitlines()]
    assert events[-1].pop("time") >= 0
    assert events[-1] == {
        "event": "finished", "built": 1, "failed": 1, "unchanged": 0, "index": "reports/build/index.html",
    }  # fmt: skip
    assert captured.err == ""


def test_profile_says_where_the_time_went(builds, capsys):
    assert cli.main(["build", "--profile"]) == 0
    assert "the whole build by the clock" in capsys.readouterr().err


def test_a_helper_that_is_being_edited_gets_no_traceback(builds, capsys, monkeypatch):
    def broken(*arguments, **options):
        raise SyntaxError("invalid syntax", ("src/helpers/x.py", 7, 1, ""))

    monkeypatch.setattr("helpers.reports.engine.build", broken)
    assert cli.main(["build"]) == 2
    assert capsys.readouterr().err.endswith("evidence: src/helpers/x.py, line 7: invalid syntax\n")


def test_open_prints_the_path_of_a_report(project, capsys):
    plant(project, "counts-at")
    assert cli.main(["open", "counts-at"]) == 0
    assert capsys.readouterr().out == "reports/build/counts-at/report.html\n"


def test_open_refuses_what_is_not_built(project, capsys):
    assert cli.main(["open"]) == 2
    plant(project, "counts-at")
    assert cli.main(["open", "counts-ta"]) == 2
    assert "did you mean 'counts-at'" in capsys.readouterr().err


def test_check_ends_with_1_if_something_is_found(project, capsys, monkeypatch):
    folder = plant(project, "counts-at")
    given = []

    def check_reports(folders, **options):
        given.extend(folders)
        return ["counts-at: broken anchor"]

    monkeypatch.setattr("helpers.reports.check.check_reports", check_reports)
    assert cli.main(["check"]) == 1
    assert given == [folder]
    assert "counts-at: broken anchor" in capsys.readouterr().out


def test_check_of_nothing_is_a_mistake(project, capsys):
    assert cli.main(["check"]) == 2
    assert "evidence build" in capsys.readouterr().err


def test_baseline_shows_a_changed_fact_and_ends_with_1(project, capsys):
    fact = {"name": "total", "value": 5, "unit": "sites", "sample": False}
    folder = plant(project, "counts-at", [fact])
    assert cli.main(["baseline", "--write"]) == 0
    assert cli.main(["baseline", "--check"]) == 0
    (folder / "facts.json").write_text(json.dumps({"facts": [{**fact, "value": 6}]}))
    mark_success(folder)
    capsys.readouterr()
    assert cli.main(["baseline"]) == 1
    assert "counts-at: total: 5 sites -> 6 sites" in capsys.readouterr().out


def test_the_dictionary_check_says_whether_the_file_is_up_to_date(project, capsys, monkeypatch):
    monkeypatch.setattr("helpers.data.dictionary.data_dictionary", lambda root: "# Data\n")
    assert cli.main(["dictionary", "--check"]) == 1
    assert cli.main(["dictionary"]) == 0
    assert cli.main(["dictionary", "--check"]) == 0


def test_a_faulty_dataset_makes_verify_end_with_1(project, capsys):
    (project / "data" / "raw" / "gdp").mkdir(parents=True)
    assert cli.main(["verify"]) == 1
    assert "data/raw/gdp" in capsys.readouterr().out
    assert cli.main(["verify", "gpd"]) == 2


def test_verify_update_writes_checksums_and_then_verifies(project, capsys, monkeypatch):
    (project / "data" / "raw").mkdir(parents=True)
    monkeypatch.setattr("helpers.data.verify.refresh_checksums", lambda name: [f"{name}: sha256 written"])
    assert cli.main(["verify", "--update", "gdp"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "gdp: sha256 written"


def test_list_shows_reports_and_parameters(project, capsys):
    (project / "data" / "raw").mkdir(parents=True)
    plant(project, "counts-at")
    assert cli.main(["list"]) == 0
    shown = capsys.readouterr().out
    assert "counts-at    built" in shown
    assert "counts-eu27  not built" in shown
    assert "EU27 | <country>" in shown


def test_a_reader_that_leaves_early_gets_no_traceback(project):
    plant(project, "counts-at")
    command = f"{sys.executable} -m helpers.cli open counts-at | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=project)
    assert "Traceback" not in done.stderr
