"""A client of the room: what it asks for, and what it gets."""

from __future__ import annotations

import logging

from livekit.protocol import models, rtc

from agents_core.testing.room.events import EventLog
from agents_core.testing.room.line import Line
from agents_core.testing.room.members import Participant, Publication
from agents_core.testing.room.peer import Hooks, Peer
from agents_core.testing.room.rooms import Room, new_sid
from agents_core.testing.room.signalling import pong, track_info, welcome
from agents_core.testing.room.tracks import Feed, Frame, Source

logger = logging.getLogger("agents_core.testing")

_ABNORMAL = 1006
"""Stands for a close frame that never came (RFC 6455, 7.1.5)."""


class Client:
    """A member of a room that is somewhere else: an SDK, an agent, an avatar."""

    def __init__(self, participant: Participant, room: Room, line: Line, log: EventLog) -> None:
        self.participant = participant
        self._room = room
        self._line = line
        self._log = log
        self._auto_subscribe = True
        self._peer = Peer(
            Hooks(
                track=self._on_source,
                ended=self._on_source_end,
                packet=lambda packet, reliable: room.deliver(
                    participant, packet, reliable=reliable
                ),
                state=self._on_state,
            )
        )

    async def stay(self, request: rtc.JoinRequest) -> None:
        """Be in the room, until one of the two ends has had enough."""
        self._auto_subscribe = request.connection_settings.auto_subscribe
        self._room.enter(self)
        others = [one for one in self._room.participants() if one is not self.participant]
        self.tell(welcome(self._room.info(), self.participant, others))
        try:
            self._room.offer_all(self)
            if request.publisher_offer.sdp:
                await self._answer(request.publisher_offer)
            async for asked in self._line.requests():
                await self._do(asked)
        finally:
            self._room.leave(self, models.SIGNAL_CLOSE)
            self._say("closed", code=self._line.code, clean=self._line.code != _ABNORMAL)
            await self._line.aclose()
            await self._peer.close()

    def tell(self, response: rtc.SignalResponse) -> None:
        """Send it, when all that was told before is sent."""
        self._line.tell(response)

    def take(self, packet: models.DataPacket, *, reliable: bool) -> None:
        """Send it over the data channel."""
        self._peer.send(packet, reliable=reliable)

    def offer(self, publisher: Participant, publication: Publication) -> None:
        """Subscribe, if that is what the client wants to happen by itself."""
        if self._auto_subscribe:
            self._subscribe(publisher, publication)

    def withdraw(self, publication: Publication) -> None:
        """Stop sending it."""
        self._peer.drop(publication.sid)

    def dismiss(self, reason: models.DisconnectReason) -> None:
        """Tell the client to leave; it is cut off if it does not."""
        leave = rtc.LeaveRequest(reason=reason, action=rtc.LeaveRequest.DISCONNECT)
        self.tell(rtc.SignalResponse(leave=leave))
        self._line.expect_close(silent=False)
        self._room.leave(self, reason)

    def cut(self) -> None:
        """Let the connection fall, without a word."""
        self._line.cut()

    async def _do(self, request: rtc.SignalRequest) -> None:
        match request.WhichOneof("message"):
            case "offer":
                await self._answer(request.offer)
            case "trickle":
                await self._peer.add_candidate(request.trickle.candidateInit)
            case "add_track":
                self._add_track(request.add_track)
            case "ping_req":
                self.tell(pong(request.ping_req))
            case "leave":
                self._take_leave(request.leave)
            case _:
                self._change(request)

    def _change(self, request: rtc.SignalRequest) -> None:
        match request.WhichOneof("message"):
            case "mute":
                self._room.mute(self.participant, request.mute.sid, muted=request.mute.muted)
            case "subscription":
                self._update_subscription(request.subscription)
            case "subscription_permission":
                self._room.permit(self.participant, request.subscription_permission)
            case "update_metadata":
                self._update_metadata(request.update_metadata)
            case other:
                logger.debug("the stand-in server ignores %s", other)

    async def _answer(self, offer: rtc.SessionDescription) -> None:
        answer = await self._peer.answer(offer)
        if answer is not None:
            self.tell(rtc.SignalResponse(answer=answer))
            self._ask_for_sections()

    def _ask_for_sections(self) -> None:
        """Have the client offer again, with a section for every track that still has none."""
        if (lacking := self._peer.lacks()) is not None:
            self.tell(rtc.SignalResponse(media_sections_requirement=lacking))

    def _subscribe(self, publisher: Participant, publication: Publication) -> None:
        if publication.source is None or self._peer.sends(publication.sid):
            return
        feed = Feed(publication.kind, publication.sid, f"{publisher.sid}|{publication.sid}")
        feed.follow(publication.source)
        self._peer.want(feed)
        self._ask_for_sections()

    def _update_subscription(self, change: rtc.UpdateSubscription) -> None:
        sids = {
            *change.track_sids,
            *(s for one in change.participant_tracks for s in one.track_sids),
        }
        for sid in sorted(sids):
            if (found := self._room.find(sid)) is None:
                continue
            publisher, publication = found
            if not change.subscribe:
                self._peer.drop(sid)
            elif publisher.permits_subscription(publication, self.participant.identity):
                self._subscribe(publisher, publication)

    def _add_track(self, request: rtc.AddTrackRequest) -> None:
        if not self.participant.permission.can_publish:
            refusal = rtc.RequestResponse(reason=rtc.RequestResponse.NOT_ALLOWED, add_track=request)
            self.tell(rtc.SignalResponse(request_response=refusal))
            return
        publication = Publication(info=track_info(request, new_sid("TR")), cid=request.cid)
        published = rtc.TrackPublishedResponse(cid=request.cid, track=publication.info)
        self.tell(rtc.SignalResponse(track_published=published))
        self._room.publish(self.participant, publication)

    def _update_metadata(self, change: rtc.UpdateParticipantMetadata) -> None:
        allowed = self.participant.permission.can_update_metadata
        if allowed:
            self.participant.rename(
                name=change.name, metadata=change.metadata, attributes=change.attributes
            )
            self._room.update(self.participant)
        reason = rtc.RequestResponse.OK if allowed else rtc.RequestResponse.NOT_ALLOWED
        answer = rtc.RequestResponse(request_id=change.request_id, reason=reason)
        self.tell(rtc.SignalResponse(request_response=answer))

    def _take_leave(self, leave: rtc.LeaveRequest) -> None:
        self._say("leave", reason=models.DisconnectReason.Name(leave.reason))
        self._line.expect_close(silent=True)
        self._room.leave(self, leave.reason)

    def _on_source(self, cid: str, source: Source) -> None:
        for publication in self.participant.publications.values():
            if publication.cid == cid:
                self._announce_first_frame(publication, source)
                self._room.start(self.participant, publication, source)

    def _announce_first_frame(self, publication: Publication, source: Source) -> None:
        def announce(_frame: Frame) -> None:
            unlisten()
            self._say("media", track=publication.sid, kind=publication.kind)

        unlisten = source.listen(announce)

    def _on_source_end(self, cid: str) -> None:
        for publication in tuple(self.participant.publications.values()):
            if publication.cid == cid:
                self._room.unpublish(self.participant, publication.sid)

    def _on_state(self, state: str) -> None:
        if state in {"connected", "failed"}:
            self._say(state)

    def _say(self, event: str, **facts: object) -> None:
        self._log.say(event, self.participant.identity, self._room.name, **facts)
