"""How turns are taken with the parts that are at hand."""

from __future__ import annotations

from dataclasses import replace

from agents_core.agent import Components
from agents_core.realtime import RealtimeModel
from agents_core.turns import Detection, TurnOptions
from agents_core.turns.detector import TurnDetector


def turn_options(
    base: TurnOptions, parts: Components, *, can_pause: bool, transcribes: bool
) -> TurnOptions:
    """The session's options, made to fit an agent's parts.

    Raises:
        ValueError: the parts cannot do what `turn_detection` asks for; the message says which is
            missing.
    """
    detection = choose_detection(parts)
    realtime = isinstance(parts.llm, RealtimeModel)
    return replace(
        base,
        detection=detection,
        transcribed=transcribes and not realtime,
        detector=_detector(parts) is not None and not realtime,
        can_pause=can_pause and not realtime,
        preemptive_generation=base.preemptive_generation and not realtime,
    )


def choose_detection(parts: Components) -> Detection:
    """Who says when the user's turn is over: what was asked for, or else the best there is.

    A realtime model that detects turns, before the VAD, before the transcriber, before nobody.

    Raises:
        ValueError: what was asked for is not there.
    """
    wanted = parts.turn_detection
    if wanted is None or _detector(parts) is not None:
        available = [each for each in _PREFERRED if _missing(each, parts) is None]
        return available[0]
    detection = Detection(str(wanted))
    missing = _missing(detection, parts)
    if missing is not None:
        raise ValueError(f"turn_detection {detection.value!r} needs {missing}")
    return detection


_PREFERRED = (Detection.REALTIME, Detection.VAD, Detection.STT, Detection.MANUAL)


def _missing(detection: Detection, parts: Components) -> str | None:
    realtime = isinstance(parts.llm, RealtimeModel)
    match detection:
        case Detection.REALTIME:
            able = isinstance(parts.llm, RealtimeModel) and parts.llm.capabilities.turn_detection
            return None if able else "a realtime model that detects turns"
        case Detection.VAD:
            return None if parts.vad is not None else "a vad"
        case Detection.STT:
            return None if parts.stt is not None and not realtime else "an stt"
        case Detection.MANUAL:
            return None


def _detector(parts: Components) -> TurnDetector | None:
    wanted = parts.turn_detection
    return None if wanted is None or isinstance(wanted, str) else wanted
