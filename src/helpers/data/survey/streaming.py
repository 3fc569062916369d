"""The one pass over all answers: read, accept or reject, count."""

from collections import Counter
from dataclasses import dataclass, field

from helpers.data.errors import InputError
from helpers.data.survey.answers import AnswerReader
from helpers.data.survey.export import Export, Row
from helpers.data.survey.identities import Identities, own_id
from helpers.data.survey.moments import Moments
from helpers.data.survey.repeated import Repeated
from helpers.data.survey.shape import Answer, Fault
from helpers.data.survey.staging import Staging
from helpers.data.survey.tables_out import ANSWERS, CAPACITIES, TablesOut

_SAME_ID = Fault("", "", "an earlier row has the same id of the tool")
_ORPHAN = "the answer that it belongs to is not in the main table"


@dataclass
class Counts:
    """How many answers were received, accepted and rejected, capacities written, and why answers fail."""

    received: int = 0
    accepted: int = 0
    rejected: int = 0
    capacities: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def check(self, name: str) -> None:
        """Stop if a row was lost or doubled, or if there is no answer to keep."""
        if self.accepted + self.rejected != self.received:
            raise RuntimeError(f"{name}: {self.received} received, {self.accepted} + {self.rejected} written")
        if not self.received:
            raise InputError(f"{name}: found no answers below the header")
        if not self.accepted:
            reasons = "; ".join(f"{reason} ({count})" for reason, count in self.reasons.most_common(3))
            raise InputError(f"{name}: none of {self.received} answers can be accepted: {reasons}")


def stream(
    export: Export, reader: AnswerReader, moments: Moments, ids: Identities, staging: Staging
) -> Counts:
    """Write every answer of an export into the staging folders, or why it is rejected.

    Parameters
    ----------
    export
        Whose rows are read once.
    reader
        How a row is read.
    moments, ids
        How day, language and id are found; they remember what they have seen.
    staging
        Where to write.

    Returns
    -------
    Counts
        Accepted and rejected as written, received as read: `Counts.check` compares them.
    """
    counts = Counts()
    last = 1
    id_at = export.position("id")
    repeats = Repeated(export.repeats)
    try:
        with TablesOut(staging.raw, staging.restricted, reader, export.columns) as out:
            for row in export.rows():
                counts.received, last = counts.received + 1, row.number
                key = row.cells[export.key].strip() if export.key is not None else ""
                answer = reader.read(row, repeats.of(key))
                respondent_id = _claimed(ids, answer, row, id_at)
                if respondent_id is None:
                    out.reject(row, answer.faults)
                    counts.reasons.update({_reason(fault) for fault in answer.faults})
                else:
                    out.accept(respondent_id, answer, *moments.of(row))
            for name, orphan in repeats.orphans():
                counts.received, last = counts.received + 1, last + 1
                out.reject(Row(last, orphan.cells), [Fault(name, "", _ORPHAN)], name)
    finally:
        repeats.close()
    counts.accepted, counts.rejected = out.counts[ANSWERS], out.rejected
    counts.capacities = out.counts[CAPACITIES]
    return counts


def _claimed(ids: Identities, answer: Answer, row: Row, id_at: int | None) -> str | None:
    """Return the id of an answer without faults; one whose id an earlier row has gets a fault."""
    if answer.faults:
        return None
    cell = row.cells[id_at].strip() if id_at is not None else ""
    own = own_id(cell, row.number)
    respondent_id = ids.claim(own, by_row=own != cell)
    if respondent_id is None:
        answer.faults.append(_SAME_ID)
    return respondent_id


def _reason(fault: Fault) -> str:
    return f"{fault.column}: {fault.reason}" if fault.column else fault.reason
