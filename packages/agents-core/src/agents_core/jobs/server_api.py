"""The server's API for a job: opened when it is first asked for, closed when the job is over."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agents_core.errors import MissingCredentialsError
from agents_core.jobs.credentials import Credentials

if TYPE_CHECKING:
    from livekit.api import LiveKitAPI


class ServerAPI:
    """One client, kept by a task: what cancels the tasks of the job closes the client."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._client: LiveKitAPI | None = None
        self._task: asyncio.Task[None] | None = None

    def open(self) -> LiveKitAPI:
        """The client, in the running event loop; always the same.

        Raises:
            MissingCredentialsError: neither the job nor the environment has any.
        """
        if self._client is None:
            self._client = _connect(self._credentials)
            self._task = asyncio.create_task(_hold(self._client), name="server API")
        return self._client


def _connect(known: Credentials) -> LiveKitAPI:
    from livekit.api import LiveKitAPI

    try:
        return LiveKitAPI(known.url, known.api_key, known.api_secret)
    except ValueError as error:
        raise MissingCredentialsError(
            "the server's API needs LIVEKIT_API_KEY and LIVEKIT_API_SECRET in the environment"
        ) from error


async def _hold(client: LiveKitAPI) -> None:
    async with client:
        await asyncio.get_running_loop().create_future()
