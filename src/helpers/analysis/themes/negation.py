"""Which terms are not complained of: "no problems with staff", "transport works well", "energy is no issue".

A negation by itself cancels nothing: "no suppliers" and "not available" are difficulties. What cancels is

- a word for *trouble* ("problem", "delay") that is denied: a *no* ("no", "without") stands at most two words
  before it, or a *negation* ("is not") at most three,
- or that something is *fine* ("works well", "is sufficient"), unless a negation, a *no* or a *limit* ("only",
  "hardly") stands in the same segment: "is not sufficient", "only available at high prices".

A clause ends at a full stop, a semicolon, a dash, a new line, or a *turn* ("but"). Commas, colons and the
words for *and* divide it into segments; what cancels speaks for its own segment and for those beside it that
are only items of a list ("no problems with staff, machines and energy").
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from helpers.analysis.themes.lexicon import Match
from helpers.analysis.themes.words import HARD_BREAK, SOFT_BREAK

ITEM_WORDS = 2
"""Words up to which a segment is an item of a list and no statement of its own."""
DENIED_WITHIN = {"no": 2, "negation": 3}
"""Kind of marker -> how many words further on it denies trouble."""
CALM = frozenset({"fine", "trouble"})
"""Markers without which nothing is negated."""
_UNDOING = frozenset({"no", "negation", "limit"})

Segment = tuple[int, int, int]
"""First word, end, and how it begins: with a clause (HARD_BREAK) or inside one (SOFT_BREAK)."""


def negated(matches: Sequence[Match], small: Sequence[Match], breaks: Sequence[int]) -> list[bool]:
    """Return for each match whether its clause says that it is no difficulty; linear in the text.

    Parameters
    ----------
    matches
        Terms and the markers *fine* and *trouble*.
    small
        The other markers in the same text.
    breaks
        What stands before each word of the text (`helpers.analysis.themes.words`).
    """
    segments = _segments(small, breaks)
    number = [n for n, segment in enumerate(segments) for _ in range(segment[0], segment[1])]
    calm = [match for match in matches if match.term.effect in CALM]
    cancelling = list(dict.fromkeys(_cancelling(calm, small, number)))
    over = _covered([places[0] for places in cancelling], matches, segments, number)
    # A term of just these words means them: somebody may code "no problem" or "works well" on purpose.
    same = Counter(frozenset(places) for places in cancelling)
    return [bool(match.term.theme) and over[match.at[0]] > same[frozenset(match.at)] for match in matches]


def _segments(small: Sequence[Match], breaks: Sequence[int]) -> list[Segment]:
    cuts = {at: broken for at, broken in enumerate(breaks) if broken}
    cuts[0] = HARD_BREAK
    for match in small:
        if match.term.effect == "turn":
            cuts[match.at[0]] = HARD_BREAK
        elif match.term.effect == "and":
            cuts.setdefault(match.at[0], SOFT_BREAK)
    places = sorted(cuts)
    return [(at, after, cuts[at]) for at, after in zip(places, [*places[1:], len(breaks)], strict=True)]


def _cancelling(
    calm: Sequence[Match], small: Sequence[Match], number: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """Yield the places of the words that cancel: what is fine, and denied trouble."""
    undoing = [match for match in small if match.term.effect in _UNDOING]
    undone = {number[match.at[0]] for match in undoing}
    by_last: dict[int, list[Match]] = defaultdict(list)
    for match in undoing:
        by_last[match.at[-1]].append(match)
    for match in calm:
        if match.term.effect == "trouble":
            yield from _denied(match, by_last, number)
        elif number[match.at[0]] not in undone or _is_own(match, by_last):
            yield match.at


def _denied(
    trouble: Match, by_last: Mapping[int, Sequence[Match]], number: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """Yield the places of trouble together with each word that denies it."""
    first = trouble.at[0]
    for distance in range(1, max(DENIED_WITHIN.values()) + 1):
        for other in by_last.get(first - distance, ()):
            near = distance <= DENIED_WITHIN.get(other.term.effect, 0)
            if near and number[other.at[0]] == number[first]:
                yield other.at + trouble.at


def _is_own(fine: Match, by_last: Mapping[int, Sequence[Match]]) -> bool:
    """Say whether what undoes is itself part of what is fine: "not affected"."""
    inside = set(fine.at)
    return any(inside.issuperset(other.at) for at in fine.at for other in by_last.get(at, ()))


def _covered(
    places: Sequence[int], matches: Sequence[Match], segments: Sequence[Segment], number: Sequence[int]
) -> list[int]:
    """Return for each word how many of the words that cancel speak for it.

    They speak for their segment, and to both sides for neighbours that are items of a list; but to the right
    only if no theme stands on their left: "no problems with A and B", but "A works well and B".
    """
    left = [segment[0] for segment in segments]
    right = [segment[1] for segment in segments]
    for at in range(1, len(segments)):
        if segments[at][2] == SOFT_BREAK and _is_item(segments[at - 1]):
            left[at] = left[at - 1]
    for at in range(len(segments) - 2, -1, -1):
        if segments[at + 1][2] == SOFT_BREAK and _is_item(segments[at + 1]):
            right[at] = right[at + 1]
    themed = {at for match in matches if match.term.theme for at in match.at}
    before = [0, *accumulate(at in themed for at in range(len(number)))]
    changes = [0] * (len(number) + 1)
    for place in places:
        here = number[place]
        is_right_too = before[place] == before[left[here]]
        changes[left[here]] += 1
        changes[right[here] if is_right_too else segments[here][1]] -= 1
    return list(accumulate(changes))


def _is_item(segment: Segment) -> bool:
    return segment[1] - segment[0] <= ITEM_WORDS
