"""What the user's side of a conversation comes to."""

from __future__ import annotations

from agents_core.turns import events as on
from agents_core.turns.draft import Draft
from agents_core.turns.effects import CommitTurn, TurnCleared
from agents_core.turns.options import Detection
from agents_core.turns.state import Doubt


def user_started(draft: Draft, event: on.UserStarted) -> None:
    """They speak; a model that hears them is interrupted by that alone."""
    state = draft.state
    if state.discarding or state.speaking:
        return
    since = state.now - event.ago
    draft.change(speaking=True, heard=True, away=False, owed=False, spoke_since=since)
    if state.options.detection is Detection.REALTIME and not state.protected:
        draft.interrupt(state.active)


def user_stopped(draft: Draft, event: on.UserStopped) -> None:
    """They are silent."""
    state = draft.state
    if state.speaking:
        until = max(state.spoke_since, state.now - event.ago)
        draft.change(speaking=False, spoke_until=until)
    elif state.options.detection is Detection.STT and state.words:
        # Not every transcriber says when speech began; its word on the end counts all the same.
        draft.change(spoke_until=max(state.spoke_until, state.now - event.ago))


def transcript(draft: Draft, event: on.Transcript) -> None:
    """They said something; it interrupts at once, where it is enough."""
    state, text = draft.state, event.text.strip()
    final = event.kind is on.TranscriptKind.FINAL
    if state.owed and not state.speaking:
        draft.change(owed=not final)
        return
    if not state.heard and text:  # spoken too softly for the detection of activity
        draft.change(spoke_until=state.now)
    if final and text:
        draft.change(finals=(*state.finals, text), revision=state.revision + 1, finished=None)
    preflight = text if event.kind is on.TranscriptKind.PREFLIGHT else ""
    draft.change(interim="" if final else text, preflight=preflight)
    if text:
        draft.change(away=False, worded_at=state.now, quiet_since=state.now)
        _words_interrupt(draft)


def _words_interrupt(draft: Draft) -> None:
    state = draft.state
    if state.options.automatic and not state.protected and state.enough_words:
        draft.interrupt(state.active)


def predicted(draft: Draft, event: on.TurnPredicted) -> None:
    """A detector has an opinion."""
    if event.revision == draft.state.revision:
        draft.change(finished=event.probability >= event.threshold)


def sound_interrupts(draft: Draft) -> None:
    """They have spoken long enough; whether it was speech, words will tell."""
    state, options = draft.state, draft.state.options
    certain = bool(state.words) or not options.transcribed
    if certain or options.false_interruption_timeout is None:
        draft.interrupt(state.active)
    elif options.resume_false_interruption and options.can_pause:
        draft.change(doubt=Doubt(paused=True))
    else:
        draft.interrupt(state.active)
        draft.change(doubt=Doubt(paused=False))


def commit(draft: Draft) -> None:
    """Their turn is over, and the agent's begins."""
    draft.interrupt(draft.state.active)
    state = draft.state
    if state.words or not state.options.transcribed:
        draft.emit(
            CommitTurn(
                transcript=state.words,
                preemptive=state.preemptive is not None and state.preemptive == state.words,
                end_of_utterance_delay=max(0.0, state.now - state.spoke_until),
                transcription_delay=max(0.0, state.worded_at - state.spoke_until),
            )
        )
        if state.preemptive == state.words:
            draft.change(preemptive=None)
    owed = bool(state.interim)
    forget_words(draft)
    draft.change(owed=owed)


def commit_asked(draft: Draft, _: on.CommitAsked) -> None:
    """Their turn is over because the application says so."""
    if not draft.state.draining:
        draft.change(commit_asked_at=draft.state.now)


def clear_asked(draft: Draft, _: on.ClearAsked) -> None:
    """What they said is not to count."""
    if draft.state.words:
        draft.emit(TurnCleared(transcript=draft.state.words))
    owed = bool(draft.state.interim)
    forget_words(draft)
    draft.change(owed=owed)


def forget_words(draft: Draft) -> None:
    """A new turn begins, with nothing said in it."""
    heard = draft.state.speaking
    draft.change(finals=(), interim="", preflight="", heard=heard, finished=None, owed=False)
    draft.change(commit_asked_at=None)
