"""Stable matching: nobody and no place would both rather have each other than what they got."""

from collections import deque
from collections.abc import Mapping, Sequence

from helpers.data.errors import InputError

Lists = Mapping[str, Sequence[str]]


def stable_places(applicants: Lists, places: Lists, seats: Mapping[str, int]) -> dict[str, str]:
    """Seat applicants so that the result is stable, as well for each as any stable result can be.

    Deferred acceptance: each applies to the first place on its list; a place holds the best of those who
    applied, as far as its seats reach; who is turned away applies to the next place on its list.

    Parameters
    ----------
    applicants
        Applicant -> places it would take, best first; lists may be incomplete.
    places
        Place -> applicants it would take, best first; lists may be incomplete.
    seats
        Place -> number of seats.

    Returns
    -------
    dict
        Applicant -> place; those who stay without are not in it. In the order of `applicants`.

    Raises
    ------
    InputError
        If a list names somebody twice or unknown, or seats are missing or negative.

    Examples
    --------
    >>> stable_places({"a": ["x"], "b": ["x", "y"]}, {"x": ["b", "a"], "y": ["b"]}, {"x": 1, "y": 1})
    {'b': 'x'}

    References
    ----------
    Gale, D. and Shapley, L. S. (1962), College admissions and the stability of marriage, *American
    Mathematical Monthly* 69(1), 9-15. Gusfield, D. and Irving, R. W. (1989), *The Stable Marriage Problem*,
    section 1.6.
    """
    _check(applicants, places, seats)
    rank = {place: {one: number for number, one in enumerate(wanted)} for place, wanted in places.items()}
    held: dict[str, list[str]] = {place: [] for place in places}
    left = {one: deque(wanted) for one, wanted in applicants.items()}
    waiting = deque(applicants)
    while waiting:
        one = waiting.popleft()
        while left[one]:
            place = left[one].popleft()
            if one not in rank[place]:
                continue
            turned_away = _hold(held[place], one, rank[place], seats[place])
            if turned_away != one:
                if turned_away is not None:
                    waiting.append(turned_away)
                break
    found = {one: place for place, taken in held.items() for one in taken}
    return {one: found[one] for one in applicants if one in found}


def best_for_places(applicants: Lists, places: Lists, seats: Mapping[str, int]) -> dict[str, str]:
    """Seat applicants so that the result is stable, as well for each place as any stable result can be.

    The places offer their seats: to those on their list in turn; an applicant keeps the best offer.
    Parameters, result and errors are those of `stable_places`.

    Examples
    --------
    >>> wishes, lists = {"a": ["x", "y"], "b": ["y", "x"]}, {"x": ["b", "a"], "y": ["a", "b"]}
    >>> one_each = {"x": 1, "y": 1}
    >>> stable_places(wishes, lists, one_each), best_for_places(wishes, lists, one_each)
    ({'a': 'x', 'b': 'y'}, {'a': 'y', 'b': 'x'})

    References
    ----------
    Gusfield, D. and Irving, R. W. (1989), *The Stable Marriage Problem*, section 1.6.3.
    """
    _check(applicants, places, seats)
    rank = {one: {place: number for number, place in enumerate(wanted)} for one, wanted in applicants.items()}
    got: dict[str, str] = {}
    taken = dict.fromkeys(places, 0)
    left = {place: deque(wanted) for place, wanted in places.items()}
    waiting = deque(places)
    while waiting:
        place = waiting.popleft()
        while taken[place] < seats[place] and left[place]:
            one = left[place].popleft()
            if place not in rank[one]:
                continue
            before = got.get(one)
            if before is not None and rank[one][before] < rank[one][place]:
                continue
            got[one] = place
            taken[place] += 1
            if before is not None:
                taken[before] -= 1
                waiting.append(before)
    return {one: got[one] for one in applicants if one in got}


def stable_pairs(proposers: Lists, receivers: Lists) -> dict[str, str]:
    """Pair one to one so that the result is stable, as well for each proposer as any stable result can be.

    Parameters
    ----------
    proposers, receivers
        One -> others it would be paired with, best first; lists may be incomplete.

    Returns
    -------
    dict
        Proposer -> receiver.

    Examples
    --------
    >>> stable_pairs({"a": ["x", "y"], "b": ["x"]}, {"x": ["a", "b"], "y": ["a"]})
    {'a': 'x'}

    References
    ----------
    Gale, D. and Shapley, L. S. (1962), as `stable_places`.
    """
    return stable_places(proposers, receivers, dict.fromkeys(receivers, 1))


def blocking_pairs(
    matched: Mapping[str, str], applicants: Lists, places: Lists, seats: Mapping[str, int] | None = None
) -> list[tuple[str, str]]:
    """List the applicants and places that would both rather have each other than what they have.

    Parameters
    ----------
    matched
        Applicant -> place.
    applicants, places, seats
        See `stable_places`; without seats each place has one.

    Returns
    -------
    list of tuple
        Applicant and place, in the order of the lists; empty if nobody would break away.

    Raises
    ------
    InputError
        If somebody is matched who may not be: not on the list of the other, or beyond the seats.

    Examples
    --------
    >>> blocking_pairs({"a": "y"}, {"a": ["x", "y"]}, {"x": ["a"], "y": ["a"]})
    [('a', 'x')]
    """
    seats = dict.fromkeys(places, 1) if seats is None else seats
    _check(applicants, places, seats)
    rank = {place: {one: number for number, one in enumerate(wanted)} for place, wanted in places.items()}
    held: dict[str, list[str]] = {place: [] for place in places}
    for one, place in matched.items():
        if place not in applicants.get(one, ()) or one not in rank.get(place, {}):
            raise InputError(f"matched: {one} and {place} do not both list each other")
        held[place].append(one)
    over = [place for place, taken in held.items() if len(taken) > seats[place]]
    if over:
        raise InputError(f"matched: {over[0]} has {len(held[over[0]])} for {seats[over[0]]} seats")
    found = []
    for one, wanted in applicants.items():
        for place in wanted:
            if matched.get(one) == place:
                break
            if one in rank[place] and _would_take(held[place], one, rank[place], seats[place]):
                found.append((one, place))
    return found


def is_stable(
    matched: Mapping[str, str], applicants: Lists, places: Lists, seats: Mapping[str, int] | None = None
) -> bool:
    """Tell whether a matching is allowed and nobody would break away; see `blocking_pairs`."""
    try:
        return not blocking_pairs(matched, applicants, places, seats)
    except InputError:
        _check(applicants, places, dict.fromkeys(places, 1) if seats is None else seats)
        return False


def _hold(held: list[str], one: str, rank: Mapping[str, int], seats: int) -> str | None:
    """Hold an applicant; return who is turned away for it, if anybody."""
    held.append(one)
    if len(held) <= seats:
        return None
    worst = max(held, key=rank.__getitem__)
    held.remove(worst)
    return worst


def _would_take(held: list[str], one: str, rank: Mapping[str, int], seats: int) -> bool:
    return len(held) < seats or any(rank[one] < rank[other] for other in held)


def _check(applicants: Lists, places: Lists, seats: Mapping[str, int]) -> None:
    for lists, known, what in ((applicants, places, "applicant"), (places, applicants, "place")):
        for one, wanted in lists.items():
            if len(set(wanted)) < len(wanted):
                twice = next(other for other in wanted if list(wanted).count(other) > 1)
                raise InputError(f"{what} {one}: lists {twice} twice; once is allowed")
            unknown = [other for other in wanted if other not in known]
            if unknown:
                raise InputError(f"{what} {one}: lists {unknown[0]}, who is unknown")
    for place in places:
        if place not in seats or seats[place] < 0:
            raise InputError(
                f"seats of {place}: {seats.get(place)}; whole numbers from zero upwards are allowed"
            )
