"""Names that a parameter may take beside fixed values: countries, questionnaires, products and others."""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from helpers.data.project import raw_folder
from helpers.data.vintages import vintages

COUNTRY = "<country>"
QUESTIONNAIRE = "<questionnaire>"
VINTAGE = "<vintage>"
PRODUCT = "<product>"
SCENARIO = "<scenario>"
OPEN = (COUNTRY, QUESTIONNAIRE, VINTAGE, PRODUCT, SCENARIO)
"""What may stand in the comment of a parameter for all names of a kind."""
MEANINGS = {
    COUNTRY: "a Eurostat country code",
    QUESTIONNAIRE: "a questionnaire",
    VINTAGE: "a wave",
    PRODUCT: "a product or stage of the questionnaire",
    SCENARIO: "a scenario of data/raw/scenarios",
}


def names_of(option: str, countries: Sequence[str], root: Path | None) -> Sequence[str]:
    """Return the names that an option such as ``<country>`` stands for.

    Parameters
    ----------
    option
        One of `OPEN`.
    countries
        Eurostat codes.
    root
        Project folder, whose questionnaires count.

    Examples
    --------
    >>> names_of("<country>", ["AT", "BE"], None)
    ['AT', 'BE']
    """
    if option == COUNTRY:
        return countries
    from helpers.data.questionnaires.definition import questionnaire_names

    known = tuple(questionnaire_names(root))
    if option == QUESTIONNAIRE:
        return known
    if option == VINTAGE:
        return sorted({vintage for name in known for vintage in vintages(name, root)})
    if option == SCENARIO:
        return _scenarios(root)
    return _products(known, root)


@cache
def _products(questionnaires: tuple[str, ...], root: Path | None) -> tuple[str, ...]:
    """Return the codes of stages and products; definitions take a moment to read, so once a process."""
    from helpers.data.questionnaires.definition import load_questionnaire

    items = [item for name in questionnaires for item in load_questionnaire(name, root).items.list]
    return tuple(dict.fromkeys([*(item.stage for item in items), *(item.code for item in items)]))


def _scenarios(root: Path | None) -> tuple[str, ...]:
    """Return the names of the scenarios, in the order of their file; none in a project without it."""
    path = raw_folder(root) / "scenarios" / "scenarios.csv"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(dict.fromkeys(row["scenario"] for row in csv.DictReader(file)))
