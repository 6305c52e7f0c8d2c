"""A session's life: started once, led by agents, closed once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from agents_core.agent import Agent, Components
from agents_core.chat import ChatContext
from agents_core.emitter import Emitter
from agents_core.session.closing import Teardown
from agents_core.session.conversation import Conversation
from agents_core.session.events import CloseReason, SessionEvent
from agents_core.session.io import SessionInput, SessionOutput
from agents_core.session.options import SessionOptions
from agents_core.session.room_options import RoomOptions
from agents_core.session.speech import SpeechHandle
from agents_core.turns import events as on
from agents_core.turns.effects import AgentState, UserState

if TYPE_CHECKING:
    from livekit import rtc

    from agents_core.jobs.context import JobContext
    from agents_core.session.room_io import RoomIO
    from agents_core.session.session import AgentSession

U = TypeVar("U")


class SessionLife(Emitter[SessionEvent], Generic[U]):
    """Everything about a session but what is said in it."""

    def __init__(
        self, *, options: SessionOptions, parts: Components, userdata: U | None = None
    ) -> None:
        super().__init__()
        self.options = options
        self.parts = parts
        """The session's own, for agents that have none."""
        self.input = SessionInput(self._input_changed)
        self.output = SessionOutput(self._output_changed)
        self.history = ChatContext()
        """Everything that was said, by all agents."""
        self._userdata = userdata
        self._talk: Conversation | None = None
        self._teardown: Teardown | None = None
        self._closed: asyncio.Task[None] | None = None
        self._room_io: RoomIO | None = None
        self._unregister: Callable[[], None] | None = None

    @property
    def userdata(self) -> U:
        """The application's own.

        Raises:
            ValueError: none was given.
        """
        if self._userdata is None:
            raise ValueError("the session has no userdata")
        return self._userdata

    @userdata.setter
    def userdata(self, userdata: U) -> None:
        self._userdata = userdata

    @property
    def current_agent(self) -> Agent:
        """Who leads, or led last.

        Raises:
            RuntimeError: the session was not started.
        """
        return self._running_or_closed().current_agent

    @property
    def current_speech(self) -> SpeechHandle | None:
        """What is being said, or thought about."""
        return None if self._talk is None else self._talk.queue.current

    @property
    def agent_state(self) -> AgentState:
        """What the agent is doing."""
        return AgentState.INITIALIZING if self._talk is None else self._talk.floor.state.agent_state

    @property
    def user_state(self) -> UserState:
        """What the user is doing."""
        return UserState.LISTENING if self._talk is None else self._talk.floor.state.user_state

    @property
    def room_io(self) -> RoomIO | None:
        """Its part in a room, while it has one."""
        return self._room_io

    async def start(
        self,
        agent: Agent,
        *,
        room: rtc.Room | None = None,
        room_options: RoomOptions | None = None,
    ) -> None:
        """Let `agent` lead; in a room, where one is given. Returns when it listens.

        Its parts are prewarmed meanwhile. Inside a job, the session is closed with it, the job's
        own room is connected where it is not yet, and a job on a console is talked to there instead
        of in any room.

        Raises:
            RuntimeError: the session was started before.
            ValueError: the parts do not fit each other.
            Exception: whatever the room or a realtime model failed with; then nothing is left open.
        """
        if self._talk is not None:
            raise RuntimeError("the session was started already")
        self._talk = Conversation(self, agent)
        self._talk.shift.prewarm()
        try:
            job = self._register()
            hosted = job is not None and job.host_session(self)
            if room is not None and not hosted:
                await self._enter(room, room_options or RoomOptions(), job)
            await self._talk.start()
        except BaseException as error:
            await self._close(CloseReason.ERROR, error)
            raise

    async def wait_for_inactive(self) -> None:
        """Wait until nothing is being said, or waits to be, and whoever leads has entered."""
        await self._running.settle()

    async def drain(self) -> None:
        """Answer nobody any more, and wait until all was said.

        Raises:
            TimeoutError: it took longer than `deadlines.drain`.
        """
        talk = self._running
        talk.closing = True
        talk.floor.feed(on.DrainAsked(at=talk.floor.now))
        await asyncio.wait_for(talk.queue.idle(), self.options.deadlines.drain)

    def shutdown(self, *, drain: bool = True) -> None:
        """Close soon; for callers that cannot wait, such as tools."""
        self.close_soon(CloseReason.USER_INITIATED, drain=drain)

    async def aclose(self) -> None:
        """Close, and wait until it is done; again, and from several tasks, is allowed.

        What may be interrupted is; bounded by the deadlines. A second caller takes the same road.
        Its parts stay open: other sessions may use them, and whoever made them closes them.
        """
        if self._talk is not None:
            await self._close(CloseReason.USER_INITIATED)

    def close_soon(
        self, reason: CloseReason, *, drain: bool = False, error: BaseException | None = None
    ) -> None:
        """Begin to close, for this reason.

        Where it has begun already, the first reason stands; who does not drain makes haste.
        """
        talk = self._running_or_closed()
        if self._closed is None:
            self._teardown = Teardown(talk)
            work = self._teardown.run(reason, drain=drain, error=error)
            self._closed = asyncio.create_task(work, name="session close")
        elif not drain and self._teardown is not None:
            self._teardown.hurry()

    async def _close(self, reason: CloseReason, error: BaseException | None = None) -> None:
        self.close_soon(reason, error=error)
        if self._closed is not None:
            await asyncio.shield(self._closed)

    async def leave_room(self) -> None:
        """Let go of the room and of the job; a step of the closing."""
        room_io, self._room_io = self._room_io, None
        try:
            if room_io is not None:
                await room_io.aclose()
            self.input.audio = None
        finally:  # not before: until then, the job is not to leave the room
            if self._unregister is not None:
                self._unregister()

    async def agent_changed(self, agent: Agent, what: str) -> None:
        """An agent's instructions, tools or conversation are other ones; called by the agent."""
        shift = self._running_or_closed().shift
        if shift.agent is agent and shift.link is not None:
            await shift.link.update(what)

    def _register(self) -> JobContext | None:
        from agents_core.jobs.current import get_job_context

        job = get_job_context(required=False)
        if job is not None:
            self._unregister = job.register_session(self._close_with_job)
        return job

    async def _enter(self, room: rtc.Room, options: RoomOptions, job: JobContext | None) -> None:
        from agents_core.session.room_io import RoomIO

        if job is not None and room is job.room:
            await job.connect()
        self._room_io = RoomIO(cast("AgentSession[U]", self), room, options)
        await self._room_io.start()

    async def _close_with_job(self, _: str) -> None:
        await self._close(CloseReason.JOB_SHUTDOWN)

    @property
    def _running(self) -> Conversation:
        talk = self._running_or_closed()
        if self._closed is not None:
            raise RuntimeError("the session is closed")
        return talk

    def _running_or_closed(self) -> Conversation:
        if self._talk is None:
            raise RuntimeError("the session was not started")
        return self._talk

    def _input_changed(self) -> None:
        if self._talk is not None:
            self._talk.shift.hearing.listen_to(self.input.audio)

    def _output_changed(self) -> None:
        if self._talk is not None:
            self._talk.shift.outputs_changed()
