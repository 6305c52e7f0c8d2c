"""What is done about a realtime conversation: sent, handed on, confirmed, told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agents_core.errors import APIError, APITimeoutError
from agents_core.realtime import Generated
from agents_plugin_openai._realtime_generations import Generation
from agents_plugin_openai._wire.realtime_state import (
    Began,
    Called,
    Confirmed,
    Effect,
    Failed,
    Hushed,
    Measured,
    MessageBegan,
    MessageEnded,
    Refused,
    Said,
    Send,
    Told,
)

if TYPE_CHECKING:
    from agents_plugin_openai._realtime_line import Line
    from agents_plugin_openai._realtime_session import RealtimeSession
    from agents_plugin_openai.realtime import RealtimeModel


class Effects:
    """Does them, and keeps what is owed: answers that go on, and futures that are waited for."""

    def __init__(self, session: RealtimeSession, model: RealtimeModel, line: Line) -> None:
        self.questions: dict[str, Generated] = {}
        """Answers that are asked for, by the name of the question."""
        self._session = session
        self._model = model
        self._generations: dict[str, Generation] = {}
        self._owed: dict[str, asyncio.Future[None]] = {}
        self._performers: Mapping[type, Callable[[Any], None]] = {
            Send: line.send,
            Confirmed: self._confirm,
            Refused: self._refuse,
            Began: self._begin,
            MessageBegan: self._begin_message,
            Said: self._say,
            MessageEnded: self._end_message,
            Called: self._call,
            Hushed: self._hush,
            Measured: self._measure,
            Told: self._tell,
            Failed: self._fail,
        }

    def perform(self, effect: Effect) -> None:
        """Do one."""
        self._performers[type(effect)](effect)

    async def confirmed(self, names: Sequence[str], *, within: float) -> None:
        """Wait until the service has confirmed what was sent under these names.

        Raises:
            APIError: it refused, or did not answer within so many seconds.
        """
        owed = [self._owe(name) for name in names]
        if not owed:
            return
        done, late = await asyncio.wait(owed, timeout=within)
        if error := next(filter(None, (future.exception() for future in done)), None):
            raise error
        if late:
            raise APITimeoutError("the model did not confirm in time")

    def _owe(self, name: str) -> asyncio.Future[None]:
        """What is done once that is confirmed, for all who wait for it."""
        if name not in self._owed:
            owed = self._owed[name] = asyncio.get_running_loop().create_future()
            owed.add_done_callback(lambda _: self._owed.pop(name, None))
        return self._owed[name]

    def end(self, error: APIError) -> None:
        """Nothing more is done: everything that is owed ends."""
        for name in (*self._owed, *self.questions):
            self._refuse(Refused(event_id=name, error=error))
        while self._generations:
            self._generations.popitem()[1].end()

    def _confirm(self, confirmed: Confirmed) -> None:
        future = self._owed.get(confirmed.event_id)
        if future is not None and not future.done():
            future.set_result(None)

    def _refuse(self, refused: Refused) -> None:
        name = refused.event_id
        future: asyncio.Future[Any] | None = self._owed.get(name) or self.questions.get(name)
        if future is not None and not future.done():
            future.set_exception(refused.error)
            future.exception()  # who does not wait any more was told by the event

    def _begin(self, began: Began) -> None:
        generation = self._generations[began.response_id] = Generation(began)
        question = self.questions.get(began.event_id or "")
        if question is not None and question.done():
            self._session.interrupt()  # taken back in this very moment
            return
        event = generation.announcement()
        if question is not None:
            question.set_result(event)
        self._session.emit("generation_created", event)

    def _begin_message(self, begun: MessageBegan) -> None:
        self._generations[begun.response_id].message(begun)

    def _say(self, said: Said) -> None:
        self._generations[said.response_id].say(said)

    def _end_message(self, ended: MessageEnded) -> None:
        self._generations[ended.response_id].end_message(ended)

    def _call(self, called: Called) -> None:
        self._generations[called.response_id].call(called)

    def _hush(self, hushed: Hushed) -> None:
        generation = self._generations.get(hushed.response_id)
        if generation is not None:
            generation.end()
        if hushed.over:
            self._generations.pop(hushed.response_id, None)

    def _measure(self, measured: Measured) -> None:
        generation = self._generations.pop(measured.response_id, None)
        if generation is not None:
            metrics = generation.metrics(measured, self._model)
            self._session.emit("metrics_collected", metrics)

    def _tell(self, told: Told) -> None:
        self._session.emit(told.event, told.value)

    def _fail(self, failed: Failed) -> None:
        self._session.failed(failed.error, recoverable=not failed.fatal)
