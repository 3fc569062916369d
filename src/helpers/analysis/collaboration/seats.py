"""Limited seats of domains or project calls, given by preference so that nobody has a reason to complain."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.analysis.collaboration.people import checked_people, said
from helpers.analysis.collaboration.stable import stable_places
from helpers.data.errors import InputError


def seat_participants(
    participants: pd.DataFrame,
    seats: Mapping[str, int],
    *,
    priority: Mapping[str, float] | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Seat participants in domains by their own order of preference.

    Deferred acceptance (`stable.stable_places`): nobody is refused a seat that one of lower priority got.
    Equal priorities are decided by one lot for all domains, drawn from the seed.

    Parameters
    ----------
    participants
        See `people.checked_people`; ``domains`` is the order of preference.
    seats
        Domain (or call) -> number of seats. Domains that are not named have none.
    priority
        Code -> number, the greater the earlier; 0 for who is not named. Without it, all are equal.
    seed
        Of the lot.

    Returns
    -------
    DataFrame
        ``participant_id``, ``domain`` (missing if without seat), ``choice`` (1: its first), ``why``.

    Raises
    ------
    InputError
        If seats are negative or a priority is no number.

    Examples
    --------
    >>> rows = [{"participant_id": code, "country": "AT", "kind": "company", "domains": ("wood", "energy"),
    ...          "ecosystems": (), "stages": (), "offers": (), "needs": ()} for code in ("a", "b")]
    >>> seat_participants(pd.DataFrame(rows), {"wood": 1, "energy": 1}, priority={"b": 1})["domain"].tolist()
    ['energy', 'wood']
    """
    people = checked_people(participants)
    lot = np.random.default_rng(seed).permutation(len(people))
    given = [float((priority or {}).get(code, 0.0)) for code in people["participant_id"]]
    if not np.isfinite(given).all():
        raise InputError("priority: a value is no number; finite numbers are allowed")
    codes = people["participant_id"].tolist()
    order = [codes[row] for row in np.lexsort((lot, -np.array(given)))]
    wishes = {
        code: [domain for domain in named if domain in seats]
        for code, named in zip(codes, people["domains"], strict=True)
    }
    lists = {domain: [code for code in order if domain in wishes[code]] for domain in sorted(seats)}
    seated = stable_places(wishes, lists, seats)
    rows = [
        (
            code,
            seated.get(code),
            _choice(named, seated.get(code)),
            _why(named, wishes[code], seated.get(code)),
        )
        for code, named in zip(codes, people["domains"], strict=True)
    ]
    table = pd.DataFrame(rows, columns=["participant_id", "domain", "choice", "why"])
    return table.astype({"domain": "str", "choice": "Int64", "why": "str"})


def _choice(named: tuple[str, ...], domain: str | None) -> int | None:
    return None if domain is None else named.index(domain) + 1


def _why(named: tuple[str, ...], open_to: list[str], domain: str | None) -> str:
    if domain is not None:
        before = open_to[: open_to.index(domain)]
        return (
            f"full with others of higher priority or lot: {said(before)}" if before else "the first it named"
        )
    if not named:
        return "names no domain"
    return f"full: {said(open_to)}" if open_to else f"no seats in {said(named)}"
