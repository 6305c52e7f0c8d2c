"""What the agent's side of a conversation comes to."""

from __future__ import annotations

from agents_core.turns import events as on
from agents_core.turns.draft import Draft
from agents_core.turns.state import Speech


def speech_created(draft: Draft, event: on.SpeechCreated) -> None:
    """The agent is going to say something."""
    speech = Speech(id=event.speech, interruptible=event.interruptible)
    draft.change(speeches=(*draft.state.speeches, speech))


def speech_changed(draft: Draft, event: on.SpeechChanged) -> None:
    """The user may interrupt it now, or may not any more."""
    draft.change_speech(event.speech, interruptible=event.interruptible)


def playback_started(draft: Draft, event: on.PlaybackStarted) -> None:
    """It is heard, unless it was stopped meanwhile."""
    if any(speech.id == event.speech for speech in draft.state.active):
        draft.change_speech(event.speech, playing=True)


def playback_finished(draft: Draft, event: on.PlaybackFinished) -> None:
    """It is not heard any more."""
    draft.change_speech(event.speech, playing=False)


def speech_done(draft: Draft, event: on.SpeechDone) -> None:
    """It is over; what was held for it is let go."""
    speeches = tuple(speech for speech in draft.state.speeches if speech.id != event.speech)
    draft.change(speeches=speeches)
    if draft.state.paused and not draft.state.active:
        draft.change(doubt=None)


def interrupt_asked(draft: Draft, event: on.InterruptAsked) -> None:
    """The application stops what may be stopped, or by force."""
    meant = [s for s in draft.state.active if event.speech in (None, s.id)]
    draft.interrupt(tuple(s for s in meant if s.interruptible or event.force))
