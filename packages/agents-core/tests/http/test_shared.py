from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

import pytest
from aiohttp import web
from served import served

from agents_core.errors import APIConnectionError, APIError, APIStatusError, APITimeoutError
from agents_core.http import HttpClient, SharedSocket, Socket
from agents_core.testing.leaks import no_leaks
from agents_core.testing.running import run
from agents_core.testing.watching import until

Talk: TypeAlias = Callable[[web.WebSocketResponse, web.Request], Awaitable[object]]


def name_of(message: str | bytes) -> str | None:
    name: str | None = json.loads(message)["for"]
    return name


@dataclasses.dataclass
class Place:
    """A shared socket, and what its vendor saw."""

    shared: SharedSocket
    opened: list[web.Request] = dataclasses.field(default_factory=list)
    closed: asyncio.Queue[None] = dataclasses.field(default_factory=asyncio.Queue)


@contextlib.asynccontextmanager
async def sharing(  # noqa: PLR0913 - those of a shared socket, by name
    talk: Talk,
    *,
    read: Callable[[str | bytes], str | None] = name_of,
    is_last: Callable[[str | bytes], bool] | None = None,
    most: int | None = None,
    idle: float = 60.0,
    longest: float | None = None,
) -> AsyncIterator[Place]:
    async def serve(request: web.Request) -> web.StreamResponse:
        place.opened.append(request)
        socket = web.WebSocketResponse()
        try:
            await socket.prepare(request)
            await talk(socket, request)
            return socket
        finally:
            place.closed.put_nowait(None)

    def connect(timeout: float) -> AbstractAsyncContextManager[Socket]:
        return client.connect(url, timeout=timeout)

    client = HttpClient("Example")
    async with served(serve) as url:
        shared = SharedSocket(
            connect,
            provider="Example",
            name_of=read,
            is_last=is_last,
            most=most,
            idle=idle,
            longest=longest,
        )
        place = Place(shared)
        async with no_leaks():
            try:
                yield place
            finally:
                await shared.aclose()
                await client.aclose()


async def echo(socket: web.WebSocketResponse, _request: web.Request) -> None:
    async for message in socket:
        await socket.send_str(message.data)


async def ask(shared: SharedSocket, name: str, *, timeout: float = 5.0) -> object:
    async with shared.conversation(name, timeout=timeout) as conversation:
        await conversation.send({"for": name})
        conversation.expect()
        answer = await conversation.receive()
        assert answer is not None
        return json.loads(answer)["for"]


def test_conversations_that_begin_at_once_open_one_socket_and_later_ones_use_it_again() -> None:
    async def work() -> None:
        async with sharing(echo) as place:
            names = [str(number) for number in range(5)]
            assert await asyncio.gather(*(ask(place.shared, name) for name in names)) == names
            assert await ask(place.shared, "later") == "later"
            assert len(place.opened) == 1
            assert place.closed.empty()

    run(work())


def test_each_conversation_hears_what_is_for_it_and_what_is_for_all() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        await socket.receive()
        for name in ("b", "a", "nobody", None, "b"):
            await socket.send_str(json.dumps({"for": name}))
        await socket.close()

    async def work() -> None:
        async with sharing(talk) as place, place.shared.conversation("a", timeout=5) as one:
            async with place.shared.conversation("b", timeout=5) as other:
                await one.send("begin")
                heard = [[name_of(message) async for message in each] for each in (one, other)]
            assert heard == [["a", None], ["b", None, "b"]]

    run(work())


def test_a_name_is_taken_until_it_is_left() -> None:
    async def work() -> None:
        async with sharing(echo) as place:
            async with place.shared.conversation("a", timeout=5) as first:
                with pytest.raises(ValueError, match="a conversation 'a' with Example"):
                    await ask(place.shared, "a")
                await first.send({"for": "a"})
                assert await first.receive() is not None
            assert await ask(place.shared, "a") == "a"

    run(work())


def test_one_who_is_slow_does_not_keep_the_others_waiting() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        await socket.receive()
        for _ in range(64):
            await socket.send_str(json.dumps({"for": "slow", "sound": "x" * 65536}))
        await socket.send_str(json.dumps({"for": "quick"}))
        await socket.receive()

    async def work() -> None:
        async with sharing(talk) as place, place.shared.conversation("slow", timeout=5) as slow:
            await slow.send("begin")
            async with place.shared.conversation("quick", timeout=5) as quick:
                assert await quick.receive() == '{"for": "quick"}'
            assert [name_of(await slow.receive() or "") for _ in range(64)] == ["slow"] * 64

    run(work())


async def _hang_up(socket: web.WebSocketResponse, _request: web.Request) -> None:
    await socket.receive()
    await socket.close()


async def _refuse(socket: web.WebSocketResponse, _request: web.Request) -> None:
    await socket.receive()
    await socket.close(code=1008, message=b"because")


async def _cut(socket: web.WebSocketResponse, request: web.Request) -> None:
    await socket.receive()
    assert request.transport is not None
    request.transport.abort()


async def _garble(socket: web.WebSocketResponse, _request: web.Request) -> None:
    await socket.receive()
    await socket.send_str('{"for": ')
    await socket.receive()


@pytest.mark.parametrize(
    ("talk", "kind", "retryable"),
    [
        (_refuse, APIStatusError, False),
        (_cut, APIConnectionError, True),
        (_garble, APIError, True),
    ],
)
def test_what_ends_the_socket_ends_every_conversation_and_the_next_one_opens_another(
    talk: Talk, kind: type[APIError], *, retryable: bool
) -> None:
    talks = [talk, echo]

    async def one_after_the_other(socket: web.WebSocketResponse, request: web.Request) -> None:
        await talks.pop(0)(socket, request)

    async def work() -> None:
        async with sharing(one_after_the_other) as place:
            async with (
                place.shared.conversation("a", timeout=5) as one,
                place.shared.conversation("b", timeout=5) as other,
            ):
                await one.send("begin")
                for hear in (one.receive, other.receive, other.receive):
                    with pytest.raises(kind) as caught:
                        await hear()
                    assert caught.value.retryable is retryable
                with pytest.raises(kind):
                    await other.send("too late")
                assert await ask(place.shared, "c") == "c"
            assert await ask(place.shared, "d") == "d"
            assert len(place.opened) == 2

    run(work())


def test_a_goodbye_is_the_end_for_all_and_stays_it() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        await socket.send_str(await socket.receive_str())
        await socket.close()

    async def work() -> None:
        async with sharing(talk) as place, place.shared.conversation("a", timeout=5) as one:
            await one.send({"for": "a"})
            assert [await one.receive() for _ in range(3)] == ['{"for": "a"}', None, None]
            with pytest.raises(APIConnectionError, match="hung up"):
                await one.send("too late")

    run(work())


def test_leaving_closes_nothing_and_what_still_comes_is_dropped() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        async for message in socket:
            await asyncio.sleep(0.02)
            await socket.send_str(message.data)

    async def work() -> None:
        async with sharing(talk) as place:
            async with place.shared.conversation("a", timeout=5) as hasty:
                await hasty.send({"for": "a"})
            assert await ask(place.shared, "b") == "b"
            assert len(place.opened) == 1
            assert place.closed.empty()

    run(work())


def test_the_silence_that_one_bears_is_not_that_of_another() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        async for _ in socket:
            await asyncio.sleep(0.3)
            await socket.send_str('{"for": "patient"}')

    async def work() -> None:
        async with (
            sharing(talk) as place,
            place.shared.conversation("patient", timeout=5) as patient,
            place.shared.conversation("hurried", timeout=0.1) as hurried,
        ):
            await patient.send("begin")
            patient.expect()
            hurried.expect()
            with pytest.raises(APITimeoutError):
                await hurried.receive()
            assert await patient.receive() == '{"for": "patient"}'

    run(work())


def test_a_socket_that_nobody_needs_is_closed_after_a_while() -> None:
    async def work() -> None:
        async with sharing(echo, idle=0.1) as place:
            await ask(place.shared, "a")
            await asyncio.sleep(0.05)
            async with place.shared.conversation("b", timeout=5):
                await asyncio.sleep(0.2)
                assert place.closed.empty()
            await asyncio.wait_for(place.closed.get(), 2)
            assert await ask(place.shared, "c") == "c"
            assert len(place.opened) == 2

    run(work())


def test_another_socket_is_opened_where_one_bears_no_more() -> None:
    async def work() -> None:
        async with sharing(echo, most=2) as place:
            async with place.shared.conversation("a", timeout=5):
                async with place.shared.conversation("b", timeout=5):
                    assert await ask(place.shared, "c") == "c"
                    assert len(place.opened) == 2
                assert await ask(place.shared, "d") == "d"
            assert len(place.opened) == 2

    run(work())


def test_one_that_was_dismissed_counts_until_the_vendor_has_ended_it() -> None:
    async def talk(socket: web.WebSocketResponse, _request: web.Request) -> None:
        async for message in socket:
            asked = json.loads(message.data)
            if "stop" in asked:
                await asked_to_stop.wait()
                asked = {**asked, "last": True}
            await socket.send_json(asked)

    asked_to_stop = asyncio.Event()

    def is_last(message: str | bytes) -> bool:
        return "last" in json.loads(message)

    async def work() -> None:
        async with (
            sharing(talk, is_last=is_last, most=2) as place,
            place.shared.conversation("a", timeout=5) as one,
        ):
            async with place.shared.conversation("b", timeout=5) as other:
                await other.dismiss({"for": "b", "stop": True})
            assert await ask(place.shared, "c") == "c"
            assert len(place.opened) == 2
            asked_to_stop.set()
            await one.send({"for": "a"})
            assert await one.receive() == '{"for": "a"}'
            async with (
                place.shared.conversation("d", timeout=5),
                place.shared.conversation("e", timeout=5),
            ):
                assert len(place.opened) == 2

    run(work())


def test_whose_vendor_tells_of_no_end_makes_room_when_it_is_left() -> None:
    async def work() -> None:
        async with sharing(echo, most=2) as place, place.shared.conversation("a", timeout=5):
            async with place.shared.conversation("b", timeout=5) as other:
                await other.dismiss({"for": "b"})
            assert await ask(place.shared, "c") == "c"
            assert len(place.opened) == 1

    run(work())


def test_dismissing_waits_for_no_vendor_that_does_not_read() -> None:
    async def talk(_socket: web.WebSocketResponse, _request: web.Request) -> None:
        await asyncio.sleep(60)

    async def work() -> float:
        loop = asyncio.get_running_loop()
        async with sharing(talk) as place, place.shared.conversation("a", timeout=20) as one:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await one.send("x" * 30_000_000)
            began = loop.time()
            await one.dismiss({"for": "a"})
            return loop.time() - began

    assert run(work()) < 2


def test_no_conversation_begins_on_a_socket_that_is_too_old() -> None:
    async def work() -> None:
        async with sharing(echo, longest=0.05) as place:
            async with place.shared.conversation("a", timeout=5) as old:
                await asyncio.sleep(0.1)
                assert await ask(place.shared, "b") == "b"
                assert len(place.opened) == 2
                await old.send({"for": "a"})
                assert await old.receive() == '{"for": "a"}'
                assert place.closed.empty()
            await asyncio.wait_for(place.closed.get(), 2)

    run(work())


def test_closing_fails_for_good_what_is_open_and_the_next_conversation_opens_another() -> None:
    async def work() -> None:
        async with sharing(echo) as place:
            async with place.shared.conversation("a", timeout=5) as conversation:
                waiting = asyncio.create_task(conversation.receive())
                await asyncio.sleep(0.01)
                await asyncio.gather(place.shared.aclose(), place.shared.aclose())
                with pytest.raises(APIConnectionError, match="closed here") as caught:
                    await waiting
                assert not caught.value.retryable
            await asyncio.wait_for(place.closed.get(), 2)
            assert await ask(place.shared, "a") == "a"
            assert len(place.opened) == 2

    run(work())


def test_closing_does_not_wait_for_a_vendor_that_hangs() -> None:
    async def talk(_socket: web.WebSocketResponse, _request: web.Request) -> None:
        await asyncio.sleep(60)

    async def work() -> float:
        loop = asyncio.get_running_loop()
        async with sharing(talk) as place, place.shared.conversation("a", timeout=5):
            began = loop.time()
            await place.shared.aclose()
            return loop.time() - began

    assert run(work()) < 2


def test_whoever_waits_for_the_socket_hears_that_it_cannot_be_opened() -> None:
    def connect(timeout: float) -> AbstractAsyncContextManager[Socket]:
        return client.connect("http://127.0.0.1:1/", timeout=timeout)

    client = HttpClient("Example")

    async def work() -> None:
        async with no_leaks():
            shared = SharedSocket(connect, provider="Example", name_of=name_of)
            asking = (ask(shared, name) for name in "ab")
            errors = await asyncio.gather(*asking, return_exceptions=True)
            assert [type(error) for error in errors] == [APIConnectionError] * 2
            assert "cannot be reached" in str(errors[1])
            await client.aclose()

    run(work())


def test_a_socket_that_does_not_open_is_given_up_with_the_last_one_who_waits() -> None:
    @contextlib.asynccontextmanager
    async def connect(_timeout: float) -> AsyncIterator[Socket]:
        opening.append(None)
        await asyncio.sleep(60)
        yield None  # type: ignore[misc]  # it never gets here

    opening: list[None] = []

    async def work() -> None:
        shared = SharedSocket(connect, provider="Example", name_of=name_of)
        async with no_leaks():
            cancelled = asyncio.create_task(ask(shared, "a"))
            with pytest.raises(APITimeoutError):
                await ask(shared, "b", timeout=0.05)
            cancelled.cancel()
            await asyncio.wait({cancelled})
        assert len(opening) == 1

    run(work())


def test_a_mistake_of_the_plugin_is_raised_as_it_is() -> None:
    def wrong(_message: str | bytes) -> str | None:
        raise RuntimeError("a defect")

    async def work() -> None:
        async with sharing(echo, read=wrong) as place:
            await ask(place.shared, "a")

    with pytest.raises(RuntimeError, match="a defect"):
        run(work())


def test_what_was_opened_ahead_is_there_for_the_first_conversation() -> None:
    async def work() -> None:
        async with sharing(echo) as place:
            place.shared.open(timeout=5.0)
            place.shared.open(timeout=5.0)
            await until(lambda: place.opened, "it is open before anybody talks", within=5)
            assert await ask(place.shared, "a") == "a"
            place.shared.open(timeout=5.0)
            assert await ask(place.shared, "b") == "b"
            assert len(place.opened) == 1

    run(work())


def test_what_nobody_uses_is_closed_when_its_time_is_up() -> None:
    async def work() -> None:
        async with sharing(echo, idle=0.1) as place:
            place.shared.open(timeout=5.0)
            async with asyncio.timeout(5):
                await place.closed.get()
            assert await ask(place.shared, "a") == "a"
            assert len(place.opened) == 2

    run(work())


def test_what_is_in_use_is_not_closed_because_it_was_to_be_opened_ahead() -> None:
    async def work() -> None:
        async with (
            sharing(echo, idle=0.1) as place,
            place.shared.conversation("a", timeout=5.0) as conversation,
        ):
            place.shared.open(timeout=5.0)
            await asyncio.sleep(0.3)
            await conversation.send({"for": "a"})
            assert await conversation.receive() == '{"for": "a"}'

    run(work())


def test_who_cannot_be_reached_ahead_is_asked_again() -> None:
    refused: list[web.Request] = []

    async def talk(socket: web.WebSocketResponse, request: web.Request) -> None:
        if not refused:
            refused.append(request)
            await socket.close()
            return
        await echo(socket, request)

    async def work() -> None:
        async with sharing(talk) as place:
            place.shared.open(timeout=5.0)
            async with asyncio.timeout(5):
                await place.closed.get()
            await asyncio.sleep(0.05)
            assert await ask(place.shared, "a") == "a"

    run(work())


def test_without_an_event_loop_there_is_nothing_to_open() -> None:
    client = HttpClient("Example")
    shared = SharedSocket(
        lambda timeout: client.connect("http://127.0.0.1:1/", timeout=timeout),
        provider="Example",
        name_of=name_of,
    )
    shared.open(timeout=5.0)
