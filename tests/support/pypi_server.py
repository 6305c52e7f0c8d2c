"""A real pypiserver on loopback, with a password for uploads, and the uv that sends them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ENVIRONMENT = dict(os.environ)  # noqa: TID251 - uv needs PATH and the like
UV = ENVIRONMENT.get("HATCH_UV") or shutil.which("uv") or "uv"

needs_uv = pytest.mark.skipif(
    shutil.which(UV) is None, reason="needs uv: run the tests through hatch, or install it"
)

PATIENCE = 30.0
"""Seconds in which it should answer, and end."""


class PypiServer(NamedTuple):
    """Where it is, and who may upload."""

    url: str
    username: str
    password: str
    packages: Path
    """The folder in which it keeps what it took."""

    @property
    def simple_url(self) -> str:
        """Where installers read."""
        return f"{self.url}/simple/"

    @property
    def upload_url(self) -> str:
        """Where files are sent."""
        return f"{self.url}/"


@contextmanager
def pypi_server(
    folder: Path, credentials: tuple[str, str] = ("bot", "correct horse")
) -> Iterator[PypiServer]:
    """The server, empty, until the body is over; `folder` is its own."""
    username, password = credentials
    packages, accounts = folder / "packages", folder / "htpasswd"
    packages.mkdir(parents=True)
    digest = sha1(password.encode(), usedforsecurity=False).digest()  # as htpasswd(1) has it
    accounts.write_text(f"{username}:{{SHA}}{b64encode(digest).decode()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = PypiServer(f"http://127.0.0.1:{port}", username, password, packages)
    command = [
        *(sys.executable, "-P", "-m", "pypiserver", "run"),
        *("--interface", "127.0.0.1", "--port", str(port)),
        *("--passwords", str(accounts), "--authenticate", "update"),
        *("--disable-fallback", "--hash-algo", "sha256", str(packages)),
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            _await(server.simple_url, process)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            finally:
                process.kill()
                process.wait()


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(url, timeout=1) as answer:  # noqa: S310 - loopback
                answer.read()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"pypiserver does not answer at {url}")
