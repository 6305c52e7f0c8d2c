"""What the first version of Deepgram's API tells while somebody speaks."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from agents_core.errors import APIConnectionError
from agents_core.stt import SpeechData, SpeechEvent, SpeechEventType
from agents_plugin_deepgram._wire.complaints import complaint, log_warning
from agents_plugin_deepgram._wire.listening import parse_alternatives


class Results:
    """Understands the messages of one connection, in their order.

    Deepgram tells of the beginning of speech at times twice, at times not at all, and of its end
    by a mark on a transcript: here each beginning has one end.

    Attributes:
        request_id: by which Deepgram knows the connection; empty until it tells.
        over: whether all was told.
    """

    def __init__(self, *, language: str) -> None:
        """Begin.

        Args:
            language: what was asked for; the one of a transcript that tells none.
        """
        self.request_id = ""
        self.over = False
        self._language = language
        self._speaking = False

    def read(self, message: str | bytes) -> tuple[SpeechEvent, ...]:
        """The events that a message makes.

        Raises:
            APIError: it tells of an error.
            LookupError, TypeError, ValueError: it is malformed.
        """
        told = json.loads(message)
        match told["type"]:
            case "Results":
                return self._results(told)
            case "SpeechStarted":
                return self._begin()
            case "UtteranceEnd":
                return self._stop()
            case "Metadata":
                self.request_id, self.over = str(told["request_id"]), True
            case "Warning":
                log_warning(told)
            case "Error":
                raise complaint(told)
            case _:
                pass  # of a later version
        return ()

    def end(self) -> tuple[SpeechEvent, ...]:
        """The end of speech, where somebody speaks.

        Raises:
            APIConnectionError: Deepgram hung up before all was told.
        """
        if not self.over:
            raise APIConnectionError("Deepgram hung up before it had told all")
        return self._stop()

    def _stop(self) -> tuple[SpeechEvent, ...]:
        if not self._speaking:
            return ()
        self._speaking = False
        return (SpeechEvent(type=SpeechEventType.END_OF_SPEECH, request_id=self.request_id),)

    def _results(self, told: Mapping[str, Any]) -> tuple[SpeechEvent, ...]:
        final, last = bool(told["is_final"]), bool(told["speech_final"])
        self.request_id = str(told["metadata"]["request_id"])
        heard = parse_alternatives(told["channel"], language=self._language)
        said = tuple(_placed(each, told) for each in heard if each.text)
        events: tuple[SpeechEvent, ...] = ()
        if said:
            events = (*self._begin(), self._transcript(said, final=final))
        return (*events, *self._stop()) if last else events

    def _begin(self) -> tuple[SpeechEvent, ...]:
        if self._speaking:
            return ()
        self._speaking = True
        return (SpeechEvent(type=SpeechEventType.START_OF_SPEECH, request_id=self.request_id),)

    def _transcript(self, said: tuple[SpeechData, ...], *, final: bool) -> SpeechEvent:
        if not final:  # who speaks is a guess until then
            said = tuple(dataclasses.replace(each, speaker_id=None) for each in said)
        kind = SpeechEventType.FINAL_TRANSCRIPT if final else SpeechEventType.INTERIM_TRANSCRIPT
        return SpeechEvent(type=kind, request_id=self.request_id, alternatives=said)


def _placed(data: SpeechData, told: Mapping[str, Any]) -> SpeechData:
    """The same, where its words are; without words, where the whole stretch of sound is."""
    if data.words:
        return data
    start, length = float(told["start"]), float(told["duration"])
    return dataclasses.replace(data, start_time=start, end_time=start + length)
