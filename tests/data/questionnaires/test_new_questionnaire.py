"""A questionnaire that is one new YAML file has forms, a codebook, and its answers are read and verified."""

import csv
import io
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import pytest
from pyxform.xls2xform import convert

from helpers.data.dictionary import data_dictionary
from helpers.data.questionnaires.definition import load_questionnaire, questionnaire_names
from helpers.data.questionnaires.docx_form import docx_form
from helpers.data.questionnaires.xlsform import xlsform
from helpers.data.survey.ingest import ingest
from helpers.data.verify import verify

OXYGEN = Path(__file__).with_name("oxygen.yml")
ANSWERS = """\
id,company,country,email,purity,oxygen_liquid_amount,oxygen_liquid_unit,cylinders_amount,consent
1,Gaz SA,Belgique,a@gaz.example,Médical,10-20 k,litres par semaine,,
2,Luft GmbH,DE,,technical,,,more than 300,whole
"""


@pytest.fixture
def root(project):
    return project.write(OXYGEN.read_text(encoding="utf-8"))


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_is_listed_and_complete(root):
    assert questionnaire_names(root) == ["oxygen"]
    questionnaire = load_questionnaire("oxygen", root)
    assert questionnaire.codes("units") == ["units_week", "litres_week", "litres_month"]
    assert questionnaire.codes("gas") == ["oxygen_liquid", "cylinders"]
    assert questionnaire.privacy["fr"].startswith("Vos réponses")
    assert {choice.code: choice.label["fr"] for choice in questionnaire.choices["countries"]}["EL"] == "Grèce"


def test_it_has_forms(root):
    questionnaire = load_questionnaire("oxygen", root)
    warnings = []
    form = ET.fromstring(convert(xlsform(questionnaire, root), warnings=warnings).xform)
    assert warnings == []
    assert [part for part in form.iter() if part.tag.endswith("}repeat")] != []
    document = docx.Document(io.BytesIO(docx_form(questionnaire, "fr", root)))
    assert document.paragraphs[0].text == "Capacité d'oxygène médical"
    assert "Uniquement si vous avez coché « Médical » à la question 4." in [
        p.text for p in document.paragraphs
    ]


def test_it_is_in_the_data_dictionary(root):
    text = data_dictionary(root)
    assert "### Questionnaire oxygen" in text
    assert "| `cylinders` | bottling | units/month | units_week | 1 to 100,000 | Cylinders |" in text
    assert "| `company` | text, needed | restricted | respondent_name |" in text


def test_its_answers_are_read_and_verified(root, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(ANSWERS, encoding="utf-8")
    done = ingest(path, "oxygen", "2020-11", root=root)
    assert (done.received, done.accepted, done.rejected) == (2, 2, 0)
    folder = root / "data" / "raw" / "oxygen" / "2020-11"
    answers = rows(folder / "answers.csv")
    assert [(row["country"], row["purity"], row["consent"]) for row in answers] == [
        ("BE", "medical", "totals"),
        ("DE", "technical", "whole"),
    ]
    capacities = [(row["product"], row["amount"], row["unit"]) for row in rows(folder / "capacities.csv")]
    assert capacities == [("oxygen_liquid", "10-20 k", "litres_week"), ("cylinders", "more than 300", "")]
    assert not any(b"gaz.example" in file.read_bytes() for file in folder.iterdir())
    assert verify(root=root) == []


def test_the_command_knows_it(root, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "helpers.cli", "form", "oxygen", "--format", "docx", "--language", "fr"],
        cwd=tmp_path,
        env={"EVIDENCE_ROOT": str(root), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "oxygen_fr.docx\n", "")
    assert (tmp_path / "oxygen_fr.docx").is_file()
