"""Where the time of a build went: the parts are those that the reports state, and add up."""

import json

from helpers.reports.engine import Result
from helpers.reports.profile import where_time_went
from helpers.reports.status import Failure


def plant(root, slug, cells, seconds, **run):
    folder = root / "reports" / "build" / slug
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({"notebook": "10_counts", "seconds": seconds, **run}))
    (folder / "notebook.ipynb").write_text(json.dumps({"cells": cells}))


def cell(source, seconds, *tags, kind="code"):
    timing = {"start_time": "2026-01-01T00:00:00.000000", "end_time": f"2026-01-01T00:00:{seconds:09.6f}"}
    return {"cell_type": kind, "source": source, "metadata": {"tags": list(tags), "papermill": timing}}


CELLS = [
    cell("# Title", 0, kind="markdown"),
    cell("scope = 1", 0, "parameters"),
    cell("scope = 2", 0.5, "injected-parameters"),
    cell("run.figure(\n    maps.choropleth,", 2.0),
    cell("run.facts()", 0.25),
]


def test_the_parts_of_the_reports_add_up(tmp_path):
    resources = {"cpu_seconds": 3.0, "peak_memory_mb": 400}
    plant(tmp_path, "counts-at", CELLS, 3.0, resources=resources)
    plant(tmp_path, "counts-be", CELLS, 3.0)
    results = [
        Result("counts-at", 4.0, None, "run", 0.5),
        Result("counts-be", 4.0, None, "run", 0.5),
        Result("counts-cy", 0.0, None, "nothing"),
        Result("counts-cz", 9.0, Failure("no")),
    ]
    lines = where_time_went(results, tmp_path, before=0.5, wall=6.0)
    text = "\n".join(lines)
    assert lines[0].split()[:2] == ["6.0", "s"]
    assert "8.0 s  2 reports, added up" in text
    found = {line.split("%  ")[1]: float(line.split()[0]) for line in lines if "%  " in line}
    assert found == {
        "cells": 4.5,
        "kernels: start, messages, end": 1.5,
        "pages, and starting the processes that make reports": 1.0,
        "checking, moving and noting finished reports": 1.0,
    }
    assert "3.0 s  of processor time in 1 of them" in text
    assert "400 MB of memory at most, in counts-at" in text
    slowest = [line for line in lines if "10_counts, cell" in line]
    # The cell that papermill put in is not counted: numbers are those of the source.
    assert slowest[0].split("  ")[-1] == "10_counts, cell 3: run.figure( maps.choropleth,"
    assert slowest[0].split()[0] == "4.0"


def test_a_build_without_reports_says_so(tmp_path):
    assert where_time_went([], tmp_path, before=0.1, wall=0.1)[-1].strip() == "no report was built"


def test_files_that_are_not_as_they_should_be_are_passed_over(tmp_path):
    plant(tmp_path, "counts-at", [{"cell_type": "code", "source": "1", "metadata": {"papermill": {}}}], 1.0)
    lines = where_time_went([Result("counts-at", 2.0, None)], tmp_path, before=0, wall=2)
    assert any("cells" in line for line in lines)
