"""Text that is safe in every document: nothing in it that breaks XML or turns a line around."""

import re

# What XML 1.0 does not allow, C1 control characters, and marks that turn the direction of writing around.
_HARMFUL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\uffff\ud800-\udfff]"
)
_SPACE = re.compile("[ \t\n\r\f]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"\\^`{|}\x00-\x20\x7f]+")
_MOST_CHARACTERS = 2_000


def harmless(text: str) -> str:
    r"""Return a text without characters that break a document or turn its words around.

    Examples
    --------
    >>> harmless("a\x00b\u202ec"), harmless("]]>")
    ('abc', ']]>')
    """
    return _HARMFUL.sub("", text)


def spaced(text: str) -> str:
    r"""Return a text in which white space is one space, as a browser shows it; hard spaces stay.

    Examples
    --------
    >>> spaced("80.8\xa0%\n  of")
    '80.8\xa0% of'
    """
    return _SPACE.sub(" ", harmless(text))


def web_address(link: str) -> str:
    """Return a link if it is an address of the web, else nothing.

    Examples
    --------
    >>> web_address("https://example.org/a"), web_address("javascript:alert(1)"), web_address("../a.html")
    ('https://example.org/a', '', '')
    """
    return link if len(link) <= _MOST_CHARACTERS and _ADDRESS.fullmatch(link) else ""
