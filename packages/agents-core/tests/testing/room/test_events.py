"""The log of what happened."""

from __future__ import annotations

import asyncio
import json

import pytest
from raw_rooms import run

from agents_core.testing.room import Event, NotSeen
from agents_core.testing.room.events import EventLog, News


def test_an_event_of_the_past_is_found_by_what_is_known_of_it() -> None:
    async def scenario() -> None:
        log = EventLog()
        log.say("joined", "one", "here", kind="agent")
        log.say("joined", "two", "here", kind="standard")

        assert (await log.wait_for("joined", kind="standard")).identity == "two"
        assert [event.identity for event in log.seen("joined")] == ["one", "two"]
        assert log.seen("joined", "two", kind="agent") == ()

    run(scenario)


def test_an_event_of_the_future_is_waited_for() -> None:
    async def scenario() -> None:
        log = EventLog()
        waiting = [asyncio.create_task(log.wait_for("left", "one")) for _ in range(3)]
        await asyncio.sleep(0)
        log.say("left", "two")
        log.say("left", "one")

        assert {event.identity for event in await asyncio.gather(*waiting)} == {"one"}

    run(scenario)


def test_what_did_not_happen_is_told_with_what_did() -> None:
    async def scenario() -> None:
        log = EventLog()
        log.say("joined", "one")
        with pytest.raises(NotSeen, match=r"no 'left' of 'one'.*joined one"):
            await log.wait_for("left", "one", within=0.01)

    run(scenario)


def test_whoever_wants_to_hears_every_event_as_it_happens() -> None:
    heard: list[Event] = []
    log = EventLog(heard.append)
    log.say("joined", "one", "here", kind="agent")

    flat = json.loads(json.dumps(heard[0].as_dict()))
    assert flat == {
        "event": "joined",
        "identity": "one",
        "room": "here",
        "kind": "agent",
        "at": heard[0].at,
    }
    assert heard[0]["kind"] == "agent"


def test_a_bell_wakes_those_who_wait_and_keeps_nothing_of_those_who_gave_up() -> None:
    async def scenario() -> None:
        news = News()
        patient, hasty = asyncio.create_task(news.wait()), asyncio.create_task(news.wait())
        await asyncio.sleep(0)
        hasty.cancel()
        await asyncio.gather(hasty, return_exceptions=True)
        news.ring()
        await patient

    run(scenario)
