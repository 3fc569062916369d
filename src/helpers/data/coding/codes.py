"""What a person coded: one answer, one coder, and the themes."""

import hashlib
import re
from dataclasses import dataclass

RANDOM, QUEUE = "random", "queue"
NONE = "none"
CODER = "coder_[1-9][0-9]{0,2}"
"""Pattern of a coder's name: who that is, is nobody's business."""
THEME = "[a-z][a-z0-9_]{0,59}"


@dataclass(frozen=True, slots=True)
class Coded:
    """The codes that one coder gave one answer; no theme is ``none``, which differs from not coded.

    ``probability`` is that with which the answer came into the random sample; ``None`` for the queue.
    """

    answer_id: str
    coder: str
    themes: tuple[str, ...]
    selection: str
    probability: float | None

    @property
    def key(self) -> tuple[str, str]:
        """Return answer and coder."""
        return self.answer_id, self.coder

    @property
    def joined(self) -> str:
        """Return the themes as they are written: codes joined by ";", or none."""
        return ";".join(self.themes) or NONE


def probability_text(probability: float | None) -> str:
    """Return a probability as it is written: nine digits, nothing for the queue.

    Examples
    --------
    >>> probability_text(300 / 787), probability_text(None)
    ('0.381194409', '')
    """
    return "" if probability is None else f"{probability:.9g}"


def check_mark(wave: str, answer_id: str, selection: str, probability: float | None) -> str:
    """Return the mark by which ingest sees that a row is as it was handed out.

    It guards against slips (a filled-down column, a sheet of another wave), not against intent.

    Examples
    --------
    >>> check_mark("vaccine_capacity/2021-03", "a0123456789", "random", 0.25)
    'k6f12a50'
    """
    said = "|".join((wave, answer_id, selection, probability_text(probability)))
    # The first letter keeps a spreadsheet program from taking it for a number.
    return "k" + hashlib.sha256(said.encode()).hexdigest()[:7]


def coder_names(text: str) -> list[str]:
    """Return the names of coders in a list with commas.

    Raises
    ------
    ValueError
        If one is not of the form coder_1, or stands twice.

    Examples
    --------
    >>> coder_names("coder_1, coder_2")
    ['coder_1', 'coder_2']
    """
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if not re.fullmatch(CODER, name):
            raise ValueError(f"found {name[:40]!r}, allowed: coder_1, coder_2, ... with commas between")
        if names.count(name) > 1:
            raise ValueError(f"found {name} twice")
    return names
