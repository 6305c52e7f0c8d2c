"""What whatever talks to a provider has to do: answer, end at once, keep its key to itself."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import ClassVar, TypeVar

from agents_core.errors import APIStatusError
from agents_core.streams import Port
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import OTHER_WORDS, WORDS
from agents_core.testing.failing import FailingSuite
from agents_core.testing.leaks import no_leaks
from agents_core.testing.roads import Road
from agents_core.testing.suite import Suite, sentence, skip
from agents_core.testing.vendor import HookMissing
from agents_core.testing.watching import error_events, log_lines, never_blocked, told, until

P = TypeVar("P", bound=Port)


class ProviderSuite(FailingSuite[P]):
    """Sentences for every port; the suite of a port says in `roads` how it is asked."""

    longest_block: ClassVar[float] = 0.5
    """Seconds for which a machine under load may hold up an event loop by itself."""

    @sentence()
    async def test_it_says_who_answers(self, subject: P) -> None:
        demand_known(subject)

    @sentence()
    async def test_an_answer_is_whole(self, subject: P) -> None:
        for road in self.roads(subject):
            demand_same(await road.ask(WORDS, self.patient), WORDS, f"{road.name} echoed")

    @sentence()
    async def test_an_answer_begins_before_it_is_whole(self, subject: P) -> None:
        for road in self._piecewise(subject):
            await road.ask(WORDS, self.patient)  # once for imports
            self.vendor.hold()
            async with aclosing(road.parts(WORDS, self.patient)) as parts:
                first = await self._first(parts, road)
                self.vendor.release()
                rest = [part async for part in parts]
            demand_same("".join([first, *rest]), WORDS, f"{road.name}, held for a while, echoed")

    @sentence()
    async def test_two_at_once_do_not_mix(self, subject: P) -> None:
        for road in self.roads(subject):
            asked = (WORDS, OTHER_WORDS, WORDS.upper())
            answers = await asyncio.gather(*(road.ask(words, self.patient) for words in asked))
            demand_same(tuple(answers), asked, f"{road.name}, three at the same time, echoed")

    @sentence(alone=True)
    async def test_the_key_is_told_to_nobody(self, subject: P) -> None:
        with log_lines() as lines, error_events(subject) as events:
            for road in self.roads(subject):
                await road.ask(WORDS, self.patient)
        places = {"repr()": repr(subject), "the log": "\n".join(lines), "an event": repr(events)}
        with contextlib.suppress(HookMissing):
            places["a URL"] = " ".join(self.vendor.urls())
        self._demand_no_key(places)

    @sentence(alone=True)
    async def test_the_key_is_not_in_an_error(self, subject: P) -> None:
        for road in self.roads(subject):
            with log_lines() as lines, error_events(subject) as events:
                self.vendor.refuse(401)
                error = await self._failure(road, APIStatusError)
            said = {"an error": told(error) + repr(vars(error)), "an event": repr(events)}
            self._demand_no_key(said | {"the log": "\n".join(lines)})

    @sentence()
    async def test_cancelling_closes_the_connection_at_once(self, subject: P) -> None:
        for road in self.roads(subject):
            open_before = self.vendor.open_connections()
            self.vendor.stall()
            asking = asyncio.create_task(_ask(road, WORDS, self), name=road.name)
            await self._until_open(open_before, road.name)
            asking.cancel()
            await asyncio.wait({asking})
            await self._until_closed(open_before, road.name)

    @sentence()
    async def test_leaving_an_answer_closes_the_connection_at_once(self, subject: P) -> None:
        for road in self._piecewise(subject):
            open_before = self.vendor.open_connections()
            self.vendor.hold()
            async with aclosing(road.parts(WORDS, self.patient)) as parts:
                await self._first(parts, road)
            await self._until_closed(open_before, road.name)
            self.vendor.release()

    @sentence()
    async def test_closing_again_changes_nothing(self, subject: P) -> None:
        for road in self.roads(subject):
            await road.ask(WORDS, self.patient)
        async with asyncio.timeout(self.patience):
            await asyncio.gather(*(subject.aclose() for _ in range(3)))
            await asyncio.create_task(subject.aclose(), name="another task")

    @sentence(alone=True)
    async def test_nothing_is_left_behind(self, subject: P) -> None:
        await subject.aclose()
        # Held, both: what nobody refers to may be closed by the collector, and not by aclose().
        first = await self._use_and_close()  # once for what lives as long as the process
        async with no_leaks(within=self.settle):
            second = await self._use_and_close()
        del first, second

    @sentence(alone=True)
    async def test_the_event_loop_is_never_blocked(self, subject: P) -> None:
        for road in self.roads(subject):
            await road.ask(WORDS, self.patient)  # once for imports
            async with never_blocked(longest=self.longest_block):
                await road.ask(WORDS, self.patient)

    @sentence("options")
    async def test_options_hold_from_the_next_request_on(self, subject: P) -> None:
        road = self.roads(subject)[-1]
        await road.ask(WORDS, self.patient)
        subject.update_options(**self.options)  # type: ignore[attr-defined]  # each has its own
        await road.ask(WORDS, self.patient)
        settings = self.vendor.settings()
        seen = {name: settings.get(name) for name in self.options}
        demand_same(seen, self.options, "what the vendor was asked for after update_options()")

    async def _use_and_close(self) -> P:
        subject = self.create(self.vendor)
        for road in self.roads(subject):
            await self._cancel_in_the_middle(road)
            await road.ask(WORDS, self.patient)  # last, since a connection may be kept from it
        await subject.aclose()
        return subject

    async def _cancel_in_the_middle(self, road: Road) -> None:
        with contextlib.suppress(HookMissing):
            self.vendor.stall()
            open_before = self.vendor.open_connections()
            async with _asking(road, self):
                await self._until_open(open_before, road.name)
            return
        async with _asking(road, self):
            await asyncio.sleep(0.01)

    def _piecewise(self, subject: P) -> list[Road]:
        roads = [road for road in self.roads(subject) if road.piecewise]
        return roads or skip("its answers come in one part")

    async def _first(self, parts: AsyncIterator[str], road: Road) -> str:
        try:
            async with asyncio.timeout(self.patience):
                return await anext(parts)
        except TimeoutError:
            raise AssertionError(f"{road.name}: nothing of what was there came") from None

    async def _until_open(self, count: int, name: str) -> None:
        await until(
            lambda: self.vendor.open_connections() > count,
            f"{name} is connected",
            within=self.patience,
        )

    async def _until_closed(self, count: int, name: str) -> None:
        # A server over a socket hears of it a moment later.
        await until(
            lambda: self.vendor.open_connections() <= count,
            f"the connection of {name} is closed",
            within=self.settle,
        )

    def _demand_no_key(self, places: dict[str, str]) -> None:
        for place, text in places.items():
            demand(self.secret not in text, f"the key is in {place}")


def demand_known(port: Port) -> None:
    """Go on where `port` says who it is and who answers.

    Raises:
        AssertionError: it leaves something out.
    """
    for name in ("label", "model", "provider"):
        value = getattr(port, name)
        demand(isinstance(value, str) and value, f"{name} is {value!r}")
        demand(value != "unknown", f"{name} is left unknown")


@contextlib.asynccontextmanager
async def _asking(road: Road, suite: Suite[P]) -> AsyncIterator[None]:
    """While inside, it is asked; then it is cancelled."""
    asking = asyncio.create_task(_ask(road, OTHER_WORDS, suite), name=road.name)
    try:
        yield
    finally:
        asking.cancel()
        await asyncio.wait({asking})


async def _ask(road: Road, words: str, suite: Suite[P]) -> None:
    await road.ask(words, suite.patient)
