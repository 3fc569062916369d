"""The parameters cell of a notebook: read it, and check what is given against it.

The cell tagged ``parameters`` is the single truth. Each line declares one parameter::

    scope: str = "EU27"  # countries the report is about; allowed: EU27 | COSME | ENI | ALL | <country>
    as_of: str = "2026-07-31"  # what was known on this day; allowed: 2015-01-01..2030-12-31
    share: float = 0.1  # share of duplicates assumed; allowed: 0.0..0.5

A comment may go on in comment lines of its own right below.
"""

import ast
import io
import json
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.errors import InputError
from helpers.reports.parameter_names import COUNTRY, MEANINGS, OPEN, names_of
from helpers.reports.values import ISO_DATE, ISO_MONTH, TYPES, Value, coerced, did_you_mean, shown

# Codes that readers know from elsewhere; the project uses Eurostat's.


@dataclass(frozen=True)
class Parameter:
    """One declared parameter.

    Attributes
    ----------
    name
        Python identifier.
    type
        ``str``, ``int``, ``float``, ``bool`` or ``date`` (ISO text that is a date).
    default
        Value of the committed notebook.
    meaning
        What it means, in words.
    allowed
        Options as written: values, ``low..high`` ranges (both ends included), ``<country>`` and the like.
    root
        Project folder, for the names of questionnaires.
    """

    name: str
    type: str
    default: Value
    meaning: str
    allowed: tuple[str, ...]
    root: Path | None = None

    def checked(self, given: object, countries: Sequence[str]) -> Value:
        """Return ``given`` in the declared type, if it is allowed.

        Raises
        ------
        InputError
            Naming the parameter, what was given and what is allowed.
        """
        try:
            value = coerced(given, self.type)
        except ValueError:
            self._refuse(given, countries)
        if not any(self._fits(value, option, countries) for option in self.allowed):
            self._refuse(given, countries)
        return value

    def _fits(self, value: Value, option: str, countries: Sequence[str]) -> bool:
        if option in OPEN:
            return value in names_of(option, countries, self.root)
        if self.type != "str" and ".." in option:
            low, high = (coerced(end, self.type) for end in option.split("..", 1))
            return low <= value <= high  # type: ignore[operator]  # all three are of the one declared type
        return value == coerced(option, self.type)

    def _refuse(self, given: object, countries: Sequence[str]) -> NoReturn:
        raise InputError(
            f"parameter {self.name!r} ({self.type}): given {shown(given)}; "
            f"allowed: {self._allowed_text(countries)}{self._hint(given, countries)}"
        )

    def _allowed_text(self, countries: Sequence[str]) -> str:
        return " | ".join(
            f"{MEANINGS[option]} ({', '.join(names_of(option, countries, self.root))})"
            if option in OPEN
            else option
            for option in self.allowed
        )

    def _hint(self, given: object, countries: Sequence[str]) -> str:
        text = str(given).strip()[:80] if isinstance(given, str) else ""
        known = [option for option in self.allowed if option not in OPEN and ".." not in option]
        for option in OPEN:
            known += names_of(option, countries, self.root) if option in self.allowed else []
        if COUNTRY in self.allowed:
            code = ISO_TO_EUROSTAT.get(text.upper())
            if code in countries:
                return f"; Eurostat's code for {text.upper()} is {code}"
        return did_you_mean(text, known)


def notebook_parameters(path: Path) -> list[Parameter]:
    """Read the parameters that a notebook declares, in their order.

    Parameters
    ----------
    path
        The notebook.

    Returns
    -------
    list of Parameter
        Empty if no cell is tagged ``parameters``.

    Raises
    ------
    InputError
        If the notebook cannot be read, has two such cells, or a line of the cell is malformed; names the
        notebook, the cell and the line.
    """
    cells = read_cells(path)
    tagged = [n for n, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", [])]
    if not tagged:
        return []
    if len(tagged) > 1:
        numbers = ", ".join(str(number + 1) for number in tagged)
        raise InputError(f"{path.name}: cells {numbers} are all tagged 'parameters'; one is allowed")
    where = f"{path.name}: cell {tagged[0] + 1} (parameters)"
    root = path.resolve().parent.parent
    return [replace(parameter, root=root) for parameter in _parse(cells[tagged[0]]["source"], where)]


def read_cells(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook as they stand in its file.

    Raises
    ------
    InputError
        If the file is missing or is no notebook.
    """
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [{**cell, "source": "".join(cell["source"]), "metadata": cell["metadata"]} for cell in cells]
    except OSError as error:
        raise InputError(f"{path.name}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path.name}: is not a notebook in format 4") from error


def _parse(source: str, where: str) -> list[Parameter]:
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise InputError(f"{where}, line {error.lineno}: {error.msg}") from error
    comments = _comments(source)
    found: list[Parameter] = []
    for statement in statements:
        parameter = _declaration(statement, comments, f"{where}, line {statement.lineno}")
        if parameter.name in {earlier.name for earlier in found}:
            raise InputError(f"{where}, line {statement.lineno}: {parameter.name!r} is declared twice")
        found.append(parameter)
    return found


def _comments(source: str) -> dict[int, tuple[str, bool]]:
    """Return the comments by line, and whether the comment has the line for itself."""
    return {
        token.start[0]: (token.string.lstrip("# "), token.line.lstrip().startswith("#"))
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }


def _declaration(statement: ast.stmt, comments: dict[int, tuple[str, bool]], where: str) -> Parameter:
    if not (isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)):
        raise InputError(f"{where}: write 'name: type = value  # meaning; allowed: ...' and nothing else")
    name, kind = statement.target.id, _annotation(statement.annotation)
    if kind not in TYPES:
        raise InputError(f"{where}: type {kind or '?'} of {name!r}; allowed: {', '.join(TYPES)}")
    meaning, options = _comment(statement.end_lineno or statement.lineno, comments, f"{where}: {name!r}")
    # A date or month is text in Python, so the range tells that the text has to be one.
    for dated, pattern in (("date", ISO_DATE), ("month", ISO_MONTH)):
        if kind == "str" and options and all(pattern.fullmatch(option.split("..")[0]) for option in options):
            kind = dated
    _check_options(options, kind, f"{where}: {name!r}")
    default = _default(statement.value, kind, f"{where}: {name!r}")
    return Parameter(name, kind, default, meaning, options)


def _default(node: ast.expr | None, kind: str, where: str) -> Value:
    try:
        literal = ast.literal_eval(node) if node else None
        if isinstance(literal, str) and kind not in ("str", "date", "month"):
            raise ValueError(literal)
        return coerced(literal, kind)
    except (ValueError, TypeError) as error:
        raise InputError(f"{where} needs a literal value of type {kind}") from error


def _annotation(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _comment(line: int, comments: dict[int, tuple[str, bool]], where: str) -> tuple[str, tuple[str, ...]]:
    parts = [comments.get(line, ("", False))[0]]
    while comments.get(line := line + 1, ("", False))[1]:
        parts.append(comments[line][0])
    meaning, found, allowed = " ".join(parts).rpartition("; allowed:")
    options = tuple(option.strip() for option in allowed.split("|"))
    if not found or not meaning.strip() or "" in options:
        raise InputError(f"{where} needs a comment '# meaning; allowed: A | B' (ranges: low..high)")
    return meaning.strip(), options


def _check_options(options: Sequence[str], kind: str, where: str) -> None:
    for option in options:
        if option in OPEN and kind == "str":
            continue
        ends = option.split("..", 1) if kind != "str" else [option]
        try:
            values = [coerced(end, kind) for end in ends]
        except ValueError as error:
            raise InputError(f"{where}: the allowed {option!r} is not of type {kind}") from error
        if len(values) == 2 and values[0] > values[1]:  # type: ignore[operator]
            raise InputError(f"{where}: the allowed range {option!r} is empty")


def check_parameters(path: Path, given: dict[str, object], countries: list[str]) -> dict[str, object]:
    """Check given parameters against a notebook and complete them with its defaults.

    Parameters
    ----------
    path
        The notebook.
    given
        Values by name; text (from the command line, from portfolio.yml) is coerced to the declared type.
    countries
        Eurostat codes that ``<country>`` stands for.

    Returns
    -------
    dict
        All parameters of the notebook in their declared order and type; dates as ISO text.

    Raises
    ------
    InputError
        Naming the notebook and, one a line, each unknown name and each value that is not allowed.
    """
    declared = notebook_parameters(path)
    names = [parameter.name for parameter in declared]
    problems = [
        f"{path.name}: has no parameter {shown(name)}{did_you_mean(name, names)}; it has: {', '.join(names)}"
        for name in given
        if name not in names
    ]
    values: dict[str, object] = {}
    for parameter in declared:
        try:
            values[parameter.name] = parameter.checked(
                given.get(parameter.name, parameter.default), countries
            )
        except InputError as error:
            problems.append(f"{path.name}: {error}")
    if problems:
        raise InputError(problems)
    return values
