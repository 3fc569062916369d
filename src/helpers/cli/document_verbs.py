"""The verb that writes reports as documents."""

import argparse
from pathlib import Path

from helpers.cli.verb import OK, add_verb, shown_path


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = "write a built report as DOCX and PDF, and its figures for journals and slides"
    verb = add_verb(verbs, "document", _document, text)
    verb.add_argument("slugs", nargs="+", metavar="SLUG", help="report, as built")
    verb.add_argument("--docx", action="store_true", help="only the DOCX")
    verb.add_argument("--pdf", action="store_true", help="only the PDF (PDF/UA-1; needs the extra 'pdf')")
    verb.add_argument("--figures", action="store_true", help="only the figures (needs the extra 'pdf')")
    verb.add_argument(
        "--reference",
        type=Path,
        metavar="FILE",
        help="a DOCX of yours whose styles, page, header and logo are used",
    )
    verb.add_argument("--out", type=Path, metavar="FOLDER", help="where to (default: reports/documents)")


def _document(given: argparse.Namespace) -> int:
    from helpers.reports.document.writing import write_documents

    wanted = [name for name in ("docx", "pdf", "figures") if getattr(given, name)]
    done = write_documents(given.slugs, wanted, reference=given.reference, out=given.out)
    for note in done.notes:
        print(note)
    for path in done.paths:
        print(shown_path(path.resolve()))
    return OK
