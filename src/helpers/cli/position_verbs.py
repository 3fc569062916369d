"""The verb that proposes which points of working sessions may say the same."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.cli.verb import OK, add_verb, counted, shown_path

if TYPE_CHECKING:
    from helpers.data.positions.merges_file import Decide, Updated


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = "propose which points of working sessions may say the same, for people to decide in merges.csv"
    verb = add_verb(verbs, "points", _points, text)
    verb.add_argument(
        "dataset",
        nargs="?",
        metavar="DATASET",
        help="points (default: session_points, or session_points_sample where there are no others)",
    )
    verb.add_argument(
        "--redact",
        action="store_true",
        help="instead take e-mail and web addresses, telephone numbers and IBANs out of the dataset's texts; "
        "of points, also out of the ratings and the register that belong to them",
    )


def _points(given: argparse.Namespace) -> int:
    from helpers.data.positions.names import POINTS
    from helpers.data.project import raw_folder

    own = (raw_folder(None) / POINTS).is_dir()
    dataset = given.dataset or (POINTS if own else f"{POINTS}_sample")
    if given.redact:
        return _redact(dataset)
    done = propose(dataset)
    found = f"{done.open} open ({done.new} new), {done.decided} decided, {done.gone} no longer proposed"
    print(f"{counted(done.open + done.decided, 'pair')} of similar points: {found}")
    print(shown_path(done.path))
    if done.open:
        print("write merge or keep into decision, and your name into decided_by", file=sys.stderr)
    return OK


def propose(dataset: str, root: Path | None = None, decide: "Decide | None" = None) -> "Updated":
    """Write pairs of similar points into ``merges.csv`` of a dataset; decisions in it stay.

    Parameters
    ----------
    dataset
        Of points.
    root
        The project's folder.
    decide
        Decides on open pairs of sample data; people decide in the file.

    Raises
    ------
    InputError
        If the dataset or the codebook is not there or faulty.
    """
    from helpers.analysis.recommendations.similar import similar_points
    from helpers.analysis.themes import code_answers, codebook_from_tables
    from helpers.data.catalog import read_raw
    from helpers.data.positions.merges_file import read_points, update_merges

    points = read_points(dataset, root)
    themes, terms, markers = (read_raw("codebook", f"{name}.csv", root) for name in _CODEBOOK)
    answers = points.rename(columns={"point_id": "answer_id"})[["answer_id", "text", "language", "country"]]
    codes = code_answers(answers, codebook_from_tables(themes, terms, markers), keep_negated=True)
    return update_merges(dataset, similar_points(points, codes), root, decide)


_CODEBOOK = ("themes", "terms", "markers")


def _redact(dataset: str) -> int:
    from helpers.data.catalog import dataset_folder
    from helpers.data.errors import InputError
    from helpers.data.positions.names import POINTS, RATINGS, REGISTER, parts
    from helpers.data.positions.texts import redact_dataset
    from helpers.data.project import raw_folder

    base, ending = parts(dataset) or ("", "")
    if not base:
        allowed = f"{POINTS}, {RATINGS} or {REGISTER}, or one of these with an ending such as _2021"
        raise InputError(f"evidence points: found {dataset[:60]!r}, allowed: {allowed}")
    dataset_folder(dataset)
    together = [f"{name}{ending}" for name in (POINTS, RATINGS, REGISTER)] if base == POINTS else [dataset]
    for name in (name for name in together if (raw_folder(None) / name).is_dir()):
        changed = redact_dataset(name)
        print(f"data/raw/{name}: {counted(changed, 'text')} changed")
    return OK
