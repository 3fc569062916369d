"""Documents and figure pack of a published report."""

from pathlib import Path


def write_documents(report: Path, out: Path) -> list[str]:
    """Write the report as DOCX, and as PDF if the extra is installed, and return notes on what is missing.

    Parameters
    ----------
    report
        Folder of the report.
    out
        Folder to write ``<slug>.docx`` and ``<slug>.pdf`` into.
    """
    from helpers.reports.document.docx import write_docx
    from helpers.reports.document.reading import read_document
    from helpers.reports.document.typesetting import has_typst

    document = read_document(report)
    write_docx(document, out / f"{report.name}.docx")
    if not has_typst():
        return ["no PDF: the extra pdf is not installed"]
    from helpers.reports.document.pdf import write_pdf

    write_pdf(document, out / f"{report.name}.pdf")
    return []


def write_figure_pack(report: Path, out: Path) -> list[str]:
    """Write the figures for journals and slides, and return notes on what is missing."""
    from helpers.reports.document.figure_pack import write_figure_pack as write
    from helpers.reports.document.typesetting import has_typst

    if not has_typst():
        return ["no figure pack: the extra pdf is not installed"]
    out.mkdir(parents=True, exist_ok=True)
    write(report, out)
    return []
