"""Columns are matched by code, then by text in any language; what is only similar is left to a person."""

import stat

import pytest
import yaml

from helpers.data.errors import InputError
from helpers.data.survey.ingest import ingest
from helpers.data.survey.mapping import Decided, assign
from helpers.data.survey.recognise import open_export

NAME = "vaccine_capacity"
HEAD = ["id", "submitted", "company", "country", "lipids_amount", "lipids_unit"]
HEADED = f"questionnaire: {NAME}\n"
ROW = ["1", "2021-03-14", "Glas AG", "AT", "5", "kg_month"]


def assigned(path, asked, decided=None):
    with open_export([path]) as export:
        return assign(export, asked, decided)


def names(assignment):
    return {found.column.key: found.target.name if found.target else "" for found in assignment.columns}


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "it", "pl"])
def test_texts_of_every_language_lead_to_the_questions(asked, write_csv, language):
    question = asked.role("country")
    item, field = asked.items.list[0], asked.items.fields[0]
    head = [
        f"1. {asked.question('company').label[language]} *",
        question.label[language].upper(),
        f"{item.label[language]} [{field.label[language]}]",
        f"All capacities {asked.items.list[1].label[language]}:{field.label[language]}",
    ]
    assignment = assigned(write_csv([head, ["a", "AT", "5", "6"]]), asked)
    second = asked.items.list[1].code
    expected = ["company", "country", f"{item.code}_{field.code}", f"{second}_{field.code}"]
    assert list(names(assignment).values()) == expected
    assert assignment.problems == ()
    assert assignment.languages[0] == language


def test_codes_with_groups_tables_and_dropped_underscores(asked, write_csv):
    head = [
        "respondent/company",
        "respondent-country",
        "capacities[lipidsamount]",
        "group/platforms/mrna",
        "platforms[any]",
    ]
    assignment = assigned(write_csv([head, ["a", "AT", "5", "1", ""]]), asked)
    assert list(names(assignment).values()) == [
        *("company", "country", "lipids_amount"),
        *("platforms[mrna]", "platforms[any]"),
    ]


def test_a_column_that_says_it_all_beats_columns_of_single_choices(asked, write_csv):
    head = ["company", "country", "lipids_amount", "platforms", "platforms/mrna"]
    assignment = assigned(write_csv([head, ["a", "AT", "5", "mrna", "1"]]), asked)
    assert names(assignment)["platforms/mrna"] == ""
    assert assignment.problems == ()


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (
            ["company", "Cuntry", "lipids_amount"],
            "question country: no column answers it",
        ),
        (["company", "Cuntry", "lipids_amount"], "column 'Cuntry': almost called like question country"),
        (["country", "town", "lipids_amount"], "question company: no column answers it"),
        (["company", "country", "town"], "no column holds an amount of a product"),
        (
            ["company", "country", "country", "lipids_amount"],
            "country: more than one column answers it",
        ),
        (["company", "country", "lipids_amount", "Lipids_ammount"], "no problem"),
        (["company", "country", "lipids_amount", "lipids_unitt"], "'lipids_unitt': almost called like"),
    ],
)
def test_what_is_missing_double_or_only_similar_stops_it(asked, write_csv, head, says):
    problems = assigned(write_csv([head, ["x"] * len(head)]), asked).problems
    assert any(says in problem for problem in problems) or (says == "no problem" and not problems)


def test_nothing_is_written_but_the_review_file_and_an_edited_one_is_taken(root, write_csv):
    path = write_csv(
        [["id", "submitted", "Firm", "Cuntry", "lipids_amount", "extra"], ["1", "2021-03-14", *ROW[2:5], "x"]]
    )
    before = sorted(item for item in root.rglob("*"))
    with pytest.raises(InputError) as fault:
        ingest(path, NAME, "2021-03", root=root)
    review = path.with_name("export.csv.mapping.yml")
    assert str(review) in str(fault.value)
    assert sorted(item for item in root.rglob("*")) == before
    assert stat.S_IMODE(review.stat().st_mode) == 0o600
    content = yaml.safe_load(review.read_text())
    entries = {entry["column"]: entry for entry in content["columns"]}
    assert entries["Cuntry"]["question"] == "?"
    assert "country" in entries["Cuntry"]["suggestions"]
    assert entries["extra"]["question"] == ""
    with pytest.raises(InputError, match="still undecided"):
        ingest(path, NAME, "2021-03", root=root, mapping=review)
    entries["Cuntry"]["question"] = "country"
    entries["Firm"]["question"] = "company"
    review.write_text(yaml.safe_dump(content))
    assert ingest(path, NAME, "2021-03", root=root, mapping=review).accepted == 1
    # What a person wrote is never overwritten.
    edited = review.read_text()
    with pytest.raises(InputError, match="is there already"):
        ingest(path, NAME, "2021-04", root=root)
    assert review.read_text() == edited


def test_a_review_file_goes_to_the_restricted_folder_where_the_export_cannot_have_one(
    root, write_csv, monkeypatch
):
    path = write_csv([["Firm", "Cuntry", "lipids_amount"], ROW[2:5]])
    import os

    real = os.open

    def refused(target, *rest, **more):
        if str(target).startswith(str(path)):
            raise PermissionError(13, "read-only")
        return real(target, *rest, **more)

    monkeypatch.setattr("helpers.data.survey.mapping_file.os.open", refused)
    with pytest.raises(InputError, match="data/restricted"):
        ingest(path, NAME, "2021-03", root=root)
    assert (root / "data" / "restricted" / "export.csv.mapping.yml").is_file()


def test_the_mapping_of_one_wave_serves_the_next(root, write_csv, tmp_path):
    mapping = tmp_path / "mapping.yml"
    columns = [{"column": "Firm", "question": "company"}, {"column": "Where", "question": "country"}]
    content = {"questionnaire": NAME, "columns": columns, "values": {"country": {"Ostmark": "AT"}}}
    mapping.write_text(yaml.safe_dump(content))
    head = ["submitted", "Firm", "Where", "lipids_amount"]
    for month in ("03", "04"):
        path = write_csv([head, [f"2021-{month}-01", "Glas AG", "Ostmark", "5"]], f"{month}.csv")
        done = ingest(path, NAME, f"2021-{month}", root=root, mapping=mapping)
        mapping = done.folder / "mapping.yml"
    assert done.accepted == 1


def test_a_required_question_that_the_form_did_not_have_is_excused_by_a_person_but_not_the_country(
    asked, write_csv
):
    path = write_csv([["country", "lipids_amount"], ["AT", "5"]])
    assert assigned(path, asked, Decided(not_asked=frozenset(["company"]))).problems == ()
    path = write_csv([["company", "lipids_amount"], ["a", "5"]], "other.csv")
    assert assigned(path, asked, Decided(not_asked=frozenset(["country"]))).problems


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("- 1", "allowed: a mapping with a list"),
        ("questionnaire: other\ncolumns: []", "questionnaire: found 'other', allowed: vaccine_capacity"),
        (f"{HEADED}columns: [1]", "columns: found 1"),
        (
            f"{HEADED}columns: [{{column: x, question: country}}]",
            "the file has no such column",
        ),
        (
            f"{HEADED}columns: [{{column: town, question: nothing}}]",
            "'nothing', which there is not",
        ),
        (
            f"{HEADED}columns: []\nvalues: {{town: {{a: b}}}}",
            "allowed: a question with choices",
        ),
        (
            f"{HEADED}columns: []\nvalues: {{country: {{a: XX}}}}",
            "country: 'a' means 'XX', allowed",
        ),
        (f"{HEADED}columns: []\nnot_asked: [nothing]", "not_asked"),
        ("columns: [", "not valid YAML"),
    ],
)
def test_a_faulty_mapping_file_says_what_is_wrong(root, write_csv, tmp_path, content, says):
    mapping = tmp_path / "m.yml"
    mapping.write_text(content)
    with pytest.raises(InputError) as fault:
        ingest(write_csv([[*HEAD, "town"], [*ROW, "Graz"]]), NAME, "2021-03", root=root, mapping=mapping)
    assert says in str(fault.value)


def test_a_header_of_markup_and_line_ends_cannot_break_the_review_file(root, write_csv):
    evil = "x\n- column: company\n  question: country # <script>\u2028"
    path = write_csv([[evil, "Cuntry", "lipids_amount"], ["a", "AT", "5"]])
    with pytest.raises(InputError):
        ingest(path, NAME, "2021-03", root=root)
    content = yaml.safe_load(path.with_name("export.csv.mapping.yml").read_text(encoding="utf-8"))
    assert len(content["columns"]) == 3


def product_and(asked, words, language="fr"):
    return f"{asked.items.list[0].label[language]} {words}"


def test_a_column_of_a_product_that_says_something_unknown_stops_it(root, asked, write_csv):
    header = product_and(asked, "– Xyz zyx")
    path = write_csv([[*HEAD, header, "Lunch"], [*ROW, "9", "x"]])
    with pytest.raises(InputError, match=r"begins with the product .*what it says of it is unknown"):
        ingest(path, NAME, "2021-03", root=root, dates="dmy", tool="plain")
    review = path.with_name("export.csv.mapping.yml")
    text = review.read_text()
    again = f"evidence ingest export.csv --as {NAME} --vintage 2021-03 --tool plain --dates dmy"
    assert f"# Then: {again} --mapping {review.name}" in text
    content = yaml.safe_load(text)
    entries = {entry["column"]: entry for entry in content["columns"]}
    assert (entries[header]["question"], entries["Lunch"]["question"]) == ("?", "")
    entries[header]["question"] = ""
    review.write_text(yaml.safe_dump(content))
    assert ingest(path, NAME, "2021-03", root=root, mapping=review).accepted == 1


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "it", "pl"])
def test_the_heads_of_the_printed_form_lead_to_the_fields(asked, write_csv, language):
    item = asked.items.list[0]
    fields = [field for field in asked.items.fields if field.short]
    assert fields
    head = [product_and(asked, f": {field.short[language]}", language) for field in fields]
    assignment = assigned(write_csv([[*HEAD[:4], *head], ["x"] * (4 + len(head))]), asked)
    found = names(assignment)
    assert [found[name] for name in head] == [f"{item.code}_{field.code}" for field in fields]
    assert assignment.problems == ()
