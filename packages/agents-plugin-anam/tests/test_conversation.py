"""The agent of the README talks with a caller, through an avatar of a local vendor."""

from __future__ import annotations

from pathlib import Path

from agents_plugins_test.conversations import AvatarConversation
from agents_plugins_test.vendors.anam import AnamServer


class TestConversation(AvatarConversation):
    readme = Path(__file__).parents[1] / "README.md"
    key = "ANAM_API_KEY"
    url = "ANAM_API_URL"

    def open_vendor(self, *, api_key: str) -> AnamServer:
        return AnamServer(api_key=api_key)
