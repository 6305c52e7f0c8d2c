"""One agent's time in charge: its parts, its ears, its hooks."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from agents_core.agent import Agent, Components
from agents_core.chat import ChatMessage
from agents_core.realtime import RealtimeModel
from agents_core.session.choosing import turn_options
from agents_core.session.events import MetricsCollectedEvent
from agents_core.session.flows import cancel_and_wait
from agents_core.session.hearing import Hearing
from agents_core.session.realtime import RealtimeLink
from agents_core.streams import Port, PortError
from agents_core.turns import events as on
from agents_core.turns.detector import TurnDetector
from agents_core.turns.effects import AskDetector

if TYPE_CHECKING:
    from agents_core.session.conversation import Conversation

logger = logging.getLogger("agents_core.session.shift")


class Shift:
    """From when an agent enters until it leaves; `start`, then `enter`, then `stop`."""

    def __init__(self, talk: Conversation, agent: Agent) -> None:
        """Give the agent its parts.

        Raises:
            ValueError: they do not fit each other.
        """
        self._talk = talk
        self.agent = agent
        self.parts = _parts(talk, agent)
        agent.lead(talk.session, self.parts)
        try:
            self._options = self._turn_options()
        except ValueError:
            agent.lead(None, None)
            raise
        self.hearing = Hearing(talk, agent, self._options.detection)
        self.link: RealtimeLink | None = None
        self._ended = False
        self._entering: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None

    def prewarm(self) -> None:
        """Have every part make its first answer faster; one that fails is as it was."""
        for part in (*self._ports(), self.parts.turn_detection):
            prewarm = getattr(part, "prewarm", None)
            if prewarm is None:
                continue
            try:
                prewarm()
            except Exception:
                logger.exception("%r cannot be made ready ahead", part)

    async def start(self) -> None:
        """Connect, and listen.

        Raises:
            APIError: a realtime model did not take the agent.
            TimeoutError: it did not answer.
        """
        for port in self._ports():
            port.on("error", self._port_failed)
            port.on("metrics_collected", self._measured)
        if isinstance(self.parts.llm, RealtimeModel):
            self.link = RealtimeLink(self._talk, self.agent, self.parts.llm)
            await self.link.start()
        self.outputs_changed()
        self.hearing.start(also=None if self.link is None else self.link.hear)

    def enter(self) -> asyncio.Task[None]:
        """Let the agent begin; its hook may take as long as it leads."""
        self._entering = asyncio.create_task(self._enter(), name=f"on_enter of {self.agent.id}")
        return self._entering

    def outputs_changed(self) -> None:
        """Take turns by what the outputs can do now."""
        if self._ended:
            return
        self._options = self._turn_options()
        floor = self._talk.floor
        floor.feed(on.Reconfigured(at=floor.now, options=self._options))

    def ask_detector(self, question: AskDetector) -> None:
        """Have the turn detector asked; the last question alone counts."""
        if self._asking is not None:
            self._asking.cancel()
        self._asking = asyncio.create_task(self._ask(question), name="turn detector")

    async def stop(self) -> None:
        """Let the agent leave, stop listening, disconnect; each step guarded and bounded."""
        deadlines = self._talk.options.deadlines
        await cancel_and_wait(self._asking, within=deadlines.io)
        if self._entering is not asyncio.current_task():
            await cancel_and_wait(self._entering, within=deadlines.io)
        if self._entering is not None:
            try:
                await asyncio.wait_for(self.agent.on_exit(), deadlines.hook)
            except Exception:
                logger.exception("on_exit of %s failed", self.agent.id)
        await self.release()

    async def release(self) -> None:
        """Stop listening and disconnect, without a word to the agent."""
        self._ended = True
        await self.hearing.aclose()
        if self.link is not None:
            try:
                await self.link.aclose()
            except Exception:
                logger.exception("the realtime model of %s did not let go", self.agent.id)
        for port in self._ports():
            port.off("error", self._port_failed)
            port.off("metrics_collected", self._measured)
        self.agent.lead(None, None)

    def _turn_options(self) -> Any:  # noqa: ANN401 - TurnOptions, as turn_options says
        output = self._talk.output.audio
        can_pause = output is not None and output.can_pause
        return turn_options(
            self._talk.options.turns,
            self.parts,
            can_pause=can_pause,
            transcribes=self.agent.transcribes,
        )

    async def _enter(self) -> None:
        try:
            await self.agent.on_enter()
        except Exception as error:
            logger.exception("on_enter of %s failed", self.agent.id)
            self._talk.report(error, self.agent, recoverable=False)

    async def _ask(self, question: AskDetector) -> None:
        detector = self.parts.turn_detection
        if not isinstance(detector, TurnDetector):
            return
        context = self.agent.chat_ctx
        context.items.append(ChatMessage(role="user", content=(question.transcript,)))
        timeout = self._talk.options.deadlines.detector
        try:
            async with asyncio.timeout(timeout):
                threshold = await detector.unlikely_threshold(self.hearing.language)
                # Of a language that it does not know it cannot tell: then nothing is unlikely.
                probability = 1.0
                if threshold is not None:
                    probability = await detector.predict_end_of_turn(context, timeout=timeout)
        except Exception:  # then the turn ends after the longest delay
            logger.exception("the turn detector failed")
            return
        self._talk.floor.feed(
            on.TurnPredicted(
                at=self._talk.floor.now,
                revision=question.revision,
                probability=probability,
                threshold=threshold or 0.0,
            )
        )

    def _ports(self) -> Iterator[Port]:
        for part in (self.parts.stt, self.parts.llm, self.parts.tts, self.parts.vad):
            if part is not None:
                yield part

    def _port_failed(self, failure: PortError) -> None:
        # What is final is raised where the port is used, and counted there.
        if failure.recoverable:
            self._talk.report(failure.error, failure.label, recoverable=True)

    def _measured(self, metrics: object) -> None:
        self._talk.emit("metrics_collected", MetricsCollectedEvent(metrics=metrics))


def _parts(talk: Conversation, agent: Agent) -> Components:
    own, general = agent.own, talk.parts
    options = talk.options.conn_options
    return Components(
        stt=own.stt or general.stt,
        llm=own.llm or general.llm,
        tts=own.tts or general.tts,
        vad=own.vad or general.vad,
        turn_detection=own.turn_detection or general.turn_detection,
        tools=general.tools,
        stt_conn_options=options.stt_conn_options,
        llm_conn_options=options.llm_conn_options,
        tts_conn_options=options.tts_conn_options,
    )
