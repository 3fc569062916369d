"""The verb that makes sample data."""

import argparse

from helpers.cli.verb import OK, add_verb


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = "make up answers to a questionnaire, export them as a survey tool does, and ingest them"
    verb = add_verb(verbs, "sample", _sample, text)
    verb.add_argument("names", nargs="*", metavar="NAME", help="questionnaires (default: all)")


def _sample(given: argparse.Namespace) -> int:
    from helpers.cli.verb import shown_path
    from helpers.data.questionnaires.definition import questionnaire_names
    from helpers.data.sample.vintage import make_sample

    for name in given.names or questionnaire_names():
        made = make_sample(name)
        what = f"{made.accepted} of {made.received} answers accepted, {made.rejected} rejected"
        print(f"{made.dataset}: {what if made.changed else 'unchanged'} ({shown_path(made.export)})")
    return OK
