"""Who may come in, and as what: tokens, minted and verified with the server's own keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agents_core.errors import AgentsError

if TYPE_CHECKING:
    from livekit.api.access_token import Claims


class Refused(AgentsError):
    """A caller without the right token.

    Attributes:
        status: of HTTP, as the real server answers it.
    """

    def __init__(self, message: str, *, status: int = 401) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The name and the secret with which tokens are signed (HS256)."""

    api_key: str
    api_secret: str = field(repr=False)

    def mint(  # noqa: PLR0913 - one keyword for each thing a token says
        self,
        identity: str,
        *,
        room: str,
        agent: bool = False,
        name: str = "",
        metadata: str = "",
        attributes: Mapping[str, str] | None = None,
    ) -> str:
        """A token with which `identity` joins `room`, valid for six hours."""
        from livekit.api import AccessToken, VideoGrants

        grants = VideoGrants(
            room_join=True, room=room, agent=agent or None, can_update_own_metadata=True
        )
        token = (
            AccessToken(self.api_key, self.api_secret)
            .with_identity(identity)
            .with_name(name)
            .with_metadata(metadata)
            .with_attributes(dict(attributes or {}))
            .with_grants(grants)
        )
        return (token.with_kind("agent") if agent else token).to_jwt()

    def verify(self, authorization: str) -> Claims:
        """What the bearer of an ``Authorization`` header may do.

        Raises:
            Refused: no token, or one that these keys did not sign, or one that is over.
        """
        from jwt import PyJWTError
        from livekit.api import TokenVerifier

        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Refused("no authorization provided")
        try:
            return TokenVerifier(self.api_key, self.api_secret).verify(token)
        except (PyJWTError, ValueError, TypeError) as error:
            # The text of the error may quote the token; its kind does not.
            raise Refused(f"invalid token: {type(error).__name__}") from None

    def admit(self, authorization: str) -> Claims:
        """The same, of somebody who may join a room.

        Raises:
            Refused: as `verify`, or the token is for something else.
        """
        claims = self.verify(authorization)
        if claims.video is None or not claims.video.room_join or not claims.video.room:
            raise Refused("the token lets nobody join a room")
        if not claims.identity:
            raise Refused("the token names no participant")
        return claims

    def employ(self, authorization: str) -> None:
        """Let a worker register.

        Raises:
            Refused: as `verify`, or the token has no agent grant.
        """
        claims = self.verify(authorization)
        if claims.video is None or not claims.video.agent:
            raise Refused("the token has no agent grant")
