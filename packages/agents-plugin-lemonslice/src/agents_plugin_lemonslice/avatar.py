"""An avatar by LemonSlice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents_core import avatar
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, keep_asking
from agents_plugin_lemonslice import models
from agents_plugin_lemonslice._client import PROVIDER, Client
from agents_plugin_lemonslice._wire import Face, format_request
from agents_plugin_lemonslice.errors import LemonSliceException

if TYPE_CHECKING:
    import aiohttp

_STOPPING = 10.0
"""Seconds for its word on how far it came, when it was told to stop; it is slow to give it."""


class AvatarSession(avatar.AvatarSession):
    """A face that speaks for an agent; start it before the agent's session, and close it after."""

    def __init__(  # noqa: PLR0913 - the options of the service, and where it answers
        self,
        *,
        agent_id: str | None = None,
        agent_image_url: str | None = None,
        agent_prompt: str | None = None,
        agent_idle_prompt: str | None = None,
        idle_timeout: int | None = None,
        avatar_participant_identity: str = models.DEFAULT_AVATAR_IDENTITY,
        avatar_participant_name: str | None = None,
        join_timeout: float = 30.0,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        api_key: str | None = None,
        api_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
        **extra: object,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            agent_id: an agent of LemonSlice's; this, or a picture.
            agent_image_url: where the picture is that comes to life.
            agent_prompt: how it looks while it speaks, in words.
            agent_idle_prompt: how it looks while it does not.
            idle_timeout: seconds without speech after which the service ends the session; below 0
                for never.
            avatar_participant_identity: of the avatar in the room.
            avatar_participant_name: as people see it; without, its identity.
            join_timeout: seconds that the service, and then the avatar, may take to come.
            conn_options: how often and how patiently the service is asked.
            api_key: without, ``LEMONSLICE_API_KEY`` of the environment.
            api_url: without, ``LEMONSLICE_API_URL`` of the environment, else the service's own.
            http_session: one of yours, which is left open.
            extra: what else the service knows, by its own names.

        Raises:
            LemonSliceException: there is not exactly one of an agent and a picture, or no key.
            ValueError: the URL is none.
        """
        super().__init__(
            identity=avatar_participant_identity,
            name=avatar_participant_name or avatar_participant_identity,
            sample_rate=models.DEFAULT_SAMPLE_RATE,
            join_timeout=join_timeout,
            clear_buffer_timeout=_STOPPING,
        )
        if bool(agent_id) == bool(agent_image_url):
            raise LemonSliceException("give either an agent_id or an agent_image_url")
        self._face = Face(
            agent_id=agent_id,
            agent_image_url=agent_image_url,
            agent_prompt=agent_prompt,
            agent_idle_prompt=agent_idle_prompt,
            idle_timeout=idle_timeout,
            extra=extra,
        )
        self._conn_options = conn_options
        self._client = Client(api_key=api_key, url=api_url, http_session=http_session)
        self._session_id: str | None = None

    @property
    def provider(self) -> str:
        """Who sends the avatar."""
        return PROVIDER

    @property
    def session_id(self) -> str | None:
        """By which the service knows the session; None before it has agreed."""
        return self._session_id

    async def _launch(self, invitation: avatar.Invitation) -> None:
        token, options = invitation.token, self._conn_options
        body = format_request(self._face, url=invitation.url, token=token)
        self._session_id = await keep_asking(
            lambda: self._client.begin(body, token=token, timeout=options.timeout), options=options
        )

    async def _dismiss(self) -> None:
        session, options = self._session_id, self._conn_options
        if session is not None:
            await keep_asking(
                lambda: self._client.end(session, timeout=options.timeout), options=options
            )
