"""Who is let in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from livekit.api import AccessToken, VideoGrants

from agents_core.testing.room.tokens import Keys, Refused

KEYS = Keys(api_key="key", api_secret="s" * 32)


def bearer(token: str) -> str:
    return f"Bearer {token}"


def test_a_token_says_who_comes() -> None:
    token = KEYS.mint(
        "guest", room="here", agent=True, name="G", metadata="m", attributes={"a": "b"}
    )

    claims = KEYS.admit(bearer(token))

    assert (claims.identity, claims.name, claims.metadata) == ("guest", "G", "m")
    assert (claims.kind, claims.attributes) == ("agent", {"a": "b"})
    assert claims.video is not None
    assert claims.video.room == "here"


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Basic abc",
        "Bearer nonsense",
        bearer(Keys(api_key="key", api_secret="t" * 32).mint("guest", room="here")),
        bearer(Keys(api_key="other", api_secret="s" * 32).mint("guest", room="here")),
    ],
    ids=["nothing", "no token", "no bearer", "no jwt", "another secret", "another key"],
)
def test_whoever_has_no_token_of_ours_stays_out(authorization: str) -> None:
    with pytest.raises(Refused) as refused:
        KEYS.verify(authorization)

    assert refused.value.status == 401
    assert "nonsense" not in str(refused.value)


def test_a_token_that_is_over_is_none() -> None:
    token = AccessToken("key", "s" * 32).with_identity("guest").with_ttl(timedelta(hours=-1))

    with pytest.raises(Refused, match="ExpiredSignatureError"):
        KEYS.verify(bearer(token.to_jwt()))


def test_a_token_for_something_else_is_none_for_a_room() -> None:
    worker = AccessToken("key", "s" * 32).with_grants(VideoGrants(agent=True)).to_jwt()

    KEYS.employ(bearer(worker))
    with pytest.raises(Refused, match="join a room"):
        KEYS.admit(bearer(worker))
    with pytest.raises(Refused, match="agent grant"):
        KEYS.employ(bearer(KEYS.mint("guest", room="here")))


def test_the_secret_is_in_no_representation() -> None:
    assert "s" * 32 not in repr(KEYS)
