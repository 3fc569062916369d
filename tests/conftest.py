"""Settings and the browser that every test shares."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from helpers.reports.check import find_chromium
from helpers.reports.check.chromium import browser

# The same examples on every machine, however slow it is.
settings.register_profile(
    "evidence",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("evidence")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium for all tests."""
    if find_chromium() is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed: install Debian's package chromium, or set CHROMIUM")
    with browser() as started:
        yield started
