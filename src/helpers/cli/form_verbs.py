"""The verb that writes the forms of a questionnaire."""

import argparse
from pathlib import Path

from helpers.cli.verb import OK, add_verb, shown_path

FORMATS = ("xlsform", "docx")


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verbs of this module."""
    text = "write a questionnaire as an XLSForm (KoboToolbox, ODK, ONA) or as a form to print"
    verb = add_verb(verbs, "form", _form, text)
    verb.add_argument("name", metavar="NAME", help="a questionnaire: a file of data/raw/questionnaires")
    verb.add_argument("--format", choices=FORMATS, default="xlsform", help="(default: %(default)s)")
    verb.add_argument(
        "--language",
        metavar="XX",
        help="of the printed form, or in which the XLSForm opens (default: the questionnaire's first)",
    )
    verb.add_argument(
        "--output", type=Path, metavar="PATH", help="file to write (default: NAME.xlsx or NAME_XX.docx here)"
    )


def _form(given: argparse.Namespace) -> int:
    from helpers.data.errors import InputError
    from helpers.data.files import write_atomically
    from helpers.data.project import project_root
    from helpers.data.questionnaires.definition import load_questionnaire

    root = project_root()
    questionnaire = load_questionnaire(given.name, root)
    language = given.language or questionnaire.languages[0]
    if language not in questionnaire.languages:
        raise InputError(
            f"--language: found {language[:20]!r}, allowed: {', '.join(questionnaire.languages)}"
        )
    suffix = ".xlsx" if given.format == "xlsform" else ".docx"
    if given.output is not None and given.output.suffix.lower() != suffix:
        raise InputError(
            f"--output: found {given.output.name[:80]!r}, allowed: a file name that ends in {suffix}"
        )
    if given.format == "xlsform":
        from helpers.data.questionnaires.xlsform import xlsform

        name, data = f"{given.name}.xlsx", xlsform(questionnaire, root, language)
    else:
        from helpers.data.questionnaires.docx_form import docx_form

        name, data = f"{given.name}_{language}.docx", docx_form(questionnaire, language, root)
    path = (given.output or Path(name)).absolute()
    if not path.parent.is_dir():
        raise InputError(
            f"--output: found no folder {str(given.output.parent)[:200]!r}, allowed: one that is there"
        )
    write_atomically(path, data)
    print(shown_path(path))
    return OK
