"""Terms of a codebook as they are written, and the words and parts of words that they stand for."""

from dataclasses import dataclass

from helpers.analysis.themes.words import clean, fold, read_words

WORD, PREFIX, SUFFIX, INSIDE, AROUND = "word", "prefix", "suffix", "inside", "around"
NEAR = 2
"""How many words further on the next word of a term stands at most: one other may be between."""
_KINDS = {(False, False): WORD, (False, True): PREFIX, (True, False): SUFFIX, (True, True): INSIDE}
_SHORTEST = {WORD: 1, PREFIX: 2, SUFFIX: 3, INSIDE: 3}


@dataclass(frozen=True, slots=True)
class Part:
    """One word of a term: its folded letters, and which part of a word they must be.

    ``kind`` is word, prefix, suffix, inside or around (``letters`` then hold the ``*``).
    ``capitals`` says that the term is written in capitals, which the text then must be, too. ``reach`` is how
    many words behind the one before it stands at most.
    """

    kind: str
    letters: str
    written: str
    capitals: bool = False
    reach: int = NEAR


@dataclass(frozen=True, slots=True)
class Term:
    """A term: words by which a theme is recognised, or a marker (``theme`` is then empty)."""

    theme: str
    language: str
    term: str
    effect: str
    parts: tuple[Part, ...]


def parts_of(term: str) -> tuple[Part, ...]:
    """Return the words of a term.

    A ``*`` at the end, at the start or in the middle of a word stands for any letters there; a ``*`` by
    itself between two words allows one more word to stand there.

    Raises
    ------
    ValueError
        If the term holds no letter or digit, or a ``*`` without enough letters beside it.

    Examples
    --------
    >>> [(part.kind, part.letters) for part in parts_of("zertifi* *kette")]
    [('prefix', 'zertifi'), ('suffix', 'kette')]
    >>> [part.reach for part in parts_of("cold-chain * broken")]
    [0, 1, 3]
    >>> parts_of("*a*")
    Traceback (most recent call last):
    ...
    ValueError: beside a * at least 3 letters are needed
    """
    parts: list[Part] = []
    further = 0
    for word in term.split():
        if word == "*":
            further += 1
            continue
        read = _parts(word, NEAR + further if parts else 0)
        parts += read
        further = 0 if read else further
    if not parts:
        raise ValueError("a term needs a letter or digit")
    return tuple(parts)


def _parts(word: str, reach: int) -> list[Part]:
    """Return the parts of one word: several if an apostrophe or hyphen divides it, and these are joined."""
    if word.isalpha():
        return [_part(WORD, word, reach)]
    begins, ends = word.startswith("*"), word.endswith("*")
    core = word[begins : len(word) - ends]
    if "*" in core:
        return [_around(word, reach)]
    pieces = read_words(core).words
    if not pieces and (begins or ends):
        raise ValueError("beside a * there are letters")
    last = len(pieces) - 1
    return [
        _part(_KINDS[begins and not at, ends and at == last], piece, 1 if at else reach)
        for at, piece in enumerate(pieces)
    ]


def _part(kind: str, piece: str, reach: int) -> Part:
    written, letters = clean(piece), fold(piece)
    if len(letters) < _SHORTEST[kind]:
        raise ValueError(f"beside a * at least {_SHORTEST[kind]} letters are needed")
    capitals = kind == WORD and len(written) > 1 and written.isupper()
    return Part(kind, letters, written, capitals, reach)


def _around(word: str, reach: int) -> Part:
    """Return the part of a word with a ``*`` in its middle."""
    letters = "*".join(fold(piece) for piece in word.split("*"))
    pieces = [piece for piece in letters.split("*") if piece]
    if max(map(len, pieces)) < _SHORTEST[INSIDE] or not all(map(str.isalnum, pieces)):
        raise ValueError(f"beside a * at least {_SHORTEST[INSIDE]} letters are needed")
    return Part(AROUND, letters, clean(word), reach=reach)
