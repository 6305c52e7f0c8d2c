"""What has been said in a conversation, and what is being said."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agents_core.chat import ChatItem, ChatMessage
from agents_core.chat.items import new_id
from agents_core.errors import APIError, APITimeoutError
from agents_core.realtime import (
    InputSpeechStarted,
    InputSpeechStopped,
    InputTranscriptionCompleted,
    RealtimeSession,
    RemoteItemAdded,
)
from agents_plugin_google._answer import Answer, Question, measure
from agents_plugin_google._calls import Calls
from agents_plugin_google._outbox import Outbox
from agents_plugin_google._record import Record
from agents_plugin_google._wire import events as on
from agents_plugin_google._wire import talk as words
from agents_plugin_google._wire import turns
from agents_plugin_google._wire.heard import Heard

if TYPE_CHECKING:
    from agents_plugin_google.realtime import RealtimeModel


class Conversation:
    """Tells the session's listeners what Google says, and keeps a record of it."""

    def __init__(self, session: RealtimeSession, model: RealtimeModel, outbox: Outbox) -> None:
        handle: Any = (model.talk.session_resumption or {}).get("handle")
        self.record = Record(handle)
        self.turns = turns.Turns(writes=model.talk.writes)
        self.connected = False
        self.going_away = False
        self.in_turn = False
        """Whether the user's turn has begun by hand."""
        self._session = session
        self._model = model
        self._outbox = outbox
        self._questions: deque[Question] = deque()
        self._current: Question | None = None
        """The one that was asked, and whose answer has not begun."""
        self._answers_question = False
        self._asked_at: float | None = None
        self._answer: Answer | None = None
        self._last: Answer | None = None
        self._calls = Calls()
        self._user_item = new_id()

    @property
    def quiet(self) -> bool:
        """Whether nothing is lost where the connection is made anew now."""
        return not (self.turns.engaged or self._calls.awaited)

    def open(self, *, resumed: bool) -> list[Mapping[str, Any]]:
        """A connection is there; given is what has to be sent on it first."""
        self._outbox.begin_anew()
        self.connected, self.going_away = True, False
        content = words.format_items(items := self.record.reopen(resumed=resumed))
        if content and self._calls.answer(items):
            content["clientContent"]["turnComplete"] = True
        opens = words.opens_turn(self._outbox.messages, in_turn=self.in_turn)
        return [*([content] if content else []), *([words.ACTIVITY_START] if opens else [])]

    def lose(self, error: APIError | None) -> None:
        """The connection is gone; a question whose answer has not begun is asked again."""
        was_connected, self.connected = self.connected, False
        self.turns, events = turns.lose(self.turns)
        self._take_all(events)
        question, self._current = self._current, None
        if question is not None:
            if was_connected and isinstance(error, APITimeoutError):
                question.fail(error)
            self._questions.appendleft(question)
        self._calls.lose()

    def close(self, error: APIError) -> None:
        """It is over: let everyone who waits come to an end."""
        self.lose(None)
        for question in self._questions:
            question.fail(error)
        self._questions.clear()

    def hear(self, heard: Heard) -> None:
        """Google said something."""
        self.turns, events = turns.hear(self.turns, heard)
        self._take_all(events)
        self.ask_next()

    def spoil(self, error: APIError) -> None:
        """Google said something that cannot be read."""
        self.turns, events = turns.spoil(self.turns)
        self._take_all(events)
        question, self._current = self._current, None
        if question is not None:
            question.fail(error)
        self.ask_next()

    def ask(self, question: Question) -> None:
        """Ask, once it is the turn of this question."""
        self._questions.append(question)
        self.ask_next()

    def ask_next(self) -> None:
        """Ask the next question, where there is one and nothing is asked."""
        while self._questions and self._questions[0].taken_back:
            self._questions.popleft()
        busy = self._current is not None or self._answers_question
        if busy or not self.connected or not self._questions:
            return
        self._current = self._questions.popleft()
        self.turns = turns.ask(self.turns)
        self._asked_at = time.monotonic()
        self._outbox.put(words.format_question(self._current.instructions))

    def interrupt(self) -> None:
        """Nobody wants to hear the answer any more."""
        self._mute()
        self.ask_next()

    def allow_calls(self, *, allowed: bool) -> None:
        """Whether tools may be called."""
        self.turns = replace(self.turns, calls_allowed=allowed)

    def tell(self, added: Sequence[ChatItem]) -> list[asyncio.Future[None]]:
        """Send what was added to the conversation; the futures are done when it was sent."""
        outputs, others = words.sort_outputs(
            added, awaited=self._calls.awaited, called_off=self._calls.called_off
        )
        self._calls.answer(added)
        letters = []
        complete = words.with_calls(others, self.record.chat_ctx.items)
        if content := words.format_items(complete):
            # Of a tool whose call another connection brought: nobody waits for it, so ask.
            content["clientContent"]["turnComplete"] = len(complete) > len(others)
            self.turns = turns.tell(self.turns)
            letters.append(self._send(content, others))
        if outputs:
            scheduling = self._model.talk.tool_response_scheduling
            message = words.format_outputs(outputs, scheduling=scheduling)
            letters.append(self._send(message, outputs))
        return letters

    def _send(self, message: dict[str, Any], items: Sequence[ChatItem]) -> asyncio.Future[None]:
        sent = self._outbox.put(message).sent
        sent.add_done_callback(lambda _: self.record.was_told(items))
        return sent

    def _take_all(self, events: Iterable[on.Event]) -> None:
        for event in events:
            self._take(event)

    def _take(self, event: on.Event) -> None:
        match event:
            case on.SpeechStarted() | on.SpeechStopped() | on.Transcribed():
                self._take_of_user(event)
            case on.Began() | on.Said() | on.Called() | on.Ended():
                self._take_of_answer(event)
            case _:
                self._take_aside(event)

    def _take_of_user(self, event: on.OfUser) -> None:
        match event:
            case on.SpeechStarted():
                self._session.emit("input_speech_started", InputSpeechStarted())
            case on.SpeechStopped():
                enabled = self._model.capabilities.user_transcription
                stopped = InputSpeechStopped(user_transcription_enabled=enabled)
                self._session.emit("input_speech_stopped", stopped)
            case on.Transcribed(text, final):
                self._write_down(text, final=final)

    def _take_of_answer(self, event: on.OfAnswer) -> None:
        match event:
            case on.Began(asked):
                self._begin(asked=asked)
            case on.Said(text, sound) if self._answer is not None:
                self._answer.say(text, sound)
            case on.Called(call) if self._answer is not None:
                self._calls.add(call.call_id)
                self._answer.call(call)
            case on.Ended(interrupted):
                self._end(interrupted=interrupted)
            case on.Said() | on.Called():
                pass  # of an answer that nobody waits for any more

    def _take_aside(self, event: on.Aside) -> None:
        match event:
            case on.Rejected(calls):
                self._outbox.put(words.turn_down(calls))
            case on.CalledOff(ids):
                self._calls.call_off(ids)
            case on.Spent(usage):
                measured = measure(self._answer or self._last, usage, model=self._model)
                self._session.emit("metrics_collected", measured)
            case on.Resumable(handle):
                self.record.remember(handle)
            case on.GoingAway():
                self.going_away = True

    def _mute(self) -> None:
        was_open = self.turns.open
        self.turns, events = turns.stop(self.turns)
        if was_open:
            self._outbox.put(words.STOP)
        self._take_all(events)

    def _begin(self, *, asked: bool) -> None:
        question, self._current = (self._current, None) if asked else (None, self._current)
        if question is not None and question.taken_back:
            self._mute()
            return
        self._answers_question = question is not None
        asked_at = self._asked_at if question is not None else None
        self._answer = Answer(speaks=self._model.talk.speaks, asked_at=asked_at)
        event = self._answer.event(asked=question is not None)
        if question is not None:
            question.fulfil(event)
        self._session.emit("generation_created", event)

    def _end(self, *, interrupted: bool) -> None:
        answer, self._answer, self._answers_question = self._answer, None, False
        if answer is None:
            return
        self._last = answer
        answer.end(interrupted=interrupted)
        for item in answer.items:
            self._add(item)

    def _write_down(self, text: str, *, final: bool) -> None:
        item_id = self._user_item
        if final:
            self._user_item = new_id()
            self._add(ChatMessage(role="user", content=(text,), id=item_id))
        told = InputTranscriptionCompleted(item_id=item_id, transcript=text, is_final=final)
        self._session.emit("input_audio_transcription_completed", told)

    def _add(self, item: ChatItem) -> None:
        before = self.record.add(item)
        self._session.emit("remote_item_added", RemoteItemAdded(item=item, previous_item_id=before))
