"""What the server, as a process, is told to do: one JSON object a line."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agents_core.testing.room.dispatch import Dispatch
    from agents_core.testing.room.server import RoomServer

logger = logging.getLogger("agents_core.testing")


class Commands:
    """Does what is asked for, on a server in the same event loop.

    ``{"do": "dispatch", "room": …, "agent_name": …, "metadata": …, "job_id": …}``,
    ``{"do": "terminate", "job": …}``, ``{"do": "remove", "room": …, "identity": …}``,
    ``{"do": "cut", "room": …, "identity": …}``, ``{"do": "delete_room", "room": …}``. What came of
    it is among the events.
    """

    def __init__(self, server: RoomServer) -> None:
        self._server = server
        self._jobs: dict[str, Dispatch] = {}
        self._doing: set[asyncio.Task[None]] = set()

    def do(self, line: str) -> None:
        """Begin what a line asks for; one that nobody understands is logged."""
        doing = asyncio.get_running_loop().create_task(self._do(line), name="command")
        self._doing.add(doing)
        doing.add_done_callback(self._doing.discard)

    async def aclose(self) -> None:
        """Do nothing any more."""
        for doing in self._doing:
            doing.cancel()
        await asyncio.gather(*self._doing, return_exceptions=True)

    async def _do(self, line: str) -> None:
        try:
            told: dict[str, Any] = json.loads(line)
            await self._run(told.pop("do"), told)
        except Exception:
            logger.exception("the stand-in server could not do what it was told")

    async def _run(self, command: str, told: dict[str, Any]) -> None:
        match command:
            case "dispatch":
                dispatch = await self._server.dispatch(**told)
                self._jobs[dispatch.job_id] = dispatch
            case "terminate":
                await self._jobs[told["job"]].terminate()
            case "remove":
                self._server.remove(**told)
            case "cut":
                self._server.cut(**told)
            case "delete_room":
                self._server.delete_room(**told)
            case _:
                raise ValueError(f"no such command: {command}")
