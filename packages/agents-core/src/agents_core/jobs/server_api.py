"""The server's API for a job: opened when it is first asked for, closed when the job is over."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agents_core.errors import MissingCredentialsError

if TYPE_CHECKING:
    from livekit.api import LiveKitAPI


class ServerAPI:
    """One client, kept by a task: what cancels the tasks of the job closes the client."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client: LiveKitAPI | None = None
        self._task: asyncio.Task[None] | None = None

    def open(self) -> LiveKitAPI:
        """The client, in the running event loop; always the same.

        Raises:
            MissingCredentialsError: the environment holds none.
        """
        if self._client is None:
            self._client = _connect(self._url)
            self._task = asyncio.create_task(_hold(self._client), name="server API")
        return self._client


def _connect(url: str) -> LiveKitAPI:
    from livekit.api import LiveKitAPI

    try:
        return LiveKitAPI(url)
    except ValueError as error:
        raise MissingCredentialsError(
            "the server's API needs LIVEKIT_API_KEY and LIVEKIT_API_SECRET in the environment"
        ) from error


async def _hold(client: LiveKitAPI) -> None:
    async with client:
        await asyncio.get_running_loop().create_future()
