"""A cleaned notebook holds no output but its facts, and two cleanings give identical bytes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.data.errors import InputError
from helpers.data.project import project_root
from helpers.reports.clean import clean, main


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A notebook as JupyterLab saves it: with outputs, counts, and metadata of one machine."""
    (tmp_path / "notebooks").mkdir()
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# Title", id="a", metadata={"editable": True}),
            new_code_cell(
                "limit: int = 3",
                id="b",
                metadata={"tags": ["parameters"], "execution": {"iopub.execute_input": "2026-11-22T10:00"}},
                execution_count=7,
                outputs=[new_output("stream", text="left behind")],
            ),
            new_code_cell("import sys, os\nprint('noise')\nprint('warning', file=sys.stderr)", id="c"),
            new_code_cell(
                "print('limit =', limit)\nprint('done')\nlimit", id="d", metadata={"tags": ["facts"]}
            ),
        ],
        metadata={
            "kernelspec": {"display_name": "My own", "language": "python", "name": "mine"},
            "language_info": {"name": "python", "version": "3.11.2"},
            "widgets": {},
        },
    )
    nbformat.write(notebook, tmp_path / "notebooks" / "05_demo.ipynb")
    return tmp_path / "notebooks" / "05_demo.ipynb"


def change(path: Path, number: int, source: str) -> None:
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[number].source = source
    nbformat.write(notebook, path)


def test_only_what_the_facts_cell_prints_is_kept(path: Path) -> None:
    assert clean(path, path.parents[1])
    content = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
    assert [cell["outputs"] for cell in code[:-1]] == [[], []]
    assert code[-1]["outputs"] == [
        {"name": "stdout", "output_type": "stream", "text": ["limit = 3\n", "done\n"]}
    ]
    assert [cell["execution_count"] for cell in code] == [None, None, 1]
    assert [cell["id"] for cell in content["cells"]] == ["a", "b", "c", "d"]
    assert [cell["metadata"] for cell in content["cells"]] == [
        {},
        {"tags": ["parameters"]},
        {},
        {"tags": ["facts"]},
    ]
    assert content["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert list(path.parent.iterdir()) == [path]


def test_a_second_cleaning_changes_nothing(path: Path) -> None:
    clean(path, path.parents[1])
    first = path.read_bytes()
    assert not clean(path, path.parents[1])
    assert path.read_bytes() == first


def test_an_old_notebook_gets_ids_that_do_not_differ_from_run_to_run(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    for cell in content["cells"]:
        del cell["id"]
    old = json.dumps(content | {"nbformat_minor": 4})
    made = set()
    for _ in range(2):
        path.write_text(old, encoding="utf-8")
        clean(path, path.parents[1])
        made.add(path.read_bytes())
    assert len(made) == 1
    assert nbformat.read(path, as_version=4).cells[3].id == "cell-03"


def test_a_cell_that_fails_leaves_the_notebook_as_it_is(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVIDENCE_ROOT", str(path.parents[1]))
    change(path, 2, "1 / 0")
    before = path.read_bytes()
    assert main([str(path)]) == 1
    assert path.read_bytes() == before
    assert "ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "source", "says"),
    [
        (3, "limit", "printed nothing"),
        (
            2,
            "import os, pathlib\nfolder = pathlib.Path(os.environ['EVIDENCE_RUN_DIR'])\n"
            "x = (folder / 'manifest.json').write_text('{\"notebook\": \"00_template\"}')",
            "Run.start is given '00_template'; allowed: '05_demo'",
        ),
    ],
)
def test_a_run_without_facts_of_its_own_is_refused(path: Path, number: int, source: str, says: str) -> None:
    change(path, number, source)
    before = path.read_bytes()
    with pytest.raises(InputError, match=says):
        clean(path, path.parents[1])
    assert path.read_bytes() == before


def test_what_cannot_be_cleaned_is_a_clear_message(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(path.with_name("missing.ipynb"))]) == 2
    assert "missing.ipynb: cannot be read" in capsys.readouterr().err
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].metadata["tags"] = ["injected-parameters"]
    nbformat.write(notebook, path)
    with pytest.raises(InputError, match="executed copy"):
        clean(path)
    notebook.cells[2].metadata["tags"] = notebook.cells[3].metadata["tags"] = []
    nbformat.write(notebook, path)
    with pytest.raises(InputError, match="0 code cells are tagged facts"):
        clean(path)
    for text in (
        "{}",
        "[]",
        "nothing",
        '{"nbformat": 4}',
        '{"nbformat": 4, "nbformat_minor": 5, "cells": 3}',
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match="not a Jupyter notebook"):
            clean(path)


@pytest.mark.slow
def test_nbval_accepts_the_cleaned_template(tmp_path: Path) -> None:
    root = project_root()
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "data").symlink_to(root / "data")
    path = tmp_path / "notebooks" / "00_template.ipynb"
    path.write_bytes((root / "notebooks" / path.name).read_bytes())
    clean(path, tmp_path)
    cells = nbformat.read(path, as_version=4).cells
    assert "clusters_total" in cells[-1].outputs[0].text
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider", str(path)]
    environment = os.environ | {"EVIDENCE_ROOT": str(tmp_path), "EVIDENCE_RUN_DIR": str(tmp_path / "run")}
    nbval = subprocess.run(
        [*command, "--rootdir", str(tmp_path), "-c", os.devnull],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert nbval.returncode == 0, nbval.stdout
    assert not (tmp_path / "reports").exists()
