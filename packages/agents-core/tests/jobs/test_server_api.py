"""The server's API for a job; how it is closed with the job, test_context.py shows."""

from __future__ import annotations

import asyncio

import pytest

from agents_core.errors import MissingCredentialsError
from agents_core.jobs.server_api import ServerAPI


def test_it_is_opened_once_and_closed_by_cancelling_what_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIVEKIT_API_KEY", "key")
    monkeypatch.setenv("LIVEKIT_API_SECRET", "secret" * 8)

    async def work() -> None:
        api = ServerAPI("ws://127.0.0.1:9")
        client = api.open()
        assert api.open() is client
        [keeper] = [task for task in asyncio.all_tasks() if task.get_name() == "server API"]
        await asyncio.sleep(0)
        keeper.cancel()
        await asyncio.wait({keeper}, timeout=20)
        assert client._session.closed

    asyncio.run(work())


def test_credentials_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "LIVEKIT_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    async def work() -> None:
        with pytest.raises(MissingCredentialsError, match="LIVEKIT_API_SECRET in the environment"):
            ServerAPI("ws://127.0.0.1:9").open()

    asyncio.run(work())
