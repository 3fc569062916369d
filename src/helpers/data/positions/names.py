"""Which datasets hold points, ratings and the register, and which files and columns belong to them."""

import re
from collections.abc import Mapping

POINTS, RATINGS, REGISTER = "session_points", "point_ratings", "recommendations"
FILES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    POINTS: {
        "sessions.csv": ("session", "date", "title"),
        "points.csv": (
            *("point_id", "session", "date", "text", "language", "theme", "country", "proposer_kind"),
        ),
        "merges.csv": (
            *("point_id_a", "point_id_b", "score", "evidence", "decision", "decided_by", "decided_on"),
        ),
    },
    RATINGS: {
        "ratings.csv": (
            *("respondent_id", "country", "respondent_kind", "point_id", "importance", "feasibility"),
            *("comment", "answered"),
        ),
    },
    REGISTER: {
        "recommendations.csv": ("recommendation_id", "text", "title", "status"),
        "points.csv": ("recommendation_id", "point_id"),
        "themes.csv": ("recommendation_id", "theme"),
        "evidence.csv": ("recommendation_id", "report", "kind", "name", "reason"),
        "history.csv": ("recommendation_id", "session", "date", "status", "change"),
    },
}
"""Dataset -> file -> columns that it needs; further columns are allowed."""
TEXTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    (POINTS, "sessions.csv"): ("title",),
    (POINTS, "points.csv"): ("text",),
    (POINTS, "merges.csv"): ("evidence",),
    (RATINGS, "ratings.csv"): ("comment",),
    (REGISTER, "recommendations.csv"): ("text", "title"),
    (REGISTER, "evidence.csv"): ("reason",),
    (REGISTER, "history.csv"): ("change",),
}
"""Dataset and file -> columns in which people write what they like."""
REPORTS = ("clusters", "capacity", "supply", "themes", "recommendations", "collaboration")
"""Keys of the reports that a paper composes, to which evidence refers."""
_NAME = re.compile(rf"({POINTS}|{RATINGS}|{REGISTER})((?:_(?:sample|[0-9][0-9a-z_]*))?)")


def parts(dataset: str) -> tuple[str, str] | None:
    """Return which of the three a dataset is, and what stands behind that in its name; else nothing.

    Datasets with the same ending belong together.

    Examples
    --------
    >>> parts("session_points_sample"), parts("point_ratings"), parts("recommendations_2021")
    (('session_points', '_sample'), ('point_ratings', ''), ('recommendations', '_2021'))
    >>> parts("recommendations_of_others") is None
    True
    """
    match = _NAME.fullmatch(dataset)
    return (match[1], match[2]) if match else None
