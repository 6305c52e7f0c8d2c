from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.errors import MissingCredentialsError, WorkerError
from agents_core.jobs.credentials import Credentials
from agents_core.worker.credentials import agent_url, bearer, find_credentials, shown

SECRET = "s" * 32
FULL = {"LIVEKIT_URL": "wss://host", "LIVEKIT_API_KEY": "key", "LIVEKIT_API_SECRET": SECRET}


def find(environ: dict[str, str], **given_options: str) -> Credentials:
    nothing = {"ws_url": "", "api_key": "", "api_secret": ""}
    return find_credentials(**{**nothing, **given_options}, environ=environ)


@pytest.mark.parametrize("variable", FULL)
def test_what_is_missing_is_named_by_its_variable(variable: str) -> None:
    with pytest.raises(MissingCredentialsError, match=variable):
        find({**FULL, variable: " "})


def test_an_option_goes_before_the_environment() -> None:
    mine = {"ws_url": "ws://other", "api_key": "mine", "api_secret": "own"}

    found = find(FULL, **mine)

    assert [found.url, found.api_key, found.api_secret] == [*mine.values()]


def test_the_environment_of_the_process_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in FULL.items():
        monkeypatch.setenv(variable, value)

    assert find_credentials(ws_url="", api_key="", api_secret="") == find(FULL)


def test_secrets_are_in_no_repr() -> None:
    assert SECRET not in repr(find(FULL))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ws://host:7880", "ws://host:7880/agent"),
        ("http://host", "ws://host/agent"),
        ("https://host/below/", "wss://host/below/agent"),
        ("wss://host/?worker=1#x", "wss://host/agent"),
        ("wss://[::1]:80", "wss://[::1]:80/agent"),
    ],
)
def test_workers_register_below_the_servers_address(url: str, expected: str) -> None:
    assert agent_url(url) == expected


@pytest.mark.parametrize("url", ["host:7880", "ftp://host", "ws://", "", "ws://host:port", "//x"])
def test_an_address_that_is_none_is_refused_by_the_name_of_its_variable(url: str) -> None:
    with pytest.raises(WorkerError, match="LIVEKIT_URL"):
        agent_url(url)


@pytest.mark.property
@given(st.text())
def test_no_text_breaks_the_reading_of_an_address(text: str) -> None:
    assert "@" not in shown(f"wss://{text}@host").partition("://")[2].partition("/")[0]
    with contextlib.suppress(WorkerError):
        assert agent_url(text).startswith(("ws://", "wss://"))


def test_nothing_secret_in_an_address_is_shown() -> None:
    assert shown("wss://user:pass@host/path?token=x") == "wss://host/path"


def test_the_token_lets_a_worker_register_and_nothing_else() -> None:
    from livekit.api import TokenVerifier

    kind, token = bearer(find(FULL)).split()
    claims = TokenVerifier("key", SECRET).verify(token)

    assert kind == "Bearer"
    assert claims.video is not None
    assert claims.video.agent
    assert not claims.video.room_join
