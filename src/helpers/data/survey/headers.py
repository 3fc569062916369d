"""How headers are compared: as codes, as texts, and as paths of groups, tables and choices."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_LEADING_NUMBER = re.compile(r"^\s*Q?[0-9]+\s*[.):]\s*", re.IGNORECASE)
_TRAILING_ID = re.compile(r"\s*\([\w.-]+\)\s*$")
_PATH_MARK = re.compile(r"[\[\]/.:-]+")
_CODE_LIKE = re.compile(r"[\w.\[\]/:-]+")


@lru_cache(maxsize=20_000)
def text_key(text: str) -> str:
    """Return a text for comparison: words in small letters, without accents, marks and double blanks.

    Examples
    --------
    >>> text_key(" Capacité   mensuelle* :"), text_key("Vials [Amount]")
    ('capacite mensuelle', 'vials amount')
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(mark for mark in folded if not unicodedata.combining(mark))
    return " ".join(_WORD.findall(plain))


def code_key(text: str) -> str:
    """Return a code for comparison; tools that allow letters and digits only drop the rest.

    Examples
    --------
    >>> code_key("vials_amount") == code_key("VialsAmount")
    True
    """
    return "".join(_WORD.findall(text)).casefold()


def code_paths(header: str) -> list[list[str]]:
    """Return the codes that a header may state, the longest path first; none if it is a text.

    Examples
    --------
    >>> code_paths("group/affected_stages/vials")[1]
    ['affected_stages', 'vials']
    >>> code_paths("capacities[vials_amount]")[-1]
    ['vials_amount']
    >>> code_paths("Name of the company")
    []
    """
    if not header or not _CODE_LIKE.fullmatch(header):
        return []
    parts = [part for part in _PATH_MARK.split(header) if part]
    return [parts[start:] for start in range(len(parts))]


def text_forms(header: str) -> list[str]:
    """Return the keys under which a header may be known as a text, the most literal first.

    Leading numbers of questions and a tool's id in brackets behind the text are also left out.

    Examples
    --------
    >>> text_forms("3. Country (ID7)")
    ['3 country id7', '3 country', 'country id7', 'country']
    """
    forms = []
    for start in (header, _LEADING_NUMBER.sub("", header)):
        forms += [text_key(start), text_key(_TRAILING_ID.sub("", start))]
    return [form for form in dict.fromkeys(forms) if form]
