"""From the export of a survey tool to a vintage in ``data/raw``: all or nothing, every row accounted for."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.project import project_root
from helpers.data.questionnaires.definition import load_questionnaire
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.strict_yaml import load_yaml
from helpers.data.survey.answers import AnswerReader
from helpers.data.survey.codebook import readme_text
from helpers.data.survey.companions import (
    keep_what_people_wrote,
    mapping_text,
    write_duplicates,
)
from helpers.data.survey.describe import MAPPING, write_origin
from helpers.data.survey.export import DateOrder, Export
from helpers.data.survey.identities import Identities
from helpers.data.survey.kept_decisions import refuse_lost_decisions
from helpers.data.survey.mapping import Assignment, Decided, assign
from helpers.data.survey.mapping_file import SUFFIX, load_mapping, review_text, write_review
from helpers.data.survey.moments import Moments, with_date_order
from helpers.data.survey.personal import shortened
from helpers.data.survey.recognise import open_export
from helpers.data.survey.registered import redact_registered
from helpers.data.survey.staging import Staging, restricted_folder, staged
from helpers.data.survey.streaming import Counts, stream
from helpers.data.vintages import VINTAGE

ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-16"),
    *("cp1250", "cp1252", "cp1253", "iso-8859-1", "iso-8859-2", "iso-8859-7"),
)
_MOST_LISTED = 30


@dataclass(frozen=True)
class Ingested:
    """What an ingest did.

    Parameters
    ----------
    dataset
        Name in the catalogue: "<questionnaire>/<vintage>".
    folder
        Where it is.
    received, accepted, rejected
        Answers; the first is the sum of the others.
    capacities
        Rows of capacities.csv.
    changed
        False if the very same was there already.
    notes
        Remarks for the person who ingests.
    """

    dataset: str
    folder: Path
    tool: str
    received: int
    accepted: int
    rejected: int
    capacities: int
    changed: bool
    notes: tuple[str, ...]


def ingest(
    path: Path | Sequence[Path],
    questionnaire: str,
    vintage: str | None = None,
    *,
    root: Path | None = None,
    mapping: Path | None = None,
    tool: str | None = None,
    encoding: str | None = None,
    dates: DateOrder | None = None,
    replace_vintage: bool = False,
) -> Ingested:
    """Read an export and write its answers to ``data/raw/<questionnaire>/<vintage>``.

    Parameters
    ----------
    path
        The export: a file, several that continue each other, or a folder of CSV files.
    questionnaire
        Name of the questionnaire that was asked.
    vintage
        "YYYY-MM", or "YYYY-MM-sample" for made-up answers; the month of the latest answer if not given.
    root
        The project's folder.
    mapping
        A mapping file that a person filled in.
    tool
        Name of the survey tool; told by the content if not given.
    encoding
        Of delimited text, if it is known.
    dates
        How dates with slashes are written: "dmy", "mdy" or "ymd"; by the tool if not given.
    replace_vintage
        Whether the answers of another file may be replaced.

    Returns
    -------
    Ingested

    Raises
    ------
    InputError
        If the file cannot be read, a required question has no column, or the vintage holds another file. Then
        nothing is written but the file in which a person decides what is unclear.
    """
    base = root or project_root()
    paths = [path] if isinstance(path, Path) else list(path)
    asked = load_questionnaire(questionnaire, root)
    _check_options(vintage, encoding, dates)
    decided = load_mapping(mapping, asked) if mapping else Decided()
    with open_export(paths, tool, encoding) as export:
        assignment = assign(export, asked, decided)
        if assignment.problems:
            options = {"vintage": vintage, "tool": tool, "encoding": encoding, "dates": dates}
            command = _command(paths, asked.name, options, replace_vintage)
            raise _unclear(paths[0], export, asked, assignment, base, command)
        export, notes = with_date_order(export, dates)
        run = _Run(export, asked, assignment, decided, [*export.notes, *notes], replace_vintage)
        with staged(base, questionnaire) as staging:
            return run.write(staging, vintage)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + more


def _check_options(vintage: str | None, encoding: str | None, dates: str | None) -> None:
    if vintage is not None and not VINTAGE.fullmatch(vintage):
        raise InputError(
            f"vintage: found {vintage[:40]!r}, allowed: YYYY-MM, or YYYY-MM-sample for made-up answers"
        )
    if encoding is not None and encoding not in ENCODINGS:
        raise InputError(f"encoding: found {encoding[:40]!r}, allowed: {', '.join(ENCODINGS)}")
    if dates not in (None, "dmy", "mdy", "ymd"):
        raise InputError(f"dates: found {str(dates)[:40]!r}, allowed: dmy, mdy, ymd")


def _command(
    paths: Sequence[Path], questionnaire: str, options: Mapping[str, str | None], replaces: bool
) -> str:
    """Return what to type once the review file is filled in: what was typed, and the file."""
    words = ["evidence", "ingest", *(path.name for path in paths), "--as", questionnaire]
    for name, value in options.items():
        words += [f"--{name}", value] if value is not None else []
    words += ["--replace"] if replaces else []
    return shlex.join([*words, "--mapping", f"{paths[0].name}{SUFFIX}"])


def _unclear(
    path: Path, export: Export, asked: Questionnaire, assignment: Assignment, root: Path, command: str
) -> InputError:
    """Write the file in which a person decides, and return the message that says so."""
    text = review_text(export, asked, assignment, command)
    place, new = write_review(path, text, restricted_folder(root))
    found = list(assignment.problems[:10])
    if len(assignment.problems) > len(found):
        found.append(f"and {len(assignment.problems) - len(found)} more")
    what = "was written for you to fill in" if new else "is there already: fill it in, or remove it"
    last = f"nothing was ingested; {place} {what}, then add --mapping {place.name}"
    return InputError([*(f"{path.name}: {problem}" for problem in found), last])


@dataclass
class _Run:
    """One ingest, from the export to the finished folders."""

    export: Export
    asked: Questionnaire
    assignment: Assignment
    decided: Decided
    notes: list[str]
    replace_vintage: bool

    def write(self, staging: Staging, vintage: str | None) -> Ingested:
        """Write everything into the staging folders, and move it to its place."""
        if vintage is not None:
            self._refuse_other_file(staging.target(vintage))
        moments = Moments(self.export, self.assignment.languages)
        ids = Identities()
        reader = self._reader()
        told: list[str] = []
        counts = stream(self.export, reader, moments, ids, staging)
        counts.check(self.export.names[0])
        if vintage is None:
            vintage = moments.latest_month()
            self._refuse_other_file(staging.target(vintage))
            told = [f"the vintage is {vintage}, the month of the latest answer"]
        before = staging.target(vintage)
        refuse_lost_decisions(before, ids, self._is_same_source(before))
        redact_registered(staging, reader.layout)
        note = write_duplicates(staging, before, counts.accepted)
        self.notes += [note] if note else []
        keep_what_people_wrote(staging, before)
        self._describe(staging, before, vintage, counts)
        return Ingested(
            dataset=f"{self.asked.name}/{vintage}",
            folder=before,
            tool=self.export.tool,
            received=counts.received,
            accepted=counts.accepted,
            rejected=counts.rejected,
            capacities=counts.capacities,
            changed=staging.publish(vintage),
            notes=(*self.notes, *told, *self._left_out()),
        )

    def _left_out(self) -> list[str]:
        """Return which columns were not used, and which questions no column answers."""
        unused = [repr(shortened(key)) for key in self.assignment.unused]
        unanswered = self.assignment.unanswered(self.asked)
        lists = {"columns not used": unused, "questions that no column answers": unanswered}
        return [f"{what}: {_listed(names)}" for what, names in lists.items() if names]

    def _reader(self) -> AnswerReader:
        repeats = {repeat.name: self.assignment.of(repeat.name) for repeat in self.export.repeats}
        conventions, values = self.export.conventions, self.decided.values
        return AnswerReader(self.asked, self.assignment.of(), repeats, conventions, values)

    def _refuse_other_file(self, folder: Path) -> None:
        """Stop if a vintage holds answers of another file."""
        if not folder.exists() or self.replace_vintage or self._is_same_source(folder):
            return
        raise InputError(
            f"data/raw/{self.asked.name}/{folder.name}: holds the answers of another file; a new wave is a "
            "new vintage (--vintage YYYY-MM); to put these answers in the place of the old ones add --replace"
        )

    def _is_same_source(self, folder: Path) -> bool:
        if not (folder / MAPPING).is_file():
            return False
        content = load_yaml(folder / MAPPING, f"data/raw/{self.asked.name}/{folder.name}/{MAPPING}")
        files = content.get("files") if isinstance(content, dict) else None
        known = [str(entry.get("sha256")) for entry in files or [] if isinstance(entry, dict)]
        return sorted(known) == sorted(self.export.sha256)

    def _describe(self, staging: Staging, before: Path, vintage: str, counts: Counts) -> None:
        notes = (
            f"Received {counts.received} answers: {counts.accepted} accepted, {counts.rejected} rejected "
            "(rejects.csv). Amounts, units, months and places are as stated."
        )
        same = before.is_dir() and self._is_same_source(before)
        # Remarks on how the file was read are kept; where it lay is nobody's business.
        text = mapping_text(self.export, self.asked, self.assignment, self.decided, counts, self.notes)
        (staging.raw / MAPPING).write_text(text, encoding="utf-8")
        readme = readme_text(self.asked, vintage, self.export.tool, counts)
        (staging.raw / "README.md").write_text(readme, encoding="utf-8")
        write_origin(staging.raw, self.asked, vintage, notes, before=before, same_source=same)
