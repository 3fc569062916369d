"""YAML that people write by hand, read without surprises."""

from pathlib import Path
from typing import Any

import yaml

from helpers.data.errors import InputError

LARGEST = 300_000  # bytes; a file written by hand is never this long


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice, which YAML readers otherwise settle in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            fault = "not a text" if not isinstance(key, yaml.ScalarNode) else "given twice"
            if fault == "not a text" or key.value in seen:
                name = f" {key.value!r}" if isinstance(key, yaml.ScalarNode) else ""
                message = f"line {key.start_mark.line + 1}: key{name} is {fault}"
                raise yaml.constructor.ConstructorError(None, None, message)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_yaml(path: Path, where: str) -> object:
    """Read a YAML file: plain data only, UTF-8, no key twice.

    Parameters
    ----------
    path
        The file.
    where
        What messages call it, a path from the project's root.

    Returns
    -------
    object
        Mappings, lists, texts, numbers, booleans, dates and None.

    Raises
    ------
    InputError
        If the file cannot be read, is not UTF-8, is too large or is not YAML; one line.
    """
    return parse_yaml(read_bytes(path, where), where)


def read_bytes(path: Path, where: str) -> bytes:
    """Return what a YAML file holds; see :func:`load_yaml`."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise InputError(f"{where}: cannot be read: {fault.strerror}") from None
    if len(data) > LARGEST:
        raise InputError(f"{where}: {len(data)} bytes, allowed: {LARGEST}")
    return data


def parse_yaml(data: bytes, where: str) -> object:
    """Return what the bytes of a YAML file say; see :func:`load_yaml`."""
    try:
        return yaml.load(data.decode("utf-8"), Loader=_StrictLoader)  # noqa: S506 - derives from SafeLoader
    except UnicodeDecodeError as fault:
        row = data[: fault.start].count(b"\n") + 1
        raise InputError(f"{where}: row {row}: not UTF-8 text") from None
    except RecursionError:
        raise InputError(f"{where}: not valid YAML: nested too deeply") from None
    except (yaml.YAMLError, ValueError) as fault:
        raise InputError(f"{where}: not valid YAML: {_one_line(fault)}") from None


def _one_line(fault: Exception) -> str:
    """Return what is wrong and where, without the parser's name for the text."""
    return " ".join(str(fault).split()).replace('in "<unicode string>", ', "at ")[:300]
