"""An avatar by Hedra."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents_core import avatar
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, keep_asking
from agents_plugin_hedra import models
from agents_plugin_hedra._client import PROVIDER, Client
from agents_plugin_hedra._wire import format_form
from agents_plugin_hedra.errors import HedraException
from agents_plugin_hedra.picture import AvatarImage, Picture, as_image

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
        avatar_image: AvatarImage | Picture | None = None,
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
            avatar_id: which one; this, or a picture.
            avatar_image: a picture that comes to life: a file's, or one of Pillow's.
            avatar_participant_identity: of the avatar in the room.
            avatar_participant_name: as people see it; without, its identity.
            join_timeout: seconds that the service, and then the avatar, may take to come.
            conn_options: how often and how patiently the service is asked.
            api_key: without, ``HEDRA_API_KEY`` of the environment.
            api_url: without, ``HEDRA_API_URL`` of the environment, else the service's own.
            http_session: one of yours, which is left open.

        Raises:
            HedraException: there is neither an id nor a picture, or no key.
            ValueError: the URL is none.
        """
        super().__init__(
            identity=avatar_participant_identity,
            name=avatar_participant_name or avatar_participant_identity,
            sample_rate=models.DEFAULT_SAMPLE_RATE,
            join_timeout=join_timeout,
        )
        if not avatar_id and avatar_image is None:
            raise HedraException("give the avatar_id of an avatar, or its avatar_image")
        self._avatar_id = avatar_id
        self._image = None if avatar_image is None else as_image(avatar_image)
        self._conn_options = conn_options
        self._client = Client(api_key=api_key, url=api_url, http_session=http_session)

    @property
    def provider(self) -> str:
        """Who sends the avatar."""
        return PROVIDER

    async def _launch(self, invitation: avatar.Invitation) -> None:
        token, options = invitation.token, self._conn_options
        form = format_form(self._avatar_id, self._image, url=invitation.url, token=token)
        await keep_asking(
            lambda: self._client.begin(form, token=token, timeout=options.timeout), options=options
        )
