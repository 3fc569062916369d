"""Nothing changes between two publications without a reason that is kept."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stated_facts import stated

from helpers.data.errors import InputError
from helpers.reports.publish.backtest import read_explanations
from helpers.reports.publish.reasons import RefusedError


@pytest.fixture
def changed(project):
    """The project after its report was published and built again with other facts."""
    facts = [stated("sites", 100), stated("firms", 50), stated("towns", 20)]
    project.build(facts=facts)
    project.publish("2026-11-21")
    project.build(facts=[stated("sites", 120), stated("firms", 51), stated("roads", 3)])
    return project


def test_unexplained_changes_are_refused_each_by_name(changed):
    with pytest.raises(RefusedError) as caught:
        changed.publish()
    assert caught.value.reasons == [
        "back test: fact sites: 100 -> 120 (large: +20.0\xa0%) has no reason; give one by --accept-changes",
        "back test: fact towns: 20 -> not stated (no longer stated: no longer stated) has no reason; "
        "give one by --accept-changes",
    ]


def test_one_reason_does_not_explain_the_other_change(changed):
    with pytest.raises(RefusedError) as caught:
        changed.publish(accept=changed.explain(sites="The register was completed."))
    assert [reason.split(":")[1] for reason in caught.value.reasons] == [" fact towns"]


def test_reasons_are_kept_beside_what_they_explain(changed):
    reasons = {"sites": "The register was completed, with BE.", "towns": "=cmd|' /C calc'!A0"}
    folder = changed.publish(accept=changed.explain(**reasons)).folder
    with (folder / "changes_since_2026-11-21.csv").open(newline="") as file:
        rows = {row["fact"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["sites", "towns", "firms", "roads"]
    assert rows["sites"]["reason"] == reasons["sites"]
    assert rows["towns"]["reason"].startswith("'=")
    assert rows["firms"]["reason"] == ""
    page = (folder / "changes_since_2026-11-21.html").read_text()
    assert "published on 2026-11-21" in page
    assert "<code>sites</code>" in page


def test_small_and_new_facts_ask_for_no_reason(project):
    project.publish("2026-11-21")
    project.build(facts=[stated("sites", 7), stated("roads", 3)])
    assert [change.name for change in project.publish().test.changes] == ["roads"]


def test_the_last_publication_counts_and_not_the_first(changed):
    reasons = changed.explain(sites="Completed.", towns="Moved.")
    changed.publish("2026-11-22", accept=reasons)
    assert changed.publish("2026-11-23").test.changes == ()


def test_a_publication_is_not_dated_before_the_last(changed):
    reasons = changed.explain(sites="Completed.", towns="Moved.")
    with pytest.raises(RefusedError, match="2026-11-20 is before 2026-11-21"):
        changed.publish("2026-11-20", accept=reasons)


def test_a_reason_for_what_did_not_change_is_a_mistake(changed):
    with pytest.raises(InputError, match="fact 'site' did not change since 2026-11-21; did you mean 'sites'"):
        changed.publish(accept=changed.explain(site="Completed."))


def test_a_reason_for_a_first_publication_is_a_mistake(project):
    with pytest.raises(InputError, match="published for the first time"):
        project.publish(accept=project.explain(sites="Completed."))


def test_explanations_inside_the_project_do_not_make_it_dirty(changed):
    path = changed.root / "reasons.csv"
    path.write_text("fact,reason\nsites,Completed.\ntowns,Moved.\n")
    assert changed.publish(accept=path).folder.is_dir()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "row 1: found 'nothing', allowed is the header fact,reason"),
        ("fact;reason\nsites;x\n", "row 1"),
        ("fact,reason\nsites,\n", "row 2: fact 'sites' has no reason"),
        ("fact,reason\n,why\n", "row 2: names no fact"),
        ("fact,reason\nsites,a\nsites,b\n", "row 3: fact 'sites' is explained twice"),
        ("fact,reason\nsites,a,b\n", "row 2: found 3 cells"),
        ("fact,reason\nsites," + "x" * 1001 + "\n", "row 2: the reason of 'sites' has 1,001 characters"),
        ("fact,reason\nsites,ask jo@firm.eu\n", "row 2: the reason of 'sites' holds an address or number"),
    ],
)
def test_a_file_that_explains_nothing_is_a_mistake(tmp_path, text, message):
    path = tmp_path / "why.csv"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_explanations(path)
    assert message in str(caught.value)


def test_a_file_of_another_kind_is_a_mistake(tmp_path):
    path = tmp_path / "why.csv"
    with pytest.raises(InputError, match="there is no such file"):
        read_explanations(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        read_explanations(path)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True),
        st.from_regex("[a-z][a-z ,]{0,20}", fullmatch=True),
    )
)
def test_what_a_spreadsheet_program_saves_is_read(tmp_path_factory, reasons):
    path = tmp_path_factory.mktemp("csv") / "why.csv"
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([["Fact", "Reason"], *reasons.items()])
    assert read_explanations(path) == {name: " ".join(why.split()) for name, why in reasons.items()}
