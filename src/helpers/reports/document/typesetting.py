"""Typst, which sets pages: with the fonts of the figures and none of the machine."""

import io
from collections.abc import Iterator
from pathlib import Path

from helpers.data.errors import InputError

NO_TYPST = "PDF needs the extra 'pdf': pip install -e '.[pdf]' (or print report.html)"
DPI = 300


def has_typst() -> bool:
    """Say whether Typst is installed."""
    try:
        import typst  # noqa: F401
    except ImportError:
        return False
    return True


def require_typst() -> None:
    """Refuse to begin without Typst.

    Raises
    ------
    InputError
        If it is not installed.
    """
    if not has_typst():
        raise InputError(NO_TYPST)


def pdf_of(page: Path, where: str, moment: int = 0) -> bytes:
    """Return a page as PDF/UA-1; the same page and moment give the same bytes.

    Parameters
    ----------
    page
        Typst source; what it reads stands in the same folder.
    where
        What is written, for messages.
    moment
        Seconds since 1970 that the file says it was made at.

    Raises
    ------
    InputError
        If the page breaks the standard.
    """
    import typst

    try:
        return typst.compile(
            page,
            root=page.parent,
            font_paths=list(_fonts()),
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=moment,
        )
    except typst.TypstError as error:
        words = " ".join(str(error).replace(str(page.parent), "").split())[:300]
        raise InputError(f"{where}: cannot be written as PDF/UA-1: {words}") from error


def png_of(page: Path) -> bytes:
    """Return a page as PNG at 300 dots an inch, which the file says of itself."""
    import typst
    from PIL import Image

    drawn = typst.compile(
        page, root=page.parent, font_paths=list(_fonts()), ignore_system_fonts=True, format="png", ppi=DPI
    )
    made = io.BytesIO()
    with Image.open(io.BytesIO(drawn)) as image:
        image.convert("RGB").save(made, "PNG", dpi=(DPI, DPI))
    return made.getvalue()


def _fonts() -> Iterator[Path]:
    """Yield the folders of the fonts that the figures use, and of one that has further letters."""
    import font_source_sans_pro
    import matplotlib

    yield Path(font_source_sans_pro.__file__).parent / "files"
    yield Path(matplotlib.get_data_path()) / "fonts" / "ttf"
