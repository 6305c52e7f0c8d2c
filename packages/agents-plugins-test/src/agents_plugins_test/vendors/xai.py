"""xAI: the protocol of OpenAI, as far as xAI has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from agents_plugins_test.vendors.openai.chat import ChatRoom
from agents_plugins_test.vendors.openai.realtime import RealtimeRoom
from agents_plugins_test.vendors.openai.realtime_conversation import Conversation

if TYPE_CHECKING:
    from aiohttp import web


class XAIConversation(Conversation):
    """A realtime conversation, with the ways of xAI."""

    xai = True


class XAIServer(ChatRoom, RealtimeRoom):
    """Chat completions and realtime conversation; no speech apart from that."""

    kind = XAIConversation

    def routes(self) -> Iterable[web.RouteDef]:
        """See `LocalVendor`."""
        return [*self.chat_routes(), *self.realtime_routes()]
