"""Registered names of persons and companies, found in free text."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from helpers.data.gazetteer import fold
from helpers.data.word_lists import words

NAME = "[name]"
_LEGAL_FORMS = frozenset(
    words(
        """
        gmbh mbh ag kg kgaa ohg ug ev eg co sa sas sarl sasu eurl snc sci srl srls spa sapa scarl coop
        soc sl slu sau sll ltd limited llc llp plc inc corp company bv nv cv vof ab hb oy oyj as asa aps
        is ks spzoo spolka zoo sp z o k j sro spol ro doo dd ad eood ood et kft zrt nyrt bt rt uab mb
        sia ou lda unipessoal cia ae epe ike oe ee se sce holding group gruppe groupe gruppo grupo
    """
    )
)
_TITLES = (
    "mr|mrs|ms|miss|dr|prof|sir|madam|herr|herrn|frau|m|mme|mlle|monsieur|madame|sr|sra|señor|señora|don|doña|sig|"
    "signor|signora|signore|dott|dottssa|ing|pan|pani|pana|panią|dl|dna|domnul|doamna|dhr|mevr|meneer|mevrouw|"
    "herra|rouva|hr|fru|κ|κος|κα"
)
_WORD = re.compile(r"[^\W_]+")
_folded = lru_cache(maxsize=50_000)(fold)


class Names:
    """Registered names, prepared once and then found in many texts.

    Parameters
    ----------
    names
        Of persons and companies, as registered.
    own
        Whether they are the respondent's own: a company of one word is then found in small letters, too;
        else only where the text writes a capital letter, since "packaging" may be a company's name.

    Notes
    -----
    Names are found whatever their accents, capitals and punctuation; persons' as "First Last", "Last First",
    "F. Last" and with a title ("Mr Last"); companies' with and without their legal form. A family name
    alone, without a title, is not found: it may be an ordinary word.
    """

    def __init__(self, names: Iterable[str], *, own: bool = True) -> None:
        self._own = own
        self._after_title: set[str] = set()
        self._known = {form for name in names for form in self._forms(tuple(fold(name).split()))}
        lengths: dict[str, set[int]] = {}
        for form in self._known:
            lengths.setdefault(form[0], set()).add(len(form))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def _forms(self, name: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
        if sum(len(word) for word in name) < 3 or len(name) > 12:
            return
        yield name
        core = name
        while core and core[-1] in _LEGAL_FORMS:
            core = core[:-1]
        if core != name:
            if sum(len(word) for word in core) >= 3:
                yield core
            return
        if len(name) in (2, 3) and all(word.isalpha() for word in name):
            yield (name[-1], *name[:-1])
            yield (*(word[0] for word in name[:-1]), name[-1])
            self._after_title.update(word for word in name if len(word) > 2)

    def __len__(self) -> int:
        """Return how many forms of names are looked for."""
        return len(self._known)

    def taken_out(self, text: str) -> str:
        """Return the text with every name replaced."""
        if not self._known:
            return text
        found = [(match.start(), match.end(), _folded(match[0])) for match in _WORD.finditer(text)]
        pieces, at, done = [], 0, 0
        while at < len(found):
            length = self._length(found, at, text)
            if length:
                pieces += [text[done : found[at][0]], NAME]
                done = found[at + length - 1][1]
            at += length or 1
        return "".join([*pieces, text[done:]]) if pieces else text

    def _length(self, found: list[tuple[int, int, str]], at: int, text: str) -> int:
        """Return how many found from here are a registered name, 0 if none."""
        start, _, first = found[at]
        for length in self._lengths.get(first, ()):
            here = found[at : at + length]
            if len(here) == length and tuple(w for _, _, w in here) in self._known and _close(here, text):
                written = text[start : here[-1][1]]
                if length > 1 or self._own or written != written.lower():
                    return length
        if (
            first in self._after_title
            and at
            and re.fullmatch(_TITLES, found[at - 1][2])
            and text[start].isupper()
        ):
            return 1 if len(text[found[at - 1][1] : start]) <= 2 else 0
        return 0


def _close(here: list[tuple[int, int, str]], text: str) -> bool:
    """Tell whether words stand on one line with little but blanks, dots and hyphens between them."""
    gaps = (text[one[1] : other[0]] for one, other in pairwise(here))
    return all(len(gap) <= 3 and not re.search(r"[!?;:\n]", gap) for gap in gaps)
