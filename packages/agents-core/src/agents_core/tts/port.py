"""The port of text to speech: what users call, and what a vendor writes."""

from __future__ import annotations

from abc import ABC
from collections.abc import AsyncGenerator, Callable
from functools import partial

from agents_core.audio import AudioFrame
from agents_core.errors import AgentsError
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.streams import FLUSH, Flush, Inlet, Port, Run
from agents_core.tts.parts import TTSPart
from agents_core.tts.script import Script, TextInlet
from agents_core.tts.speaking import Speaking
from agents_core.tts.speech import TTSCapabilities
from agents_core.tts.stream import ChunkedStream, SynthesizeStream

_CAPACITY = 1024
"""Frames that may wait for the user, at most some minutes of speech; then the service does."""


class TTS(Port, ABC):
    """Text to speech.

    A vendor writes `_synthesize`, `_speak`, or both; the core owns tasks, tries, metrics, errors
    and the cutting of frames.
    """

    def __init__(
        self, *, capabilities: TTSCapabilities, sample_rate: int, num_channels: int = 1
    ) -> None:
        """Say what it can do.

        Args:
            capabilities: of the service.
            sample_rate: of the bytes that the vendor's methods yield.
            num_channels: likewise.
        """
        super().__init__()
        self._capabilities = capabilities
        self._sample_rate = sample_rate
        self._num_channels = num_channels

    @property
    def capabilities(self) -> TTSCapabilities:
        """What it can do."""
        return self._capabilities

    @property
    def sample_rate(self) -> int:
        """Samples a second of what is said."""
        return self._sample_rate

    @property
    def num_channels(self) -> int:
        """Channels of what is said."""
        return self._num_channels

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> ChunkedStream:
        """Say a whole text, from now on; call it in a running event loop.

        A blank text is answered without a request, by nothing.
        """
        script = Script()
        ask: Callable[[], AsyncGenerator[TTSPart]] = _say_nothing
        if text.strip():
            script.write(text)
            script.end_segment()
            ask = partial(self._synthesize, text, timeout=conn_options.timeout)
        run = Run(
            self,
            self._speaking(script),
            ask,
            options=conn_options,
            capacity=_CAPACITY,
            first_within=self.patience(conn_options.timeout),
        )
        return ChunkedStream(run, text, AudioFrame(b"", self._sample_rate, self._num_channels))

    def stream(
        self, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> SynthesizeStream:
        """Say what will be pushed; call it in a running event loop.

        Nothing is asked for before there is something to say.

        Raises:
            AgentsError: the service does whole texts only: wrap it in
                `agents_core.adapters.tts.StreamAdapter`.
        """
        if not self._capabilities.streaming:
            raise AgentsError(
                f"{self.label} does whole texts only: wrap it in"
                " agents_core.adapters.tts.StreamAdapter"
            )
        inlet = TextInlet()
        run = Run(
            self,
            self._speaking(inlet.script, inlet),
            partial(self._speak, inlet, timeout=conn_options.timeout),
            options=conn_options,
            inlet=inlet,
            capacity=_CAPACITY,
            on_input=True,
        )
        return SynthesizeStream(run, inlet)

    def _synthesize(self, text: str, *, timeout: float) -> AsyncGenerator[TTSPart]:
        """Ask the service once for the sound of `text`; the vendor's to write.

        An asynchronous generator: it returns once all sound has come. To raise before the first
        bytes lets the core try again; after them the error is final, as a second try would say the
        beginning twice. No `SegmentEnd` is needed. To return without any sound is a failure.
        Where it is not written, `_speak` says the text as one segment.

        Args:
            text: not blank.
            timeout: seconds for the connection, and again for the first bytes.

        Raises:
            APIError: whatever went wrong, mapped; other errors are never tried again.
        """
        inlet: Inlet[str | Flush] = Inlet()
        inlet.send(text)
        inlet.send(FLUSH)
        inlet.close()
        return self._speak(inlet, timeout=timeout)

    def _speak(
        self,
        text: Inlet[str | Flush],  # noqa: ARG002 - this method is there to be written by vendors
        *,
        timeout: float,  # noqa: ARG002 - likewise
    ) -> AsyncGenerator[TTSPart]:
        """Make one connection and say what is read; the vendor's to write.

        An asynchronous generator: it reads `text` to its end, and returns once all sound has come.
        The text between two `FLUSH` is a segment, never blank; each ends with one `SegmentEnd`, and
        their sounds do not mix. Every segment ends with a `FLUSH`, the last one too. After an error
        the core tries again with the segments that have not ended, unless one of them was heard
        in part already.

        Args:
            text: pieces, in any cut.
            timeout: seconds for the connection.

        Raises:
            APIError: whatever went wrong, mapped; other errors are never tried again.
        """
        raise AgentsError(f"{self.label} cannot speak: it has neither _speak nor _synthesize")

    def _speaking(self, script: Script, inlet: TextInlet | None = None) -> Speaking:
        return Speaking(
            self,
            script,
            sample_rate=self._sample_rate,
            num_channels=self._num_channels,
            inlet=inlet,
        )


async def _say_nothing() -> AsyncGenerator[TTSPart]:
    parts: tuple[TTSPart, ...] = ()
    for part in parts:
        yield part
