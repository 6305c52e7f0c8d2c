"""What a real model that talks has to do, as far as it can be told without a server of ours."""

from __future__ import annotations

from typing import ClassVar

from agents_core.audio import AudioFrame
from agents_core.errors import APIError
from agents_core.realtime import RealtimeModel
from agents_core.testing.conversing import echo
from agents_core.testing.dialogue import WORDS
from agents_core.testing.realtime import RealtimeSuite
from agents_plugins_test.network.keyed import Keyed
from agents_plugins_test.network.mouth import speak
from agents_plugins_test.network.voices import Audible


class RealRealtime(Audible, Keyed[RealtimeModel], RealtimeSuite):
    """`RealtimeSuite`, told to a vendor whose model understands people, and speaks."""

    longest_block: ClassVar[float] = 1.0
    pace: ClassVar[float] = 1.0

    def say(self, text: str) -> AudioFrame:
        """`text`, read aloud."""
        return speak(text, sample_rate=self.sample_rate)

    async def fail(self, subject: RealtimeModel) -> APIError:
        """How the first reply is refused."""
        async with subject.session() as session:
            return await self._failure(session.generate_reply(instructions=echo(WORDS)), APIError)
