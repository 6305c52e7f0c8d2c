"""One conversation with the agent of a README, who speaks through an avatar in a stand-in room."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from agents_core.testing.demands import demand, demand_same
from agents_core.testing.running import run
from agents_core.testing.suite import skip
from agents_core.testing.tones import SECONDS_PER_BYTE, speak
from agents_plugins_test.avatar_vendor import AvatarVendor
from agents_plugins_test.avatars import Avatar

if TYPE_CHECKING:
    from agents_core.testing.room import Caller, Dispatch, RoomServer

_CODE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_KEY = "conversation-2b90cd-key"
_ROOM, _CALLER = "room", "caller"
_LONG = " ".join(f"number {count}" for count in range(1, 40))
_SECONDS = len(_LONG) * SECONDS_PER_BYTE
_INTERRUPTION = "please stop it now"
_WITHIN = 20.0
"""Seconds that a slow machine may take for each step."""


class AvatarConversation:
    """Subclass it in a plugin's tests, say where the README is, and open the vendor.

    The agent runs as a user would run it: by ``agents-core dev``, in a process of its own. It has
    to greet, and to repeat what it is told, as a session of fakes does.
    """

    readme: ClassVar[Path]
    key: ClassVar[str]
    """The variable for the key."""
    url: ClassVar[str]
    """The variable for where the vendor answers."""

    def open_vendor(self, *, api_key: str) -> AvatarVendor:
        """The vendor, which sends an avatar."""
        raise NotImplementedError(f"{type(self).__name__}.open_vendor() makes the vendor")

    def test_the_agent_of_the_readme_speaks_through_its_avatar(self, tmp_path: Path) -> None:
        """Heard, interrupted, told how much was heard; nobody is left when the caller leaves."""
        from agents_core.testing.room import room_is_possible

        if (why := room_is_possible()) is not None:
            skip(why)
        [code] = _CODE.findall(self.readme.read_text("utf-8"))
        (tmp_path / "agent.py").write_text(code, encoding="utf-8")
        run(self._tell(tmp_path), within=3 * _WITHIN)

    async def _tell(self, folder: Path) -> None:
        from agents_core.testing.room import RoomServer

        async with RoomServer() as server, self.open_vendor(api_key=_KEY) as vendor:
            variables = {self.key: _KEY, self.url: vendor.url}
            async with _worker(folder, server, variables):
                dispatch = await server.dispatch(room=_ROOM, within=_WITHIN)
                async with await server.join(_ROOM, _CALLER) as caller:
                    await _until(lambda: vendor.avatars and vendor.avatars[0].is_there)
                    await _converse(server, caller, dispatch.identity, vendor.avatars[0])
                await self.see_the_end(server, dispatch, vendor)

    async def see_the_end(
        self, server: RoomServer, dispatch: Dispatch, vendor: AvatarVendor
    ) -> None:
        """The job went well, and everybody has left; plugins may look for more."""
        await dispatch.wait_status("success", within=_WITHIN)
        await server.wait_for("room_closed", within=_WITHIN)
        demand_same(vendor.open_connections(), 0, "requests that are left open")


@contextlib.asynccontextmanager
async def _worker(
    folder: Path, server: RoomServer, variables: dict[str, str]
) -> AsyncIterator[None]:
    """The agent of the folder waits for jobs; when the block is over, it ends well."""
    known = {
        "LIVEKIT_URL": server.url,
        "LIVEKIT_API_KEY": server.api_key,
        "LIVEKIT_API_SECRET": server.api_secret,
    }
    environ = {**os.environ, **known, **variables}  # noqa: TID251 - a process needs all of it
    log = folder / "log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "agents_core.cli", "dev", "agent.py"),
            cwd=folder,
            env=environ,
            stdout=output,
            stderr=output,
        )
    try:
        yield
        process.terminate()
        demand_same(await process.wait(), 0, "exit status of the worker")
        failures = re.findall(r"^.* ERROR +agents_core.*$", log.read_text("utf-8"), re.MULTILINE)
        demand_same(failures, [], "what the agent failed in")
    except BaseException as error:
        error.add_note(log.read_text("utf-8"))
        raise
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _converse(server: RoomServer, caller: Caller, agent: str, avatar: Avatar) -> None:
    """Be greeted, have it tell something long, and interrupt."""
    hearing = caller.heard(avatar.identity)
    await _until(lambda: avatar.played)
    greeting = avatar.played[0]
    demand_same((greeting.interrupted, greeting.answer), (False, "ok"), "interrupted, answer")
    # It speaks until it was told that all was played: nothing else ends that.
    await _until(lambda: _state(server, agent) == "listening")

    asked = time.monotonic()
    caller.send_text(_LONG)
    await hearing.sound(since=asked, within=_WITHIN)
    await caller.speak(speak(_INTERRUPTION, sample_rate=48_000))
    await _until(lambda: len(avatar.played) > 1)
    counted = avatar.played[1]
    demand_same((counted.interrupted, counted.answer), (True, "ok"), "interrupted, answer")
    demand(avatar.told_to_stop, "it was interrupted, and not told so")
    demand(0 < counted.position < _SECONDS, f"{counted.position:.2f} s of {_SECONDS:.2f} s heard")


def _state(server: RoomServer, agent: str) -> str | None:
    people = {one.identity: one for one in server.participants(_ROOM)}
    return people[agent].attributes.get("lk.agent.state")


async def _until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(_WITHIN):
        while not true():  # noqa: ASYNC110 - what is waited for is in another process
            await asyncio.sleep(0.01)
