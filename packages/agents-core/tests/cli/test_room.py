"""The room as a command: what it needs, what it tells, how it ends."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import EXAMPLES, agents_core
from worker_life import joins

from agents_core.cli.room import at_home
from agents_core.testing.room import RoomServer, room_is_possible
from agents_core.worker.options import WorkerOptions

Command = Callable[..., "subprocess.Popen[str]"]
WITH_A_FACE = """
import json
from pathlib import Path
from livekit import api
from agents_core import AgentSession
from agents_core.testing.fakes import FakeAvatarSession

async def entrypoint(ctx):
    await ctx.connect()
    avatar = FakeAvatarSession()
    await avatar.start(AgentSession(), ctx.room)
    url, token = avatar.vendor.last_invitation
    known = ctx.credentials
    api.TokenVerifier(known.api_key, known.api_secret).verify(token)
    answer = await ctx.api.room.list_rooms(api.ListRoomsRequest())
    seen = {"url": url, "key": known.api_key, "rooms": [room.name for room in answer.rooms]}
    Path("invited.json").write_text(json.dumps(seen))
"""
in_a_room = pytest.mark.skipif(room_is_possible() is not None, reason=room_is_possible() or "")


@in_a_room
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_people_are_invited_until_a_signal_ends_it(
    command: Command, number: signal.Signals
) -> None:
    process = command("-m", "agents_core.cli", "room", EXAMPLES / "hello.py", "--room", "lobby")
    assert process.stdout is not None
    told = "".join(process.stdout.readline() for _ in range(5))

    for name in ("URL", "API_KEY", "API_SECRET", "TOKEN"):
        assert re.search(rf"^LIVEKIT_{name}=\S+$", told, re.MULTILINE)
    assert "'lobby'" in told
    process.send_signal(number)
    _, log = process.communicate(timeout=30)
    assert process.returncode == 0, log
    assert "Traceback" not in log


@in_a_room
def test_an_agent_that_never_answers_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "mute.py"
    path.write_text("async def entrypoint(ctx):\n    await ctx.connect()\n")

    ran = agents_core("room", path, "--say", "hello", "--within", "2", folder=tmp_path)

    assert ran.status == 1
    assert "the agent did not listen in 2 s" in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "heard.wav").exists()


@in_a_room
def test_whom_the_agent_invites_is_invited_to_this_room(tmp_path: Path) -> None:
    path = tmp_path / "face.py"
    path.write_text(WITH_A_FACE)

    ran = agents_core("room", path, "--say", "hello", "--within", "2", folder=tmp_path)

    told = dict(re.findall(r"^LIVEKIT_(URL|API_KEY)=(\S+)$", ran.out, re.MULTILINE))
    seen = json.loads((tmp_path / "invited.json").read_text())
    assert seen == {"url": told["URL"], "key": told["API_KEY"], "rooms": ["room"]}
    assert "Traceback" not in ran.err


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    missing = "import sys\nsys.modules['aiortc'] = None"

    ran = agents_core("room", EXAMPLES / "hello.py", folder=tmp_path, before=missing)

    assert ran.status == 2
    assert ran.err.endswith("error: a room needs aiortc: pip install 'agents-core[testing-room]'\n")


@in_a_room
def test_a_port_that_is_taken_is_an_honest_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = agents_core("room", EXAMPLES / "hello.py", "--port", str(port), folder=tmp_path)

    assert ran.status == 1
    assert f"error: port {port} cannot be listened on" in ran.err
    assert "Traceback" not in ran.err


@in_a_room
@pytest.mark.parametrize(
    "words", [["--wav", "nothing.wav"], ["--wav", "an_agent.py"], ["--say", "hello", "--espeak"]]
)
def test_a_script_that_cannot_be_said_is_a_matter_of_usage(
    words: list[str], agent: Path, tmp_path: Path
) -> None:
    ran = agents_core("room", agent, *words, folder=tmp_path, PATH="/nowhere")

    assert ran.status == 2
    assert "Traceback" not in ran.err


def test_an_agent_comes_to_this_room_whatever_its_name_and_its_server_are() -> None:
    elsewhere = WorkerOptions(
        entrypoint_fnc=joins, agent_name="billing", ws_url="wss://far.example", api_key="theirs"
    )
    server = RoomServer(api_key="ours")
    server.url = "ws://127.0.0.1:9"

    here = at_home(elsewhere, server)

    assert (here.agent_name, here.ws_url, here.api_key) == ("", "ws://127.0.0.1:9", "ours")
    assert here.api_secret == server.api_secret
    assert here.entrypoint_fnc is joins
