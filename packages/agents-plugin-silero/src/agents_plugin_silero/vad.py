"""Voice activity detection by Silero's model, in this process."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import threading
from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path
from typing import Any, Self

from agents_core import vad
from agents_core.audio import AudioFrame
from agents_core.streams import Flush, Inlet
from agents_core.vad import VADEvent, VADEventType
from agents_plugin_silero import models
from agents_plugin_silero._ear import Ear
from agents_plugin_silero._model import SHIPPED, Memory, is_loaded, load
from agents_plugin_silero._speech import Sensitivity

logger = logging.getLogger("agents_plugin_silero")


class VAD(vad.VAD):
    """Tells when somebody speaks; sound of any rate, in any number of channels.

    The model is loaded once in a process, for all detectors: at the first stream, in a thread, or
    before that by `load` or `prewarm`. Inference itself takes less than handing it to a thread
    would: it runs in the event loop, which has its turn after each window of 32 ms.
    """

    def __init__(  # noqa: PLR0913 - the options of the detector
        self,
        *,
        min_speech_duration: float = models.DEFAULT_VAD_MIN_SPEECH_DURATION,
        min_silence_duration: float = models.DEFAULT_VAD_MIN_SILENCE_DURATION,
        prefix_padding_duration: float = models.DEFAULT_VAD_PREFIX_PADDING_DURATION,
        max_buffered_speech: float = models.DEFAULT_VAD_MAX_BUFFERED_SPEECH,
        activation_threshold: float = models.DEFAULT_VAD_ACTIVATION_THRESHOLD,
        deactivation_threshold: float | None = None,
        sample_rate: models.VADSampleRates = models.DEFAULT_VAD_SAMPLE_RATE,
        force_cpu: bool = True,
        onnx_file_path: Path | str | None = None,
    ) -> None:
        """Describe it; nothing is loaded yet.

        Args:
            min_speech_duration: seconds of speech that begin an utterance.
            min_silence_duration: seconds of silence that end one.
            prefix_padding_duration: seconds from before an utterance that come with it.
            max_buffered_speech: seconds of an utterance that are kept; the rest is heard, but does
                not come with its end.
            activation_threshold: probability, above 0 and at most 1, from which a voice is heard.
            deactivation_threshold: probability above which one that is heard goes on; without, 0.15
                below the other, and 0.01 at least.
            sample_rate: samples a second that the model is given.
            force_cpu: whether no accelerator is used, should this machine have one.
            onnx_file_path: another model of Silero's than the one that comes with this package.

        Raises:
            ValueError: a duration, a threshold or the sample rate is none.
            FileNotFoundError: there is no such file.
        """
        if sample_rate not in models.VAD_WINDOW_SAMPLES:
            raise ValueError(f"Silero's model hears 8000 or 16000 samples a second: {sample_rate}")
        window = models.VAD_WINDOW_SAMPLES[sample_rate]
        super().__init__(capabilities=vad.VADCapabilities(update_interval=window / sample_rate))
        self._sensitivity = Sensitivity(
            min_speech_duration=min_speech_duration,
            min_silence_duration=min_silence_duration,
            prefix_padding_duration=prefix_padding_duration,
            max_buffered_speech=max_buffered_speech,
            activation_threshold=activation_threshold,
            deactivation_threshold=deactivation_threshold,
        )
        self._sample_rate = sample_rate
        self._file = Path(onnx_file_path or SHIPPED)
        if not self._file.is_file():
            raise FileNotFoundError(f"there is no model at {self._file}")
        self._load = partial(load, self._file, force_cpu=force_cpu)
        self._is_loaded = partial(is_loaded, self._file, force_cpu=force_cpu)

    @classmethod
    def load(cls, **options: Any) -> Self:  # noqa: ANN401 - those of the constructor
        """One with its model loaded, which takes some 50 ms; call it before jobs begin.

        Args:
            options: of the constructor.

        Raises:
            ValueError: an option is none, or the file is not Silero's model.
            OSError: the file cannot be read.
        """
        detector = cls(**options)
        detector._load()
        return detector

    @property
    def model(self) -> str:
        """What the model is called."""
        return "silero"

    @property
    def provider(self) -> str:
        """What runs it."""
        return "ONNX"

    def prewarm(self) -> None:
        """Load the model in a thread; failures show when a stream needs it."""
        if not self._is_loaded():
            threading.Thread(target=self._try_to_load, name="silero model").start()

    def update_options(self, **options: Any) -> None:  # noqa: ANN401 - those of `Sensitivity`
        """Change durations and thresholds, from the next frame of every stream on.

        Raises:
            TypeError: there is no such option, or it cannot be changed: the model stays.
            ValueError: a duration or a threshold is none.
        """
        self._sensitivity = dataclasses.replace(self._sensitivity, **options)

    async def _detect(self, audio: Inlet[AudioFrame | Flush]) -> AsyncGenerator[VADEvent]:
        session = self._load() if self._is_loaded() else await asyncio.to_thread(self._load)
        ear = Ear(Memory(session, sample_rate=self._sample_rate), model_rate=self._sample_rate)
        async for piece in audio:
            events = (
                ear.hear(piece, self._sensitivity) if isinstance(piece, AudioFrame) else ear.flush()
            )
            for event in events:
                yield event
                if event.type is VADEventType.INFERENCE_DONE:
                    await asyncio.sleep(0)  # a long frame has many windows

    def _try_to_load(self) -> None:
        try:
            self._load()
        except (OSError, ValueError, ImportError):
            logger.warning("the model was not loaded ahead", exc_info=True)
