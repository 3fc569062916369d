"""The dataset of codes is written beside its place and moved there whole, its restricted part with it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.survey.staging import Staging, private_folder, restricted_folder


class CodesStaging(Staging):
    """The staging of a dataset that is one folder and not one a vintage."""

    def target(self, vintage: str) -> Path:
        """Return the folder of ``data/raw`` that the dataset has or gets."""
        return self._target(self._homes[0], vintage)

    def _target(self, home: Path, vintage: str) -> Path:
        return home / self._questionnaire


@contextmanager
def staged_codes(root: Path, dataset: str) -> Iterator[CodesStaging]:
    """Hold the folders of one dataset of codes while it is written, and leave nothing behind.

    Raises
    ------
    InputError
        If somebody else is writing the same dataset.
    """
    private_folder(restricted_folder(root))
    handle = os.open(restricted_folder(root) / f".{dataset}.lock", os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(handle, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputError(f"data/raw/{dataset}: is being written; wait until that has ended") from None
        staging = CodesStaging(root, dataset)
        staging.clear()
        try:
            staging.prepare()
            yield staging
        finally:
            staging.clear()
