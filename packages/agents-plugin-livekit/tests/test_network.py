"""A service of yours that runs the model; agents-plugins-test says how that is told."""

from __future__ import annotations

from agents_core import ChatContext
from agents_core.testing.demands import demand
from agents_core.testing.suite import sentence
from agents_core.testing.vendor import Vendor
from agents_plugin_livekit import MultilingualModel
from agents_plugins_test.network import Real


class TestMultilingualModel(Real[MultilingualModel]):
    needs = ("LIVEKIT_REMOTE_EOT_URL",)

    def create(self, vendor: Vendor) -> MultilingualModel:
        return MultilingualModel()

    @sentence()
    async def test_what_sounds_finished_is_likelier_to_be(self, subject: MultilingualModel) -> None:
        likely = []
        for text in ("I would like to", "I would like to order a pizza, please."):
            chat_ctx = ChatContext()
            chat_ctx.add_message(role="assistant", content="How can I help you?")
            chat_ctx.add_message(role="user", content=text)
            likely.append(await subject.predict_end_of_turn(chat_ctx, timeout=self.patience))
        demand(0 <= likely[0] < likely[1] <= 1, f"unfinished, and finished: {likely}")
