"""The handle by which a notebook reads tables, states facts and publishes figures."""

import html
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import folium
import pandas as pd
from IPython.display import HTML, display

from helpers.data.errors import InputError
from helpers.data.process import read_table
from helpers.data.project import build_folder, project_root
from helpers.figures.publish import DrawingFunction, Published, publish
from helpers.figures.tables import publish_table
from helpers.reports.citing import Citing
from helpers.reports.composition import Composition
from helpers.reports.facts import (
    FACT_NAME,
    Bound,
    Fact,
    facts_listing,
    fill_html,
    fill_text,
    format_value,
    plain,
)
from helpers.reports.inputs import InputsRead
from helpers.reports.manifest import (
    heading_and_meanings,
    published_entry,
    sources_html,
)
from helpers.reports.parameters import check_parameters, notebook_parameters
from helpers.reports.waves import Wave

RUN_FOLDER_VARIABLE = "EVIDENCE_RUN_DIR"
Columns = dict[str, tuple[str, str]]


class Run(Citing):
    """One execution of a notebook: what it read, stated and drew.

    Start it with :meth:`start` in the set-up cell and end it with :meth:`facts` in the last cell, which
    writes ``facts.json`` and ``manifest.json`` for the report. Figures and tables are written at once into
    the run folder: the one that the build gave, or ``reports/build/_lab/<notebook>`` in JupyterLab.
    """

    def __init__(self, notebook: str, parameters: dict[str, object], folder: Path, root: Path) -> None:
        self.notebook = notebook
        self.parameters = parameters
        self.folder = folder
        self.root = root
        self._facts: dict[str, Fact] = {}
        self._inputs = InputsRead(root)
        self._composition = Composition(notebook, parameters, root, self._inputs)
        self._published: list[Published] = []
        self._notices: list[str] = []
        self._checks: list[str] = []
        self._answer = ""
        self._subtitle = ""

    @classmethod
    def start(cls, notebook: str, **parameters: object) -> "Run":
        """Check the parameters and open the run folder.

        Parameters
        ----------
        notebook
            Name of the notebook in ``notebooks/``, without the ending.
        **parameters
            Every parameter of the cell tagged ``parameters``, by name.

        Raises
        ------
        InputError
            If a parameter is unknown, missing, of another type or not allowed.
        """
        root = project_root()
        path = root / "notebooks" / f"{notebook}.ipynb"
        declared = [parameter.name for parameter in notebook_parameters(path)]
        missing = sorted(set(declared) - set(parameters))
        if missing:
            raise InputError(f"{path.name}: Run.start is not given the parameters {', '.join(missing)}")
        codes = read_table("countries", root)["country"].tolist()
        checked = check_parameters(path, dict(parameters), codes)
        given = os.environ.get(RUN_FOLDER_VARIABLE)
        folder = Path(given) if given else build_folder(root) / "_lab" / notebook
        folder.mkdir(parents=True, exist_ok=True)
        return cls(notebook, checked, folder, root)

    # What comes in

    def table(
        self, name: str, country: str | Sequence[str] | None = None, *, raw_row: bool = False
    ) -> pd.DataFrame:
        """Read a table of ``data/processed`` and note that the run rests on its datasets.

        With ``country``, a Eurostat code or several, only the rows of these countries are read: the report is
        built again when they change and not when other rows do. They come without ``raw_row``, since the
        line numbers of the raw file move with other countries' rows; ``raw_row=True`` keeps them.
        """
        return self._inputs.table(name, country, raw_row=raw_row)

    def wave(self, questionnaire: str, vintage: str) -> Wave:
        """Return one wave of a questionnaire: names of its tables, its dataset and date."""
        return self._inputs.wave(questionnaire, vintage)

    def waves_until(self, wave: Wave) -> list[Wave]:
        """Return the waves of a questionnaire up to one, the oldest first: made up, or observed, as it is."""
        return self._inputs.waves_until(wave)

    def has(self, dataset: str) -> bool:
        """Say whether there is a dataset that need not be; the report is built again when that changes."""
        return self._inputs.has(dataset)

    def vintages(self) -> None:
        """Show which datasets the run has read so far, of what date and kind."""
        shown = pd.DataFrame(self._inputs.entries(), columns=["name", "title", "vintage", "kind"])
        _show_html(shown.to_html(index=False, classes="vintages", border=0))

    def vintage(self, dataset: str) -> str:
        """Return what date the figures of a dataset speak of, in words."""
        return self._inputs.vintage(dataset)

    # What is stated

    def fact(
        self,
        name: str,
        value: object,
        *,
        unit: str,
        source: Sequence[str] | str,
        spec: str | None = None,
        bound: Bound | None = None,
        interval: tuple[float, float] | None = None,
        note: str = "",
    ) -> None:
        """State one fact, so that prose, captions and the policy paper can cite it.

        Parameters
        ----------
        name
            Identifier: lower case letters, digits and underscores; unique in the run.
        value
            Number or name; missing values are stated as "not available".
        unit
            Unit in words.
        source
            Names of the datasets the value rests on; the run must have read them.
        spec
            Format specification for prose, see :func:`helpers.reports.facts.format_value`.
        bound
            ``"at_least"``, ``"at_most"`` or ``"about"``.
        interval
            Lower and upper end of an estimate.
        note
            What a reader must know to use the value.

        Raises
        ------
        InputError
            If the name is malformed or taken, or a dataset was not read by this run.
        """
        datasets = (source,) if isinstance(source, str) else tuple(source)
        sample = self._inputs.any_sample(datasets, f"fact {name!r}")
        clean = plain(value)
        text = format_value(clean, spec, bound)
        self._state(Fact(name, clean, text, unit, datasets, sample, interval, bound, note))

    def _state(self, fact: Fact) -> None:
        if not FACT_NAME.fullmatch(fact.name):
            raise InputError(f"fact {fact.name!r}: a name has lower case letters, digits and underscores")
        if fact.name in self._facts:
            raise InputError(f"fact {fact.name!r} is stated twice")
        self._facts[fact.name] = fact

    def prose(self, template: str) -> None:
        """Show a paragraph whose numbers are facts: ``{fact_name}``, ``{fig:id}``, ``{table:id}``."""
        _show_html(f"<p>{fill_html(template, self._facts, 'prose')}</p>")

    def answer(self, template: str) -> None:
        """Show the answer to the notebook's question; the report puts it at the top."""
        self._answer = fill_html(template, self._facts, "answer")
        _show_html(f'<p class="answer">{self._answer}</p>')

    def subtitle(self, text: str) -> None:
        """Name what this run is about, e.g. the country; the report shows it under the title."""
        self._subtitle = text
        _show_html(f'<p class="subtitle">{html.escape(text)}</p>')

    def notice(self, text: str | None) -> None:
        """Tell the reader what is special about this selection; nothing is shown for ``None``."""
        if text:
            self._notices.append(text)
            _show_html(f'<p class="notice">{html.escape(text)}</p>')

    def check(self, claim: str, holds: bool) -> None:
        """Check a claim of the prose and show that it was checked.

        Raises
        ------
        AssertionError
            If the claim does not hold; the report then fails instead of stating it.
        """
        if not bool(holds):
            raise AssertionError(f"checked and found wrong: {claim}")
        self._checks.append(claim)
        _show_html(f'<p class="check">Checked: {html.escape(claim)}</p>')

    # What is drawn

    def figure(
        self,
        draw: DrawingFunction,
        data: pd.DataFrame,
        *,
        id: str,
        caption: str,
        alt: str,
        sources: Sequence[str],
        columns: Columns | None = None,
        interactive: folium.Map | None = None,
        note: str | None = None,
        **options: object,
    ) -> None:
        """Draw, number, write and show one figure.

        Parameters
        ----------
        draw
            Drawing function of :mod:`helpers.figures`: ``draw(data, layout, **options)``.
        data
            What is drawn; readers can download it.
        id
            Identifier for links, ``[a-z0-9-]+``.
        caption, alt
            Caption and alternative text; ``{fact_name}`` placeholders are filled.
        sources
            Names of the datasets.
        columns
            Labels and formats of the data table under the figure.
        interactive
            A map that is shown on screen in place of the picture, which stays as its static twin.
        note
            What must be said beside the source, e.g. about the boundaries of a map; shown as it is.
        **options
            Passed on to the drawing function.
        """
        published = publish(
            draw,
            data,
            id=id,
            number=self._next_number("figure"),
            caption=fill_text(caption, self._facts, f"caption of figure {id}"),
            alt=fill_text(alt, self._facts, f"alternative text of figure {id}"),
            sources=self._inputs.source_lines(sources),
            folder=self.folder,
            options=options,
            sample=self._inputs.any_sample(sources, f"figure {id}"),
            interactive=interactive,
            columns=columns,
            note=note,
        )
        self._show(published)

    def show_table(
        self,
        data: pd.DataFrame,
        *,
        id: str,
        caption: str,
        sources: Sequence[str],
        columns: Columns,
        note: str | None = None,
        highlight: str | None = None,
        workbook: bool = False,
    ) -> None:
        """Write, number and show one table; arguments as in :meth:`figure`.

        ``highlight`` marks the row of one country. With ``workbook`` readers can download it as xlsx, too.
        """
        published = publish_table(
            data,
            id=id,
            number=self._next_number("table"),
            caption=fill_text(caption, self._facts, f"caption of table {id}"),
            sources=self._inputs.source_lines(sources),
            folder=self.folder,
            columns=columns,
            note=fill_text(note, self._facts, f"note of table {id}") if note else None,
            sample=self._inputs.any_sample(sources, f"table {id}"),
            highlight=highlight,
            workbook=workbook,
        )
        self._show(published)

    # What is handed on

    def sources(self) -> None:
        """Show the datasets that the run rests on, from their ``origin.yml``."""
        _show_html(sources_html(self._inputs.entries()))

    def facts(self) -> None:
        """Write ``facts.json`` and ``manifest.json``, and list the facts for nbval to compare."""
        facts = list(self._facts.values())
        for name, content in (
            ("facts", {"facts": [fact.as_json() for fact in facts]}),
            ("manifest", self._manifest()),
        ):
            text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
            (self.folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(facts_listing(facts))

    def _manifest(self) -> dict[str, Any]:
        path = self.root / "notebooks" / f"{self.notebook}.ipynb"
        datasets = self._inputs.entries()
        return {
            "notebook": self.notebook,
            **heading_and_meanings(path, self.parameters),
            "subtitle": self._subtitle,
            "answer": self._answer,
            "notices": self._notices,
            "sample": any(entry["kind"] == "sample" for entry in datasets),
            "datasets": datasets,
            "figures": [published_entry(item) for item in self._published if item.kind == "figure"],
            "tables": [published_entry(item) for item in self._published if item.kind == "table"],
            "checks": self._checks,
            **({"composes": composes} if (composes := self._composition.entries()) else {}),
            "reads": self._inputs.reads(),
        }

    def _next_number(self, kind: str) -> int:
        return 1 + sum(item.kind == kind for item in self._published)

    def _show(self, published: Published) -> None:
        if any((item.kind, item.id) == (published.kind, published.id) for item in self._published):
            raise InputError(f"{published.kind} {published.id!r} is published twice")
        self._published.append(published)
        _show_html(published.html)


def _show_html(markup: str) -> None:
    display(HTML(markup))
