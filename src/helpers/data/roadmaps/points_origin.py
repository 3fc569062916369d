"""How ``data/raw/session_points`` declares itself if it begins with steps of roadmaps."""

import datetime as dt
from pathlib import Path

import yaml

from helpers.data.files import sha256_of
from helpers.data.origin import Origin
from helpers.data.positions.names import FILES, POINTS
from helpers.data.roadmaps.columns import KINDS, LANGUAGES


def points_origin(folder: Path, rows: dict[str, int]) -> str:
    """Return the text of ``origin.yml``.

    Parameters
    ----------
    folder
        Where the files stand.
    rows
        Rows of each file.
    """
    today = dt.datetime.now(dt.UTC).date()
    content = {
        "title": "Points of working sessions",
        "producer": "The organisation that held the sessions",
        "citation": "Points of working sessions.",
        "url": "Not published",
        "licence": "As agreed with those who proposed them",
        "retrieved": today,
        "vintage": f"{today:%Y-%m}",
        "kind": "observed",
        "notes": "Begun with steps of roadmaps; texts are redacted.",
        "files": [
            {
                "name": name,
                "sha256": sha256_of(folder / name),
                "rows": rows[name],
                "meaning": meaning,
                "unique": [unique],
                "columns": [{"name": column, **_COLUMNS[column]} for column in FILES[POINTS][name]],
            }
            for name, meaning, unique in _FILES
        ],
    }
    Origin.model_validate(content)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


_FILES = (
    ("sessions.csv", "One row a working session", ["session"]),
    ("points.csv", "One row a point that somebody proposed", ["point_id"]),
    (
        "merges.csv",
        "One row a pair of points that may say the same, and what people decided",
        ["point_id_a", "point_id_b"],
    ),
)
_POINT = {"pattern": "P[0-9]{3,6}"}
_COLUMNS: dict[str, dict[str, object]] = {
    "session": {
        "type": "string",
        "meaning": "Code of the session",
        "allowed": {"pattern": "roadmap|S[1-9][0-9]?"},
    },
    "date": {"type": "date", "meaning": "Day of the session"},
    "title": {"type": "string", "meaning": "What the session was about"},
    "point_id": {"type": "string", "meaning": "Code of the point", "allowed": _POINT},
    "text": {"type": "string", "meaning": "The point in the words of the proposer, redacted"},
    "language": {
        "type": "string",
        "meaning": "ISO 639-1 code of the text's language",
        "allowed": list(LANGUAGES),
    },
    "theme": {
        "type": "string",
        "meaning": "Theme of data/raw/codebook that the point was put under",
        "allowed": {"pattern": "[a-z][a-z0-9]*(_[a-z0-9]+)*"},
        "required": False,
        "missing": "None of the themes",
    },
    "country": {"type": "country", "codes": "eurostat", "meaning": "Country of the proposer"},
    "proposer_kind": {
        "type": "string",
        "meaning": "Kind of organisation of the proposer",
        "allowed": list(KINDS),
    },
    "point_id_a": {"type": "string", "meaning": "The earlier of the two points", "allowed": _POINT},
    "point_id_b": {"type": "string", "meaning": "The later one", "allowed": _POINT},
    "score": {
        "type": "number",
        "unit": "from 0 to 1",
        "meaning": "How alike the two are",
        "allowed": {"min": 0, "max": 1},
    },
    "evidence": {"type": "string", "meaning": "In what the two are alike"},
    "decision": {
        "type": "string",
        "meaning": "merge: the two are one point, the earlier one; keep: they are two",
        "allowed": ["merge", "keep"],
        "required": False,
        "missing": "Nobody has decided; the two are kept apart",
    },
    "decided_by": {
        "type": "string",
        "meaning": "Who decided",
        "required": False,
        "missing": "Nobody has decided",
    },
    "decided_on": {
        "type": "date",
        "meaning": "Day of the decision",
        "required": False,
        "missing": "Not decided or not noted",
    },
}
README = """# Points of working sessions

What people proposed in working sessions, and what working groups wrote into roadmaps (session `roadmap`, by
`evidence roadmap --to-points`). Columns are as in `data/raw/session_points_sample`: `sessions.csv`,
`points.csv`, and `merges.csv` with pairs of points that may say the same.

## What one must not conclude

That anybody agrees to a point because it stands here.
"""
