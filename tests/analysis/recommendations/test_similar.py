"""Points that say the same are proposed; what is not known of them is not pretended."""

import functools

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis.recommendations.similar import ACROSS, COLUMNS, PROPOSED_FROM, folded, similar_points
from helpers.analysis.themes import code_answers, codebook_from_tables
from helpers.data.catalog import read_raw
from helpers.data.sample.positions import made_up_points


def points(*rows):
    return pd.DataFrame(rows, columns=["point_id", "text", "language", "theme"])


def codes(*rows):
    return pd.DataFrame(rows, columns=["answer_id", "theme", "term"])


@functools.cache
def sample_pairs():
    made = made_up_points()
    rows = points(*((point.point_id, point.text, point.language, point.theme or None) for point in made))
    book = codebook_from_tables(
        *(read_raw("codebook", f"{name}.csv") for name in ("themes", "terms", "markers"))
    )
    answers = rows.rename(columns={"point_id": "answer_id"})[["answer_id", "text", "language"]]
    return similar_points(rows, code_answers(answers, book, keep_negated=True))


def test_of_made_up_points_those_that_say_the_same_are_found_unless_they_share_no_words():
    made = made_up_points()
    same = {
        (a.point_id, b.point_id)
        for a in made
        for b in made
        if a.same and a.same == b.same and a.point_id < b.point_id
    }
    found = sample_pairs()
    within = found[found["score"] >= PROPOSED_FROM]
    proposed = set(zip(within["point_id_a"], within["point_id_b"], strict=True))
    assert proposed <= same
    assert len(same) == 21
    assert len(same - proposed) == 3  # reworded through and through: no measure of words finds them


def test_across_languages_a_pair_says_that_texts_were_not_compared():
    language = {point.point_id: point.language for point in made_up_points()}
    about = {point.point_id: point.recommendation for point in made_up_points()}
    across = sample_pairs()[lambda table: table["score"] < PROPOSED_FROM]
    assert len(across) > 5
    assert (across["score"] == ACROSS).all()
    assert across["evidence"].str.startswith("different languages, texts not compared; both under ").all()
    pairs = list(zip(across["point_id_a"], across["point_id_b"], strict=True))
    assert all(language[one] != language[other] for one, other in pairs)
    right = sum(about[one] == about[other] for one, other in pairs)
    assert right / len(pairs) > 0.8


def test_languages_that_differ_are_proposed_only_with_the_same_two_themes():
    given_points = points(("P1", "grid", "en", "energy"), ("P2", "Netz", "de", "energy"))
    assert similar_points(given_points).empty
    more = codes(("P1", "finance", "loan"), ("P2", "finance", "Kredit"))
    assert similar_points(given_points, more)["score"].tolist() == [ACROSS]
    assert similar_points(given_points, more.head(1)).empty


def test_common_themes_and_terms_raise_the_score_and_are_named():
    given_points = points(("P1", "Cap gas prices now", "en", None), ("P2", "Cap gas prices soon", "en", None))
    alone = similar_points(given_points)["score"].item()
    found = similar_points(given_points, codes(("P1", "energy", "gas"), ("P2", "energy", "gas")))
    assert found["score"].item() > alone
    assert found["evidence"].item().endswith("both under energy; terms in common: 1")
    apart = similar_points(given_points, codes(("P1", "energy", "gas"), ("P2", "finance", "price")))
    assert apart.empty or apart["score"].item() < alone


def test_no_points_and_empty_texts_give_no_pair():
    assert list(similar_points(points()).columns) == list(COLUMNS)
    assert similar_points(
        points(("P1", "", "en", None), ("P2", None, "en", None), ("P3", "?", "en", None))
    ).empty


def test_what_redaction_put_in_does_not_make_texts_alike():
    assert folded("Call [phone] or [name], [e-mail]") == "call or"


def test_evidence_quotes_no_text():
    hostile = "=cmd|' /C calc'!A0 <script>alert(1)</script> loans"
    found = similar_points(points(("P1", hostile, "en", None), ("P2", hostile, "en", None)))
    assert found["evidence"].tolist() == ["texts 1.00 alike"]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.text(max_size=20), st.sampled_from(["en", "de"]), st.sampled_from([None, "energy"])),
        max_size=8,
    )
)
def test_any_texts_give_each_pair_once_in_order_with_a_score_from_0_to_1(texts):
    rows = points(*((f"P{at}", *row) for at, row in enumerate(texts)))
    found = similar_points(rows)
    pairs = list(zip(found["point_id_a"], found["point_id_b"], strict=True))
    assert len(set(pairs)) == len(pairs)
    assert all(one < other for one, other in pairs)
    assert found["score"].between(0, 1).all()
    assert found["score"].is_monotonic_decreasing
