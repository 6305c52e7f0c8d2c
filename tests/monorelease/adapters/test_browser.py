from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from monorelease.adapters.browser import can_show, open_page
from sandbox import surroundings

WINDOWED = {"DISPLAY": ":0"}

posix = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a desktop is taken for granted")
@pytest.mark.parametrize(
    ("environment", "is_likely"),
    [
        pytest.param({}, False, id="no-display"),
        pytest.param(WINDOWED, True, id="x11"),
        pytest.param({"WAYLAND_DISPLAY": "wayland-0"}, True, id="wayland"),
        pytest.param({**WINDOWED, "SSH_CONNECTION": "10.0.0.1 2 10.0.0.2 22"}, False, id="ssh"),
        pytest.param({**WINDOWED, "SSH_TTY": "/dev/pts/1"}, False, id="ssh-tty"),
        pytest.param({**WINDOWED, "CI": "true"}, False, id="ci"),
    ],
)
def test_a_window_is_likely_where_there_is_a_display_nearby(
    environment: dict[str, str], *, is_likely: bool
) -> None:
    assert can_show(environment) == is_likely


def browser(folder: Path, body: str) -> dict[str, str]:
    """The environment of somebody whose browser is a script."""
    script = folder / "browser"
    script.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    script.chmod(0o755)
    return surroundings(BROWSER=str(script), **WINDOWED)


@posix
def test_the_browser_gets_the_page_and_no_terminal(tmp_path: Path) -> None:
    page = tmp_path / "a b.html"
    told = tmp_path / "told"
    environment = browser(tmp_path, f'echo "$1" > "{told}"; cat >> "{told}"')

    assert open_page(page, environment)
    assert told.read_text("utf-8") == f"{page.as_uri()}\n"


@posix
def test_that_no_browser_took_it_is_told(tmp_path: Path) -> None:
    environment = browser(tmp_path, "exit 1") | {"PATH": str(tmp_path)}

    assert not open_page(tmp_path / "page.html", environment)


@posix
def test_a_browser_that_stays_is_not_waited_for(tmp_path: Path) -> None:
    environment = browser(tmp_path, "sleep 3")

    assert open_page(tmp_path / "page.html", environment, patience=0.2)
