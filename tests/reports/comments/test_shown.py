"""Comments in the next draft: beside what they speak of, counted, harmless, and gone without a trace."""

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from helpers.reports.comments.answers import answer
from helpers.reports.comments.model import Comment
from helpers.reports.comments.returned import take_back
from helpers.reports.comments.shown import with_comments, without_comments
from helpers.reports.comments.store import read_comments

from .conftest import SLUG, build, page_of

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)"> <!--/review--> \u0130"\'>'


def said(target, comment="Why?", status="open", **changes):
    id_ = f"c{abs(hash((target, comment))) % 16**10:010x}"
    return Comment(id_, target, "AB", "2026-11-20", "must", comment, status, **changes)


def policy(page):
    return re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1]


class Tags(HTMLParser):
    """Start tags and attributes of a page, and its ids."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.ids, self.attributes = [], [], set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id"]


def test_a_page_without_comments_is_as_it_was(project):
    page = page_of(project)
    assert with_comments(page, []) == page
    assert "review-" not in page


def test_the_next_draft_shows_each_comment_beside_what_it_speaks_of(project, filled):
    marks = {
        "fact:total": ("must change", "Why so few?"),
        "figure:map": ("should change", "Larger letters."),
        "table:counts": ("could change", "Round."),
        "recommendation:R02": ("must change", "Who pays?"),
        "report": ("could change", "Shorter."),
    }
    take_back([filled(marks)], project)
    build(project)
    page = page_of(project)
    figure, fact = page.index('id="fig-map"'), page.index('<tr id="fact-total"')
    assert figure < page.index("Larger letters.") < page.index('id="fig-bars"')
    assert page.index('id="table-counts"') < page.index("Round.") < page.index('id="facts"')
    assert page.index("<th>R02</th>") < page.index("Who pays?") < page.index('id="table-counts"')
    assert fact < page.index("Why so few?") < page.index('<tr id="fact-share"')
    assert page.count("Why so few?") == 2, "beside the fact, and in the section"
    assert page.count("Shorter.") == 1, "on the whole report: only in the section"
    assert page.index("Shorter.") > page.index('id="review-comments"') > page.index('id="facts"')


def test_the_title_block_counts_what_is_open(project, filled):
    take_back(
        [filled({"report": ("must change", "Shorter."), "fact:total": ("could change", "So?")})], project
    )
    build(project)
    header = page_of(project).partition("</header>")[0]
    assert "2 open comments, 1 of severity must" in header
    for one in read_comments(SLUG, project):
        answer(SLUG, one.comment_id, "Done.", root=project)
    build(project)
    assert "No open comments" in page_of(project).partition("</header>")[0]


def test_an_answer_is_shown_and_a_withdrawn_comment_is_not(project):
    comments = [
        said("fact:total", "Why so few?", "answered", answer="Only those.", answered_on="2026-11-21"),
        said("fact:share", "Never mind.", "withdrawn", answered_on="2026-11-21"),
    ]
    page = with_comments(page_of(project), comments)
    assert "answered on 21 November 2026" in page
    assert page.count("Only those.") == 2
    assert "Never mind." not in page
    assert "1 withdrawn and not shown" in page


def test_links_to_a_number_carry_a_sign(project):
    page = with_comments(page_of(project), [said("fact:total")])
    mark = page.index('href="#review-fact-total"')
    assert 0 < mark - page.index('<a class="fact" href="#fact-total">1,302</a>') < 200
    assert "1 review comment on this number, 1 open" in page


def test_what_is_gone_is_said_to_be_gone(project):
    page = with_comments(page_of(project), [said("figure:old", said="Figure 7: Old")], {"fact:total"})
    assert page.count("speaks of something that is no longer there. It said: Figure 7: Old") == 1
    assert 'id="review-figure-old"' not in page


def test_every_link_to_a_comment_leads_somewhere_and_no_id_is_there_twice(project):
    targets = ["fact:total", "figure:map", "table:counts", "recommendation:R01", "report", "figure:old"]
    page = with_comments(page_of(project), [said(one) for one in targets])
    ids = Tags(page).ids
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#(review-[^"]*)"', page)) <= set(ids)


def test_hostile_comments_are_text_under_the_same_policy(project):
    before = page_of(project)
    hostile = Comment(
        "c0123456789", "fact:total", EVIL, "2026-11-20", "must", EVIL, "answered", EVIL, "2026-11-21", EVIL
    )
    page = with_comments(before, [hostile, said("figure:gone", EVIL, said=EVIL)])
    assert policy(page) == policy(before)
    assert Tags(page).tags.count("script") == Tags(before).tags.count("script")
    assert "onerror" not in Tags(page).attributes
    assert Tags(page).tags.count("img") == Tags(before).tags.count("img")
    assert without_comments(page) == before


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["fact:total", "figure:map", "report", "table:gone"]), st.text(max_size=80)
        ),
        max_size=5,
    )
)
def test_taking_comments_out_gives_the_page_back(given_comments):
    page = (
        '<html><head></head><body><dl class="meta"></dl><ol><li><a href="#provenance">H</a></li></ol><main>'
        '<p><a class="fact" href="#fact-total">1</a></p><figure id="fig-map"></figure>'
        '<table><tr id="fact-total"><td>1</td></tr></table></main></body></html>'
    )
    comments = [said(target, text) for target, text in given_comments]
    assert without_comments(with_comments(page, comments)) == page


def test_the_page_is_made_again_when_its_comments_change(project, filled):
    from helpers.reports.incremental.keys import Keys, changes_of_export
    from helpers.reports.incremental.memory import Memory
    from helpers.reports.incremental.tables import Tables

    def key():
        memory = Memory(project)
        return Keys(memory, Tables(memory), "helpers.reports.export:export_report").export_of(SLUG)

    before = key()
    take_back([filled({"report": ("must change", "Shorter.")})], project)
    after = before | {"comments": key()["comments"]}  # the code may be edited meanwhile
    assert list(changes_of_export(before, before)) == []
    assert list(changes_of_export(before, after)) == ["review comments changed"]
    assert "src/helpers/reports/comments/comments.css" in before["code"]
