"""What the command line asks for: which reports of the portfolio, and with which parameters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.project import project_root
from helpers.reports.runs import CountryLists, ReportRun, check_slug, notebook_path, slugged, with_parts
from helpers.reports.values import did_you_mean, shown


def select_runs(
    portfolio: Sequence[ReportRun],
    only: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
    *,
    root: Path | None = None,
    lists: CountryLists | None = None,
) -> list[ReportRun]:
    """Choose what to build, and with which parameters.

    Parameters
    ----------
    portfolio
        What :func:`load_portfolio` returned.
    only
        Slugs, patterns such as ``cluster_counts-*``, or names of notebooks (their defaults); all if empty.
    given
        Parameters of the command line, as text; they replace those of every chosen report. A report whose
        parameters change gets a slug of its own (``cluster_counts-eu27--as_of-2021-02-18``) beside the
        default one, unless the portfolio holds a report with just these parameters: then it is that one.

    Returns
    -------
    list of ReportRun
        What was chosen, and, before it, the reports that it composes, as the portfolio has them.

    Raises
    ------
    InputError
        If a name matches nothing, or a parameter is unknown or not allowed.
    """
    root = root or project_root()
    if lists is None:
        from helpers.reports.portfolio import country_lists

        lists = country_lists(root)
    chosen: dict[str, ReportRun] = {}
    for run in _chosen(portfolio, only, root, lists):
        changed = _overridden(run, given or {}, portfolio, root, lists)
        chosen.setdefault(changed.slug, changed)
    return with_parts(list(chosen.values()), portfolio)


def _chosen(
    portfolio: Sequence[ReportRun], only: Sequence[str], root: Path, lists: CountryLists
) -> Iterator[ReportRun]:
    slugs = [run.slug for run in portfolio]
    notebooks = {path.stem for path in (root / "notebooks").glob("*.ipynb")}
    if not only:
        yield from portfolio
    for pattern in only:
        matching = [run for run in portfolio if fnmatchcase(run.slug, pattern)]
        if matching:
            yield from matching
        elif pattern in notebooks:
            from helpers.reports.parameters import check_parameters

            defaults = check_parameters(notebook_path(pattern, root), {}, lists.countries)
            yield _named_like(ReportRun(slugged(pattern), pattern, defaults), portfolio)
        else:
            near = did_you_mean(pattern, [*slugs, *notebooks])
            raise InputError(f"no report matches {shown(pattern)}{near}; `evidence list` shows all of them")


def _overridden(
    run: ReportRun, given: Mapping[str, str], portfolio: Sequence[ReportRun], root: Path, lists: CountryLists
) -> ReportRun:
    if not given:
        return run
    from helpers.reports.parameters import check_parameters

    parameters = check_parameters(
        notebook_path(run.notebook, root), {**run.parameters, **given}, lists.countries
    )
    changed = {name: value for name, value in parameters.items() if value != run.parameters[name]}
    if not changed:
        return run
    suffix = "".join(f"--{name.lower()}-{slugged(value)}" for name, value in changed.items())
    slug = run.slug + suffix
    check_slug(slug)
    return _named_like(replace(run, slug=slug, parameters=parameters), portfolio)


def _named_like(run: ReportRun, portfolio: Sequence[ReportRun]) -> ReportRun:
    """Return the report of the portfolio that is this very one, if there is one."""
    for known in portfolio:
        if (known.notebook, known.parameters) == (run.notebook, run.parameters):
            return known
    return run


def parse_assignments(given: Sequence[str]) -> dict[str, str]:
    """Read ``name=value`` of the command line.

    Raises
    ------
    InputError
        If one has no ``=``, no identifier for a name, or a name occurs twice.

    Examples
    --------
    >>> parse_assignments(["scope=AT", "as_of=2021-02-18"])
    {'scope': 'AT', 'as_of': '2021-02-18'}
    """
    values: dict[str, str] = {}
    for text in given:
        name, found, value = text.partition("=")
        if not found or not name.isidentifier():
            raise InputError(f"-p {shown(text)}: write -p name=value, e.g. -p scope=AT")
        if name in values:
            raise InputError(f"-p {shown(text)}: {shown(name)} is given twice")
        values[name] = value
    return values
