"""When an echo is the words that were asked for: for vendors who spell, and speak, as they like."""

from __future__ import annotations

from collections.abc import Sequence

from agents_core.audio import AudioFrame
from agents_core.testing.tones import read


class Spelling:
    """A mixin of suites whose echo is text."""

    def spelled(self, text: str, words: str) -> str:  # noqa: ARG002 - for who overrides it
        """`text`, as it is compared with `words`, of which it has to be an echo.

        Override it where the vendor spells as it likes: give `words` where both say the same.
        """
        return text


class Hearing(Spelling):
    """A mixin of suites whose echo is sound."""

    def heard(self, sound: Sequence[AudioFrame]) -> str:
        """What is said in `sound`; override it where the vendor does not speak in tones."""
        return " ".join(each.text.strip() for each in read(sound))

    async def understand(self, sound: Sequence[AudioFrame], words: str) -> str:
        """What is said in `sound`, as it is compared with `words`, of which it has to be an echo.

        Override it where somebody else has to listen, or nobody can do more than to agree.
        """
        return self.spelled(self.heard(sound), words)
