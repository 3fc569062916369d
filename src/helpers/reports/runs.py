"""One report to build, and the names of reports and notebooks: light, for commands that answer at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.data.errors import InputError
from helpers.reports.values import did_you_mean, shown

SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
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
    """

    slug: str
    notebook: str
    parameters: dict[str, object] = field(default_factory=dict)
    title: str = ""


@dataclass(frozen=True)
class CountryLists:
    """Countries that parameters may name, groups that ``for_each`` may name, and names of countries."""

    countries: list[str]
    groups: Mapping[str, Sequence[str]]
    names: Mapping[str, str] = field(default_factory=dict)


def slugged(value: object) -> str:
    """Write a value so that it may stand in a slug.

    Examples
    --------
    >>> slugged("AT"), slugged("All ecosystems"), slugged(-0.5)
    ('at', 'all-ecosystems', 'minus-0-5')
    """
    sign = "minus-" if isinstance(value, int | float) and value < 0 else ""
    return sign + re.sub(r"[^a-z0-9]+", "-", str(value).lower()).strip("-")


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
