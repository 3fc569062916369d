"""Whether two spellings are of one word: lemmas, accents, patterns."""

from collections.abc import Sequence

from helpers.analysis.themes.words import fold

LEMMA_LETTERS = 4
"""Letters below which a lemma is not trusted unless it is the form itself."""


def looks_like_base(base: str, form: str) -> bool:
    """Say whether a lemma looks like one of a form: tables mix up short words ("peça" is no form of "pedir").

    Examples
    --------
    >>> [looks_like_base(*pair) for pair in (("patent", "patents"), ("pedir", "peça"), ("ad", "adó"))]
    [True, False, False]
    """
    if base == form:
        return True
    common = next(
        (at for at, (one, other) in enumerate(zip(base, form, strict=False)) if one != other), len(base)
    )
    return len(base) >= LEMMA_LETTERS and common >= max(3, min(len(base), len(form)) - 2)


def has_accents(term: str, word: str, known: bool) -> bool:
    """Say whether a word has the accents of a term, or of what a term begins with.

    A term that is itself a word of the language (known) has them all; of another one letters without an
    accent stand for letters with any.

    Examples
    --------
    >>> [has_accents(*args) for args in (("pošt", "postup", False), ("energ", "énergie", False))]
    [False, True]
    >>> has_accents("dat", "dát", True), has_accents("größe", "groesse", True)
    (False, True)
    """
    if len(fold(term)) != len(term) or len(fold(word)) != len(word) or fold(term) != fold(word)[: len(term)]:
        return True  # other spellings: letters cannot be set side by side
    pairs = zip(term, word, strict=False)
    return all(one == other or (not known and fold(one) == one) for one, other in pairs)


def fits(letters: str, pieces: Sequence[str]) -> bool:
    """Say whether a word consists of these pieces in this order, with any letters between them.

    Examples
    --------
    >>> [fits(word, ["kern", "centrale", ""]) for word in ("kernenergiecentrales", "centrale", "kern")]
    [True, False, False]
    """
    first, *middle, last = pieces
    if not letters.startswith(first):
        return False
    place = len(first)
    for piece in middle:
        place = letters.find(piece, place)
        if place < 0:
            return False
        place += len(piece)
    return letters.endswith(last) and place + len(last) <= len(letters)
