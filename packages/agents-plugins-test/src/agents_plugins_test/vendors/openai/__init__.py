"""OpenAI: chat, speech and realtime conversation, each in a room of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from agents_plugins_test.vendors.openai.chat import ChatRoom
from agents_plugins_test.vendors.openai.realtime import RealtimeRoom
from agents_plugins_test.vendors.openai.speech import SpeechRoom

if TYPE_CHECKING:
    from aiohttp import web

_DEPLOYED = "/openai/deployments/"


class OpenAIServer(ChatRoom, SpeechRoom, RealtimeRoom):
    """All of them at one address, whose base URL ends before ``/chat/completions``.

    The same rooms are deployed below ``/openai/deployments/{deployment}``, as at Azure.
    """

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        deployed = f"{_DEPLOYED}{{deployment}}"
        return [
            *self.chat_routes(),
            *self.chat_routes(deployed),
            *self.speech_routes(),
            *self.speech_routes(deployed),
            *self.realtime_routes(),
        ]

    def key_of(self, request: web.Request) -> str | None:
        """See `LocalVendor`; what is deployed at Azure lets nobody in without a version."""
        if request.path.startswith(_DEPLOYED) and "api-version" not in request.query:
            return None
        return super().key_of(request)
