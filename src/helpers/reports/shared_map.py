"""The map put at others' disposal: a folder of files that hold only what each respondent agreed to show."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.analysis.capacity.entries import COUNTED
from helpers.analysis.capacity.shown import shown_tables
from helpers.analysis.capacity.shown_totals import shown_totals
from helpers.analysis.disclosure import Rules
from helpers.analysis.memberships import members_on
from helpers.analysis.scope import EU27_SINCE
from helpers.data.capacity_tables import find_capacity_table
from helpers.data.catalog import dataset_origin
from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.process import process, read_table
from helpers.data.project import build_folder, project_root
from helpers.data.questionnaires.definition import questionnaire_names
from helpers.reports.shared_map_files import FILES, Shown, map_files
from helpers.reports.values import did_you_mean
from helpers.reports.waves import LATEST, Wave, find_wave

FOLDER = "maps"
_TABLES = ("countries", "memberships", "nuts2_regions", "region_centres", "country_shapes")
_KINDS = ("respondents", "capacities", "products")


@dataclass(frozen=True)
class SharedMap:
    """What was written, and of how many.

    Attributes
    ----------
    folder
        Where the files are.
    whole, anonymous
        Entries shown with a name and without.
    totals
        Totals that are shown, those of all countries and of one.
    held_back
        Totals that are not.
    """

    folder: Path
    whole: int
    anonymous: int
    totals: int
    held_back: int


def shared_map(
    questionnaire: str,
    vintage: str = LATEST,
    *,
    rules: Rules | None = None,
    output: Path | None = None,
    root: Path | None = None,
) -> SharedMap:
    """Write the map of a questionnaire's wave: page, GeoJSON, CSV and what they are, all of it or nothing.

    The processed tables are brought up to date first, so that a withdrawal that was recorded takes effect.

    Parameters
    ----------
    questionnaire, vintage
        Such as vaccine_capacity and 2021-03-sample, or latest.
    rules
        Thresholds of disclosure control for the totals.
    output
        Folder to write; ``reports/build/maps/<questionnaire>-<vintage>`` if not given.
    root
        The project's folder.

    Returns
    -------
    SharedMap
        The folder, and how many entries and totals it shows.

    Raises
    ------
    InputError
        If there is no such questionnaire or wave, or the folder holds what is not of such a map.
    """
    root = (root or project_root()).resolve()
    known = questionnaire_names(root)
    if questionnaire not in known:
        near = did_you_mean(questionnaire, known)
        raise InputError(f"questionnaire: given {questionnaire[:60]!r}{near}; allowed: {', '.join(known)}")
    wave = find_wave(questionnaire, vintage, root)
    folder = _folder(wave, output, root)
    shown = collect(wave, rules or Rules(), root)
    _replace(folder, map_files(shown))
    return SharedMap(
        folder,
        whole=int((shown.entries["kind"] == "whole").sum()),
        anonymous=int((shown.entries["kind"] == "anonymous").sum()),
        totals=int((shown.totals["status"] == "published").sum()),
        held_back=int((shown.totals["status"] == "suppressed").sum()),
    )


def collect(wave: Wave, rules: Rules, root: Path) -> Shown:
    """Bring the tables of a wave up to date and take from them what may be shown.

    Raises
    ------
    InputError
        If a dataset breaks its declaration, see `helpers.data.process.process`.
    """
    frame = find_capacity_table(wave.table("frame"), root) is not None
    kinds = (*_KINDS, "frame") if frame else _KINDS
    process(root, only=[*_TABLES, *(wave.table(kind) for kind in kinds)])
    tables = {name: read_table(name, root) for name in _TABLES}
    own = {kind: read_table(wave.table(kind), root) for kind in kinds}
    entries, amounts = shown_tables(
        own["respondents"],
        own["capacities"],
        own["products"],
        tables["nuts2_regions"],
        tables["region_centres"],
    )
    codes = members_on(tables["memberships"], "EU", EU27_SINCE)
    # The same countries as in the reports on the EU: a total over others besides would tell the difference.
    totals = shown_totals(
        own["capacities"][own["capacities"]["country"].isin(codes)],
        own["respondents"][own["respondents"]["country"].isin(codes)],
        own["products"],
        codes,
        rules=rules,
        not_asked=_not_asked(codes, own.get("frame")),
    )
    countries = tables["countries"]
    return Shown(
        wave=wave,
        origin=dataset_origin(wave.dataset, root),
        sources=[dataset_origin(name, root) for name in (wave.dataset, "nuts_regions")],
        entries=entries,
        amounts=amounts,
        totals=totals,
        answered=int((own["respondents"]["status"] == COUNTED).sum()),
        codes=codes,
        names=dict(zip(countries["country"], countries["name"], strict=True)),
        shapes=tables["country_shapes"],
        min_count=rules.min_count,
    )


def _not_asked(codes: list[str], frame: pd.DataFrame | None) -> list[str]:
    """Return the countries where nobody was invited; none if the invited were not recorded."""
    if frame is None:
        return []
    invited = frame.groupby("country")["invited"].sum()
    return [code for code in codes if not invited.get(code, 0)]


def _folder(wave: Wave, output: Path | None, root: Path) -> Path:
    """Return the folder to write, and refuse one whose files are not ours to replace."""
    if output is None:
        folder = build_folder(root) / FOLDER / f"{wave.questionnaire}-{wave.vintage}"
        folder.parent.mkdir(parents=True, exist_ok=True)
    else:
        folder = output.resolve()
    if not folder.parent.is_dir():
        raise InputError(
            f"--output: found no folder {str(folder.parent)[:200]!r}, allowed: one that is there"
        )
    if folder.exists() and not folder.is_dir():
        raise InputError(f"--output: found the file {folder.name!r}, allowed: a folder, or a new name")
    strange = sorted(path.name for path in folder.glob("*") if path.name not in FILES)
    if strange:
        raise InputError(
            f"--output: found {strange[0][:80]!r} in {folder.name!r}, which would be lost; allowed: a new "
            "folder, an empty one, or one that holds such a map and nothing else"
        )
    return folder


def _replace(folder: Path, files: dict[str, bytes]) -> None:
    """Put the files in the place of those of the last run: a reader finds all of one run."""
    # A run that was killed may have left entries that were withdrawn since.
    for leftover in folder.parent.glob(f".{folder.name}.part-*"):
        shutil.rmtree(leftover)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.part-"))
    try:
        staged, aside = work / "new", work / "old"
        staged.mkdir()
        for name, data in files.items():
            write_atomically(staged / name, data)
        if folder.exists():
            folder.rename(aside)
        try:
            staged.rename(folder)
        except OSError:
            if aside.exists():
                aside.rename(folder)
            raise
    finally:
        shutil.rmtree(work)
