"""An avatar that speaks for a session's agent; the port that plugins write."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from agents_core.avatar.invitation import Invitation, avatar_token, find_host
from agents_core.avatar.output import DataStreamAudioOutput
from agents_core.avatar.presence import wait_for_avatar
from agents_core.errors import APITimeoutError
from agents_core.jobs.credentials import Credentials
from agents_core.jobs.current import get_job_context
from agents_core.session import AgentSession

if TYPE_CHECKING:
    from livekit import rtc

logger = logging.getLogger("agents_core.avatar")

_DISMISS = 10.0
"""Seconds that a service may take to let its avatar go."""


class AvatarSession(ABC):
    """Has a service send an avatar into the room, and the agent's voice to the avatar.

    A vendor writes `_launch`, and `_dismiss` where its service has to be told. Start it before the
    session, so that the session does not publish a voice of its own.
    """

    def __init__(
        self,
        *,
        identity: str,
        name: str = "",
        sample_rate: int = 24_000,
        join_timeout: float = 30.0,
        clear_buffer_timeout: float = 2.0,
    ) -> None:
        """Decide who it is.

        Args:
            identity: in the room.
            name: as people see it.
            sample_rate: of the sound that the service takes.
            join_timeout: seconds that the service, and then the avatar, may take to come.
            clear_buffer_timeout: seconds that it may take to tell how far it came, when it was
                told to stop.
        """
        self._identity = identity
        self._name = name
        self._sample_rate = sample_rate
        self._join_timeout = join_timeout
        self._clear_timeout = clear_buffer_timeout
        self._room: rtc.Room | None = None
        self._output: DataStreamAudioOutput | None = None
        self._session: AgentSession[Any] | None = None

    @property
    def avatar_identity(self) -> str:
        """Its identity in the room."""
        return self._identity

    async def start(
        self,
        agent_session: AgentSession[Any],
        room: rtc.Room,
        *,
        livekit_url: str | None = None,
        livekit_api_key: str | None = None,
        livekit_api_secret: str | None = None,
    ) -> None:
        """Invite it, and give the session its mouth; it may still be on its way then.

        What is not given comes from the job, or else from the environment. After a failure it may
        be started again.

        Raises:
            MissingCredentialsError: a key is in none of these places.
            RuntimeError: it was started before.
            APIError: the service refused, or did not answer in time.
        """
        if self._room is not None:
            raise RuntimeError("the avatar was started already")
        job = get_job_context(required=False)
        host = find_host(
            url=livekit_url,
            api_key=livekit_api_key,
            api_secret=livekit_api_secret,
            job=None if job is None else job.credentials,
        )
        invitation = self._invite(host, room)
        self._room = room
        try:
            await self._launch_in_time(invitation)
        except BaseException:
            self._room = None
            raise
        self._output = DataStreamAudioOutput(
            room,
            destination_identity=self._identity,
            sample_rate=self._sample_rate,
            join_timeout=self._join_timeout,
            clear_buffer_timeout=self._clear_timeout,
        )
        self._session = agent_session
        agent_session.output.audio = self._output

    async def wait_for_join(self) -> None:
        """Wait until it is in the room and shows itself.

        Raises:
            RuntimeError: it was not started.
            APITimeoutError: it does not come.
        """
        if self._room is None:
            raise RuntimeError("the avatar was not started")
        await wait_for_avatar(self._room, self._identity, within=self._join_timeout)

    async def aclose(self) -> None:
        """Take the session's mouth back, and let the avatar go; again is allowed."""
        output, self._output = self._output, None
        session, self._session = self._session, None
        if output is None:
            return
        if session is not None and session.output.audio is output:
            session.output.audio = None
        await output.aclose()
        try:
            await asyncio.wait_for(self._dismiss(), _DISMISS)
        except Exception:
            logger.exception("the avatar %s could not be let go", self._identity)

    def _invite(self, host: Credentials, room: rtc.Room) -> Invitation:
        token = avatar_token(
            api_key=host.api_key,
            api_secret=host.api_secret,
            room=room.name,
            identity=self._identity,
            on_behalf_of=room.local_participant.identity,
            name=self._name,
        )
        return Invitation(url=host.url, token=token, room=room.name, identity=self._identity)

    async def _launch_in_time(self, invitation: Invitation) -> None:
        limit = asyncio.timeout(self._join_timeout)
        try:
            async with limit:
                await self._launch(invitation)
        except TimeoutError:
            if not limit.expired():
                raise  # the vendor's own, who has to say it as an `APIError`
            words = f"no avatar {self._identity!r} was sent in {self._join_timeout:g} s"
            raise APITimeoutError(words) from None

    @abstractmethod
    async def _launch(self, invitation: Invitation) -> None:
        """Have the service send its avatar; return once it agreed; the vendor's to write.

        Raises:
            APIError: it does not agree.
        """

    async def _dismiss(self) -> None:  # noqa: B027 - most services notice that the room is empty
        """Tell the service that it is over; the vendor's to write, where it wants to be told."""
