"""Decisions on similar points by the generator, which knows which of them say the same."""

from helpers.data.sample.dice import Dice
from helpers.data.sample.positions import SEED, made_up_points

DECIDED_BY, DECIDED_ON = "sample generator", "2021-04-06"
MERGED, KEPT = 0.85, 0.5
"""Share of the pairs that say the same, and of those that do not, on which it decides."""


def decided(first: str, second: str) -> tuple[str, str, str] | None:
    """Return the decision on two points, who decided and when; nothing where it is left to people.

    On points in different languages it never decides: whether these say the same is not known.
    """
    points = {point.point_id: point for point in made_up_points()}
    one, other = points.get(first), points.get(second)
    if one is None or other is None or one.language != other.language:
        return None
    same = one.same != "" and one.same == other.same
    if not Dice(f"{SEED}|decision|{first}|{second}").chance(MERGED if same else KEPT):
        return None
    return "merge" if same else "keep", DECIDED_BY, DECIDED_ON
