"""Whom an address belongs to, and who can listen on the way there."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit


def origin(url: str) -> tuple[str, str | None, int | None]:
    """Scheme, host and port: what goes to one origin must not go to another.

    Raises:
        ValueError: `url` is no address.
    """
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def leads_to(url: str, reference: str) -> str:
    """The address that a reference at `url` leads to; empty where that is not its own server.

    >>> leads_to("https://forge.example/api/v1/repos", "/api/v1/repositories/7")
    'https://forge.example/api/v1/repositories/7'
    >>> leads_to("https://forge.example/api/v1/repos", "//elsewhere.example/")
    ''
    """
    try:
        there = urljoin(url, reference)
        return there if origin(there) == origin(url) else ""
    except ValueError:
        return ""


def is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent there: https, or this machine itself."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
