"""What a published folder holds, and that it is whole, never written over, and free of names and paths."""

import json
import subprocess

import pytest
import yaml

from helpers.data.errors import InputError
from helpers.reports.check.files import machine_paths
from helpers.reports.diff.compare import compare_folders
from helpers.reports.publish import folder as folders
from helpers.reports.publish.folder import FaultyFolderError


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def published(project):
    return project.publish().folder


def test_the_folder_holds_what_is_handed_on(published, project):
    assert published == project.root / "reports" / "published" / "counts-eu" / "2026-11-22"
    assert files(published) == [
        "CITATION.cff",
        "SHA256SUMS",
        "citation.bib",
        "citation.txt",
        "data/facts.json",
        "data/figures/map.csv",
        "data/figures/map.png",
        "data/figures/map.svg",
        "data/made_from.json",
        "data/manifest.json",
        "data/notebook.ipynb",
        "data/run.json",
        "data/tables/all.csv",
        "report.html",
        "ro-crate-metadata.json",
    ]


def test_the_page_says_published_and_no_longer_draft(published):
    page = (published / "report.html").read_text()
    assert "<dd>Published</dd>" in page
    assert "draft-banner" not in page.partition("</style>")[2]


def test_reviewers_are_not_named(project):
    from helpers.reports.comments.model import Comment
    from helpers.reports.comments.store import read_reviews, write_review

    comment = Comment("c0123456789", "fact:sites", "Reviewer Zed", "2026-11-19", "could", "Odd wording here.")
    write_review("counts-eu", project.root, [comment], [], read_reviews("counts-eu", project.root))
    project.commit()
    project.build()
    assert "Odd wording here." in (project.folder() / "report.html").read_text()
    folder = project.publish().folder
    for name in files(folder):
        assert b"Odd wording" not in (folder / name).read_bytes()
        assert b"Zed" not in (folder / name).read_bytes()


def test_no_path_of_the_machine_and_no_address_leaves(published, project):
    for name in files(published):
        content = (published / name).read_bytes()
        assert str(project.root).encode() not in content, name
        assert b"ana@example.eu" not in content, name
        if not name.endswith(".png"):
            assert machine_paths(content.decode()) == [], name


def test_no_raw_row_leaves(published):
    assert not any("raw" in name for name in files(published))


def test_the_checksums_are_those_of_the_files(published):
    done = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=published, capture_output=True)
    assert done.returncode == 0, done.stdout
    listed = [line.split("  ", 1)[1] for line in (published / "SHA256SUMS").read_text().splitlines()]
    assert listed == [name for name in files(published) if name != "SHA256SUMS"]


def test_the_citation_names_title_authors_day_and_version(published):
    cff = yaml.safe_load((published / "CITATION.cff").read_text())
    assert cff["title"] == cff["preferred-citation"]["title"] == "Counts: EU-27"
    assert cff["date-released"] == "2026-11-22"
    assert cff["authors"] == [{"name": "The contributors"}, {"family-names": "Núñez", "given-names": "Ana"}]
    text = (published / "citation.txt").read_text()
    assert text.startswith(
        "The contributors; Núñez, Ana (2026): Counts: EU-27. Cluster evidence, published on 22"
    )
    assert "author = {{The contributors} and Núñez, Ana}" in (published / "citation.bib").read_text()


def test_the_crate_loads_and_every_file_that_it_lists_is_there(published):
    rocrate = pytest.importorskip("rocrate.rocrate")
    crate = rocrate.ROCrate(published)
    assert crate.metadata.id == "ro-crate-metadata.json"
    listed = {entity.id for entity in crate.data_entities}
    assert listed == set(files(published)) - {"ro-crate-metadata.json", "SHA256SUMS"}
    (action,) = [entity for entity in crate.get_entities() if entity.type == "CreateAction"]
    assert action["instrument"].id == "data/notebook.ipynb"
    assert {entity.id for entity in action["object"]} == {
        "#parameter-scope",
        "#input-data/raw/sites/sites.csv",
    }
    assert {entity.id for entity in action["result"]} == listed - {"data/notebook.ipynb"}
    assert action["agent"]["name"] == "The contributors"


def test_the_crate_keeps_to_its_profile(published):
    content = json.loads((published / "ro-crate-metadata.json").read_text())
    entities = {entity["@id"]: entity for entity in content["@graph"]}
    assert len(entities) == len(content["@graph"])
    assert entities["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    profile = "https://w3id.org/ro/wfrun/process/0.5"
    assert entities["./"]["conformsTo"] == {"@id": profile}
    assert entities[profile]["version"] == "0.5"
    assert entities["#run"]["startTime"] == "2026-11-20T09:59:00Z"
    assert len(entities["#input-data/raw/sites/sites.csv"]["sha256"]) == 64

    def references(value):
        if isinstance(value, dict):
            yield from [value["@id"]] if set(value) == {"@id"} else []
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    known = {*entities, "https://w3id.org/ro/crate/1.1", "http://schema.org/CompletedActionStatus"}
    assert set(references(content["@graph"])) <= known


def test_the_same_report_is_published_the_same(published, project):
    before = {name: (published / name).read_bytes() for name in files(published)}
    published.rename(project.root.parent / "aside")
    again = project.publish().folder
    assert {name: (again / name).read_bytes() for name in files(again)} == before


def test_nothing_is_written_over(published, project):
    (published / "report.html").write_text("as it was handed on")
    with pytest.raises(InputError, match="is there already, and is never written over"):
        project.publish()
    assert (published / "report.html").read_text() == "as it was handed on"


def test_a_failure_leaves_nothing_behind(project, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "write_documents", fail)
    with pytest.raises(OSError, match="No space"):
        project.publish()
    assert files(project.root / "reports" / "published") == []


def test_a_page_that_links_nothing_that_is_there_is_not_handed_on(project):
    project.build(link=' <a href="elsewhere/page.html">See</a>')
    with pytest.raises(FaultyFolderError, match=r"elsewhere/page\.html"):
        project.publish()
    assert files(project.root / "reports" / "published") == []


def test_reports_that_the_page_leads_to_come_along(project):
    project.build(link=' See <a href="../prices-eu/report.html#fact-sites">prices</a>.')
    folder = project.publish().folder
    assert 'href="reports/prices-eu/report.html#fact-sites"' in (folder / "report.html").read_text()
    assert (folder / "reports" / "prices-eu" / "report.html").is_file()


def test_a_published_report_does_not_differ_from_its_build(published, project, monkeypatch):
    monkeypatch.setenv("EVIDENCE_ROOT", str(project.root))
    comparison = compare_folders(published, project.folder())
    assert comparison.changed == []
    assert [cause.text for cause in comparison.reports[0].causes] == []
    assert compare_folders(project.root / "reports" / "published", project.folder()).changed == []


def test_what_was_published_before_keeps_nobody_from_publishing(published, project):
    folder = project.publish("2026-11-23").folder
    assert folder.name == "2026-11-23"


def test_documents_and_figures_for_print_come_along(project, monkeypatch):
    pytest.importorskip("typst")
    from helpers.reports.publish import parts

    monkeypatch.setattr(folders, "write_documents", parts.write_documents)
    monkeypatch.setattr(folders, "write_figure_pack", parts.write_figure_pack)
    folder = project.publish().folder
    assert (folder / "counts-eu.docx").read_bytes().startswith(b"PK")
    assert (folder / "counts-eu.pdf").read_bytes().startswith(b"%PDF")
    assert any(name.startswith("figure_pack/") for name in files(folder))
