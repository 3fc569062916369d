"""What a notebook and a module use, as found in their text."""

import pytest

from helpers.data.project import project_root
from helpers.reports.incremental.code import EVERY, PACKAGE, SHOWN, CodeGraph, notebook_code
from helpers.reports.incremental.keys import _ALWAYS
from helpers.reports.incremental.memory import Memory


@pytest.fixture(scope="module")
def graph(tmp_path_factory):
    return CodeGraph(Memory(tmp_path_factory.mktemp("project")))


def code_cell(source):
    return {"cell_type": "code", "source": source, "metadata": {}}


def test_the_imports_and_texts_of_a_notebook_are_found():
    cells = [
        code_cell("from helpers.figures import charts, maps as m\nimport numpy.linalg"),
        code_cell("%matplotlib inline\n!ls\nrun.table('gdp')\nimport helpers.data.places"),
        {"cell_type": "markdown", "source": "import nothing", "metadata": {}},
    ]
    imports, texts = notebook_code(cells)
    assert set(imports) == {
        "helpers.figures", "helpers.figures.charts", "helpers.figures.maps", "numpy.linalg",
        "helpers.data.places",
    }  # fmt: skip
    assert texts == ["gdp"]


def test_a_cell_that_is_no_python_stands_for_every_helper(graph):
    imports, _ = notebook_code([code_cell("%%bash\necho $(ls)")])
    assert EVERY in imports
    assert set(graph.closure(imports)) >= {SHOWN + path for path in graph.modules.values()}


def test_every_data_file_of_the_package_counts_for_a_module(graph):
    counted = graph.closure([EVERY])
    uncounted = [path for path in graph.data if SHOWN + path not in counted]
    assert uncounted == [], "a module beside or above each data file must name it, or its folder, in a text"


def test_the_page_alone_depends_on_its_templates(graph):
    page = graph.closure(["helpers.reports.export"])
    run = graph.closure(
        [*_ALWAYS, "helpers.figures.charts", "helpers.figures.maps", "helpers.figures.webmap"]
    )
    for name in ("report.css", "page.html.j2", "report.js"):
        assert f"{SHOWN}reports/templates/{name}" in page
        assert f"{SHOWN}reports/templates/{name}" not in run
    assert f"{SHOWN}figures/templates/webmap.js" in run
    assert f"{SHOWN}figures/style.py" in run
    assert not [path for path in run if path.startswith((f"{SHOWN}cli/", f"{SHOWN}reports/incremental/"))]
    assert f"{SHOWN}reports/engine.py" not in run


def test_a_notebook_of_the_project_depends_on_what_it_imports_and_not_on_other_analyses(graph):
    from helpers.reports.parameters import read_cells

    imports, texts = notebook_code(read_cells(project_root() / "notebooks" / "10_cluster_counts.ipynb"))
    files = graph.closure([*imports, *_ALWAYS])
    assert f"{SHOWN}analysis/clusters/growth.py" in files
    assert f"{SHOWN}data/process.py" in files
    assert f"{SHOWN}reports/export_page.py" not in files
    assert {"gdp", "cluster_organisations", "timeline"} <= set(texts)


def test_modules_that_have_not_changed_are_not_read_again(tmp_path, monkeypatch):
    memory = Memory(tmp_path)
    first = CodeGraph(memory).closure(["helpers.reports.export"])
    monkeypatch.setattr(CodeGraph, "_read", lambda *arguments: pytest.fail("read again"))
    assert CodeGraph(memory).closure(["helpers.reports.export"]) == first
    assert (PACKAGE / "reports" / "export.py").is_file()
