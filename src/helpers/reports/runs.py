"""One report to build, and the names of reports and notebooks: light, for commands that answer at once."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.data.errors import InputError
from helpers.reports.values import did_you_mean, shown

COMPOSES_VARIABLE = "EVIDENCE_COMPOSES"
"""What a build tells a run of the reports that it composes: key -> slug, as JSON."""
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_NOTEBOOK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


@dataclass(frozen=True)
class ReportRun:
    """One report to build: a notebook with all its parameters, checked.

    Attributes
    ----------
    slug
        Name of its folder in ``reports/build``.
    notebook
        Name in ``notebooks/``, without the ending.
    parameters
        Every parameter of the notebook in its declared type.
    title
        What to call it in the index until it is built; may be empty.
    composes
        Reports whose facts and figures it states: key -> slug, in which {name} stands for a parameter.
    """

    slug: str
    notebook: str
    parameters: dict[str, object] = field(default_factory=dict)
    title: str = ""
    composes: dict[str, str] = field(default_factory=dict)

    def parts(self) -> dict[str, str]:
        """Return the reports that this one composes.

        Returns
        -------
        dict
            Key -> slug.

        Raises
        ------
        InputError
            If there is no such parameter.

        Examples
        --------
        >>> ReportRun("paper-at", "90_paper", {"scope": "AT"}, composes={"counts": "counts-{scope}"}).parts()
        {'counts': 'counts-at'}
        """
        return {
            key: filled(pattern, self.parameters, f"composes {key}", slugged)
            for key, pattern in self.composes.items()
        }


@dataclass(frozen=True)
class CountryLists:
    """Countries that parameters may name, groups that ``for_each`` may name, and names of countries."""

    countries: list[str]
    groups: Mapping[str, Sequence[str]]
    names: Mapping[str, str] = field(default_factory=dict)


def loop_of(run: ReportRun, known: Mapping[str, ReportRun]) -> list[str]:
    """Return the way by which a report composes itself, by slugs; empty if it does not.

    Examples
    --------
    >>> a, b = (ReportRun(slug, "10_n", composes={"x": other}) for slug, other in ("ab", "ba"))
    >>> loop_of(a, {"a": a, "b": b}), loop_of(a, {"a": a})
    (['a', 'b', 'a'], [])
    """
    ways, seen = [[run.slug, part] for part in run.parts().values()], set()
    for way in ways:
        if way[-1] == run.slug:
            return way
        if way[-1] in known and way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, part] for part in known[way[-1]].parts().values()]
    return []


def with_parts(runs: Sequence[ReportRun], known: Sequence[ReportRun]) -> list[ReportRun]:
    """Return reports and those that they compose, these first; each once.

    Parameters
    ----------
    runs
        What is wanted.
    known
        Where what they compose is looked up.

    Raises
    ------
    InputError
        If one composes what is in neither list, or itself.
    """
    by_slug = {run.slug: run for run in (*known, *runs)}
    ordered: dict[str, ReportRun] = {}

    def take(run: ReportRun) -> None:
        for slug in run.parts().values():
            if slug not in by_slug:
                near = did_you_mean(slug, list(by_slug))
                raise InputError(f"{run.slug}: composes {shown(slug)}, which is no report{near}")
            if slug not in ordered:
                take(by_slug[slug])
        ordered.setdefault(run.slug, run)

    for run in runs:
        loop = loop_of(run, by_slug)
        if loop:
            raise InputError(f"{run.slug}: composes itself ({' -> '.join(loop)})")
        take(run)
    return list(ordered.values())


def stages(runs: Sequence[ReportRun]) -> list[list[ReportRun]]:
    """Group reports so that each composes only reports of earlier groups, or of none.

    Raises
    ------
    InputError
        If one composes itself.

    Examples
    --------
    >>> paper, counts = ReportRun("paper", "90_p", composes={"counts": "counts"}), ReportRun("counts", "10_c")
    >>> [[run.slug for run in stage] for stage in stages([paper, counts])]
    [['counts'], ['paper']]
    """
    waiting, done, found = list(runs), set[str](), list[list[ReportRun]]()
    while waiting:
        asked = {run.slug for run in waiting} - done
        ready = [run for run in waiting if not asked & set(run.parts().values())]
        if not ready:
            raise InputError(f"{waiting[0].slug}: composes itself, or one that does")
        found.append(ready)
        done |= {run.slug for run in ready}
        waiting = [run for run in waiting if run.slug not in done]
    return found


def slugged(value: object) -> str:
    """Write a value so that it may stand in a slug.

    Examples
    --------
    >>> slugged("AT"), slugged("All ecosystems"), slugged(-0.5)
    ('at', 'all-ecosystems', 'minus-0-5')
    """
    sign = "minus-" if isinstance(value, int | float) and value < 0 else ""
    return sign + re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")


def filled(pattern: str, parameters: Mapping[str, object], where: str, write: Callable[[object], str]) -> str:
    """Put the values of parameters where {name} stands.

    Raises
    ------
    InputError
        If there is no such parameter; names those that there are.

    Examples
    --------
    >>> filled("counts-{scope}", {"scope": "AT"}, "slug", slugged)
    'counts-at'
    """

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in parameters:
            known = ", ".join(parameters) or "none"
            raise InputError(
                f"{where} {shown(pattern)}: no parameter {shown(name)}"
                f"{did_you_mean(name, list(parameters))}; the notebook has: {known}"
            )
        return write(parameters[name])

    return _PLACEHOLDER.sub(value, pattern)


def check_slug(slug: str) -> None:
    """Refuse a slug that is no plain folder name.

    Raises
    ------
    InputError
        If it holds anything but a-z, 0-9, - and _.
    """
    if not SLUG.fullmatch(slug):
        raise InputError(
            f"slug {shown(slug)}: allowed are a-z, 0-9, - and _, a letter or digit first, at most 100"
        )


def notebook_path(name: str, root: Path) -> Path:
    """Return the path of a notebook by its name.

    Raises
    ------
    InputError
        If there is none of that name in ``notebooks/``.
    """
    path = root / "notebooks" / f"{name}.ipynb"
    if not _NOTEBOOK.fullmatch(name) or not path.is_file():
        known = sorted(found.stem for found in (root / "notebooks").glob("*.ipynb"))
        raise InputError(
            f"there is no notebook {shown(name)}{did_you_mean(name, known)}; notebooks: {', '.join(known)}"
        )
    return path
