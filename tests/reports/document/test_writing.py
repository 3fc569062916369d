"""Which documents are written, where, and what is said when one cannot be."""

import pytest

from helpers.cli import main
from helpers.data.errors import InputError
from helpers.reports.document import writing
from helpers.reports.document.typesetting import NO_TYPST


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with one report, and writers that only note what they are asked for."""
    folder = tmp_path / "reports" / "build" / "counts-at"
    folder.mkdir(parents=True)
    (folder / "facts.json").write_text("{}")

    def docx(_, path, reference):
        path.write_text("docx")
        return [f"styles of {reference.name}"] if reference else []

    def pdf(_, path):
        path.write_text("pdf")

    def figures(_, out):
        out.mkdir()
        return [out]

    monkeypatch.setattr(writing, "read_document", lambda folder: folder)
    monkeypatch.setattr(writing, "write_docx", docx)
    monkeypatch.setattr(writing, "write_pdf", pdf)
    monkeypatch.setattr(writing, "write_figure_pack", figures)
    return tmp_path


def names(done, project):
    return [path.relative_to(project).as_posix() for path in done.paths]


def test_all_kinds_are_written_into_a_folder_of_the_report(project):
    done = writing.write_documents(["counts-at"], root=project)
    base = "reports/documents/counts-at"
    assert names(done, project) == [f"{base}/counts-at.docx", f"{base}/counts-at.pdf", f"{base}/figures"]
    assert done.notes == []


@pytest.mark.parametrize("kind", writing.KINDS)
def test_only_what_was_asked_for_is_written(project, kind):
    done = writing.write_documents(["counts-at", "counts-at"], [kind], root=project, out=project / "out")
    assert len(done.paths) == 1
    assert kind in done.paths[0].name


def test_without_typst_there_is_the_docx_and_a_note(project, monkeypatch):
    monkeypatch.setattr(writing, "has_typst", lambda: False)
    done = writing.write_documents(["counts-at"], root=project)
    assert names(done, project) == ["reports/documents/counts-at/counts-at.docx"]
    assert done.notes == [NO_TYPST]


def test_what_a_reference_lacks_is_said(project):
    reference = project / "ministry.docx"
    done = writing.write_documents(["counts-at"], ["docx"], root=project, reference=reference)
    assert done.notes == ["styles of ministry.docx"]


def test_a_report_that_is_not_built_is_refused_before_anything_is_written(project):
    with pytest.raises(InputError, match="counts-be: is not built; did you mean 'counts-at'"):
        writing.write_documents(["counts-at", "counts-be"], root=project)
    assert not (project / "reports" / "documents").exists()


@pytest.mark.parametrize("slug", ["../build/counts-at", "/etc", "."])
def test_a_slug_is_a_name_and_no_path(project, slug):
    with pytest.raises(InputError):
        writing.write_documents([slug], root=project)


def test_the_command_says_what_it_wrote(project, monkeypatch, capsys):
    monkeypatch.setattr(writing, "project_root", lambda: project)
    assert main(["document", "counts-at", "--docx"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("counts-at/counts-at.docx")
    assert main(["document", "nothing"]) == 2
    assert "nothing: is not built" in capsys.readouterr().err
