"""Documents of built reports, in a folder each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from helpers.data.errors import InputError
from helpers.data.project import build_folder, project_root
from helpers.reports.document.docx import write_docx
from helpers.reports.document.figure_pack import write_figure_pack
from helpers.reports.document.pdf import write_pdf
from helpers.reports.document.reading import read_document
from helpers.reports.document.typesetting import NO_TYPST, has_typst
from helpers.reports.runs import check_slug
from helpers.reports.values import did_you_mean

KINDS = ("docx", "pdf", "figures")
FOLDER = Path("reports") / "documents"


@dataclass
class Written:
    """What was written, and what the reader should know of it."""

    paths: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def write_documents(
    slugs: Sequence[str],
    kinds: Sequence[str] = (),
    *,
    reference: Path | None = None,
    out: Path | None = None,
    root: Path | None = None,
) -> Written:
    """Write built reports as documents: ``<out>/<slug>/<slug>.docx``, ``.pdf`` and ``figures/``.

    Parameters
    ----------
    slugs
        Reports, as built.
    kinds
        Of ``docx``, ``pdf``, ``figures``; all that can be written here if none is given: without the extra
        ``pdf`` only the DOCX, and a note says so.
    reference
        See `docx.write_docx`.
    out
        Folder; ``reports/documents`` of the project if not given.
    root
        The project's folder.

    Raises
    ------
    InputError
        If a report is not built, or a kind that was asked for cannot be written. Nothing is written then of
        reports that come after.
    """
    root = root or project_root()
    wanted = list(kinds) or (list(KINDS) if has_typst() else ["docx"])
    done = Written(notes=[] if has_typst() or kinds else [NO_TYPST])
    folders = [_built(slug, root) for slug in dict.fromkeys(slugs)]
    for folder in folders:
        _write(folder, wanted, reference, (out or root / FOLDER) / folder.name, done)
    return done


def _built(slug: str, root: Path) -> Path:
    check_slug(slug)
    folder = build_folder(root) / slug
    if not folder.is_dir():
        known = [path.name for path in build_folder(root).glob("*") if (path / "facts.json").is_file()]
        raise InputError(
            f"{slug}: is not built{did_you_mean(slug, known)}; build it first: evidence build --only {slug}"
        )
    return folder


def _write(folder: Path, kinds: Sequence[str], reference: Path | None, out: Path, done: Written) -> None:
    document = read_document(folder)
    out.mkdir(parents=True, exist_ok=True)
    if "docx" in kinds:
        done.notes += write_docx(document, out / f"{folder.name}.docx", reference)
        done.paths.append(out / f"{folder.name}.docx")
    if "pdf" in kinds:
        write_pdf(document, out / f"{folder.name}.pdf")
        done.paths.append(out / f"{folder.name}.pdf")
    if "figures" in kinds and write_figure_pack(folder, out / "figures"):
        done.paths.append(out / "figures")
