"""What a build has to do: for each report run its notebook, make only its page again, or nothing; and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from helpers.data.project import build_folder
from helpers.reports.incremental.keys import Keys, changes, changes_of_export
from helpers.reports.incremental.memory import CACHE, Memory
from helpers.reports.incremental.tables import Tables
from helpers.reports.runs import ReportRun, stages
from helpers.reports.staging import SUCCESS, read_json, write_json
from helpers.reports.status import read_failure

EXPORTER = "helpers.reports.export:export_report"
What = Literal["run", "export", "nothing", "perhaps"]
_FORM = 1
_SHOWN = 6


@dataclass(frozen=True)
class Planned:
    """What is to be done for one report.

    Attributes
    ----------
    run
        The report.
    what
        ``"run"`` the notebook and make the page, only ``"export"`` the page again, ``"nothing"``, or
        ``"perhaps"``: that is seen when the reports that it composes are made.
    reasons
        Why; empty for ``"nothing"``.
    key
        What the run depends on, as it is before the run.
    """

    run: ReportRun
    what: What
    reasons: tuple[str, ...] = ()
    key: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def text(self) -> str:
        """Say it in one line.

        Examples
        --------
        >>> Planned(ReportRun("counts-at", "10_counts"), "run", ("table gdp changed",)).text()
        'counts-at: is built: table gdp changed'
        """
        words = {
            "run": "is built",
            "export": "only its page is made again",
            "nothing": "unchanged",
            "perhaps": "is built if what it cites changes",
        }
        more = len(self.reasons) - _SHOWN
        reasons = [*self.reasons[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]
        return f"{self.run.slug}: {words[self.what]}" + (f": {'; '.join(reasons)}" if reasons else "")


class Plan:
    """What a build has to do, and what it notes of each report when it is done.

    Parameters
    ----------
    memory
        Of this look at the project.
    tables
        The processed tables; looked at if not given.
    exporter
        ``module:function`` that makes the page.

    Examples
    --------
    >>> from helpers.data.project import project_root
    >>> Plan(Memory(project_root())).planned([])
    []
    """

    def __init__(self, memory: Memory, tables: Tables | None = None, exporter: str = EXPORTER) -> None:
        self.memory = memory
        self.root = memory.root
        self.tables = tables or Tables(memory)
        self.keys = Keys(memory, self.tables, exporter)

    def planned(self, runs: Sequence[ReportRun], *, force: bool = False) -> list[Planned]:
        """Return what is to be done, in the order of ``runs``.

        Raises
        ------
        InputError
            If a notebook, or a helper that it uses, cannot be read, or a report composes itself.
        """
        found: dict[str, Planned] = {}
        for stage in stages(runs):
            for run in stage:
                parts = [found[slug] for slug in run.parts().values() if slug in found]
                awaited = [item.run.slug for item in parts if item.what in ("run", "perhaps")]
                found[run.slug] = self._planned(run, force, awaited)
        return [found[run.slug] for run in runs]

    def now(self, planned: Planned) -> Planned:
        """Return what is to be done for a report whose parts are made by now."""
        return self._planned(planned.run, force=False) if planned.what == "perhaps" else planned

    def _planned(self, run: ReportRun, force: bool, awaited: Sequence[str] = ()) -> Planned:
        noted = _record(self.root, run.slug)
        key = self.keys.of(run, noted.get("key", {}).get("packages", ()))
        why = ("asked for by --force",) if force else self._why_run(run, noted, key)
        if not why and not awaited:
            why = tuple(self.keys.changes_of_composed(noted["reads"]))
        if why:
            return Planned(run, "run", why, key)
        if awaited:
            return Planned(run, "perhaps", tuple(f"{slug} comes first" for slug in awaited), key)
        why = tuple(changes_of_export(noted.get("export", {}), self.keys.export_of(run.slug)))
        return Planned(run, "export" if why else "nothing", why, key)

    def _why_run(self, run: ReportRun, noted: Mapping[str, Any], key: Mapping[str, Any]) -> tuple[str, ...]:
        build = build_folder(self.root)
        folder = build / run.slug
        failure = read_failure(build, run.slug)
        if failure is not None:
            return (f"failed last time: {failure.get('text', '')}",)
        if not (folder / SUCCESS).is_file():
            return ("there is no whole report" if folder.exists() else "not built yet",)
        if not noted or noted["marker"] != self.memory.sha256_or_none(folder / SUCCESS):
            return ("it is not the report that the last build noted",)
        fault = self.memory.faults(folder)
        if fault is not None:
            return (f"{fault} since it was built" if fault.endswith("changed") else fault,)
        return (*changes(noted["key"], key, run.notebook), *self.keys.changes_of_reads(noted["reads"]))

    def tables_of(self, planned: Sequence[Planned]) -> set[str]:
        """Return the tables that runs will read: those they read last time, and those their cells name."""
        names: set[str] = set()
        for item in planned:
            noted = _record(self.root, item.run.slug)
            texts = self.keys.notebook(item.run.notebook)["texts"]
            names |= {*noted.get("reads", {}).get("tables", {}), *(set(texts) & self.tables.metas.keys())}
        return names

    def note_built(self, planned: Planned, packages: Sequence[str]) -> None:
        """Note what a report that was just published depends on; the next build compares it.

        Parameters
        ----------
        planned
            What was planned before it was made.
        packages
            Names of the packages whose versions count.
        """
        folder = build_folder(self.root) / planned.run.slug
        old = _record(self.root, planned.run.slug)
        manifest = read_json(folder / "manifest.json")
        reads = manifest.get("reads", {}) if isinstance(manifest, dict) else {}
        key = {**planned.key, "packages": self.keys.of(planned.run, packages)["packages"]}
        self.memory.trust(folder)
        record = {
            "form": _FORM,
            "marker": self.memory.sha256(folder / SUCCESS),
            "key": old["key"] if planned.what == "export" else key,
            "reads": reads,
            "export": self.keys.export_of(planned.run.slug),
        }
        write_json(_record_path(self.root, planned.run.slug), record)


def _record_path(root: Path, slug: str) -> Path:
    return build_folder(root) / CACHE / "reports" / f"{slug}.json"


def _record(root: Path, slug: str) -> dict[str, Any]:
    """Return what was noted of a report; empty if there is nothing, or it is of another form."""
    content = read_json(_record_path(root, slug))
    known = isinstance(content, dict) and content.get("form") == _FORM
    return content if known and {"marker", "key", "reads", "export"} <= content.keys() else {}
