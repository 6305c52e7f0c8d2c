"""How a suite is told: what it supports, what it skips and why, and how it ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest

from agents_core.testing.demands import demand, demand_same
from agents_core.testing.fakes import FakeTTS
from agents_core.testing.running import Late
from agents_core.testing.suite import Suite, sentence, skip
from agents_core.testing.trying import try_suite
from agents_core.testing.tts import TTSSuite
from agents_core.testing.vendor import Vendor

pytest_plugins = ["pytester"]


class Thing:
    """Something under test."""

    def __init__(self) -> None:
        self.closed = 0

    async def aclose(self) -> None:
        self.closed += 1


class Things(Suite[Thing]):
    flying: ClassVar[bool] = False
    deadline = 0.2
    made: ClassVar[list[Thing]] = []

    def create(self, vendor: Vendor) -> Thing:
        assert vendor is self.vendor
        self.made.append(Thing())
        return self.made[-1]

    @sentence()
    async def test_it_is_open(self, subject: Thing) -> None:
        demand(not subject.closed, "it was closed")

    @sentence("flying")
    async def test_it_flies(self, subject: Thing) -> None:
        demand(subject, "it fell")

    @sentence()
    async def test_the_vendor_counts(self, subject: Thing) -> None:
        demand_same(self.vendor.requests(), 0, f"requests of {subject}")

    @sentence()
    async def test_it_waits_for_ever(self, subject: Thing) -> None:
        await asyncio.sleep(60 + subject.closed)

    @sentence()
    async def test_it_is_red(self, subject: Thing) -> None:
        demand_same(subject.closed, "red", "the colour")

    @sentence()
    async def test_it_does_not_apply(self, subject: Thing) -> None:
        if not subject.closed:
            skip("it has no colour")


@pytest.fixture(scope="module")
def verdicts() -> dict[str, tuple[str, str]]:
    return {v.sentence: (v.outcome, v.words) for v in try_suite(Things)}


def test_a_sentence_that_holds_holds(verdicts: dict[str, tuple[str, str]]) -> None:
    assert verdicts["test_it_is_open"] == ("held", "")


def test_what_is_not_supported_is_skipped_and_says_so(
    verdicts: dict[str, tuple[str, str]],
) -> None:
    assert verdicts["test_it_flies"] == ("skipped", "Things says flying = False")


def test_a_missing_hook_skips_and_is_named(verdicts: dict[str, tuple[str, str]]) -> None:
    assert verdicts["test_the_vendor_counts"] == ("skipped", "Vendor has no hook requests()")


def test_a_sentence_may_find_that_it_does_not_apply(
    verdicts: dict[str, tuple[str, str]],
) -> None:
    assert verdicts["test_it_does_not_apply"] == ("skipped", "it has no colour")


def test_a_deadline_ends_a_sentence(verdicts: dict[str, tuple[str, str]]) -> None:
    outcome, words = verdicts["test_it_waits_for_ever"]

    assert outcome == "broken"
    assert words.startswith(f"{Late.__name__}: not done after 0.2 s")


def test_a_broken_sentence_shows_what_was_seen_and_expected(
    verdicts: dict[str, tuple[str, str]],
) -> None:
    words = "AssertionError: the colour: 0, expected 'red'"
    assert verdicts["test_it_is_red"] == ("broken", words)


def test_each_sentence_has_an_object_of_its_own_which_is_closed(
    verdicts: dict[str, tuple[str, str]],
) -> None:
    assert len(Things.made) == len(verdicts) - 1  # one was skipped before
    assert {thing.closed for thing in Things.made} == {1}


def test_a_vendor_is_left_after_the_object_is_closed() -> None:
    class Served(Things):
        made: ClassVar[list[Thing]] = []
        left: ClassVar[list[int]] = []

        @contextlib.asynccontextmanager
        async def open_vendor(self) -> AsyncIterator[Vendor]:
            yield Vendor()
            self.left.append(self.made[-1].closed)

    Served().test_it_is_open()

    assert Served.left == [1]


def test_an_object_that_cannot_be_closed_breaks_only_the_sentence_about_that() -> None:
    class Stuck(Thing):
        async def aclose(self) -> None:
            raise RuntimeError("stuck")

    class Stuckness(Things):
        def create(self, vendor: Vendor) -> Thing:
            assert vendor
            return Stuck()

    Stuckness().test_it_is_open()


def test_a_suite_without_create_says_what_is_missing() -> None:
    with pytest.raises(NotImplementedError, match=r"Suite\.create\(\) makes"):
        Suite[Thing]().create(Vendor())


def test_without_a_vendor_no_sentence_passes_that_needs_one() -> None:
    class Alone(TTSSuite):
        streaming = words = True
        patience = 0.3

        def create(self, vendor: Vendor) -> FakeTTS:
            assert vendor
            return FakeTTS()

    verdicts = {v.sentence: v for v in try_suite(Alone, side_by_side=8)}

    skipped = {name for name, verdict in verdicts.items() if verdict.outcome == "skipped"}
    assert {"test_a_refused_key_is_final", "test_every_sample_is_handed_on"} <= skipped
    assert not [verdict for verdict in verdicts.values() if verdict.broken]


def test_pytest_needs_no_plugin_to_find_and_tell_a_suite(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_conformance="""
        import contextlib
        from agents_core.testing.fakes import FakeTTS, FakeVendor
        from agents_core.testing.tts import TTSSuite

        class TestFakeTTS(TTSSuite):
            streaming = True
            timeout = retry_after = 0.1

            def open_vendor(self):
                return contextlib.nullcontext(FakeVendor())

            def create(self, vendor):
                return FakeTTS(vendor=vendor, aligned_transcript=False)
        """
    )

    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-q", "-rs")

    outcomes = result.parseoutcomes()
    assert outcomes.keys() == {"passed", "skipped"}
    assert outcomes["passed"] > 25
    result.stdout.fnmatch_lines(["*TestFakeTTS says words = False*"])
    assert not list(Path(pytester.path).glob("core*"))
