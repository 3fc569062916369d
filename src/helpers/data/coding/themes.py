"""The themes of the project's codebook, as coders see them."""

from dataclasses import dataclass
from pathlib import Path

from helpers.data.catalog import read_raw

CODEBOOK, THEMES = "codebook", "themes.csv"


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: its code, and what a coder must know of it."""

    code: str
    label: str
    definition: str = ""
    belongs: str = ""
    does_not_belong: str = ""


def codebook_themes(root: Path | None = None) -> list[Theme]:
    """Return the themes of ``data/raw/codebook`` in the order of the codebook.

    Raises
    ------
    InputError
        If there is no codebook, or it is not as declared.
    """
    table = read_raw(CODEBOOK, THEMES, root).astype("object")
    table = table.where(table.notna(), "")
    if "order" in table:
        table = table.sort_values("order", kind="stable")
    more = [name for name in ("definition", "belongs", "does_not_belong") if name in table]
    return [
        Theme(row["theme"], row["label"], **{name: str(row[name]) for name in more})
        for row in table.to_dict("records")
    ]
