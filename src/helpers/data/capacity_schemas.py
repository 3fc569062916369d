"""What the processed tables of a questionnaire's wave hold, one schema a kind of table."""

import pandera.pandas as pa

from helpers.data.cleaning.quantities import QUALIFIERS
from helpers.data.schema_columns import (
    day_column,
    number_column,
    raw_row_column,
    table_schema,
    text_column,
    whole_column,
)
from helpers.data.schemas import SEAT_STATUS

STATUSES = ("counted", "duplicate", "withdrawn")
CONSENTS = ("totals", "anonymous", "whole")
_CODE = r"^[a-z0-9]+(_[a-z0-9]+)*$"
_GONE = "missing after a withdrawal"


def _country() -> pa.Column:
    meaning = f"Country: Eurostat code (EL for Greece, UK for the United Kingdom); {_GONE}"
    return text_column(meaning, pattern="^[A-Z]{2}$", missing=True)


def _respondent() -> pa.Column:
    return text_column("Respondent: a code that says nothing about who it is", pattern="^r[0-9a-f]+$")


def _region() -> pa.Column:
    return text_column("NUTS-2 region, version 2024", pattern=r"^[A-Z]{2}[0-9A-Z]{2}$", missing=True)


_SCHEMAS = [
    table_schema(
        "respondents",
        "Who answered: one row an answer, those withdrawn or merged into another included",
        {
            "respondent_id": _respondent(),
            "raw_row": raw_row_column("answers.csv"),
            "country": _country(),
            "nuts2": _region(),
            "place": text_column("Town, name as in GeoNames; missing if not placed", missing=True),
            "latitude": number_column("Latitude of the town, degrees, WGS 84", -90, 90, missing=True),
            "longitude": number_column("Longitude of the town, degrees, WGS 84", -180, 180, missing=True),
            "place_status": text_column(
                f"How far the town could be placed; {_GONE}", allowed=SEAT_STATUS, missing=True
            ),
            "organisation_kind": text_column("Kind of organisation, code of the answer", missing=True),
            "employees": text_column("Size class, code of the answer", missing=True),
            "submitted": day_column("Day of the answer", missing=True),
            "language": text_column("Language of the answer, two letters", missing=True),
            "consent": text_column(
                "What may be shown: totals only, the entry without name, or all of it; of entries merged "
                f"together the most private; {_GONE}",
                allowed=CONSENTS,
                missing=True,
            ),
            "name_shown": text_column("Name, where the whole entry may be shown", missing=True),
            "status": text_column(
                "counted; duplicate: merged into another by a recorded decision; withdrawn", allowed=STATUSES
            ),
            "duplicate_of": text_column("The respondent that is counted instead", missing=True),
        },
        unique=["respondent_id"],
        checks=[
            pa.Check(
                lambda table: table["duplicate_of"].notna() == (table["status"] == "duplicate"),
                error="a duplicate names the respondent that is counted instead, others name none",
            ),
            pa.Check(
                lambda table: table["name_shown"].isna() | (table["consent"] == "whole"),
                error="a name is there only where the whole entry may be shown",
            ),
            pa.Check(
                lambda table: table["country"].isna() | (table["status"] != "withdrawn"),
                error="nothing is left of a withdrawn answer but its code",
            ),
        ],
    ),
    table_schema(
        "capacities",
        "Capacities: one row a statement about one product, in the product's base unit",
        {
            "respondent_id": _respondent(),
            "raw_row": raw_row_column("capacities.csv"),
            "country": _country(),
            "nuts2": _region(),
            "product": text_column(
                f"Product, code of the questionnaire; {_GONE}", pattern=_CODE, missing=True
            ),
            "stage": text_column(f"Stage of the product; {_GONE}", missing=True),
            "amount": number_column(
                "The amount stated, or the geometric mean of a range; missing if there is neither",
                0,
                missing=True,
            ),
            "amount_low": number_column("Lower bound, included; 0 where nothing could be read", 0),
            "amount_high": number_column(
                "Upper bound, included; missing where there is none", 0, missing=True
            ),
            "qualifier": text_column("How the amount was stated", allowed=QUALIFIERS),
            "unit": text_column(f"Base unit of the product; {_GONE}", missing=True),
            "amount_as_stated": text_column("The amount as written", missing=True),
            "unit_as_stated": text_column("The unit as written or chosen", missing=True),
            "available_from": day_column("First day of the month of availability", missing=True),
            "spare_share": number_column("Share of the capacity that is free", 0, 1, missing=True),
            "flags": text_column("What had to be decided or could not be read, joined by ;", missing=True),
            "usable": pa.Column(
                "bool",
                description="Whether the row counts in totals: a counted respondent, a plausible amount",
            ),
        },
        checks=[
            pa.Check(
                lambda table: table["amount_high"].isna() | (table["amount_low"] <= table["amount_high"]),
                error="the lower bound is above the upper one",
            ),
            pa.Check(
                lambda table: ~table["usable"] | (table["qualifier"] != "unreadable"),
                error="an amount that could not be read is not usable",
            ),
        ],
    ),
    table_schema(
        "difficulties",
        "Difficulties and bottlenecks in the words of counted respondents, without personal data",
        {
            "respondent_id": _respondent(),
            "raw_row": raw_row_column("answers.csv", unique=False),
            "country": _country(),
            "question": text_column("Question, code of the questionnaire", pattern=_CODE),
            "text": text_column("The answer, addresses, numbers and names taken out"),
            "language": text_column("Language of the answer, two letters", missing=True),
            "stages": text_column("Stages that the respondent names as affected, joined by ;", missing=True),
        },
        unique=["respondent_id", "question"],
    ),
    table_schema(
        "received",
        "What became of each answer received: accepted, or rejected and why",
        {
            "received_row": whole_column("Row of the export", 1, unique=True),
            "outcome": text_column("accepted or rejected", allowed=("accepted", "rejected")),
            "reasons": text_column("Why it was rejected, column by column", missing=True),
        },
    ),
    table_schema(
        "products",
        "Products of the questionnaire with their stages and base units",
        {
            "product": text_column("Code of the product", pattern=_CODE, unique=True),
            "label": text_column("English name"),
            "stage": text_column("Code of the stage"),
            "stage_label": text_column("English name of the stage"),
            "stage_order": whole_column("Place of the stage in the chain, from 1", 1),
            "base_unit": text_column("Unit of the amounts"),
        },
    ),
    table_schema(
        "frame",
        "Organisations that were asked, by country and size",
        {
            "country": text_column("Country: Eurostat code", pattern="^[A-Z]{2}$"),
            "employees": text_column("Size class; missing if not told apart", missing=True),
            "invited": whole_column("Organisations that were asked", 0),
        },
    ),
]

CAPACITY_SCHEMAS: dict[str, pa.DataFrameSchema] = {str(schema.name): schema for schema in _SCHEMAS}
"""The schema of each kind of table, by kind."""
