"""Sheets of working groups: contacts only where all agreed, nothing runs, and only own files are replaced."""

import shutil
import stat
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from helpers.analysis.collaboration.group_sheets import GroupSheet
from helpers.data.errors import InputError
from helpers.data.process import process, read_table
from helpers.data.project import project_root
from helpers.reports.group_facts import KnownFact, facts_to_look_at, look_up
from helpers.reports.group_files import common_contacts, file_name, write_groups
from helpers.reports.group_page import sheet_page, sheet_workbook

TABLES = (
    "supply_chain_domains",
    "expressions_of_interest_sample_interests",
    "expressions_of_interest_sample_consents",
    "codebook_themes",
)
DATASETS = ("supply_chain_domains", "expressions_of_interest_sample", "codebook", "countries")
CONTACTS = "data/restricted/contacts_expressions_of_interest.csv"
HOSTILE = ["<img src=x onerror=alert(1)>", '=HYPERLINK("http://x.example")', "{title}", "\u202egnp"]


@pytest.fixture(scope="module")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("groups")
    for name in DATASETS:
        shutil.copytree(project_root() / "data" / "raw" / name, root / "data" / "raw" / name)
    process(root, only=TABLES)
    return root


@pytest.fixture
def project(_made: Path, tmp_path: Path) -> Path:
    """Return a project with the tables that groups are made of, and a contact for every participant."""
    shutil.copytree(_made / "data", tmp_path / "data")
    codes = read_table("expressions_of_interest_sample_interests", tmp_path)["participant_id"]
    (tmp_path / "data" / "restricted").mkdir(exist_ok=True)
    lines = [f"{code},{code}@canary.example" for code in codes]
    (tmp_path / CONTACTS).write_text("participant_id,email\n" + "\n".join(lines) + "\n")
    return tmp_path


def agreed(*pairs: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["participant_id_a", "participant_id_b", "agreed_a", "agreed_b"])


def test_a_contact_is_on_the_common_sheet_only_if_all_members_agreed_both_ways() -> None:
    who = pd.DataFrame({"participant_id": ["a", "b", "c"]})
    contacts = pd.DataFrame({"participant_id": ["a", "b", "c", "d"], "email": ["A", "B", "C", "D"]})
    every = [("a", "b", "yes", "yes"), ("a", "c", "yes", "yes"), ("b", "c", "yes", "no")]
    assert common_contacts(who, agreed(*every), contacts)["contact"].tolist() == ["A"]
    assert common_contacts(who, agreed(*every[:1]), contacts).empty


def test_each_member_gets_the_contacts_of_those_of_its_group_with_whom_it_agreed(project: Path) -> None:
    done = write_groups("energy", seed=1, root=project)
    consents = read_table("expressions_of_interest_sample_consents", project)
    both = consents[(consents["agreed_a"] == "yes") & (consents["agreed_b"] == "yes")]
    allowed = {frozenset(pair) for pair in both[["participant_id_a", "participant_id_b"]].to_numpy().tolist()}
    group = done.groups.members.set_index("participant_id")["group"]
    for path in (done.folder / "contacts").iterdir():
        for code in pd.read_csv(path)["participant_id"]:
            assert frozenset((path.stem, code)) in allowed
            assert group[path.stem] == group[code]
    pages = "".join(path.read_text() for path in done.folder.glob("*.html"))
    shown = {code for code in group.index if f"{code}@canary" in pages}
    for code in shown:
        others = set(group.index[group == group[code]]) - {code}
        assert all(frozenset((code, other)) in allowed for other in others)


def test_everybody_has_a_sheet_or_a_reason_and_files_are_for_their_owner_alone(project: Path) -> None:
    done = write_groups("wood", root=project)
    assert done.folder == project / "data" / "restricted" / "groups"
    assert len(list(done.folder.glob("*.html"))) == len(list(done.folder.glob("*.xlsx")))
    assert len(done.groups.members) + len(done.groups.not_placed) > 0
    files = [path for path in done.folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_the_same_seed_writes_the_same_bytes(project: Path) -> None:
    first = write_groups("skills", seed=3, root=project)
    before = {path.name: path.read_bytes() for path in first.folder.rglob("*") if path.is_file()}
    write_groups("skills", seed=3, root=project)
    assert {path.name: path.read_bytes() for path in first.folder.rglob("*") if path.is_file()} == before


def test_another_run_takes_away_its_own_sheets_and_no_other_file(project: Path) -> None:
    folder = project / "out"
    folder.mkdir()
    (folder / "thesis.xlsx").write_bytes(b"mine")
    write_groups("wood", out=folder, root=project)
    write_groups("skills", out=folder, root=project)
    assert (folder / "thesis.xlsx").read_bytes() == b"mine"
    assert not list(folder.glob("wood-*"))
    assert list(folder.glob("skills-*.html"))


def test_without_contacts_the_sheets_name_codes_and_a_note_says_so(project: Path) -> None:
    (project / CONTACTS).unlink()
    done = write_groups("wood", root=project)
    assert "codes alone" in done.notes[0]
    assert done.with_contacts == 0


def test_an_unknown_domain_is_refused(project: Path) -> None:
    with pytest.raises(InputError, match="did you mean 'wood'"):
        write_groups("wod", root=project)


def hostile_sheet() -> tuple[GroupSheet, pd.DataFrame, dict[str, KnownFact]]:
    who = pd.DataFrame(
        {"participant_id": HOSTILE, "kind": "company", "country": "AT", "brings": HOSTILE, "contact": HOSTILE}
    )
    why = pd.DataFrame({"reason": HOSTILE})
    look_at = pd.DataFrame({"because": HOSTILE[:1], "fact": ["slug/fact"]})
    facts = {"slug/fact": KnownFact("slug/fact", HOSTILE[0], HOSTILE[1], Path("/x/slug/report.html"), True)}
    return GroupSheet("g 1", "wood", who, why, look_at), who, facts


def test_what_people_wrote_runs_neither_in_the_page_nor_in_the_workbook(tmp_path: Path) -> None:
    sheet, who, facts = hostile_sheet()
    page = sheet_page("Group", sheet, who, facts, tmp_path, sample=True)
    assert "<img" not in page
    assert "\u202e" not in page
    assert "default-src 'none'" in page
    path = tmp_path / "g.xlsx"
    path.write_bytes(sheet_workbook("Group", sheet, who, facts, sample=True))
    cells = [cell for tab in openpyxl.load_workbook(path) for row in tab.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "sample data" in page


def test_facts_come_from_the_themes_of_the_domain_and_say_if_they_are_not_built(tmp_path: Path) -> None:
    themes = pd.DataFrame(
        {"theme": ["energy", "skills"], "domains": ["energy;wood", None], "stages": [None, "packaging"]}
    )
    known = facts_to_look_at(themes)
    assert known["domain"]["wood"] == ["themes_vaccines-eu27/theme_share_energy"]
    assert known["stage"]["packaging"][0] == "themes_vaccines-eu27/theme_share_skills"
    assert known["theme"]["training"] == ["themes_vaccines-eu27/theme_share_skills"]
    found = look_up(known["domain"]["wood"], tmp_path)
    assert found["themes_vaccines-eu27/theme_share_energy"].text.startswith("not built yet: evidence build")


def test_names_of_files_cannot_leave_the_folder() -> None:
    assert file_name("../../etc/passwd") == "etc-passwd"
    assert file_name("...") == "group"
