"""Office files that are the same bytes whenever they are made from the same definition."""

import datetime as dt
import io
import re
import zipfile

_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
_FIRST_YEAR = 1980  # the earliest that a zip can state


def date_of(version: str) -> dt.datetime:
    """Return the day that a version (YYYY-MM or YYYY-MM-DD) stands for.

    Examples
    --------
    >>> date_of("2021-03").date().isoformat()
    '2021-03-01'
    """
    year, month, day = (int(part) for part in (*version.split("-"), "1")[:3])
    return dt.datetime(max(year, _FIRST_YEAR), month, day, tzinfo=dt.UTC)


def fixed(data: bytes, when: dt.datetime) -> bytes:
    """Return an office file (a zip) with every date in it set to one, its parts in the same order.

    Parameters
    ----------
    data
        The file.
    when
        The date for its parts and its properties.

    Returns
    -------
    bytes
        The file; the same bytes for the same parts.
    """
    stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ").encode("ascii")
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _DATES.sub(rb"\g<1>" + stamp + rb"\g<2>", part)
            info = zipfile.ZipInfo(name, when.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            info.create_system = 3
            archive.writestr(info, part)
    return target.getvalue()
