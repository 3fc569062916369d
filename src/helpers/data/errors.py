"""The one error that a user can cause and mend."""

from collections.abc import Sequence


class InputError(Exception):
    r"""A mistake in what the user gave: a file, a row, a parameter.

    The command line prints the message without a traceback and exits with status 2. A message names the
    file, the row or column, what was found and what is allowed.

    Parameters
    ----------
    problems
        One message, or several that are shown one a line.

    Examples
    --------
    >>> str(InputError(["a.csv: row 2", "a.csv: row 3"]))
    'a.csv: row 2\na.csv: row 3'
    """

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))
