"""From the generator to ``data/raw``: exports as survey tools write them, ingested like real ones."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from helpers.data.files import write_atomically
from helpers.data.project import project_root
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.sample.coding import write_coded_sample
from helpers.data.sample.dice import Dice
from helpers.data.sample.exporters import write_eusurvey, write_limesurvey, write_odk
from helpers.data.sample.exporters.flat import response_key
from helpers.data.sample.frame import frame_csv
from helpers.data.sample.generator import Generator, sample_of
from helpers.data.sample.profile import Profile, Tool
from helpers.data.sample.response import Response
from helpers.data.survey.identities import Identities

EXPORTS = Path("data") / "sample_exports"
DECIDED_BY = "sample generator"
DECIDED = 0.85
"""Share of the proposed doubles on which the generator decides; the rest are left for a person."""
KEPT = 0.6
"""Share of the proposed pairs that are two firms on which it decides."""
_Write = Callable[[Iterable[Response], Questionnaire, Path], list[Path]]
_WRITERS: dict[Tool, tuple[str, _Write]] = {
    "eusurvey": ("xlsx", write_eusurvey),
    "limesurvey": ("csv", write_limesurvey),
    "odk": ("zip", write_odk),
}


@dataclass(frozen=True)
class Made:
    """What making a sample did: the export, the dataset, its counts, and whether anything changed."""

    export: Path
    dataset: str
    received: int
    accepted: int
    rejected: int
    changed: bool


def make_sample(name: str, root: Path | None = None) -> Made:
    """Write the sample of a questionnaire, ingest it, code some of it; what is as it was is not touched.

    Parameters
    ----------
    name
        Name of a questionnaire.
    root
        The project's folder.

    Returns
    -------
    Made

    Raises
    ------
    InputError
        If there is no such questionnaire, or its definition is faulty.
    """
    from helpers.data.survey.ingest import ingest

    base = root or project_root()
    generator = sample_of(name, root)
    responses = list(generator)
    export = write_export(responses, generator, base)
    vintage = generator.profile.vintage
    done = ingest(export, name, vintage, root=root, replace_vintage=True)
    changed = done.changed
    if _add_what_people_write(done.folder, responses, generator.profile):
        ingest(export, name, vintage, root=root, replace_vintage=True)  # describes the files just added
        changed = True
    ids = respondent_ids(responses, generator.profile.tool)
    changed |= write_coded_sample(name, vintage, responses, ids, generator.profile.seed, base)
    return Made(export, done.dataset, done.received, done.accepted, done.rejected, changed)


def write_export(responses: list[Response], generator: Generator, root: Path) -> Path:
    """Write the export of a sample to ``data/sample_exports/<questionnaire>`` and return its path.

    An export that is there already with the same bytes is left as it is.
    """
    ending, write = _WRITERS[generator.profile.tool]
    folder = root / EXPORTS / generator.questionnaire.name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{generator.profile.vintage}_{generator.profile.tool}.{ending}"
    fresh = path.with_name(f".new-{path.name}")
    try:
        write(responses, generator.questionnaire, fresh)
        if not path.is_file() or path.read_bytes() != fresh.read_bytes():
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def respondent_ids(responses: Iterable[Response], tool: Tool) -> dict[int, str]:
    """Return the id that ingest gives to each answer, by the answer's number."""
    keys: dict[Tool, Callable[[Response], str]] = {
        "eusurvey": response_key,
        "limesurvey": lambda response: str(response.number),
        "odk": lambda response: f"uuid:{response_key(response)}",
    }
    ids = Identities()
    return {
        response.number: ids.claim(keys[tool](response)) or ""
        for response in responses
        if not response.truth.broken_off
    }


def _add_what_people_write(folder: Path, responses: list[Response], profile: Profile) -> bool:
    """Write frame.csv, withdrawals.csv and decisions on doubles; return whether anything changed."""
    ids = respondent_ids(responses, profile.tool)
    wanted = {
        "frame.csv": frame_csv((response.truth for response in responses), profile.seed),
        "withdrawals.csv": _withdrawals(responses, ids, profile),
        "duplicates.csv": _decided((folder / "duplicates.csv").read_bytes(), responses, ids, profile.seed),
    }
    changed = False
    for name, data in wanted.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            write_atomically(path, data)
            changed = True
    return changed


def _withdrawals(responses: list[Response], ids: dict[int, str], profile: Profile) -> bytes:
    rows = []
    for response in responses:
        if response.truth.withdrawn and response.number in ids:
            days = Dice(f"{profile.seed}|withdrawal|{response.number}").whole(3, 60)
            rows.append([ids[response.number], (profile.closed + timedelta(days=days)).isoformat()])
    return _csv([["respondent_id", "date"], *sorted(rows, key=lambda row: (row[1], row[0]))])


def _decided(data: bytes, responses: list[Response], ids: dict[int, str], seed: str) -> bytes:
    """Return duplicates.csv with decisions on most proposed pairs; what somebody decided stays."""
    firm = {
        ids[response.number]: response.truth.duplicate_of or response.number
        for response in responses
        if response.number in ids
    }
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
    at = {name: place for place, name in enumerate(header)}
    for row in rows:
        first, second = row[at["respondent_id_a"]], row[at["respondent_id_b"]]
        if row[at["decision"]] or first not in firm or second not in firm:
            continue
        same = firm[first] == firm[second]
        if Dice(f"{seed}|decision|{first}|{second}").chance(DECIDED if same else KEPT):
            row[at["decision"]] = "merge" if same else "keep"
            row[at["decided_by"]] = DECIDED_BY
            row[at["note"]] = "made as one firm" if same else "made as two firms"
    return _csv([header, *rows])


def _csv(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8")
