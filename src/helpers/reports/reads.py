"""What a run has read, by content: the part of its key that only the run itself knows.

A table of ``data/processed`` counts by its content; where a run asked for the rows of some countries, by
those rows. An ``origin.yml`` counts by what it declares, without the checksums and numbers of rows of the
files: the tables that were made of them count already.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

COUNTRY = "country"
RAW_ROW = "raw_row"
_OF_FILES = re.compile(r"""(?:\b|["'])(?:sha256["']?\s*:\s*["']?[0-9a-f]{64}|rows["']?\s*:\s*[0-9]+)["']?""")


def table_id(meta: Mapping[str, Any]) -> str:
    """Return what identifies a table's content: bytes and column types.

    Parameters
    ----------
    meta
        As from :func:`helpers.data.process.read_meta`.
    """
    types = {name: column["type"] for name, column in meta["columns"].items()}
    return _sha256(json.dumps([meta["sha256"], types]).encode())


def declaration_id(text: str) -> str:
    r"""Return what identifies an ``origin.yml`` apart from checksums and numbers of rows.

    Examples
    --------
    >>> one, other = (f"title: Offers\nfiles: [{{name: a.csv, rows: {n}}}]" for n in (5, 6))
    >>> declaration_id(one) == declaration_id(other)
    True
    >>> declaration_id(one) == declaration_id(one.replace("Offers", "Demand"))
    False
    """
    return _sha256(_OF_FILES.sub("", text).encode())


def rows_id(rows: "pd.DataFrame") -> str:
    """Return what identifies some rows: names and types of the columns, and every value in its order.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"country": ["AT"], "sites": [3]})
    >>> rows_id(rows) == rows_id(rows.set_axis([7])), rows_id(rows) == rows_id(rows.assign(sites=4))
    (True, False)
    """
    import pandas as pd

    columns = [[str(name), str(kind)] for name, kind in rows.dtypes.items()]
    values = pd.util.hash_pandas_object(rows, index=False).to_numpy()
    return _sha256(json.dumps(columns).encode() + values.tobytes())


def rows_of(frame: "pd.DataFrame", countries: Iterable[str], *, raw_row: bool) -> "pd.DataFrame":
    """Return the rows of some countries, in the order of the table.

    Parameters
    ----------
    frame
        A table with a column ``country``.
    countries
        Eurostat codes; one without rows adds none.
    raw_row
        Whether to keep the line numbers of the raw file, which move when rows of other countries are added.
    """
    kept = frame[frame[COUNTRY].isin(list(countries))].reset_index(drop=True)
    return kept if raw_row else kept.drop(columns=RAW_ROW, errors="ignore")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
