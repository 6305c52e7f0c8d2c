from __future__ import annotations

import asyncio

from agents_core.streams import Port


def test_a_port_is_called_by_module_and_class_and_may_be_closed_by_a_context() -> None:
    closed = []

    class Named(Port):
        async def aclose(self) -> None:
            closed.append(self.label)

    async def scenario() -> None:
        async with Named() as port:
            assert port.model == port.provider == "unknown"
            port.prewarm()

    asyncio.run(scenario())
    assert closed[0].endswith(".Named")
    assert closed[0].startswith(f"{__name__}.")


def test_a_whole_request_may_take_its_timeout_twice() -> None:
    assert Port().patience(5.0) == 10.0
