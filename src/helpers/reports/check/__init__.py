"""The check of built reports: opened in a browser without a network, against the report contract."""

from helpers.reports.check.chromium import find_chromium, screenshot
from helpers.reports.check.findings import Finding
from helpers.reports.check.reports import check_reports

__all__ = ["Finding", "check_reports", "find_chromium", "screenshot"]
