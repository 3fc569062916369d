"""A trace as lines for the terminal."""

from collections.abc import Iterator

from helpers.reports.trace import Stated, Trace
from helpers.reports.trace_answers import Ids
from helpers.reports.trace_rows import TracedDataset, TracedFile, spans

_WIDEST = 60
_DIGITS = 12
_ANSWERS = "answers.csv"


def trace_lines(trace: Trace, made: str = "", *, everything: bool = False) -> Iterator[str]:
    """Yield the steps of a trace.

    Parameters
    ----------
    trace
        What was traced.
    made
        Commit of the last report, in words.
    everything
        Whether to write all ids and whole checksums.
    """
    for number, stated in enumerate(trace.stated, start=1):
        yield from _stated_lines(number, stated, trace)
    if trace.notebook:
        yield f"   stated in {trace.notebook}{f' ({made})' if made else ''}"
    yield from (f"   the same value stands in {place}" for place in trace.files if ": " in place)
    yield from (f"   its data: {place}" for place in trace.files if ": " not in place)
    step = len(trace.stated) + 1 if trace.stated else 1
    yield f"{step}  rests on"
    for dataset in trace.datasets:
        yield from _dataset_lines(dataset, everything)
    for ids in trace.ids:
        yield from _id_lines(ids, everything)
    yield from (f"BROKEN: {fault}" for fault in trace.all_faults)


def _stated_lines(number: int, stated: Stated, trace: Trace) -> Iterator[str]:
    sample = "; illustrative sample data" if stated.entry.get("sample") else ""
    yield f"{number}  {stated.slug}, {stated.kind} {stated.name}: {stated.said}{sample}"
    interval = stated.entry.get("interval")
    if interval and number == 1:
        yield f"   from {interval[0]:.6g} to {interval[1]:.6g}"
    if stated.entry.get("note") and number == 1:
        yield f"   {stated.entry['note']}"
    yield f"   {stated.page}"
    if number < len(trace.stated):
        yield "   taken from"


def _dataset_lines(dataset: TracedDataset, everything: bool) -> Iterator[str]:
    kind = "illustrative sample data" if dataset.kind == "sample" else dataset.kind
    yield f"   {dataset.name} ({kind}, {dataset.vintage}): {dataset.title}"
    for file in dataset.files:
        yield from _file_lines(file, everything)


def _file_lines(file: TracedFile, everything: bool) -> Iterator[str]:
    rows = "" if file.rows is None else f", {file.rows:,d} rows"
    yield f"     {file.path}{rows}, sha256 {file.sha256 if everything else file.sha256[:_DIGITS]}"
    for lines in file.lines:
        of = f"{lines.country} in " if lines.country else ""
        yield f"       {of}table {lines.table}: {_short(spans(lines.lines), everything, len(lines.lines))}"


def _short(text: str, everything: bool, number: int) -> str:
    if everything or len(text) <= _WIDEST:
        return f"line{'' if text.isdigit() else 's'} {text}"
    return f"{number:,d} lines, {text.split(',')[0]} ... {text.split(', ')[-1]}"


def _id_lines(ids: Ids, everything: bool) -> Iterator[str]:
    numbered = any(line for _, line in ids.names)
    where = f" (lines of data/raw/{ids.dataset}/{ids.file})" if numbered else ""
    if ids.file == _ANSWERS and not numbered:
        where = "; answer:ID leads to the line of one"
    yield f"   {ids.what}: {len(ids.names):,d}{where}"
    kept = ids.names if everything else ids.names[:8]
    for name, line in kept:
        yield f"     {name}{f', line {line}' if line else ''}"
    if len(kept) < len(ids.names):
        yield f"     and {len(ids.names) - len(kept):,d} more: --all"
