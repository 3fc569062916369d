"""Sheets of several coders become one dataset: all of it or nothing, and only what belongs there."""

import csv
from pathlib import Path

import pytest

from helpers.data.catalog import dataset_origin, read_raw
from helpers.data.coding.dataset import coded_dataset, read_coded
from helpers.data.coding.returned import take_back
from helpers.data.coding.wave_answers import wave_answers
from helpers.data.errors import InputError
from helpers.data.verify import verify

NAME, SAMPLE, OBSERVED = "printing_3d", "2020-03-sample", "2020-03"
DATASET = "coded_printing_3d_2020_03_sample"


def stored(root, vintage=SAMPLE):
    return {row.key: row.themes for row in read_coded(NAME, vintage, root)}


def state(root: Path):
    files = [path for path in (root / "data").rglob("*") if path.is_file() and path.suffix != ".lock"]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_sheets_of_two_coders_become_one_dataset_that_is_as_declared(root, handed_out, coded, save):
    one, two = handed_out("coder_1"), handed_out("coder_2")
    paths = [
        save("one.csv", coded(one, ["energy", "none", "", "energy skills"])),
        save("two.csv", coded(two, ["energy data", "none", "skills"])),
    ]
    [done] = take_back(paths, root)
    ids = [row.answer_id for row in one.rows]
    assert stored(root) == {
        (ids[0], "coder_1"): ("energy",),
        (ids[1], "coder_1"): (),
        (ids[3], "coder_1"): ("energy", "skills"),
        (ids[0], "coder_2"): ("energy", "data"),
        (ids[1], "coder_2"): (),
        (ids[2], "coder_2"): ("skills",),
    }
    assert (done.coded, done.left_open, done.changed) == ({"coder_1": 3, "coder_2": 3}, 10, True)
    assert any("coder_1 left 5 of 8 rows open" in note for note in done.notes)
    assert verify(root, DATASET) == []
    table = read_raw(DATASET, root=root)
    assert list(table.columns) == ["answer_id", "coder", "themes", "selection", "probability", "raw_row"]
    assert set(table["themes"]) == {"energy", "none", "energy;skills", "energy;data", "skills"}


@pytest.mark.parametrize(("vintage", "kind"), [(SAMPLE, "sample"), (OBSERVED, "observed")])
def test_codes_are_of_the_kind_of_their_answers(root, handed_out, coded, save, vintage, kind):
    take_back([save("one.csv", coded(handed_out(vintage=vintage), ["energy"]))], root)
    origin = dataset_origin(coded_dataset(NAME, vintage), root)
    assert origin.kind == kind
    assert ("sample data" in origin.title) == (kind == "sample")


def test_the_same_sheets_again_change_nothing(root, handed_out, coded, save):
    path = save("one.csv", coded(handed_out(), ["energy", "none"], ["=a comment", "another"]))
    take_back([path], root)
    before = state(root)
    [done] = take_back([path], root)
    assert done.changed is False
    assert state(root) == before
    [done] = take_back([path, path], root)  # given twice by mistake
    assert done.changed is False


def test_a_sheet_that_comes_later_adds_to_what_is_there(root, handed_out, coded, save):
    take_back([save("one.csv", coded(handed_out("coder_1"), ["energy"]))], root)
    take_back([save("two.csv", coded(handed_out("coder_2"), ["skills", "none"]))], root)
    assert sorted(coder for _, coder in stored(root)) == ["coder_1", "coder_2", "coder_2"]


def test_other_codes_of_the_same_coder_are_refused_unless_they_replace(root, handed_out, coded, save):
    take_back([save("one.csv", coded(handed_out(), ["energy", "none", "data"]))], root)
    before = state(root)
    path = save("again.csv", coded(handed_out(), ["skills", "none", ""]))
    with pytest.raises(InputError, match="--replace") as caught:
        take_back([path], root)
    assert [problem.partition(": coder_1")[0] for problem in caught.value.problems] == [
        "again.csv: row 2, column answer_id",
        "again.csv: row 4, column answer_id",
    ]
    assert state(root) == before
    [done] = take_back([path], root, replace=True)
    assert sorted(stored(root).values()) == [(), ("skills",)]
    assert any("1 rows that were there before are gone" in note for note in done.notes)


def test_one_coder_cannot_say_two_things_at_once(root, handed_out, coded, save):
    paths = [save(f"{at}.csv", coded(handed_out(), [theme])) for at, theme in enumerate(("energy", "skills"))]
    with pytest.raises(InputError, match=r"1\.csv: row 2, .* as energy in row 2 of 0\.csv"):
        take_back(paths, root, replace=True)
    assert not (root / "data" / "raw" / DATASET).exists()


def test_one_faulty_sheet_keeps_all_out(root, handed_out, coded, save):
    good = coded(handed_out("coder_1"), ["energy"])
    bad = coded(handed_out("coder_2", vintage=OBSERVED), ["energy"])
    bad[3][bad[0].index("skills")] = "?"
    before = state(root)
    with pytest.raises(InputError, match=r"bad\.csv: row 4, column skills"):
        take_back([save("good.csv", good), save("bad.csv", bad)], root)
    assert state(root) == before


def test_an_answer_of_no_wave_is_refused(root, handed_out, coded, save):
    sheet = handed_out()
    strange = handed_out(vintage=OBSERVED)  # the ids of another wave under the name of this one
    rows = type(sheet)(sheet.wave, sheet.coder, sheet.themes, strange.rows, {})
    with pytest.raises(InputError, match=f"row 2, column answer_id: .*an answer of {NAME}/{SAMPLE}"):
        take_back([save("one.csv", coded(rows, ["energy"]))], root)


def test_a_wave_that_is_not_there_is_refused(root, handed_out, coded, save):
    sheet = handed_out()
    for wave in (f"{NAME}/2019-01", "nothing/2020-03", "codebook"):
        moved = type(sheet)(wave, sheet.coder, sheet.themes, sheet.rows, {})
        with pytest.raises(InputError, match="row 2, column wave"):
            take_back([save("one.csv", coded(moved, ["energy"]))], root)
    with pytest.raises(InputError, match="vintage 2020-03, as was asked for"):
        take_back([save("one.csv", coded(sheet, ["energy"]))], root, vintage=OBSERVED)


def test_withdrawn_answers_are_left_out_and_their_codes_go(root, handed_out, coded, save):
    from helpers.data.verify import refresh_checksums

    rows = coded(handed_out(), ["energy", "skills"], ["about the first", "about the second"])
    take_back([save("one.csv", rows)], root)
    first = handed_out().rows[0].answer_id
    respondent, _ = wave_answers(f"{NAME}/{SAMPLE}", root).counted[first]
    path = root / "data" / "raw" / NAME / SAMPLE / "withdrawals.csv"
    path.write_text(path.read_text() + f"{respondent},2020-05-01\n")
    refresh_checksums(f"{NAME}/{SAMPLE}", root)
    [done] = take_back([save("one.csv", rows)], root)
    assert first not in {answer for answer, _ in stored(root)}
    assert any("left out" in note for note in done.notes)
    comments = (root / "data" / "restricted" / DATASET / "comments.csv").read_text()
    assert "about the first" not in comments
    assert "about the second" in comments


def test_comments_are_kept_apart_for_their_owner_only(root, handed_out, coded, save):
    said = "Ms Canary of Sample Ltd,\n=1+1 told me \u202e so"
    take_back([save("one.csv", coded(handed_out(), ["energy", ""], [said, "=2 of a row left open"]))], root)
    raw = b"".join(path.read_bytes() for path in (root / "data" / "raw" / DATASET).iterdir())
    assert b"Canary" not in raw
    assert b"told me" not in raw
    path = root / "data" / "restricted" / DATASET / "comments.csv"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    assert not [row for row in rows if row["comment"].startswith("=") or "\u202e" in row["comment"]]


def test_two_random_samples_cannot_be_mixed(root, handed_out, coded, save):
    count = len(wave_answers(f"{NAME}/{SAMPLE}", root).counted)
    size = count * 3 // 5
    first = handed_out("coder_1", random=size, queue=0)
    second = handed_out("coder_2", random=size, queue=0, skip=count - size)
    take_back([save("one.csv", coded(first, ["none"] * size))], root)
    with pytest.raises(InputError, match="two samples were mixed"):
        take_back([save("two.csv", coded(second, ["none"] * size))], root)


def test_an_answer_cannot_be_drawn_with_two_probabilities(root, handed_out, coded, save):
    take_back([save("one.csv", coded(handed_out("coder_1", random=6), ["energy"]))], root)
    with pytest.raises(InputError, match=r"row 2, column probability: .* was coded before as of the random"):
        take_back([save("two.csv", coded(handed_out("coder_2", random=5), ["energy"]))], root)
    with pytest.raises(InputError, match="is of the review queue, but was coded before"):
        take_back([save("two.csv", coded(handed_out("coder_2", random=0), ["energy"]))], root)


def test_an_answer_of_the_queue_that_is_drawn_later_is_judged_anew(root, handed_out, coded, save):
    take_back([save("one.csv", coded(handed_out("coder_1", random=0, queue=2), ["energy", "data"]))], root)
    take_back([save("two.csv", coded(handed_out("coder_2", random=1, queue=0), ["skills"]))], root)
    rows = read_coded(NAME, SAMPLE, root)
    assert [(row.coder, row.selection, row.themes) for row in rows] == [
        ("coder_2", "random", ("skills",)),
        ("coder_1", "queue", ("data",)),
    ]


def test_what_a_person_wrote_about_the_dataset_stays(root, handed_out, coded, save):
    take_back([save("one.csv", coded(handed_out("coder_1"), ["energy"]))], root)
    folder = root / "data" / "raw" / DATASET
    origin, readme = folder / "origin.yml", folder / "README.md"
    origin.write_text(origin.read_text().replace("licence: MIT, as this repository", "licence: CC0"))
    text = readme.read_text()
    about = text.partition("came about\n\n")[2].partition("\n\n## Columns")[0]
    readme.write_text(text.replace(about, "Two colleagues coded in June."))
    take_back([save("two.csv", coded(handed_out("coder_2"), ["energy"]))], root)
    assert "licence: CC0" in origin.read_text()
    assert "Two colleagues coded in June." in readme.read_text()
