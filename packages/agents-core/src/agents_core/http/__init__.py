"""How a plugin talks to its vendor over HTTP: what every one of them would write again."""

from __future__ import annotations

from agents_core.http.client import HttpClient
from agents_core.http.keys import base_url, required_key
from agents_core.http.lines import lines, server_events
from agents_core.http.mapping import malformed, mapped_errors
from agents_core.http.shared import SharedSocket
from agents_core.http.socket import Socket
from agents_core.http.sound import demand_sound

__all__ = [
    "HttpClient",
    "SharedSocket",
    "Socket",
    "base_url",
    "demand_sound",
    "lines",
    "malformed",
    "mapped_errors",
    "required_key",
    "server_events",
]
