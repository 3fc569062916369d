"""The definition of a questionnaire: ``data/raw/questionnaires/<name>.yml``, read and checked.

One file a questionnaire says what is asked, in which languages, and who may see the answers. What all
questionnaires ask alike stands once in ``shared.yml`` and is taken over with ``use``.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from helpers.data.country_codes import EUROSTAT_TO_ISO
from helpers.data.errors import InputError
from helpers.data.project import raw_folder
from helpers.data.questionnaires.faults import faults
from helpers.data.questionnaires.model import Questionnaire
from helpers.data.questionnaires.units import load_units
from helpers.data.strict_yaml import load_yaml

__all__ = ["Questionnaire", "load_questionnaire", "questionnaire_names", "questionnaires_folder"]

SHARED = "shared"
_EU = "AT BE BG HR CY CZ DK EE FI FR DE EL HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
_EFTA_AND_NEIGHBOURS = "IS LI NO CH UK AL BA GE MD ME MK RS TR UA XK AM"
COUNTRIES = tuple(f"{_EU} {_EFTA_AND_NEIGHBOURS}".split())
"""Eurostat codes of the built-in list ``countries``."""
_SHARED_KINDS: dict[str, type[list[Any]] | type[dict[str, Any]]] = {
    "privacy": dict,
    "sections": list,
    "questions": list,
    "fields": list,
    "phrases": dict,
    "choices": dict,
}


def questionnaires_folder(root: Path | None = None) -> Path:
    """Return ``data/raw/questionnaires``."""
    return raw_folder(root) / "questionnaires"


def questionnaire_names(root: Path | None = None) -> list[str]:
    """Return the names of the questionnaires, in alphabetical order.

    Examples
    --------
    >>> questionnaire_names()[:3]
    ['medical_supplies', 'printing_3d', 'vaccine_capacity']
    """
    paths = questionnaires_folder(root).glob("*.yml")
    return sorted(path.stem for path in paths if path.stem not in (SHARED, "origin"))


def load_questionnaire(name: str, root: Path | None = None) -> Questionnaire:
    """Read and check the definition of a questionnaire.

    Parameters
    ----------
    name
        Name of a file of ``data/raw/questionnaires``, without ``.yml``.
    root
        The project's folder.

    Returns
    -------
    Questionnaire
        Complete: shared parts, the list of countries, the units and the products are filled in.

    Raises
    ------
    InputError
        If there is no such questionnaire or its definition is faulty; one message a fault, each naming the
        file and the question.

    Examples
    --------
    >>> [stage.code for stage in load_questionnaire("vaccine_capacity").stages()][:2]
    ['raw_materials', 'active_substance']
    """
    known = questionnaire_names(root)
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"allowed: {', '.join(known) or 'none yet'}"
        raise InputError(f"data/raw/questionnaires: no questionnaire {name[:60]!r}; {hint}")
    where = f"data/raw/questionnaires/{name}.yml"
    if (raw_folder(root) / name / "origin.yml").exists():
        raise InputError(
            f"{where}: data/raw/{name} is a dataset, allowed: another name for the questionnaire"
        )
    content = _mapping(questionnaires_folder(root) / f"{name}.yml", where)
    content = _filled(content, shared_parts(root), where)
    try:
        questionnaire = Questionnaire.model_validate(content)
    except ValidationError as fault:
        raise InputError([f"{where}: {_explain(error, content)}" for error in fault.errors()]) from None
    questionnaire = _with_built_in_lists(questionnaire, where)
    problems = faults(questionnaire, name, load_units(root))
    if problems:
        raise InputError([f"{where}: {problem}" for problem in problems])
    return questionnaire


def _mapping(path: Path, where: str) -> dict[str, Any]:
    content = load_yaml(path, where)
    if not isinstance(content, dict):
        raise InputError(f"{where}: found {repr(content)[:60]}, allowed: a mapping with name, title, ...")
    return content


def shared_parts(root: Path | None = None) -> dict[str, Any]:
    """Return what ``shared.yml`` offers; nothing if there is no such file.

    Raises
    ------
    InputError
        If the file is not a mapping of lists, or of mappings where those are due.
    """
    path = questionnaires_folder(root) / f"{SHARED}.yml"
    if not path.is_file():
        return {}
    state = path.stat()
    return _shared_parts(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=8)
def _shared_parts(path: Path, _changed: int, _size: int) -> dict[str, Any]:
    """Read ``shared.yml`` once as long as it stays as it is: it is long, and YAML is slow."""
    where = f"data/raw/questionnaires/{SHARED}.yml"
    content = _mapping(path, where)
    for kind, form in _SHARED_KINDS.items():
        if not isinstance(content.get(kind, form()), form):
            word = "a list" if form is list else "a mapping"
            raise InputError(f"{where}: {kind}: found {repr(content[kind])[:60]}, allowed: {word}")
    unknown = sorted(str(kind) for kind in content if kind not in _SHARED_KINDS)
    if unknown:
        raise InputError(f"{where}: {unknown[0]}: unknown key; allowed: {', '.join(_SHARED_KINDS)}")
    return content


def _filled(content: dict[str, Any], shared: dict[str, Any], where: str) -> dict[str, Any]:
    """Return the definition with what it takes from ``shared.yml`` put in."""
    filled = dict(content)
    if "privacy" in shared:
        filled.setdefault("privacy", shared["privacy"])
    for kind in ("sections", "questions"):
        filled[kind] = _used(filled.get(kind, []), shared.get(kind, []), f"{where}: {kind}")
    items = filled.get("items")
    fields: object = []
    if isinstance(items, dict):
        fields = _used(items.get("fields", []), shared.get("fields", []), f"{where}: items.fields")
        filled["items"] = {**items, "fields": fields}
    own = filled.get("choices", {})
    if isinstance(own, dict):
        asked = [*_entries(filled["questions"]), *_entries(fields), {"choices": "units"}]
        names = [entry["choices"] for entry in asked if isinstance(entry.get("choices"), str)]
        offered = shared.get("choices", {})
        filled["choices"] = {name: offered[name] for name in names if name in offered} | own
    return filled


def _entries(value: object) -> Iterable[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _used(entries: object, offered: object, where: str) -> object:
    """Replace ``{use: code, ...}`` by the shared entry with that code, the rest of the entry on top."""
    if not isinstance(entries, list):
        return entries
    known = {entry.get("code"): entry for entry in _entries(offered)}
    filled = []
    for entry in entries:
        if isinstance(entry, dict) and "use" in entry:
            code = entry["use"]
            if not isinstance(code, str) or code not in known:
                allowed = ", ".join(str(name) for name in known) or "nothing"
                raise InputError(f"{where}: use: found {repr(code)[:60]}, {SHARED}.yml offers: {allowed}")
            entry = {**known[code], **{key: value for key, value in entry.items() if key != "use"}}
        filled.append(entry)
    return filled


def _with_built_in_lists(questionnaire: Questionnaire, where: str) -> Questionnaire:
    used = {unit for item in questionnaire.items.list for unit in item.units}
    choices = dict(questionnaire.choices)
    choices["units"] = [choice for choice in choices.get("units", []) if choice.code in used]
    plain = questionnaire.model_dump()
    plain["choices"] = {name: [choice.model_dump() for choice in listed] for name, listed in choices.items()}
    plain["choices"]["countries"] = _countries(questionnaire.languages, where)
    products = plain["items"]["list"]
    plain["choices"][questionnaire.items.code] = [
        {key: item[key] for key in ("code", "label")} for item in products
    ]
    return Questionnaire.model_validate(plain)


def _countries(languages: list[str], where: str) -> list[dict[str, Any]]:
    """Return the countries under Eurostat's codes, named as Babel's CLDR names them."""
    try:
        locales = {language: Locale(language) for language in languages}
    except (UnknownLocaleError, ValueError) as fault:
        raise InputError(f"{where}: languages: {fault}") from None
    return [
        {
            "code": code,
            "label": {
                language: locale.territories[EUROSTAT_TO_ISO.get(code, code)]
                for language, locale in locales.items()
            },
        }
        for code in COUNTRIES
    ]


def _explain(error: ErrorDetails, content: object) -> str:
    """Turn a pydantic error into one line: where, what was found, what is allowed."""
    words = []
    for part in error["loc"]:
        content = _inside(content, part)
        code = content.get("code") if isinstance(content, dict) else None
        words.append(f"{code or part + 1}" if isinstance(part, int) else str(part))
    spot = " ".join(words)
    if error["type"] == "missing":
        return f"{spot}: missing"
    if error["type"] == "extra_forbidden":
        return f"{spot}: unknown key"
    reason = error["msg"].removeprefix("Value error, ").replace("Input should be", "allowed:")
    if error["type"] == "value_error":
        return f"{spot}: {reason}"
    return f"{spot}: found {repr(error['input'])[:80]}, {reason}"


def _inside(content: object, part: int | str) -> object:
    if isinstance(content, list) and isinstance(part, int) and part < len(content):
        return content[part]
    return content.get(part) if isinstance(content, dict) else None
