"""Exports to read: as the sample generator writes them, and small ones made by hand."""

import csv
import shutil
from pathlib import Path

import pytest

from helpers.data.project import project_root, raw_folder
from helpers.data.questionnaires.definition import load_questionnaire
from helpers.data.sample import exporters
from helpers.data.sample.generator import sample_of

NAME = "vaccine_capacity"


@pytest.fixture
def root(tmp_path):
    """A project that holds the questionnaires and nothing else."""
    folder = tmp_path / "project"
    (folder / "notebooks").mkdir(parents=True)
    shutil.copytree(raw_folder(project_root()) / "questionnaires", folder / "data" / "raw" / "questionnaires")
    return folder


@pytest.fixture(scope="session")
def asked():
    """The questionnaire that the tests use."""
    return load_questionnaire(NAME)


@pytest.fixture(scope="session")
def responses():
    """Answers of some respondents."""
    return list(sample_of(NAME, respondents=30))


@pytest.fixture(scope="session")
def exports(tmp_path_factory, asked, responses):
    """The same answers as each tool exports them: name -> path."""
    folder = tmp_path_factory.mktemp("exports")
    writers = {
        "plain.csv": exporters.write_plain,
        "limesurvey.csv": exporters.write_limesurvey,
        "google.csv": exporters.write_google_forms,
        "eusurvey.xlsx": exporters.write_eusurvey,
        "eusurvey.xml": exporters.write_eusurvey_xml,
        "microsoft.xlsx": exporters.write_microsoft_forms,
        "odk.zip": exporters.write_odk,
    }
    return {name: write(responses, asked, folder / name)[0] for name, write in writers.items()}


def records(path: Path) -> list[dict[str, str]]:
    """Return the rows of a csv by column."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def rows():
    """The function that reads a written table."""
    return records


@pytest.fixture
def write_csv(tmp_path):
    """A function that writes rows as a csv and returns its path."""

    def write(lines, name="export.csv", encoding="utf-8", delimiter=",", **more):
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter, **more).writerows(lines)
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path):
    """A function that writes sheets as an xlsx and returns its path."""
    import openpyxl

    def write(sheets, name="export.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, lines in sheets.items():
            sheet = book.create_sheet(title)
            for line in lines:
                sheet.append(list(line))
        book.save(tmp_path / name)
        return tmp_path / name

    return write
