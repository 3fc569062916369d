"""One wave of a questionnaire as a notebook reads it: its dataset, its tables, its date."""

import calendar
from dataclasses import dataclass
from pathlib import Path

from helpers.data.catalog import dataset_origin
from helpers.data.errors import InputError
from helpers.data.project import processed_folder
from helpers.data.vintages import capacity_table_name, latest_vintage, vintages

LATEST = "latest"


@dataclass(frozen=True)
class Wave:
    """One wave of a questionnaire.

    Attributes
    ----------
    questionnaire, vintage
        Such as vaccine_capacity and 2021-03-sample.
    title
        Title of the questionnaire, in words.
    kinds
        Tables that the wave has: respondents, capacities and others.
    """

    questionnaire: str
    vintage: str
    title: str
    kinds: frozenset[str]

    @property
    def dataset(self) -> str:
        """Name of the dataset, for the sources of facts and figures."""
        return f"{self.questionnaire}/{self.vintage}"

    @property
    def date(self) -> str:
        """Last day of the month of the wave, ISO 8601.

        Examples
        --------
        >>> Wave("vaccine_capacity", "2021-02-sample", "Vaccines", frozenset()).date
        '2021-02-28'
        """
        year, month = (int(part) for part in self.vintage.split("-")[:2])
        return f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]}"

    @property
    def month(self) -> str:
        """Month of the wave in words.

        Examples
        --------
        >>> Wave("vaccine_capacity", "2021-02-sample", "Vaccines", frozenset()).month
        'February 2021'
        """
        return f"{calendar.month_name[int(self.vintage[5:7])]} {self.vintage[:4]}"

    def subtitle(self, countries: str) -> str:
        """Return the subtitle of a report on the answers of some countries.

        Examples
        --------
        >>> Wave("vaccine_capacity", "2021-02-sample", "Vaccines", frozenset()).subtitle("EU-27")
        'Vaccines: EU-27'
        """
        return f"{self.title}: {countries}"

    def table(self, kind: str) -> str:
        """Return the name of one of its tables, for ``run.table``."""
        return capacity_table_name(self.questionnaire, self.vintage, kind)

    def has(self, kind: str) -> bool:
        """Say whether the wave has such a table; ``frame`` is only there if the invited were recorded."""
        return kind in self.kinds


def find_wave(questionnaire: str, vintage: str, root: Path) -> Wave:
    """Return a wave; ``latest`` is the newest that was observed, or the newest sample if none was.

    Raises
    ------
    InputError
        If there is no such wave; names those that there are.
    """
    known = vintages(questionnaire, root)
    chosen = latest_vintage(questionnaire, root) if vintage == LATEST else vintage
    if chosen not in known:
        raise InputError(
            f"parameter 'vintage': given {vintage!r}; "
            f"allowed for {questionnaire}: {LATEST}, {', '.join(known)}"
        )
    title = dataset_origin(f"{questionnaire}/{chosen}", root).title.partition(": answers of")[0]
    start = capacity_table_name(questionnaire, chosen, "")
    found = processed_folder(root).glob(f"{start}*.meta.json")
    kinds = frozenset(path.name.removesuffix(".meta.json").removeprefix(start) for path in found)
    return Wave(questionnaire, chosen, title, kinds)
