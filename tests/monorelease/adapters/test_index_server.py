"""The index of the tests is one: real uploaders and installers use it, and meet its faults."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from queue import Queue
from threading import Thread
from urllib.parse import urlsplit

import pytest

from distributions import sdist, wheel
from index_server import ALWAYS, Arrival, Fault, IndexServer
from monorelease.adapters.simple_index import SimpleIndex
from monorelease.model.index import Project
from sandbox import PATIENCE, surroundings
from values import named

UV = surroundings().get("HATCH_UV") or shutil.which("uv")
needs_uv = pytest.mark.skipif(
    UV is None, reason="needs uv: run the tests through hatch, or install it"
)
CORE = named("core")
ADA = ("ada", "secret")
WHEEL = "core-1.0-py3-none-any.whl"
SDIST = "core-1.0.tar.gz"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A wheel, and a source distribution."""
    return [wheel(tmp_path, "core"), sdist(tmp_path, "core")]


def publish(index: IndexServer, *files: Path) -> subprocess.CompletedProcess[str]:
    """Send the files with uv, which tries once more when it cannot be answered."""
    words = ["publish", "--no-progress", "--publish-url", index.upload_url, "-u", "ada"]
    return subprocess.run(
        [str(UV), *words, *map(str, files)],
        env=surroundings(UV_NO_CONFIG="1", UV_PUBLISH_PASSWORD=ADA[1], UV_HTTP_RETRIES="1"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def core(index: IndexServer) -> Project:
    return SimpleIndex(index.simple_url).projects([CORE])[CORE]


def listed(index: IndexServer) -> list[str]:
    return [file.filename for file in core(index).files]


@needs_uv
def test_uv_uploads_to_it(files: list[Path]) -> None:
    with IndexServer(credentials=ADA) as index:
        ran = publish(index, *files)

        assert ran.returncode == 0, ran.stderr
        assert index.files == {CORE: {file.name: file.read_bytes() for file in files}}
        assert sorted(listed(index)) == sorted((WHEEL, SDIST))
    assert sorted(index.uploads) == [Arrival(WHEEL, "stored"), Arrival(SDIST, "stored")]
    assert index.stored == sorted((WHEEL, SDIST))


@pytest.mark.parametrize("serves_json", [True, False])
@pytest.mark.parametrize(
    "command",
    [
        pytest.param((str(UV), "pip", "install", "--no-cache"), marks=needs_uv, id="uv"),
        pytest.param(
            (sys.executable, "-m", "pip", "--isolated", "--no-cache-dir", "install"),
            marks=pytest.mark.skipif(find_spec("pip") is None, reason="pip is not installed here"),
            id="pip",
        ),
    ],
)
def test_installers_install_from_it(
    command: tuple[str, ...], tmp_path: Path, files: list[Path], *, serves_json: bool
) -> None:
    with IndexServer(serves_json=serves_json) as index:
        index.add("core", {file.name: file.read_bytes() for file in files})

        words = ["--index-url", index.simple_url, "--target", str(tmp_path / "target"), "core"]
        ran = subprocess.run(
            [*command, *words],
            env=surroundings(UV_NO_CONFIG="1", PIP_CONFIG_FILE="/dev/null"),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "target/core.py").exists()


@needs_uv
def test_a_file_is_taken_once(files: list[Path]) -> None:
    with IndexServer() as index:
        publish(index, files[0])
        ran = publish(index, files[0])
        index.takes_again = True
        again = publish(index, files[0])

    assert ran.returncode == 2
    assert f"400 Bad Request. Server says: File already exists ('{WHEEL}')." in ran.stderr
    assert again.returncode == 0
    assert [result for _, result in index.uploads] == ["stored", "400", "stored"]


@needs_uv
def test_wrong_credentials_are_refused(files: list[Path]) -> None:
    with IndexServer(credentials=("ada", "another secret")) as index:
        ran = publish(index, files[0])

    assert ran.returncode == 2
    assert index.uploads == [Arrival(WHEEL, "403")]
    assert index.stored == []


@needs_uv
def test_only_so_many_new_projects_are_taken(tmp_path: Path, files: list[Path]) -> None:
    with IndexServer(new_projects=1) as index:
        ran = [publish(index, file) for file in (*files, wheel(tmp_path, "other"))]

    assert [each.returncode for each in ran] == [0, 0, 2]
    assert "429 Too Many Requests. Server says: Too many new projects" in ran[2].stderr


@needs_uv
@pytest.mark.parametrize("status", [400, 403, 429, 500, 503])
def test_the_second_upload_may_be_refused(status: int, files: list[Path]) -> None:
    fault = Fault(on="upload", number=2, status=status, words="not today")
    with IndexServer(faults=[fault]) as index:
        first, second, third = (publish(index, file) for file in (files[0], files[1], files[1]))

    assert [first.returncode, second.returncode, third.returncode] == [0, 2, 0]
    assert f"status code {status}" in second.stderr
    assert "Server says: not today" in second.stderr
    assert [result for _, result in index.uploads] == ["stored", str(status), "stored"]


@needs_uv
@pytest.mark.parametrize("size", [0, 3_000_000])
def test_an_upload_may_be_cut(size: int, tmp_path: Path) -> None:
    place = wheel(tmp_path, "core", size=size)
    fault = Fault(on="upload", file=WHEEL, cut=True, times=ALWAYS)
    with IndexServer(faults=[fault]) as index:
        ran = publish(index, place)

    assert ran.returncode == 2
    assert index.uploads == [Arrival(WHEEL, "cut")] * 2
    assert index.stored == []


def test_a_client_may_leave_before_it_has_named_its_file() -> None:
    with IndexServer() as index:
        address = urlsplit(index.url)
        with socket.create_connection((address.hostname, address.port), PATIENCE) as client:
            client.sendall(b"POST /legacy/ HTTP/1.1\r\nContent-Length: 1000\r\n\r\nhalf a line")
            client.shutdown(socket.SHUT_WR)
            assert client.recv(1) == b""

    assert index.uploads == [Arrival("", "cut")]


@needs_uv
def test_an_answer_may_be_lost(files: list[Path]) -> None:
    """Uv sends the file again, and hears of the first time."""
    with IndexServer(faults=[Fault(on="upload", lost=True)]) as index:
        ran = publish(index, files[0])

    assert "File already exists" in ran.stderr
    assert index.uploads == [Arrival(WHEEL, "lost"), Arrival(WHEEL, "400")]
    assert index.stored == [WHEEL]


@needs_uv
@pytest.mark.parametrize("moment", ["on_upload", "after_upload"])
def test_the_uploader_may_be_killed(moment: str, files: list[Path]) -> None:
    started: Queue[subprocess.Popen[bytes]] = Queue()
    with IndexServer() as index:
        setattr(index, moment, lambda _: started.get(timeout=PATIENCE).kill())
        words = ["publish", "--publish-url", index.upload_url, "-u", "ada", "-p", "-"]
        with subprocess.Popen(
            [str(UV), *words, str(files[0])], env=surroundings(), stderr=subprocess.DEVNULL
        ) as uploader:
            started.put(uploader)
            assert uploader.wait(PATIENCE) == -signal.SIGKILL

    assert index.stored == [WHEEL]


def test_pages_may_be_stale_until_they_are_released() -> None:
    stale = Fault(on="page", file="core", stale=True, times=ALWAYS)
    with IndexServer(faults=[stale]) as index:
        index.add("core", {WHEEL: b""})
        assert listed(index) == [WHEEL]
        index.files[CORE][SDIST] = b""
        assert [listed(index), listed(index)] == [[WHEEL], [WHEEL]]

        index.release_pages()

        assert listed(index) == [WHEEL, SDIST]


def test_pages_may_be_stale_for_some_requests() -> None:
    with IndexServer(faults=[Fault(on="page", stale=True, times=2)]) as index:
        assert not core(index).is_known
        index.files[CORE] = {WHEEL: b""}

        assert [core(index).is_known for _ in range(3)] == [False, False, True]


def test_a_page_may_tell_wrong_hashes() -> None:
    with IndexServer(faults=[Fault(on="page", wrong_hash=True)]) as index:
        index.add("core", {WHEEL: b""})

        assert [file.sha256 for file in core(index).files] == ["0" * 64]
        assert [file.sha256 for file in core(index).files] != ["0" * 64]


def test_a_fault_is_for_one_project() -> None:
    with IndexServer(faults=[Fault(on="page", file="core", status=404, times=ALWAYS)]) as index:
        index.add("core", {})
        index.add("other", {})

        found = SimpleIndex(index.simple_url).projects([CORE, named("other")])

    assert [project.is_known for project in found.values()] == [False, True]


def test_the_end_does_not_wait_for_slow_answers() -> None:
    """Nor does it leave anybody without an answer."""
    with IndexServer(faults=[Fault(on="page", seconds=10 * PATIENCE)]) as index:
        index.add("core", {})
        reading = Thread(target=core, args=(index,))
        reading.start()
        deadline = time.monotonic() + PATIENCE
        while not index.requests and time.monotonic() < deadline:
            time.sleep(0.01)
    reading.join(PATIENCE)

    assert len(index.requests) == 1
    assert not reading.is_alive()
