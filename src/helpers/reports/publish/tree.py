"""Whether the working copy is the commit that a report names."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from helpers.data.errors import InputError


def changed_files(root: Path, besides: Sequence[str] = ()) -> list[str]:
    """Return the files that differ from the commit, those that git does not know among them.

    Parameters
    ----------
    root
        Top of the working copy.
    besides
        Paths in it that do not count.

    Raises
    ------
    InputError
        If git cannot be asked.
    """
    # A git hook that runs us sets GIT_DIR and its like, which would point to another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    left_out = [f":(exclude,literal){path}" for path in besides]
    command = ["git", "-C", str(root), "status", "--porcelain", "-z", "--untracked-files=all", "--", "."]
    try:
        done = subprocess.run(
            [*command, *left_out], capture_output=True, timeout=60, env=environment, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise InputError(f"git status cannot be asked ({type(error).__name__})") from error
    entries = done.stdout.decode("utf-8", errors="replace").split("\0")
    # Of a renamed file the old name follows as an entry of its own, without the two letters in front.
    return sorted(entry[3:] for entry in entries if entry[2:3] == " ")
