"""Who talks to a real vendor is told only where somebody asks for it, and has the key."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from agents_plugins_test.network import RealTTS, real
from agents_plugins_test.untold import is_real, why_untold

pytest_plugins = ["pytester"]
PACKAGES = Path(__file__).parents[2]
TOLD = """
from agents_core.testing.fakes import FakeTTS
from agents_plugins_test.network import RealTTS

class TestBird(RealTTS):
    key = "BIRD_API_KEY"
    def create(self, vendor):
        return FakeTTS(streaming=False, aligned_transcript=False)
"""


class Bird(RealTTS):
    key = "BIRD_API_KEY"
    needs = ("BIRD_VOICE",)


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Bird.wanted():
        monkeypatch.delenv(name, raising=False)
    assert why_untold(Bird, "network") == "not set: BIRD_API_KEY, BIRD_VOICE"
    monkeypatch.setenv("BIRD_API_KEY", "a key")
    assert why_untold(Bird, "network") == "not set: BIRD_VOICE"


@pytest.mark.parametrize(
    ("marks", "told"),
    [("", False), ("network", True), ("slow or network", True), ("networking", False)],
)
def test_the_marker_is_asked_for_by_name(
    monkeypatch: pytest.MonkeyPatch, marks: str, told: bool
) -> None:
    for name in Bird.wanted():
        monkeypatch.setenv(name, "something")
    assert (why_untold(Bird, marks) == "") == told


def test_a_key_is_a_secret() -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BIRD_API_KEY", " a key\n")
        told = type("Told", (Bird,), {})
    assert told.secret == "a key"  # noqa: S105 - made up
    assert Bird.secret != told.secret


@pytest.mark.parametrize("kind", [object(), int, None])
def test_nothing_else_is_left_out(kind: object) -> None:
    assert is_real(Bird)
    assert is_real(real.Real)
    assert not is_real(kind)


@pytest.mark.parametrize(
    ("key", "arguments", "reason"),
    [
        ("", ["-m", "network"], "not set: BIRD_API_KEY"),
        ("a key", ["-n", "1"], "-m network asks for it"),
    ],
)
def test_a_class_is_skipped_as_one(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    arguments: list[str],
    reason: str,
) -> None:
    monkeypatch.setenv("BIRD_API_KEY", key)
    pytester.makepyfile(test_network=TOLD)
    ran = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rs", *arguments, timeout=60)

    ran.assert_outcomes(skipped=1)
    ran.stdout.fnmatch_lines([f"SKIPPED*{reason}"])


def test_with_key_and_marker_all_is_told_and_nothing_of_it_is_on_the_page(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIRD_API_KEY", "a key")
    monkeypatch.delenv("AGENTS_TEST_EAR", raising=False)
    tests = pytester.mkdir("agents-plugin-bird") / "tests"
    tests.mkdir()
    (tests / "test_network.py").write_text(TOLD)
    ran = pytester.runpytest_inprocess("-m", "network", "-q", "--conformance=page.md")

    outcomes = ran.parseoutcomes()
    assert outcomes["passed"] > 10
    assert outcomes["failed"] == 1
    ran.stdout.fnmatch_lines(["FAILED *a_wrong_key*"])  # the fake lets every key in
    assert "| `TTS` |" not in (pytester.path / "page.md").read_text()


def test_every_plugin_with_a_vendor_can_be_told_to_it() -> None:
    plugins = {path.name for path in PACKAGES.glob("agents-plugin-*")}
    told = {path.parts[-3] for path in PACKAGES.glob("agents-plugin-*/tests/test_network.py")}

    assert plugins - told == {"agents-plugin-silero"}  # a model on this machine


def test_what_is_not_asked_for_takes_no_time(pytester: pytest.Pytester) -> None:
    files = sorted(PACKAGES.glob("agents-plugin-*/tests/test_network.py"))
    pytester.makeini("[pytest]\naddopts = --import-mode=importlib")
    began = time.process_time()
    ran = pytester.runpytest_inprocess(*files, "-p", "no:cacheprovider")
    took = time.process_time() - began

    outcomes = ran.parseoutcomes()
    assert outcomes.keys() == {"skipped"}
    assert outcomes["skipped"] >= len(files)
    assert took < 2
