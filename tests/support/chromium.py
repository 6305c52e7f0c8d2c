"""The system's own browser, driven by Playwright, with the network shut."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

Scheme = Literal["light", "dark"]

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-lcd-text",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""For a container, and so that the browser itself asks nobody anything."""

PATIENCE = 10_000
"""Milliseconds after which a page is taken for hung."""

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"


def find_chromium() -> str:
    """The path of the browser; without one the test is skipped."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
    return found


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser from here to the end of the block; without Playwright the test is skipped."""
    program = find_chromium()
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser,
    page: Path,
    *,
    width: int = 1440,
    scheme: Scheme = "light",
    scripts: bool = True,
) -> Iterator[Page]:
    """The file `page` in a window of its own; whatever it asks for beyond itself is an error."""
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 600 else 780},
        color_scheme=scheme,
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    asked: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url == page.as_uri():
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    try:
        context.set_default_timeout(PATIENCE)
        context.route("**/*", answer)
        tab = context.new_page()
        tab.goto(page.as_uri())
        yield tab
        assert asked == []
    finally:
        context.close()
