"""Reference documents: opened only if they are what they say, and cleaned of what is nobody's business."""

import re
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from helpers.data.errors import InputError
from helpers.reports.document.text import web_address

MOST_BYTES = 50_000_000
MOST_UNPACKED = 200_000_000
MOST_PARTS = 2_000
HIGHEST_RATIO = 200
RATIO_FROM = 1_000_000
_ALLOWED = "allowed is a Word document (.docx) without macros"
_ACTIVE = re.compile(r"vbaProject|vbaData|activeX|/embeddings/|oleObject|attachedToolbars|/afchunk", re.I)
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
_FETCHES = re.compile(
    rb"\b(?:DDE|DDEAUTO|INCLUDEPICTURE|INCLUDETEXT|IMPORT|LINK|EMBED|MACROBUTTON|DATABASE)\b", re.I
)
_CODES = re.compile(rb"<w:instrText\b[^>]*>([^<]*)<")
_SIMPLE_CODES = re.compile(rb"\bw:instr=\"([^\"]*)\"")
_USED = re.compile(r'r:id="([^"]+)"')
_KEPT = {
    "styles",
    "stylesWithEffects",
    "settings",
    "numbering",
    "theme",
    "fontTable",
    "footnotes",
    "endnotes",
}
_KEPT_IF_USED = {"header", "footer"}
_SETTINGS_DROPPED = (
    "attachedTemplate",
    "linkStyles",
    "updateFields",
    "mailMerge",
    "docVars",
    "rsids",
    "documentProtection",
    "writeProtection",
    "trackRevisions",
)


def open_reference(path: Path) -> Any:  # noqa: ANN401 - python-docx document
    """Open a reference document for its styles, page set-up, headers and footers.

    Returns
    -------
    docx.document.Document
        With an empty body, without comments, template, tracked authors and links to files.

    Raises
    ------
    InputError
        If it is missing, no DOCX, damaged, password-protected, too large, or holds macros or other active
        content.
    """
    if not path.is_file():
        raise InputError(f"{path.name}: there is no such reference document; {_ALLOWED}")
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path.name}: {path.stat().st_size:,d} bytes, allowed: {MOST_BYTES:,d}")
    try:
        _look_inside(path)
        document = docx.Document(str(path))
        _ = (document.settings.element, document.styles.element, document.element.body)
    except (zipfile.BadZipFile, PackageNotFoundError, OSError, EOFError, NotImplementedError) as fault:
        raise InputError(f"{path.name}: no Word document ({type(fault).__name__}); {_ALLOWED}") from None
    except (ValueError, KeyError, AttributeError, IndexError, SyntaxError, RuntimeError) as fault:
        raise InputError(f"{path.name}: damaged, protected or of another kind; {_ALLOWED}") from fault
    _empty(document)
    drop_properties(document)
    _refuse_outside(path, document)
    return document


def _look_inside(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        unpacked = sum(member.file_size for member in members)
        if len(members) > MOST_PARTS or unpacked > MOST_UNPACKED:
            found = f"unpacks to {unpacked:,d} bytes in {len(members):,d} parts"
            raise InputError(f"{path.name}: {found}, allowed: {MOST_UNPACKED:,d} in {MOST_PARTS:,d}")
        for member in members:
            ratio = member.file_size / max(member.compress_size, 1)
            if member.file_size > RATIO_FROM and ratio > HIGHEST_RATIO:
                found = f"a part unpacks to {ratio:.0f} times its size"
                raise InputError(f"{path.name}: {found}, allowed: {HIGHEST_RATIO} times")
            if member.flag_bits & 1:
                raise InputError(f"{path.name}: password-protected; save it without a password first")
        if "[Content_Types].xml" not in names or len(set(names)) != len(names):
            raise InputError(f"{path.name}: no Word document; {_ALLOWED}")
        active = next((name for name in names if _ACTIVE.search(name)), None)
        types = archive.read("[Content_Types].xml")
        if active or b"macroEnabled" in types:
            raise InputError(f"{path.name}: holds macros or other active content; {_ALLOWED}")
        for name in names:
            if name.endswith((".xml", ".rels")) and _DECLARES.search(archive.read(name)):
                raise InputError(f"{path.name}: the part {name[:60]!r} declares entities; {_ALLOWED}")


def _refuse_outside(path: Path, document: Any) -> None:  # noqa: ANN401 - python-docx document
    """Refuse what is fetched when the document is opened; a link of the web that is clicked may stay."""
    for part in document.part.package.iter_parts():
        for relation in part.rels.values():
            clicked = relation.reltype.endswith("/hyperlink")
            if relation.is_external and not (clicked and web_address(relation.target_ref)):
                kind = relation.reltype.rpartition("/")[2]
                raise InputError(f"{path.name}: a part of it fetches {kind} from outside; put it inside")
        if str(part.partname).endswith(".xml") and _FETCHES.search(_field_codes(part.blob)):
            raise InputError(f"{path.name}: a field in it fetches files or runs programs; take the field out")


def _field_codes(xml: bytes) -> bytes:
    # A code may be cut into several runs.
    return b"".join(_CODES.findall(xml)) + b" " + b" ".join(_SIMPLE_CODES.findall(xml))


def _empty(document: Any) -> None:  # noqa: ANN401 - python-docx document
    """Take out the body and all parts that styles, headers and footers do without."""
    body = document.element.body
    last = body.get_or_add_sectPr()
    for child in list(body):
        if child is not last:
            body.remove(child)
    main = document.part
    used = set(_USED.findall(main.element.xml))
    for key, relation in list(main.rels.items()):
        kind = relation.reltype.rpartition("/")[2]
        if kind not in _KEPT and not (kind in _KEPT_IF_USED and key in used):
            main.rels.pop(key)
    _clean_settings(document)


def _clean_settings(document: Any) -> None:  # noqa: ANN401 - python-docx document
    """Take out the template's path, mail merge, and what would ask the reader when the file is opened."""
    settings = document.settings.element
    for name in _SETTINGS_DROPPED:
        for old in settings.findall(qn(f"w:{name}")):
            settings.remove(old)
    rels = document.part._settings_part.rels
    for key, relation in list(rels.items()):
        if relation.is_external:
            rels.pop(key)


def drop_properties(document: Any) -> None:  # noqa: ANN401 - python-docx document
    """Take out all that a file says of itself but its core properties: thumbnail, company, labels."""
    rels = document.part.package.rels
    for key, relation in list(rels.items()):
        # LibreOffice spells the type of the core properties its own way; python-docx would add them again.
        if relation.reltype not in {RELATIONSHIP_TYPE.OFFICE_DOCUMENT, RELATIONSHIP_TYPE.CORE_PROPERTIES}:
            rels.pop(key)
