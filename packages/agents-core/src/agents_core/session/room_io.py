"""A session's part in a room: whom it listens to, what it publishes, when it leaves."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from agents_core.session.events import (
    AgentStateChangedEvent,
    CloseReason,
    UserInputTranscribedEvent,
)
from agents_core.session.room_listening import RoomAudioInput
from agents_core.session.room_options import RoomOptions
from agents_core.session.room_sound import RoomAudioOutput
from agents_core.session.room_text import ChatInput, Errands, RoomTextOutput, UserTranscript

if TYPE_CHECKING:
    from livekit import rtc

    from agents_core.session.session import AgentSession

logger = logging.getLogger("agents_core.session.room")

AGENT_STATE = "lk.agent.state"
PUBLISH_ON_BEHALF = "lk.publish_on_behalf"


class RoomIO:
    """Connects one session with one room, which stays its owner's to connect and leave."""

    def __init__(self, session: AgentSession[Any], room: rtc.Room, options: RoomOptions) -> None:
        self._session = session
        self._room = room
        self._options = options
        self._linked: str | None = None
        self._wanted = options.participant_identity
        self._input: RoomAudioInput | None = None
        self._output: RoomAudioOutput | None = None
        self._text: RoomTextOutput | None = None
        self._transcript: UserTranscript | None = None
        self._chat: ChatInput | None = None
        self._attributes: Errands | None = None

    @property
    def linked_participant(self) -> str | None:
        """The identity of who is listened to."""
        return self._linked

    async def start(self) -> None:
        """Publish, listen, and link the participant, who may come later.

        What the session was given already, an avatar's output for instance, is left as it is.

        Raises:
            TimeoutError: the server did not accept the agent's track in time.
        """
        options, session = self._options, self._session
        self._attributes = Errands("agent state")
        if options.audio_input and session.input.audio is None:
            self._input = RoomAudioInput(self._room, options)
            session.input.audio = self._input
        if options.audio_output and session.output.audio is None:
            self._output = RoomAudioOutput(self._room, options)
            await self._output.start()
            session.output.audio = self._output
        self._start_text()
        self._listen()
        self._link_somebody()

    def set_participant(self, identity: str | None) -> None:
        """Listen to this participant, there or yet to come; None for the first one there is."""
        self._wanted = identity
        self._link(None)
        self._link_somebody()

    async def aclose(self) -> None:
        """Take everything back; the room stays connected. Again is allowed."""
        self._deafen()
        session = self._session
        if session.output.audio is self._output:
            session.output.audio = None
        if session.output.text is self._text:
            session.output.text = None
        if session.input.audio is self._input:
            session.input.audio = None
        parts = (
            self._input,
            self._output,
            self._text,
            self._transcript,
            self._chat,
            self._attributes,
        )
        self._input = self._output = self._text = None
        self._transcript = self._chat = self._attributes = None
        for part in parts:
            if part is not None:
                await _closed(part)

    def _start_text(self) -> None:
        if self._options.transcription:
            self._transcript = UserTranscript(self._room)
            if self._session.output.text is None:
                self._text = RoomTextOutput(self._room, self._agent_track)
                self._session.output.text = self._text
        if self._options.text_input:
            try:
                self._chat = ChatInput(self._room, self._written)
            except ValueError:
                logger.warning("the application listens to the room's chat itself")

    def _agent_track(self) -> str | None:
        return None if self._output is None else self._output.track_sid

    def _listen(self) -> None:
        self._room.on("participant_connected", self._came)
        self._room.on("participant_disconnected", self._left)
        self._room.on("disconnected", self._room_gone)
        self._session.on("agent_state_changed", self._state_changed)
        self._session.on("user_input_transcribed", self._transcribed)

    def _deafen(self) -> None:
        self._room.off("participant_connected", self._came)
        self._room.off("participant_disconnected", self._left)
        self._room.off("disconnected", self._room_gone)
        self._session.off("agent_state_changed", self._state_changed)
        self._session.off("user_input_transcribed", self._transcribed)

    def _link_somebody(self) -> None:
        for participant in self._room.remote_participants.values():
            self._came(participant)

    def _link(self, identity: str | None) -> None:
        self._linked = identity
        if self._input is not None:
            self._input.follow(identity)

    def _came(self, participant: rtc.RemoteParticipant) -> None:
        if self._linked is None and self._is_meant(participant):
            logger.debug("listening to %s", participant.identity)
            self._link(participant.identity)

    def _is_meant(self, participant: rtc.RemoteParticipant) -> bool:
        if self._wanted is not None:
            return participant.identity == self._wanted
        from livekit import rtc

        kinds = rtc.ParticipantKind
        machines = (
            kinds.PARTICIPANT_KIND_AGENT,
            kinds.PARTICIPANT_KIND_EGRESS,
            kinds.PARTICIPANT_KIND_INGRESS,
        )
        return participant.kind not in machines and PUBLISH_ON_BEHALF not in participant.attributes

    def _left(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity != self._linked:
            return
        from livekit import rtc

        self._link(None)
        for_good = (
            rtc.DisconnectReason.CLIENT_INITIATED,
            rtc.DisconnectReason.ROOM_DELETED,
            rtc.DisconnectReason.USER_REJECTED,
        )
        if self._options.close_on_disconnect and participant.disconnect_reason in for_good:
            logger.info("%s has left: the session closes", participant.identity)
            self._session.close_soon(CloseReason.PARTICIPANT_DISCONNECTED)

    def _room_gone(self, _reason: object = None) -> None:
        self._session.close_soon(CloseReason.PARTICIPANT_DISCONNECTED)

    def _written(self, text: str, identity: str) -> None:
        if identity != self._linked or not text.strip():
            return
        try:
            _ = self._session.interrupt()
            _ = self._session.generate_reply(user_input=text)
        except RuntimeError:  # the session is closing
            logger.debug("what %s wrote came too late", identity)

    def _state_changed(self, event: AgentStateChangedEvent) -> None:
        state, local = str(event.new_state), self._room.local_participant
        if self._attributes is not None:
            self._attributes.add(lambda: local.set_attributes({AGENT_STATE: state}))

    def _transcribed(self, event: UserInputTranscribedEvent) -> None:
        if self._transcript is None or self._linked is None or not event.transcript:
            return
        track_sid = None if self._input is None else self._input.track_sid
        self._transcript.send(
            event.transcript, final=event.is_final, identity=self._linked, track_sid=track_sid
        )


async def _closed(part: Any) -> None:  # noqa: ANN401 - anything with an aclose
    try:
        await part.aclose()
    except Exception:
        logger.exception("%s did not close", type(part).__name__)
