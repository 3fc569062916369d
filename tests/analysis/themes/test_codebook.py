"""A codebook is what its tables say, and a mistake in them is named with its row and column."""

import re

import pandas as pd
import pytest

from helpers.analysis.themes.codebook import LANGUAGES, MARKERS, codebook_from_tables
from helpers.analysis.themes.terms import parts_of
from helpers.data.errors import InputError
from helpers.data.project import raw_folder
from helpers.data.sample.texts import themes as sampled_themes

STAGES = {
    "raw_materials", "active_substance", "formulation", "fill_and_finish", "vials", "syringes", "packaging",
    "storage", "distribution",
}  # fmt: skip
DOMAINS = {
    "logistics", "energy", "raw materials and metals", "wood", "agri-food", "construction", "electronics",
    "medical supplies", "skills",
}  # fmt: skip
"""The nine domains of shared/facts/supply_chain_domains.csv."""


def themes(**changes):
    return pd.DataFrame({"theme": ["energy", "skills"], "label": ["Energy", "Skills"], **changes})


def terms(*rows):
    return pd.DataFrame(rows, columns=["theme", "language", "term"])


def raw(name):
    return pd.read_csv(raw_folder() / "codebook" / f"{name}.csv", dtype="str", keep_default_na=False)


def test_theme_and_label_and_term_are_enough():
    book = codebook_from_tables(themes(), terms(("energy", "en", "power"), ("skills", "*", "HR")))
    assert book.codes == ("energy", "skills")
    assert book.labels == {"energy": "Energy", "skills": "Skills"}
    assert [term.effect for term in book.terms] == ["codes", "codes"]
    assert book.markers == ()


def test_themes_stand_in_their_order():
    for order in ([10, 9], ["10", "9"]):
        assert codebook_from_tables(themes(order=order), terms()).codes == ("skills", "energy")
    with pytest.raises(InputError, match="themes: row 3, column order: found 'last', allowed: a number"):
        codebook_from_tables(themes(order=["1", "last"]), terms())


def test_lists_are_read():
    changes = {"stages": ["vials; storage", ""], "eaac_themes": ["3", None], "domains": ["energy", "skills"]}
    book = codebook_from_tables(themes(**changes), terms())
    assert book.themes[0].stages == ("vials", "storage")
    assert book.themes[1].eaac_themes == ()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("enrgy", "en", "power"), r"terms: row 3, column theme: found 'enrgy', allowed: energy, skills"),
        (("energy", "xx", "power"), r"terms: row 3, column language: found 'xx', allowed: .* or \*"),
        (("energy", "en", "  "), r"terms: row 3, column term: found '': a term needs a letter or digit"),
        (("energy", "en", None), r"terms: row 3, column term: found ''"),
        (("energy", "en", "&"), r"terms: row 3, column term: found '&': a term needs"),
        (
            ("energy", "en", "gas"),
            r"terms: row 3, column term: found 'gas' again, first in row 2; allowed: once",
        ),
        (
            ("energy", "en", "*a*"),
            r"terms: row 3, column term: found '\*a\*': beside a \* at least 3 letters",
        ),
        (("energy", "en", "a*"), r"terms: row 3, column term: found 'a\*': beside a \* at least 2 letters"),
        (("energy", "en", "*"), r"terms: row 3, column term: found '\*': a term needs a letter or digit"),
        (("energy", "en", "a*b"), r"terms: row 3, column term: found 'a\*b': beside a \* at least 3 letters"),
    ],
)
def test_a_mistake_in_a_term_is_named(row, message):
    with pytest.raises(InputError) as fault:
        codebook_from_tables(themes(), terms(("energy", "en", "gas"), row))
    assert re.search(message, str(fault.value))


def test_rows_are_those_of_the_file_where_it_says_so():
    with pytest.raises(InputError, match="row 77, column theme"):
        codebook_from_tables(themes(), terms(("x", "en", "gas")).assign(raw_row=[77]))


def test_accents_and_capitals_may_make_two_terms():
    book = codebook_from_tables(themes(), terms(("energy", "es", "solo"), ("energy", "es", "sólo")))
    assert len(book.terms) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"theme": ["energy", "energy"]}, "row 3, column theme: found 'energy' again, first in row 2"),
        ({"theme": ["energy", "a b"]}, "row 3, column theme: found 'a b', allowed: letters, digits and _"),
        ({"label": ["Energy", ""]}, "row 3, column label: found nothing"),
    ],
)
def test_a_mistake_in_a_theme_is_named(change, message):
    with pytest.raises(InputError) as fault:
        codebook_from_tables(themes(**change), terms())
    assert message in str(fault.value)


def test_a_missing_column_is_named():
    with pytest.raises(InputError, match="terms: column term: not there; found: theme, language"):
        codebook_from_tables(themes(), terms().drop(columns="term"))
    with pytest.raises(InputError, match="markers: column kind: not there"):
        codebook_from_tables(themes(), terms(), pd.DataFrame({"language": [], "term": []}))


def test_an_unknown_kind_or_effect_is_named():
    markers = pd.DataFrame({"language": ["en"], "term": ["but"], "kind": ["turns"]})
    with pytest.raises(InputError, match="markers: row 2, column kind: found 'turns', allowed: negation"):
        codebook_from_tables(themes(), terms(), markers)
    with pytest.raises(
        InputError, match="terms: row 2, column effect: found 'code', allowed: codes, cancels"
    ):
        codebook_from_tables(themes(), terms(("energy", "en", "gas")).assign(effect="code"))


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("permit", [("word", "permit", 0)]),
        ("Genehmigung*", [("prefix", "genehmigung", 0)]),
        ("*Kette", [("suffix", "kette", 0)]),
        ("*kette*", [("inside", "kette", 0)]),
        ("kern*centrale*", [("around", "kern*centrale*", 0)]),
        ("raw material*", [("word", "raw", 0), ("prefix", "material", 2)]),
        ("delay * permit", [("word", "delay", 0), ("word", "permit", 3)]),
        ("cold-chain*", [("word", "cold", 0), ("prefix", "chain", 1)]),
        ("l'énergie", [("word", "l", 0), ("word", "energie", 1)]),
        ("R & D", [("word", "r", 0), ("word", "d", 2)]),
    ],
)
def test_terms_are_read_as_the_readme_says(term, expected):
    assert [(part.kind, part.letters, part.reach) for part in parts_of(term)] == expected


def test_a_term_in_capitals_asks_for_capitals():
    assert [part.capitals for part in parts_of("CE mark")] == [True, False]
    assert not parts_of("Lieferkette")[0].capitals


def test_the_projects_codebook_has_the_fourteen_themes_in_every_language():
    book = codebook_from_tables(raw("themes"), raw("terms"), raw("markers"))
    assert book.codes == sampled_themes()
    there = {(term.theme, term.language) for term in book.terms if term.effect == "codes"}
    missing = {(code, language) for code in book.codes for language in LANGUAGES} - there
    assert not missing
    kinds = {(marker.effect, marker.language) for marker in book.markers}
    assert not {(kind, language) for kind in MARKERS for language in LANGUAGES} - kinds


def test_the_projects_themes_are_defined_and_mapped():
    book = codebook_from_tables(raw("themes"), raw("terms"), raw("markers"))
    for theme in book.themes:
        assert theme.definition.endswith(".")
        assert theme.belongs.endswith(".")
        assert theme.does_not_belong.endswith(".")
        assert set(theme.eaac_themes) <= set("12345678")
        assert set(theme.stages) <= STAGES
        assert set(theme.domains) <= DOMAINS
        named = set(re.findall(r"\(([a-z_]+)\)", theme.does_not_belong))
        assert named <= set(book.codes) - {theme.theme}
    assert {code for theme in book.themes for code in theme.eaac_themes} == set("12345678")
    assert {stage for theme in book.themes for stage in theme.stages} == STAGES
    assert {domain for theme in book.themes for domain in theme.domains} == DOMAINS
