"""Every rule of `evidence check` finds the fault it is there for, and finds nothing in a good report."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from helpers import cli
from helpers.data.errors import InputError
from helpers.data.project import project_root
from helpers.reports.check import check_reports, find_chromium, screenshot
from helpers.reports.check.files import LARGEST, file_findings
from helpers.reports.check.page import page_findings
from helpers.reports.staging import SUCCESS, is_complete, mark_success

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

POLICY = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
    'img-src data:">'
)
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="


def page_of(body: str, head: str = "") -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>T</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f"<style>body {{ color: #222; background: #fff; }}</style>{head}</head>"
        f"<body><main><h1>T</h1>{body}</main></body></html>"
    )


def frame_of(inside: str) -> str:
    document = page_of(inside).replace("&", "&amp;").replace('"', "&quot;")
    return f'<iframe sandbox="allow-scripts" loading="lazy" title="Map" srcdoc="{document}"></iframe>'


PLANTED = {
    "picture from the network": ("request", '<img alt="a" src="https://example.eu/a.png">', ""),
    "script from the network": ("request", '<script src="https://example.eu/a.js"></script>', ""),
    "style sheet beside the page": ("request", "", '<link rel="stylesheet" href="a.css">'),
    "name looked up ahead": ("request", "", '<link rel="dns-prefetch" href="https://example.eu">'),
    "picture that waits to be seen": (
        "request",
        '<div style="height:9000px"></div><img alt="a" loading="lazy" src="https://example.eu/a.png">',
        "",
    ),
    "fetch by a script": ("request", "<script>fetch('https://example.eu/a').catch(() => 0)</script>", ""),
    "fetch inside a frame": (
        "request",
        frame_of("<script>fetch('https://example.eu/a').catch(() => 0)</script>"),
        "",
    ),
    "web socket": ("request", "<script>new WebSocket('wss://example.eu')</script>", ""),
    "import in a style": ("request", "", "<style>@import 'https://example.eu/a.css';</style>"),
    "background in a style": ("request", '<p style="background:url(https://example.eu/a.png)">a</p>', ""),
    "reload": ("request", "", '<meta http-equiv="refresh" content="999;url=https://example.eu">'),
    "error in a script": ("console", "<script>undefinedName.x</script>", ""),
    "message of an error": ("console", "<script>console.error('broken')</script>", ""),
    "error in a frame": ("console", frame_of("<script>undefinedName.x</script>"), ""),
    "error when printed": (
        "console",
        "<script>matchMedia('print').addEventListener('change', () => undefinedName.x)</script>",
        "",
    ),
    "error of a button": (
        "console",
        '<figure><button id="b">a</button></figure><script>b.onclick = () => undefinedName.x</script>',
        "",
    ),
    "script against the policy": ("policy", "<script>1</script>", POLICY),
    "handler against the policy": ("policy", f'<img alt="a" src="{PIXEL}" onload="1">', POLICY),
    "picture without alternative text": ("alt text", f'<img src="{PIXEL}">', ""),
    "picture with an empty alternative text": ("alt text", f'<img alt="" src="{PIXEL}">', ""),
    "stopgap as alternative text": (
        "alt text",
        f'<img alt="No description has been provided for this image" src="{PIXEL}">',
        "",
    ),
    "drawing without a name": ("alt text", '<svg role="img" width="9" height="9"><title></title></svg>', ""),
    "drawing in a figure without a role": (
        "alt text",
        '<figure><svg width="9" height="9"></svg></figure>',
        "",
    ),
    "text hard to read": ("accessibility", '<p style="color:#bbb">grey</p>', ""),
    "text hard to read in the dark": (
        "accessibility",
        '<p class="dark">text</p>',
        "<style>@media (prefers-color-scheme: dark) { .dark { color: #333; background: #222 } }</style>",
    ),
    "text hard to read on a telephone": (
        "accessibility",
        '<p class="small">text</p>',
        "<style>@media (max-width: 500px) { .small { color: #ccc } }</style>",
    ),
    "text hard to read in a fold": (
        "accessibility",
        '<details><summary>S</summary><p style="color:#bbb">grey</p></details>',
        "",
    ),
    "text hard to read in a frame": ("accessibility", frame_of('<p style="color:#bbb">grey</p>'), ""),
    "frame without a title": ("accessibility", '<iframe srcdoc="<p>a</p>"></iframe>', ""),
    "button without a name": ("accessibility", "<button></button>", ""),
    "box that keyboards do not reach": (
        "accessibility",
        '<div style="overflow:auto;width:90px;height:40px;white-space:nowrap">far too long for that</div>',
        "",
    ),
    "id given twice": ("duplicate id", '<p id="a">a</p><p id="a">b</p>', ""),
    "id called constructor, twice": (
        "duplicate id",
        '<p id="constructor">a</p><p id="constructor">b</p>',
        "",
    ),
    "link to nothing in the page": ("broken link", '<a href="#nowhere">a</a>', ""),
    "link to no file": ("broken link", '<a href="figures/none.svg">a</a>', ""),
    "link that runs a script": ("broken link", '<a href="javascript:void 0">a</a>', ""),
    "drawing that points to nothing": (
        "broken link",
        '<svg role="img" width="9" height="9"><title>a</title><use href="#gone"/></svg>',
        "",
    ),
    "unfilled placeholder": ("placeholder", "<p>There are {clusters_total} organisations.</p>", ""),
    "unfilled placeholder in an alternative text": (
        "placeholder",
        f'<img alt="All {{n}}" src="{PIXEL}">',
        "",
    ),
    "empty cross reference": ("placeholder", '<p id="a">As <a class="xref" href="#a"></a> shows</p>', ""),
    "nan in a table": ("placeholder", "<table><tr><th>a</th></tr><tr><td>nan</td></tr></table>", ""),
    "traceback": ("error output", "<pre>Traceback (most recent call last):\nValueError</pre>", ""),
    "page wider than a telephone": ("horizontal scroll", '<p style="width:600px">wide</p>', ""),
    "text cut off": (
        "clipped text",
        '<p style="width:60px;overflow:hidden;white-space:nowrap">far too long for that</p>',
        "",
    ),
    "label cut off at the edge of a drawing": (
        "clipped text",
        '<svg role="img" width="90" height="30"><title>a</title><text x="60" y="20">Luxembourg</text></svg>',
        "",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_fault_is_found(name: str, chromium: "Browser", tmp_path: Path) -> None:
    rule, body, head = PLANTED[name]
    path = tmp_path / "report.html"
    path.write_text(page_of(body, head), encoding="utf-8")
    found = page_findings("planted", path, chromium)
    assert rule in {finding.rule for finding in found}, found
    assert {finding.slug for finding in found} == {"planted"}


def test_page_without_faults_has_no_findings(chromium: "Browser", tmp_path: Path) -> None:
    (tmp_path / "other.html").write_text("x", encoding="utf-8")
    body = (
        '<p id="a">Text with <code>{braces}</code>, <a href="#a">a link</a>, <a href="other.html">a file</a> '
        f'<a href="https://example.eu">the web</a>.</p><img alt="A dot" src="{PIXEL}">'
        '<a download="a.csv" href="data:text/csv,a">CSV</a>'
        '<svg role="img" width="200" height="30"><title>Bars</title><text x="5" y="20">AT</text></svg>'
        + frame_of("<script>document.title = 'Map'</script><p>Map</p>")
    )
    path = tmp_path / "report.html"
    path.write_text(page_of(body), encoding="utf-8")
    assert page_findings("good", path, chromium) == []


def test_good_reports_and_their_index_have_no_findings(built: Path) -> None:
    seen: list[str] = []
    found = check_reports([built / "counts-eu27", built / "counts-sample"], progress=seen.append)
    assert found == []
    assert seen == ["counts-eu27", "counts-sample", "index"]


def test_two_browsers_find_the_same_in_the_same_order(built: Path, tmp_path: Path) -> None:
    build = tmp_path / "build"
    shutil.copytree(built, build)
    for slug in ("counts-sample", "counts-eu27"):
        (build / slug / SUCCESS).unlink()
    folders = [build / "counts-sample", build / "counts-eu27"]
    found = check_reports(folders, jobs=2)
    assert [finding.slug for finding in found] == ["counts-sample", "counts-eu27"]
    assert found == check_reports(folders, jobs=1)


def test_fault_of_one_report_is_named_after_it(built: Path, tmp_path: Path) -> None:
    build = tmp_path / "build"
    shutil.copytree(built, build)
    page = build / "counts-eu27" / "report.html"
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</main>", '<a href="#nowhere">x</a></main>'), encoding="utf-8")
    found = check_reports([build / "counts-eu27", build / "counts-sample"])
    assert {(f.slug, f.rule) for f in found} == {
        ("counts-eu27", "success marker"),
        ("counts-eu27", "broken link"),
    }


def test_script_that_came_in_with_data_does_not_run(built: Path, chromium: "Browser", tmp_path: Path) -> None:
    text = (built / "counts-eu27" / "report.html").read_text(encoding="utf-8")
    evil = (
        "<script>document.title = 'taken'</script>" + f'<img alt="a" src="{PIXEL}" onload="document.title=1">'
    )
    path = tmp_path / "report.html"
    path.write_text(text.replace("</main>", f"{evil}</main>"), encoding="utf-8")
    page = chromium.new_page()
    page.goto(path.as_uri())
    assert page.title().startswith("How many cluster organisations")
    page.close()
    assert "policy" in {finding.rule for finding in page_findings("evil", path, chromium)}


def test_map_can_be_exchanged_for_its_still_picture(built: Path, chromium: "Browser") -> None:
    page = chromium.new_page(offline=True)
    page.goto((built / "counts-eu27" / "report.html").as_uri())
    figure = page.locator("#fig-seats")
    assert figure.locator("iframe").is_visible()
    assert not figure.locator(".picture.wide").is_visible()
    assert figure.locator("iframe").content_frame.locator("#places").inner_text() == "Wien, Graz & more"
    figure.get_by_role("button", name="still picture").click()
    assert not figure.locator("iframe").is_visible()
    assert figure.locator(".picture.wide").is_visible()
    page.close()


def test_print_shows_still_pictures_and_no_navigation(built: Path, chromium: "Browser") -> None:
    page = chromium.new_page(offline=True)
    page.goto((built / "counts-eu27" / "report.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator("#fig-seats .picture.wide").is_visible()
    for selector in ("iframe", "nav", "button", ".downloads", "details.code", ".picture.narrow"):
        assert not any(element.is_visible() for element in page.locator(selector).all()), selector
    page.close()


def test_report_reads_without_scripts(built: Path, chromium: "Browser") -> None:
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((built / "counts-eu27" / "report.html").as_uri())
    assert page.locator("#fig-seats .picture.wide").is_visible()
    assert not page.locator("#fig-seats iframe").is_visible()
    assert page.get_by_role("button").count() == 0
    context.close()


def test_telephone_sees_the_narrow_picture(built: Path, chromium: "Browser") -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto((built / "counts-eu27" / "report.html").as_uri())
    assert page.locator("#fig-ranking .picture.narrow").is_visible()
    assert not page.locator("#fig-ranking .picture.wide").is_visible()
    page.close()


def test_all_code_is_shown_and_hidden_by_one_button(built: Path, chromium: "Browser") -> None:
    page = chromium.new_page(offline=True)
    page.goto((built / "counts-eu27" / "report.html").as_uri())
    code = page.locator("main details.code pre")
    assert not any(element.is_visible() for element in code.all())
    page.get_by_role("button", name="Show all code").click()
    assert all(element.is_visible() for element in code.all())
    page.get_by_role("button", name="Hide all code").click()
    assert not any(element.is_visible() for element in code.all())
    page.close()


def test_screenshot_has_the_width_asked_for(built: Path, tmp_path: Path) -> None:
    picture = screenshot(built / "index.html", tmp_path / "a.png", 500, dark=True, height=300)
    header = picture.read_bytes()[16:24]
    assert (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")) == (500, 300)


# Rules that need no browser


@pytest.fixture
def report(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built / "counts-sample", tmp_path / "counts-sample"))


def rules(folder: Path) -> set[str]:
    return {finding.rule for finding in file_findings(folder)}


def test_good_files_have_no_findings(report: Path) -> None:
    assert rules(report) == set()


@pytest.mark.parametrize("content", [None, "", "{}", '{"report.html": "00"}'])
def test_missing_or_wrong_success_marker_is_found(report: Path, content: str | None) -> None:
    (report / SUCCESS).unlink()
    if content is not None:
        (report / SUCCESS).write_text(content, encoding="utf-8")
    assert rules(report) == {"success marker"}


@pytest.mark.parametrize("change", ["deleted", "changed", "added"])
@pytest.mark.parametrize("name", ["figures/x.svg", "tables/x.csv", "manifest.json"])
def test_file_that_changed_since_the_build_is_found(report: Path, name: str, change: str) -> None:
    for planted in ("figures/x.svg", "tables/x.csv"):
        (report / planted).parent.mkdir(exist_ok=True)
        (report / planted).write_text("x", encoding="utf-8")
    mark_success(report)
    assert is_complete(report)
    expected = {"deleted": f"{name} is missing", "changed": f"{name} has changed"}
    if change == "deleted":
        (report / name).unlink()
    elif change == "changed":
        (report / name).write_text((report / name).read_text(encoding="utf-8") + " ", encoding="utf-8")
    else:
        (report / f"{name}.new").write_text("x", encoding="utf-8")
    assert not is_complete(report)
    (finding,) = (found for found in file_findings(report) if found.rule == "success marker")
    assert finding.message.endswith(": " + expected.get(change, f"{name}.new was added"))


def test_the_verb_checks_a_report_that_changed_since(
    report: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = report.parent / "reports" / "build" / report.name
    shutil.copytree(report, folder)
    (folder / "run.json").write_text("{}", encoding="utf-8")
    monkeypatch.setenv("EVIDENCE_ROOT", str(report.parent))
    assert cli.main(["check"]) == 1
    assert "run.json has changed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "path",
    [
        "/home/jane/project",
        "/Users/jane",
        r"C:\Users\jane\a.csv",
        "/root/x",
        "/tmp/x.html",
        "/srv/project",
        "/opt/project/a.csv",
        "file:///etc/x",
        str(project_root()),
    ],
    ids=lambda path: "project root" if path == str(project_root()) else path,
)
@pytest.mark.parametrize("name", ["report.html", "run.json", "notebook.ipynb"])
def test_machine_path_is_found(report: Path, path: str, name: str) -> None:
    file = report / name
    if name == "report.html":
        file.write_text(file.read_text(encoding="utf-8") + f"<p>{path}</p>", encoding="utf-8")
    else:
        content = json.loads(file.read_text(encoding="utf-8")) | {"note": f"see {path}"}
        file.write_text(json.dumps(content), encoding="utf-8")
    mark_success(report)
    assert rules(report) == {"machine path"}


@pytest.mark.parametrize(
    "text",
    ["https://example.eu/home/jane", "and/or /workshops", "opt in /opt out", "a" * 90 + "/tmp/" + "b" * 90],
)
def test_what_is_no_machine_path_is_left_alone(report: Path, text: str) -> None:
    file = report / "report.html"
    file.write_text(file.read_text(encoding="utf-8") + f"<p>{text}</p>", encoding="utf-8")
    mark_success(report)
    assert rules(report) == set()


def test_report_over_five_megabytes_is_found(report: Path) -> None:
    with (report / "report.html").open("a", encoding="utf-8") as file:
        file.write("<!--" + " " * LARGEST + "-->")
    mark_success(report)
    assert rules(report) == {"size"}


def test_error_output_in_the_notebook_is_found(report: Path) -> None:
    path = report / "notebook.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
    notebook["cells"][4]["outputs"].append(error)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    mark_success(report)
    assert rules(report) == {"error output"}


def test_missing_sample_banner_is_found(report: Path) -> None:
    path = report / "report.html"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('id="sample-data"', 'id="other"'), encoding="utf-8")
    mark_success(report)
    assert rules(report) == {"sample banner"}


def test_folder_without_report_is_a_user_mistake(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no report\.html"):
        check_reports([tmp_path])


def test_chromium_that_is_no_program_is_a_user_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(InputError, match="CHROMIUM"):
        find_chromium()


def test_missing_chromium_is_explained(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("helpers.reports.check.chromium.find_chromium", lambda: None)
    monkeypatch.setattr("helpers.reports.check.chromium._running.browser", None)
    with pytest.raises(InputError, match="install Debian's package chromium, or set CHROMIUM"):
        check_reports([built / "counts-eu27"])
