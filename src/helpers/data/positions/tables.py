"""Processed tables of points, ratings and the register: texts redacted, and compared with each other."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import pandas as pd

from helpers.data.errors import InputError
from helpers.data.origin import ORIGIN_NAME
from helpers.data.positions.names import FILES, POINTS, parts
from helpers.data.project import raw_folder
from helpers.data.tables import Builder, Source, Table

_MODULES = (
    *("positions/names", "positions/checks", "positions/merging", "positions/tables", "positions/texts"),
    *("duplicate_decisions", "names_in_text", "phones", "privacy", "survey/guard", "word_lists"),
)
_OTHERS = (*(f"{POINTS}{{ending}}/{file}" for file in FILES[POINTS]), "codebook/themes.csv")
T = TypeVar("T", bound=Table)


def checked_table(table: T, file: str, root: Path | None) -> T:
    """Return a table of a dataset that needs no Python so that its texts are clean and its codes are known.

    Parameters
    ----------
    table
        Made from one dataset.
    file
        The file that it is made from.
    root
        The project's folder.

    Returns
    -------
    Table
        The same table if its dataset is none of points, ratings and recommendations. Else one whose builder
        redacts texts, and raises `InputError` where the file and what it refers to disagree; it is made again
        when that changes.
    """
    found = parts(table.datasets[0])
    if found is None:
        return table
    raw = raw_folder(root)
    others = (name.format(ending=found[1]) for name in _OTHERS)
    there = [f"data/raw/{name}" for name in others if (raw / name).is_file()]
    build = partial(_build, table.build, table.datasets[0], file)
    return replace(
        table, build=build, modules=(*table.modules, *_MODULES), definitions=(*table.definitions, *there)
    )


def _build(build: Builder, dataset: str, file: str, source: Source) -> pd.DataFrame:
    from helpers.data.positions.checks import position_problems
    from helpers.data.positions.texts import clean_frame

    frame = build(source)
    problems = position_problems(dataset, source.root)
    wrong = [str(problem) for problem in problems if problem.file in (file, ORIGIN_NAME, None)]
    if wrong:
        raise InputError(wrong[:20])
    return clean_frame(frame, dataset, file)
