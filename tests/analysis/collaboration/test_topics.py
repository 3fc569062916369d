"""Topics of sessions: by the codebook in titles, by stated domains, over time."""

from datetime import date

import pandas as pd

from helpers.analysis.collaboration.shown_topics import NO_SESSION, NOT_NOTED, topic_table
from helpers.analysis.collaboration.topics import (
    BY_CODEBOOK,
    BY_DOMAINS,
    NO_TOPIC,
    topics_by_codebook,
    topics_by_domain,
    topics_over_time,
)
from helpers.analysis.themes.codebook import Codebook, codebook_from_tables

SESSIONS = pd.DataFrame(
    {
        "session_id": ["s1", "s2", "s3"],
        "title": ["Energy and skilled workers", "Outcomes of the conference", "Energy again"],
        "date": pd.to_datetime([date(2021, 2, 18), date(2022, 6, 22), date(2022, 9, 7)]),
        "domains": ["energy;skills", None, "energy"],
    }
)
DOMAINS = pd.DataFrame({"domain": ["energy", "skills"], "label": ["Energy", "Skills"]})


def codebook() -> Codebook:
    themes = pd.DataFrame({"theme": ["energy", "skills"], "label": ["Energy", "Skills"]})
    terms = pd.DataFrame(
        {"theme": ["energy", "skills"], "language": "en", "term": ["energy", "skilled worker*"]}
    )
    return codebook_from_tables(themes, terms)


def test_titles_are_coded_by_the_codebook_and_one_without_a_theme_says_so() -> None:
    table = topics_by_codebook(SESSIONS, codebook())
    assert sorted(zip(table["session_id"], table["topic"], strict=True)) == [
        ("s1", "energy"),
        ("s1", "skills"),
        ("s2", NO_TOPIC),
        ("s3", "energy"),
    ]
    assert set(table["method"]) == {BY_CODEBOOK}


def test_stated_domains_are_another_method_and_named_as_such() -> None:
    table = topics_by_domain(SESSIONS, DOMAINS)
    assert table.loc[table["session_id"] == "s1", "label"].tolist() == ["Energy", "Skills"]
    assert table.loc[table["session_id"] == "s2", "topic"].tolist() == [NO_TOPIC]
    assert set(table["method"]) == {BY_DOMAINS}


def test_a_share_is_of_all_sessions_of_the_period_those_without_a_topic_included() -> None:
    table = topics_over_time(topics_by_domain(SESSIONS, DOMAINS), SESSIONS).set_index(["period", "topic"])
    assert table.loc[("2021", "energy"), "share"] == 1.0
    assert table.loc[("2022", "energy"), "share"] == 0.5
    assert table.loc[("2022", "skills"), "sessions"] == 0
    assert list(dict.fromkeys(table.index.get_level_values("topic"))) == ["energy", "skills"]


def test_organisations_at_a_topic_are_shown_from_the_minimum_only() -> None:
    topics = topics_by_domain(SESSIONS, DOMAINS)
    there = [("s1", f"o{n}") for n in range(5)]
    present = pd.DataFrame(there, columns=["session_id", "organisation_id"]).assign(
        date=pd.Timestamp(2021, 2, 18)
    )
    table = topic_table(topics, SESSIONS, present).set_index(["period", "topic"])
    assert table.loc[("2021", "energy"), "organisations"] == 5
    assert table.loc[("2022", "energy"), "status"] == NOT_NOTED
    assert table.loc[("2022", "skills"), "status"] == NO_SESSION
    few = topic_table(topics, SESSIONS, present.head(2)).set_index(["period", "topic"])
    assert few.loc[("2021", "energy"), "status"] == "held back"
    assert pd.isna(few.loc[("2021", "energy"), "organisations"])


def test_sessions_without_any_topic_give_an_empty_table() -> None:
    bare = SESSIONS.assign(domains=None)
    assert topics_over_time(topics_by_domain(bare, DOMAINS), bare).empty
