"""Where respondents are: from the town as written and the country to a point and a NUTS-2 region."""

import re
from pathlib import Path

import pandas as pd

from helpers.data.cells import country_codes
from helpers.data.country_codes import ISO_TO_EUROSTAT
from helpers.data.places import NOT_PLACED, country_of_name
from helpers.data.seats import place_seats

_POSTCODE = re.compile(r"^(?:[A-Za-z]{1,3}-)?[0-9][0-9 -]{2,7} (?=[^\W\d_]{2})")
"""Before a town, in one or two groups: "582 22 Linköping", "80-001 Gdańsk"."""
_FOUND = ["place", "latitude", "longitude", "nuts2", "status"]


def country_of(text: str) -> str | None:
    """Return the Eurostat code of a country as written: a code, or a name in one of 37 languages.

    Examples
    --------
    >>> country_of("GR"), country_of("el"), country_of("Deutschland"), country_of("Ruritania")
    ('EL', 'EL', 'DE', None)
    """
    code = text.strip().upper()
    code = ISO_TO_EUROSTAT.get(code, code)
    return code if code in country_codes("eurostat") else country_of_name(text)


def locate(places: pd.DataFrame, regions: dict[str, pd.DataFrame], cache: Path) -> pd.DataFrame:
    """Return point and region of each place, every distinct pair of country and place looked up once.

    Parameters
    ----------
    places
        Columns country (Eurostat code, may be missing) and place (as written, may be missing).
    regions
        The tables regions, admin1_to_nuts2 and places_to_nuts2 of the dataset ``nuts_regions``.
    cache
        Folder of the gazetteer's index.

    Returns
    -------
    pandas.DataFrame
        Same index: place (name as in GeoNames), latitude, longitude (degrees; the town's), nuts2, status
        (placed; placed, region unknown; not placed).
    """
    pairs = pd.DataFrame(
        {"country": places["country"].fillna(""), "listed": places["place"].fillna("").astype("str")},
        index=places.index,
    )
    pairs["listed"] = pairs["listed"].str.split().str.join(" ").str.replace(_POSTCODE, "", regex=True)
    distinct = pairs[pairs["country"] != ""].drop_duplicates(ignore_index=True)
    if distinct.empty:
        found = pd.DataFrame(columns=_FOUND)
    else:
        seats = distinct.rename(columns={"listed": "seat_as_listed"}).assign(raw_row=range(len(distinct)))
        found = place_seats(seats, regions, cache)[_FOUND]
    keyed = pd.concat([distinct, found], axis=1)
    joined = pairs.merge(keyed, how="left", on=["country", "listed"])
    joined["status"] = joined["status"].fillna(NOT_PLACED)
    return joined[_FOUND].set_index(places.index)
