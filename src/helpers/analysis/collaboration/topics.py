"""What the sessions were about, and how that changed."""

from collections.abc import Mapping

import pandas as pd

from helpers.analysis.checks import require_columns
from helpers.analysis.collaboration.participation import Every, period_of
from helpers.analysis.themes.codebook import Codebook
from helpers.analysis.themes.coder import code_answers

BY_CODEBOOK = "themes of the codebook, found by the machine in the sessions' titles"
BY_DOMAINS = "supply-chain domains, as stated for the session"
NO_TOPIC = ""


def topics_by_codebook(sessions: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Return the themes that the project's coder finds in the title of each session.

    Parameters
    ----------
    sessions
        ``session_id``, ``title``.
    codebook
        See `helpers.analysis.themes.codebook`. Titles are read as English where they are too short to tell.

    Returns
    -------
    DataFrame
        A row a session and theme: ``session_id``, ``topic``, ``label``, ``method``; a session without any
        has one row whose topic is `NO_TOPIC`.

    Notes
    -----
    The codebook holds words for difficulties. A title that names something else ("Outcomes of the
    conference") has no theme, which does not say that it is about nothing.
    """
    require_columns(sessions, "sessions", ["session_id", "title"])
    answers = pd.DataFrame(
        {"answer_id": sessions["session_id"], "text": sessions["title"], "language": "en"}
    ).reset_index(drop=True)
    codes = code_answers(answers, codebook)
    labels = {theme.theme: theme.label for theme in codebook.themes}
    found = codes[["answer_id", "theme"]].drop_duplicates()
    return _topics(
        sessions, found.rename(columns={"answer_id": "session_id", "theme": "topic"}), labels, BY_CODEBOOK
    )


def topics_by_domain(sessions: pd.DataFrame, domains: pd.DataFrame) -> pd.DataFrame:
    """Return the supply-chain domains stated for each session.

    Parameters
    ----------
    sessions
        ``session_id``, ``domains`` (joined by ``;``, missing where none is stated: of announced sessions
        nobody stated any).
    domains
        Table ``supply_chain_domains``.

    Returns
    -------
    DataFrame
        As by `topics_by_codebook`.
    """
    require_columns(sessions, "sessions", ["session_id", "domains"])
    labels = dict(zip(domains["domain"], domains["label"], strict=True))
    stated = sessions.dropna(subset="domains")
    listed = stated.assign(topic=stated["domains"].str.split(";")).explode("topic")
    return _topics(sessions, listed[["session_id", "topic"]], labels, BY_DOMAINS)


def topics_over_time(topics: pd.DataFrame, sessions: pd.DataFrame, every: Every = "year") -> pd.DataFrame:
    """Count the sessions of each topic by period.

    Parameters
    ----------
    topics
        From `topics_by_codebook` or `topics_by_domain`.
    sessions
        ``session_id``, ``date``.
    every
        Length of a period.

    Returns
    -------
    DataFrame
        Every period and topic, periods in order and the commonest topic first: ``period``, ``topic``,
        ``label``, ``sessions``, ``share`` (of the period's sessions, those without a topic included; a
        session with two topics counts in both), ``method``.
    """
    require_columns(topics, "topics", ["session_id", "topic", "label", "method"])
    dated = sessions[["session_id", "date"]].assign(period=period_of(sessions["date"], every))
    rows = topics[topics["topic"] != NO_TOPIC].merge(dated, on="session_id")
    total = dated["period"].value_counts()
    counts = rows.groupby(["period", "topic"])["session_id"].nunique().rename("sessions")
    often = rows["topic"].value_counts()
    order = sorted(often.index, key=lambda topic: (-often[topic], topic))
    grid = pd.MultiIndex.from_product([sorted(total.index), order], names=["period", "topic"])
    table = counts.reindex(grid, fill_value=0).reset_index()
    labels = dict(zip(topics["topic"], topics["label"], strict=True))
    return table.assign(
        label=table["topic"].map(labels).astype("str"),
        sessions=table["sessions"].astype("int64"),
        share=table["sessions"].astype("float64") / table["period"].map(total).astype("float64"),
        method=topics["method"].iloc[0] if len(topics) else "",
    )[["period", "topic", "label", "sessions", "share", "method"]]


def _topics(
    sessions: pd.DataFrame, found: pd.DataFrame, labels: Mapping[str, str], method: str
) -> pd.DataFrame:
    rows = sessions[["session_id"]].merge(found, on="session_id", how="left")
    topic = rows["topic"].fillna(NO_TOPIC).astype("str")
    label = topic.map({**labels, NO_TOPIC: "No topic found"}).fillna(topic).astype("str")
    return rows.assign(topic=topic, label=label, method=method)[["session_id", "topic", "label", "method"]]
