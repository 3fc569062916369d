"""Two builds, compared report by report."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.reports.diff.causes import Cause, causes
from helpers.reports.diff.facts import RANK, FactChange, fact_changes
from helpers.reports.diff.rows import TableChange, compare_tables
from helpers.reports.diff.sides import Report, Side, read_side
from helpers.reports.diff.text import ParagraphChange, paragraphs, text_changes

_OF_DATASETS = ("vintage", "kind", "title", "producer", "retrieved", "licence", "url")
_OF_ITEMS = ("caption", "alt", "note")


@dataclass(frozen=True)
class ItemChange:
    """One figure or table that differs.

    Attributes
    ----------
    id, caption
        As the new build has them; as the old one, if it is gone.
    words
        What differs beside picture and data: that it is new or gone, its number, caption, mark, note.
    pictures
        SVG of the old and the new build; ``None`` for tables, and where the picture is the same.
    rows
        How its data differ.
    """

    id: str
    caption: str
    words: tuple[str, ...]
    pictures: tuple[Path | None, Path | None] | None
    rows: TableChange | None


@dataclass(frozen=True)
class ReportChange:
    """What changed in one report; false if nothing did.

    Attributes
    ----------
    slug, title
        Of the report.
    only
        ``"old"`` or ``"new"`` if only that side has it.
    facts, figures, tables, text, data, parameters
        What differs. ``data`` and ``parameters`` in words.
    causes
        What differs between what the two were made from; may be there although nothing changed.
    sample
        Whether it rests on sample data, on any side.
    """

    slug: str
    title: str
    only: str = ""
    facts: tuple[FactChange, ...] = ()
    figures: tuple[ItemChange, ...] = ()
    tables: tuple[ItemChange, ...] = ()
    text: tuple[ParagraphChange, ...] = ()
    data: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    causes: tuple[Cause, ...] = ()
    sample: bool = False

    def __bool__(self) -> bool:
        parts = (self.only, self.facts, self.figures, self.tables, self.text, self.data, self.parameters)
        return any(parts)

    @property
    def rank(self) -> int:
        """How grave the gravest change of a fact is; 0 is the gravest."""
        return min((RANK[change.tier.key] for change in self.facts), default=len(RANK))


@dataclass(frozen=True)
class Comparison:
    """Two builds compared: their names as shown, the reports by slug, and notes on how they were read."""

    old: Side
    new: Side
    reports: tuple[ReportChange, ...]

    @property
    def changed(self) -> list[ReportChange]:
        """Reports that changed, the gravest first, then by slug."""
        return sorted((report for report in self.reports if report), key=lambda r: (r.rank, r.slug))

    @property
    def unchanged(self) -> list[ReportChange]:
        """Reports that did not change, by slug."""
        return [report for report in self.reports if not report]


def compare_folders(old: Path, new: Path) -> Comparison:
    """Compare two builds, published folders, or folders of one report.

    Parameters
    ----------
    old, new
        As :func:`helpers.reports.diff.sides.read_side` takes them. Two folders of one report each are
        compared whatever they are called.

    Raises
    ------
    InputError
        If a folder is missing or holds no report, or a file of a report is no JSON.
    """
    before, after = read_side(old), read_side(new)
    if before.single and after.single:
        pair = next(iter(before.reports.values())), next(iter(after.reports.values()))
        return Comparison(before, after, (compare_reports(*pair),))
    slugs = sorted(before.reports.keys() | after.reports.keys())
    if before.single or after.single:
        # One report against a whole build: the others are not missing, they were not asked for.
        slugs = sorted((before if before.single else after).reports)
    return Comparison(before, after, tuple(_of_slug(slug, before, after) for slug in slugs))


def _of_slug(slug: str, old: Side, new: Side) -> ReportChange:
    before, after = old.reports.get(slug), new.reports.get(slug)
    if before is not None and after is not None:
        return compare_reports(before, after)
    report = before or after
    only = "old" if before else "new"
    title = _title(report) if report else slug
    return ReportChange(slug, title, only=only, sample=bool(report and report.sample))


def compare_reports(old: Report, new: Report) -> ReportChange:
    """Compare two builds of one report."""
    reasons = tuple(causes(old, new))
    return ReportChange(
        slug=new.slug,
        title=_title(new),
        facts=tuple(fact_changes(old.facts, new.facts)),
        figures=tuple(_items("figures", old, new)),
        tables=tuple(_items("tables", old, new)),
        text=tuple(_text(old, new)),
        data=tuple(_data(old.manifest, new.manifest)),
        parameters=tuple(cause.text for cause in reasons if cause.kind == "parameter"),
        causes=reasons,
        sample=old.sample or new.sample,
    )


def _title(report: Report) -> str:
    title, subtitle = report.manifest.get("title") or report.slug, report.manifest.get("subtitle")
    return f"{title}: {subtitle}" if subtitle else str(title)


def _text(old: Report, new: Report) -> list[ParagraphChange]:
    pages = [report.page.read_text(encoding="utf-8") for report in (old, new)]
    return text_changes(*map(paragraphs, pages)) if pages[0] != pages[1] else []


def _items(kind: str, old: Report, new: Report) -> Iterator[ItemChange]:
    before, after = old.items(kind), new.items(kind)
    for id_ in [*after, *(gone for gone in before if gone not in after)]:
        first, second = before.get(id_), after.get(id_)
        words = tuple(_words(first, second))
        pictures = _pictures(old.file(first, ".svg"), new.file(second, ".svg"))
        rows = _rows(old.file(first, ".csv"), new.file(second, ".csv"))
        if words or pictures or rows:
            yield ItemChange(id_, str((second or first or {}).get("caption", "")), words, pictures, rows)


def _words(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Iterator[str]:
    if old is None or new is None:
        yield "new" if old is None else "gone"
        return
    for name in _OF_ITEMS:
        if (old.get(name) or "") != (new.get(name) or ""):
            yield f"{name}: {old.get(name) or 'none'} -> {new.get(name) or 'none'}"
    if bool(old.get("sample")) != bool(new.get("sample")):
        yield "sample -> observed" if old.get("sample") else "observed -> sample"


def _pictures(old: Path | None, new: Path | None) -> tuple[Path | None, Path | None] | None:
    contents = [path.read_bytes() if path else None for path in (old, new)]
    return (old, new) if contents[0] != contents[1] else None


def _rows(old: Path | None, new: Path | None) -> TableChange | None:
    if old is None or new is None or old.read_bytes() == new.read_bytes():
        return None
    return compare_tables(*(path.read_text(encoding="utf-8") for path in (old, new))) or None


def _data(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = ({str(d["name"]): d for d in side.get("datasets", [])} for side in (old, new))
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            dataset = after.get(name) or before[name]
            yield (
                f"{name} ({dataset.get('kind')}, figures of {dataset.get('vintage')}) "
                f"{'is rested on now' if name in after else 'is no longer rested on'}"
            )
            continue
        for key in _OF_DATASETS:
            first, second = (str(side[name].get(key) or "") for side in (before, after))
            if first != second:
                yield f"{name}: {key}: {first or 'none'} -> {second or 'none'}"
