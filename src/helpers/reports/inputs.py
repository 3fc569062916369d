"""What a run has read: tables, the datasets behind them, and whether they are sample data."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.data.catalog import dataset_origin
from helpers.data.errors import InputError
from helpers.data.process import read_meta, read_table
from helpers.figures.publish import SourceLine
from helpers.reports.manifest import dataset_entries


class InputsRead:
    """The tables that a run has read, and the datasets that it thereby rests on."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._tables: dict[str, list[str]] = {}

    def table(self, name: str) -> pd.DataFrame:
        """Read a table of ``data/processed`` and note its datasets."""
        frame = read_table(name, self.root)
        for dataset in read_meta(name, self.root)["datasets"]:
            used = self._tables.setdefault(dataset["name"], [])
            if name not in used:
                used.append(name)
        return frame

    def entries(self) -> list[dict[str, Any]]:
        """Return one entry a dataset, for the manifest."""
        return dataset_entries(self._tables, self.root)

    def source_lines(self, datasets: Sequence[str]) -> list[SourceLine]:
        """Return the source lines of some datasets."""
        return [SourceLine.of(name, dataset_origin(name, self.root)) for name in datasets]

    def any_sample(self, datasets: Sequence[str], where: str) -> bool:
        """Say whether any of the datasets is sample data.

        Raises
        ------
        InputError
            If none is named, or one that the run has not read.
        """
        unread = [name for name in datasets if name not in self._tables]
        if unread or not datasets:
            known = ", ".join(sorted(self._tables)) or "none"
            raise InputError(
                f"{where}: rests on {', '.join(unread) or 'no dataset'}, but this run has read: {known}"
            )
        return any(dataset_origin(name, self.root).kind == "sample" for name in datasets)
