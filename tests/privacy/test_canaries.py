"""Whatever personal data an export holds, in whatever kind and place, none of it leaves ``data/restricted``.

One exception: the name of an organisation that agreed to be shown with its whole entry.
"""

import base64
import csv
import gzip
import html
import io
import json
import re
import shutil
import sqlite3
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path

import pandas as pd
import pytest
from decoded_files import canaries_in, canaries_in_file, texts_in
from planted_canaries import KINDS, RESPONDENTS, Person

from helpers.data.project import project_root

NAME = "printing_3d"
MAP = "reports/build/maps/printing_3d-2021-01"
MAP_FILES = {f"{MAP}/{name}" for name in ("map.html", "entries.csv", "entries.geojson")}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("privacy")]


# --- the search itself


def png_with_text(kind: bytes, body: bytes) -> bytes:
    chunk = struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    return b"\x89PNG\r\n\x1a\n" + chunk


def zipped(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def parquet(text: str) -> bytes:
    return pd.DataFrame({"number": [1.0], "text": [text]}).to_parquet(compression="zstd")


def database(text: str) -> bytes:
    with sqlite3.connect(":memory:") as base:
        base.execute("create table t (x text)")
        base.execute("insert into t values (?)", (text,))
        base.commit()
        return base.serialize()


SECRET = Person("ab").everything()
HIDING_PLACES = {
    "text": SECRET.encode(),
    "text in capitals": SECRET.upper().encode(),
    "text in UTF-16": SECRET.encode("utf-16"),
    "text in UTF-16 without a mark": SECRET.encode("utf-16-le"),
    "JSON with escapes": json.dumps({"cells": [SECRET]}).encode(),
    "a notebook's lines": json.dumps({"text": [SECRET[:7], SECRET[7:]]}).encode(),
    "HTML with entities": html.escape(SECRET).replace("ö", "&ouml;").encode(),
    "a script in HTML": f"<script>{json.dumps(SECRET)}</script>".encode(),
    "an address of a download": (
        "data:text/csv," + SECRET.replace(" ", "%20").replace("ö", "%C3%B6")
    ).encode(),
    "base64": b'<img src="data:x;base64,' + base64.b64encode(SECRET.encode()) + b'">',
    "gzip": gzip.compress(SECRET.encode()),
    "gzip in base64": base64.b64encode(gzip.compress(SECRET.encode())),
    "a zip in a zip": zipped("inner.zip", zipped("a.txt", SECRET.encode())),
    "the name of a member": zipped(SECRET.replace("/", "|"), b""),
    "parquet": parquet(SECRET),
    "a database": database(SECRET),
    "a picture's text": png_with_text(b"tEXt", b"Title\0" + SECRET.encode()),
    "a picture's packed text": png_with_text(b"zTXt", b"Title\0\0" + zlib.compress(SECRET.encode())),
}


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_the_search_finds_canaries_in(place: str, tmp_path: Path) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(HIDING_PLACES[place])
    person = Person("ab")
    words = {person.word(what) for what in "cnlmu"}
    assert canaries_in_file(path) >= words | {f"phone {person.digits}", f"iban {person.digits}"}


def test_the_search_finds_canaries_in_the_name_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / f"{Person('ab').contact}.png"
    path.write_bytes(b"")
    assert canaries_in_file(path) == {"zqabnov"}


def test_the_search_finds_nothing_where_there_is_nothing() -> None:
    assert canaries_in("475 66 doses, 53907 units, zqov, BE69 5390 0000 0000") == set()


# --- what was read


@pytest.mark.parametrize("kind", KINDS)
def test_the_canaries_were_read_and_stand_in_the_restricted_table(flow, kind: str) -> None:
    letter, rows = KINDS[kind], flow.contacts(kind)
    contacts = {row["contact_name"]: row for row in rows}
    for one in "abcfg":
        person = Person(letter + one)
        row = contacts[person.contact]
        assert (row["company"], row["email"]) == (person.company, person.email)
        assert (row["phone"], row["website"]) == (person.phone, person.url)
    assert Person(f"{letter}d").contact not in contacts
    whole = (flow.restricted / NAME / flow.raw(kind).name / "rejected_rows.csv").read_bytes().decode()
    assert Person(f"{letter}d").word("m") in whole, "the rejected row is kept where its owner reads it"


@pytest.mark.parametrize("kind", KINDS)
def test_texts_were_read_and_hold_marks_in_the_place_of_canaries(flow, kind: str) -> None:
    rows = records(flow.raw(kind) / "answers.csv")
    assert len(rows) >= RESPONDENTS - 3
    assert rows[0]["difficulties"] == (
        "Ask [name], [name] or [name]; Frau [name] knows. Write to [e-mail] or ring [phone]."
    )
    assert rows[0]["bottlenecks"].count("[e-mail]") == 3
    assert [rows[0]["bottlenecks"].count(f"[{word}]") for word in ("name", "iban", "url")] == [2, 1, 2]
    stated = {row["respondent_id"]: row for row in records(flow.raw(kind) / "capacities.csv")}
    row = next(row for row in rows if row["town"].startswith("Gent ("))
    assert row["town"] == "Gent ([name])"
    assert "[e-mail]" in stated[row["respondent_id"]]["amount"]


def test_everything_was_done_and_went_as_it_should(flow) -> None:
    statuses: dict[str, set[int]] = {}
    for command, status, _ in flow.said:
        statuses.setdefault(command.split()[0], set()).add(status)
    assert {"ingest", "verify", "process", "list", "dictionary", "map", "form", "build"} == set(statuses)
    built = flow.root / "reports" / "build" / "canaries"
    assert (built / "_SUCCESS").is_file(), flow.said
    assert len(list((built / "figures").glob("*.png"))) > 5
    assert {str(path.relative_to(flow.root)) for path in (flow.root / MAP).iterdir()} >= MAP_FILES
    refused = [said for command, status, said in flow.said if command.startswith("ingest") and status]
    assert len(refused) >= 7, "the mistakes were noticed"
    assert not any("Traceback" in said for _, _, said in flow.said)


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- what left the restricted folder


def test_no_personal_data_is_anywhere_but_in_the_restricted_folder(flow) -> None:
    """Files, packed or not, caches, notebooks, pictures, logs and what was said: all but firms' names."""
    own = {canary: sorted(places) for canary, places in flow.leaks.items() if not is_firm(canary)}
    in_names = {Person(letter + "z").word(what) for letter in KINDS.values() for what in "lmn"}
    in_firms = {Person(letter + "h").word("n") for letter in KINDS.values()}
    assert {canary: places for canary, places in own.items() if canary not in in_names | in_firms} == {}


def test_the_name_of_a_file_may_be_a_persons_and_is_written_down_nowhere(flow) -> None:
    names = {Person(letter + "z").word(what) for letter in KINDS.values() for what in "lmn"}
    assert {canary: sorted(places) for canary, places in flow.leaks.items() if canary in names} == {}


def test_a_contact_who_stands_in_the_name_of_a_firm_is_not_shown_with_it(flow) -> None:
    names = {Person(letter + "h").word("n") for letter in KINDS.values()}
    assert {canary: sorted(places) for canary, places in flow.leaks.items() if canary in names} == {}


def is_firm(canary: str) -> bool:
    """Tell whether a canary is the name of a firm, or the harmless word of the one that withdrew."""
    return canary.startswith("zq") and canary[4] in "cw"


def test_a_firms_name_is_only_where_it_agreed_to_be_shown(flow) -> None:
    """b and h agreed; so did e, a double of a, which did not; so did f, which withdrew."""
    for kind, letter in KINDS.items():
        raw = f"data/raw/{NAME}/{flow.raw(kind).name}/answers.csv"
        table = f"data/processed/{NAME}_{flow.raw(kind).name.replace('-', '_')}_respondents.parquet"
        mapped = MAP_FILES if kind == "eusurvey.xlsx" else set()
        places = {one: flow.leaks.get(Person(letter + one).word("c"), set()) for one in "abcdefghxyz"}
        assert {one: where for one, where in places.items() if where} == {
            "a": {raw},
            "f": {raw},
            "b": {raw, table, *mapped},
            "h": {raw, table, *mapped},
        }


@pytest.mark.parametrize("kind", KINDS)
def test_of_a_whole_entry_the_column_name_shown_holds_the_firms_name_and_no_other_does(
    flow, kind: str
) -> None:
    letter = KINDS[kind]
    shown = {}
    for row in records(flow.raw(kind) / "answers.csv"):
        elsewhere = canaries_in("\n".join(text for column, text in row.items() if column != "name_shown"))
        assert elsewhere <= {Person(f"{letter}f").word("w")}
        if canaries_in(row["name_shown"]):
            assert row["consent"] == "whole"
            shown[row["name_shown"]] = canaries_in(row["name_shown"])
    one, two, gone = (Person(letter + who) for who in "bhf")
    again = Person(f"{letter}a").company.upper()
    assert {one.company, gone.company, again} <= set(shown)
    firms = {person.word("c") for person in (one, two, gone, Person(f"{letter}a"))}
    assert set().union(*shown.values()) - {two.word("n")} == firms


def test_in_the_tables_only_the_column_name_shown_holds_a_firms_name(flow) -> None:
    for path in sorted((flow.root / "data" / "processed").glob(f"{NAME}_2021_*.parquet")):
        table = pd.read_parquet(path)
        for column in table.columns.drop("name_shown", errors="ignore"):
            assert canaries_in("\n".join(table[column].dropna().astype(str))) == set(), (path.name, column)
        if "name_shown" in table:
            named = table[table["name_shown"].notna()]
            assert set(named["consent"]) == {"whole"}
            assert set(named["status"]) == {"counted"}


def test_what_was_withdrawn_is_in_no_table_report_or_map(flow) -> None:
    """The words of f stand in data/raw, where its row must be removed by hand, and nowhere else."""
    for kind, letter in KINDS.items():
        places = flow.leaks.get(Person(f"{letter}f").word("w"), set())
        assert places == {f"data/raw/{NAME}/{flow.raw(kind).name}/answers.csv"}


def test_the_doubles_were_merged_and_the_more_private_consent_holds_for_both(flow) -> None:
    for kind in KINDS:
        table = pd.read_parquet(
            flow.root
            / "data"
            / "processed"
            / f"{NAME}_{flow.raw(kind).name.replace('-', '_')}_respondents.parquet"
        )
        double = table[table["status"] == "duplicate"]
        assert len(double) == 1
        assert double["consent"].to_list() == ["totals"]
        assert double["name_shown"].isna().all()


def test_respondents_codes_stay_in_the_data_and_are_in_no_report_or_map(flow) -> None:
    """Whoever has the data could else look up who stands behind a line of a figure."""
    codes = {row["respondent_id"] for row in flow.contacts("eusurvey.xlsx")}
    made = [path for path in flow.written() if path.is_relative_to(flow.root / "reports")]
    assert len(made) > 40
    for path in made:
        if path.name != "memory.json":  # checksums, in which anything may stand
            for text in texts_in(path.read_bytes()):
                assert not codes & set(re.findall(r"\br[0-9a-f]{10}\b", text)), path


# --- the restricted folder


def test_the_restricted_folder_is_for_its_owner_only(flow) -> None:
    folders = [flow.restricted, *(path for path in flow.restricted.rglob("*") if path.is_dir())]
    assert {oct(path.stat().st_mode & 0o777) for path in folders} == {"0o700"}
    files = [path for path in flow.restricted.rglob("*") if path.is_file() and path.stat().st_size]
    assert {path.name for path in files} >= {"contacts.csv", "rejected_rows.csv"}
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}


def test_a_review_file_is_for_its_owner_only(flow) -> None:
    reviews = list(flow.outside.rglob("*.mapping.yml"))
    assert reviews
    assert {oct(path.stat().st_mode & 0o777) for path in reviews} == {"0o600"}


def test_git_ignores_the_restricted_folder_and_all_that_is_made(flow) -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed")

    def git(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["git", *words], cwd=flow.root, capture_output=True, text=True, check=False)

    git("init", "--quiet")
    inside = [str(path.relative_to(flow.root)) for path in flow.restricted.rglob("*") if path.is_file()]
    assert git("check-ignore", *inside).stdout.split() == inside
    added = git("add", "--all", "--dry-run").stdout
    assert f"data/raw/{NAME}/2021-01/answers.csv" in added
    assert not any(part in added for part in ("restricted", "reports/build", "sample_exports", ".parquet"))


def test_the_checkout_ignores_the_restricted_folder_too() -> None:
    lines = (project_root() / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"data/restricted/", "data/sample_exports/", "reports/build/"} <= set(lines)
