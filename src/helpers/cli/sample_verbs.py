"""The verb that makes sample data."""

import argparse

from helpers.cli.verb import OK, add_verb, shown_path

POSITIONS, COLLABORATION = "positions", "collaboration"
"""What is made besides answers to questionnaires: see `add_verbs`."""


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = (
        "make up answers to a questionnaire, export them as a survey tool does, and ingest them; or points, "
        "ratings and recommendations of a position paper, or registrations and expressions of interest"
    )
    verb = add_verb(verbs, "sample", _sample, text)
    verb.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"questionnaires, {POSITIONS} or {COLLABORATION} (default: all)",
    )


def _sample(given: argparse.Namespace) -> int:
    from helpers.data.questionnaires.definition import questionnaire_names

    others = {POSITIONS: _make_positions, COLLABORATION: _make_collaboration}
    for name in given.names or questionnaire_names():
        if name in others:
            others[name]()
        else:
            _make_answers(name)
    if not given.names:
        _make_the_others_if_declared()
    return OK


def _make_answers(name: str) -> None:
    from helpers.data.sample.vintage import make_sample

    made = make_sample(name)
    what = f"{made.accepted} of {made.received} answers accepted, {made.rejected} rejected"
    print(f"{made.dataset}: {what if made.changed else 'unchanged'} ({shown_path(made.export)})")


def _make_the_others_if_declared() -> None:
    from helpers.data.project import raw_folder
    from helpers.data.sample.positions_folder import POINTS

    for name, make in ((POINTS, _make_positions), ("expressions_of_interest_sample", _make_collaboration)):
        if (raw_folder(None) / name).is_dir():
            make()
        else:
            print(f"{name}: not in this project, left out")


def _make_collaboration() -> None:
    from helpers.data.sample.collaboration import make_collaboration_sample

    for made in make_collaboration_sample():
        print(f"{made.dataset}: {f'{made.rows} rows' if made.changed else 'unchanged'}")


def _make_positions() -> None:
    from helpers.cli.position_verbs import propose
    from helpers.data.sample.positions_folder import POINTS, write_positions
    from helpers.data.sample.positions_merges import decided

    changed = write_positions()
    changed[POINTS] |= propose(POINTS, decide=decided).changed
    for dataset, is_new in changed.items():
        print(f"{dataset}: {'written' if is_new else 'unchanged'}")
