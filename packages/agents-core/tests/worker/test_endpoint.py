from __future__ import annotations

import json
import socket

import aiohttp
import pytest
from worker_life import run

from agents_core.errors import WorkerError
from agents_core.worker.endpoint import serving
from agents_core.worker.health import Snapshot

WELL = Snapshot(
    agent_name="ann",
    worker_type="JT_ROOM",
    sdk_version="1.2",
    active_jobs=2,
    load=0.5,
    registered=True,
    draining=False,
)


async def ask(snapshot: Snapshot, path: str) -> tuple[int, str, str]:
    async with (
        serving(
            host="127.0.0.1",
            port=0,
            snapshot=lambda: snapshot,
            metrics=lambda: "jobs 1\n",
            close_timeout=1,
        ) as port,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status, await response.text(), response.headers["Content-Type"]


def test_health_is_a_status_and_a_word() -> None:
    assert run(ask(WELL, "/"))[:2] == (200, "OK")


def test_the_worker_is_told_as_json() -> None:
    status, body, kind = run(ask(WELL, "/worker"))

    assert (status, kind) == (200, "application/json; charset=utf-8")
    assert json.loads(body)["agent_name"] == "ann"


def test_metrics_come_in_their_own_type() -> None:
    expected = (200, "jobs 1\n", "text/plain; version=0.0.4; charset=utf-8")

    assert run(ask(WELL, "/metrics")) == expected


def test_nothing_else_is_there() -> None:
    assert run(ask(WELL, "/elsewhere"))[0] == 404


def test_a_port_that_is_taken_is_told_with_its_number() -> None:
    async def serve(port: int) -> None:
        async with serving(
            host="127.0.0.1",
            port=port,
            snapshot=lambda: WELL,
            metrics=str,
            close_timeout=1,
        ):
            raise AssertionError("it was taken")

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(WorkerError, match=f"port {port}"):
            run(serve(port))
