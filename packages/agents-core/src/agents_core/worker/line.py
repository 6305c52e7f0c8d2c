"""The line to the server: one registration after the other, with pings in between."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, NoReturn

from agents_core.jobs.credentials import Credentials
from agents_core.worker.connection import Connection
from agents_core.worker.effects import Lost, PingDue
from agents_core.worker.messages import Register, Registered
from agents_core.worker.options import WorkerOptions
from agents_core.worker.performer import Performer
from agents_core.worker.registration import stay_registered
from agents_core.worker.traffic import Traffic
from agents_core.worker.version import sdk_version

if TYPE_CHECKING:
    from aiohttp import ClientSession

_logger = logging.getLogger("agents_core.worker")


class ServerLine:
    """Feeds the performer with what the server says, and carries what it sends.

    `announce` is called with the worker's id at each registration.
    """

    def __init__(
        self,
        performer: Performer,
        options: WorkerOptions,
        credentials: Credentials,
        announce: Callable[[str], None],
    ) -> None:
        self._performer = performer
        self._options = options
        self._credentials = credentials
        self._announce = announce
        self._last_ping = 0

    async def stay(self, session: ClientSession) -> NoReturn:
        """Keep the worker registered.

        Raises:
            WorkerError: there is no hope any more.
        """
        await stay_registered(
            lambda: Connection.open(
                session, self._credentials, introduction(self._options), self._options.timings
            ),
            self._use,
            max_retry=self._options.max_retry,
            timings=self._options.timings,
        )

    def ping(self) -> None:
        """Ask the server for a sign of life; it proves what was read, too."""
        self._last_ping = max(self._last_ping + 1, int(time.time() * 1000))
        self._performer.feed(PingDue(timestamp=self._last_ping))

    async def _use(self, connected: tuple[Connection, Registered]) -> None:
        connection, registered = connected
        traffic = self._performer.traffic = Traffic(connection, self._options.timings)
        _logger.info("registered as %r (server %r)", registered.worker_id, registered.server)
        try:
            self._performer.feed(registered)
            self._announce(registered.worker_id)
            await traffic.run(self._performer.feed, self.ping)
        finally:
            self._performer.traffic = None
            self._performer.feed(Lost())
            await connection.close()


def introduction(options: WorkerOptions) -> Register:
    """What the worker says first."""
    permissions = asdict(options.permissions)
    sources = permissions.pop("can_publish_sources")
    return Register(
        worker_type=options.worker_type.value,
        agent_name=options.agent_name,
        version=sdk_version(),
        ping_interval=max(round(options.timings.ping), 1),
        permissions=tuple(permissions.items()),
        sources=tuple(sources),
    )
