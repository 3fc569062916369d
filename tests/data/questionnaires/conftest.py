"""A project with the shared parts of this repository, and a small questionnaire to put into it."""

import shutil
from pathlib import Path

import pytest
import yaml

from helpers.data.project import raw_folder
from helpers.data.questionnaires.definition import questionnaires_folder

OXYGEN = Path(__file__).with_name("oxygen.yml")


class Project:
    """A project of its own; ``write`` puts a definition into it."""

    def __init__(self, root):
        self.root = root
        self.folder = questionnaires_folder(root)
        self.folder.mkdir(parents=True)
        for folder in ("notebooks", "data/processed"):
            (root / folder).mkdir(parents=True)
        for name in ("shared.yml", "units.csv", "origin.yml", "README.md"):
            shutil.copy(raw_folder() / "questionnaires" / name, self.folder / name)

    def write(self, definition, name="oxygen"):
        text = definition if isinstance(definition, str) else yaml.safe_dump(definition, allow_unicode=True)
        (self.folder / f"{name}.yml").write_text(text, encoding="utf-8")
        return self.root


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture(scope="module")
def lasting_project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture
def oxygen():
    """The small definition, which may be changed."""
    return yaml.safe_load(OXYGEN.read_text(encoding="utf-8"))
