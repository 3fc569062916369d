"""Respondents that may be one and the same: proposed for a person to decide, merged only by that decision.

Pairs are looked for within a country among those that share something rare: an e-mail address, a telephone
number, an uncommon word of the name, the whole of a longer capacity statement, or neighbouring places in the
alphabetical order of names read forwards and backwards. So the work grows with the number of respondents and
not with its square. A score says how alike a pair is; the evidence says in what, without naming anybody.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers.data.duplicate_text import bare_name, email_key, folded, phone_key, sorted_words

COLUMNS = (
    "respondent_id_a",
    "respondent_id_b",
    "score",
    "evidence",
    "decision",
    "decided_by",
    "note",
)
PROPOSED_FROM = 0.77
"""Pairs with at least this score are proposed."""
NEIGHBOURS = 6
"""How many names on in the alphabetical order are compared."""
RARE_WORD = 12
"""A word that at most so many respondents of a country have in their names joins them."""
SAME_CONTACT = 20
"""An address or number that more respondents share is a secretary's or a tool's, not a sign."""
_WEIGHTS = {"name": 0.7, "place": 0.15, "content": 0.15}
_NAMELESS = 0.9
"""Score of two without names that agree in place and in all of several statements."""

Pairs = NDArray[np.int64]


@dataclass(frozen=True)
class _Respondents:
    """What is compared, one value a respondent; empty texts where nothing was answered."""

    ids: NDArray[np.object_]
    country: NDArray[np.object_]
    name: NDArray[np.object_]
    email: NDArray[np.object_]
    phone: NDArray[np.object_]
    place: NDArray[np.object_]
    postcode: NDArray[np.object_]
    content: list[frozenset[str]]


def propose_duplicates(
    contacts: pd.DataFrame, answers: pd.DataFrame, capacities: pd.DataFrame
) -> pd.DataFrame:
    """Return pairs of respondents that may be the same, the likeliest first.

    Parameters
    ----------
    contacts
        respondent_id, and as far as there: company, contact_name, email, phone.
    answers
        respondent_id, country, and as far as there: town, postcode. All respondents that count.
    capacities
        respondent_id, product, amount, unit, as stated.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`: the earlier respondent in ``answers`` as a; score from `PROPOSED_FROM` to 1;
        evidence in words without names; decision, decided_by and note empty.

    Examples
    --------
    >>> people = pd.DataFrame({"respondent_id": ["r1", "r2"], "company": ["Glas AG", "GLAS A.G."]})
    >>> answers = pd.DataFrame({"respondent_id": ["r1", "r2"], "country": "AT", "town": "Graz"})
    >>> stated = pd.DataFrame({"respondent_id": ["r1", "r2"], "product": "vials", "amount": "5", "unit": ""})
    >>> propose_duplicates(people, answers, stated)[["respondent_id_a", "score", "evidence"]].values.tolist()
    [['r1', 1.0, 'name 1.00; same town; same capacities (1)']]
    """
    everyone = _respondents(contacts, answers, capacities)
    found = [
        _scored(everyone, pairs)
        for rows in _by_country(everyone.country)
        if len(pairs := _candidates(everyone, rows))
    ]
    if not found:
        return pd.DataFrame({column: pd.Series(dtype="str") for column in COLUMNS}).astype(
            {"score": "float64"}
        )
    table = pd.concat(found, ignore_index=True)
    return table.sort_values(["score", "first", "second"], ascending=[False, True, True], ignore_index=True)[
        list(COLUMNS)
    ]


def _respondents(contacts: pd.DataFrame, answers: pd.DataFrame, capacities: pd.DataFrame) -> _Respondents:
    ids = answers["respondent_id"].astype("object").to_numpy()
    known = contacts.drop_duplicates("respondent_id").set_index("respondent_id").reindex(ids)

    def column(frame: pd.DataFrame, name: str) -> list[str]:
        if name not in frame:
            return [""] * len(frame)
        return [str(text) if isinstance(text, str) else "" for text in frame[name].astype("object")]

    def each(texts: Iterable[str]) -> NDArray[np.object_]:
        return np.array([*texts, ""], dtype=object)[:-1]

    return _Respondents(
        ids=ids,
        country=each(column(answers, "country")),
        name=each(bare_name(text) for text in column(known, "company")),
        email=each(email_key(text) for text in column(known, "email")),
        phone=each(phone_key(text) for text in column(known, "phone")),
        place=each(folded(text) for text in column(answers, "town")),
        postcode=each(re.sub(r"\W", "", text).upper() for text in column(answers, "postcode")),
        content=_contents(ids, capacities),
    )


def _contents(ids: NDArray[np.object_], capacities: pd.DataFrame) -> list[frozenset[str]]:
    """Return each respondent's statements as a set of texts "product amount unit"."""
    stated = pd.DataFrame({"id": capacities["respondent_id"].astype("object")})
    parts = [capacities[name].fillna("").astype("str") for name in ("product", "amount", "unit")]
    stated["text"] = (
        parts[0] + "\t" + parts[1].str.replace(r"\s", "", regex=True).str.casefold() + "\t" + parts[2]
    )
    stated = stated[parts[1].str.strip() != ""]
    sets: dict[str, set[str]] = {}
    for respondent, text in zip(stated["id"], stated["text"].astype("object"), strict=True):
        sets.setdefault(respondent, set()).add(text)
    return [frozenset(sets.get(respondent, ())) for respondent in ids]


def _by_country(countries: NDArray[np.object_]) -> Iterator[NDArray[np.int64]]:
    codes, _ = pd.factorize(countries)
    order = np.argsort(codes, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        if len(group) > 1:
            yield group.astype(np.int64)


def _candidates(everyone: _Respondents, rows: NDArray[np.int64]) -> Pairs:
    """Return pairs of row numbers of one country, the earlier first, each once."""
    found = [
        _sharing(rows, everyone.email, SAME_CONTACT),
        _sharing(rows, everyone.phone, SAME_CONTACT),
        _neighbours(rows, [sorted_words(name) for name in everyone.name[rows]]),
        _neighbours(rows, [name[::-1] for name in everyone.name[rows]]),
        _with_rare_words(rows, everyone.name),
        _alike_in_content(rows, everyone),
    ]
    pairs = np.concatenate(found)
    if not len(pairs):
        return pairs
    pairs.sort(axis=1)
    return np.unique(pairs, axis=0)


def _none() -> Pairs:
    return np.empty((0, 2), dtype=np.int64)


def _all_pairs(groups: Iterable[Sequence[int]], most: int) -> Pairs:
    """Return all pairs within groups; of a large group only those that stand next to each other."""
    pairs: list[tuple[int, int]] = []
    for group in groups:
        if len(group) <= most:
            pairs += [(one, other) for at, one in enumerate(group) for other in group[at + 1 :]]
        else:
            pairs += list(pairwise(group))
    return np.array(pairs, dtype=np.int64) if pairs else _none()


def _groups(rows: Iterable[int], keys: Iterable[object]) -> Iterator[list[int]]:
    groups: dict[object, list[int]] = {}
    for row, key in zip(rows, keys, strict=True):
        if key:
            groups.setdefault(key, []).append(row)
    return (group for group in groups.values() if len(group) > 1)


def _sharing(rows: NDArray[np.int64], values: NDArray[np.object_], most: int) -> Pairs:
    groups = _groups(rows.tolist(), values[rows])
    return _all_pairs((group for group in groups if len(group) <= most), most)


def _neighbours(rows: NDArray[np.int64], names: Sequence[str]) -> Pairs:
    """Return each name with the next few in alphabetical order."""
    order = rows[[at for at in sorted(range(len(names)), key=names.__getitem__) if names[at]]]
    steps = [
        np.column_stack([order[:-step], order[step:]])
        for step in range(1, min(NEIGHBOURS, len(order) - 1) + 1)
    ]
    return np.concatenate(steps) if steps else _none()


def _with_rare_words(rows: NDArray[np.int64], names: NDArray[np.object_]) -> Pairs:
    having: dict[str, list[int]] = {}
    for row in rows.tolist():
        for word in set(names[row].split()):
            if len(word) > 2:
                having.setdefault(word, []).append(row)
    return _all_pairs((group for group in having.values() if 1 < len(group) <= RARE_WORD), RARE_WORD)


def _alike_in_content(rows: NDArray[np.int64], everyone: _Respondents) -> Pairs:
    """Return pairs with the same two or more statements, in the same place."""
    keys = [
        (everyone.place[row], everyone.content[row]) if len(everyone.content[row]) > 1 else None
        for row in rows.tolist()
    ]
    return _all_pairs(_groups(rows.tolist(), keys), SAME_CONTACT)


def _scored(everyone: _Respondents, pairs: Pairs) -> pd.DataFrame:
    """Return the pairs of one country that reach `PROPOSED_FROM`, with score and evidence."""
    from rapidfuzz import fuzz
    from rapidfuzz.process import cpdist

    one, other = pairs[:, 0], pairs[:, 1]
    names = [
        cpdist(list(everyone.name[one]), list(everyone.name[other]), scorer=scorer, workers=1)
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio)
    ]
    name = np.maximum(*names).astype(float) / 100
    named = (everyone.name[one] != "") & (everyone.name[other] != "")
    name = np.where(named, name, 0.5)
    place = _agreement(everyone.place, one, other)
    postcode = _agreement(everyone.postcode, one, other)
    place = np.where(place == 0.5, postcode, np.maximum(place, postcode * (postcode == 1)))
    # Only what the rest allows to be proposed is worth comparing in content.
    contact = _same(everyone.email, one, other) | _same(everyone.phone, one, other)
    most = _WEIGHTS["name"] * name + _WEIGHTS["place"] * place + _WEIGHTS["content"]
    keep = (most >= PROPOSED_FROM) | ~named | (contact & (name >= 0.4))
    one, other, name, place = one[keep], other[keep], name[keep], place[keep]
    contact, named = contact[keep], named[keep]
    content, common = _content(everyone.content, one, other)
    score = _WEIGHTS["name"] * name + _WEIGHTS["place"] * place + _WEIGHTS["content"] * content
    score = np.where(named, score, _NAMELESS / 2 * (place + content))
    score = np.where(contact, np.maximum(score, 0.5 + 0.5 * score), score).round(3)
    keep = score >= PROPOSED_FROM
    table: pd.DataFrame = pd.DataFrame({"first": one, "second": other, "score": score}).loc[keep]
    table["respondent_id_a"], table["respondent_id_b"] = everyone.ids[one[keep]], everyone.ids[other[keep]]
    table["evidence"] = [
        _evidence(everyone, int(first), int(second), float(alike) if known else None, int(count))
        for first, second, alike, known, count in zip(
            one[keep], other[keep], name[keep], named[keep], common[keep], strict=True
        )
    ]
    table[["decision", "decided_by", "note"]] = ""
    return table


def _same(values: NDArray[np.object_], one: Pairs, other: Pairs) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (values[one] == values[other]) & (values[one] != "")
    return same


def _agreement(values: NDArray[np.object_], one: Pairs, other: Pairs) -> NDArray[np.float64]:
    """Return 1 where both agree, 0 where they differ, one half where one is not known."""
    unknown = (values[one] == "") | (values[other] == "")
    return np.where(unknown, 0.5, (values[one] == values[other]).astype(float))


def _content(
    contents: list[frozenset[str]], one: Pairs, other: Pairs
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the share of statements that two have in common (Jaccard), one half if one has none."""
    share = np.full(len(one), 0.5)
    common = np.zeros(len(one), dtype=np.int64)
    for at, (first, second) in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
        mine, yours = contents[first], contents[second]
        if mine and yours:
            common[at] = len(mine & yours)
            share[at] = common[at] / len(mine | yours)
    return share, common


def _evidence(everyone: _Respondents, one: int, other: int, name: float | None, common: int) -> str:
    def same(values: NDArray[np.object_]) -> bool:
        return bool(values[one]) and values[one] == values[other]

    words = [
        f"name {name:.2f}" if name is not None else "no name to compare",
        "same e-mail" if same(everyone.email) else "",
        "same telephone" if same(everyone.phone) else "",
        "same town" if same(everyone.place) else "",
        "same postcode" if same(everyone.postcode) else "",
        f"same capacities ({common})" if common else "",
    ]
    return "; ".join(word for word in words if word)
