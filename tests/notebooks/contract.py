"""The notebook contract as a list of faults: an empty list means that a notebook keeps it."""

import ast
import re
from pathlib import Path

import nbformat

from helpers.data.errors import InputError
from helpers.reports.facts import refuse_loose_numbers
from helpers.reports.manifest import notebook_heading
from helpers.reports.parameters import notebook_parameters

LONGEST_CELL_LINES = 16
MOST_ANSWER_SENTENCES = 3
UNNUMBERED = {"Set-up", "Caveats and assumptions", "Sources", "Facts"}
SHOWS = {"figure", "show_table", "cite_figure", "cite_table"}
# What readers see. Templates must be plain strings; other texts may also come from a helper.
TEMPLATE_CALLS = {"prose", "answer"}
TEXT_CALLS = {"notice", "subtitle", "check"}
TEMPLATE_ARGUMENTS = {"caption", "alt"}
TEXT_ARGUMENTS = {"note"}
FORBIDDEN_NODES = {
    ast.FunctionDef: "defines a function",
    ast.AsyncFunctionDef: "defines a function",
    ast.ClassDef: "defines a class",
    ast.Try: "catches errors",
    ast.TryStar: "catches errors",
    ast.Lambda: "defines a function (lambda)",
    ast.With: "opens something (with)",
    ast.AsyncWith: "opens something (with)",
}
FORBIDDEN_WORDS = {
    r"import \*": "imports *",
    r"warnings": "touches warnings",
    r"\b(seterr|errstate|contextlib|suppress)\b": "silences errors",
    r"data/raw|data/processed|\b(raw|processed)_folder\b": "reads data/raw",
    r"\bread_(?!only)[a-z]\w*|\b(loadtxt|genfromtxt|ExcelFile)\b": "reads data other than by run.table",
    r"savefig|to_csv|to_excel|to_parquet|\bopen\(": "writes or opens files",
    r"#[0-9a-fA-F]{6}\b": "hard-codes a colour",
    r"[\"'](/|[A-Za-z]:\\)": "has an absolute path",
    r"\b(requests|urllib|httpx|socket|http\.client)\b": "uses the network",
    r"PYTEST|sys\.modules|EVIDENCE_|\benviron\b|\bgetenv\b": "branches on the environment",
    r"^\s*[!%]": "runs a shell command or magic",
}
FORBIDDEN_IMPORTS = {"os", "sys", "pathlib", "subprocess", "importlib", "builtins"}
_COLOUR = re.compile(r"(\w+_)?(face|edge|line)?colou?rs?|cmap|palette")
Constants = dict[str, list[ast.expr]]


def faults(path: Path) -> list[str]:
    """Return what in the notebook breaks the contract, one message a fault."""
    notebook = nbformat.read(path, as_version=4)
    cells = notebook.cells
    found = [*_heading(path), *_parameters(path, cells), *_last_cell(cells), *_sections(cells)]
    for number, cell in enumerate(cells, start=1):
        check = _code_cell if cell.cell_type == "code" else _markdown_cell
        found += [f"cell {number}: {fault}" for fault in check(cell)]
    found += _templates(cells)
    for tag in ("parameters", "answer"):
        if sum(_has_tag(cell, tag) for cell in cells) != 1:
            found.append(f"there must be one cell tagged {tag}")
    return found


def _has_tag(cell: nbformat.NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _heading(path: Path) -> list[str]:
    try:
        _, question = notebook_heading(path)
    except InputError as error:
        return [str(error)]
    return [] if question.endswith("?") else ["the sentence under the title must be the question"]


def _parameters(path: Path, cells: list[nbformat.NotebookNode]) -> list[str]:
    try:
        names = [parameter.name for parameter in notebook_parameters(path)]
    except InputError as error:
        return [str(error)]
    trees = [_tree(c) for c in cells if c.cell_type == "code" and not _has_tag(c, "parameters")]
    starts = [call for tree in trees for call in _calls(tree) if ast.unparse(call.func) == "Run.start"]
    given = {k.arg for call in starts for k in call.keywords if k.arg and ast.unparse(k.value) == k.arg}
    in_start = {id(node) for call in starts for node in ast.walk(call)}
    used = {
        node.id
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in in_start
    }
    used |= {n for n in names if any(f"run.parameters['{n}']" in ast.unparse(tree) for tree in trees)}
    return [f"parameter {n} is not handed to Run.start" for n in names if n not in given] + [
        f"parameter {n} is declared and never used" for n in names if n not in used
    ]


def _tree(cell: nbformat.NotebookNode) -> ast.Module:
    """Parse a code cell; one that Python cannot read is empty here, and a fault of its own."""
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.Module(body=[], type_ignores=[])


def _calls(tree: ast.AST) -> list[ast.Call]:
    """Return the calls in the order in which they are written."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _method(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _code_cell(cell: nbformat.NotebookNode) -> list[str]:
    found = []
    lines = cell.source.count("\n") + 1
    if lines > LONGEST_CELL_LINES:
        found.append(f"has {lines} lines, at most {LONGEST_CELL_LINES} are allowed")
    for pattern, fault in FORBIDDEN_WORDS.items():
        if re.search(pattern, cell.source, re.M):
            found.append(fault)
    try:
        ast.parse(cell.source)
    except SyntaxError:
        found.append("is not plain Python")
    for node in ast.walk(_tree(cell)):
        found += [fault for kind, fault in FORBIDDEN_NODES.items() if isinstance(node, kind)]
        found += [*_imports(node), *_colour_names(node)]
    if (cell.outputs or cell.execution_count) and not _has_tag(cell, "facts"):
        found.append("holds outputs; only the facts cell may")
    return found


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        modules = [node.module or ""]
    else:
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    return [f"imports {name}" for name in modules if name.split(".")[0] in FORBIDDEN_IMPORTS]


def _colour_names(node: ast.AST) -> list[str]:
    """Colours belong to helpers.figures.style: no keyword or option may hand one over."""
    names = [node.arg or ""] if isinstance(node, ast.keyword) else []
    if isinstance(node, ast.Dict):
        names = [str(key.value) for key in node.keys if isinstance(key, ast.Constant)]
    return [f"hands over a colour ({name})" for name in names if _COLOUR.fullmatch(name)]


def _markdown_cell(cell: nbformat.NotebookNode) -> list[str]:
    markup = ["holds HTML"] if re.search(r"<[a-zA-Z!/]", cell.source) else []
    return [*_loose_numbers(cell.source, "prose"), *markup]


def _last_cell(cells: list[nbformat.NotebookNode]) -> list[str]:
    last = cells[-1]
    found = []
    if not (_has_tag(last, "facts") and _has_tag(last, "nbval-check-output")):
        found.append("the last cell must be tagged facts and nbval-check-output")
    if last.source.strip() != "run.facts()":
        found.append("the last cell must be run.facts() and nothing else")
    if last.cell_type == "code" and not last.outputs:
        found.append("the facts cell must keep its output, or nbval has nothing to compare")
    if not any("run.sources()" in cell.source for cell in cells):
        found.append("the sources must be shown with run.sources()")
    return found


def _sections(cells: list[nbformat.NotebookNode]) -> list[str]:
    """Each numbered section: why it matters, then a picture or table, then prose, then a check."""
    sections: dict[str, list[str]] = {}
    name = ""
    for cell in cells:
        heading = re.match(r"## (.+)", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            name = heading.group(1).strip()
            told = [line for line in cell.source.splitlines() if line.strip() and line[0] != "#"]
            sections[name] = ["why"] if told else []
        elif name and cell.cell_type == "code":
            sections[name] += [_method(call) for call in _calls(_tree(cell))]
    found = [f"the section {n!r} is missing" for n in sorted(UNNUMBERED - set(sections))]
    for name, parts in sections.items():
        if name not in UNNUMBERED or SHOWS & set(parts):
            found += [f"section {name!r}: {fault}" for fault in _order(parts)]
    return found


def _order(parts: list[str]) -> list[str]:
    if "why" not in parts:
        return ["says under its heading why it matters: missing"]
    shown = [i for i, part in enumerate(parts) if part in SHOWS]
    told = [i for i, part in enumerate(parts) if part == "prose"]
    checked = [i for i, part in enumerate(parts) if part == "check"]
    if not shown or not told or not checked:
        return ["needs a figure or table, prose and a check"]
    if not (shown[0] < told[0] and told[-1] < checked[-1]):
        return ["order must be: figure or table, then prose, then check"]
    if shown[-1] > told[-1]:
        return ["shows a figure or table after its last prose: no prose speaks of it"]
    return []


def _templates(cells: list[nbformat.NotebookNode]) -> list[str]:
    """Texts that readers see state no number that is not a fact, and the answer is short."""
    constants: Constants = {}
    trees = {n: _tree(c) for n, c in enumerate(cells, start=1) if c.cell_type == "code"}
    for node in (node for tree in trees.values() for node in ast.walk(tree)):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                constants.setdefault(ast.unparse(target), []).append(node.value)
    return [
        f"cell {number}: {fault}"
        for number, tree in trees.items()
        for call in _calls(tree)
        for fault in _call_texts(call, constants)
    ]


def _call_texts(call: ast.Call, constants: Constants) -> list[str]:
    found = []
    method = _method(call)
    shown = [(k.arg or "", k.value) for k in call.keywords if k.arg in TEMPLATE_ARGUMENTS | TEXT_ARGUMENTS]
    if method in TEMPLATE_CALLS | TEXT_CALLS:
        named = [k.value for k in call.keywords if k.arg in {"template", "text", "claim"}]
        shown += [(method, argument) for argument in [*call.args[:1], *named]]
    for where, node in shown:
        texts = _texts(node, constants, where in TEMPLATE_CALLS | TEMPLATE_ARGUMENTS)
        if texts is None:
            found.append(f"{where} is not a plain template: {ast.unparse(node)[:60]}")
        for text in texts or []:
            found += _loose_numbers(text, where)
            if where == "answer" and _sentences(text) > MOST_ANSWER_SENTENCES:
                found.append(f"the answer has more than {MOST_ANSWER_SENTENCES} sentences: {text[:40]}...")
    return found


def _texts(node: ast.expr, constants: Constants, strict: bool) -> list[str] | None:
    """Return every text that the expression can give; ``None`` if that cannot be read off the notebook.

    Where not strict, what a helper returns is left to the helper's own tests.
    """
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else [] if node.value is None else None
    parts: list[list[str] | None] = []
    if isinstance(node, ast.IfExp):
        parts = [_texts(branch, constants, strict) for branch in (node.body, node.orelse)]
    elif isinstance(node, ast.Name) and node.id in constants:
        rest = {name: values for name, values in constants.items() if name != node.id}
        parts = [_texts(value, rest, strict) for value in constants[node.id]]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = (_texts(side, constants, strict) for side in (node.left, node.right))
        return None if left is None or right is None else [a + b for a in left for b in right]
    elif isinstance(node, ast.Call) and not strict:
        return None if _method(node) in {"format", "join"} else []
    if not parts or any(part is None for part in parts):
        return None
    return [text for part in parts for text in part or []]


def _loose_numbers(text: str, where: str) -> list[str]:
    try:
        refuse_loose_numbers(text, where)
    except InputError as error:
        return [str(error)]
    return []


def _sentences(text: str) -> int:
    """Count sentences; an unfinished one at the end is one, too."""
    return sum(bool(part.strip(" *")) for part in re.split(r"[.!?]+[)\"'”*]*(?:\s+|$)", text))
