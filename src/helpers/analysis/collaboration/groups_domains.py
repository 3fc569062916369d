"""Which domain each participant works in, how many groups that makes, and who is left over."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.analysis.collaboration.people import said
from helpers.data.errors import InputError


@dataclass(frozen=True)
class Sizes:
    """Sizes of groups.

    Attributes
    ----------
    wanted, smallest, largest
        Members of a group: as wanted, and what is allowed. Within a domain two groups differ by one at most.
    """

    wanted: int
    smallest: int
    largest: int


def checked_sizes(wanted: int, smallest: int | None, largest: int | None) -> Sizes:
    """Check sizes; if nothing is said, one less and one more than wanted are allowed.

    Raises
    ------
    InputError
        If they are not in order or a group could have a single member.

    Examples
    --------
    >>> checked_sizes(6, None, None)
    Sizes(wanted=6, smallest=5, largest=7)
    """
    low = max(2, wanted - 1) if smallest is None else smallest
    high = wanted + 1 if largest is None else largest
    if not 2 <= low <= wanted <= high:
        raise InputError(
            f"size: {low} to {high}, {wanted} wanted; allowed: at least 2, smallest <= size <= largest"
        )
    return Sizes(wanted, low, high)


def divide(people: int, sizes: Sizes) -> list[int]:
    """Return sizes of groups, the larger first, that place as many as can be, as near to wanted as can be.

    Examples
    --------
    Twenty make three groups; of nine only seven find place; four are too few.

    >>> six = checked_sizes(6, None, None)
    >>> divide(20, six), divide(9, six), divide(4, six)
    ([7, 7, 6], [7], [])
    """
    for placed in range(people, sizes.smallest - 1, -1):
        fits = [
            groups
            for groups in range(1, placed // sizes.smallest + 1)
            if -(-placed // groups) <= sizes.largest
        ]
        if fits:
            groups = min(fits, key=lambda count: (abs(placed / count - sizes.wanted), count))
            return [placed // groups + (number < placed % groups) for number in range(groups)]
    return []


def choose_domains(people: pd.DataFrame, smallest: int) -> tuple[dict[str, str], dict[str, str]]:
    """Choose a domain for each participant: the first on its list that has enough for a group.

    The domain with the fewest who chose it, if they are too few, is closed; they go on to their next one that
    is open; until each domain has enough.

    Parameters
    ----------
    people
        ``participant_id`` and ``domains``, best first.
    smallest
        Least number of members of a group.

    Returns
    -------
    tuple
        Code -> domain, and code -> why there is none.

    Examples
    --------
    >>> people = pd.DataFrame({"participant_id": ["a", "b", "c"], "domains": [("x",), ("x",), ("y", "x")]})
    >>> choose_domains(people, 3)
    ({'a': 'x', 'b': 'x', 'c': 'x'}, {})
    """
    wishes = dict(zip(people["participant_id"], people["domains"], strict=True))
    closed: set[str] = set()
    while True:
        chosen = {code: next((d for d in named if d not in closed), None) for code, named in wishes.items()}
        counted = Counter(domain for domain in chosen.values() if domain is not None)
        few = [(count, domain) for domain, count in counted.items() if count < smallest]
        if not few:
            break
        closed.add(min(few)[1])
    return {code: domain for code, domain in chosen.items() if domain is not None}, {
        code: _why(wishes[code], smallest) for code, domain in chosen.items() if domain is None
    }


def given_domains(people: pd.DataFrame, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Take the domain of each participant as decided, for instance by `seats.seat_participants`.

    Raises
    ------
    InputError
        If somebody is named who is no participant.
    """
    codes = people["participant_id"].tolist()
    unknown = sorted(set(given) - set(codes))
    if unknown:
        raise InputError(f"domain_of: {unknown[0]} is no participant")
    without = {code: "was given no domain" for code in codes if not given.get(code)}
    return {code: given[code] for code in codes if given.get(code)}, without


def _why(named: tuple[str, ...], smallest: int) -> str:
    if not named:
        return "names no domain"
    return f"fewer than {smallest} are left who chose {said(named)}"
