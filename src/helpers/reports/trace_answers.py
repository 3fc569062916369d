"""The answers behind what a report on themes states, for a trace: their ids and lines, never their words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.analysis import scope as scopes
from helpers.analysis.themes import shown as themes
from helpers.analysis.themes.answers import answers_from_difficulties
from helpers.analysis.themes.codebook import codebook_from_tables
from helpers.analysis.themes.shown_chosen import no_codes
from helpers.data.coding.dataset import coded_dataset
from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.reports.coded_answers import coded_answers
from helpers.reports.contents import ReportContents
from helpers.reports.values import did_you_mean, shown
from helpers.reports.waves import Wave, find_wave

_OF_STATE = re.compile(r"themes_(named|nothing|fine|uncoded)(_share)?")
_STATE = {"named": "coded"}
_TOP = re.compile(r"(?:top|own)_(?:theme|share)(?:_(\d+))?")
_SHARE = re.compile(r"theme_share_([a-z][a-z0-9_]*)")


@dataclass(frozen=True)
class Ids:
    """Ids behind a fact, each with its line in a raw file of a dataset; line 0 where it has none there."""

    what: str
    dataset: str
    file: str
    names: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Wave:
    dataset: str
    coded_name: str
    chosen: themes.Chosen
    coded: pd.DataFrame


class ThemeAnswers:
    """Answers of the waves that reports on themes speak of, each coded once.

    Parameters
    ----------
    root
        Project folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._coded: dict[str, tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]] = {}
        self._waves: dict[tuple[str, str, str], _Wave] = {}

    def behind(self, report: ReportContents, fact: Mapping[str, Any]) -> tuple[Ids, ...]:
        """Return the answers that a fact of a report on themes speaks of.

        Of a theme, those in which the machine found it and those in which people did; a share that is held
        back has none.
        """
        wave_name = next((name for name in fact["datasets"] if "/" in name), None)
        if wave_name is None or fact["value"] is None:
            return ()
        name = str(fact["name"])
        code = self._theme(report, name)
        state = _OF_STATE.fullmatch(name)
        answers = {"themes_answers", "human_sample"}
        if code is None and state is None and name not in answers:
            return ()
        wave = self._wave(report, wave_name)
        if code is not None:
            return self._of_theme(wave, code, report if name.startswith("own_") else None)
        if name == "human_sample":
            human = wave.chosen.human
            return (_ids("answers that people coded", wave, [] if human is None else human.index),)
        table = wave.chosen.answers
        if state:
            table = table[table["state"] == _STATE.get(state[1], state[1])]
        return (_ids("answers", wave, table["answer_id"]),)

    def answer(self, report: ReportContents, name: str) -> tuple[Ids, ...]:
        """Return where one answer stands: its line among the answers, and its human and machine codes.

        Raises
        ------
        InputError
            If no wave that the report rests on has it.
        """
        known: list[str] = []
        for dataset in (entry["name"] for entry in report.manifest["datasets"] if "/" in entry["name"]):
            lines = self._lines(dataset)
            if name in lines:
                return self._of_answer(report, dataset, name, lines[name])
            known += lines
        near = did_you_mean(name, known)
        raise InputError(f"no answer that the report {report.folder.name} rests on is {shown(name)}{near}")

    def _of_answer(self, report: ReportContents, dataset: str, name: str, line: int) -> tuple[Ids, ...]:
        found = [Ids("answer", dataset, "answers.csv", ((name, line),))]
        coded_name = coded_dataset(*_parts(dataset))
        if any(entry["name"] == coded_name for entry in report.manifest["datasets"]):
            rows = read_table(coded_name, self.root)
            rows = rows[rows["answer_id"] == name]
            said = rows["coder"] + ": " + rows["themes"]
            pairs = tuple(zip(said, rows["raw_row"].astype(int), strict=True))
            found += [Ids("codes of people", coded_name, "coded.csv", pairs)] if pairs else []
        return tuple(found)

    def _theme(self, report: ReportContents, name: str) -> str | None:
        share, top = _SHARE.fullmatch(name), _TOP.fullmatch(name)
        if share:
            return share[1]
        if not top:
            return None
        label_fact = report.facts.get(re.sub("share", "theme", name))
        book = read_table("codebook_themes", self.root)
        codes = dict(zip(book["label"], book["theme"].astype("str"), strict=True))
        return codes.get(str(label_fact["value"])) if label_fact else None

    def _of_theme(self, wave: _Wave, code: str, own: ReportContents | None) -> tuple[Ids, ...]:
        machine = wave.chosen.machine
        by_machine = machine.index[machine[code].astype(bool)]
        people = wave.coded[wave.coded["themes"].str.split(";").map(lambda found: code in found)]
        people = people[people["answer_id"].isin(machine.index)]
        if own is not None:
            focus = own.manifest["parameters"]["scope"]["value"]
            inside = wave.chosen.countries[lambda countries: countries == focus].index
            by_machine = by_machine[by_machine.isin(inside)]
            people = people[people["answer_id"].isin(inside)]
        said = people["answer_id"] + " " + people["coder"]
        pairs = tuple(zip(said, people["raw_row"].astype(int), strict=True))
        found = [_ids(f"answers in which the machine found {code}", wave, by_machine)]
        if wave.coded_name:
            found += [Ids(f"answers in which people found {code}", wave.coded_name, "coded.csv", pairs)]
        return tuple(found)

    def _lines(self, dataset: str) -> dict[str, int]:
        """Return the line of each answer in the wave's answers.csv."""
        wave = _find(dataset, self.root)
        table = read_table(wave.table("difficulties"), self.root)
        names = answers_from_difficulties(table, dataset)["answer_id"]
        return dict(zip(names, table["raw_row"].astype(int), strict=True))

    def _wave(self, report: ReportContents, dataset: str) -> _Wave:
        given = {name: entry["value"] for name, entry in report.manifest["parameters"].items()}
        key = (dataset, str(given["scope"]), str(given["language"]))
        if key not in self._waves:
            self._waves[key] = self._chosen(*key)
        return self._waves[key]

    def _chosen(self, dataset: str, scope: str, language: str) -> _Wave:
        """Choose the answers as the notebook does."""
        wave = _find(dataset, self.root)
        people = read_table(wave.table("respondents"), self.root)
        countries, memberships = (read_table(name, self.root) for name in ("countries", "memberships"))
        listed = people["country"].dropna()
        group = scopes.comparison_scope(memberships, countries, scope)
        day = date.fromisoformat(wave.date)
        codes = set(scopes.scope_countries(memberships, countries, group, day, listed=listed))
        codes |= {scope} if scopes.is_country(scope) else set()
        book, answers, states, places = self._read(dataset)
        coded_name = coded_dataset(*_parts(dataset))
        there = (self.root / "data" / "raw" / coded_name).is_dir()
        coded = read_table(coded_name, self.root) if there else no_codes().assign(raw_row=0)
        chosen = themes.choose_answers(
            answers,
            states,
            places,
            people,
            codebook_from_tables(book, read_table("codebook_terms", self.root).head(0)),
            countries=sorted(codes),
            language=language,
            coded=coded if there else None,
        )
        return _Wave(dataset, coded_name if there else "", chosen, coded)

    def _read(self, dataset: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        if dataset not in self._coded:
            wave = _find(dataset, self.root)
            answers = answers_from_difficulties(read_table(wave.table("difficulties"), self.root), dataset)
            book = [read_table(f"codebook_{part}", self.root) for part in ("themes", "terms", "markers")]
            self._coded[dataset] = (book[0], answers, *coded_answers(answers, *book))
        return self._coded[dataset]


def _ids(what: str, wave: _Wave, names: "pd.Index | pd.Series | list[str]") -> Ids:
    # Two answers of one respondent share a line: a list with lines would tell that they belong together.
    return Ids(what, wave.dataset, "answers.csv", tuple((str(name), 0) for name in names))


def _find(dataset: str, root: Path) -> Wave:
    return find_wave(*_parts(dataset), root)


def _parts(dataset: str) -> tuple[str, str]:
    """Return questionnaire and vintage of a wave."""
    questionnaire, _, vintage = dataset.partition("/")
    return questionnaire, vintage
