"""Verbs that deal with ``data/raw`` and ``data/processed``."""

import argparse
from pathlib import Path

from helpers.cli.verb import FAILED, OK, add_verb, counted, shown_path

DICTIONARY = Path("docs") / "data_dictionary.md"


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    verb = add_verb(verbs, "verify", _verify, "compare data/raw with what its origin.yml files declare")
    verb.add_argument("names", nargs="*", metavar="NAME", help="datasets (default: all)")
    verb.add_argument("--update", metavar="NAME", help="write checksums and row counts of a changed dataset")

    verb = add_verb(verbs, "process", _process, "make the typed tables of data/processed")
    verb.add_argument("--only", action="append", default=[], metavar="TABLE", help="this table (repeatable)")
    verb.add_argument("--force", action="store_true", help="make them even if nothing changed")

    verb = add_verb(verbs, "dictionary", _dictionary, f"write {DICTIONARY} from the origin.yml files")
    verb.add_argument("--check", action="store_true", help="only say whether the file is up to date")


def _verify(given: argparse.Namespace) -> int:
    from helpers.data.catalog import dataset_names
    from helpers.data.verify import problem_lines, refresh_checksums, verify

    if given.update:
        for line in refresh_checksums(given.update):
            print(line)
    problems = verify(only=given.names or None)
    for line in problem_lines(problems):
        print(line)
    count = len(given.names or dataset_names())
    print(f"{counted(count, 'dataset')} verified: {counted(len(problems), 'problem')}")
    return FAILED if problems else OK


def _process(given: argparse.Namespace) -> int:
    from helpers.data.process import process

    written = process(only=given.only or None, force=given.force)
    print(f"written: {', '.join(written)}" if written else "data/processed is up to date")
    return OK


def _dictionary(given: argparse.Namespace) -> int:
    from helpers.data.dictionary import data_dictionary
    from helpers.data.project import project_root
    from helpers.reports.staging import write_text

    root = project_root()
    text = data_dictionary(root)
    path = root / DICTIONARY
    current = path.read_text(encoding="utf-8") if path.is_file() else None
    if given.check:
        print(
            f"{DICTIONARY} is {'up to date' if current == text else 'out of date: run `evidence dictionary`'}"
        )
        return OK if current == text else FAILED
    write_text(path, text)
    print(shown_path(path))
    return OK
