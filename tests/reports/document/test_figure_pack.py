"""Figures to take home: in two widths and three formats, with data, captions and sources."""

import json
import sys
from pathlib import Path

import pandas as pd
import pikepdf
import pytest
from PIL import Image

from helpers.data.errors import InputError
from helpers.figures import charts
from helpers.figures.publish import SourceLine, publish
from helpers.reports.document.figure_pack import write_figure_pack
from helpers.reports.staging import mark_success

CAPTION = "=cmd() <b>Clusters</b> & more"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clusters-eu27")
    published = publish(
        charts.share_bars,
        pd.DataFrame({"name": ["Spain", "Malta"], "clusters": [212, 3]}),
        id="counts",
        number=1,
        caption=CAPTION,
        alt="Bars, the longest of Spain",
        sources=[SourceLine("clusters", "Registry", "2026", "observed", "Cited")],
        folder=folder,
        options={"name": "name", "value": "clusters", "label": "Clusters", "spec": ",d"},
        sample=True,
    )
    entry = {"id": "counts", "number": 1, "caption": published.caption}
    (folder / "manifest.json").write_text(json.dumps({"figures": [entry]}))
    (folder / "report.html").write_text(f"<main>{published.html}</main>", encoding="utf-8")
    for name in ("facts.json", "run.json", "notebook.ipynb"):
        (folder / name).write_text("{}")
    mark_success(folder)
    return folder


@pytest.fixture(scope="module")
def pack(report: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("pack")
    written = write_figure_pack(report, out)
    assert sorted(written) == sorted(out.iterdir())
    return out


def test_there_are_two_widths_in_three_formats_and_the_data(pack: Path, report: Path) -> None:
    assert sorted(path.name for path in pack.iterdir()) == [
        "01_counts.csv",
        *(f"01_counts_{width}mm.{ending}" for width in (170, 80) for ending in ("pdf", "png", "svg")),
        "captions.csv",
        "captions.txt",
    ]
    assert (pack / "01_counts.csv").read_bytes() == (report / "figures" / "counts.csv").read_bytes()


@pytest.mark.parametrize("width", [80, 170])
def test_each_is_as_wide_as_its_name_says(pack: Path, width: int) -> None:
    with Image.open(pack / f"01_counts_{width}mm.png") as image:
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert image.width == pytest.approx(width / 25.4 * 300, abs=1)
    with pikepdf.open(pack / f"01_counts_{width}mm.pdf") as pdf:
        right = float(pdf.pages[0].mediabox[2])
    assert right == pytest.approx(width / 25.4 * 72, abs=0.1)
    assert f'width="{width}mm"' in (pack / f"01_counts_{width}mm.svg").read_text()


def test_the_narrow_one_is_drawn_for_its_width(pack: Path) -> None:
    sizes = [Image.open(pack / f"01_counts_{width}mm.png").size for width in (80, 170)]
    assert sizes[0][1] / sizes[0][0] != pytest.approx(sizes[1][1] / sizes[1][0], rel=0.05)


def test_svg_stands_by_itself_without_colours_of_the_page(pack: Path) -> None:
    from defusedxml.ElementTree import parse

    for width in (80, 170):
        assert parse(pack / f"01_counts_{width}mm.svg").getroot().tag == "{http://www.w3.org/2000/svg}svg"
        assert "var(--" not in (pack / f"01_counts_{width}mm.svg").read_text()


def test_pdf_carries_caption_and_alternative_text(pack: Path) -> None:
    with pikepdf.open(pack / "01_counts_80mm.pdf") as pdf:
        assert CAPTION in str(pdf.docinfo["/Title"])
        assert "Illustrative sample data" in str(pdf.docinfo["/Title"])


def test_captions_say_sample_data_and_the_source_and_no_formula_runs(pack: Path) -> None:
    text = (pack / "captions.txt").read_text()
    assert f"Figure 1. Illustrative sample data. {CAPTION}" in text
    assert "Source: Registry" in text
    table = pd.read_csv(pack / "captions.csv")
    assert table["source"].str.startswith("Source: Registry").all()
    assert table["alternative_text"].tolist() == ["Illustrative sample data. Bars, the longest of Spain"]


def test_the_same_report_gives_the_same_bytes(report: Path, pack: Path, tmp_path: Path) -> None:
    for path in write_figure_pack(report, tmp_path):
        assert path.read_bytes() == (pack / path.name).read_bytes(), path.name


def test_a_folder_that_is_no_report_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no complete report"):
        write_figure_pack(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_typst_nothing_is_written(
    report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(InputError, match=r"extra 'pdf'"):
        write_figure_pack(report, tmp_path / "out")
    assert not (tmp_path / "out").exists()
