"""The HTTP server for those who watch a worker: health, identity and metrics."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

from agents_core.errors import WorkerError
from agents_core.worker.health import Snapshot, health, identity
from agents_core.worker.metrics import CONTENT_TYPE

if TYPE_CHECKING:
    from aiohttp import web


@contextlib.asynccontextmanager
async def serving(
    *,
    host: str,
    port: int,
    snapshot: Callable[[], Snapshot],
    metrics: Callable[[], str],
    close_timeout: float,
) -> AsyncIterator[int]:
    """Answer ``/``, ``/worker`` and ``/metrics`` meanwhile; the port that was bound.

    Args:
        host: an address of this machine; empty for every one.
        port: 0 for any that is free.
        snapshot: of the worker, taken for each question.
        metrics: the page of numbers.
        close_timeout: seconds that an answer under way may take in the end.

    Raises:
        WorkerError: the port cannot be had.
    """
    from aiohttp import web

    runner = web.AppRunner(
        _application(snapshot, metrics), access_log=None, shutdown_timeout=close_timeout
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, host or None, port)
        try:
            await site.start()
        except OSError as error:
            raise WorkerError(
                f"health and metrics cannot be served on port {port}: {error.strerror};"
                " see host and port in the options"
            ) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _application(snapshot: Callable[[], Snapshot], metrics: Callable[[], str]) -> web.Application:
    from aiohttp import web

    async def answer_health(_: web.Request) -> web.Response:
        status, text = health(snapshot())
        return web.Response(status=status, text=text)

    async def answer_identity(_: web.Request) -> web.Response:
        return web.json_response(identity(snapshot()))

    async def answer_metrics(_: web.Request) -> web.Response:
        return web.Response(text=metrics(), headers={"Content-Type": CONTENT_TYPE})

    application = web.Application()
    application.router.add_get("/", answer_health)
    application.router.add_get("/worker", answer_identity)
    application.router.add_get("/metrics", answer_metrics)
    return application
