"""The streams of a text-to-speech port."""

from __future__ import annotations

from agents_core.audio import AudioFrame, combine
from agents_core.streams import EventStream, InputStream, Run
from agents_core.tts.parts import TTSPart
from agents_core.tts.speech import SynthesizedAudio


class ChunkedStream(EventStream[SynthesizedAudio]):
    """The sound of a whole text, as it comes; one segment."""

    def __init__(self, run: Run[TTSPart, SynthesizedAudio], text: str, nothing: AudioFrame) -> None:
        super().__init__(run)
        self._text = text
        self._nothing = nothing

    @property
    def input_text(self) -> str:
        """What is said."""
        return self._text

    async def collect(self) -> AudioFrame:
        """All of it, in one frame, without a sample where the text was blank; then it is closed.

        Raises:
            APIError: the answer broke off.
        """
        async with self:
            return combine([self._nothing] + [speech.frame async for speech in self])


class SynthesizeStream(InputStream[str, SynthesizedAudio]):
    """The sound of a text that is still being written.

    `flush` ends a segment: an utterance that is said as a whole. `end_input` ends the last one.
    """

    def push_text(self, text: str) -> None:
        """Let `text` be said after what was pushed before; blanks do not begin a segment."""
        if text.strip() or (text and self._open):
            self._push(text)
