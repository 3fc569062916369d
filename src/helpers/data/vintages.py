"""Waves of a questionnaire: the folders ``data/raw/<questionnaire>/<vintage>``, and names made from them."""

import re
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.project import raw_folder

VINTAGE = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])(?:-sample)?")
"""Year and month of the wave; made-up answers end in -sample."""
DATASET_NAME = re.compile(r"[a-z][a-z0-9_]*(?:/" + VINTAGE.pattern + ")?")
QUESTIONNAIRES = "questionnaires"
"""The dataset that holds the definitions and the table of units."""


def name_of(folder: Path) -> str:
    """Return the dataset's name of a folder: its own, with the questionnaire's before that of a vintage.

    Examples
    --------
    >>> name_of(Path("data/raw/population")), name_of(Path("data/raw/vaccine_capacity/2021-03"))
    ('population', 'vaccine_capacity/2021-03')
    """
    return f"{folder.parent.name}/{folder.name}" if VINTAGE.fullmatch(folder.name) else folder.name


def vintage_folders(folder: Path) -> list[Path]:
    """Return the vintages in a folder of ``data/raw``, the oldest first."""
    inside = (path for path in folder.iterdir() if path.is_dir() and VINTAGE.fullmatch(path.name))
    return sorted(inside, key=lambda path: path.name)


def vintages(questionnaire: str, root: Path | None = None) -> list[str]:
    """Return the vintages of a questionnaire that are there, the oldest first.

    Examples
    --------
    >>> vintages("no_such_questionnaire")
    []
    """
    folder = raw_folder(root) / questionnaire
    return [path.name for path in vintage_folders(folder)] if folder.is_dir() else []


def latest_vintage(questionnaire: str, root: Path | None = None) -> str:
    """Return the newest observed vintage of a questionnaire, the newest sample if none was observed.

    Raises
    ------
    InputError
        If there is none.
    """
    found = vintages(questionnaire, root)
    observed = [vintage for vintage in found if not vintage.endswith("-sample")]
    if not found:
        raise InputError(f"data/raw/{questionnaire}: no vintage is there; `evidence ingest` writes one")
    return (observed or found)[-1]


def capacity_table_name(questionnaire: str, vintage: str, kind: str) -> str:
    """Return the name of a processed table of one vintage.

    Parameters
    ----------
    questionnaire, vintage
        Such as vaccine_capacity and 2021-03-sample.
    kind
        respondents, capacities, difficulties, received, products or frame.

    Examples
    --------
    >>> capacity_table_name("vaccine_capacity", "2021-03-sample", "respondents")
    'vaccine_capacity_2021_03_sample_respondents'
    """
    return f"{questionnaire}_{vintage.replace('-', '_')}_{kind}"
