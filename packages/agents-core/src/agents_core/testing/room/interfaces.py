"""Whether a room is possible on this machine at all."""

from __future__ import annotations

import socket
from importlib.util import find_spec

_NEEDED = {
    "aiohttp": "aiohttp",
    "aiortc": "aiortc",
    "jwt": "livekit-api",
    "livekit.api": "livekit-api",
    "livekit.protocol": "livekit-protocol",
}
_ELSEWHERE = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737), which no network has."""


def room_is_possible() -> str | None:
    """Why no client could join a room here, or None where one can; made for skipping tests.

    A package of the extra ``testing-room`` may be missing, or the machine may have no interface
    but loopback, which the native library of the SDK does not use.
    """
    for module, package in _NEEDED.items():
        if not _is_installed(module):
            return f"the stand-in server needs {package}: install agents-core[testing-room]"
    if not _has_interface():
        return "WebRTC ignores the loopback interface, and this machine has no other"
    return None


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even the package above it
        return False


def _has_interface() -> bool:
    # Asks for a route alone: to connect a datagram socket sends nothing.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return False
        return not probe.getsockname()[0].startswith("127.")
