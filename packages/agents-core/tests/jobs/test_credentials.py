"""Credentials can be told from each other, and not read."""

from __future__ import annotations

from agents_core.jobs.credentials import Credentials

KNOWN = Credentials(url="ws://here", api_key="a-key", api_secret="a-secret")  # noqa: S106 - made up


def test_of_credentials_the_url_alone_is_shown() -> None:
    assert "ws://here" in repr(KNOWN)
    assert "a-key" not in repr(KNOWN)
    assert "a-secret" not in repr(KNOWN)
