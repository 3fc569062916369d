"""Texts in which words are marked, as HTML: all escaped, and nothing in them can turn the page around."""

import re
from html import escape

from helpers.data.errors import InputError

MARKED = "marked"
"""Format of a table's column ``c`` of such texts. ``c_marked`` says where in the text ("3-9;20-31"), and
``c_language``, if there is such a column, in which language it is (ISO 639-1), so that it is read out so."""

_PLACES = re.compile(r"(?:[0-9]+-[0-9]+(?:;[0-9]+-[0-9]+)*)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def marked_html(text: str, places: str, language: str = "") -> str:
    """Return a text as HTML with ``<mark>`` around some words.

    Parameters
    ----------
    text
        Plain text, whatever it holds. It stands in a ``<bdi>``: marks that turn the direction of writing end
        with it.
    places
        Start and end of each word, in characters from zero: ``"3-9;20-31"``, in order, not overlapping.
    language
        Language of the text; one that is no language code is left out.

    Raises
    ------
    InputError
        If the places are not of this form or lie outside the text.

    Examples
    --------
    >>> marked_html("no <b>staff</b>", "6-11", "en")
    '<bdi lang="en">no &lt;b&gt;<mark>staff</mark>&lt;/b&gt;</bdi>'
    """
    if not _PLACES.fullmatch(places):
        raise InputError(
            f"marked text: places are {places[:60]!r}; allowed: start-end;start-end in characters"
        )
    parts, last = [], 0
    for place in filter(None, places.split(";")):
        start, end = map(int, place.split("-"))
        if not last <= start < end <= len(text):
            raise InputError(f"marked text: place {place} is not in order or outside {len(text)} characters")
        parts += [escape(text[last:start]), f"<mark>{escape(text[start:end])}</mark>"]
        last = end
    spoken = f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""
    return f"<bdi{spoken}>{''.join(parts)}{escape(text[last:])}</bdi>"
