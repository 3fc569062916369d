"""Review sheets written to a folder: the workbook, and the form to print."""

import re
from collections.abc import Sequence
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.files import write_atomically
from helpers.data.privacy import redact
from helpers.data.project import project_root
from helpers.reports.comments.form import sheet_docx
from helpers.reports.comments.model import LONGEST_NAME, same_person
from helpers.reports.comments.sheet import review_sheet
from helpers.reports.comments.workbook import sheet_xlsx

FOLDER = Path("reports") / "review"


def write_sheets(
    slugs: Sequence[str], reviewer: str = "", out: Path | None = None, root: Path | None = None
) -> list[Path]:
    """Write the review sheet of some reports as workbook and as printable form.

    Parameters
    ----------
    slugs
        Of built reports.
    reviewer
        Name or initials to fill in; they end the names of the files.
    out
        Folder; ``reports/review`` if not given, which git ignores.
    root
        The project's folder.

    Returns
    -------
    list of Path
        ``review_<slug>[_and_<n>_more][_<reviewer>].xlsx`` and ``.docx``.

    Raises
    ------
    InputError
        If a report is not built, or the name is an address, too long, or without a letter or digit.
    """
    name = " ".join(reviewer.split())
    if name and (len(name) > LONGEST_NAME or redact(name) != name or not same_person(name)):
        allowed = f"a name or initials of at most {LONGEST_NAME} characters, no address or number"
        raise InputError(f"--reviewer: found a text of {len(name)} characters, allowed: {allowed}")
    root = root or project_root()
    sheet = review_sheet(slugs, name, root)
    files = {".xlsx": sheet_xlsx(sheet), ".docx": sheet_docx(sheet)}
    folder = out or root / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    more = f"_and_{len(slugs) - 1}_more" if len(slugs) > 1 else ""
    ending = f"_{_file_part(name)}" if name else ""
    paths = []
    for kind, data in files.items():
        paths.append(folder / f"review_{slugs[0]}{more}{ending}{kind}")
        write_atomically(paths[-1], data)
    return paths


def _file_part(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", same_person(name)) or "reviewer"
