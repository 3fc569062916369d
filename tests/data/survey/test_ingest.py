"""An export becomes a vintage as a whole: every row accounted for, nothing personal outside its folder."""

import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.cli import main
from helpers.data.errors import InputError
from helpers.data.survey.ingest import ingest
from helpers.data.verify import verify

NAME = "vaccine_capacity"
HEAD = [
    *("id", "submitted", "company", "contact_name", "email", "phone", "country", "town", "platforms"),
    *("difficulties", "consent", "lipids_amount", "lipids_unit", "lipids_available_from"),
]


def answer(number=1, **given_answers):
    plain = {"id": str(number), "submitted": "2021-03-14", "company": f"Firm {number}", "country": "AT"}
    return [(plain | given_answers).get(name, "") for name in HEAD]


def state(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def everything(root):
    found = state(root / "data").items()
    return {path: data for path, (data, _) in found if "questionnaires" not in path.parts}


def accounted(done, rows):
    answers = {int(row["received_row"]) for row in rows(done.folder / "answers.csv")}
    rejects = {int(row["received_row"]) for row in rows(done.folder / "rejects.csv")}
    assert answers.isdisjoint(rejects)
    assert answers | rejects == set(range(2, done.received + 2))
    assert (len(answers), len(rejects)) == (done.accepted, done.rejected)


TOOLS = [
    *("plain.csv", "limesurvey.csv", "google.csv", "eusurvey.xlsx", "eusurvey.xml"),
    *("microsoft.xlsx", "odk.zip"),
]


def as_odk_has_it(column, text):
    """A share is a number in ODK, and a month a date."""
    text = text.removesuffix("-01") if column == "available_from" and len(text) > 7 else text
    return text.rstrip(" %") if column == "spare_share" else text


def test_the_same_answers_come_out_whatever_the_tool(root, exports, rows):
    found = {}
    for month, name in enumerate(TOOLS, start=1):
        done = ingest(exports[name], NAME, f"2021-{month:02d}", root=root)
        accounted(done, rows)
        answers = [
            {key: value for key, value in row.items() if key not in ("respondent_id", "language")}
            for row in rows(done.folder / "answers.csv")
        ]
        stated = [
            {key: as_odk_has_it(key, value) for key, value in row.items() if key != "respondent_id"}
            for row in rows(done.folder / "capacities.csv")
        ]
        found[name] = (answers, stated)
    assert all(tables == found["plain.csv"] for tables in found.values())
    assert len(found["plain.csv"][1]) > 30
    assert verify(root, [f"{NAME}/2021-{month:02d}" for month in range(1, len(TOOLS) + 1)]) == []


def test_codes_dates_and_products_are_written_as_the_contract_says(root, write_csv, rows):
    path = write_csv(
        [
            HEAD,
            answer(
                country="Österreich",
                platforms="Viraler Vektor (ID7); protein",
                consent="whole",
                lipids_amount=" 10-50 k ",
                lipids_unit="Kilogramm je Monat?",
                lipids_available_from="2021-05-01",
            ),
            answer(2, country="GR", submitted="44269.43"),
        ]
    )
    done = ingest(path, NAME, root=root)
    assert done.dataset == f"{NAME}/2021-03"
    assert any("month of the latest answer" in note for note in done.notes)
    first, second = rows(done.folder / "answers.csv")
    assert re.fullmatch("r[0-9a-f]{10}", first["respondent_id"])
    assert (first["received_row"], first["country"]) == ("2", "AT")
    assert first["platforms"] == "viral_vector;protein"
    assert (first["consent"], first["name_shown"]) == ("whole", "Firm 1")
    assert (second["country"], second["consent"], second["name_shown"]) == ("EL", "totals", "")
    assert second["submitted"] == "2021-03-14"
    assert rows(done.folder / "capacities.csv") == [
        {
            "respondent_id": first["respondent_id"],
            "received_row": "2",
            "product": "lipids",
            "amount": "10-50 k",
            "unit": "Kilogramm je Monat?",
            "available_from": "2021-05",
            "spare_share": "",
        }
    ]
    origin = yaml.safe_load((done.folder / "origin.yml").read_text(encoding="utf-8"))
    assert origin["kind"] == "observed"
    mapping = yaml.safe_load((done.folder / "mapping.yml").read_text(encoding="utf-8"))
    assert (mapping["received"], mapping["accepted"], mapping["rejected"]) == (2, 2, 0)
    assert {"column": "lipids_amount", "question": "lipids_amount", "how": "code"} in mapping["columns"]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"country": "Atlantis"}, "country", "not one of the choices"),
        ({"country": "US"}, "country", "not one of the choices"),
        ({"country": " "}, "country", "no country is given"),
        ({"platforms": "mrna;steam"}, "platforms", "not one of the choices"),
        ({"consent": "perhaps"}, "consent", "not one of the choices"),
        ({"company": "", "country": ""}, "", "no answer at all"),
        ({"id": "1"}, "", "an earlier row has the same id of the tool"),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_with_its_reason(
    root, write_csv, rows, changes, column, reason
):
    path = write_csv([HEAD, answer(1), answer(**({"number": 2} | changes)), answer(3)])
    done = ingest(path, NAME, "2021-03", root=root)
    accounted(done, rows)
    (reject,) = rows(done.folder / "rejects.csv")
    assert (reject["received_row"], reject["column"], reject["reason"]) == ("3", column, reason)


def test_an_email_where_an_amount_belongs_is_no_reason_to_reject(root, write_csv, rows):
    path = write_csv([HEAD, answer(lipids_amount="ask maria@firm.eu, 5 t")])
    done = ingest(path, NAME, "2021-03", root=root)
    assert (done.accepted, rows(done.folder / "capacities.csv")[0]["amount"]) == (1, "ask [e-mail], 5 t")


def test_anonymous_ids_of_the_tool_are_told_apart_by_their_rows(root, write_csv, rows):
    path = write_csv([HEAD, *(answer(at, id="Anonymous") for at in range(5))])
    done = ingest(path, NAME, "2021-03", root=root)
    assert len({row["respondent_id"] for row in rows(done.folder / "answers.csv")}) == 5


def test_nothing_accepted_writes_nothing(root, write_csv):
    before = everything(root)
    for lines, says in (([HEAD], "found no answers"), ([HEAD, answer(country="x")], "none of 1 answers")):
        with pytest.raises(InputError, match=says):
            ingest(write_csv(lines), NAME, "2021-03", root=root)
    assert not [path for path in everything(root) if path not in before and path.suffix != ".lock"]


# --- repeats


def odk(tmp_path, main, capacities):
    folder = tmp_path / "odk"
    folder.mkdir(exist_ok=True)
    head = "SubmissionDate,company,country,KEY\n"
    (folder / "form.csv").write_text(head + "\n".join(main) + "\n")
    lines = ["product,amount,unit,PARENT_KEY,KEY", *capacities, ""]
    (folder / "form-capacities.csv").write_text("\n".join(lines))
    return folder


def test_repeats_find_their_answer_in_any_order_and_orphans_are_rejected(root, tmp_path, rows):
    main = ["2021-03-14,A,AT,k1", "2021-03-14,B,BE,k2", "2021-03-14,C,DE,k3", "2021-03-14,D,FR,k4"]
    capacities = [
        *("lipids,2,,k2,k2/1", "lipids,1,,k1,k1/1", "drug_substance,3,,k2,k2/2"),
        *("lipids,9,,nobody,x", "lipids,8,k1", "steam,4,,k3,k3/1", ",,,k4,k4/1"),
    ]
    done = ingest(odk(tmp_path, main, capacities), NAME, "2021-03", root=root)
    accounted(done, rows)
    assert (done.received, done.accepted) == (6, 3)
    stated = [(row["received_row"], row["amount"]) for row in rows(done.folder / "capacities.csv")]
    assert stated == [("2", "1"), ("3", "2"), ("3", "3")]
    reasons = {
        row["received_row"]: (row["column"], row["reason"]) for row in rows(done.folder / "rejects.csv")
    }
    assert reasons["4"] == ("product", "not one of the choices")
    assert reasons["6"] == ("form-capacities", "the answer that it belongs to is not in the main table")
    whole = rows(root / "data" / "restricted" / NAME / "2021-03" / "rejected_rows.csv")
    assert json.loads(whole[1]["row_of_repeat"])[0] == "form-capacities"


# --- the law of the rows

CELL = st.one_of(
    st.sampled_from(
        ["", "AT", "BE", "Deutschland", "xx", "totals", "whole", "mrna", "mrna;steam", "12", "=1+1"]
    ),
    st.text(max_size=20).filter(lambda text: "\0" not in text and not re.search("[\ud800-\udfff]", text)),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELL, min_size=len(HEAD), max_size=len(HEAD)), min_size=1, max_size=8))
def test_accepted_and_rejected_are_received_whatever_the_cells_hold(root, rows, asked, monkeypatch, lines):
    import csv

    monkeypatch.setattr("helpers.data.survey.ingest.load_questionnaire", lambda *_: asked)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows([HEAD, answer(0), *lines])
        done = ingest(path, NAME, "2021-03", root=root, replace_vintage=True)
    assert done.received == len(lines) + 1
    accounted(done, rows)
    for name in ("answers.csv", "capacities.csv", "rejects.csv", "duplicates.csv"):
        for row in rows(done.folder / name):
            for cell in row.values():
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")) or re.fullmatch(
                    r"[+-]?[0-9][0-9.,' ]*%?", cell
                )
    assert verify(root, f"{NAME}/2021-03") == []


# --- again, another file, people's work


def test_the_same_file_again_changes_nothing(root, exports):
    for name in TOOLS[:3]:
        first = ingest(exports[name], NAME, "2021-03", root=root, replace_vintage=True)
        before = state(root / "data")
        again = ingest(exports[name], NAME, "2021-03", root=root)
        assert (first.changed, again.changed) == (True, False)
        after = {path: found for path, found in state(root / "data").items() if path.suffix != ".lock"}
        assert after == {path: found for path, found in before.items() if path.suffix != ".lock"}


def test_another_file_is_refused_unless_it_is_to_replace(root, write_csv):
    ingest(write_csv([HEAD, answer(1)]), NAME, "2021-03", root=root)
    before = state(root / "data" / "raw")
    other = write_csv([HEAD, answer(2)], "other.csv")
    for vintage in ("2021-03", None):
        with pytest.raises(InputError, match=r"2021-03: holds the answers of another file.*--replace"):
            ingest(other, NAME, vintage, root=root)
    assert state(root / "data" / "raw") == before
    assert ingest(other, NAME, "2021-03", root=root, replace_vintage=True).changed
    assert ingest(other, NAME, "2021-04", root=root).changed


def test_what_people_wrote_survives(root, write_csv, rows):
    double = {"company": "Glas und Röhren AG", "email": "a@glas.at", "town": "Graz"}
    path = write_csv([HEAD, answer(1, **double), answer(2, **double), answer(3, country="BE")])
    done = ingest(path, NAME, "2021-03", root=root)
    (pair,) = rows(done.folder / "duplicates.csv")
    table = (done.folder / "duplicates.csv").read_text(encoding="utf-8")
    table = table.rstrip("\n").removesuffix(",,,") + ",merge,AB,same firm\n"
    (done.folder / "duplicates.csv").write_text(table, encoding="utf-8")
    withdrawn = f"respondent_id,date\n{pair['respondent_id_b']},2021-06-01\n"
    (done.folder / "withdrawals.csv").write_text(withdrawn)
    (done.folder / "frame.csv").write_text("country,employees,invited\nAT,small,20\n")
    origin = done.folder / "origin.yml"
    text = origin.read_text(encoding="utf-8")
    text = text.replace("The organisation that sent out the questionnaire", "Glass Cluster")
    origin.write_text(text, encoding="utf-8")
    again = ingest(path, NAME, "2021-03", root=root)
    assert again.changed
    (kept,) = rows(done.folder / "duplicates.csv")
    assert (kept["decision"], kept["decided_by"], kept["note"]) == ("merge", "AB", "same firm")
    assert "producer: Glass Cluster" in origin.read_text(encoding="utf-8")
    assert verify(root, f"{NAME}/2021-03") == []
    assert not ingest(path, NAME, "2021-03", root=root).changed


def test_decisions_that_cannot_be_read_are_not_thrown_away(root, write_csv):
    path = write_csv([HEAD, answer(1)])
    done = ingest(path, NAME, "2021-03", root=root)
    (done.folder / "duplicates.csv").write_text("respondent_id_a,decision\nr1,merge\n")
    before = state(done.folder)
    with pytest.raises(InputError, match=r"duplicates\.csv: found other columns"):
        ingest(path, NAME, "2021-03", root=root)
    assert state(done.folder) == before


# --- killed

KILLER = """
import os, signal, sys
from pathlib import Path
from helpers.data.survey import tables_out
from helpers.data.survey.ingest import ingest
kind, count = sys.argv[1], int(sys.argv[2])
def dying(function):
    calls = []
    def call(*given, **more):
        calls.append(1)
        if len(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **more)
    return call
if kind == "rename":
    Path.rename = dying(Path.rename)
else:
    tables_out.TablesOut.accept = dying(tables_out.TablesOut.accept)
ingest(Path(sys.argv[3]), sys.argv[4], "2021-03", root=Path(sys.argv[5]), replace_vintage=True)
"""


@pytest.mark.parametrize(
    ("kind", "count"), [("accept", 3), ("rename", 1), ("rename", 2), ("rename", 3), ("rename", 4)]
)
def test_a_kill_at_any_moment_leaves_the_old_state_or_a_move_that_is_completed(
    root, write_csv, rows, kind, count
):
    ingest(write_csv([HEAD, answer(1)]), NAME, "2021-03", root=root)
    before = everything(root)
    new = write_csv([HEAD, *(answer(at) for at in range(5, 10))], "new.csv")
    killed = subprocess.run([sys.executable, "-c", KILLER, kind, str(count), new, NAME, root], check=False)
    assert killed.returncode == -signal.SIGKILL
    if kind == "accept":
        left = {path: data for path, data in everything(root).items() if ".ingest" not in path.parts}
        assert left == before
    # Whatever is ingested next completes or removes what was left.
    ingest(write_csv([HEAD, answer(20)], "third.csv"), NAME, "2021-04", root=root)
    answers = rows(root / "data" / "raw" / NAME / "2021-03" / "answers.csv")
    contacts = rows(root / "data" / "restricted" / NAME / "2021-03" / "contacts.csv")
    assert len(answers) == (1 if kind == "accept" else 5)
    assert [row["respondent_id"] for row in answers] == [row["respondent_id"] for row in contacts]
    assert not list((root / "data").rglob(".ingest"))
    assert verify(root, [f"{NAME}/2021-03", f"{NAME}/2021-04"]) == []


def test_an_error_half_way_leaves_nothing(root, write_csv, monkeypatch):
    path = write_csv([HEAD, answer(1), answer(2)])
    monkeypatch.setattr("helpers.data.survey.ingest.write_origin", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ingest(path, NAME, "2021-03", root=root)
    assert not [found for found in everything(root) if found.suffix != ".lock"]


def test_two_ingests_of_a_questionnaire_do_not_meet(root, write_csv):
    import fcntl

    (root / "data" / "restricted").mkdir()
    with (root / "data" / "restricted" / f".{NAME}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="another ingest"):
            ingest(write_csv([HEAD, answer(1)]), NAME, "2021-03", root=root)


# --- persons

CANARIES = {
    "company": "Canaryworks Ltd",
    "contact_name": "Petra Canarova",
    "email": "petra.canary@example.eu",
    "phone": "+43 664 1234567",
}


@pytest.mark.parametrize(
    "name",
    [
        "town",
        "difficulties",
        "lipids_amount",
        "lipids_unit",
        "lipids_available_from",
        "country",
        "platforms",
        "consent",
    ],
)
@pytest.mark.parametrize("kind", sorted(CANARIES))
def test_no_personal_data_stands_outside_the_restricted_folder(
    root, write_csv, capsys, monkeypatch, name, kind
):
    monkeypatch.setenv("EVIDENCE_ROOT", str(root))
    planted = answer(2, **(CANARIES | {name: f"ask {CANARIES[kind]}"}))
    path = write_csv([HEAD, answer(1), planted, planted[:-2]])
    main(["ingest", str(path), "--as", NAME, "--vintage", "2021-03"])
    told = capsys.readouterr()
    outside = {path: data for path, data in everything(root).items() if "restricted" not in path.parts}
    assert len(outside) == 7
    for canary in CANARIES.values():
        assert canary not in told.out + told.err
        for found, data in outside.items():
            assert canary.encode() not in data, found
    contacts = root / "data" / "restricted" / NAME / "2021-03"
    assert CANARIES["email"].encode() in b"".join(path.read_bytes() for path in contacts.iterdir())


def test_the_contact_persons_of_others_are_taken_out_and_their_firms_stay(root, write_csv, rows):
    text = "Petra Canarova of Canaryworks Ltd knows; Canarova, P. says Mrs Canarova left"
    path = write_csv([HEAD, answer(1, difficulties=text), answer(2, **CANARIES)])
    done = ingest(path, NAME, "2021-03", root=root)
    found = rows(done.folder / "answers.csv")[0]["difficulties"]
    assert "Canarova" not in found.replace("Canarova, P.", "")
    assert found.startswith("[name] of Canaryworks Ltd knows")


def test_the_restricted_folder_is_for_its_owner_only(root, write_csv):
    os.umask(0)
    try:
        ingest(write_csv([HEAD, answer(1), answer(2, country="x")]), NAME, "2021-03", root=root)
    finally:
        os.umask(0o022)
    restricted = root / "data" / "restricted"
    for path in (restricted, *restricted.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    lock = restricted / f".{NAME}.lock"
    lock.chmod(0o644)
    ingest(write_csv([HEAD, answer(1)]), NAME, "2021-04", root=root)
    assert stat.S_IMODE(lock.stat().st_mode) == 0o600


def test_a_contact_person_is_not_shown_with_the_firm(root, write_csv, rows):
    firm = {"company": "Glas GmbH, Zoë Yilmaz, zoe@glas.eu", "contact_name": "Zoë Yilmaz"}
    alone = {"company": "Zoë Yilmaz", "contact_name": "Zoë Yilmaz"}
    family = {"company": "Yilmaz Glas GmbH", "contact_name": "Zoë Yilmaz"}
    answers = [answer(at, consent="whole", **given) for at, given in enumerate((firm, alone, family))]
    done = ingest(write_csv([HEAD, *answers]), NAME, "2021-03", root=root)
    names = [row["name_shown"] for row in rows(done.folder / "answers.csv")]
    assert names == ["Glas GmbH, [name], [e-mail]", "", "Yilmaz Glas GmbH"]


def test_the_name_of_the_file_is_not_written_down(root, write_csv):
    path = write_csv([HEAD, answer(1)], "Petra Canarova petra@canary.eu.CSV")
    done = ingest(path, NAME, "2021-03", root=root)
    (file,) = yaml.safe_load((done.folder / "mapping.yml").read_text(encoding="utf-8"))["files"]
    assert (file["ending"], sorted(file)) == (".csv", ["ending", "sha256"])
    assert not any(b"anary" in data or b"anarova" in data for data in everything(root).values())
    assert not ingest(path, NAME, "2021-03", root=root).changed


def test_columns_and_questions_that_did_not_meet_are_named(root, write_csv, capsys, monkeypatch):
    monkeypatch.setenv("EVIDENCE_ROOT", str(root))
    head = ["id", "submitted", "company", "country", "lipids_amount", "How was lunch?"]
    path = write_csv([head, ["1", "2021-03-14", "A", "AT", "1", "good"]])
    assert main(["ingest", str(path), "--as", NAME, "--vintage", "2021-03"]) == 0
    said = capsys.readouterr().err
    assert "columns not used: 'How was lunch?'" in said
    (line,) = [line for line in said.splitlines() if line.startswith("questions that no column answers: ")]
    unanswered = line.partition(": ")[2].split(", ")
    assert {"town", "consent", "unit"} <= set(unanswered)
    assert not {"company", "country", "amount"} & set(unanswered)


# --- dates


@pytest.mark.parametrize(
    ("first", "second", "dates", "expected"),
    [
        ("3/14/2021 10:22:05", "3/4/2021 10:22:05", None, ["2021-03-14", "2021-03-04"]),
        ("14/3/2021 10:22:05", "3/4/2021 10:22:05", None, ["2021-03-14", "2021-04-03"]),
        ("3/4/2021", "5/6/2021", "mdy", ["2021-03-04", "2021-05-06"]),
        ("14.03.2021 10:22", "3.4.2021", None, ["2021-03-14", "2021-04-03"]),
        ("2021/03/14 10:22:05 AM GMT+1", "2021/03/04", None, ["2021-03-14", "2021-03-04"]),
    ],
)
def test_dates_are_read_in_the_order_that_one_of_them_proves(
    root, write_csv, rows, first, second, dates, expected
):
    head = ["Timestamp", "company", "country", "lipids_amount"]
    path = write_csv([head, [first, "A", "AT", "1"], [second, "B", "AT", "1"]])
    done = ingest(path, NAME, "2021-03", root=root, dates=dates)
    assert [row["submitted"] for row in rows(done.folder / "answers.csv")] == expected


@pytest.mark.parametrize(
    ("first", "second", "says"),
    [("3/4/2021", "5/6/2021", "in two ways"), ("14/3/2021", "3/14/2021", "in both orders")],
)
def test_dates_that_nothing_proves_are_asked_for(root, write_csv, first, second, says):
    head = ["Timestamp", "company", "country", "lipids_amount"]
    path = write_csv([head, [first, "A", "AT", "1"], [second, "B", "AT", "1"]])
    with pytest.raises(InputError, match=f"{says}; say how they are written: --dates"):
        ingest(path, NAME, "2021-03", root=root)


# --- the command


def test_the_command_says_what_it_did(root, write_csv, capsys, monkeypatch):
    monkeypatch.setenv("EVIDENCE_ROOT", str(root))
    path = write_csv([HEAD, answer(1), answer(2, country="x")])
    assert main(["ingest", str(path), "--as", NAME]) == 0
    said = capsys.readouterr()
    assert "plain: 2 answers received, 1 accepted, 1 rejected" in said.out
    assert "rejects.csv says why" in said.out
    assert "the vintage is 2021-03" in said.err
    assert main(["ingest", str(path), "--as", NAME]) == 0
    assert "is as it was" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--as", "vaccines"], "no questionnaire 'vaccines'"),
        (["--as", NAME, "--vintage", "March"], "vintage: found 'March', allowed: YYYY-MM"),
        (["--as", NAME, "--vintage", "../2021-03"], "vintage: found '../2021-03'"),
        (["--as", NAME, "--encoding", "klingon"], "encoding: found 'klingon'"),
        (["--as", NAME, "--mapping", "none.yml"], "none.yml: no such mapping file"),
    ],
)
def test_mistakes_end_in_a_message(root, write_csv, capsys, monkeypatch, options, says):
    monkeypatch.setenv("EVIDENCE_ROOT", str(root))
    assert main(["ingest", str(write_csv([HEAD, answer(1)])), *options]) == 2
    assert says in capsys.readouterr().err


MEASURED = """
import sys, tracemalloc
from pathlib import Path
from helpers.data.survey import companions, ingest
companions.MOST_COMPARED = 0
small, path, name, root = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4])
ingest.ingest(small, name, "2021-01", root=root)  # what is imported on first use is no longer counted
tracemalloc.start()
ingest.ingest(path, name, "2021-02", root=root, replace_vintage=True)
print(tracemalloc.get_traced_memory()[1])
"""


def test_memory_does_not_grow_with_the_rows(root, tmp_path):
    peaks = []
    for count in (2_000, 20_000):
        path = tmp_path / f"{count}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write(",".join(HEAD) + "\n")
            file.writelines(",".join(answer(at, lipids_amount=str(at))) + "\n" for at in range(count))
        arguments = [str(given) for given in (tmp_path / "2000.csv", path, NAME, root)]
        command = [sys.executable, "-c", MEASURED, *arguments]
        peaks.append(int(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    assert peaks[1] < peaks[0] + 6_000_000, peaks
