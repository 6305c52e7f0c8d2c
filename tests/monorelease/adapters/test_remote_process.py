from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from monorelease.adapters.remote_process import RemoteProcess
from monorelease.errors import GitFailed
from sandbox import Sandbox

ENTER = "Authorization"


class Doorkeeper(BaseHTTPRequestHandler):
    """Lets nobody in, and remembers who came."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(self.headers.get(ENTER, ""))
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def door() -> Iterator[str]:
    """The address of a server that asks for a password: host and port."""
    Doorkeeper.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Doorkeeper) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(10)


def ask(sandbox: Sandbox, remote: str, **limit: float) -> str:
    return RemoteProcess(sandbox.root).ask(remote, "ls-remote", "--", remote, **limit)


def test_nobody_is_asked_for_a_password(sandbox: Sandbox, door: str) -> None:
    with pytest.raises(GitFailed, match="terminal prompts disabled") as caught:
        ask(sandbox, f"http://{door}/r.git")

    assert "credential helper" in caught.value.hint


def test_an_address_tells_nobody_its_password(sandbox: Sandbox, door: str) -> None:
    with pytest.raises(GitFailed) as caught:
        ask(sandbox, f"http://ada:s3cr%40et@{door}/r.git")

    assert Doorkeeper.seen[-1].startswith("Basic ")
    for words in (str(caught.value), caught.value.hint, repr(caught.value)):
        assert "s3cr" not in words
        assert "ada" not in words


def test_a_credential_helper_is_the_users_own_affair(sandbox: Sandbox, door: str) -> None:
    helper = "!f() { test \"$1\" = get && printf 'username=ada\\npassword=x\\n'; }; f"
    sandbox.git("config", "credential.helper", helper)

    with pytest.raises(GitFailed, match="Authentication failed"):
        ask(sandbox, f"http://{door}/r.git")

    assert Doorkeeper.seen[-1].startswith("Basic ")


def test_a_remote_that_never_answers_is_given_up(sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begin = time.monotonic()

        with pytest.raises(GitFailed, match="it did not end within 1 s"):
            ask(sandbox, f"http://127.0.0.1:{silent.getsockname()[1]}/r.git", seconds=1.0)

        assert time.monotonic() - begin < 30


# ── ssh ─────────────────────────────────────────────────────────────────────────────────


def stand_in(folder: Path, name: str) -> Path:
    """A program that writes down what it is called with, and fails as ssh does."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(
        f'#!/bin/sh\necho "{name} $*" >> {folder}/called\n'
        "echo 'Permission denied (publickey).' >&2\nexit 255\n"
    )
    program.chmod(0o755)
    return program


def called(folder: Path) -> str:
    return (folder / "called").read_text().splitlines()[-1]


def ask_by_ssh(sandbox: Sandbox) -> GitFailed:
    with pytest.raises(GitFailed) as caught:
        ask(sandbox, "ssh://git@git.example/r.git")
    return caught.value


def test_ssh_asks_nobody_either(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "bin", "ssh")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")

    error = ask_by_ssh(sandbox)

    assert called(tmp_path / "bin").startswith("ssh -o BatchMode=yes")
    assert "ssh agent" in error.hint


@pytest.mark.parametrize("place", ["GIT_SSH_COMMAND", "core.sshCommand"])
def test_a_users_own_ssh_is_left_as_it_is(
    place: str, sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = stand_in(tmp_path / "bin", "own-ssh")
    if place.startswith("GIT"):
        monkeypatch.setenv(place, str(own))
    else:
        sandbox.git("config", place, str(own))

    ask_by_ssh(sandbox)

    assert called(tmp_path / "bin").startswith("own-ssh ")
    assert "BatchMode" not in called(tmp_path / "bin")


def test_what_is_added_to_the_environment_reaches_the_remote_and_still_nobody_is_asked(
    sandbox: Sandbox, door: str
) -> None:
    key = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.http://{door}/.extraHeader",
        "GIT_CONFIG_VALUE_0": f"{ENTER}: Basic a2V5",
        "GIT_TERMINAL_PROMPT": "1",
    }

    git, remote = RemoteProcess(sandbox.root, key), f"http://{door}/r.git"

    with pytest.raises(GitFailed) as caught:
        git.ask(remote, "ls-remote", "--", remote)

    assert "Basic a2V5" in Doorkeeper.seen
    assert "a2V5" not in str(caught.value)
    assert "disabled" in caught.value.problem
