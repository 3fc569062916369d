"""Which survey tool an export comes from: told by what the files hold, never by what they are called."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import ModuleType

from helpers.data.errors import InputError
from helpers.data.survey import (
    eusurvey,
    eusurvey_xml,
    google_forms,
    limesurvey,
    microsoft_forms,
    odk,
    plain,
)
from helpers.data.survey.export import Export
from helpers.data.survey.source import ALLOWED, Source, open_source

_READERS: tuple[ModuleType, ...] = (
    eusurvey,
    eusurvey_xml,
    odk,
    limesurvey,
    microsoft_forms,
    google_forms,
    plain,
)
TOOLS = tuple(dict.fromkeys(str(reader.TOOL) for reader in _READERS))
"""Names of the tools, for ``--tool``."""


@contextmanager
def open_export(
    paths: Sequence[Path], tool: str | None = None, encoding: str | None = None
) -> Iterator[Export]:
    """Open an export for reading, and close its files in the end.

    Parameters
    ----------
    paths
        A file, or several that continue each other, in their order; or a folder of CSV files.
    tool
        One of `TOOLS`; told by the content if not given.
    encoding
        Of delimited text, if it is known.

    Yields
    ------
    Export

    Raises
    ------
    InputError
        If a file is nothing that holds answers, or the files are not of one tool.
    """
    if tool is not None and tool not in TOOLS:
        raise InputError(f"tool: found {tool[:40]!r}, allowed: {', '.join(TOOLS)}")
    with ExitStack() as resources:
        sources = [open_source(path, resources, encoding) for path in paths]
        reader = _reader(sources, tool)
        export: Export = reader.read(sources)
        yield export


def _reader(sources: list[Source], tool: str | None) -> ModuleType:
    found = {source.name: recognised(source) for source in sources}
    kinds = {reader for reader in found.values() if reader is not None}
    if odk in kinds:
        kinds -= {
            reader for source in sources if odk.recognises_repeat(source) for reader in [found[source.name]]
        }
        kinds.add(odk)
    for name, reader in found.items():
        if reader is None:
            raise InputError(f"{name}: found no table of answers, allowed: {ALLOWED}")
    if len(kinds) > 1:
        told = ", ".join(f"{name} ({reader.TOOL})" for name, reader in found.items() if reader)
        raise InputError(f"the files are not of one tool: {told}")
    reader = kinds.pop()
    if tool is not None and tool != reader.TOOL:
        if tool == plain.TOOL and all(plain.recognises(source) for source in sources):
            return plain
        raise InputError(f"{sources[0].name}: found an export of {reader.TOOL}, not of {tool}")
    return reader


def recognised(source: Source) -> ModuleType | None:
    """Return the reader of a source, ``None`` if nothing knows it."""
    return next((reader for reader in _READERS if reader.recognises(source)), None)
