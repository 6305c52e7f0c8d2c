"""An avatar comes in the agent's name, and no secret is shown."""

from __future__ import annotations

import pytest

from agents_core.avatar import Invitation, avatar_token
from agents_core.avatar.invitation import find_host
from agents_core.errors import MissingCredentialsError
from agents_core.jobs.credentials import Credentials

SECRET = "a secret that is long enough for a signature"  # noqa: S105 - signs nothing


def test_the_token_is_of_an_agent_who_publishes_for_another() -> None:
    from livekit import api

    token = avatar_token(
        api_key="key",
        api_secret=SECRET,
        room="r",
        identity="face",
        on_behalf_of="agent",
        name="Ada",
    )
    claims = api.TokenVerifier("key", SECRET).verify(token)

    assert claims.identity == "face"
    assert claims.name == "Ada"
    assert claims.kind == "agent"
    assert claims.video is not None
    assert (claims.video.room_join, claims.video.room) == (True, "r")
    assert claims.attributes == {"lk.publish_on_behalf": "agent"}


def test_what_is_not_given_comes_from_the_environment() -> None:
    environ = {"LIVEKIT_URL": "ws://a", "LIVEKIT_API_KEY": "k", "LIVEKIT_API_SECRET": SECRET}
    host = find_host(url="ws://b", api_key=None, api_secret=None, environ=environ)

    assert (host.url, host.api_key, host.api_secret) == ("ws://b", "k", SECRET)
    assert SECRET not in repr(host)


def test_a_job_knows_its_server_better_than_the_environment() -> None:
    environ = {"LIVEKIT_URL": "ws://a", "LIVEKIT_API_KEY": "k", "LIVEKIT_API_SECRET": "s"}
    job = Credentials(url="ws://job", api_key="its key", api_secret=SECRET)
    host = find_host(url=None, api_key="given", api_secret=None, job=job, environ=environ)

    assert (host.url, host.api_key, host.api_secret) == ("ws://job", "given", SECRET)


def test_a_job_without_a_server_leaves_it_to_the_environment() -> None:
    environ = {"LIVEKIT_URL": "ws://a", "LIVEKIT_API_KEY": "k", "LIVEKIT_API_SECRET": SECRET}
    job = Credentials(url="", api_key="", api_secret="")
    host = find_host(url=None, api_key=None, api_secret=None, job=job, environ=environ)

    assert (host.url, host.api_key, host.api_secret) == ("ws://a", "k", SECRET)


def test_what_is_nowhere_is_named() -> None:
    with pytest.raises(MissingCredentialsError, match="LIVEKIT_API_KEY, LIVEKIT_API_SECRET"):
        find_host(url="ws://b", api_key=None, api_secret=None, environ={})


def test_an_invitation_does_not_show_its_token() -> None:
    assert "hidden" not in repr(Invitation(url="u", token="hidden", room="r", identity="i"))  # noqa: S106
