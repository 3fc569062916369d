"""The verb that leads from a number of a report to the rows it rests on."""

import argparse

from helpers.cli.verb import FAILED, OK, add_verb


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = "say what a number of a report rests on: the report that stated it, files, lines, answers"
    verb = add_verb(verbs, "trace", _trace, text)
    verb.add_argument("slug", metavar="SLUG", help="report that is built")
    verb.add_argument(
        "target",
        metavar="FACT",
        help="name of a fact, as in the table Facts; or figure:ID, table:ID (or their numbers), "
        "recommendation:ID, answer:ID",
    )
    verb.add_argument("--all", action="store_true", help="all ids and lines, and whole checksums")


def _trace(given: argparse.Namespace) -> int:
    from helpers.reports.trace import Tracer, made_from
    from helpers.reports.trace_lines import trace_lines

    tracer = Tracer()
    trace = tracer.trace(given.slug, given.target)
    made = made_from(tracer.report(trace.stated[-1].slug)) if trace.stated else ""
    for line in trace_lines(trace, made, everything=given.all):
        print(line)
    return FAILED if trace.all_faults else OK
