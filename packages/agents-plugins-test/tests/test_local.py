"""A vendor on loopback, of which a small one is made here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import aiohttp
import pytest
from aiohttp import web

from agents_core.testing.watching import until
from agents_plugins_test.answers import Answer
from agents_plugins_test.local import LocalVendor, pieces

KEY = {"Authorization": "Bearer a-key"}


class Parrot(LocalVendor):
    """Answers what it is sent in two parts, over HTTP and over one websocket for many requests."""

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            self.answer("POST", "/say", self._say),
            self.converse("/talk", self._talk),
            self.converse("/chat", self._chat, many=True),
        ]

    async def _say(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        text = await request.text()
        self.texts.append(text)
        self.asked_for = {"text": text}
        if answer.complains:
            return web.json_response({"error": "no"}, status=400)
        if bad := answer.bad(broken="{", lacking="{}"):
            return web.Response(text=bad)
        response = web.StreamResponse()
        for part in (text[:1], text[1:]):
            await answer.part()
            if not response.prepared:
                await response.prepare(request)
            await response.write(part.encode())
        return response

    async def _talk(self, socket: web.WebSocketResponse, answer: Answer) -> None:
        async for message in socket:
            await answer.part()
            await socket.send_str(message.data)

    async def _chat(self, socket: web.WebSocketResponse, opened: Answer) -> None:
        async for message in socket:
            async with self.answering(opened.request) as answer:
                if answer.fault is not None and answer.fault.kind == "refuse":
                    await socket.send_str(str(answer.fault.status))
                    continue
                await answer.part()
                await socket.send_str(message.data)


Story = Callable[[Parrot, aiohttp.ClientSession], Awaitable[None]]


def tell(story: Story, *, api_key: str | None = None) -> Parrot:
    async def told() -> Parrot:
        async with (
            asyncio.timeout(10),
            Parrot(api_key=api_key) as vendor,
            aiohttp.ClientSession(vendor.url, headers=KEY) as session,
        ):
            await story(vendor, session)
        return vendor

    return asyncio.run(told())


async def say(session: aiohttp.ClientSession, text: str = "hello") -> str:
    async with session.post("/say", data=text) as response:
        response.raise_for_status()
        return await response.text()


async def listen(session: aiohttp.ClientSession, came: list[bytes]) -> None:
    async with session.post("/say", data="hello") as response:
        async for part in response.content.iter_any():
            came.append(part)  # noqa: PERF401 - what came before the line is cut counts


def test_it_counts_and_remembers_what_it_is_asked() -> None:
    async def story(vendor: Parrot, session: aiohttp.ClientSession) -> None:
        assert await say(session) == "hello"
        assert (vendor.requests(), vendor.open_connections()) == (1, 0)

    vendor = tell(story)

    assert vendor.urls() == (f"{vendor.url}/say",)
    assert (vendor.text_received(), vendor.settings()) == ("hello", {"text": "hello"})


@pytest.mark.parametrize(("key", "status"), [("a-key", 200), ("another", 401)])
def test_who_has_not_its_key_is_refused(key: str, status: int) -> None:
    async def story(_: Parrot, session: aiohttp.ClientSession) -> None:
        async with session.post("/say", data="x") as response:
            assert response.status == status
        async with session.post("/say", data="x", headers={"Authorization": ""}) as response:
            assert response.status == 401

    tell(story, api_key=key)


def test_a_refusal_meets_as_many_requests_as_was_asked_and_says_when_to_come_back() -> None:
    async def story(vendor: Parrot, session: aiohttp.ClientSession) -> None:
        vendor.refuse(429, times=2, retry_after=3)
        for path in ("/say", "/talk"):
            async with session.request("GET" if path == "/talk" else "POST", path) as response:
                assert (response.status, response.headers["Retry-After"]) == (429, "3")
                assert response.headers["X-Request-Id"]
                assert "error" in await response.json()
        assert await say(session) == "hello"

    assert tell(story).requests() == 3


@pytest.mark.parametrize(("answered", "text"), [(False, b""), (True, b"h")])
def test_the_line_is_cut_before_or_after_the_first_part(answered: bool, text: bytes) -> None:
    async def story(vendor: Parrot, session: aiohttp.ClientSession) -> None:
        vendor.cut(answered=answered)
        came: list[bytes] = []
        with pytest.raises(aiohttp.ClientError):
            await listen(session, came)
        assert b"".join(came) == text
        assert await say(session) == "hello"

    assert tell(story).open_connections() == 0


def test_a_websocket_is_cut_too() -> None:
    async def story(vendor: Parrot, session: aiohttp.ClientSession) -> None:
        vendor.cut(answered=True)
        async with session.ws_connect("/talk") as socket:
            await socket.send_str("a")
            assert (await socket.receive()).data == "a"
            await socket.send_str("b")
            assert (await socket.receive()).type != aiohttp.WSMsgType.TEXT

    tell(story)


def test_it_garbles_and_complains() -> None:
    async def story(vendor: Parrot, session: aiohttp.ClientSession) -> None:
        vendor.garble()
        vendor.garble(lacking=True)
        assert [await say(session), await say(session)] == ["{", "{}"]
        vendor.complain()
        with pytest.raises(aiohttp.ClientResponseError):
            await say(session)

    tell(story)


def test_it_stalls_until_the_line_is_closed() -> None:
    async def story(vendor: Parrot, session: aiohttp.ClientSession) -> None:
        vendor.stall()
        asking = asyncio.create_task(say(session))
        await until(lambda: vendor.open_connections() == 1, "it is asked", within=5)
        await asyncio.sleep(0.05)
        assert not asking.done()
        asking.cancel()
        await asyncio.wait([asking])
        await until(lambda: vendor.open_connections() == 0, "the line is closed", within=5)

    tell(story)


def test_it_holds_all_but_the_first_part_until_it_is_told_to_go_on() -> None:
    async def story(vendor: Parrot, session: aiohttp.ClientSession) -> None:
        vendor.hold()
        async with session.post("/say", data="hello") as response:
            assert await response.content.readany() == b"h"
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(response.content.readany(), 0.05)
            vendor.release()
            assert await response.content.read() == b"ello"

    tell(story)


def test_of_many_requests_on_one_socket_each_is_counted_and_may_fail() -> None:
    async def story(vendor: Parrot, session: aiohttp.ClientSession) -> None:
        async with session.ws_connect("/chat") as socket:
            vendor.refuse(503)
            for sent, came in (("a", "503"), ("b", "b")):
                await socket.send_str(sent)
                assert (await socket.receive()).data == came
            assert vendor.requests() == 2
            vendor.refuse(401)
            async with session.get("/chat") as response:
                assert response.status == 401

    vendor = tell(story)

    assert len(vendor.seen) == 2


def test_sound_is_cut_in_the_middle_of_samples() -> None:
    sound = bytes(range(256)) * 40

    assert b"".join(pieces(sound)) == sound
    assert {len(piece) % 2 for piece in pieces(sound)} == {1, 0}
