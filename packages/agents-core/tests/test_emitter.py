from __future__ import annotations

from typing import Any, Literal

import pytest

from agents_core.emitter import Emitter


def emitter() -> Emitter[Literal["said", "done"]]:
    return Emitter()


def test_all_who_listen_are_told_in_the_order_of_asking() -> None:
    heard: list[Any] = []
    told = emitter()
    told.on("said", lambda text: heard.append(("first", text)))

    @told.on("said")
    def second(text: str) -> None:
        heard.append(("second", text))

    told.emit("said", "hello")
    told.emit("done")

    assert heard == [("first", "hello"), ("second", "hello")]


def test_once_is_told_once_even_if_it_emits_again() -> None:
    heard: list[str] = []
    told = emitter()

    @told.once("said")
    def hear(text: str) -> None:
        heard.append(text)
        told.emit("said", "again")

    told.once("done", lambda: heard.append("done"))
    told.emit("said", "one")
    told.emit("said", "two")
    told.emit("done")
    told.emit("done")

    assert heard == ["one", "done"]


def test_who_listens_no_more_is_told_no_more_also_while_others_are() -> None:
    heard: list[str] = []
    told = emitter()

    def first() -> None:
        heard.append("first")
        told.off("said", second)

    def second() -> None:
        heard.append("second")

    told.on("said", first)
    told.on("said", second)
    told.emit("said")
    told.emit("said")
    told.off("said", second)

    assert heard == ["first", "second", "first"]


def test_a_listener_gets_as_many_arguments_as_it_takes() -> None:
    heard: list[Any] = []
    told = emitter()
    told.on("said", lambda: heard.append(()))
    told.on("said", lambda *every: heard.append(every))
    told.on("said", heard.append)
    told.emit("said", 1)

    assert heard == [(), (1,), 1]


def test_a_listener_that_raises_is_logged_and_the_others_are_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[int] = []
    told = emitter()

    def broken() -> None:
        raise ValueError("a bad listener")

    told.on("said", broken)
    told.on("said", lambda: heard.append(1))
    told.emit("said")

    assert heard == [1]
    assert "a bad listener" in caplog.text
    assert "broken failed at said" in caplog.text


def test_a_coroutine_function_is_refused_with_a_way_out() -> None:
    async def nobody_awaits() -> None: ...

    for listen in (emitter().on, emitter().once):
        with pytest.raises(ValueError, match=r"asyncio\.create_task"):
            listen("said", nobody_awaits)
