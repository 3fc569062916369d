"""Chance that falls alike on every machine and in every version of Python."""

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Random choices that rest on `random.Random.random` alone, whose sequence Python promises to keep.

    Parameters
    ----------
    seed
        Any text; the same text gives the same sequence.

    Examples
    --------
    >>> one, other = Dice("2021:7"), Dice("2021:7")
    >>> [one.whole(1, 6) for _ in range(5)] == [other.whole(1, 6) for _ in range(5)]
    True

    References
    ----------
    Python documentation, module random, "Notes on Reproducibility".
    """

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed).random  # noqa: S311  # nothing here is secret

    def chance(self, share: float) -> bool:
        """Return true in this share of cases."""
        return self.random() < share

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """Return one of several, all alike likely."""
        return options[int(self.random() * len(options))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """Return a key of the mapping, with a chance in proportion to its weight."""
        mark = self.random() * sum(weights.values())
        possible = [option for option, weight in weights.items() if weight > 0]
        for option in possible:
            mark -= weights[option]
            if mark < 0:
                break
        return option

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """Return several different ones, in the order of the draw."""
        left = list(options)
        return [left.pop(int(self.random() * len(left))) for _ in range(min(count, len(left)))]

    def normal(self) -> float:
        """Return a standard normal number, as the sum of twelve uniform ones less six.

        Sums are exact to the last bit everywhere; tails end at six standard deviations.
        """
        return sum(self.random() for _ in range(12)) - 6.0
