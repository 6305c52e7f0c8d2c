"""Calls between two who have nothing but packets."""

from __future__ import annotations

import asyncio
import logging

import pytest
from livekit.protocol import models
from raw_rooms import run

from agents_core.testing.room.rpc import Calls, RpcFailed


def pair() -> tuple[Calls, Calls]:
    """Two ends, ``one`` and ``two``, of the same wire."""
    ends: dict[str, Calls] = {}

    def sender(name: str) -> Calls:
        def send(packet: models.DataPacket, to: str) -> None:
            packet.participant_identity = name
            ends[to].take(packet)

        ends[name] = Calls(send)
        return ends[name]

    return sender("one"), sender("two")


def test_a_method_answers_at_once_or_later() -> None:
    async def scenario() -> None:
        one, two = pair()

        async def later(payload: str, identity: str) -> str:
            await asyncio.sleep(0)
            return f"{payload} {identity}"

        two.register("now", str.join)
        two.register("later", later)

        assert await one.call("two", "now", "-", within=5) == "o-n-e"
        assert await one.call("two", "later", "so", within=5) == "so one"

    run(scenario)


def test_an_error_comes_back_with_its_code() -> None:
    async def scenario() -> None:
        one, two = pair()

        def refuse(_payload: str, _identity: str) -> str:
            raise RpcFailed("no", code=7, data="d")

        two.register("refuse", refuse)
        with pytest.raises(RpcFailed, match="no") as failed:
            await one.call("two", "refuse", "", within=5)
        assert (failed.value.code, failed.value.data) == (7, "d")
        with pytest.raises(RpcFailed, match="not supported") as failed:
            await one.call("two", "unknown", "", within=5)
        assert failed.value.code == 1400

    run(scenario)


def test_a_method_that_raises_is_logged_here_and_tells_nothing_there(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        one, two = pair()

        def fail(_payload: str, _identity: str) -> str:
            raise LookupError("private")

        two.register("fail", fail)
        with pytest.raises(RpcFailed) as failed:
            await one.call("two", "fail", "", within=5)
        assert failed.value.code == 1500
        assert "private" not in str(failed.value)

    with caplog.at_level(logging.ERROR, "agents_core.testing"):
        run(scenario)
    assert "the method 'fail' raised" in caplog.text


def test_whoever_does_not_answer_in_time_has_failed() -> None:
    async def scenario() -> None:
        one, two = pair()

        async def never(_payload: str, _identity: str) -> str:
            return await asyncio.get_running_loop().create_future()

        two.register("never", never)
        with pytest.raises(RpcFailed, match="did not answer") as failed:
            await one.call("two", "never", "", within=0.05)
        assert failed.value.code == 1502
        await two.aclose()

    run(scenario)
