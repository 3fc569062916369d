"""Files that people write beside the answers of a wave, declared in its ``origin.yml``."""

from collections.abc import Collection, Mapping
from pathlib import Path
from textwrap import indent

import yaml

from helpers.data.errors import InputError
from helpers.data.questionnaires.definition import load_questionnaire
from helpers.data.survey.describe import people_files
from helpers.data.vintages import VINTAGE


def undeclared(
    dataset: str, folder: Path, declared: Collection[str], root: Path | None = None
) -> list[dict[str, object]]:
    """Return how to declare withdrawals, the frame and decisions that ``origin.yml`` does not declare yet.

    Parameters
    ----------
    dataset, folder
        The dataset and where it is; nothing is returned for one that is no wave of answers.
    declared
        Names of the files that are declared.
    root
        The project's folder.
    """
    questionnaire, _, vintage = dataset.partition("/")
    if not VINTAGE.fullmatch(vintage):
        return []
    return people_files(folder, load_questionnaire(questionnaire, root), declared)


def with_file(text: str, start: int, end: int, entry: Mapping[str, object]) -> str:
    r"""Return the text of an ``origin.yml`` with one more file behind its last one.

    Parameters
    ----------
    text
        Comments and layout stay.
    start, end
        Where the last file that it lists begins, behind its dash, and ends.
    entry
        The file.

    Examples
    --------
    >>> print(with_file("files:\n- name: a.csv\n# end\n", 9, 21, {"name": "b.csv"}))
    files:
    - name: a.csv
    - name: b.csv
    # end
    <BLANKLINE>
    """
    line = text.rfind("\n", 0, start) + 1
    margin, dash, rest = text[line:start].partition("-")
    if margin.strip() or not dash or rest.strip():
        raise InputError(
            f"origin.yml: declare {entry['name']} by hand: its files are not listed one below another"
        )
    before, after = text[:end].rstrip() + "\n", text[end:].lstrip("\n")
    block = yaml.safe_dump([dict(entry)], allow_unicode=True, sort_keys=False, width=110)
    return before + indent(block, margin) + after
