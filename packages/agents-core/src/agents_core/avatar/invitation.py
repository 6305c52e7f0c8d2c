"""What an avatar's service needs to come into a room in an agent's name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from agents_core.errors import MissingCredentialsError
from agents_core.jobs.credentials import Credentials

PUBLISH_ON_BEHALF = "lk.publish_on_behalf"
_VARIABLES = {
    "url": "LIVEKIT_URL",
    "api_key": "LIVEKIT_API_KEY",
    "api_secret": "LIVEKIT_API_SECRET",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Where to go, and what opens the door."""

    url: str
    """Of the server."""
    token: str = field(repr=False)
    room: str
    identity: str
    """As which the avatar is in the room."""


def find_host(
    *,
    url: str | None,
    api_key: str | None,
    api_secret: str | None,
    job: Credentials | None = None,
    environ: Mapping[str, str] | None = None,
) -> Credentials:
    """Each from its argument, else from the job, else from the environment.

    Raises:
        MissingCredentialsError: one is in none of them; the message names the variable.
    """
    # An avatar is invited from a job's own code, which gives these or leaves them to it.
    variables = os.environ if environ is None else environ  # noqa: TID251 - see above
    given = {"url": url, "api_key": api_key, "api_secret": api_secret}
    found = {
        name: value or getattr(job, name, "") or variables.get(_VARIABLES[name], "")
        for name, value in given.items()
    }
    missing = [_VARIABLES[name] for name, value in found.items() if not value]
    if missing:
        raise MissingCredentialsError(f"an avatar cannot be invited without {', '.join(missing)}")
    return Credentials(**found)


def avatar_token(  # noqa: PLR0913 - one keyword for each claim
    *,
    api_key: str,
    api_secret: str,
    room: str,
    identity: str,
    on_behalf_of: str,
    name: str = "",
    ttl: float = 3600.0,
) -> str:
    """A token with which an avatar joins `room` as an agent, and publishes for `on_behalf_of`.

    Args:
        api_key: of the server.
        api_secret: likewise.
        room: by name.
        identity: of the avatar.
        on_behalf_of: the identity of the agent whose face it is.
        name: as people see it.
        ttl: seconds in which it has to join.
    """
    from livekit import api

    token = api.AccessToken(api_key, api_secret).with_identity(identity).with_name(name)
    token = token.with_kind("agent").with_ttl(timedelta(seconds=ttl))
    token = token.with_grants(api.VideoGrants(room_join=True, room=room))
    return token.with_attributes({PUBLISH_ON_BEHALF: on_behalf_of}).to_jwt()
