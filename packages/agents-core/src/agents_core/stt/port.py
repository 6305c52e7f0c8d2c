"""The port of speech to text: what users call, and what a vendor writes."""

from __future__ import annotations

from abc import ABC
from collections.abc import AsyncGenerator, Iterable
from functools import partial

from agents_core.audio import AudioFrame, MonoResampler, combine
from agents_core.errors import AgentsError
from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
from agents_core.streams import EventStream, Flush, Inlet, Port, Run
from agents_core.stt.events import SpeechEvent, STTCapabilities
from agents_core.stt.hearing import Hearing, Recognition, SoundInlet
from agents_core.stt.stream import SpeechStream


class STT(Port, ABC):
    """Speech to text.

    A vendor writes `_recognize`, `_listen`, or both; the core owns tasks, tries, metrics, errors
    and resampling.
    """

    def __init__(self, *, capabilities: STTCapabilities, sample_rate: int | None = None) -> None:
        """Say what it can do.

        Args:
            capabilities: of the service.
            sample_rate: what the vendor's methods get, in one channel; None for the frames as
                they come.
        """
        super().__init__()
        self._capabilities = capabilities
        self._sample_rate = sample_rate

    @property
    def capabilities(self) -> STTCapabilities:
        """What it can do."""
        return self._capabilities

    @property
    def sample_rate(self) -> int | None:
        """Samples a second that the vendor's methods get; None for the frames as they come."""
        return self._sample_rate

    async def recognize(
        self,
        audio: AudioFrame | Iterable[AudioFrame],
        *,
        language: str | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> SpeechEvent:
        """What is said in a whole recording, as one FINAL_TRANSCRIPT.

        Args:
            audio: the recording; frames of one rate.
            language: BCP 47; None for what the object was made with.
            conn_options: when to try again.

        Raises:
            APIError: the service failed, as often as it was tried.
            AgentsError: it cannot do whole recordings.
            ValueError: there is no frame, or they differ.
        """
        sound = combine((audio,) if isinstance(audio, AudioFrame) else audio)
        heard = self._prepared(sound)
        timeout = conn_options.timeout

        async def ask() -> AsyncGenerator[SpeechEvent]:
            yield await self._recognize(heard, language=language, timeout=timeout)

        reading = Recognition(self, sound.duration)
        patience = self.patience(timeout)
        run = Run(self, reading, ask, options=conn_options, first_within=patience)
        async with EventStream(run) as answers:
            return await anext(answers)

    def stream(
        self,
        *,
        language: str | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> SpeechStream:
        """Listen, from now on; call it in a running event loop.

        Raises:
            AgentsError: the service does whole recordings only: wrap it in
                `agents_core.adapters.stt.StreamAdapter`.
        """
        if not self._capabilities.streaming:
            raise AgentsError(
                f"{self.label} does whole recordings only: wrap it in"
                " agents_core.adapters.stt.StreamAdapter"
            )
        inlet = SoundInlet()
        hearing = Hearing(self, inlet)
        listen = partial(self._listen, inlet, language=language, timeout=conn_options.timeout)
        run = Run(self, hearing, listen, options=conn_options, inlet=inlet)
        return SpeechStream(run, inlet, hearing, sample_rate=self._sample_rate)

    async def _recognize(
        self,
        audio: AudioFrame,  # noqa: ARG002 - this method is there to be written by vendors
        *,
        language: str | None,  # noqa: ARG002 - likewise
        timeout: float,  # noqa: ARG002 - likewise; limits are the vendor's own
    ) -> SpeechEvent:
        """Ask the service once about a whole recording; the vendor's to write.

        Args:
            audio: one channel at `sample_rate`, where that is set.
            language: as given by the user.
            timeout: seconds for the connection, and again for the answer.

        Raises:
            APIError: whatever went wrong, mapped; other errors are never tried again.
        """
        raise AgentsError(f"{self.label} does not recognise whole recordings")

    def _listen(
        self,
        audio: Inlet[AudioFrame | Flush],  # noqa: ARG002 - likewise
        *,
        language: str | None,  # noqa: ARG002 - likewise
        timeout: float,  # noqa: ARG002 - likewise
    ) -> AsyncGenerator[SpeechEvent]:
        """Make one connection and yield what is heard; the vendor's to write.

        An asynchronous generator: it reads `audio` to its end, and returns once all answers came.
        To return earlier means that the connection went away: another one is made, which hears
        again what no final transcript has covered, up to some seconds. Times are seconds since the
        first frame of this very connection. Let sockets be closed by `async with` or `finally`.
        Task groups and `asyncio.timeout` may enclose a `yield`.

        Args:
            audio: one channel at `sample_rate`, where that is set; FLUSH where the user wants what
                was said so far to be answered.
            language: as given by the user.
            timeout: seconds for the connection.

        Raises:
            APIError: whatever went wrong, mapped; other errors are never tried again.
        """
        raise AgentsError(f"{self.label} does not stream")

    def _prepared(self, sound: AudioFrame) -> AudioFrame:
        if self._sample_rate is None:
            return sound
        resampler = MonoResampler(sample_rate=self._sample_rate)
        empty = AudioFrame(b"", self._sample_rate)
        return combine((empty, *resampler.push(sound), *resampler.flush()))
