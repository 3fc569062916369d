"""What the index says of each report."""

import json
from html.parser import HTMLParser

from helpers.reports.index import index_entries, write_index
from helpers.reports.portfolio import ReportRun
from helpers.reports.staging import mark_success
from helpers.reports.status import Failure, write_failure

RUNS = [
    ReportRun(f"counts-{code}", "10_counts", {"scope": code.upper()}, code.upper()) for code in ("at", "be")
]


def plant(root, slug, ended="2026-11-20T10:00:00Z", facts=(), **manifest):
    folder = root / "reports" / "build" / slug
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("x")
    (folder / "facts.json").write_text(json.dumps({"facts": list(facts)}))
    (folder / "run.json").write_text(json.dumps({"ended": ended, "notebook": "10_counts", "parameters": {}}))
    content = {
        "title": "Counts",
        "subtitle": "Austria",
        "datasets": [{"title": "Seats", "vintage": "mid-2026"}],
    }
    (folder / "manifest.json").write_text(json.dumps({**content, **manifest}))
    mark_success(folder)
    return folder


def entries(root):
    return {entry["slug"]: entry for entry in index_entries(RUNS, root)}


def fail(root, slug):
    build = root / "reports" / "build"
    write_failure(build, slug, "10_counts", {}, Failure("ValueError: no rows", 7), "2026-11-20T10:00:00Z")


def test_a_built_report_has_date_vintages_and_link(tmp_path):
    plant(tmp_path, "counts-at", sample=True)
    entry = entries(tmp_path)["counts-at"]
    assert (entry["status"], entry["href"], entry["error"]) == ("built", "counts-at/report.html", "")
    assert (entry["title"], entry["subtitle"], entry["date"]) == ("Counts", "Austria", "2026-11-20T10:00:00Z")
    assert entry["vintages"] == ["Seats: mid-2026"]
    assert entry["sample"] is True


def test_what_is_not_built_has_no_link(tmp_path):
    entry = entries(tmp_path)["counts-be"]
    assert (entry["status"], entry["href"], entry["subtitle"]) == ("not built", None, "BE")


def test_a_failed_report_says_where_and_links_the_last_good_one(tmp_path):
    plant(tmp_path, "counts-at", ended="2026-11-19T10:00:00Z")
    fail(tmp_path, "counts-at")
    fail(tmp_path, "counts-be")
    found = entries(tmp_path)
    assert found["counts-at"]["status"] == found["counts-be"]["status"] == "failed"
    assert found["counts-at"]["error"] == "cell 7: ValueError: no rows"
    assert found["counts-at"]["href"] == "counts-at/report.html"
    assert found["counts-be"]["href"] is None


def test_a_failure_older_than_the_report_no_longer_counts(tmp_path):
    fail(tmp_path, "counts-at")
    plant(tmp_path, "counts-at", ended="2999-01-01T00:00:00Z")
    assert entries(tmp_path)["counts-at"]["status"] == "built"


def test_a_report_that_was_tampered_with_is_not_linked(tmp_path):
    (plant(tmp_path, "counts-at") / "report.html").write_text("other")
    assert entries(tmp_path)["counts-at"]["status"] == "not built"


def test_reports_beside_the_portfolio_come_last_and_strange_folders_never(tmp_path):
    plant(tmp_path, "counts-at--as_of-2021-02-18")
    plant(tmp_path, "_lab")
    plant(tmp_path, ".staging")
    assert list(entries(tmp_path)) == ["counts-at", "counts-be", "counts-at--as_of-2021-02-18"]


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if tag == "a" and name == "href"]


def test_the_page_only_links_what_exists_and_escapes_what_it_shows(tmp_path):
    plant(tmp_path, "counts-at", title="<script>alert(1)</script>", subtitle="<b>&")
    fail(tmp_path, "counts-be")
    path = write_index(RUNS, tmp_path)
    page = path.read_text()
    assert path == tmp_path / "reports/build/index.html"
    assert "<script>alert" not in page
    links = Links()
    links.feed(page)
    relative = [link for link in links.found if not link.startswith("#")]
    assert relative == ["counts-at/report.html"]
    assert all((path.parent / link).is_file() for link in relative)
