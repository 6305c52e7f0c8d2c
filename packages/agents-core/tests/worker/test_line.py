from __future__ import annotations

from agents_core.worker.line import introduction
from agents_core.worker.options import WorkerOptions, WorkerPermissions, WorkerType
from agents_core.worker.timings import Timings
from agents_core.worker.version import sdk_version


async def entrypoint(_: object) -> None: ...


def test_a_worker_introduces_itself_by_its_options() -> None:
    permissions = WorkerPermissions(hidden=True, can_publish_sources=("MICROPHONE",))
    options = WorkerOptions(
        entrypoint_fnc=entrypoint,
        agent_name="ann",
        worker_type=WorkerType.PUBLISHER,
        permissions=permissions,
        timings=Timings(ping=0.1),
    )

    said = introduction(options)

    assert (said.agent_name, said.worker_type, said.version) == (
        "ann",
        "JT_PUBLISHER",
        sdk_version(),
    )
    assert dict(said.permissions) == {
        "can_publish": True,
        "can_subscribe": True,
        "can_publish_data": True,
        "can_update_metadata": True,
        "hidden": True,
    }
    assert said.sources == ("MICROPHONE",)
    assert said.ping_interval == 1, "whole seconds, and never none"
