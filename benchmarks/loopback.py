"""A real package index on loopback: a pypiserver with an empty folder and one account."""

from __future__ import annotations

import base64
import hashlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measure import RunFailed

TOKEN = "mark"  # noqa: S105 - opens a server that lives for one round
"""Of an account that lives for one round."""
_USER = "__token__"
"""For which a token is the password, here as on PyPI."""

_READY = 20.0
"""Seconds within which a server has to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a server listens, or will."""

    port: int

    @property
    def simple_url(self) -> str:
        """Where installers read."""
        return f"http://127.0.0.1:{self.port}/simple/"

    @property
    def upload_url(self) -> str:
        """Where files are sent."""
        return f"http://127.0.0.1:{self.port}/"


def free_address() -> Address:
    """One at which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Address(port=probe.getsockname()[1])


@contextmanager
def serving(address: Address, folder: Path) -> Iterator[Path]:
    """Run a server in the new folder `folder`; what is yielded is where its packages arrive.

    Raises:
        FileNotFoundError: this Python has no pypiserver.
        RunFailed: it does not answer.
    """
    if find_spec("pypiserver") is None:
        raise FileNotFoundError(f"no pypiserver in the environment of {sys.executable}")
    packages = folder / "packages"
    packages.mkdir(parents=True)
    accounts = folder / "htpasswd"
    accounts.write_text(f"{_USER}:{_hashed(TOKEN)}\n", encoding="utf-8")
    server = subprocess.Popen(
        (
            *(sys.executable, "-m", "pypiserver", "run"),
            *("--interface", "127.0.0.1", "--port", str(address.port)),
            *("--passwords", str(accounts), "--authenticate", "update"),
            *("--disable-fallback", str(packages)),
        ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(server, address)
        yield packages
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(timeout=10)


def _hashed(password: str) -> str:
    """The cheapest form that htpasswd has: what is measured is uploading, not hashing."""
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).digest()
    return f"{{SHA}}{base64.b64encode(digest).decode()}"


def _await(server: subprocess.Popen[bytes], address: Address) -> None:
    end = time.monotonic() + _READY
    while time.monotonic() < end and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", address.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RunFailed(f"no pypiserver answers at {address.upload_url}")
