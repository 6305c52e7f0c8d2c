"""The agent of the README talks with a caller, through an avatar of a local vendor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agents_plugins_test.conversations import AvatarConversation
from agents_plugins_test.vendors.lemonslice import LemonSliceServer

if TYPE_CHECKING:
    from agents_core.testing.room import Dispatch, RoomServer


class TestConversation(AvatarConversation):
    readme = Path(__file__).parents[1] / "README.md"
    key = "LEMONSLICE_API_KEY"
    url = "LEMONSLICE_API_URL"

    def open_vendor(self, *, api_key: str) -> LemonSliceServer:
        return LemonSliceServer(api_key=api_key)

    async def see_the_end(
        self, server: RoomServer, dispatch: Dispatch, vendor: LemonSliceServer
    ) -> None:
        await super().see_the_end(server, dispatch, vendor)

        assert vendor.ended == vendor.sessions
