"""What Resemble is asked and answers, in its own words: pure, from values to values."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from agents_core.audio import WavReader
from agents_core.errors import APIError, APIStatusError
from agents_plugin_resemble import models

PROVIDER = "Resemble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who speaks, and how; what is None is left to Resemble.

    Raises:
        ValueError: the precision is none that can be played.
    """

    voice_uuid: str = models.DEFAULT_TTS_VOICE
    model: str | None = None
    project_uuid: str | None = None
    use_hd: bool | None = None
    precision: str = models.DEFAULT_TTS_PRECISION
    sample_rate: int = models.DEFAULT_TTS_SAMPLE_RATE

    def __post_init__(self) -> None:
        if self.precision not in get_args(models.TTSPrecisions):
            raise ValueError(f"{PROVIDER}: speech in {self.precision!r} cannot be played")


def format_text(text: str, voice: Voice) -> dict[str, object]:
    """What asks for `text`, over HTTP and websocket alike."""
    fields = {
        "voice_uuid": voice.voice_uuid,
        "data": text,
        "model": voice.model,
        "project_uuid": voice.project_uuid,
        "use_hd": voice.use_hd,
        "precision": voice.precision,
        "sample_rate": voice.sample_rate,
        "output_format": "wav",
    }
    return {name: value for name, value in fields.items() if value is not None}


def format_sentence(text: str, voice: Voice, *, request_id: int) -> dict[str, object]:
    """The message that asks for a sentence, whose sound has to come as raw samples in JSON."""
    how = {"binary_response": False, "no_audio_header": True, "continue": True}
    return {**format_text(text, voice), **how, "request_id": request_id}


def read_whole(body: str | bytes, *, sample_rate: int) -> bytes:
    """The samples in an answer over HTTP, which wears a header.

    Args:
        body: of the answer.
        sample_rate: that was asked for.

    Raises:
        APIError: Resemble tells that it failed.
        LookupError, TypeError, ValueError, AttributeError: the answer is malformed.
    """
    told = json.loads(body)
    if not told["success"]:
        issues = [*(told.get("issues") or ()), told.get("message") or ()]
        words = "; ".join(str(issue) for issue in issues if issue)
        raise APIError(f"{PROVIDER}: {words or 'a failure without a word'}", body=told)
    samples = _Samples(sample_rate)
    return samples.push(told["audio_content"]) + samples.flush()


class Answer:
    """What comes over a websocket: the sound of sentence after sentence, in the order asked."""

    def __init__(self, *, sample_rate: int) -> None:
        """Begin.

        Args:
            sample_rate: that is asked for.
        """
        self._sample_rate = sample_rate
        self._count = 0
        self._owed: dict[int, _Sentence] = {}

    @property
    def owed(self) -> bool:
        """Whether there is a sentence that has not ended."""
        return bool(self._owed)

    def ask(self) -> int:
        """The id of a request for one more sentence."""
        request_id = self._count
        self._count += 1
        self._owed[request_id] = _Sentence(_Samples(self._sample_rate))
        return request_id

    def read(self, message: str | bytes) -> bytes:
        """The sound whose turn it is once this message has come; what is unknown brings none.

        Raises:
            APIStatusError: Resemble tells of an error.
            LookupError, TypeError, ValueError, AttributeError: the message is malformed.
        """
        told = json.loads(message)
        if told.get("type") == "error" or told.get("success") is False:
            raise _complaint(told)
        match told.get("type", "audio"):
            case "audio":
                sentence = self._owed[told["request_id"]]
                sentence.sound += sentence.samples.push(told["audio_content"])
            case "audio_end":
                sentence = self._owed[told["request_id"]]
                sentence.sound += sentence.samples.flush()
                sentence.ended = True
            case _:
                pass
        return self._in_turn()

    def _in_turn(self) -> bytes:
        sound = b""
        for request_id, sentence in tuple(self._owed.items()):
            sound += sentence.sound
            sentence.sound = b""
            if not sentence.ended:
                break
            del self._owed[request_id]
        return sound


class _Samples:
    """Takes the header off what comes in base64, and looks into it."""

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._reader = WavReader()

    def push(self, data: str) -> bytes:
        sound = self._reader.push(base64.b64decode(data, validate=True))
        found = (self._reader.sample_rate, self._reader.num_channels)
        if found not in ((None, None), (self._sample_rate, 1)):
            raise ValueError(f"sound with (rate, channels) {found}")
        return sound

    def flush(self) -> bytes:
        return self._reader.flush()


@dataclass(slots=True)
class _Sentence:
    """One that was asked for."""

    samples: _Samples
    sound: bytes = b""
    """What has come, and waits for its turn."""
    ended: bool = False


def _complaint(told: Mapping[str, Any]) -> APIStatusError:
    explained = (told.get("error_params") or {}).get("explanation") or told.get("message")
    words = [str(each) for each in (told.get("error_name"), explained) if each]
    return APIStatusError(
        f"{PROVIDER}: {': '.join(words) or 'an error without a word'}",
        status_code=told.get("status_code", -1),
        body=dict(told),
    )
