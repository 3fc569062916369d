"""Cells that lead to another report of the same build, or to a place in this one; never anywhere else."""

import re
from html import escape

from helpers.data.errors import InputError

LINKED = "linked"
"""Format of a table's column ``c`` of such texts. ``c_link`` says where they lead; missing leads nowhere."""

_PLACE = re.compile(r"(?:\.\./[a-z0-9][a-z0-9_-]*/report\.html)?#[a-z]+-[A-Za-z0-9_./-]+")


def linked_html(text: str, link: str) -> str:
    """Return a text as HTML with a link.

    Parameters
    ----------
    text
        Plain text, whatever it holds.
    link
        ``"../<slug>/report.html#fact-name"`` or ``"#fact-name"``; no link if empty.

    Raises
    ------
    InputError
        If the link is of another form.

    Examples
    --------
    >>> linked_html("a<b", "../counts-at/report.html#fact-total")
    '<a href="../counts-at/report.html#fact-total">a&lt;b</a>'
    >>> linked_html("a", "javascript:alert(1)")
    Traceback (most recent call last):
    ...
    helpers.data.errors.InputError: linked text: leads to 'javascript:alert(1)'; allowed: a place in a report
    """
    if not link:
        return escape(text)
    if not _PLACE.fullmatch(link):
        raise InputError(f"linked text: leads to {link[:60]!r}; allowed: a place in a report")
    return f'<a href="{escape(link)}">{escape(text)}</a>'
