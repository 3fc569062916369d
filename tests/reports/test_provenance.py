"""What a report says of where it comes from."""

import json
import os
import subprocess

import pytest

from helpers.data.errors import InputError
from helpers.reports.provenance import (
    commit_and_dirty,
    notebook_sha256,
    project_provenance,
    run_inputs,
    tree_sha256,
)


def git(root, *arguments):
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True, env=environment)


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init")
    (tmp_path / "a").write_text("1")
    git(tmp_path, "add", "a")
    git(tmp_path, "commit", "-m", "First")
    return tmp_path


def test_a_clean_working_copy_has_its_commit(repository):
    commit, dirty = commit_and_dirty(repository)
    assert len(commit) == 40
    assert dirty is False


@pytest.mark.parametrize("name", ["a", "new"])
def test_a_changed_or_new_file_makes_it_dirty(repository, name):
    (repository / name).write_text("2")
    assert commit_and_dirty(repository)[1] is True


def test_there_is_no_commit_outside_git(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit_and_dirty(tmp_path) == (None, None)


def test_there_is_no_commit_before_the_first(tmp_path):
    git(tmp_path, "init")
    assert commit_and_dirty(tmp_path) == (None, None)


def test_the_commit_of_a_repository_around_us_is_not_ours(repository):
    inner = repository / "inner"
    inner.mkdir()
    assert commit_and_dirty(inner) == (None, None)


def test_a_git_hook_does_not_point_us_elsewhere(repository, tmp_path_factory, monkeypatch):
    monkeypatch.setenv("GIT_DIR", str(tmp_path_factory.mktemp("other")))
    assert commit_and_dirty(repository)[0] is not None


def test_without_the_git_program_there_is_no_commit(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert commit_and_dirty(repository) == (None, None)


def write_notebook(path, source="x = 1", outputs=()):
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": list(outputs)}
    path.write_text(json.dumps({"cells": [cell]}))
    return path


def test_outputs_do_not_count_in_the_hash_of_a_notebook_but_its_source_does(tmp_path):
    path = tmp_path / "a.ipynb"
    bare = notebook_sha256(write_notebook(path))
    assert notebook_sha256(write_notebook(path, outputs=[{"output_type": "stream", "text": "1"}])) == bare
    assert notebook_sha256(write_notebook(path, ["x = ", "1"])) == bare
    assert notebook_sha256(write_notebook(path, "x = 2")) != bare


def test_the_hash_of_a_folder_sees_content_names_and_no_caches(tmp_path):
    (tmp_path / "a.py").write_text("1")
    first = tree_sha256(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert tree_sha256(tmp_path) == first
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    second = tree_sha256(tmp_path)
    assert second != first
    (tmp_path / "b.py").write_text("2")
    assert tree_sha256(tmp_path) not in {first, second}


def test_no_host_and_no_user_is_named(tmp_path):
    content = project_provenance(tmp_path)
    assert content["lock_sha256"] is None
    assert "pandas" in content["packages"]
    assert os.uname().nodename not in {content["platform"], content["python"]}
    assert os.uname().release not in content["platform"]


MANIFEST = {
    "datasets": [
        {"name": "gdp", "files": [{"name": "gdp.csv", "sha256": "a" * 64}], "tables": ["gdp"]},
        {"name": "countries", "files": [{"name": "countries.csv", "sha256": "b" * 64}]},
    ]
}


def write_meta(root, inputs):
    (root / "data" / "processed").mkdir(parents=True)
    (root / "data" / "processed" / "gdp.meta.json").write_text(json.dumps({"inputs": inputs}))


def test_inputs_are_the_raw_files_of_datasets_and_tables(tmp_path):
    write_meta(tmp_path, {"data/raw/gdp/gdp.csv": "a" * 64, "data/raw/other/o.csv": "c" * 64})
    assert run_inputs(MANIFEST, tmp_path) == {
        "data/raw/countries/countries.csv": "b" * 64,
        "data/raw/gdp/gdp.csv": "a" * 64,
        "data/raw/other/o.csv": "c" * 64,
    }


def test_a_table_made_from_another_version_of_a_file_fails_the_report(tmp_path):
    write_meta(tmp_path, {"data/raw/gdp/gdp.csv": "f" * 64})
    with pytest.raises(
        InputError, match=r"table 'gdp' was made from another version of data/raw/gdp/gdp\.csv"
    ):
        run_inputs(MANIFEST, tmp_path)
