"""A wave of answers becomes tables in which every row is accounted for, and a withdrawal takes everything."""

import csv
import hashlib
import os
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.data.capacity_schemas import CAPACITY_SCHEMAS
from helpers.data.catalog import dataset_names
from helpers.data.declared import find_table, wave_tables
from helpers.data.duplicates import COLUMNS, propose_duplicates
from helpers.data.errors import InputError
from helpers.data.process import process, read_meta, read_table
from helpers.data.project import processed_folder, project_root
from helpers.data.stream import raw_parts
from helpers.data.verify import verify
from helpers.data.vintages import capacity_table_name, latest_vintage, vintages

WAVE = "vaccine_capacity/2021-03-sample"
PREFIX = "vaccine_capacity_2021_03_sample"
ANSWERS = [
    "respondent_id",
    "received_row",
    "submitted",
    "language",
    "organisation_kind",
    "country",
    "town",
    "postcode",
    "employees",
    "difficulties",
    "bottlenecks",
    "affected_stages",
    "consent",
    "name_shown",
]
CAPACITIES = [
    "respondent_id",
    "received_row",
    "product",
    "amount",
    "unit",
    "available_from",
    "spare_share",
]
DUPLICATES = list(COLUMNS)
# Third-party files beside the checkout, never part of it.
SHARED = Path(os.environ.get("EVIDENCE_SHARED", project_root().parent / "shared"))
OFFERS = SHARED / "real" / "getusppe_offers" / "all_offers.csv"
# GetUsPPE/ppe_needs_retrospective (MIT): worked_examples.json, key getusppe_retrospective.
GOLDEN = {
    "all_offers_rows": 4966,
    "offer_qty_max": 199_999_999_999_998,
    "offer_qty_min": -18,
    "state_codes": 78,
    "state_missing": 319,
}


@pytest.fixture
def project(tmp_path):
    """A project with the definitions, the regions and no wave yet."""
    raw = project_root() / "data" / "raw"
    for name in ("questionnaires", "nuts_regions"):
        shutil.copytree(raw / name, tmp_path / "data" / "raw" / name)
    cache = project_root() / ".cache"
    cache.mkdir(exist_ok=True)
    (tmp_path / ".cache").symlink_to(cache)
    return tmp_path


def write_wave(project, files, wave=WAVE, declare=None):
    """Write the files of a wave, and origin.yml for those in ``declare`` (default: all)."""
    folder = project / "data" / "raw" / wave
    folder.mkdir(parents=True, exist_ok=True)
    declared = []
    for name, (columns, rows) in files.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([[row.get(column, "") for column in columns] for row in rows])
        if declare is None or name in declare:
            text = {"type": "string", "required": False, "missing": "not answered"}
            listed = [{"name": column, "meaning": column, **text} for column in columns]
            if name == "frame.csv":
                listed[-1] = {"name": "invited", "type": "integer", "meaning": "Asked"}
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            declared.append({"name": name, "sha256": digest, "columns": listed})
    origin = {
        "title": "A wave",
        "producer": "Tests",
        "citation": "Tests.",
        "url": "https://example.org",
        "licence": "CC0",
        "retrieved": pd.Timestamp("2026-11-22").date(),
        "vintage": wave.partition("/")[2],
        "kind": "sample" if wave.endswith("-sample") else "observed",
        "files": declared,
    }
    (folder / "origin.yml").write_text(yaml.safe_dump(origin, sort_keys=False), encoding="utf-8")
    (folder / "README.md").write_text("# A wave\n", encoding="utf-8")
    return folder


def answer(number, **given):
    usual = {
        "respondent_id": f"r{number:010x}",
        "received_row": str(number),
        "submitted": f"2021-03-{number:02d}T10:00:00",
        "language": "de",
        "country": "AT",
        "town": "Graz",
        "consent": "whole",
        "name_shown": f"Firma {number}",
    }
    return {**usual, **given}


def stated(number, amount, product="vials", **given):
    return {
        "respondent_id": f"r{number:010x}",
        "received_row": number,
        "product": product,
        "amount": amount,
        **given,
    }


def wave(answers, capacities, **more):
    return {"answers.csv": (ANSWERS, answers), "capacities.csv": (CAPACITIES, capacities), **more}


def table(project, kind):
    name = f"{PREFIX}_{kind}"
    process(project, only=[name])
    return read_table(name, project)


def capacities_of(project, *rows, answers=None, **more):
    write_wave(project, wave(answers or [answer(2)], list(rows), **more))
    return table(project, "capacities")


# --- names and folders


def test_each_wave_is_a_dataset_and_the_folder_around_it_is_none(project):
    write_wave(project, wave([answer(2)], []))
    assert dataset_names(project) == ["nuts_regions", "questionnaires", WAVE]
    assert verify(project) == []


def test_latest_is_the_newest_observed_wave_and_else_the_newest_sample(project):
    write_wave(project, wave([answer(2)], []))
    assert latest_vintage("vaccine_capacity", project) == "2021-03-sample"
    write_wave(project, wave([answer(2)], []), "vaccine_capacity/2020-11")
    assert vintages("vaccine_capacity", project) == ["2020-11", "2021-03-sample"]
    assert latest_vintage("vaccine_capacity", project) == "2020-11"
    with pytest.raises(InputError, match="no vintage is there"):
        latest_vintage("printing_3d", project)


def test_the_tables_of_a_wave_are_found_listed_and_described(project):
    write_wave(project, wave([answer(2)], [stated(2, "5000")]))
    names = [capacity_table_name("vaccine_capacity", "2021-03-sample", kind) for kind in CAPACITY_SCHEMAS]
    assert list(wave_tables(project)) == names[:-1]  # no frame.csv, no table of it
    assert find_table(names[0], project).sort_by == ("raw_row",)
    process(project, only=names[:-1])
    for name, kind in zip(names[:-1], CAPACITY_SCHEMAS, strict=False):
        assert list(read_table(name, project).columns) == list(CAPACITY_SCHEMAS[kind].columns)
    assert read_meta(names[0], project)["kind"] == "sample"
    with pytest.raises(InputError, match=f"did you mean {names[0]}"):
        read_table(names[0] + "s", project)


def test_a_changed_definition_or_decision_makes_the_tables_again(project):
    folder = write_wave(project, wave([answer(2)], [stated(2, "5000")]))
    name = f"{PREFIX}_capacities"
    assert process(project, only=[name]) == [name]
    assert process(project, only=[name]) == []
    path = project / "data" / "raw" / "questionnaires" / "vaccine_capacity.yml"
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert process(project, only=[name]) == [name]
    text = (folder / "capacities.csv").read_text(encoding="utf-8")
    (folder / "capacities.csv").write_text(text.replace("5000", "6000"), encoding="utf-8")
    assert process(project, only=[name]) == [name]
    assert read_table(name, project)["amount"].tolist() == [6000]


def test_parts_of_a_file_are_the_whole_file_with_its_lines(project):
    rows = [answer(at, difficulties="one\ntwo" if at == 3 else "") for at in range(2, 9)]
    write_wave(project, wave(rows, []))
    parts = list(raw_parts(WAVE, "answers.csv", ["respondent_id", "absent"], project, rows=3))
    assert [len(part) for part in parts] == [3, 3, 1]
    whole = pd.concat(parts)
    assert whole["raw_row"].tolist() == [2, 3, 5, 6, 7, 8, 9]
    assert whole["absent"].eq("").all()


def test_the_tables_do_not_depend_on_how_the_file_is_cut(project, monkeypatch):
    rows = [stated(2 + at % 3, f"{at}.200") for at in range(1, 20)]
    write_wave(project, wave([answer(2), answer(3), answer(4)], rows))
    whole = table(project, "capacities")
    monkeypatch.setattr("helpers.data.stream.raw_parts.__defaults__", (None, 4))
    process(project, only=[f"{PREFIX}_capacities"], force=True)
    pd.testing.assert_frame_equal(read_table(f"{PREFIX}_capacities", project), whole)


# --- capacities


def test_every_row_stated_has_a_row_whatever_stands_in_it(project):
    amounts = [
        "5.000",
        "10-50 k",
        "> 1 Mio",
        "bis zu 5000",
        "ca. 7000",
        "keine Angabe",
        "-18",
        "0",
        "",
        "<b>x</b>",
    ]
    amounts += ["199999999999998", "3 x 5000", "=1+1", "5", "80 %"]
    found = capacities_of(project, *(stated(2, text, unit="units_month") for text in amounts))
    assert found["raw_row"].tolist() == list(range(2, 2 + len(amounts)))
    assert found["amount_as_stated"].fillna("").tolist() == amounts
    assert (found["amount_low"] <= found["amount_high"].fillna(np.inf)).all()
    assert found.loc[~found["usable"], "flags"].ne("").all()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"amount": "5.000"}, (5000, 5000, 5000, "exact", True, "number_ambiguous;unit_assumed")),
        ({"amount": "5000", "unit": "units_month"}, (5000, 5000, 5000, "exact", True, "")),
        ({"amount": "1000", "unit": "units_week"}, (4348.125, 4348.125, 4348.125, "exact", True, "")),
        (
            {"amount": "1", "unit": "million_units_year"},
            (83333.33333, 83333.33333, 83333.33333, "exact", True, ""),
        ),
        ({"amount": "ca. 5000 Stück pro Woche"}, (21740.625, 21740.625, 21740.625, "about", True, "")),
        ({"amount": "400-900", "unit": "units_month"}, (600, 400, 900, "range", True, "")),
        ({"amount": "über 2 Mio", "unit": "units_month"}, (np.nan, 2e6, np.nan, "at_least", True, "")),
        ({"amount": "bis zu 5000", "unit": "units_month"}, (np.nan, 0, 5000, "at_most", True, "")),
        ({"amount": "0", "unit": "units_month"}, (0, 0, 0, "exact", True, "zero")),
        ({"amount": "50", "unit": "units_month"}, (50, 50, 50, "exact", False, "implausible_low")),
        (
            {"amount": "199999999999998", "unit": "units_month"},
            (199999999999998, 199999999999998, 199999999999998, "exact", False, "implausible_high"),
        ),
        ({"amount": "-18", "unit": "units_month"}, (np.nan, 0, np.nan, "unreadable", False, "negative")),
        ({"amount": "viel", "unit": "units_month"}, (np.nan, 0, np.nan, "unreadable", False, "unreadable")),
        ({"amount": "", "unit": "units_month"}, (np.nan, 0, np.nan, "unreadable", False, "not_stated")),
        ({"amount": "5000", "unit": "litres"}, (np.nan, 0, np.nan, "unreadable", False, "unit_unknown")),
    ],
)
def test_an_amount_is_bounds_in_the_base_unit_of_its_product(project, given, expected):
    row = capacities_of(project, stated(2, **given)).iloc[0]
    found = row[["amount", "amount_low", "amount_high", "qualifier", "usable", "flags"]].tolist()
    assert found[:3] == pytest.approx(expected[:3], nan_ok=True)
    assert tuple(found[3:]) == expected[3:]
    assert (row["unit"], row["stage"], row["nuts2"]) == ("units/month", "vials", "AT22")


def test_month_and_spare_share_are_read_and_their_doubts_flagged(project):
    row = capacities_of(
        project, stated(2, "5000", unit="units_month", available_from="ab sofort", spare_share="0,25")
    ).iloc[0]
    assert row["available_from"] == pd.Timestamp("2021-03-01")
    assert row["spare_share"] == 0.25
    assert row["flags"] == "share_ambiguous"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (stated(9, "5"), "capacities.csv: row 2, column respondent_id: found 'r0000000009'"),
        (stated(2, "5", product="moonshine"), "capacities.csv: row 2, column product: found 'moonshine'"),
    ],
)
def test_a_row_that_belongs_to_nothing_stops_with_its_place(project, row, said):
    with pytest.raises(InputError) as caught:
        capacities_of(project, row)
    assert said in str(caught.value)


# --- respondents: duplicates, consent, withdrawals


def decided(*rows):
    return (
        DUPLICATES,
        [
            {
                "respondent_id_a": f"r{a:010x}",
                "respondent_id_b": f"r{b:010x}",
                "decision": what,
                "decided_by": who,
            }
            for a, b, what, who in rows
        ],
    )


def withdrawn(*numbers):
    return (
        ["respondent_id", "date"],
        [{"respondent_id": f"r{number:010x}", "date": "2021-04-01"} for number in numbers],
    )


def test_only_a_recorded_decision_merges_and_the_earlier_answer_counts(project):
    answers = [answer(5), answer(3, consent="anonymous", name_shown=""), answer(4)]
    rows = [stated(5, "5000"), stated(3, "6000"), stated(4, "7000")]
    duplicates = decided((5, 3, "merge", "A. B."), (3, 4, "", ""))
    found = capacities_of(project, *rows, answers=answers, **{"duplicates.csv": duplicates})
    people = table(project, "respondents").set_index("respondent_id")
    assert people["status"].tolist() == ["duplicate", "counted", "counted"]
    assert people["duplicate_of"].dropna().to_dict() == {"r0000000005": "r0000000003"}
    assert found["usable"].tolist() == [False, True, True]
    assert "duplicate" in found["flags"].iloc[0]
    # What one of the merged entries forbids, both do.
    assert people["consent"].tolist() == ["anonymous", "anonymous", "whole"]
    assert people["name_shown"].fillna("").tolist() == ["", "", "Firma 4"]


def test_without_an_answer_consent_is_the_most_private_and_no_name_is_shown(project):
    write_wave(
        project, wave([answer(2, consent=""), answer(3, consent="totals"), answer(4, consent="?")], [])
    )
    people = table(project, "respondents")
    assert people["consent"].tolist() == ["totals"] * 3
    assert people["name_shown"].isna().all()


def test_a_withdrawal_leaves_nothing_but_code_and_status_anywhere(project):
    canary = "Kanarienvogel"
    answers = [answer(2), answer(3, town=canary, name_shown=canary, difficulties=canary, employees="small")]
    rows = [
        stated(2, "5000"),
        stated(3, f"777 {canary}", unit=canary, spare_share="25", available_from="2021-06"),
    ]
    more = {"withdrawals.csv": withdrawn(3)}
    write_wave(project, wave(answers, rows, **more))
    process(project, only=list(wave_tables(project)))
    people, found = table(project, "respondents"), table(project, "capacities")
    gone = people.set_index("respondent_id").loc["r0000000003"]
    assert gone.dropna().to_dict() == {"raw_row": 3, "status": "withdrawn"}
    row = found.set_index("respondent_id").loc["r0000000003"].dropna().to_dict()
    assert row == {
        "raw_row": 3,
        "amount_low": 0.0,
        "qualifier": "unreadable",
        "flags": "withdrawn",
        "usable": False,
    }
    assert table(project, "difficulties").empty
    for path in processed_folder(project).iterdir():
        assert canary.encode() not in path.read_bytes()
    assert not read_table(f"{PREFIX}_capacities", project).to_csv().count("777")


def test_a_withdrawal_takes_the_merged_entry_with_it(project):
    answers = [answer(2), answer(3), answer(4)]
    more = {"duplicates.csv": decided((2, 3, "merge", "A. B.")), "withdrawals.csv": withdrawn(3)}
    write_wave(project, wave(answers, [], **more))
    assert table(project, "respondents")["status"].tolist() == ["withdrawn", "withdrawn", "counted"]


def test_a_withdrawal_of_nobody_known_is_an_error_and_not_overlooked(project):
    write_wave(project, wave([answer(2)], [], **{"withdrawals.csv": withdrawn(9)}))
    with pytest.raises(
        InputError, match=r"withdrawals.csv: row 2, column respondent_id: found 'r0000000009'"
    ):
        table(project, "respondents")


def test_a_file_of_withdrawals_that_is_not_declared_stops_everything(project):
    files = wave([answer(2)], [], **{"withdrawals.csv": withdrawn(2)})
    write_wave(project, files, declare=["answers.csv", "capacities.csv"])
    with pytest.raises(InputError, match=r"withdrawals.csv: is there, but origin.yml does not declare it"):
        table(project, "respondents")


def test_a_respondent_that_is_there_twice_is_an_error(project):
    write_wave(project, wave([answer(2), answer(2)], []))
    with pytest.raises(InputError, match=r"answers\.csv: row 3, column respondent_id"):
        table(project, "respondents")


# --- the other tables


def test_difficulties_are_the_texts_of_counted_respondents_without_personal_data(project):
    answers = [
        answer(2, difficulties="Kein Glas\nund a@b.eu", bottlenecks=" ", affected_stages="vials;syringes"),
        answer(3, difficulties="doppelt"),
        answer(4, bottlenecks="energy", language="en"),
    ]
    more = {"duplicates.csv": decided((2, 3, "merge", "A. B."))}
    write_wave(project, wave(answers, [], **more))
    found = table(project, "difficulties")
    assert found[["raw_row", "question", "text", "language"]].values.tolist() == [
        [2, "difficulties", "Kein Glas\nund [e-mail]", "de"],
        [5, "bottlenecks", "energy", "en"],
    ]
    assert found["stages"].fillna("").tolist() == ["vials;syringes", ""]


def test_every_row_received_is_accepted_or_rejected_with_its_reasons(project):
    rejects = [
        {"received_row": "3", "column": "country", "reason": "not one of the choices"},
        {"received_row": "3", "column": "", "reason": "too many cells"},
    ]
    columns = ["received_row", "column", "found", "reason"]
    write_wave(project, wave([answer(2), answer(4)], [], **{"rejects.csv": (columns, rejects)}))
    found = table(project, "received")
    assert found["received_row"].tolist() == [2, 3, 4]
    assert found["outcome"].tolist() == ["accepted", "rejected", "accepted"]
    assert found["reasons"].fillna("").tolist() == ["", "country: not one of the choices; too many cells", ""]


def test_a_row_cannot_be_accepted_and_rejected(project):
    rejects = (["received_row", "column", "found", "reason"], [{"received_row": "2", "reason": "?"}])
    write_wave(project, wave([answer(2)], [], **{"rejects.csv": rejects}))
    with pytest.raises(InputError, match="column received_row"):
        table(project, "received")


def test_products_stand_in_the_order_of_the_chain(project):
    write_wave(project, wave([answer(2)], []))
    found = table(project, "products")
    assert found["stage_order"].is_monotonic_increasing
    assert found["stage"].drop_duplicates().tolist()[:2] == ["raw_materials", "active_substance"]
    assert found["stage"].iloc[-1] == "distribution"


def test_the_frame_is_a_table_where_it_is_given(project):
    frame = (["country", "employees", "invited"], [{"country": "AT", "employees": "small", "invited": "40"}])
    write_wave(project, wave([answer(2)], [], **{"frame.csv": frame}))
    assert table(project, "frame").values.tolist() == [["AT", "small", 40]]


# --- real offers


@pytest.fixture
def offers(project):
    """The real offers of 2020-21 as a wave of a questionnaire of their own; never part of the repository."""
    if not OFFERS.is_file():
        pytest.skip(
            "the real offers are not here: they are third-party data; EVIDENCE_SHARED says where they lie"
        )
    with OFFERS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = sorted({row["equipmentEnum"] for row in rows})
    base = project / "data" / "raw" / "questionnaires"
    definition = yaml.safe_load((base / "printing_3d.yml").read_text(encoding="utf-8"))
    label = dict.fromkeys(definition["languages"], "x")
    items = [
        {
            "code": f"p_{kind}",
            "label": label,
            "stage": "all",
            "base_unit": "units/month",
            "units": ["units_month"],
            "plausible": {"min": 1, "max": 1e9},
        }
        for kind in kinds
    ]
    definition |= {"name": "offers", "choices": {"stages": [{"code": "all", "label": label}]}}
    definition["questions"] = [one for one in definition["questions"] if "use" in one]
    definition["items"]["list"] = items
    (base / "offers.yml").write_text(yaml.safe_dump(definition, allow_unicode=True), encoding="utf-8")
    return rows


def test_every_real_offer_is_accounted_for(project, offers):
    donors = {}
    for number, row in enumerate(offers, start=2):
        code = "r" + hashlib.sha256(row["donorKey"].encode()).hexdigest()[:10]
        day = row["datecreated"].replace(" ", "T").removesuffix("TUTC")
        one = answer(2, respondent_id=code, received_row=str(number), submitted=day, language="en")
        donors.setdefault(code, {**one, "country": "US", "town": row["stateprovince"], "consent": ""})
        row["respondent_id"] = code
    stated_rows = [
        {
            "respondent_id": row["respondent_id"],
            "received_row": number,
            "product": f"p_{row['equipmentEnum']}",
            "amount": row["qty"],
            "unit": "units_month",
        }
        for number, row in enumerate(offers, start=2)
    ]
    write_wave(project, wave(list(donors.values()), stated_rows), "offers/2021-05")
    names = ["offers_2021_05_respondents", "offers_2021_05_capacities"]
    process(project, only=names)
    people, found = (read_table(name, project) for name in names)

    assert len(found) == len(offers) == GOLDEN["all_offers_rows"]
    assert found["amount_as_stated"].tolist() == [row["qty"] for row in offers]
    amounts = [int(row["qty"]) for row in offers]
    assert (max(amounts), min(amounts)) == (GOLDEN["offer_qty_max"], GOLDEN["offer_qty_min"])
    negative = [at for at, value in enumerate(amounts) if value < 0]
    readable = found.drop(index=negative)
    assert readable["amount"].tolist() == [value for value in amounts if value >= 0]
    assert found.loc[negative, "flags"].eq("negative").all()
    flags = Counter(flag for text in found["flags"] for flag in text.split(";") if flag)
    assert flags["negative"] == len(negative) == 31
    assert flags["implausible_high"] == sum(value > 1e9 for value in amounts)
    assert flags["zero"] == sum(value == 0 for value in amounts)
    assert found["usable"].sum() == len(offers) - flags["negative"] - flags["implausible_high"]

    assert len({row["stateprovince"] for row in offers} - {""}) == GOLDEN["state_codes"]
    assert sum(not row["stateprovince"] for row in offers) == GOLDEN["state_missing"]
    assert len(people) == len(donors)
    assert people["place_status"].notna().all()
    unplaced = [one["respondent_id"] for one in donors.values() if not one["town"]]
    assert people.set_index("respondent_id").loc[unplaced, "place_status"].eq("not placed").all()


def test_duplicates_among_real_offers_are_proposed_and_none_is_merged_by_itself(offers):
    frame = pd.DataFrame(offers)
    givers = frame.drop_duplicates("donationkey")
    answers = pd.DataFrame(
        {"respondent_id": givers["donationkey"], "country": "US", "town": givers["stateprovince"]}
    )
    capacities = pd.DataFrame(
        {
            "respondent_id": frame["donationkey"],
            "product": frame["equipmentEnum"],
            "amount": frame["qty"],
            "unit": "",
        }
    )
    found = propose_duplicates(pd.DataFrame({"respondent_id": givers["donationkey"]}), answers, capacities)
    assert len(found) > 0
    assert set(found["respondent_id_a"]) | set(found["respondent_id_b"]) <= set(answers["respondent_id"])
    assert found["evidence"].str.contains("same capacities").all()
    assert found["decision"].eq("").all()
