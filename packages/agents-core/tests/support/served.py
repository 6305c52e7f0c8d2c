"""A server of one page, for tests of what talks HTTP."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


@contextlib.asynccontextmanager
async def served(serve: Serve, *, largest: int = 2**20) -> AsyncIterator[str]:
    """Serve it on the loopback, to requests of so many bytes at most; the URL."""
    app = web.Application(client_max_size=largest)
    app.router.add_route("*", "/", serve)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
