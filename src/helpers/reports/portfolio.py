"""Which reports there are: ``reports/portfolio.yml``, read and checked."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.data.errors import InputError
from helpers.data.project import project_root
from helpers.reports.parameters import check_parameters
from helpers.reports.runs import (
    SLUG,
    CountryLists,
    ReportRun,
    check_slug,
    filled,
    loop_of,
    notebook_path,
    slugged,
)
from helpers.reports.values import did_you_mean, shown

__all__ = ["SLUG", "CountryLists", "ReportRun", "country_lists", "load_portfolio", "slugged"]


_KEY = re.compile(r"[a-z][a-z0-9]*")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    notebook: str
    slug: str
    title: str = ""
    parameters: dict[str, str] = {}
    for_each: dict[str, str | list[str]] = {}
    composes: dict[str, str] = {}


class _Portfolio(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reports: list[_Entry]


class _TextLoader(yaml.BaseLoader):
    """Reads every scalar as text: Norway stays ``NO``, and 007 stays 007; parameters declare the type."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        names = [key.value for key, _ in node.value]
        twice = sorted({str(name) for name in names if names.count(name) > 1})
        if twice:
            raise InputError(
                f"line {node.start_mark.line + 1}: the key {shown(twice[0])} is given twice in one entry"
            )
        return super().construct_mapping(node, deep)


def country_lists(root: Path | None = None) -> CountryLists:
    """Read the countries and groups from ``data/processed``, making those two tables if need be."""
    from helpers.analysis.scope import scope_countries
    from helpers.data.process import process, read_table

    process(root, only=["countries", "memberships"])
    countries, memberships = read_table("countries", root), read_table("memberships", root)
    # EU27 means the members since 2020-02-01 whatever the day.
    members = scope_countries(memberships, countries, "EU27", date(2020, 2, 1))
    names = dict(zip(countries["country"], countries["name"], strict=True))
    return CountryLists(list(names), {"eu27_countries": sorted(members)}, names)


def load_portfolio(root: Path | None = None, lists: CountryLists | None = None) -> list[ReportRun]:
    """Read ``reports/portfolio.yml`` and check every report it asks for.

    Parameters
    ----------
    root
        Project folder.
    lists
        Countries and groups; read from the data if not given.

    Returns
    -------
    list of ReportRun
        In the order of the file, parameters complete and checked against the notebooks.

    Raises
    ------
    InputError
        Naming the file, the entry and what is wrong: unknown keys, parameters, groups or notebooks, slugs
        that are malformed or occur twice, reports that compose what is not there, or themselves.
    """
    root = root or project_root()
    lists = lists or country_lists(root)
    problems: list[str] = []
    runs: list[ReportRun] = []
    entries: dict[str, int] = {}
    for number, entry in enumerate(_read(root / "reports" / "portfolio.yml"), start=1):
        try:
            found = list(_expanded(entry, root, lists))
            runs.extend(found)
            entries |= {run.slug: number for run in found}
        except InputError as error:
            problems.extend(f"reports/portfolio.yml: entry {number}: {text}" for text in error.problems)
    slugs = [run.slug for run in runs]
    twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    problems.extend(f"reports/portfolio.yml: the slug {slug!r} occurs twice" for slug in twice)
    if not problems:
        # Only now: what an entry composes may be made by a faulty one.
        problems.extend(_faults_of_composition(runs, entries))
    if problems:
        raise InputError(problems)
    return runs


def _faults_of_composition(runs: Sequence[ReportRun], entries: Mapping[str, int]) -> Iterator[str]:
    """Say which reports compose what is not there, or, by whatever way, themselves."""
    slugs = {run.slug: run for run in runs}
    for run in runs:
        where = f"reports/portfolio.yml: entry {entries[run.slug]}"
        for key, slug in run.parts().items():
            if slug not in slugs:
                near = did_you_mean(slug, list(slugs))
                yield (
                    f"{where}: composes: {key} of {run.slug} is {shown(slug)}, which is no report{near}; "
                    "allowed: the slug of another report of this file"
                )
        loop = loop_of(run, slugs)
        if loop:
            yield f"{where}: composes: {run.slug} composes itself ({' -> '.join(loop)}); allowed: no loops"


def _read(path: Path) -> list[_Entry]:
    where = "reports/portfolio.yml"
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _TextLoader)  # noqa: S506  # text only
        return _Portfolio.model_validate(content).reports
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{where}: cannot be read ({type(error).__name__})") from error
    except yaml.YAMLError as error:
        raise InputError(f"{where}: is not YAML: {' '.join(str(error).split())[:300]}") from error
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    except ValidationError as error:
        raise InputError([f"{where}: {text}" for text in _schema_problems(error)]) from error


def _schema_problems(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        parts = [f"entry {part + 1}" if isinstance(part, int) else str(part) for part in fault["loc"]]
        place = ", ".join(parts) or "the file"
        model = _Portfolio if len(parts) < 2 else _Entry
        known = list(model.model_fields)
        if fault["type"] == "extra_forbidden":
            hint = did_you_mean(parts[-1], known)
            yield f"{place}: unknown key {shown(parts[-1])}{hint}; known: {', '.join(known)}"
        elif fault["type"] == "model_type":
            yield f"{place}: found {shown(fault['input'])}; allowed: keys {', '.join(known)}"
        else:
            yield f"{place}: {fault['msg']}, found {shown(fault['input'])}"


def _expanded(entry: _Entry, root: Path, lists: CountryLists) -> Iterator[ReportRun]:
    both = sorted(set(entry.parameters) & set(entry.for_each))
    if both:
        raise InputError(f"{both[0]!r} stands in parameters and in for_each")
    for key in entry.composes:
        if not _KEY.fullmatch(key):
            raise InputError(f"composes: the key {shown(key)}: allowed are a-z and 0-9, a letter first")
    path = notebook_path(entry.notebook, root)
    choices = [_values(values, lists) for values in entry.for_each.values()]
    for combination in itertools.product(*choices):
        given = {**entry.parameters, **dict(zip(entry.for_each, combination, strict=True))}
        complete = check_parameters(path, dict(given), lists.countries)
        slug = filled(entry.slug, complete, "slug", slugged)
        check_slug(slug)
        title = filled(entry.title, complete, "title", lambda value: lists.names.get(str(value), str(value)))
        run = ReportRun(slug, entry.notebook, complete, title, dict(entry.composes))
        for part in run.parts().values():
            check_slug(part)
        yield run


def _values(values: str | list[str], lists: CountryLists) -> Sequence[str]:
    if isinstance(values, list):
        return values
    if values not in lists.groups:
        known = list(lists.groups)
        raise InputError(
            f"for_each: there is no group {shown(values)}{did_you_mean(values, known)}; "
            f"allowed: a list of values or {', '.join(known)}"
        )
    return lists.groups[values]
