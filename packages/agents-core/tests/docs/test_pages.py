"""The Python on the pages for people does what the pages say."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from agent_pages import Block, blocks_of

from agents_core.testing.room import RoomServer, room_is_possible

PACKAGE = Path(__file__).parents[2]
DOCS = PACKAGE.parents[1] / "docs" / "agents"
PAGES = [PACKAGE / "README.md", *sorted(DOCS.glob("*.md"))]
BLOCKS = [block for page in PAGES for block in blocks_of(page)]
ELSEWHERE = "run by test_"
RUN = [b for b in BLOCKS if not (b.why_not or b.file or b.how.startswith(ELSEWHERE))]
PATIENCE = 60


@pytest.mark.parametrize("block", RUN, ids=lambda block: f"{block.page}:{block.line}")
def test_the_python_on_a_page_does_what_it_is_there_for(block: Block, tmp_path: Path) -> None:
    for other in BLOCKS:
        if other.file and other.page == block.page:
            (tmp_path / other.file).write_text(other.code, encoding="utf-8")
    match block.how:
        case "":
            run_program(block, tmp_path)
        case "with pytest":
            run_tests(block, tmp_path)
        case "as an agent":
            run_agent(block, tmp_path)
        case how:
            pytest.fail(f"{block.page}:{block.line}: nobody knows how to run {how!r}")


def test_what_is_not_run_is_little_and_says_why() -> None:
    excused = [block for block in BLOCKS if block.why_not]

    assert len(excused) <= len(RUN) // 4, excused
    assert all(len(block.why_not.split()) > 3 for block in excused), excused


def run_program(block: Block, folder: Path) -> None:
    ended = python(folder, "-c", block.code)
    assert ended.returncode == 0, ended.stderr
    assert "Traceback" not in ended.stderr, ended.stderr
    if block.printed is not None:
        assert ended.stdout == block.printed


def run_tests(block: Block, folder: Path) -> None:
    file = folder / "test_block.py"
    file.write_text(block.code, encoding="utf-8")
    ended = python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", file.name)
    assert ended.returncode == 0, ended.stdout + ended.stderr


def run_agent(block: Block, folder: Path) -> None:
    """A caller comes, hears it, and leaves; then the job is over, and has not failed."""
    if (why := room_is_possible()) is not None:
        pytest.skip(why)
    (folder / "agent.py").write_text(block.code, encoding="utf-8")
    asyncio.run(asyncio.wait_for(be_called(folder), PATIENCE))


async def be_called(folder: Path) -> None:
    async with RoomServer() as server, worker(folder, environment(server)):
        caller = await server.join("a room", "caller")
        job = await server.dispatch(room="a room", within=30)
        await caller.heard(job.identity).sound(within=30)
        await caller.leave()
        left = await server.wait_for("leave", job.identity, within=30)
        await job.wait_status("success", within=30)
        assert left["reason"] == "CLIENT_INITIATED"


@contextlib.asynccontextmanager
async def worker(folder: Path, environ: Mapping[str, str]) -> AsyncIterator[None]:
    command = (sys.executable, "-m", "agents_core.cli", "dev", "agent.py")
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, env=environ)
    try:
        yield
    finally:
        process.terminate()
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0


def environment(server: RoomServer) -> dict[str, str]:
    return {
        **os.environ,  # noqa: TID251 - of a process that a test starts
        "LIVEKIT_URL": server.url,
        "LIVEKIT_API_KEY": server.api_key,
        "LIVEKIT_API_SECRET": server.api_secret,
    }


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
