"""Which helpers a notebook uses: what it imports, what those modules import, and the data files they name."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import helpers
from helpers.data.errors import InputError
from helpers.data.files import json_sha256
from helpers.reports.incremental.memory import Memory

if TYPE_CHECKING:
    import ast

PACKAGE = Path(helpers.__file__).parent
SHOWN = "src/helpers/"
EVERY = "*"
# The functions of this module make the tables of data/processed, whose content counts by itself.
_BUILDERS = "helpers.data.tables"
_SECTION = "code"


class CodeGraph:
    """The modules of ``helpers`` and what each of them uses.

    What a module uses is read from its text: every import, also inside a function, but for those that only
    type checkers see. A data file of the package (a template, a word list) belongs to the modules beside or
    above it that name it, or its folder, in a text.

    Parameters
    ----------
    memory
        Remembers what was read from modules that have not changed.
    package
        Folder of the package; the one that runs if not given.
    """

    def __init__(self, memory: Memory, package: Path | None = None) -> None:
        self.memory = memory
        self.package = package or PACKAGE
        self.modules: dict[str, str] = {}
        self.data: list[str] = []
        for path in sorted(_files(os.fspath(self.package), "")):
            if path.endswith(".py"):
                self.modules[_module_name(path)] = path
            else:
                self.data.append(path)
        self._known = self._remembered()
        self._hashes: dict[str, str] = {}

    def closure(self, modules: Iterable[str]) -> dict[str, str]:
        """Return the files that these modules use, themselves among them.

        Parameters
        ----------
        modules
            Names; those that are not of the package are passed over, since the lock file answers for them.
            :data:`EVERY` stands for all modules of the package.

        Returns
        -------
        dict
            Path as a user of the project knows it (``src/helpers/...``) -> SHA-256.

        Raises
        ------
        InputError
            If a module is not Python; names file and line.
        """
        asked = set(modules)
        waiting = list(self.modules if EVERY in asked else asked & self.modules.keys())
        found: set[str] = set()
        files: set[str] = set()
        while waiting:
            module = waiting.pop()
            if module in found:
                continue
            found.add(module)
            uses, data = self._uses(module)
            files |= {self.modules[module], *data}
            waiting += uses
        return {SHOWN + path: self._sha256(path) for path in sorted(files)}

    def _sha256(self, path: str) -> str:
        if path not in self._hashes:
            self._hashes[path] = self.memory.sha256(f"{self.package}/{path}")
        return self._hashes[path]

    def _remembered(self) -> dict[str, Any]:
        """Return what is known of modules, as long as there are the same files of these names."""
        names = json_sha256([list(self.modules), self.data])
        if self.memory.section(_SECTION).get("names") != names:
            self.memory.note(_SECTION, "names", names)
            self.memory.note(_SECTION, "modules", {})
        known: dict[str, Any] = self.memory.section(_SECTION)["modules"]
        return known

    def _uses(self, module: str) -> tuple[list[str], list[str]]:
        path = self.modules[module]
        found = self._sha256(path)
        if self._known.get(module, [""])[0] != found:
            self._known[module] = [found, *self._read(module, path)]
            self.memory.note(_SECTION, "modules", self._known)
        _, uses, data = self._known[module]
        return uses, data

    def _read(self, module: str, path: str) -> tuple[list[str], list[str]]:
        import ast

        try:
            tree = ast.parse((self.package / path).read_text(encoding="utf-8"))
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None)
            where = SHOWN + path + (f", line {line}" if line else "")
            raise InputError(f"{where}: is not Python: {getattr(error, 'msg', error)}") from None
        nodes = tree.body if module == _BUILDERS else _walked(tree)
        names = set(_imported(nodes, module, is_package=path.endswith("__init__.py")))
        uses = sorted({parent for name in names for parent in _with_parents(name)} & self.modules.keys())
        words = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 100
        }
        return uses, sorted(self._data_of(path, words))

    def _data_of(self, path: str, words: set[str]) -> Iterator[str]:
        """Yield the data files that belong to a module with these texts in it."""
        folder = path.rpartition("/")[0]
        above = f"{folder}/" if folder else ""
        parts = {part for word in words for part in word.split("/")}
        for file in self.data:
            if file.startswith(above) and parts & set(file.removeprefix(above).split("/")):
                yield file


def _files(folder: str, inside: str) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.name.startswith(".") or entry.name in {"__pycache__", "py.typed"}:
            continue
        if entry.is_dir():
            yield from _files(entry.path, f"{inside}{entry.name}/")
        elif not entry.name.endswith((".pyc", ".so")):
            yield inside + entry.name


def _module_name(path: str) -> str:
    """Return the name of a module by its path in the package.

    Examples
    --------
    >>> _module_name("figures/charts/__init__.py"), _module_name("figures/style.py")
    ('helpers.figures.charts', 'helpers.figures.style')
    """
    parts = path.removesuffix(".py").split("/")
    return ".".join(["helpers", *(parts[:-1] if parts[-1] == "__init__" else parts)])


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def _walked(tree: "ast.AST") -> "Iterator[ast.AST]":
    """Yield all nodes but those that only type checkers see."""
    import ast

    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If):
            name = getattr(node.test, "id", None) or getattr(node.test, "attr", None)
            if name == "TYPE_CHECKING":
                waiting += node.orelse
                continue
        yield node
        waiting += ast.iter_child_nodes(node)


def _imported(nodes: "Iterable[ast.AST]", module: str, *, is_package: bool) -> Iterator[str]:
    """Yield the names that imports name; what follows ``from`` may be a module or something in it."""
    import ast

    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                kept = parts[: len(parts) - node.level + is_package]
                base = ".".join([*kept, *([base] if base else [])])
            yield from (base, *(f"{base}.{alias.name}" for alias in node.names))


def notebook_code(cells: Iterable[dict[str, Any]]) -> tuple[list[str], list[str]]:
    """Return what a notebook imports, and the texts in its code that may be names of tables.

    Parameters
    ----------
    cells
        As from :func:`helpers.reports.parameters.read_cells`.

    Returns
    -------
    tuple of (list of str, list of str)
        Names of modules; for a cell that is not plain Python, :data:`EVERY`. Texts.
    """
    import ast

    names: set[str] = set()
    texts: set[str] = set()
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        plain = re.sub(r"^\s*[%!].*$", "", cell["source"], flags=re.M)
        try:
            tree = ast.parse(plain)
        except (SyntaxError, ValueError):
            names.add(EVERY)
            continue
        names |= set(_imported(ast.walk(tree), "", is_package=False))
        constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        texts |= {text for text in constants if isinstance(text, str) and re.fullmatch(r"[a-z]\w*", text)}
    return sorted(names), sorted(texts)
