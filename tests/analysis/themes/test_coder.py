"""The coder finds themes in 24 languages, cites their words, and is not fooled by denials or hostility."""

import functools

import pandas as pd
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from counted_calls import calls_of
from helpers.analysis.themes.codebook import LANGUAGES, codebook_from_tables
from helpers.analysis.themes.coder import code_answers, themes_by_answer
from helpers.analysis.themes.coverage import answer_states, coverage
from helpers.data.project import project_root, raw_folder

PHRASES = project_root() / "src" / "helpers" / "data" / "sample" / "phrases"


@functools.cache
def project_codebook():
    tables = (
        pd.read_csv(raw_folder() / "codebook" / f"{name}.csv", dtype="str", keep_default_na=False)
        for name in ("themes", "terms", "markers")
    )
    return codebook_from_tables(*tables)


def answers_of(*texts, **columns):
    ids = [f"a{number}" for number in range(len(texts))]
    return pd.DataFrame({"answer_id": ids, "text": list(texts), **columns})


def coded(text, codebook=None, **columns):
    """Themes of one answer."""
    answers = answers_of(text, **{name: [value] for name, value in columns.items()})
    found = code_answers(answers, codebook or small())
    return list(dict.fromkeys(found["theme"]))


@functools.cache
def small():
    """A codebook of other themes in two languages, and markers for English only."""
    themes = pd.DataFrame({"theme": ["jobs", "climate", "crime"], "label": ["Jobs", "Climate", "Crime"]})
    terms = pd.DataFrame(
        [
            ("jobs", "en", "unemployment", "codes"),
            ("jobs", "en", "job", "codes"),
            ("jobs", "en", "job description", "cancels"),
            ("jobs", "en", "minimum wage", "codes"),
            ("jobs", "fr", "chômage", "codes"),
            ("jobs", "fr", "emploi", "codes"),
            ("climate", "en", "climat*", "codes"),
            ("climate", "en", "*warming", "codes"),
            ("climate", "fr", "réchauffement climatique", "codes"),
            ("climate", "*", "COP", "codes"),
            ("crime", "en", "*crim*", "codes"),
            ("crime", "fr", "délinquance", "codes"),
            ("crime", "fr", "criminalité", "codes"),
        ],
        columns=["theme", "language", "term", "effect"],
    )
    markers = pd.DataFrame(
        [
            ("en", "no", "no"),
            ("en", "problem*", "trouble"),
            ("en", "but", "turn"),
            ("en", "nothing", "nothing"),
        ],
        columns=["language", "term", "kind"],
    )
    return codebook_from_tables(themes, terms, markers)


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("the jobs that we lost in this region", ["jobs"]),
        ("the minimum national wage is too low here", ["jobs"]),
        ("the minimum of the national wage is low", []),
        ("wage at its minimum in all the regions", []),
        ("my job description is not clear to them", []),
        ("the job description, and no new job for us", ["jobs"]),
        ("climatic changes and globalwarming worry us all", ["climate"]),
        ("CRIMINALS everywhere in the streets of the town", ["crime"]),
        ("after the COP nothing happened in our country", ["climate"]),
        ("the cop stopped us in the middle of town", []),
        ("le chomage est trop élevé dans notre région", ["jobs"]),
        ("le CHÔMAGE est trop élevé dans notre région", ["jobs"]),
        ("les emplois manquent partout dans notre région", ["jobs"]),
        ("trop de délinquances et de criminalites dans les villes", ["crime"]),
        ("jobs. climate and crime are what matters most", ["jobs", "climate", "crime"]),
        ("réchauffement. climatique", []),
        ("le réchauffement, climatique ou non, des régions", []),
    ],
)
def test_another_codebook_is_coded_as_well(text, themes):
    assert coded(text) == themes


def test_the_words_that_gave_a_code_are_cited():
    text = "In our town: no jobs for the young; le chômage des jeunes est énorme."
    found = code_answers(answers_of(text), small())
    assert found["words"].tolist() == ["jobs", "chômage"]
    assert found["term"].tolist() == ["job", "chômage"]
    assert found["language"].tolist() == ["en", "fr"]
    assert [text[row.start : row.end] for row in found.itertuples()] == found["words"].tolist()


def test_of_a_match_inside_a_longer_one_of_the_theme_only_the_longer_is_given():
    themes = pd.DataFrame({"theme": ["a", "b"], "label": ["A", "B"]})
    rows = [("a", "en", "storage"), ("a", "en", "cold storage"), ("b", "en", "storage")]
    book = codebook_from_tables(themes, pd.DataFrame(rows, columns=["theme", "language", "term"]))
    found = code_answers(answers_of("we need cold storage for the goods"), book)
    assert found[["theme", "words"]].to_numpy().tolist() == [["a", "cold storage"], ["b", "storage"]]


PIECES = st.sampled_from(
    [
        "no problems with staff", "wir finden keine Fachkräfte", "l'énergie est chère", "raw materials",
        "but", ", ", ". ", " ", "\n- ", "\u202e", "\u200b", "e\u0301nergie", "ENERGY", "[phone]",
        "<script>alert(1)</script>", "=HYPERLINK('http://bad.example')", "${alert(1)}", "ﬁnance", "2-8 °C",
        "GMP", "İstanbul", "ŉ", "Ωμέγα", "патент", "and", "works well", "not", "…", "😀", "ß", "x" * 90,
        "поръчки", "χρηματοδότηση",
    ]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=14).map(" ".join))
@example("Die Lieferkette\u200bn sind unter\u00adbrochen, la cha\u0302ine du froid aussi")
def test_places_always_are_those_of_the_words(text):
    found = code_answers(answers_of(text), project_codebook(), keep_negated=True)
    for row in found.itertuples():
        assert 0 <= row.start < row.end <= len(text)
        assert text[row.start : row.end] == row.words


@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=10).map(" ".join))
def test_a_denied_theme_is_left_out_and_nothing_else(text):
    answers = answers_of(text)
    every = code_answers(answers, project_codebook(), keep_negated=True)
    kept = code_answers(answers, project_codebook())
    pd.testing.assert_frame_equal(kept, every[~every["negated"]].reset_index(drop=True))


def sample_phrases():
    """Yield language, text and true theme of every sample phrase; None where nothing is complained of."""
    for language in LANGUAGES:
        known = yaml.safe_load((PHRASES / f"{language}.yml").read_text(encoding="utf-8"))
        things = [thing for each in known["things"].values() for thing in each]
        for theme, phrases in known["themes"].items():
            for text in phrases["trouble"]:
                for thing in things if "{thing}" in text else [""]:
                    yield language, text.replace("{thing}", thing), theme
            yield language, phrases["fine"], None
        for text in known["nothing"]:
            yield language, text, None


@functools.cache
def sample_codes():
    rows = list(sample_phrases())
    answers = answers_of(*(text for _, text, _ in rows))
    named = themes_by_answer(code_answers(answers, project_codebook()), answers, project_codebook())
    found = [set(named.columns[row]) for row in named.to_numpy()]
    return pd.DataFrame(
        [
            (language, text, {theme} - {None}, each)
            for (language, text, theme), each in zip(rows, found, strict=True)
        ],
        columns=["language", "text", "true", "found"],
    )


def micro_f1(rows):
    right = sum(len(row.true & row.found) for row in rows.itertuples())
    return 2 * right / sum(len(row.true) + len(row.found) for row in rows.itertuples())


def test_sample_phrases_are_coded_to_their_theme_without_being_told_the_language():
    codes = sample_codes()
    assert micro_f1(codes) >= 0.95
    by_language = {language: micro_f1(rows) for language, rows in codes.groupby("language")}
    assert len(by_language) == 24
    assert {language: round(f1, 2) for language, f1 in by_language.items() if f1 < 0.85} == {}


def test_what_is_fine_and_what_says_nothing_is_coded_to_nothing():
    quiet = sample_codes()
    quiet = quiet[quiet["true"].map(len) == 0]
    wrong = quiet[quiet["found"].map(len) > 0]
    assert wrong[["language", "text", "found"]].to_numpy().tolist() == []


@pytest.mark.parametrize(
    ("denied", "complained"),
    [
        ("We have no problems at all with staff.", "We have no skilled staff at all."),
        ("Energy is not a problem for our plant.", "The problem is the price of energy."),
        ("Transport works well here.", "Transport does not work well here."),
        ("There is enough staff in our region.", "There is not enough staff in our region."),
        ("No shortage of raw materials so far.", "There is a shortage of raw materials."),
        ("Keinerlei Schwierigkeiten mit dem Zoll.", "Schwierigkeiten mit dem Zoll."),
        ("Fachkräfte sind ausreichend vorhanden.", "Fachkräfte sind nicht ausreichend vorhanden."),
        ("Die Finanzierung ist gesichert.", "Die Finanzierung ist nicht gesichert."),
        ("Nous n'avons aucun problème de personnel.", "Nous n'avons plus de personnel qualifié."),
        ("Le transport fonctionne bien.", "Le transport ne fonctionne pas bien."),
        ("No hay ningún problema con la energía.", "El problema es el precio de la energía."),
        ("El transporte funciona muy bien.", "El transporte no funciona bien."),
        ("Non abbiamo problemi con il personale.", "Non abbiamo personale qualificato."),
        ("I trasporti funzionano bene.", "I trasporti non funzionano bene."),
        ("Nie mamy problemów z energią.", "Mamy problemy z energią."),
        ("Energia não é um problema para nós.", "O problema é o preço da energia."),
        ("Nu avem probleme cu energia.", "Avem probleme cu energia."),
        ("Geen enkel probleem met de douane.", "Veel problemen met de douane."),
        ("Vi har inga problem med energi.", "Vi har stora problem med energi."),
        ("Ingen problemer med energi.", "Store problemer med energi."),
        ("Meillä ei ole ongelmia energian kanssa.", "Meillä on ongelmia energian kanssa."),
        ("Nemáme žádné problémy s energií.", "Máme velké problémy s energií."),
        ("Nincs probléma az energiával.", "Nagy probléma van az energiával."),
        ("Δεν έχουμε πρόβλημα με την ενέργεια.", "Έχουμε πρόβλημα με την ενέργεια."),
        ("Нямаме проблеми с енергията.", "Имаме проблеми с енергията."),
        ("Nimamo težav z energijo.", "Imamo težave z energijo."),
        ("Neturime problemų dėl energijos.", "Turime problemų dėl energijos."),
        ("Mums nav problēmu ar enerģiju.", "Mums ir problēmas ar enerģiju."),
    ],
)
def test_no_problem_is_no_code_and_a_lack_is_one(denied, complained):
    assert coded(denied, project_codebook()) == []
    assert coded(complained, project_codebook()) != []


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("No problems with staff, but energy is too expensive.", ["energy"]),
        ("Energy is too expensive. No problems with staff.", ["energy"]),
        ("Transport works well; skilled workers are missing", ["skills"]),
        ("No problems with staff, energy or customs.", []),
        ("Staff, energy and customs are no problem.", []),
        ("Lack of skilled staff and no problems with customs at all.", ["skills"]),
        ("Machines are available only abroad, skilled staff nowhere.", ["equipment", "skills"]),
    ],
)
def test_a_denial_speaks_for_its_clause_only(text, themes):
    assert coded(text, project_codebook()) == themes


def test_a_codebook_may_code_that_there_is_no_problem():
    themes = pd.DataFrame({"theme": ["none"], "label": ["No problem"]})
    terms = pd.DataFrame({"theme": "none", "language": "en", "term": ["no problem", "nothing"]})
    markers = pd.DataFrame(
        [("en", "no", "no"), ("en", "problem*", "trouble"), ("en", "nothing", "nothing")],
        columns=["language", "term", "kind"],
    )
    book = codebook_from_tables(themes, terms, markers)
    assert coded("There is no problem in our town", book) == ["none"]
    assert coded("Nothing", book) == ["none"]


def test_without_markers_nothing_is_held_to_be_denied():
    themes = pd.DataFrame({"theme": ["jobs"], "label": ["Jobs"]})
    terms = pd.DataFrame({"theme": ["jobs"], "language": ["en"], "term": ["job"]})
    assert coded("no problem with jobs", codebook_from_tables(themes, terms)) == ["jobs"]


def test_clauses_of_several_languages_are_coded_each_in_its_own():
    text = (
        "Wir finden seit Monaten keine Fachkräfte; the price of electricity is far too high; "
        "nous attendons toujours une autorisation"
    )
    found = code_answers(answers_of(text, language=["en"]), project_codebook())
    assert found[["theme", "language"]].drop_duplicates().to_numpy().tolist() == [
        ["skills", "de"],
        ["energy", "en"],
        ["regulation", "fr"],
    ]


def test_a_word_alone_is_coded_with_the_help_of_form_and_country():
    assert coded("Strompreise", project_codebook(), language="en", country="DE") == ["energy"]
    assert coded("χρηματοδότηση", project_codebook(), language="en", country="EL") == ["finance"]


@pytest.mark.parametrize(
    "text",
    [
        "\u202eskilled staff\u202c are missing here",
        "ski\u200blled sta\u00adff are missing here",
        "SKILLED STAFF ARE MISSING HERE",
        "<b>skilled staff</b> are missing here",
        "=skilled staff are missing here",
        "ｓｋｉｌｌｅｄ ｓｔａｆｆ are missing here",
    ],
)
def test_marks_and_markup_do_not_hide_a_theme(text):
    found = code_answers(answers_of(text), project_codebook())
    assert "skills" in set(found["theme"])
    assert all(text[row.start : row.end] == row.words for row in found.itertuples())


@pytest.mark.parametrize("text", [None, float("nan"), "", "   ", "-", "\u200b", "…", "12345", "😀😀"])
def test_no_text_is_no_code(text):
    found = code_answers(answers_of(text), project_codebook())
    assert len(found) == 0
    assert found.columns.tolist() == [
        "answer_id", "theme", "start", "end", "words", "term", "language", "negated",
    ]  # fmt: skip


def test_no_answers_are_no_codes():
    empty = answers_of().astype({"text": "str", "answer_id": "str"})
    found = code_answers(empty, project_codebook())
    assert len(found) == 0
    assert themes_by_answer(found, empty, project_codebook()).shape == (0, 14)
    assert coverage(empty, project_codebook())["answers"].sum() == 0


@pytest.mark.parametrize(
    "unit",
    [
        "no problem staff ", "no problem, staff, ", "on demand ", "a", "e\u200b", "\u202e", ",", ". ",
        "staff and ", "[e-mail", "problem ", "not ", "e\u0301\u0302 ", "cold storage ", "\n- staff", "x*",
    ],
)  # fmt: skip
def test_ten_times_as_many_signs_take_no_more_than_ten_times_as_many_steps(unit):
    book = project_codebook()
    short, long = (answers_of((unit * size)[:size]) for size in (5_000, 50_000))
    code_answers(long, book)  # what is read on first use is no longer counted
    assert calls_of(lambda: code_answers(long, book)) <= 10 * calls_of(lambda: code_answers(short, book))


def test_a_hundred_thousand_signs_of_new_words_are_coded():
    text = " ".join(f"wort{number}fachkräfte" for number in range(5_000)) + " Fachkräfte"
    found = code_answers(answers_of(text, language=["de"]), project_codebook())
    assert found["end"].max() == len(text)


def test_the_same_answers_give_the_same_bytes_whatever_was_coded_before():
    texts = [text for _, text, _ in sample_phrases()][::7]
    answers = answers_of(*texts)
    once = code_answers(answers, project_codebook()).to_csv()
    code_answers(answers_of(*texts[::-1]), project_codebook())
    assert code_answers(answers, project_codebook()).to_csv() == once
    fresh = codebook_from_tables(
        *(
            pd.read_csv(raw_folder() / "codebook" / f"{name}.csv", dtype="str", keep_default_na=False)
            for name in ("themes", "terms", "markers")
        )
    )
    assert code_answers(answers, fresh).to_csv() == once
    parts = [code_answers(answers[at : at + 1], project_codebook()) for at in range(0, len(answers), 50)]
    alone = pd.concat(parts, ignore_index=True)
    together = code_answers(answers, project_codebook())
    together = together[together["answer_id"].isin(answers["answer_id"][::50])].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone, together)


def test_themes_stand_in_a_table_of_answers_and_themes():
    answers = answers_of("jobs and crime in our town", "nothing of the kind", "no problem with jobs")
    found = code_answers(answers, small(), keep_negated=True)
    named = themes_by_answer(found, answers, small())
    assert named.columns.tolist() == ["jobs", "climate", "crime"]
    assert named.index.name == "answer_id"
    assert named.to_numpy().tolist() == [[True, False, True], [False] * 3, [False] * 3]
    assert set(map(str, named.dtypes)) == {"bool"}


def test_each_answer_has_a_state_and_they_add_up():
    answers = answers_of(
        "the jobs we lost here", "no problem with jobs here", "Nothing.", "", None,
        "the weather is too hot here", "--",
        country=["FR", "FR", "FR", "FR", "DE", "DE", "DE"],
    )  # fmt: skip
    states = answer_states(answers, small())
    assert states["state"].tolist() == ["coded", "fine", "nothing", "empty", "empty", "uncoded", "nothing"]
    table = coverage(answers, small(), by="country").set_index("country")
    assert table.loc["DE", ["answers", "uncoded", "uncoded_share"]].tolist() == [3, 1, 1.0]
    assert table.loc["FR", "uncoded_share"] == 0.0
    by_language = coverage(answers, small())
    assert by_language["answers"].sum() == len(answers)
    assert "unknown" in set(by_language["language"])


def test_every_sentence_that_says_nothing_makes_an_answer_that_says_nothing():
    texts = ("No. None at the moment.", "None, nothing to report", "No. We cannot find staff.")
    states = answer_states(answers_of(*texts), project_codebook())["state"].tolist()
    assert states == ["nothing", "nothing", "coded"]
