"""How facts changed, by how much it matters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from helpers.reports.baseline import same

LARGE = 0.05
TierKey = Literal["kind", "finding", "large", "gone", "little", "new", "words"]
Stated = Mapping[str, Any]


@dataclass(frozen=True)
class Tier:
    """A tier of severity: key, name, what falls into it, whether publishing asks for a reason."""

    key: TierKey
    title: str
    meaning: str
    needs_reason: bool


TIERS = (
    Tier(
        "kind",
        "Sample or observed",
        "One side rests on made-up sample data and the other does not.",
        True,
    ),
    Tier(
        "finding",
        "Another finding",
        "The sign changed; the value left the old interval; the interval now includes zero or no longer "
        "does; another name, unit or bound; or the value became available, or stopped to be.",
        True,
    ),
    Tier(
        "large",
        "Large",
        "The value, or an end of its interval, changed by more than 5 % of what it was.",
        True,
    ),
    Tier("gone", "No longer stated", "The old build states it and the new one does not.", True),
    Tier("little", "A little", "The value or its interval changed, by at most 5 %.", False),
    Tier("new", "Newly stated", "The new build states it and the old one does not.", False),
    Tier(
        "words",
        "Wording only",
        "How it is written, its note, the datasets it rests on or where it is cited from; the value is the "
        "same.",
        False,
    ),
)
BY_KEY = {tier.key: tier for tier in TIERS}
RANK = {tier.key: number for number, tier in enumerate(TIERS)}


@dataclass(frozen=True)
class FactChange:
    """One fact that differs: its name, tier, how it was stated and is stated, and what differs in words."""

    name: str
    tier: Tier
    old: Stated | None
    new: Stated | None
    what: tuple[str, ...]


def fact_changes(old: Mapping[str, Stated], new: Mapping[str, Stated]) -> list[FactChange]:
    r"""Compare the facts of two builds of a report.

    Parameters
    ----------
    old, new
        Facts by name, as in facts.json.

    Returns
    -------
    list of FactChange
        Those that differ, the gravest tier first, then by name.

    Examples
    --------
    >>> def total(value, **more):
    ...     return {"total": {"value": value, "unit": "sites", "text": str(value), **more}}
    >>> [(change.tier.key, change.what) for change in fact_changes(total(100), total(112))]
    [('large', ('+12.0\xa0%',))]
    >>> fact_changes(total(100, interval=[90, 110]), total(112))[0].what
    ('outside the old interval', 'interval no longer stated')
    >>> fact_changes(total(100), total(100))
    []
    """
    found = []
    for name in old.keys() | new.keys():
        before, after = old.get(name), new.get(name)
        tiered = _tiered(before, after)
        if tiered:
            tier = min((key for key, _ in tiered), key=RANK.__getitem__)
            found.append(FactChange(name, BY_KEY[tier], before, after, tuple(word for _, word in tiered)))
    return sorted(found, key=lambda change: (RANK[change.tier.key], change.name))


def _tiered(old: Stated | None, new: Stated | None) -> list[tuple[TierKey, str]]:
    if old is None:
        return [("new", "newly stated")]
    if new is None:
        return [("gone", "no longer stated")]
    return [*_of_kind(old, new), *_of_value(old, new), *_of_interval(old, new), *_of_words(old, new)]


def _of_kind(old: Stated, new: Stated) -> Iterator[tuple[TierKey, str]]:
    if bool(old.get("sample")) != bool(new.get("sample")):
        yield "kind", "sample -> observed" if old.get("sample") else "observed -> sample"
    for name in ("unit", "bound"):
        if (old.get(name) or "") != (new.get(name) or ""):
            yield "finding", f"{name}: {old.get(name) or 'none'} -> {new.get(name) or 'none'}"


def _of_value(old: Stated, new: Stated) -> Iterator[tuple[TierKey, str]]:
    before, after = old.get("value"), new.get("value")
    if same(before, after):
        return
    if before is None or after is None:
        yield "finding", "newly available" if before is None else "no longer available"
    elif not _is_number(before) or not _is_number(after):
        yield (
            "finding",
            "another name" if isinstance(before, str) and isinstance(after, str) else "another type",
        )
    else:
        yield from _of_number(float(before), float(after), old.get("interval"))


def _of_number(before: float, after: float, interval: Any) -> Iterator[tuple[TierKey, str]]:  # noqa: ANN401
    if before * after < 0:
        yield "finding", "the sign changed"
    elif interval and not min(interval) <= after <= max(interval):
        yield "finding", "outside the old interval"
    elif before == 0:
        yield "large", "from zero"
    else:
        yield "large" if _is_large(before, after) else "little", _per_cent((after - before) / abs(before))


def _of_interval(old: Stated, new: Stated) -> Iterator[tuple[TierKey, str]]:
    before, after = old.get("interval"), new.get("interval")
    if same(before, after):
        return
    if not before or not after:
        yield "little", "interval newly stated" if after else "interval no longer stated"
        return
    covered = [min(ends) <= 0 <= max(ends) for ends in (before, after)]
    if covered[0] != covered[1]:
        yield (
            "finding",
            "the interval now includes zero" if covered[1] else "the interval no longer includes zero",
        )
    elif same(old.get("value"), new.get("value")):
        large = any(_is_large(*ends) for ends in zip(before, after, strict=True))
        yield "large" if large else "little", "another interval"


def _of_words(old: Stated, new: Stated) -> Iterator[tuple[TierKey, str]]:
    if (old.get("text") or "") != (new.get("text") or "") and same(old.get("value"), new.get("value")):
        yield "words", "written in another way"
    if (old.get("note") or "") != (new.get("note") or ""):
        yield "words", "another note"
    if sorted(old.get("datasets") or []) != sorted(new.get("datasets") or []):
        yield "words", "rests on other datasets"
    if (old.get("cited") or None) != (new.get("cited") or None):
        yield "words", "cited from elsewhere"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_large(before: float, after: float) -> bool:
    # Five per cent itself is not more than five per cent, however floating point writes it.
    return abs(after - before) > LARGE * abs(before) * (1 + 1e-9)


def _per_cent(share: float) -> str:
    r"""Write a relative change; one that rounds to nothing is said to be less than a tenth.

    Examples
    --------
    >>> _per_cent(-0.123), _per_cent(0.0001)
    ('−12.3\xa0%', '+less than 0.1\xa0%')
    """
    size = f"{abs(share):.1%}".replace("%", "\xa0%") if abs(share) >= 0.0005 else "less than 0.1\xa0%"
    return ("+" if share > 0 else "−") + size
