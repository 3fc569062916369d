"""Texts of strangers as they may stand in a cell: nothing in them runs, turns, hides or overflows."""

import re
import unicodedata

LONGEST = 32_767
"""UTF-16 units that a cell of a spreadsheet holds."""
_MOST_LINES = 250
"""Spreadsheet programs break off after 253 line ends in a cell."""
_PLAIN = re.compile(r"[^\W_]|[ .,;:!?()'\"\-/%&\n]")
_HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029|\x0b|\x0c")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def harmless(text: str, longest: int = LONGEST) -> str:
    r"""Return a text with everything visible that it holds, and no longer than a cell.

    Control characters, marks that turn the direction of writing, and letters without width are replaced by
    their number; soft hyphens go, tabs become blanks. What looks like the escape of a character in a workbook
    is parted. A text that is too long is cut, which its end says.

    Parameters
    ----------
    text
        Of anybody.
    longest
        Most UTF-16 units, as spreadsheet programs count; what lies beyond 250 lines is cut, too.

    Examples
    --------
    >>> harmless("a\u202egpj.exe\tb\x07"), harmless("_x202E_"), harmless("one two three", longest=12)
    ('a[U+202E]gpj.exe b[U+0007]', '_ x202E_', 'on [cut: 13]')
    """
    # Beyond the first characters nothing can be shown, whatever stands there.
    shown = _LINE_ENDS.sub("\n", text[: longest + 1]).replace("\t", " ").replace("\u00ad", "")
    shown = _ESCAPE.sub("_ ", "".join(map(_visible, shown)))
    return _cut(shown, len(text), longest)


def _visible(mark: str) -> str:
    if _PLAIN.match(mark) or unicodedata.category(mark) not in _HIDDEN:
        return mark
    return f"[U+{ord(mark):04X}]"


def _cut(shown: str, whole: int, longest: int) -> str:
    lines = shown.split("\n")
    few = "\n".join(lines[:_MOST_LINES])
    if len(lines) <= _MOST_LINES and whole <= longest and _units(shown) <= longest:
        return shown
    mark = f" [cut: {whole}]"
    kept = few[: longest - len(mark)]
    while _units(kept) > longest - len(mark):
        kept = kept[: len(kept) - (_units(kept) - longest + len(mark) + 1) // 2]
    return kept.rstrip() + mark


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
