"""Comments put into the page of a report: beside what they speak of, in their own section, and counted."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from html import escape
from pathlib import Path

from helpers.reports.comments.model import REPORT, SEVERITIES, Comment, in_order
from helpers.reports.comments.places import Place, Places, find_places
from helpers.reports.comments.store import read_comments
from helpers.reports.comments.targets import read_targets
from helpers.reports.export_page import long_date

BEGIN, END = "<!--review-->", "<!--/review-->"
_PART = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
_KINDS = {
    "fact": "the number",
    "figure": "the figure",
    "table": "the table",
    "recommendation": "the recommendation",
}
_GONE = "speaks of something that is no longer there"
_Insertions = list[tuple[int, str]]


def show_comments(page: str, folder: Path, slug: str, root: Path) -> str:
    """Return the page of a report with its review comments in it.

    Parameters
    ----------
    page
        HTML as the export wrote it.
    folder
        Of the report; says what there is to speak of.
    slug
        Of the report, by which ``reports/reviews`` is looked up.
    root
        The project's folder.

    Returns
    -------
    str
        The same page where nobody has commented.

    Raises
    ------
    InputError
        If ``comments.csv`` cannot be read.
    """
    comments = read_comments(slug, root)
    if not comments:
        return page
    return with_comments(page, comments, {target.id for target in read_targets(folder)})


def with_comments(page: str, comments: Sequence[Comment], known: Collection[str] | None = None) -> str:
    """Return a page with comments in it; :func:`without_comments` gives the page back.

    Open and answered comments stand behind the figure or table, under the row of the fact or recommendation,
    and all in the section "Review comments" at the end; links to a number that was commented on get a sign.
    Nothing of a comment is HTML, and nothing that is put in runs or loads, so that the page's policy holds.

    Parameters
    ----------
    page
        HTML as the export writes it.
    comments
        Of this report; withdrawn ones are only counted.
    known
        Targets of the build; those that the page has a place for if not given. A comment on any other is
        said to speak of something that is no longer there.
    """
    shown = [one for one in in_order(comments) if one.status != "withdrawn"]
    if not comments:
        return page
    places = find_places(page)
    there = {REPORT, *(places.of if known is None else known)}
    by_target: dict[str, list[Comment]] = {}
    for one in shown:
        by_target.setdefault(one.target, []).append(one)
    parts: _Insertions = [(page.find("</head>"), f"<style>\n{_css()}\n</style>\n")]
    parts += [(_meta_end(page), _summary(comments)), (_contents_end(page), _CONTENTS)]
    for target, said in by_target.items():
        if target in there:
            parts += _beside(target, said, places)
    parts.append((places.main_end, _section(shown, comments, there, places)))
    return _inserted(page, parts)


def without_comments(page: str) -> str:
    """Return a page without what :func:`with_comments` put in, for documents and publication.

    Examples
    --------
    >>> without_comments("<main><!--review--><p>AB: why?</p><!--/review--></main>")
    '<main></main>'
    """
    return _PART.sub("", page)


def _inserted(page: str, parts: _Insertions) -> str:
    pieces, last = [], 0
    for at, part in sorted((one for one in parts if one[0] > 0), key=lambda one: one[0]):
        pieces += [page[last:at], BEGIN, part, END]
        last = at
    return "".join([*pieces, page[last:]])


def _css() -> str:
    return (Path(__file__).parent / "comments.css").read_text(encoding="utf-8").strip()


def _meta_end(page: str) -> int:
    start = page.find('<dl class="meta">')
    return page.find("</dl>", start) if start >= 0 else -1


def _contents_end(page: str) -> int:
    return page.find('<li><a href="#provenance">')


_CONTENTS = '<li class="level-2"><a href="#review-comments">Review comments</a></li>\n'


def _counts(comments: Sequence[Comment]) -> str:
    """Say how many are open, and how many of them are of severity must.

    Examples
    --------
    >>> _counts([Comment("c0", "report", "AB", "2026-11-20", "must", "Why?")])
    '1 open comment, 1 of severity must'
    """
    waiting = [one for one in comments if one.status == "open"]
    grave = sum(one.severity == "must" for one in waiting)
    noun = "comment" if len(waiting) == 1 else "comments"
    return f"{len(waiting) or 'no'} open {noun}" + (f", {grave} of severity must" if grave else "")


def _summary(comments: Sequence[Comment]) -> str:
    text = _counts(comments)
    return f'<div><dt>Review</dt><dd><a href="#review-comments">{text[0].upper() + text[1:]}</a></dd></div>\n'


def _beside(target: str, said: Sequence[Comment], places: Places) -> _Insertions:
    place = _place(target, places)
    if place is None:
        return []
    box = _box(target, said)
    parts = [(place.end, _row(box, place) if place.tag == "tr" else box)]
    waiting = sum(one.status == "open" for one in said)
    words = f"{len(said)} review {'comment' if len(said) == 1 else 'comments'} on this number, {waiting} open"
    mark = (
        f'<sup class="review-mark{" waiting" if waiting else ""}"><a href="#{_anchor(target)}" '
        f'aria-label="{words}" title="{words}">\u270e</a></sup>'
    )
    return parts + [(end, mark) for end, _ in places.links.get(target, [])]


def _place(target: str, places: Places) -> Place | None:
    """Return where a target stands; a recommendation may stand as a fact of that name."""
    kind, _, name = target.partition(":")
    as_fact = f"fact:recommendation_{name.lower()}" if kind == "recommendation" else target
    return places.of.get(target) or places.of.get(as_fact)


def _row(box: str, place: Place) -> str:
    return f'<tr class="review-row"><td colspan="{max(place.cells, 1)}">{box}</td></tr>'


def _anchor(target: str) -> str:
    return "review-" + target.replace(":", "-")


def _box(target: str, said: Sequence[Comment]) -> str:
    label = escape(f"Review comments on {target.replace(':', ' ')}")
    items = "".join(f"<li>{_comment(one)}</li>" for one in said)
    return (
        f'<div class="review-comments" id="{escape(_anchor(target))}" role="note" aria-label="{label}">'
        f'<p class="review-label">Review</p><ul>{items}</ul></div>'
    )


def _comment(one: Comment) -> str:
    """Write one comment; its class says status and severity, which its words say, too."""
    state = "open" if one.status == "open" else f"answered on {long_date(one.answered_on)}"
    head = (
        f"<strong>{escape(one.reviewer)}</strong>, {long_date(one.received)}: "
        f'<span class="severity">{one.severity} change</span>, <span class="state">{state}</span>'
    )
    answer = f'<p class="answer"><strong>Answer:</strong> {_lines(one.answer)}</p>' if one.answer else ""
    return (
        f'<div class="review-comment {one.status} {one.severity}"><p class="review-head">{head}</p>'
        f"<p>{_lines(one.comment)}</p>{answer}</div>"
    )


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.splitlines())


def _section(
    shown: Sequence[Comment], comments: Sequence[Comment], there: Collection[str], places: Places
) -> str:
    """Write the section at the end: all comments, those that are open first."""
    withdrawn = len(comments) - len(shown)
    gone = f" {withdrawn} withdrawn and not shown." if withdrawn else ""
    text = _counts(comments)
    groups: Mapping[str, Callable[[Comment], bool]] = {
        "Open": lambda one: one.status == "open",
        "Answered": lambda one: one.status == "answered",
    }
    lists = ""
    for title, belongs in groups.items():
        items = "".join(f"<li>{_listed(one, there, places)}</li>" for one in shown if belongs(one))
        if items:
            lists += f'<h3>{title}</h3><ul class="review-list">{items}</ul>'
    return (
        '<section class="review-section"><h2 class="section" id="review-comments">Review comments</h2>'
        f"<p>{text[0].upper() + text[1:]}; {len(shown)} in all.{gone} Reviewers say of a change that it "
        f"{', '.join(SEVERITIES[:-1])} or {SEVERITIES[-1]} be made; a comment stays open until answered.</p>"
        f"{lists}</section>\n"
    )


def _listed(one: Comment, there: Collection[str], places: Places) -> str:
    kind, _, name = one.target.partition(":")
    was = f" It said: {escape(one.said)}." if one.said and one.target != REPORT else ""
    if one.target == REPORT:
        about = "On the whole report"
    elif one.target not in there:
        about = f"On {_KINDS[kind]} <code>{escape(name)}</code>: {_GONE}.{was}"
    else:
        about = f"On {_KINDS[kind]} {_link(one.target, kind, name, places)}"
    return f'<p class="review-about"><code>{one.comment_id}</code> {about}</p>{_comment(one)}'


def _link(target: str, kind: str, name: str, places: Places) -> str:
    shown = f"<code>{escape(name)}</code>"
    if _place(target, places) is None:
        return shown
    return f'<a href="#{escape(_anchor(target))}">{shown}</a>'
