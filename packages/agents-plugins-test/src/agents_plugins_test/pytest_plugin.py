"""What pytest learns here: local vendors, real ones, and a page of what the suites found."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from agents_plugins_test.conformance import (
    Subject,
    as_record,
    format_page,
    from_record,
    is_of_plugin,
    subject_of,
)
from agents_plugins_test.serving import serving
from agents_plugins_test.untold import Untold, is_real, why_untold

_PROPERTY = "conformance"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to write the page."""
    parser.addoption(
        "--conformance",
        metavar="FILE",
        type=Path,
        help="write what the conformance suites found into a page of Markdown",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and collect what is found where all of it arrives."""
    config.addinivalue_line("markers", "network: talks to a real service")
    page = config.getoption("--conformance")
    if page is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Page(page), "conformance page")


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, name: str, obj: object
) -> Untold | None:
    """Leave out who talks to a real vendor, where nobody asks for it or a key is missing."""
    if not is_real(obj) or not collector.classnamefilter(name):
        return None
    reason = why_untold(obj, collector.config.getoption("-m"))
    if not reason:
        return None
    untold: Untold = Untold.from_parent(collector, name=name)
    untold.reason = reason
    return untold


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have each sentence tell whose it is."""
    from agents_core.testing.suite import Suite

    for item in items:
        kind = getattr(item, "cls", None)
        if (
            isinstance(kind, type)
            and issubclass(kind, Suite)
            and is_of_plugin(item.path)
            and not is_real(kind)
        ):
            item.user_properties.append((_PROPERTY, as_record(subject_of(kind, item.path))))


@pytest.fixture
def local_vendor() -> Iterator[Callable[[str], str]]:
    """Start the server of a vendor, by its name; given is its URL. It is gone after the test."""
    with contextlib.ExitStack() as servers:
        yield lambda vendor: servers.enter_context(serving(vendor))


class _Page:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[tuple[Subject, str]] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        if session.config.option.collectonly:
            for item in session.items:
                self._note(item.user_properties, "collected")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self._note(report.user_properties, report.outcome)

    def pytest_sessionfinish(self) -> None:
        self._path.write_text(format_page(self._found), "utf-8")

    def _note(self, properties: Sequence[tuple[str, object]], outcome: str) -> None:
        for name, record in properties:
            if name == _PROPERTY and isinstance(record, dict):
                self._found.append((from_record(record), outcome))
