"""Which reports there are: ``reports/portfolio.yml``, read and checked."""

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.data.errors import InputError
from helpers.data.project import project_root
from helpers.reports.parameters import check_parameters
from helpers.reports.runs import SLUG, CountryLists, ReportRun, check_slug, notebook_path, slugged
from helpers.reports.values import did_you_mean, shown

__all__ = ["SLUG", "CountryLists", "ReportRun", "country_lists", "load_portfolio", "slugged"]

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    notebook: str
    slug: str
    title: str = ""
    parameters: dict[str, str] = {}
    for_each: dict[str, str | list[str]] = {}


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
        that are malformed or occur twice.
    """
    root = root or project_root()
    lists = lists or country_lists(root)
    problems: list[str] = []
    runs: list[ReportRun] = []
    for number, entry in enumerate(_read(root / "reports" / "portfolio.yml"), start=1):
        try:
            runs.extend(_expanded(entry, root, lists))
        except InputError as error:
            problems.extend(f"reports/portfolio.yml: entry {number}: {text}" for text in error.problems)
    slugs = [run.slug for run in runs]
    twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    problems.extend(f"reports/portfolio.yml: the slug {slug!r} occurs twice" for slug in twice)
    if problems:
        raise InputError(problems)
    return runs


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
    path = notebook_path(entry.notebook, root)
    choices = [_values(values, lists) for values in entry.for_each.values()]
    for combination in itertools.product(*choices):
        given = {**entry.parameters, **dict(zip(entry.for_each, combination, strict=True))}
        complete = check_parameters(path, dict(given), lists.countries)
        slug = _filled(entry.slug, complete, "slug", slugged)
        check_slug(slug)
        title = _filled(entry.title, complete, "title", lambda value: lists.names.get(str(value), str(value)))
        yield ReportRun(slug, entry.notebook, complete, title)


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


def _filled(
    pattern: str, parameters: Mapping[str, object], where: str, write: Callable[[object], str]
) -> str:
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
