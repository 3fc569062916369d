"""Coded sheets that come back are merged into the dataset of their wave: all of them, or nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.data.coding.codes import RANDOM, Coded
from helpers.data.coding.dataset import (
    Comments,
    Stored,
    coded_dataset,
    read_coded,
    read_comments,
    write_coded,
)
from helpers.data.coding.reading import Line, read_sheet
from helpers.data.coding.themes import codebook_themes
from helpers.data.coding.wave_answers import WaveAnswers, wave_answers
from helpers.data.errors import InputError
from helpers.data.sheets import few
from helpers.data.vintages import VINTAGE, vintages

_SLACK = 1e-6


@dataclass(frozen=True)
class Returned:
    """What the return of sheets did to one wave.

    ``coded`` are the rows of the sheets with codes, by coder; ``left_open`` those without.
    """

    wave: str
    folder: Path
    coded: Mapping[str, int]
    left_open: int
    changed: bool
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Plan:
    """What is to be written for one wave."""

    wave: str
    lines: Sequence[Line]
    answers: WaveAnswers
    rows: Sequence[Coded]
    comments: Comments
    notes: tuple[str, ...]


def take_back(
    paths: Sequence[Path],
    root: Path | None = None,
    *,
    vintage: str | None = None,
    replace: bool = False,
    encoding: str | None = None,
) -> list[Returned]:
    """Merge coded sheets into ``data/raw/coded_<questionnaire>_<vintage>``.

    Parameters
    ----------
    paths
        The sheets, of one coder or several, of one wave or several.
    root
        The project's folder.
    vintage
        The vintage that all sheets are to be of, if that is to be checked.
    replace
        Whether codes may take the place of others that the same coder gave the same answers before.
    encoding
        Of CSV sheets that are not UTF-8.

    Returns
    -------
    list of Returned
        One for each wave. Rows without any x are left out, which is not ``none``. Codes of an answer of the
        queue go if the answer is now of the random sample: their coder saw the machine's. Comments go to
        ``data/restricted`` and nowhere else.

    Raises
    ------
    InputError
        If a sheet is not as `evidence review` wrote it (see `read_sheet`), names an answer that the wave does
        not have, or contradicts another sheet or what was coded before. Then nothing is written.
    """
    themes = [theme.code for theme in codebook_themes(root)]
    read = [line for path in paths for line in read_sheet(path, themes, encoding)]
    if not read:
        raise InputError(f"{paths[0].name}: found no rows, allowed: a sheet of `evidence review`")
    waves = {
        wave: [line for line in read if line.wave == wave] for wave in dict.fromkeys(one.wave for one in read)
    }
    plans = [_plan(wave, lines, root, vintage, replace) for wave, lines in waves.items()]
    return [_done(plan, root) for plan in plans]


def _done(plan: _Plan, root: Path | None) -> Returned:
    questionnaire, _, vintage = plan.wave.partition("/")
    stored: Stored = write_coded(
        questionnaire, vintage, plan.rows, plan.comments, answers=len(plan.answers.counted), root=root
    )
    coded = Counter(line.coder for line in plan.lines if line.coded is not None)
    left_open = sum(line.coded is None for line in plan.lines)
    return Returned(plan.wave, stored.folder, dict(coded), left_open, stored.changed, plan.notes)


def _plan(wave: str, lines: list[Line], root: Path | None, vintage: str | None, replace: bool) -> _Plan:
    """Check the rows of one wave against its answers, each other and what is there."""
    questionnaire, _, of = wave.partition("/")
    if not VINTAGE.fullmatch(of) or of not in vintages(questionnaire, root):
        found = f"{lines[0].at('wave')}: found {wave[:60]!r}"
        raise InputError(
            f"{found}, allowed: a wave of data/raw; the answers must be there before their codes"
        )
    if vintage is not None and vintage != of:
        raise InputError(
            f"{lines[0].at('wave')}: found {wave!r}, allowed: vintage {vintage}, as was asked for"
        )
    answers = wave_answers(wave, root)
    _refuse(_strange(lines, answers), lines)
    known = {row.key: row for row in read_coded(questionnaire, of, root)}
    kept = {key: row for key, row in known.items() if row.answer_id in answers.counted}
    drawn = {line.answer_id for line in lines if line.coded is not None and line.coded.selection == RANDOM}
    kept = {key: row for key, row in kept.items() if row.selection == RANDOM or row.answer_id not in drawn}
    here = [line for line in lines if line.answer_id in answers.counted]
    _refuse([*_twice(here), *_drawn_otherwise(here, kept.values()), *_changed(here, kept, replace)], lines)
    for line in here:
        kept.pop((line.answer_id, line.coder), None)
    kept |= {line.coded.key: line.coded for line in here if line.coded is not None}
    rows = list(kept.values())
    _refuse_two_samples(rows, answers, wave, lines[0].file)
    comments = read_comments(questionnaire, of, root)
    comments = {key: text for key, text in comments.items() if key[0] in answers.counted}
    comments |= {(line.answer_id, line.coder): line.comment for line in here if line.comment}
    notes = _notes(len(lines) - len(here), len(known) - len({*known} & {row.key for row in rows}), here)
    return _Plan(wave, here, answers, rows, comments, notes)


def _refuse(faults: Iterable[str], lines: Sequence[Line]) -> None:
    listed = list(faults)
    if listed:
        raise InputError(few(listed, lines[0].file))


def _strange(lines: Iterable[Line], answers: WaveAnswers) -> list[str]:
    """Return a message for each answer that the wave never had."""
    return [
        f"{line.at('answer_id')}: found {line.answer_id!r}, allowed: an answer of {line.wave}"
        for line in lines
        if line.answer_id not in answers.counted and line.answer_id not in answers.gone
    ]


def _twice(lines: Iterable[Line]) -> list[str]:
    """Return a message for each row that says of an answer something else than an earlier row did."""
    first: dict[tuple[str, str], Line] = {}
    faults = []
    for line in lines:
        other = first.setdefault((line.answer_id, line.coder), line)
        if other.coded != line.coded:
            faults.append(
                f"{line.at('answer_id')}: {line.coder} coded {line.answer_id} as {_said(line.coded)}, but as "
                f"{_said(other.coded)} in row {other.row} of {other.file}; allowed: once"
            )
    return faults


def _drawn_otherwise(lines: Iterable[Line], kept: Iterable[Coded]) -> list[str]:
    """Return a message for each answer that stands elsewhere with another selection or probability."""
    drawn = {row.answer_id: (row.selection, row.probability, "was coded before") for row in kept}
    faults = []
    for line in lines:
        if line.coded is None:
            continue
        own = (line.coded.selection, line.coded.probability)
        other = drawn.setdefault(line.answer_id, (*own, f"stands in row {line.row} of {line.file}"))
        if not _same_draw(own, other[:2]):
            faults.append(
                f"{line.at('probability')}: {line.answer_id} is of the {_draw(own)}, but {other[2]} "
                f"as of the {_draw(other[:2])}; allowed: the same"
            )
    return faults


def _same_draw(one: tuple[str, float | None], other: tuple[str, float | None]) -> bool:
    near = one[1] is None or other[1] is None or abs(one[1] - other[1]) < _SLACK
    return one[0] == other[0] and near


def _draw(how: tuple[str, float | None]) -> str:
    return f"random sample with probability {how[1]:.6g}" if how[0] == RANDOM else "review queue"


def _changed(lines: Iterable[Line], kept: Mapping[tuple[str, str], Coded], replace: bool) -> list[str]:
    """Return a message for each answer that the same coder coded otherwise before."""
    faults = []
    for line in lines:
        before = kept.get((line.answer_id, line.coder))
        if replace or before is None or _themes(before) == _themes(line.coded):
            continue
        dataset = coded_dataset(*line.wave.split("/"))
        faults.append(
            f"{line.at('answer_id')}: {line.coder} coded {line.answer_id} as {_said(line.coded)}, but as "
            f"{_said(before)} in data/raw/{dataset}; --replace takes the new codes"
        )
    return faults


def _themes(coded: Coded | None) -> frozenset[str] | None:
    return None if coded is None else frozenset(coded.themes)


def _said(coded: Coded | None) -> str:
    return "not coded" if coded is None else coded.joined


def _refuse_two_samples(rows: Iterable[Coded], answers: WaveAnswers, wave: str, file: str) -> None:
    """Stop if more answers came by chance than one sample can hold: two samples were mixed.

    In one sample, with or without strata, the inverse probabilities add up to the number of answers.
    """
    chances = {row.answer_id: row.probability for row in rows if row.selection == RANDOM and row.probability}
    stood_for = sum(1 / chance for chance in chances.values())
    everything = len(answers.counted) + len(answers.gone)
    if stood_for > everything * 1.001 + 1:
        raise InputError(
            f"{file}: column probability: with what was coded before, the random samples stand for "
            f"{stood_for:.0f} answers, but {wave} has {everything}; two samples were mixed, and the "
            "probabilities of neither hold; allowed: the sheets of one `evidence review`"
        )


def _notes(gone: int, dropped: int, lines: Sequence[Line]) -> tuple[str, ...]:
    coders = {line.coder: [other for other in lines if other.coder == line.coder] for line in lines}
    notes = []
    if gone:
        notes.append(f"{gone} rows are of entries that were withdrawn or merged since; they are left out")
    if dropped:
        notes.append(
            f"{dropped} rows that were there before are gone: of entries that were withdrawn or merged, left "
            "open now, or of the queue and now drawn at random"
        )
    for coder, own in coders.items():
        left = sum(line.coded is None for line in own)
        if left:
            notes.append(f"{coder} left {left} of {len(own)} rows open; they count as not coded, not as none")
    return tuple(notes)
