"""What the modules of verbs share: how a verb is declared, its exit statuses, paths as they are shown."""

import argparse
from collections.abc import Callable
from pathlib import Path

OK, FAILED, USER_MISTAKE, INTERRUPTED = 0, 1, 2, 130


def add_verb(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    function: Callable[[argparse.Namespace], int],
    text: str,
) -> argparse.ArgumentParser:
    """Add a verb that runs ``function``; ``text`` is its line of help."""
    parser = verbs.add_parser(
        name, help=text, description=text[0].upper() + text[1:] + ".", allow_abbrev=False
    )
    parser.set_defaults(verb=function)
    return parser


def positive(text: str) -> int:
    """Read a whole number above 0, as the type of an option."""
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number above 0")
    return int(text)


def shown_path(path: Path) -> str:
    """Return a path relative to the working directory if it lies inside it."""
    here = Path.cwd().resolve()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def counted(number: int, noun: str) -> str:
    """Say how many there are.

    Examples
    --------
    >>> counted(0, "problem"), counted(1, "report"), counted(28, "report")
    ('no problems', '1 report', '28 reports')
    """
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
