"""An avatar by Beyond Presence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents_core import avatar
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, keep_asking
from agents_plugin_bey import models
from agents_plugin_bey._client import PROVIDER, Client

if TYPE_CHECKING:
    import aiohttp


class AvatarSession(avatar.AvatarSession):
    """A face that speaks for an agent; start it before the agent's session.

    The service lets the avatar go by itself, when the agent has left the room.
    """

    def __init__(  # noqa: PLR0913 - the options of the service, and where it answers
        self,
        *,
        avatar_id: str | None = None,
        avatar_participant_identity: str = models.DEFAULT_AVATAR_IDENTITY,
        avatar_participant_name: str | None = None,
        join_timeout: float = 30.0,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        api_key: str | None = None,
        api_url: str | None = None,
        http_session: aiohttp.ClientSession | None = None,
    ) -> None:
        """Describe it; nothing is asked yet.

        Args:
            avatar_id: which one; without, a stock avatar.
            avatar_participant_identity: of the avatar in the room.
            avatar_participant_name: as people see it; without, its identity.
            join_timeout: seconds that the service, and then the avatar, may take to come.
            conn_options: how often and how patiently the service is asked.
            api_key: without, ``BEY_API_KEY`` of the environment.
            api_url: without, ``BEY_API_URL`` of the environment, else the service's own.
            http_session: one of yours, which is left open.

        Raises:
            BeyException: there is no key.
            ValueError: the URL is none.
        """
        super().__init__(
            identity=avatar_participant_identity,
            name=avatar_participant_name or avatar_participant_identity,
            sample_rate=models.DEFAULT_SAMPLE_RATE,
            join_timeout=join_timeout,
        )
        self._avatar_id = avatar_id or models.DEFAULT_AVATAR_ID
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
        options = self._conn_options
        self._session_id = await keep_asking(
            lambda: self._client.begin(self._avatar_id, invitation, timeout=options.timeout),
            options=options,
        )
