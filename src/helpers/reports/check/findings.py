"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One fault of one report.

    Attributes
    ----------
    slug
        Name of the report's folder; ``index`` for the list of reports.
    rule
        Which rule is broken, e.g. ``"broken link"``.
    message
        What was found, and where.
    """

    slug: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.slug}: {self.rule}: {self.message}"
