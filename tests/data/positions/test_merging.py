"""Proposals come and go; what people decided stays to the letter, and says which points count as one."""

import argparse

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cli import position_verbs
from helpers.data.errors import InputError
from helpers.data.positions.merges_file import update_merges
from helpers.data.positions.merging import merged
from helpers.data.process import process
from helpers.data.verify import verify


def proposed(*pairs):
    rows = [(a, b, score, f"texts {score:.2f} alike") for a, b, score in pairs]
    return pd.DataFrame(rows, columns=["point_id_a", "point_id_b", "score", "evidence"])


def lines(project):
    return project.path("session_points", "merges.csv").read_text(encoding="utf-8").splitlines()[1:]


def decide(project, before, after):
    project.replace("session_points", "merges.csv", before, after)


def test_proposals_are_written_open_and_declared(project):
    done = update_merges("session_points", proposed(("P001", "P002", 0.91)), project.root)
    assert lines(project) == ["P001,P002,0.910,texts 0.91 alike,,,"]
    assert (done.open, done.new, done.decided, done.gone, done.changed) == (1, 1, 0, 0, True)
    assert verify(project.root, "session_points") == []
    assert not update_merges("session_points", proposed(("P001", "P002", 0.91)), project.root).changed


@pytest.mark.parametrize("written", ["merge,A. B.,2027-03-05", "keep,A. B.,", ",A. B.,", "Merge?,,"])
def test_what_a_person_wrote_stays_whatever_is_proposed_later(project, written):
    update_merges("session_points", proposed(("P001", "P002", 0.91), ("P001", "P003", 0.8)), project.root)
    decide(project, "P001,P002,0.910,texts 0.91 alike,,,", f"P001,P002,0.910,texts 0.91 alike,{written}")
    kept = f"P001,P002,0.910,texts 0.91 alike,{written}"
    for later in (proposed(("P002", "P001", 0.3)), proposed(), proposed(("P002", "P003", 0.9))):
        update_merges("session_points", later, project.root)
        assert lines(project)[0] == kept
    assert lines(project) == [kept, "P002,P003,0.900,texts 0.90 alike,,,"]


def test_open_pairs_that_are_not_proposed_any_more_go(project):
    update_merges("session_points", proposed(("P001", "P002", 0.9), ("P001", "P003", 0.8)), project.root)
    done = update_merges("session_points", proposed(("P001", "P003", 0.85)), project.root)
    assert lines(project) == ["P001,P003,0.850,texts 0.85 alike,,,"]
    assert (done.new, done.gone) == (0, 1)


def test_a_file_with_other_columns_or_broken_rows_is_refused_and_left(project):
    project.append("session_points", "merges.csv", "P001,P002")
    with pytest.raises(InputError, match=r"merges\.csv: row 2: 2 cells, allowed: 7"):
        update_merges("session_points", proposed(("P001", "P002", 0.9)), project.root)
    assert lines(project) == ["P001,P002"]


def test_the_marks_that_origin_declares_are_kept(project):
    origin, merges = (project.path("session_points", name) for name in ("origin.yml", "merges.csv"))
    text = origin.read_text(encoding="utf-8")
    origin.write_text(
        text.replace("name: merges.csv", 'name: merges.csv\n    delimiter: ";"\n    decimal: ","')
    )
    merges.write_text(merges.read_text().replace(",", ";"))
    update_merges("session_points", proposed(("P001", "P002", 0.9)), project.root)
    assert lines(project) == ["P001;P002;0,900;texts 0.90 alike;;;"]
    assert verify(project.root, "session_points") == []


def run(*arguments):
    parser = argparse.ArgumentParser()
    position_verbs.add_verbs(parser.add_subparsers())
    given_arguments = parser.parse_args(["points", *arguments])
    return given_arguments.verb(given_arguments)


def test_the_verb_proposes_the_pair_that_says_the_same_and_no_other(project, capsys):
    assert run() == 0
    (line,) = lines(project)
    assert line.startswith("P001,P002,0.9")
    said = capsys.readouterr()
    assert "1 pair of similar points: 1 open (1 new), 0 decided, 0 no longer proposed" in said.out
    assert "write merge or keep into decision" in said.err
    decide(project, line, line.removesuffix(",,,") + ",merge,A. B.,2027-03-05")
    assert run("session_points") == 0
    assert "0 open (0 new), 1 decided" in capsys.readouterr().out
    process(project.root, only=["session_points_merges"])


@pytest.mark.parametrize("name", ["point_ratings", "no_such_points", "session_points_1999"])
def test_the_verb_refuses_what_holds_no_points(project, name):
    with pytest.raises(InputError, match=name):
        run(name)


def points(count):
    return pd.DataFrame({"point_id": [f"P{at:03d}" for at in range(count)]})


def decisions(pairs, decision="merge"):
    rows = [(f"P{a:03d}", f"P{b:03d}", decision, "A. B.") for a, b in pairs]
    return pd.DataFrame(rows, columns=["point_id_a", "point_id_b", "decision", "decided_by"])


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12), st.randoms())
def test_merging_is_the_same_in_any_order_and_leads_to_the_earliest(pairs, chance):
    table = merged(points(10), decisions(pairs))
    shuffled = [(b, a) for a, b in pairs]
    chance.shuffle(shuffled)
    assert table["canonical_id"].tolist() == merged(points(10), decisions(shuffled))["canonical_id"].tolist()
    canonical = dict(zip(table["point_id"], table["canonical_id"], strict=True))
    assert all(kept <= point and canonical[kept] == kept for point, kept in canonical.items())
    assert all(canonical[f"P{a:03d}"] == canonical[f"P{b:03d}"] for a, b in pairs)
    assert len(set(canonical.values())) >= 10 - len(pairs)


def test_open_pairs_and_kept_ones_merge_nothing():
    for decision in ("", "keep"):
        table = merged(points(3), decisions([(0, 1)], decision))
        assert table["canonical_id"].tolist() == table["point_id"].tolist()


def test_the_earliest_is_that_of_the_first_day():
    dated = points(2).assign(date=pd.to_datetime(["2027-02-02", "2027-01-01"]))
    assert merged(dated, decisions([(0, 1)]))["canonical_id"].tolist() == ["P001", "P001"]


def test_a_decision_on_an_unknown_point_names_the_row():
    with pytest.raises(
        InputError, match=r"merges\.csv: row 2, column point_id_b: found 'P007', allowed: a point"
    ):
        merged(points(3), decisions([(0, 7)]))
