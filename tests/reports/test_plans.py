"""The plan by respondent: exactly what each offers and sends, for its readers only, and harmless to open."""

import csv
import io
import re
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import cli
from helpers.analysis import matching
from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.data.project import project_root
from helpers.data.survey.guard import guarded
from helpers.data.verify import refresh_checksums
from helpers.reports import plan_files
from helpers.reports.plan_files import PLAN, SHADOW, UNMET
from helpers.reports.plan_market import (
    COUNTRY,
    REGION,
    TOWN,
    Case,
    changed_by,
    market_of,
    may_be_told,
    offers_in,
    offers_of,
)
from helpers.reports.plans import Request, plan_by_respondent

NAME, WAVE = "vaccine_capacity", "2021-03-sample"
TABLE = "vaccine_capacity_2021_03_sample_"
CONTACTS = f"data/restricted/{NAME}/{WAVE}/contacts.csv"
PLANS = f"data/restricted/plans/{NAME}/{WAVE}"
VIALS = ["match", NAME, "--product", "vials", "--month", "2021-06"]
HOSTILE = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","a")',
    "+1+1",
    "@SUM(A1)",
    "-2+3;=1+1",
    "two\nlines",
    "tab\t=1",
    "</c><f>1</f>",
    "\x07bell",
]
MARCH, JUNE = pd.Timestamp("2021-03-01"), pd.Timestamp("2021-06-01")


# On small tables


def people() -> pd.DataFrame:
    rows = [
        ("r1", "AT", "AT12", "Wien", 48.2, 16.4, "counted"),
        ("r2", "AT", "AT12", None, None, None, "counted"),
        ("r3", "BE", None, None, None, None, "counted"),
        ("r4", "BE", None, "Gent", 51.0, 3.7, "withdrawn"),
        ("r5", "BE", None, "Gent", 51.0, 3.7, "duplicate"),
    ]
    columns = ["respondent_id", "country", "nuts2", "place", "latitude", "longitude", "status"]
    return pd.DataFrame(rows, columns=columns)


def stated(**more: object) -> pd.DataFrame:
    own = people()[["respondent_id", "country", "nuts2"]]
    amounts = pd.DataFrame({"amount": [100.0, 50.0, 30.0, 999.0, 999.0]})
    table = pd.concat([own, amounts], axis=1).assign(product="vials", stage="vials", unit="units/month")
    table = table.assign(amount_low=table["amount"], amount_high=table["amount"], usable=True)
    return table.assign(available_from=pd.NaT, spare_share=0.5, **more)


CENTRES = pd.DataFrame({"nuts2": ["AT12"], "region": ["NÖ"], "latitude": [48.3], "longitude": [15.8]})
PLACES = pd.DataFrame({"country": ["AT", "BE"], "latitude": [47.6, 50.6], "longitude": [14.1, 4.6]})
PRICES = pd.DataFrame({"product": ["vials"], "unmet": [10.0], "freight": [1.0], "holding": [0.1]})


def offers(table: pd.DataFrame | None = None) -> pd.DataFrame:
    return offers_of(stated() if table is None else table, people(), CENTRES, PLACES, "vials", ["AT", "BE"])


def case(table: pd.DataFrame | None = None) -> Case:
    needs = pd.DataFrame({"country": ["AT", "BE"], "amount": [60.0, 90.0]})
    return Case("vials", "2021-06", offers(table), needs, frozenset(), PLACES, PRICES)


def scenario(change: str, **more: object) -> pd.DataFrame:
    columns = {"country": None, "stage": None, "product": None, "factor": None, "months": None}
    return pd.DataFrame({"scenario": ["x"], "label": ["X"], "change": [change], **columns} | more)


def test_only_those_who_count_offer_and_each_from_the_nearest_place_that_is_known() -> None:
    table = offers().set_index("respondent_id")
    assert table["amount"].to_dict() == {"r1": 100.0, "r2": 50.0, "r3": 30.0}
    assert table["place_is"].to_list() == [TOWN, REGION, COUNTRY]
    assert table["place"].fillna("").to_list() == ["Wien", "NÖ", ""]
    assert table[["latitude", "longitude"]].to_numpy().tolist() == [[48.2, 16.4], [48.3, 15.8], [50.6, 4.6]]


def test_a_country_without_any_place_is_refused_by_name() -> None:
    with pytest.raises(InputError, match="no place is known for BE"):
        offers_of(stated(), people(), CENTRES, PLACES.head(1), "vials", ["AT", "BE"])


def test_amounts_that_cannot_be_used_and_other_products_are_no_offers() -> None:
    assert offers(stated().assign(usable=False)).empty
    assert offers(stated().assign(amount=0.0, amount_low=0.0, amount_high=0.0)).empty
    assert offers(stated().assign(product="caps")).empty


def test_what_comes_later_is_not_there_yet_and_statements_of_one_respondent_add_up() -> None:
    months = [pd.NaT, JUNE, pd.Timestamp("2021-07-01"), pd.NaT, pd.NaT]
    table = pd.concat([stated(), stated().assign(amount=7.0, amount_low=7.0, amount_high=7.0)])
    table["available_from"] = pd.Series([*[pd.NaT] * 5, *months], index=table.index)
    found = offers_in(offers(table), "2021-06").set_index("respondent_id")
    assert found["amount"].to_dict() == {"r1": 107.0, "r2": 57.0, "r3": 30.0}
    assert offers_in(offers(table), "2021-07").set_index("respondent_id")["amount"]["r3"] == 37.0
    assert found["free_share"].to_list() == [0.5, 0.5, 0.5]


def test_exactly_the_largest_is_lost() -> None:
    left = changed_by(case(), scenario("capacity").head(0), "largest_lost", "2021-03")
    assert left.offers["respondent_id"].to_list() == ["r2", "r3"]


def test_the_scenario_of_the_reports_takes_away_five_as_it_says() -> None:
    many = pd.concat([offers().head(1).assign(respondent_id=f"s{n}", amount=float(n)) for n in range(1, 9)])
    whole = Case("vials", "2021-06", many.reset_index(drop=True), case().needs, frozenset(), PLACES, PRICES)
    left = changed_by(whole, scenario("loss_of_largest"), "x", "2021-03")
    assert left.offers["respondent_id"].to_list() == ["s1", "s2", "s3"]
    here = changed_by(whole, scenario("loss_of_largest", country="BE"), "x", "2021-03")
    assert len(here.offers) == 8


def test_a_delay_moves_only_what_is_not_there_yet() -> None:
    table = stated()
    table["available_from"] = [MARCH, JUNE, pd.NaT, pd.NaT, pd.NaT]
    late = changed_by(case(table), scenario("delay", months=2), "x", "2021-03").offers
    assert late["available_from"].to_list()[:2] == [MARCH, pd.Timestamp("2021-08-01")]
    assert pd.isna(late["available_from"][2])
    assert offers_in(late, "2021-06")["respondent_id"].to_list() == ["r1", "r3"]


def test_capacity_and_demand_change_by_their_factor() -> None:
    half = changed_by(case(), scenario("capacity", country="AT", factor=0.5), "x", "2021-03")
    assert half.offers["amount"].to_list() == [50.0, 25.0, 30.0]
    more = changed_by(case(), scenario("demand", factor=1.5), "x", "2021-03")
    assert more.needs["amount"].to_list() == [90.0, 135.0]


def test_steps_of_one_scenario_follow_each_other() -> None:
    rows = pd.concat([scenario("capacity", factor=0.1, country="AT"), scenario("loss_of_largest")])
    rows = pd.concat([rows, scenario("export_ban", country="AT")], ignore_index=True)
    table = pd.concat([stated()] * 3, ignore_index=True)
    done = changed_by(case(table), rows, "x", "2021-03")
    assert done.offers.empty
    assert done.closed == {"AT"}


@pytest.mark.parametrize(("stage", "goes"), [("vials", False), (None, False), ("syringes", True)])
def test_a_ban_of_exports_keeps_what_is_made_at_home(stage: str | None, goes: bool) -> None:
    closed = changed_by(case(), scenario("export_ban", country="AT", stage=stage), "x", "2021-03")
    flows = matching.match(market_of(closed)).flows
    abroad = flows[flows["offer"].isin(["r1", "r2"]) & (flows["need"] == "BE")]
    assert (len(abroad) > 0) == goes
    assert flows.loc[flows["need"] == "AT", "amount"].sum() == pytest.approx(60.0)
    wien = flows[(flows["offer"] == "r1") & (flows["need"] == "AT")]
    assert wien.empty or wien["km"].iloc[0] == pytest.approx(183.7, abs=1)


def test_a_scenario_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"given 'y'.*allowed: base, largest_lost, x"):
        changed_by(case(), scenario("demand", factor=1.5), "y", "2021-03")


@given(st.lists(st.floats(0.1, 1e6), max_size=8))
def test_a_share_is_told_only_if_no_two_respondents_hold_most_of_it(amounts: list[float]) -> None:
    told = may_be_told(pd.Series(amounts, dtype="float64"))
    largest = sorted(amounts, reverse=True)[:2]
    assert not told or (len(amounts) >= 3 and sum(largest) <= 0.85 * sum(amounts) * (1 + 1e-9))


# On the sample


def copy_of_project(folder: Path) -> Path:
    for part in ("data/raw", "data/processed", "notebooks", ".cache/gazetteer"):
        if (project_root() / part).is_dir():
            shutil.copytree(project_root() / part, folder / part)
    return folder


def write_contacts(root: Path) -> dict[str, str]:
    """Give every respondent hostile names, and return who is called what."""
    path = root / CONTACTS
    path.parent.mkdir(parents=True, exist_ok=True)
    ids = read_table(f"{TABLE}respondents", root)["respondent_id"]
    names = {key: f"{HOSTILE[place % len(HOSTILE)]} {key}" for place, key in enumerate(ids)}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["respondent_id", "company", "email", "amount"])
        for key, name in names.items():
            writer.writerow([key, *(guarded(text) for text in (name, f"mail@{key}.example", "=1+1"))])
    return names


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_of_project(tmp_path_factory.mktemp("plans") / "project")
    write_contacts(root)
    return root


@pytest.fixture
def root(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.rmtree(made / "data" / "restricted" / "plans", ignore_errors=True)
    monkeypatch.setenv("EVIDENCE_ROOT", str(made))
    monkeypatch.chdir(made)
    return made


def csv_of(root: Path, name: str = "vials_2021-06_base_cheapest") -> list[dict[str, str]]:
    text = (root / PLANS / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def book_of(root: Path, name: str = "vials_2021-06_base_cheapest") -> openpyxl.Workbook:
    return openpyxl.load_workbook(root / PLANS / f"{name}.xlsx")


def sheet(book: openpyxl.Workbook, name: str) -> pd.DataFrame:
    rows = list(book[name].iter_rows(values_only=True))
    return pd.DataFrame(rows[1:], columns=rows[0])


def test_a_plan_is_written_for_its_owner_only(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(VIALS) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines()[3:] == [
        f"{PLANS}/vials_2021-06_base_cheapest.{ending}" for ending in ("csv", "xlsx")
    ]
    assert sorted(path.name for path in (root / PLANS).iterdir()) == [
        f"vials_2021-06_base_cheapest.{ending}" for ending in ("csv", "xlsx")
    ]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (root / "data" / "restricted").rglob("*")}
    mine = {path: mode for path, mode in modes.items() if "plans" in path.parts}
    assert {mode for path, mode in mine.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in mine.items() if path.is_file()} == {0o600}
    assert stat.S_IMODE((root / "data" / "restricted").stat().st_mode) == 0o700


def test_what_is_said_names_nobody_and_no_amount(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(VIALS) == 0
    said = capsys.readouterr().out
    rows = csv_of(root)
    assert not [row["respondent_id"] for row in rows if row["respondent_id"] in said]
    assert "example" not in said
    numbers = {int(number) for number in re.findall(r"(?<![\w-])[0-9]+(?![\w-])", said.split("data/")[0])}
    assert max(numbers) <= 200
    assert re.search(r"respondents that send: [0-9]+ of [0-9]+", said)


def test_the_plan_is_what_respondents_have_and_countries_need(root: Path) -> None:
    cli.main(VIALS)
    rows = pd.DataFrame(csv_of(root))
    table, who = read_table(f"{TABLE}capacities", root), read_table(f"{TABLE}respondents", root)
    counted = set(who.loc[who["status"] == "counted", "respondent_id"])
    own = table[(table["product"] == "vials") & table["usable"] & table["respondent_id"].isin(counted)]
    has = own.groupby("respondent_id")["amount_high"].sum(min_count=1)
    sent = rows.assign(amount=rows["amount"].astype(float)).groupby("respondent_id")["amount"].sum()
    assert set(sent.index) <= set(own["respondent_id"])
    assert (sent <= has.reindex(sent.index).fillna(float("inf")) + 0.01).all()
    unmet = sheet(book_of(root), UNMET)
    got = rows.assign(amount=rows["amount"].astype(float)).groupby("to_country")["amount"].sum()
    met = unmet.set_index("Country, code")["Met"]
    assert (got.reindex(met.index, fill_value=0.0) - met).abs().max() < 0.1
    assert (unmet["Met"] + unmet["Not met"] - unmet["Needed"]).abs().max() < 0.1


def test_names_stand_beside_the_codes_and_run_nothing(root: Path) -> None:
    cli.main(VIALS)
    names = write_contacts(root)
    rows = csv_of(root)
    assert {"company", "email", "contact_amount"} <= set(rows[0])
    for row in rows:
        assert row["email"] == f"mail@{row['respondent_id']}.example"
        assert not row["company"].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert row["company"].replace("'", "") == names[row["respondent_id"]].replace("'", "")
        assert row["contact_amount"] == "'=1+1"
    book = book_of(root)
    cells = [cell for page in book for line in page.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    with zipfile.ZipFile(root / PLANS / "vials_2021-06_base_cheapest.xlsx") as archive:
        assert not [name for name in archive.namelist() if re.search(rb"<f[ />]", archive.read(name))]


def test_the_workbook_holds_plan_needs_prices_with_ranges_and_what_it_is(root: Path) -> None:
    cli.main(VIALS)
    book = book_of(root)
    assert book.sheetnames == [PLAN, UNMET, SHADOW, "About"]
    assert len(sheet(book, PLAN)) == len(csv_of(root))
    prices = sheet(book, SHADOW)
    assert set(prices["Of"]) == {"needs", "offers"}
    assert prices[["One unit more is worth", "Holds for so many more", "Is a range"]].notna().all(axis=None)
    assert "illustrative sample data" in str(list(book["About"].iter_rows(values_only=True))).lower()
    for name in (PLAN, UNMET, SHADOW):
        assert set(sheet(book, name)["Data"]) == {"illustrative sample data"}


def test_the_same_answers_give_the_same_bytes(root: Path) -> None:
    cli.main(VIALS)
    before = {path.name: path.read_bytes() for path in (root / PLANS).iterdir()}
    cli.main(VIALS)
    assert {path.name: path.read_bytes() for path in (root / PLANS).iterdir()} == before


def test_without_contacts_the_plan_holds_codes_and_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / CONTACTS).unlink()
    try:
        assert cli.main(VIALS) == 0
        assert "names respondents by their codes alone" in capsys.readouterr().err
        assert "company" not in csv_of(root)[0]
        assert csv_of(root)[0]["respondent_id"].startswith("r")
    finally:
        write_contacts(root)


@pytest.mark.parametrize("content", [b"", b"name\nx\n", b"respondent_id\nr1\nr1\n", b"respondent_id\n\xff\n"])
def test_contacts_that_cannot_be_read_are_refused_by_name(
    root: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / CONTACTS).write_bytes(content)
    try:
        assert cli.main(VIALS) == 2
        assert capsys.readouterr().err.startswith(f"evidence: {CONTACTS}: ")
        assert not (root / PLANS).exists()
    finally:
        write_contacts(root)


@pytest.mark.parametrize("fairness", matching.FAIRNESS)
def test_every_way_to_share_has_its_own_plan(root: Path, fairness: str) -> None:
    request = Request(NAME, "storage_minus_70", "2021-06", fairness=fairness)
    done = plan_by_respondent(request, root)
    assert done.files[0].name == f"storage_minus_70_2021-06_base_{fairness}.csv"
    assert done.lacking > 0
    assert len(sheet(book_of(root, done.files[0].stem), SHADOW)) > 27


def test_a_share_that_would_tell_what_one_sends_is_not_told(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["match", NAME, "--product", "lipids", "--month", "2021-06"]) == 0
    assert "not told" in capsys.readouterr().out


def test_of_one_country_the_plan_holds_what_it_sends_and_gets(root: Path) -> None:
    assert cli.main([*VIALS, "--scope", "FR"]) == 0
    rows = csv_of(root, "vials_2021-06_base_cheapest_FR")
    assert rows
    assert all("FR" in (row["from_country"], row["to_country"]) for row in rows)
    book = book_of(root, "vials_2021-06_base_cheapest_FR")
    assert sheet(book, UNMET)["Country, code"].to_list() == ["FR"]
    assert set(sheet(book, SHADOW)["Country"]) == {"FR"}


def test_countries_without_regions_have_a_place_too(root: Path) -> None:
    assert cli.main([*VIALS, "--scope", "ALL"]) == 0
    rows = [row for row in csv_of(root, "vials_2021-06_base_cheapest_ALL") if row["to_country"] == "UK"]
    assert rows
    assert all(float(row["km"]) < 3000 for row in rows)


def test_needs_by_inhabitant_serve_for_medical_supplies(root: Path) -> None:
    done = plan_by_respondent(Request("medical_supplies", "gowns", "2020-06"), root)
    assert done.files[0].parent == root / "data/restricted/plans/medical_supplies/2020-04-sample"
    assert 0 < (done.share_met or 0) < 1


@contextmanager
def further_scenario(root: Path, line: str) -> Iterator[None]:
    folder = root / "data" / "raw" / "scenarios"
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with (folder / "scenarios.csv").open("a", encoding="utf-8") as file:
        file.write(line)
    refresh_checksums("scenarios", root)
    try:
        yield
    finally:
        for path, data in before.items():
            path.write_bytes(data)


MISTAKES = {
    "questionnaire": ["vaccine_capacit", "vials", "2021-06"],
    "product": [NAME, "../vials", "2021-06"],
    "no need": ["medical_supplies", "meltblown", "2020-06"],
    "month": [NAME, "vials", "2021-13"],
    "month-far": [NAME, "vials", "0000-01"],
    "wave": [NAME, "vials", "2021-06", "--vintage", "../x"],
    "scope": [NAME, "vials", "2021-06", "--scope", "XX"],
    "scenario": [NAME, "vials", "2021-06", "--scenario", "../../x"],
    "fairness": [NAME, "vials", "2021-06", "--fairness", "dearest"],
    "no needs": ["printing_3d", "fdm_parts", "2020-06"],
    "nothing offered": [NAME, "vials", "2021-06", "--scenario", "no_vials"],
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_end_with_2_one_message_and_no_file(
    root: Path, mistake: str, capsys: pytest.CaptureFixture[str]
) -> None:
    questionnaire, product, month, *more = MISTAKES[mistake]
    given = ["match", questionnaire, "--product", product, "--month", month, *more]
    if mistake == "nothing offered":
        with further_scenario(root, "no_vials,No vials,capacity,,vials,vials,0,,None at all\n"):
            assert cli.main(given) == 2
    else:
        assert cli.main(given) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith("evidence: ")
    assert not (root / "data" / "restricted" / "plans").exists()


def test_what_a_killed_run_left_is_replaced_and_a_failure_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli.main(VIALS)
    before = {path.name: path.read_bytes() for path in (root / PLANS).iterdir()}
    (root / PLANS / ".vials_2021-06_base_cheapest.csv.part").write_text("half")
    cli.main(VIALS)
    assert {path.name: path.read_bytes() for path in (root / PLANS).iterdir()} == before

    calls = iter([False, True])

    def failing(path: Path) -> int:
        if next(calls):
            raise OSError(28, "No space left on device", str(path))
        return original(path)

    original = plan_files.private_file
    monkeypatch.setattr(plan_files, "private_file", failing)
    assert cli.main(VIALS) == 1
    assert {path.name: path.read_bytes() for path in (root / PLANS).iterdir()} == before
