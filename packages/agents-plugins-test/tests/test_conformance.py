"""What the suites found, as a page."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from agents_core.testing.tts import TTSSuite
from agents_plugins_test.conformance import (
    as_record,
    format_page,
    from_record,
    is_of_plugin,
    subject_of,
)

PATH = PurePath("/somewhere/packages/agents-plugin-parrot/tests/test_tts.py")
pytest_plugins = ["pytester"]


class TestBird(TTSSuite):
    """Not collected for itself: it makes nothing."""

    __test__ = False
    streaming = True


def test_a_suite_is_told_by_its_plugin_its_port_and_what_it_supports() -> None:
    bird = subject_of(TestBird, PATH)

    assert (bird.plugin, bird.port, bird.name) == ("agents-plugin-parrot", "TTS", "Bird")
    assert (bird.supports, bird.lacks) == (("streaming", "whole"), ("words",))
    assert from_record(as_record(bird)) == bird


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PATH, True),
        (PurePath("packages/agents-core/tests/testing/test_tts.py"), False),
        (PurePath("elsewhere/test_tts.py"), False),
    ],
)
def test_only_plugins_are_on_the_page(path: PurePath, expected: bool) -> None:
    assert is_of_plugin(path) == expected


def test_the_page_counts_what_held_and_what_was_skipped() -> None:
    bird = subject_of(TestBird, PATH)
    page = format_page([(bird, "passed"), (bird, "skipped"), (bird, "passed"), (bird, "failed")])

    [row] = [line for line in page.splitlines() if "parrot" in line]
    assert row.startswith("| [agents-plugin-parrot](../packages/agents-plugin-parrot/README.md) |")
    assert row.endswith("| `TTS` | `Bird` | streaming, whole | words | 2 | 1 |")


TOLD = """
from agents_core.testing.tts import TTSSuite
from agents_plugins_test.vendors.rime import RimeServer
from agents_plugin_rime import TTS

class TestBird(TTSSuite):
    def open_vendor(self):
        return RimeServer()
    def create(self, vendor):
        return TTS(api_key=self.secret, base_url=vendor.url)
"""


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_run_writes_the_page(pytester: pytest.Pytester, processes: str) -> None:
    tests = pytester.mkdir("agents-plugin-parrot") / "tests"
    tests.mkdir()
    (tests / "test_tts.py").write_text(TOLD)
    ran = pytester.runpytest_subprocess(
        "--conformance=page.md", "-k", "announced or blank_stream", "-n", processes, timeout=60
    )

    ran.assert_outcomes(passed=1, skipped=1)
    assert "| `TTS` | `Bird` | whole | streaming, words | 1 | 1 |" in (
        (pytester.path / "page.md").read_text()
    )
