"""Malformed files: always a clear message or a complete dataset, never a traceback, never half of it."""

import io
import random
import zipfile
from pathlib import Path

import pytest

from helpers.data.errors import InputError
from helpers.data.sample import exporters
from helpers.data.sample.exporters.eusurvey import eusurvey_rows
from helpers.data.survey.ingest import ingest
from helpers.data.verify import verify

NAME = "vaccine_capacity"
FILES = 500
PARTS = 10
_PACKED = (".xlsx", ".zip", ".ods")
_NOISE = (
    b'"',
    b'""',
    b"'",
    b"<",
    b"&",
    b"\r",
    b"\n",
    b";",
    b",",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\0",
    b"\x80",
)
_WORDS = (b"sheetData", b"row", b"Content", b"Answer", b"KEY", b"id", b"t=", b"r=", b"1", b"country")
_INSTEAD = (b"x", b"", b"99999999999", b"-1", b"&lol;", b"NaN")


@pytest.fixture(scope="module")
def originals(tmp_path_factory, asked, responses):
    """Small exports of every tool and format, as bytes."""
    folder = tmp_path_factory.mktemp("originals")
    few = responses[:6]
    exporters.write_plain(few, asked, folder / "a.csv")
    exporters.write_limesurvey(few, asked, folder / "b.csv")
    exporters.write_google_forms(few, asked, folder / "c.csv")
    exporters.write_eusurvey(few, asked, folder / "d.xlsx")
    exporters.write_eusurvey_xml(few, asked, folder / "e.xml")
    exporters.write_microsoft_forms(few, asked, folder / "f.xlsx")
    exporters.write_odk(few, asked, folder / "g.zip")
    write_xls(eusurvey_rows(few, asked), folder / "h.xls")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def write_xls(lines, path):
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Content")
    for at, line in enumerate(lines):
        for place, cell in enumerate(line[:250]):
            if cell:
                sheet.write(at, place, str(cell))
    book.save(str(path))


def mutated(data, chance):
    """Return bytes with one kind of damage."""
    kind = chance.randrange(12)
    data = bytearray(data or b"x")
    at = chance.randrange(len(data))
    lines = bytes(data).split(b"\n")
    if kind == 0:  # truncated
        return bytes(data[:at])
    if kind == 1:  # bytes flipped
        for _ in range(chance.randrange(1, 30)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif kind == 2:  # a piece cut out
        del data[at : at + chance.randrange(500)]
    elif kind == 3:  # marks strewn in
        data[at:at] = chance.choice(_NOISE) * chance.randrange(1, 4)
    elif kind == 4:  # a huge cell
        data[at:at] = b"A" * 200_000
    elif kind == 5:  # lines shuffled
        chance.shuffle(lines)
        return b"\n".join(lines)
    elif kind == 6:  # the header dropped
        return b"\n".join(lines[1:])
    elif kind == 7:  # quotes lost
        return bytes(data).replace(b'"', b"", chance.randrange(1, 20))
    elif kind == 8:  # twice
        return bytes(data) * 2
    elif kind == 9:  # names and numbers changed
        return bytes(data).replace(chance.choice(_WORDS), chance.choice(_INSTEAD), chance.randrange(1, 5))
    elif kind == 10:  # rubbish
        return chance.randbytes(chance.randrange(3_000))
    else:  # quotes within quotes
        return bytes(data).replace(b",", b',"""', chance.randrange(1, 4))
    return bytes(data)


def repacked(data, chance):
    """Return an archive one part of which is damaged, so that the damage passes the checksum."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        victim = chance.choice(old.namelist())
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, mutated(part, chance) if name == victim else part)
    return out.getvalue()


@pytest.mark.parametrize("part", range(PARTS))
def test_malformed_files_end_in_a_message_or_a_whole_dataset(
    root, originals, tmp_path, asked, monkeypatch, part
):
    monkeypatch.setattr("helpers.data.survey.ingest.load_questionnaire", lambda *_: asked)
    names = sorted(originals)
    outcomes = {"refused": 0, "ingested": 0}
    for seed in range(part * FILES // PARTS, (part + 1) * FILES // PARTS):
        chance = random.Random(seed)
        name = chance.choice(names)
        packed = name.endswith(_PACKED) and chance.random() < 0.7
        path = tmp_path / f"{seed}-{name}"
        path.write_bytes((repacked if packed else mutated)(originals[name], chance))
        before = files(root)
        try:
            done = ingest(path, NAME, "2021-03", root=root, replace_vintage=True)
        except InputError:
            outcomes["refused"] += 1
            assert files(root) == before, seed
        else:
            assert done.accepted + done.rejected == done.received, seed
            outcomes["ingested"] += 1
    assert min(outcomes.values()) > 0, outcomes
    assert verify(root, f"{NAME}/2021-03") == []


def files(root: Path) -> dict[Path, bytes]:
    """Return every file of the project but locks and review files."""
    kept = (
        path for path in (root / "data").rglob("*") if path.is_file() and path.suffix not in (".lock", ".yml")
    )
    return {path: path.read_bytes() for path in kept}
