"""What a built report holds for another one to cite, and what tells whether a part of it has changed."""

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from helpers.data.errors import InputError
from helpers.data.files import json_sha256
from helpers.reports.staging import SUCCESS, read_json

ABOUT, DATASETS, FACTS, FIGURES, TABLES = "about", "datasets", "facts", "figures", "tables"
_ABOUT = ("title", "subtitle", "question", "answer", "notices", "sample", "parameters")
_ELEMENT = re.compile(r'\s*<(?:figure id="fig|div id="table)-([a-z0-9-]+)"')


class ReportContents:
    """The folder of one built report; nothing of it is read before it is asked for.

    A part has a name: ``about`` (title, answer and the like), ``datasets``, ``facts``, ``figures``,
    ``tables`` (all of them), or ``fact:<name>``, ``figure:<id>``, ``table:<id>``.

    Parameters
    ----------
    folder
        Folder of the report; whoever asks has seen to it that it is complete.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What the report says of itself.

        Raises
        ------
        InputError
            If it is no JSON object, or lacks what every manifest has.
        """
        content = read_json(self.folder / "manifest.json")
        lists = ("datasets", "figures", "tables")
        if not isinstance(content, dict) or not all(isinstance(content.get(name), list) for name in lists):
            raise InputError(f"{self.folder.name}/manifest.json: is not the manifest of a report")
        return content

    @cached_property
    def facts(self) -> dict[str, dict[str, Any]]:
        """The facts by name, as they stand in ``facts.json``."""
        content = read_json(self.folder / "facts.json")
        if not isinstance(content, dict) or not isinstance(content.get("facts"), list):
            raise InputError(f"{self.folder.name}/facts.json: does not hold the facts of a report")
        return {str(fact["name"]): fact for fact in content["facts"]}

    @cached_property
    def figures(self) -> dict[str, dict[str, Any]]:
        """The figures by id, as they stand in ``manifest.json``."""
        return {str(entry["id"]): entry for entry in self.manifest["figures"]}

    @cached_property
    def tables(self) -> dict[str, dict[str, Any]]:
        """The tables by id, as they stand in ``manifest.json``."""
        return {str(entry["id"]): entry for entry in self.manifest["tables"]}

    @cached_property
    def _marked(self) -> Mapping[str, str]:
        marked = read_json(self.folder / SUCCESS)
        return marked if isinstance(marked, dict) else {}

    @cached_property
    def _elements(self) -> dict[str, str]:
        """The elements that show the figures, from the outputs of the executed notebook."""
        notebook = read_json(self.folder / "notebook.ipynb")
        found: dict[str, str] = {}
        for cell in notebook["cells"] if isinstance(notebook, dict) else ():
            for output in cell.get("outputs", ()):
                shown = output.get("data", {}).get("text/html", "")
                text = "".join(shown) if isinstance(shown, list) else str(shown)
                start = _ELEMENT.match(text)
                if start and text.lstrip().startswith("<figure"):
                    found[start[1]] = text.strip()
        return found

    def element(self, figure: str) -> str:
        """Return the element that shows a figure.

        Raises
        ------
        InputError
            If the executed notebook does not hold it.
        """
        if figure not in self._elements:
            raise InputError(f"{self.folder.name}/notebook.ipynb: does not show the figure {figure!r}")
        return self._elements[figure]

    def file(self, entry: Mapping[str, Any], ending: str) -> Path:
        """Return the file of a figure or table that has this ending.

        Raises
        ------
        InputError
            If there is none, or the manifest leads out of the folder, or to what the run did not leave.
        """
        names = [str(name) for name in entry.get("files", ()) if str(name).endswith(ending)]
        where = f"{self.folder.name}/manifest.json: {entry.get('id')!r}"
        if not names:
            raise InputError(f"{where}: has no file that ends in {ending}")
        path = self.folder / names[0]
        inside = path.resolve().is_relative_to(self.folder.resolve())
        if not inside or path.is_symlink() or names[0] not in self._marked or not path.is_file():
            raise InputError(f"{where}: names a file {names[0][:80]!r} that is none of the report's own")
        return path

    def part_id(self, part: str) -> str | None:
        """Return what identifies the content of a part; ``None`` if the report has no such part."""
        kind, _, name = part.partition(":")
        if kind == ABOUT:
            return json_sha256([self.manifest.get(key) for key in _ABOUT])
        if part in (DATASETS, FIGURES, TABLES):
            return json_sha256(self.manifest[part])
        if part == FACTS:
            return json_sha256(list(self.facts.values()))
        known = {"fact": self.facts, "figure": self.figures, "table": self.tables}.get(kind, {})
        if name not in known:
            return None
        more = self._elements.get(name) if kind == "figure" else None
        files = [self._marked.get(str(path)) for path in known[name].get("files", ())]
        return json_sha256([known[name], more, files])


def part_words(slug: str, part: str) -> str:
    """Say in words which part of a report changed.

    Examples
    --------
    >>> part_words("counts-at", "fact:total"), part_words("counts-at", "datasets")
    ('counts-at: fact total changed', 'counts-at: datasets changed')
    """
    kind, _, name = part.partition(":")
    if kind == ABOUT:
        return f"{slug}: what it says of itself changed"
    return f"{slug}: {kind} {name} changed" if name else f"{slug}: {kind} changed"
