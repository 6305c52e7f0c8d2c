"""The server's API for a job; how it is closed with the job, test_context.py shows."""

from __future__ import annotations

import asyncio

import pytest

from agents_core.errors import MissingCredentialsError
from agents_core.jobs.credentials import Credentials
from agents_core.jobs.server_api import ServerAPI

HERE = "ws://127.0.0.1:9"
NONE = Credentials(url=HERE, api_key="", api_secret="")


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "LIVEKIT_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def test_the_keys_of_the_worker_open_it() -> None:
    async def work() -> None:
        known = Credentials(url=HERE, api_key="key", api_secret="secret" * 8)
        async with ServerAPI(known).open() as client:
            assert client.room.api_key == "key"
        await _end_keepers()

    asyncio.run(work())


def test_it_is_opened_once_and_closed_by_cancelling_what_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIVEKIT_API_KEY", "key")
    monkeypatch.setenv("LIVEKIT_API_SECRET", "secret" * 8)

    async def work() -> None:
        api = ServerAPI(NONE)
        client = api.open()
        assert api.open() is client
        await _end_keepers()
        assert client._session.closed

    asyncio.run(work())


def test_credentials_that_are_missing_are_named() -> None:
    async def work() -> None:
        with pytest.raises(MissingCredentialsError, match="LIVEKIT_API_SECRET in the environment"):
            ServerAPI(NONE).open()

    asyncio.run(work())


async def _end_keepers() -> None:
    await asyncio.sleep(0)
    [keeper] = [task for task in asyncio.all_tasks() if task.get_name() == "server API"]
    keeper.cancel()
    await asyncio.wait({keeper}, timeout=20)
