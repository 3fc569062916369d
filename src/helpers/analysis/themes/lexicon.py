"""The terms of one language, indexed by their words, and where they stand among the words of a text."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from helpers.analysis.themes.codebook import EVERY, Codebook
from helpers.analysis.themes.spelling import fits, has_accents, looks_like_base
from helpers.analysis.themes.terms import AROUND, INSIDE, PREFIX, SUFFIX, WORD, Part, Term
from helpers.analysis.themes.words import (
    LONGEST_WORD,
    clean,
    fold,
    is_known,
    lemma,
    transliterate,
)

ENGLISH = "en"
BORROWED_LETTERS = 6
"""Letters from which an English term is looked for in other languages, too."""
SMALL = frozenset({"negation", "no", "limit", "turn", "and"})
"""Markers that are looked for only where trouble, or that something is fine, is spoken of."""
STEM_LETTERS, LONGEST_ENDING = 6, 4
"""Of a word that no table of lemmas knows, this many letters count, and so many behind them do not."""
MOST_REACH = 4
"""How far on the second word of a term is looked for."""
_MOST_WORDS = 300_000


class Entry(NamedTuple):
    """A term as indexed: the numbers of its parts."""

    term: Term
    parts: tuple[int, ...]


class Hit(NamedTuple):
    """What a word can be: one of these parts, these terms by itself, or the first word of these terms.

    The latter are sorted by their second part.
    """

    parts: frozenset[int]
    terms: tuple[Term, ...]
    begins: Mapping[int, Sequence[Entry]]
    small_terms: tuple[Term, ...]
    small_begins: Mapping[int, Sequence[Entry]]


class Match(NamedTuple):
    """A term, and the numbers of the words in which it was found."""

    term: Term
    at: tuple[int, ...]


class Lexicon:
    """What is looked for in texts of one language: its terms and markers, and those of every language.

    What a word can be is worked out once for each word, and remembered.

    - Case never counts, but for terms in capitals ("CE"). Accents count only where both words stand, as they
      are written, in the table of the language: "platí" is not "plati", but "energetique" is "énergétique".
    - A bare word matches words of the same lemma; where the table knows no lemma, words that differ in no
      more than the ending.
    """

    def __init__(self, codebook: Codebook, language: str) -> None:
        self.language = language
        self._numbers: dict[tuple[str, str, bool], int] = {}
        self._parts: list[tuple[Part, bool]] = []
        self._whole: dict[str, list[int]] = defaultdict(list)
        self._capitals: dict[str, list[int]] = defaultdict(list)
        self._lemmas: dict[str, list[int]] = defaultdict(list)
        self._stems: dict[str, list[int]] = defaultdict(list)
        self._starts: dict[str, list[int]] = defaultdict(list)
        self._ends: dict[str, list[int]] = defaultdict(list)
        self._inside: list[tuple[str, int]] = []
        self._around: list[tuple[list[str], int]] = []
        self._begins: dict[int, list[Entry]] = defaultdict(list)
        self._begins_small: dict[int, list[Entry]] = defaultdict(list)
        self._hits = _Hits(self._look_up)
        for term in (*codebook.terms, *codebook.markers):
            if self._is_wanted(term):
                self._add(term)
        self._start_lengths = sorted({len(key) for key in self._starts})
        self._end_lengths = sorted({len(key) for key in self._ends})

    def _is_wanted(self, term: Term) -> bool:
        if term.effect == "nothing":  # looked for in whole answers only
            return False
        if term.language in (self.language, EVERY):
            return True
        if term.language != ENGLISH or not term.theme or any(part.kind != WORD for part in term.parts):
            return False
        # English words that other languages use as they are: "know-how", "cash flow", "lockdown".
        long = sum(len(part.letters) for part in term.parts) >= BORROWED_LETTERS
        return long and (len(term.parts) > 1 or not is_known(term.term, self.language))

    def _add(self, term: Term) -> None:
        strict = term.language != self.language or term.effect in SMALL
        numbers = tuple(self._number(part, strict) for part in term.parts)
        begins = self._begins_small if term.effect in SMALL else self._begins
        begins[numbers[0]].append(Entry(term, numbers))

    def _number(self, part: Part, strict: bool) -> int:
        """Return the number of a part, which is indexed if it is new; strict: no lemma, no other ending."""
        key = (part.kind, part.written, strict)
        if key in self._numbers:
            return self._numbers[key]
        number = self._numbers[key] = len(self._numbers)
        spellings = sorted({part.letters, transliterate(part.written) or part.letters})
        self._parts.append((part, part.kind == WORD and is_known(part.written, self.language)))
        if part.kind == AROUND:
            self._around.append((part.letters.split("*"), number))
        elif part.kind == INSIDE:
            self._inside += [(letters, number) for letters in spellings]
        elif part.capitals:
            self._capitals[part.written].append(number)
        else:
            index = {PREFIX: self._starts, SUFFIX: self._ends, WORD: self._whole}[part.kind]
            for letters in spellings:
                index[letters].append(number)
            if part.kind == WORD and not strict:
                self._add_forms(part, number)
        return number

    def _add_forms(self, part: Part, number: int) -> None:
        base = lemma(part.written, self.language)
        # Terms stand in their dictionary form as a rule: nothing longer is their lemma ("dobiti" of "dobit").
        if (
            base is not None
            and len(base) <= len(part.written)
            and looks_like_base(base, part.written.lower())
        ):
            self._lemmas[base].append(number)
        if len(part.letters) >= STEM_LETTERS:
            self._stems[part.letters[:-1]].append(number)

    def _look_up(self, word: str) -> Hit | None:
        """Return what a word can be; None if it is in no term."""
        written, letters = clean(word), fold(word)
        if len(letters) > LONGEST_WORD:
            return None
        numbers = sorted({*self._by_form(written, letters), *self._by_lemma(written, letters)})
        if not numbers:
            return None
        terms, begins = _sorted(entry for number in numbers for entry in self._begins.get(number, ()))
        small = _sorted(entry for number in numbers for entry in self._begins_small.get(number, ()))
        return Hit(frozenset(numbers), terms, begins, *small)

    def _by_form(self, written: str, letters: str) -> Iterator[int]:
        """Yield the parts that a word matches by its letters."""
        yield from self._capitals.get(written, ())
        found = [*self._whole.get(letters, ())]
        for length in self._start_lengths:
            found += self._starts.get(letters[:length], ())
        if found:
            yield from self._with_accents(found, written, is_known(written, self.language))
        for length in self._end_lengths:
            yield from self._ends.get(letters[-length:], ())
        for inside, number in self._inside:
            if inside in letters:
                yield number
        for pieces, number in self._around:
            if fits(letters, pieces):
                yield number

    def _with_accents(self, numbers: Iterable[int], written: str, accents_count: bool) -> Iterator[int]:
        """Yield the parts whose accents the word has, if they count."""
        for number in numbers:
            part, known = self._parts[number]
            if not accents_count or has_accents(part.written.lower(), written.lower(), known):
                yield number

    def _by_lemma(self, written: str, letters: str) -> Iterator[int]:
        """Yield the parts of which a word is another form."""
        yield from self._lemmas.get(written.lower(), ())
        base = lemma(written, self.language)
        if base is not None:
            yield from self._lemmas.get(base, ())
            if looks_like_base(base, written.lower()):
                yield from self._with_accents(self._whole.get(fold(base), ()), base, accents_count=True)
            return
        for length in range(max(STEM_LETTERS - 1, len(letters) - LONGEST_ENDING), len(letters) + 1):
            yield from self._stems.get(letters[:length], ())

    def tidy(self) -> None:
        """Forget what words can be if there are too many of them; call between batches."""
        if len(self._hits) > _MOST_WORDS:
            self._hits.clear()

    def matches(self, words: Sequence[str], breaks: Sequence[int], first: int, end: int) -> list[Match]:
        """Return the terms among the words ``first`` to ``end`` (not included), small markers left out."""
        hits = list(map(self._hits.__getitem__, words[first:end]))
        found: list[Match] = []
        for at, hit in enumerate(hits):
            if hit is not None:
                for term in hit.terms:
                    found.append(Match(term, (first + at,)))
                if hit.begins:
                    found += _phrases(hit.begins, at, first, hits, breaks)
        return found

    def small(self, words: Sequence[str], breaks: Sequence[int], first: int, end: int) -> list[Match]:
        """Return the small markers among the words ``first`` to ``end`` (not included)."""
        hits = list(map(self._hits.__getitem__, words[first:end]))
        found: list[Match] = []
        for at, hit in enumerate(hits):
            if hit is not None:
                found += [Match(term, (first + at,)) for term in hit.small_terms]
                if hit.small_begins:
                    found += _phrases(hit.small_begins, at, first, hits, breaks)
        return found


class _Hits(dict[str, "Hit | None"]):
    """Word -> what it can be; a new word is looked up when it is asked for."""

    def __init__(self, look_up: Callable[[str], "Hit | None"]) -> None:
        self._look_up = look_up

    def __missing__(self, word: str) -> "Hit | None":
        found = self[word] = self._look_up(word)
        return found


def _sorted(entries: Iterable[Entry]) -> tuple[tuple[Term, ...], dict[int, list[Entry]]]:
    """Return the terms of one word, and those of several by their second part."""
    terms: list[Term] = []
    begins: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        if len(entry.parts) == 1:
            terms.append(entry.term)
        else:
            begins[entry.parts[1]].append(entry)
    return tuple(terms), dict(begins)


def _phrases(
    begins: Mapping[int, Sequence[Entry]],
    at: int,
    first: int,
    hits: Sequence[Hit | None],
    breaks: Sequence[int],
) -> Iterator[Match]:
    """Yield the terms of several words that begin here."""
    seen: set[int] = set()
    for place in range(at + 1, min(at + MOST_REACH + 1, len(hits))):
        if breaks[first + place]:
            return
        hit = hits[place]
        if hit is None or hit.parts.isdisjoint(begins):
            continue
        for number in hit.parts:
            if number in begins and number not in seen:
                seen.add(number)
                for entry in begins[number]:
                    if place - at <= entry.term.parts[1].reach:
                        places = _followed(entry, at, place, first, hits, breaks)
                        if places:
                            yield Match(entry.term, places)


def _followed(
    entry: Entry, at: int, place: int, first: int, hits: Sequence[Hit | None], breaks: Sequence[int]
) -> tuple[int, ...]:
    """Return the places of a term whose first two words stand here; none if its further words do not follow.

    No comma or other break stands between two words of a term.
    """
    places = [first + at, first + place]
    for number, part in zip(entry.parts[2:], entry.term.parts[2:], strict=True):
        for further in range(place + 1, min(place + part.reach + 1, len(hits))):
            if breaks[first + further]:
                return ()
            hit = hits[further]
            if hit is not None and number in hit.parts:
                place = further
                places.append(first + place)
                break
        else:
            return ()
    return tuple(places)
