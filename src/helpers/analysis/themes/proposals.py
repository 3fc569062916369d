"""Emerging groups as rows that a researcher can paste into the codebook, after giving them a name."""

import csv
from collections.abc import Iterator, Sequence

from helpers.analysis.themes.codebook import EVERY, Codebook
from helpers.analysis.themes.emerging import Emerging
from helpers.analysis.themes.terms import parts_of
from helpers.analysis.themes.words import fold


def proposal_lines(found: Emerging, codebook: Codebook, columns: Sequence[str]) -> list[str]:
    """Return what `evidence codebook propose` prints.

    Parameters
    ----------
    found
        From `emerging_themes`.
    codebook
        The one that found no theme in these answers; terms that it has are not proposed again.
    columns
        Of themes.csv, in their order.

    Returns
    -------
    list of str
        For each group a remark, a row for themes.csv and rows for terms.csv, without a header.
    """
    lines = [found.note + "."]
    for number, group in enumerate(found.groups.to_dict("records"), start=1):
        code = f"new_theme_{number}"
        row = {
            "theme": code,
            "order": str(len(codebook.themes) + number),
            "label": f"Name of group {number}",
            "definition": f"What {group['answers']} answers have in common",
        }
        terms = found.terms[found.terms["group"] == group["group"]]
        new = list(_new(terms[["language", "term"]].itertuples(index=False), codebook))
        lines += [
            "",
            f"# Group {number}: {group['answers']} answers ({100 * group['share']:.0f} %); "
            f"{group['languages'] or 'no language'}; such as {group['examples'] or 'none to be quoted'}",
            "# themes.csv",
            _csv([row.get(column, "") for column in columns]),
            "# terms.csv" if new else "# no term is used by enough respondents: read the answers",
            *(_csv([code, language, term, "codes"]) for language, term in new),
        ]
    if len(found.groups):
        lines += ["", "# Then: evidence verify --update codebook"]
    return lines


def _new(terms: object, codebook: Codebook) -> Iterator[tuple[str, str]]:
    """Yield the terms that can stand in a codebook and do not yet."""
    known = {(term.language, fold(term.term)) for term in codebook.terms}
    for language, term in terms:  # type: ignore[attr-defined]
        if not {(language, fold(term)), (EVERY, fold(term))} & known:
            parts_of(term)
            yield language, term


class _Line(list[str]):
    """What csv.writer writes into; no file."""

    def write(self, text: str) -> None:
        self.append(text)


def _csv(cells: Sequence[str]) -> str:
    line = _Line()
    csv.writer(line, lineterminator="").writerow(cells)
    return "".join(line)
