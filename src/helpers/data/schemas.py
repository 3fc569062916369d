"""What every processed table holds: columns, types, allowed values and their meaning.

A schema is strict: a column too many or too few, a wrong type or a value out of range stops processing.
"""

import pandera.pandas as pa

from helpers.data.schema_columns import (
    country_column,
    day_column,
    number_column,
    raw_row_column,
    table_schema,
    text_column,
    whole_column,
)

PROGRAMMES = ("EU", "EFTA", "COSME", "ENI")
QUALIFIERS = ("exact", "at_least", "about")
PRECISIONS = ("day", "month", "quarter", "half_year", "year")
SEAT_STATUS = ("placed", "placed, region unknown", "not placed")


def _linked_columns(meaning: str, *, relation: bool = False) -> dict[str, pa.Column]:
    """Return the columns of a table whose rows point to a record of the timeline."""
    allowed = ("disagrees", "other_scope")
    relations = {"relation": text_column("disagrees, or counts another scope", allowed=allowed)}
    return {
        "raw_row": raw_row_column(),
        "timeline_row": whole_column(f"{meaning}: its raw_row in the timeline", 2),
        **(relations if relation else {}),
        "indicator": text_column("What is counted", pattern="^[a-z0-9_]+$"),
        "qualifier": text_column("exact, at_least ('more than') or about", allowed=QUALIFIERS),
        "value": number_column("The figure as stated", 0),
        "unit": text_column("What one unit is"),
        "scope": text_column("What the figure covers, in the source's words"),
        "source": text_column("Where it was stated"),
    }


_REFERENCE = [
    table_schema(
        "countries",
        "Countries that any dataset or programme list mentions",
        {
            "country": country_column(unique=True),
            "iso2": text_column(
                "ISO 3166-1 two-letter code; XK is a user-assigned code", pattern="^[A-Z]{2}$", unique=True
            ),
            "iso3": text_column(
                "ISO 3166-1 three-letter code; XKX is user-assigned", pattern="^[A-Z]{3}$", unique=True
            ),
            "name": text_column("English name", unique=True),
            "footnote": text_column(
                "What the use of the name does not imply, to be shown with it", missing=True
            ),
        },
    ),
    table_schema(
        "memberships",
        "From when until when a country belongs to the EU, EFTA, COSME or the ENI",
        {
            "country": country_column(),
            "programme": text_column("Union or programme", allowed=PROGRAMMES),
            "valid_from": day_column("First day of membership or participation"),
            "valid_to": day_column("Last day; missing while it goes on", missing=True),
            "note": text_column("What is special about it", missing=True),
        },
        unique=["country", "programme", "valid_from"],
        checks=[
            pa.Check(
                lambda table: table["valid_to"].isna() | (table["valid_to"] >= table["valid_from"]),
                error="valid_to lies before valid_from",
            )
        ],
    ),
    table_schema(
        "population",
        "Inhabitants by country and year",
        {
            "country": country_column(),
            "year": whole_column("Year", 1950, 2100),
            "population": whole_column("Inhabitants", 1),
            "raw_row": raw_row_column(),
        },
        unique=["country", "year"],
    ),
    table_schema(
        "gdp",
        "Gross domestic product by country and year, current US dollars",
        {
            "country": country_column(),
            "year": whole_column("Year", 1950, 2100),
            "gdp_usd": number_column("Gross domestic product, current US dollars", 1.0),
            "raw_row": raw_row_column(),
        },
        unique=["country", "year"],
    ),
    table_schema(
        "industrial_ecosystems",
        "The 14 industrial ecosystems of the EU industrial strategy",
        {
            "number": whole_column("Number in the official list", 1, 14, unique=True),
            "ecosystem": text_column("Official name", unique=True),
            "ecosystem_id": text_column("Short identifier", pattern="^[a-z][a-z0-9-]*$", unique=True),
        },
    ),
    table_schema(
        "nuts2_regions",
        "NUTS-2 regions of the EU and statistical regions of level 2 elsewhere, version 2024",
        {
            "nuts2": text_column("NUTS-2 code, version 2024", pattern=r"^[A-Z]{2}[0-9A-Z]{2}$", unique=True),
            "country": country_column(),
            "region": text_column("Name of the region, in its own language"),
        },
        checks=[
            pa.Check(
                lambda table: table["nuts2"].str[:2] == table["country"],
                error="the region's code does not begin with its country",
            )
        ],
    ),
    table_schema(
        "region_centres",
        "Centre of each NUTS-2 region: the mean of its towns, weighted by population",
        {
            "nuts2": text_column("NUTS-2 code, version 2024", pattern=r"^[A-Z]{2}[0-9A-Z]{2}$", unique=True),
            "country": country_column(),
            "latitude": number_column("Degrees north", -90, 90),
            "longitude": number_column("Degrees east", -180, 180),
        },
    ),
    table_schema(
        "country_shapes",
        "Land areas of countries for maps: one row a country and a part of the map",
        {
            "country": text_column(
                "Eurostat code; an ISO or Natural Earth code for territories outside", pattern="^[A-Z]{2,3}$"
            ),
            "part": text_column(
                '"main", "main_coarse", the name of an inset, or "lonlat"', pattern="^[a-z_]+$"
            ),
            "geometry": pa.Column(
                "object",
                pa.Check(lambda cells: cells.map(lambda cell: isinstance(cell, bytes))),
                description="Well-known binary; metres of the part's CRS, or degrees for lonlat",
            ),
        },
        unique=["country", "part"],
    ),
]

_CLUSTERS = [
    table_schema(
        "cluster_organisations",
        "Registered cluster organisations by country",
        {
            "country": country_column(unique=True),
            "organisations": whole_column("Registered cluster organisations", 0),
            "raw_row": raw_row_column(),
        },
    ),
    table_schema(
        "cluster_seats",
        "Seats of cluster organisations: the entry as listed, the town and the region it stands for",
        {
            "seat_id": whole_column("Number of the seat: its line in the raw file", 2, unique=True),
            "country": country_column(),
            "seat_as_listed": text_column(
                "The entry as the organisation wrote it; may be empty", missing=True
            ),
            "place": text_column(
                "Town it stands for, name as in GeoNames; missing if not placed", missing=True
            ),
            "latitude": number_column("Latitude of the town, degrees, WGS 84", -90, 90, missing=True),
            "longitude": number_column("Longitude of the town, degrees, WGS 84", -180, 180, missing=True),
            "nuts2": text_column(
                "NUTS-2 region, version 2024", pattern=r"^[A-Z]{2}[0-9A-Z]{2}$", missing=True
            ),
            "region": text_column("Name of the NUTS-2 region", missing=True),
            "status": text_column("How far the seat could be placed", allowed=SEAT_STATUS),
            "reason": text_column("The rule by which it was placed, or why it was not"),
        },
        checks=[
            pa.Check(
                lambda table: table["place"].isna() == (table["status"] == "not placed"),
                error="a seat has a place if and only if it is placed",
            ),
            pa.Check(
                lambda table: table["nuts2"].isna() == (table["status"] != "placed"),
                error="a seat has a region if and only if its status is 'placed'",
            ),
            pa.Check(
                lambda table: table["latitude"].isna() == table["place"].isna(),
                error="a placed seat has coordinates, others have none",
            ),
        ],
    ),
    table_schema(
        "timeline",
        "Dated figures as their sources state them, with the bounds they allow",
        {
            "raw_row": raw_row_column(),
            "source_file": text_column("Raw file, path from the project's root"),
            "period_start": day_column("First day that the stated date can mean"),
            "period_end": day_column("Last day that the stated date can mean"),
            "date_as_stated": text_column("The date as transcribed", pattern=r"^\d{4}(-\d{2}){0,2}$"),
            "date_precision": text_column("How precise the date is", allowed=PRECISIONS),
            "indicator": text_column("What is counted", pattern="^[a-z0-9_]+$"),
            "qualifier": text_column("exact, at_least ('more than') or about", allowed=QUALIFIERS),
            "value": number_column("The figure as stated", 0),
            "lower": number_column("Lower bound of the true value; missing for about", 0, missing=True),
            "upper": number_column("Upper bound; infinite for at_least, missing for about", 0, missing=True),
            "unit": text_column("What one unit is"),
            "scope": text_column("What the figure covers, in the source's words"),
            "source": text_column("Where it was stated"),
            "note": text_column("What else the source says", missing=True),
        },
        checks=[
            pa.Check(
                lambda table: table["period_start"] <= table["period_end"],
                error="the period ends before it starts",
            ),
            pa.Check(
                lambda table: table["lower"].isna() == (table["qualifier"] == "about"),
                error="bounds are missing if and only if the figure is 'about'",
            ),
        ],
    ),
    table_schema(
        "timeline_other_values",
        "Values that stand against a record of the timeline, as its notes report them",
        _linked_columns("The record that it stands against", relation=True),
    ),
    table_schema(
        "timeline_further_figures",
        "Further figures that the notes of the timeline hold, each beside the record of its note",
        _linked_columns("The record whose note holds it"),
    ),
    table_schema(
        "alliance_members",
        "National associations known to be in the European Clusters Alliance",
        {
            "country": country_column(),
            "association": text_column("Name of the association"),
            "joined_by": day_column("Day by which it had joined"),
            "source": text_column("Where this is stated"),
            "raw_row": raw_row_column(),
        },
        unique=["country", "association"],
    ),
    table_schema(
        "member_mix",
        "Median shares of members by kind, by industrial ecosystem; medians need not sum to one",
        {
            "ecosystem": text_column("Official name, or 'All ecosystems'", unique=True),
            "ecosystem_as_listed": text_column("Name in the raw file"),
            "sme_share": number_column("Median share of small and medium-sized enterprises", 0, 1),
            "corporate_share": number_column("Median share of large enterprises", 0, 1),
            "research_share": number_column("Median share of research organisations", 0, 1),
            "raw_row": raw_row_column(),
        },
    ),
]

SCHEMAS: dict[str, pa.DataFrameSchema] = {str(schema.name): schema for schema in (*_REFERENCE, *_CLUSTERS)}
"""The schema of every processed table, by name."""


def schema(table: str) -> pa.DataFrameSchema:
    """Return the schema of a processed table.

    Parameters
    ----------
    table
        A key of ``TABLES``, or a table of a questionnaire's wave.

    Returns
    -------
    pandera.pandas.DataFrameSchema
        Strict and ordered; every column has a description.

    Examples
    --------
    >>> schema("population").columns["population"].description
    'Inhabitants'
    """
    return SCHEMAS[table] if table in SCHEMAS else _schema_of_wave(table)


def _schema_of_wave(table: str) -> pa.DataFrameSchema:
    """Return the schema of a table of a questionnaire's wave: that of its kind, the last word of its name."""
    from helpers.data.capacity_schemas import CAPACITY_SCHEMAS

    return CAPACITY_SCHEMAS[table.rpartition("_")[2]]


def pandas_types(table: str) -> dict[str, str]:
    """Return the pandas type of every column of a processed table.

    pandera names its own equivalents ("string[pyarrow]", "datetime64[ns]"); tables hold pandas' defaults.

    Examples
    --------
    >>> pandas_types("alliance_members")["joined_by"], pandas_types("gdp")["country"]
    ('datetime64[us]', 'str')
    """
    defaults = {"string[pyarrow]": "str", "datetime64[ns]": "datetime64[us]"}
    names = {name: str(column.dtype) for name, column in schema(table).columns.items()}
    return {name: defaults.get(dtype, dtype) for name, dtype in names.items()}
