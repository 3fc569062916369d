"""Sheets of coders who never were: they code what the generator knows, with mistakes of a known rate."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill

from helpers.data.coding.codes import QUEUE, RANDOM, Coded
from helpers.data.coding.dataset import read_coded, read_comments, write_coded
from helpers.data.coding.wave_answers import wave_answers
from helpers.data.sample.dice import Dice
from helpers.data.sample.response import Response
from helpers.data.sample.texts import themes


@dataclass(frozen=True, slots=True)
class Habit:
    """How often a coder misses a theme that is there, and adds a similar one that is not, an answer each."""

    missed: float
    added: float


CODERS: Mapping[str, Habit] = {"coder_1": Habit(0.07, 0.025), "coder_2": Habit(0.09, 0.035)}
SHEETS: Mapping[str, tuple[int, int]] = {"vaccine_capacity": (300, 80), "medical_supplies": (150, 40)}
"""Questionnaire -> size of the random sample, which all read, and of the queue, which the first reads."""
NOTHING_ADDED = 0.3
"""How much rarer a theme is added to an answer without any."""
DOUBTFUL = 3.0
"""How much likelier an answer of several themes or two languages comes into the queue."""
SIMILAR: Mapping[str, tuple[str, ...]] = {
    "regulation": ("trade_barriers", "sustainability"),
    "raw_materials": ("equipment", "trade_barriers"),
    "energy": ("finance", "sustainability"),
    "logistics": ("cold_chain", "trade_barriers"),
    "cold_chain": ("logistics", "equipment"),
    "skills": ("equipment", "coordination"),
    "finance": ("demand", "energy"),
    "demand": ("finance", "coordination"),
    "equipment": ("raw_materials", "skills"),
    "intellectual_property": ("regulation", "coordination"),
    "trade_barriers": ("logistics", "regulation"),
    "data": ("coordination", "demand"),
    "coordination": ("data", "demand"),
    "sustainability": ("regulation", "energy"),
}
"""Which themes a coder takes for which."""


@dataclass(frozen=True, slots=True)
class _Read:
    """An answer as the generator knows it."""

    answer_id: str
    themes: tuple[str, ...]
    doubtful: bool


def write_coded_sample(
    questionnaire: str,
    vintage: str,
    responses: Iterable[Response],
    ids: Mapping[int, str],
    seed: str,
    root: Path,
) -> bool:
    """Write ``data/raw/coded_<questionnaire>_<vintage>``; return whether anything changed.

    Parameters
    ----------
    questionnaire, vintage
        The wave, which was ingested before. Nothing is written for a questionnaire that is not in `SHEETS`.
    responses
        All answers, which know of what they complain.
    ids
        Number of a response -> respondent.
    seed
        Of the sample.
    root
        The project's folder.

    Notes
    -----
    Rows of coders other than `CODERS`, who may be people trying it out, stay.
    """
    if questionnaire not in SHEETS:
        return False
    answers = wave_answers(f"{questionnaire}/{vintage}", root)
    known = {ids[response.number]: response.truth for response in responses if response.number in ids}
    read = [
        _Read(
            answer,
            known[respondent].themes.get(question, ()),
            len(known[respondent].themes.get(question, ())) > 1
            or len(known[respondent].languages.get(question, ())) > 1,
        )
        for answer, (respondent, question) in sorted(answers.counted.items())
    ]
    others = [row for row in read_coded(questionnaire, vintage, root) if row.coder not in CODERS]
    kept = [row for row in others if row.answer_id in answers.counted]
    rows = coded_sample(read, *SHEETS[questionnaire], seed)
    comments = read_comments(questionnaire, vintage, root)
    stored = write_coded(
        questionnaire, vintage, [*rows, *kept], comments, answers=len(read), root=root, about=_about()
    )
    return stored.changed


def coded_sample(answers: Sequence[_Read], random: int, queue: int, seed: str) -> list[Coded]:
    """Return the codes of all coders: of a simple random sample, and of a queue of doubtful answers."""
    dice = Dice(f"{seed}|sample to code")
    drawn = dice.some(answers, random)
    probability = len(drawn) / len(answers) if answers else None
    chosen = {answer.answer_id for answer in drawn}
    rest = {a: DOUBTFUL if a.doubtful else 1.0 for a in answers if a.answer_id not in chosen}
    rows = [
        Coded(answer.answer_id, coder, _as_read(answer, coder, seed), RANDOM, probability)
        for answer in drawn
        for coder in CODERS
    ]
    first = next(iter(CODERS))
    for _ in range(min(queue, len(rest))):
        answer = dice.weighted(rest)
        del rest[answer]
        rows.append(Coded(answer.answer_id, first, _as_read(answer, first, seed), QUEUE, None))
    return rows


def _as_read(answer: _Read, coder: str, seed: str) -> tuple[str, ...]:
    """Return the themes that a coder gives an answer, in the order of the themes."""
    dice, habit = Dice(f"{seed}|{coder}|{answer.answer_id}"), CODERS[coder]
    given = {theme for theme in answer.themes if not dice.chance(habit.missed)}
    if dice.chance(habit.added if answer.themes else habit.added * NOTHING_ADDED):
        near = list(_near(answer.themes)) or list(themes())
        given.add(dice.pick(near))
    return tuple(theme for theme in themes() if theme in given)


def _near(found: Iterable[str]) -> Iterator[str]:
    there = set(found)
    return (near for theme in themes() if theme in there for near in SIMILAR[theme] if near not in there)


def _about() -> str:
    """Say how the codes were made up, for README.md."""
    rates = "; ".join(
        f"`{name}` misses {habit.missed:.1%} of the themes and adds a similar one in {habit.added:.1%} of "
        "the answers"
        for name, habit in CODERS.items()
    )
    text = (
        "Nobody coded: `evidence sample` makes these codes up from the themes that the generator put into "
        f"each answer, with mistakes: {rates} ({NOTHING_ADDED:.0%} as often in answers without any). The two "
        "err independently of each other. Both read the same simple random sample, drawn without replacement "
        "(`random`); the first also a `queue`, in which answers with several themes or two languages are "
        f"{DOUBTFUL:.0f} times as likely. The codes agree far better with what was meant than real ones "
        "would: they show how agreement is computed, not how well a codebook works "
        "(`docs/sample_data.md`)."
    )
    return fill(text, 110, break_long_words=False, break_on_hyphens=False)
