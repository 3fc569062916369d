"""Topics of the sessions and how many organisations they drew, as far as it may be shown."""

import pandas as pd

from helpers.analysis.collaboration.participation import Every
from helpers.analysis.collaboration.shown_participation import NOBODY, over_time_table
from helpers.analysis.collaboration.topics import NO_TOPIC, topics_over_time

NO_SESSION, NOT_NOTED = "no session", "nobody noted"


def topic_table(
    topics: pd.DataFrame,
    sessions: pd.DataFrame,
    present: pd.DataFrame,
    every: Every = "year",
    *,
    min_count: int = 3,
) -> pd.DataFrame:
    """Return by period and topic how many sessions there were and how many organisations came.

    Parameters
    ----------
    topics
        From `topics.topics_by_codebook` or `topics.topics_by_domain`.
    sessions
        From `participation.all_sessions`.
    present
        From `participation.presences`.
    every
        Length of a period.
    min_count
        Fewest organisations behind a number.

    Returns
    -------
    DataFrame
        As `topics.topics_over_time`, with ``organisations`` (missing where held back) and ``status``
        (shown, held back, nobody noted, no session). The number of sessions is public and always shown.
    """
    table = topics_over_time(topics, sessions, every)
    named = topics.loc[topics["topic"] != NO_TOPIC, ["session_id", "topic"]]
    rows = present.merge(named, on="session_id")
    counted = over_time_table(rows, "topic", every, min_count=min_count)
    joined = table.merge(
        counted[["period", "topic", "organisations", "status"]], "left", on=["period", "topic"]
    )
    none, unnoted = joined["sessions"] == 0, joined["status"].isna() | (joined["status"] == NOBODY)
    status = joined["status"].mask(unnoted, NOT_NOTED).mask(none, NO_SESSION)
    return joined.assign(
        organisations=joined["organisations"].mask(none | unnoted), status=status.astype("str")
    )
