"""Schemas refuse what a table must not hold."""

import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from helpers.data.process import read_table
from helpers.data.schemas import SCHEMAS, schema


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_table_and_column_has_a_description(name):
    assert schema(name).description
    for column in schema(name).columns.values():
        assert column.description, column.name


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_column_too_many_or_too_few_is_refused(name):
    table = read_table(name)
    with pytest.raises(SchemaErrors):
        schema(name).validate(table.assign(extra=1), lazy=True)
    with pytest.raises(SchemaErrors):
        schema(name).validate(table.drop(columns=table.columns[-1]), lazy=True)


def changed(name, column, value):
    table = read_table(name)
    return table.assign(**{column: table[column].where(table.index != 0, value)})


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("countries", "country", "gr"),
        ("countries", "name", "Belgium"),
        ("memberships", "programme", "NATO"),
        ("memberships", "valid_to", pd.Timestamp("1900-01-01")),
        ("population", "population", 0),
        ("gdp", "year", 20),
        ("cluster_organisations", "organisations", -1),
        ("cluster_seats", "latitude", 91.0),
        ("cluster_seats", "status", "lost"),
        ("cluster_seats", "status", "not placed"),
        ("cluster_seats", "nuts2", None),
        ("cluster_seats", "longitude", 181.0),
        ("timeline", "qualifier", "roughly"),
        ("timeline", "lower", None),
        ("timeline", "period_end", pd.Timestamp("1900-01-01")),
        ("member_mix", "sme_share", 1.1),
        ("nuts2_regions", "nuts2", "XX11"),
        ("country_shapes", "geometry", "POINT (0 0)"),
        ("country_shapes", "part", "Main Window"),
        ("industrial_ecosystems", "number", 15),
    ],
)
def test_a_value_out_of_range_is_refused(name, column, value):
    with pytest.raises(SchemaErrors):
        schema(name).validate(changed(name, column, value), lazy=True)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_processed_tables_pass(name):
    schema(name).validate(read_table(name), lazy=True)
