"""Made-up registrations for sessions and expressions of interest in working groups, written to ``data``."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.data.catalog import dataset_folder, read_raw
from helpers.data.files import write_atomically
from helpers.data.project import project_root
from helpers.data.sample.collaboration_interests import consent_rows, contact_rows, interests
from helpers.data.sample.collaboration_people import Session, made_up_sessions, registration_rows
from helpers.data.sample.collaboration_words import CAPABILITIES
from helpers.data.survey.guard import guarded_row
from helpers.data.survey.staging import private_file, private_folder, restricted_folder
from helpers.data.verify import refresh_checksums

REGISTRATIONS, INTERESTS = "registrations_sample", "expressions_of_interest_sample"
CONTACTS = "contacts_expressions_of_interest.csv"
_HEADERS = {
    "sessions.csv": ("session_id", "series", "title", "date", "country", "domains"),
    "registrations.csv": (
        *("registration_id", "session_id", "participant_id", "country", "kind"),
        *("organisation_id", "registered", "attended", "question"),
    ),
    "interests.csv": (
        *("participant_id", "country", "kind", "domains", "ecosystems", "stages", "offers", "needs"),
        *("interest", "role", "group_size_wish"),
    ),
    "capabilities.csv": ("capability", "label", "domains"),
    "consents.csv": ("participant_id_a", "participant_id_b", "agreed_a", "agreed_b"),
    CONTACTS: ("participant_id", "organisation", "contact", "email"),
}


@dataclass(frozen=True)
class MadeDataset:
    """A dataset that was made up: its name, the rows of its main table, whether anything changed."""

    dataset: str
    rows: int
    changed: bool


def make_collaboration_sample(root: Path | None = None) -> list[MadeDataset]:
    """Write both datasets and the contacts; what is as it was is not touched.

    Parameters
    ----------
    root
        The project's folder. ``data/raw`` must hold ``event_series`` (the public sessions) and, of both
        datasets, ``origin.yml``, whose checksums are brought up to date.

    Returns
    -------
    list of MadeDataset
        Registrations and expressions of interest. Contacts go to ``data/restricted``, for their owner only.

    Raises
    ------
    InputError
        If one of these datasets is missing or faulty.
    """
    invented = made_up_sessions()
    registered = registration_rows([*_announced(root), *invented])
    made = interests()
    first = {"sessions.csv": [_session_cells(one) for one in invented], "registrations.csv": registered}
    second = {
        "interests.csv": [one.cells() for one in made],
        "capabilities.csv": [list(row) for row in CAPABILITIES],
        "consents.csv": consent_rows(made),
    }
    done = [
        MadeDataset(REGISTRATIONS, len(registered), _store(REGISTRATIONS, first, root)),
        MadeDataset(INTERESTS, len(made), _store(INTERESTS, second, root)),
    ]
    _store_contacts(contact_rows(made), root)
    return done


def _announced(root: Path | None) -> list[Session]:
    """Return the sessions that were really announced."""
    table = read_raw("event_series", "sessions.csv", root)
    return [
        Session(row["session_id"], row["series"], row["title"], row["date"].date(), "", "", made_up=False)
        for row in table.to_dict("records")
    ]


def _session_cells(session: Session) -> list[str]:
    day = session.date.isoformat()
    return [session.session_id, session.series, session.title, day, session.country, session.domains]


def _store(dataset: str, files: dict[str, list[list[str]]], root: Path | None) -> bool:
    folder = dataset_folder(dataset, root)
    written = [_write(folder / name, rows) for name, rows in files.items()]
    refreshed = refresh_checksums(dataset, root)
    return any(written) or bool(refreshed)


def _store_contacts(rows: list[list[str]], root: Path | None) -> None:
    folder = restricted_folder(root or project_root())
    private_folder(folder)
    path = folder / CONTACTS
    data = _csv(CONTACTS, rows)
    if path.is_file() and path.read_bytes() == data:
        return
    path.unlink(missing_ok=True)  # one that was there already may be open to others
    with open(private_file(path), "wb") as file:  # noqa: PTH123  # a descriptor that is open to its owner only
        file.write(data)


def _csv(name: str, rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table as CSV, cells guarded against spreadsheet programs."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADERS[name])
    writer.writerows(guarded_row(row) for row in rows)
    return text.getvalue().encode("utf-8")


def _write(path: Path, rows: Iterable[Sequence[str]]) -> bool:
    """Write a table; return whether it differs from before."""
    data = _csv(path.name, rows)
    if path.is_file() and path.read_bytes() == data:
        return False
    write_atomically(path, data)
    return True
