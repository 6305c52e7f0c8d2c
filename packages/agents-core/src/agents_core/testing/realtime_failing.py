"""How a realtime model fails, comes back and ends."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator

from agents_core.errors import APIError, APITimeoutError
from agents_core.realtime import Generated, RealtimeModel, RealtimeSession
from agents_core.streams import PortError
from agents_core.testing.conversing import Conversing, echo, said_in
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import OTHER_WORDS, WORDS
from agents_core.testing.leaks import no_leaks
from agents_core.testing.suite import sentence
from agents_core.testing.vendor import HookMissing
from agents_core.testing.watching import log_lines, never_blocked, told, until


class FailingRealtime(Conversing):
    """Sentences about what goes wrong, and about the end."""

    @sentence()
    async def test_a_refused_key_is_final(self, subject: RealtimeModel) -> None:
        self.vendor.refuse(401)
        async with subject.session() as session:
            with _errors(session) as errors:
                asked = session.generate_reply(instructions=echo(WORDS))
                error = await self._failure(asked, APIError)
                await until(lambda: errors, "the error event", within=self.patience)
        demand(not getattr(error, "retryable", True), f"the reply failed with {error!r}")
        first = errors[0]
        status = getattr(first.error, "status_code", None)
        demand_same((status, first.recoverable), (401, False), "status and recoverable")

    @sentence()
    async def test_a_failure_and_then_success_make_a_conversation(
        self, subject: RealtimeModel
    ) -> None:
        self.vendor.fail_then_succeed(500)
        async with subject.session() as session:
            with _errors(session) as errors:
                demand_same((await self.ask(session, WORDS)).text, WORDS, "the answer after a 500")
        demand_same([error.recoverable for error in errors], [True], "recoverable of the errors")

    @sentence()
    async def test_a_stall_ends_at_the_timeout(self, subject: RealtimeModel) -> None:
        self.vendor.stall(times=self.max_retry + 1)
        began = time.monotonic()
        async with subject.session() as session:
            await self._failure(session.generate_reply(instructions=echo(WORDS)), APITimeoutError)
        demand(time.monotonic() - began >= self.timeout / 2, "given up too early")

    @sentence()
    async def test_a_lost_connection_is_made_anew(self, subject: RealtimeModel) -> None:
        again: list[object] = []
        async with subject.session() as session:
            session.on("session_reconnected", again.append)
            await session.update_instructions("You are brief.")
            await self.ask(session, WORDS)
            self.vendor.cut(answered=False)
            with _errors(session) as errors:
                cut = session.generate_reply(instructions=echo(WORDS))
                await until(lambda: again, "session_reconnected", within=self.patience)
                await asyncio.wait({cut}, timeout=self.patience)
            answer = await self.ask(session, OTHER_WORDS)
            told_again = self.vendor.asked().messages
        demand_same(answer.text, OTHER_WORDS, "the answer after the connection was made anew")
        demand_same([error.recoverable for error in errors], [True], "recoverable of the errors")
        demand(cut.done(), "the reply that was cut neither came nor failed")
        demand(("system", "You are brief.") in told_again, "the instructions were not told again")

    @sentence()
    async def test_an_answer_that_is_cut_ends(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            await self.ask(session, WORDS)
            self.vendor.cut(answered=True)
            asked = session.generate_reply(instructions=echo(WORDS))
            event = await self.soon(asked, "the beginning of an answer")
            answer = await self.soon(said_in(event), "the end of an answer that was cut")
        demand(WORDS.startswith(answer.text), f"the answer that was cut says {answer.text!r}")

    @sentence()
    async def test_a_malformed_message_ends_nothing(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            await self.ask(session, WORDS)
            with _errors(session) as errors:
                self.vendor.garble()
                asked = session.generate_reply(instructions=echo(WORDS))
                await until(lambda: errors, "the error event", within=self.patience)
                await asyncio.wait({asked}, timeout=self.patience)
            answer = await self.ask(session, OTHER_WORDS)
        error = errors[0].error
        demand(isinstance(error, APIError), f"a malformed message is {error!r}")
        demand(errors[0].recoverable, "a malformed message is said to end the conversation")
        demand_same(answer.text, OTHER_WORDS, "the answer after a malformed message")

    @sentence(alone=True)
    async def test_the_key_is_told_to_nobody(self, subject: RealtimeModel) -> None:
        with log_lines() as lines:
            async with subject.session() as session:
                await self.ask(session, WORDS)
                places = {"repr()": repr(subject) + repr(session)}
            self.vendor.refuse(401)
            async with subject.session() as session:
                with _errors(session) as errors:
                    asked = session.generate_reply(instructions=echo(WORDS))
                    error = await self._failure(asked, APIError)
        places["an error"] = told(error) + repr(vars(error))
        places["an event"] = "".join(told(each.error) + repr(vars(each.error)) for each in errors)
        places["the log"] = "\n".join(lines)
        with contextlib.suppress(HookMissing):
            places["a URL"] = " ".join(self.vendor.urls())
        found = [place for place, text in places.items() if self.secret in text]
        demand(not found, f"the key is in {', '.join(found)}")

    @sentence()
    async def test_closing_ends_every_stream_at_once(self, subject: RealtimeModel) -> None:
        open_before = self.vendor.open_connections()
        self.vendor.hold()
        session = subject.session()
        event = await self.soon(session.generate_reply(instructions=echo(WORDS)), "an answer")
        reading = asyncio.create_task(said_in(event), name="reading of an answer")
        waiting = session.generate_reply(instructions=echo(OTHER_WORDS))
        await asyncio.sleep(0)
        await session.aclose()
        await self.soon(reading, "the end of an answer whose conversation was closed")
        demand(waiting.done(), "a reply is waited for after the conversation was closed")
        if not waiting.cancelled():
            waiting.exception()
        await until(
            lambda: self.vendor.open_connections() <= open_before,
            "the connection closes",
            within=self.settle,
        )

    @sentence()
    async def test_closing_again_changes_nothing(self, subject: RealtimeModel) -> None:
        session = subject.session()
        await self.ask(session, WORDS)
        async with asyncio.timeout(self.patience):
            for closing in (session, subject):
                await asyncio.gather(*(closing.aclose() for _ in range(3)))
                await asyncio.create_task(closing.aclose(), name="another task")

    @sentence(alone=True)
    async def test_nothing_is_left_behind(self, subject: RealtimeModel) -> None:
        await subject.aclose()
        # Held, both: what nobody refers to may be closed by the collector, and not by aclose().
        first = await self._use_and_close()  # once for what lives as long as the process
        async with no_leaks(within=self.settle):
            second = await self._use_and_close()
        del first, second

    @sentence(alone=True)
    async def test_the_event_loop_is_never_blocked(self, subject: RealtimeModel) -> None:
        async with subject.session() as session:
            await self.ask(session, WORDS)
            async with never_blocked(longest=self.longest_block):
                await self.ask(session, WORDS)

    async def _use_and_close(self) -> RealtimeModel:
        subject = self.create(self.vendor)
        async with subject.session() as session:
            await self.speak(session, WORDS)
            await self.ask(session, WORDS)
            await self.soon(session.generate_reply(instructions=echo(WORDS)), "an answer")
        async with subject.session():
            await asyncio.sleep(0)
        await subject.aclose()
        return subject

    async def _failure(self, asked: Generated, kind: type[APIError]) -> APIError:
        within = self.timeout + self.grace
        await asyncio.wait({asked}, timeout=within)
        demand(asked.done(), f"the reply neither came nor failed in {within} s")
        error = asked.exception()
        if isinstance(error, kind):
            return error
        raise AssertionError(f"the reply failed with {error!r}, not {kind.__name__}")


@contextlib.contextmanager
def _errors(session: RealtimeSession) -> Iterator[list[PortError]]:
    errors: list[PortError] = []
    session.on("error", errors.append)
    try:
        yield errors
    finally:
        session.off("error", errors.append)
