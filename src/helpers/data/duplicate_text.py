"""Names, addresses and numbers in the form in which duplicates are looked for."""

import re
from functools import lru_cache

from helpers.data.gazetteer import fold
from helpers.data.word_lists import words

_LEGAL = frozenset(
    words(
        """
        gmbh mbh ag kg kgaa ohg ug co sa sas sarl srl srls spa sl slu ltd limited zoo llc llp plc inc
        corp company bv nv cv ab oy oyj as asa aps sp z o spolka sro doo dd ad eood ood kft zrt nyrt bt
        uab sia ou lda unipessoal ae epe ike s r l p a k j the und and et e y
    """
    )
)
folded = lru_cache(maxsize=100_000)(fold)


def bare_name(text: str) -> str:
    """Return a company's name folded and without its legal form; all of it if nothing else is left.

    Examples
    --------
    >>> bare_name("BioNova Sp. z o.o."), bare_name("BIO-NOVA S.r.l."), bare_name("AG")
    ('bionova', 'bio nova', 'ag')
    """
    joined = re.sub(r"\b(\w) (?=\w\b)", r"\1", fold(text[:300]))  # "a g" and "s r l" are one word each
    whole = joined.split()
    kept = [word for word in whole if word not in _LEGAL]
    return " ".join(kept or whole)


def sorted_words(name: str) -> str:
    """Return the words of a name in alphabetical order, so that their order does not matter.

    Examples
    --------
    >>> sorted_words("medical alpha")
    'alpha medical'
    """
    return " ".join(sorted(name.split()))


def email_key(text: str) -> str:
    """Return an e-mail address as it is compared: small letters, no tag behind a plus.

    Examples
    --------
    >>> email_key(" Anna+survey@Host.EU "), email_key("none")
    ('anna@host.eu', '')
    """
    name, at, host = text.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}" if at and name and "." in host else ""


def phone_key(text: str) -> str:
    """Return the last nine digits of a telephone number, which no prefix changes; empty below seven digits.

    Examples
    --------
    >>> phone_key("+32 (0)475/12.34.56"), phone_key("0475 123456"), phone_key("112")
    ('475123456', '475123456', '')
    """
    digits = re.sub(r"\D", "", text)
    return digits[-9:].lstrip("0") if len(digits) >= 7 else ""
