"""A speech, from the moment it is meant to be said."""

from __future__ import annotations

import asyncio

import pytest
from parley import run

from agents_core.session.speech import SpeechHandle


def speech(*, allow: bool = True, asked: list[SpeechHandle] | None = None) -> SpeechHandle:
    noted: list[SpeechHandle] = [] if asked is None else asked
    return SpeechHandle(allow_interruptions=allow, source="say", asked=noted.append)


def test_it_is_awaited_to_its_end_and_never_raises() -> None:
    async def work() -> None:
        handle = speech()
        with pytest.raises(asyncio.InvalidStateError):
            handle.exception()
        asyncio.get_running_loop().call_soon(handle.finish, ValueError("broken"))
        assert await handle is handle
        assert str(handle.exception()) == "broken"
        handle.finish(None)
        assert str(handle.exception()) == "broken"

    run(work())


def test_it_is_stopped_once_and_by_force_where_it_may_not_be() -> None:
    async def work() -> None:
        asked: list[SpeechHandle] = []
        handle = speech(allow=False, asked=asked)
        with pytest.raises(RuntimeError, match="does not allow"):
            handle.interrupt()
        handle.interrupt(force=True)
        handle.interrupt(force=True)
        assert asked == [handle]
        with pytest.raises(RuntimeError, match="interrupted already"):
            handle.allow_interruptions = False

    run(work())


def test_whoever_silences_it_is_called_at_once_even_if_it_comes_late() -> None:
    async def work() -> None:
        silenced: list[str] = []
        handle = speech()
        handle.silenced_by(lambda: silenced.append("now"))
        handle.cut()
        handle.silenced_by(lambda: silenced.append("late"))
        assert silenced == ["now", "late"]
        assert handle.stop.is_set()

    run(work())


def test_callbacks_are_called_once_though_one_of_them_fails() -> None:
    async def work() -> None:
        called: list[SpeechHandle] = []
        handle = speech()
        handle.add_done_callback(lambda _: 1 / 0)
        handle.add_done_callback(called.append)
        unwanted = called.append
        handle.add_done_callback(unwanted)
        handle.remove_done_callback(unwanted)
        assert called == []
        handle.finish()
        handle.add_done_callback(called.append)
        await asyncio.sleep(0)
        assert called == [handle]

    run(work())
