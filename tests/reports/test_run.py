"""A notebook's handle: what it may state, on what it must rest, and what it writes."""

import json
from pathlib import Path

import pandas as pd
import pytest

from helpers.data.errors import InputError
from helpers.figures import charts
from helpers.reports.run import Run

PARAMETERS = {"scope": "EU27", "as_of": "2026-07-31", "reference_year": 2024}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("EVIDENCE_RUN_DIR", str(tmp_path / "run"))
    return Run.start("00_template", **PARAMETERS)


def written(run: Run, name: str) -> dict:
    return json.loads((run.folder / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"scope": "EU28"}, "scope"),
        ({"as_of": "2026-13-01"}, "as_of"),
        ({"reference_year": "20x4"}, "reference_year"),
        ({"scpoe": "EU27"}, "scope"),
    ],
)
def test_parameters_are_checked_in_jupyterlab_too(changes: dict, says: str) -> None:
    with pytest.raises(InputError, match=says):
        Run.start("00_template", **(PARAMETERS | changes))


def test_a_parameter_left_out_is_named() -> None:
    with pytest.raises(InputError, match="as_of, reference_year"):
        Run.start("00_template", scope="EU27")


def test_a_fact_must_rest_on_what_the_run_has_read(run: Run) -> None:
    with pytest.raises(InputError, match="rests on population, but this run has read: none"):
        run.fact("people", 1, unit="persons", source="population")
    run.table("population")
    run.fact("people", 1, unit="persons", source="population")


@pytest.mark.parametrize("source", [[], ""])
def test_a_fact_without_a_source_is_refused(run: Run, source: object) -> None:
    with pytest.raises(InputError, match="rests on"):
        run.fact("people", 1, unit="persons", source=source)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["People", "1st", "a-b", "a b", ""])
def test_a_malformed_fact_name_is_refused(run: Run, name: str) -> None:
    run.table("population")
    with pytest.raises(InputError, match="lower case"):
        run.fact(name, 1, unit="persons", source="population")


def test_a_fact_is_stated_once(run: Run) -> None:
    run.table("population")
    run.fact("people", 1, unit="persons", source="population")
    with pytest.raises(InputError, match="stated twice"):
        run.fact("people", 2, unit="persons", source="population")


def test_a_claim_that_does_not_hold_stops_the_notebook(run: Run) -> None:
    run.check("one is one", True)
    with pytest.raises(AssertionError, match="one is two"):
        run.check("one is two", False)


def test_figures_and_tables_are_numbered_apart_and_published_once(run: Run) -> None:
    run.table("cluster_organisations")
    data = pd.DataFrame({"country": ["AT", "BE"], "name": ["Austria", "Belgium"], "organisations": [32, 45]})
    arguments = {
        "caption": "Organisations",
        "alt": "A bar for each country",
        "sources": ["cluster_organisations"],
    }
    run.figure(charts.country_ranking, data, id="first", value="organisations", **arguments)
    run.show_table(
        data, id="first", caption="C", sources=["cluster_organisations"], columns={"name": ("Country", "")}
    )
    run.figure(charts.country_ranking, data, id="second", value="organisations", **arguments)
    with pytest.raises(InputError, match="published twice"):
        run.figure(charts.country_ranking, data, id="second", value="organisations", **arguments)
    run.facts()
    manifest = written(run, "manifest.json")
    assert [(item["id"], item["number"]) for item in manifest["figures"]] == [("first", 1), ("second", 2)]
    assert [(item["id"], item["number"]) for item in manifest["tables"]] == [("first", 1)]
    assert all((run.folder / name).is_file() for item in manifest["figures"] for name in item["files"])


def test_the_manifest_says_what_the_run_rests_on(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run.table("population")
    run.fact("people", 5, unit="persons", source="population", interval=(4.0, 6.0), bound="about")
    run.answer("About **{people}**.")
    run.notice("Mind this.")
    run.notice(None)
    run.facts()
    assert "people = about 5 (4 to 6) persons [population]" in capsys.readouterr().out
    manifest = written(run, "manifest.json")
    assert [entry["name"] for entry in manifest["datasets"]] == ["population"]
    assert len(manifest["datasets"][0]["files"][0]["sha256"]) == 64
    assert manifest["notices"] == ["Mind this."]
    assert manifest["sample"] is False
    assert manifest["parameters"]["scope"]["value"] == "EU27"
    assert written(run, "facts.json")["facts"][0]["interval"] == [4.0, 6.0]
