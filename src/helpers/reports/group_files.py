"""The sheets of working groups: a page and a workbook a group, in ``data/restricted/groups``."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.analysis.collaboration.consent import contact_pairs, shown_contacts
from helpers.analysis.collaboration.group_sheets import GroupSheet, sheet_of
from helpers.analysis.collaboration.groups import Groups, make_groups
from helpers.analysis.collaboration.people import people_of
from helpers.data.coding.harmless import harmless
from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.data.project import project_root, raw_folder
from helpers.data.survey.guard import guarded, unguarded
from helpers.data.survey.staging import private_folder, restricted_folder
from helpers.reports.collaboration import ALL, domain_given, people_for
from helpers.reports.group_facts import KnownFact, facts_to_look_at, look_up
from helpers.reports.group_page import sheet_page, sheet_workbook
from helpers.reports.plan_files import replace_privately
from helpers.reports.values import did_you_mean

FOLDER = "groups"
CONTACTS = "contacts_expressions_of_interest.csv"
INTERESTED = "expressions_of_interest"
_LIST = "files.txt"
"""Says which files a run wrote, so that the next one takes away its own and no others."""
_OWN = re.compile(r"(contacts/)?[a-z0-9-]+\.(html|xlsx|csv)")


@dataclass(frozen=True)
class WrittenGroups:
    """What was written: the folder, the groups, how many have a place, who has none, and remarks."""

    folder: Path
    groups: Groups
    files: int
    with_contacts: int
    notes: tuple[str, ...]


def write_groups(
    domain: str = ALL, *, size: int = 6, seed: int = 0, out: Path | None = None, root: Path | None = None
) -> WrittenGroups:
    """Make working groups of those who express interest and write a page and a workbook of each.

    Parameters
    ----------
    domain
        One of the supply-chain domains, or ``all``.
    size
        Members wanted; one less and one more are allowed.
    seed
        The same seed gives the same groups.
    out
        Folder; by default ``data/restricted/groups``, which git ignores.
    root
        The project's folder.

    Raises
    ------
    InputError
        If the domain or the size is not allowed, or the tables are not made yet.
    """
    root = (root or project_root()).resolve()
    _check_domain(domain, root)
    observed = (raw_folder(root) / INTERESTED).is_dir()
    dataset = INTERESTED if observed else f"{INTERESTED}_sample"
    everybody = people_of(read_table(f"{dataset}_interests", root))
    people = people_for(everybody, set(everybody["country"]), domain)
    groups = make_groups(people, size=size, seed=seed, domain_of=domain_given(people, domain))
    contacts, notes = _contacts(root)
    consents = read_table(f"{dataset}_consents", root)
    known = facts_to_look_at(read_table("codebook_themes", root))
    folder = out.resolve() if out else restricted_folder(root) / FOLDER
    files: dict[Path, bytes] = {}
    for group in groups.groups["group"]:
        sheet = sheet_of(group, groups, people, known)
        facts = look_up(sheet.look_at["fact"], root)
        who = sheet.who.merge(common_contacts(sheet.who, consents, contacts), on="participant_id", how="left")
        files |= _group_files(folder, sheet, who, facts, sample=not observed)
    personal = _personal_files(folder, groups, consents, contacts)
    _write(folder, files | personal)
    return WrittenGroups(folder, groups, len(files), len(personal), tuple(notes))


def _check_domain(domain: str, root: Path) -> None:
    known = [ALL, *read_table("supply_chain_domains", root)["domain"]]
    if domain not in known:
        raise InputError(
            f"--domain: found {domain[:60]!r}{did_you_mean(domain, known)}; allowed: {', '.join(known)}"
        )


def _contacts(root: Path) -> tuple[pd.DataFrame, list[str]]:
    """Return the contacts if they are there, as they were stated."""
    path = restricted_folder(root) / CONTACTS
    where = path.relative_to(root)
    if not path.is_file():
        empty = pd.DataFrame({"participant_id": pd.Series(dtype="str")})
        return empty, [f"{where}: is not there; the sheets name members by their codes alone"]
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8")
    except ValueError as error:
        raise InputError(f"{where}: cannot be read as CSV in UTF-8 ({type(error).__name__})") from None
    if "participant_id" not in table:
        raise InputError(f"{where}: row 1: found no column participant_id; allowed: one, and what is shown")
    return table.map(unguarded), []


def common_contacts(who: pd.DataFrame, consents: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Return the contacts that may stand on a sheet which every member reads.

    Parameters
    ----------
    who
        ``participant_id`` of the members.
    consents
        See `helpers.analysis.collaboration.consent.contact_pairs`.
    contacts
        ``participant_id`` and what is to be shown.

    Returns
    -------
    DataFrame
        ``participant_id``, ``contact`` in one text: of the members who agreed, both ways, with all others.

    Examples
    --------
    >>> consents = pd.DataFrame({"participant_id_a": ["p1", "p1"], "participant_id_b": ["p2", "p3"],
    ...                          "agreed_a": ["yes", "yes"], "agreed_b": ["yes", "yes"]})
    >>> contacts = pd.DataFrame({"participant_id": ["p1", "p2"], "email": ["a@a.eu", "b@b.eu"]})
    >>> members = pd.DataFrame({"participant_id": ["p1", "p2", "p3"]})
    >>> common_contacts(members, consents, contacts).to_numpy().tolist()
    [['p1', 'a@a.eu']]
    """
    members = set(who["participant_id"])
    agreed = {frozenset(pair) for pair in contact_pairs(consents).itertuples(index=False, name=None)}
    allowed = [
        one for one in sorted(members) if all(frozenset((one, other)) in agreed for other in members - {one})
    ]
    rows = contacts[contacts["participant_id"].isin(allowed)]
    said = [", ".join(str(cell) for cell in row[1:] if str(cell)) for row in _rows(rows)]
    return pd.DataFrame(
        {"participant_id": rows["participant_id"].astype("str"), "contact": said}, dtype="str"
    )


def _rows(table: pd.DataFrame) -> list[tuple[object, ...]]:
    first = ["participant_id", *(name for name in table.columns if name != "participant_id")]
    return list(table[first].itertuples(index=False, name=None))


def _group_files(
    folder: Path, sheet: GroupSheet, who: pd.DataFrame, facts: Mapping[str, KnownFact], *, sample: bool
) -> dict[Path, bytes]:
    name = file_name(sheet.group)
    title = f"Working group {sheet.group}"
    return {
        folder / f"{name}.html": sheet_page(title, sheet, who, facts, folder, sample=sample).encode("utf-8"),
        folder / f"{name}.xlsx": sheet_workbook(title, sheet, who, facts, sample=sample),
    }


def file_name(group: str) -> str:
    """Return a name for files that no file system takes amiss.

    Examples
    --------
    >>> file_name("raw materials and metals 1"), file_name("../x")
    ('raw-materials-and-metals-1', 'x')
    """
    return re.sub(r"[^a-z0-9]+", "-", group.casefold()).strip("-") or "group"


def _personal_files(
    folder: Path, groups: Groups, consents: pd.DataFrame, contacts: pd.DataFrame
) -> dict[Path, bytes]:
    """Return for each member the contacts of those of its group with whom it agreed, both ways."""
    files = {}
    for _, members in groups.members.groupby("group"):
        inside = contacts[contacts["participant_id"].isin(members["participant_id"])]
        for code in members["participant_id"]:
            seen = shown_contacts(code, consents, inside)
            if len(seen):
                files[folder / "contacts" / f"{file_name(code)}.csv"] = _csv(seen)
    return files


def _csv(table: pd.DataFrame) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([guarded(harmless(str(cell))) for cell in row] for row in _rows(table))
    return text.getvalue().encode("utf-8")


def _write(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Write the files for their owner only; those of another run go, and nothing else does."""
    for place in (folder, folder / "contacts"):
        if not place.is_dir():
            private_folder(place)
    names = sorted(path.relative_to(folder).as_posix() for path in files)
    written = folder / _LIST
    before = written.read_text(encoding="utf-8").splitlines() if written.is_file() else []
    replace_privately({**files, written: "".join(f"{name}\n" for name in names).encode("utf-8")})
    for name in before:
        if name not in names and _OWN.fullmatch(name):
            (folder / name).unlink(missing_ok=True)
