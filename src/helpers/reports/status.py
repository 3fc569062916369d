"""What became of a report that failed: ``reports/build/.status/<slug>.json``."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpers.reports.staging import read_json, write_json

STATUS = ".status"


@dataclass(frozen=True)
class Failure:
    """Why a report was not built.

    Attributes
    ----------
    error
        One line, without machine paths.
    cell
        Number of the cell in the source notebook, the first is 1; ``None`` if no cell is to blame.
    heading
        The heading above that cell.
    """

    error: str
    cell: int | None = None
    heading: str = ""

    def text(self) -> str:
        """Say where and what.

        Examples
        --------
        >>> Failure("ValueError: no rows", 7, "Concentration").text()
        'cell 7 (under "Concentration"): ValueError: no rows'
        """
        if self.cell is None:
            return self.error
        under = f' (under "{self.heading}")' if self.heading else ""
        return f"cell {self.cell}{under}: {self.error}"


def source_cell(cells: list[dict[str, Any]], executed: int, *, injected: bool) -> tuple[int, str]:
    """Turn the position of a cell in the executed notebook into its number and heading in the source.

    Parameters
    ----------
    cells
        Cells of the source notebook.
    executed
        Position in the executed notebook, the first is 0.
    injected
        Whether papermill put a cell behind the parameters cell.
    """
    tagged = [n for n, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", [])]
    before = injected and executed > (tagged[0] if tagged else -1)
    position = max(0, executed - 1) if before else executed
    heading = ""
    for cell in cells[: position + 1]:
        if cell["cell_type"] == "markdown":
            lines = [line for line in cell["source"].splitlines() if line.startswith("#")]
            heading = lines[-1].lstrip("# ").strip() if lines else heading
    return position + 1, heading


def now() -> str:
    """Return the time as reports state it: UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def status_path(build: Path, slug: str) -> Path:
    """Return where the failure of a report is noted."""
    return build / STATUS / f"{slug}.json"


def write_failure(
    build: Path, slug: str, notebook: str, parameters: dict[str, object], failure: Failure, started: str
) -> None:
    """Note that a report failed; the report folder itself stays as it was."""
    content = {
        "slug": slug,
        "notebook": notebook,
        "parameters": parameters,
        "status": "failed",
        "started": started,
        "ended": now(),
        **asdict(failure),
        "text": failure.text(),
    }
    write_json(status_path(build, slug), content)


def read_failure(build: Path, slug: str) -> dict[str, Any] | None:
    """Return what :func:`write_failure` noted, or ``None``."""
    content = read_json(status_path(build, slug))
    return content if isinstance(content, dict) and content.get("slug") == slug else None


def clear_failure(build: Path, slug: str) -> None:
    """Forget a failure, when the report was built since."""
    for ending in (".json", ".ipynb", ".log"):
        (build / STATUS / f"{slug}{ending}").unlink(missing_ok=True)
