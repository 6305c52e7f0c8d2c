"""A room: who is in it, and who hears of what."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable

from livekit.protocol import models, rtc

from agents_core.testing.room.events import EventLog
from agents_core.testing.room.members import Member, Participant, Publication
from agents_core.testing.room.tracks import Source


def new_sid(prefix: str) -> str:
    """A name that nothing else has, in the protocol's way: ``PA_…``, ``TR_…``, ``RM_…``."""
    return f"{prefix}_{secrets.token_urlsafe(9)}"


class Room:
    """Members, by identity, and the traffic between them."""

    def __init__(
        self, name: str, log: EventLog, *, changed: Callable[[Room], object] = lambda _: None
    ) -> None:
        self.name = name
        self.sid = new_sid("RM")
        self.metadata = ""
        self.created_at = int(time.time())
        self.members: dict[str, Member] = {}
        self.served = False
        """Whether an agent was asked for."""
        self._log = log
        self._changed = changed
        """Told when somebody came or went."""

    def info(self) -> models.Room:
        """The room as the protocol says it."""
        return models.Room(
            sid=self.sid,
            name=self.name,
            metadata=self.metadata,
            creation_time=self.created_at,
            num_participants=len(self.members),
        )

    def participants(self) -> tuple[Participant, ...]:
        """Everybody, in the order of joining."""
        return tuple(member.participant for member in self.members.values())

    def enter(self, member: Member) -> None:
        """Let a member in, in place of one of the same identity; the others hear of it."""
        identity = member.participant.identity
        if (former := self.members.get(identity)) is not None:
            self._take_out(former, models.DUPLICATE_IDENTITY)
            former.dismiss(models.DUPLICATE_IDENTITY)
        self.members[identity] = member
        kind = models.ParticipantInfo.Kind.Name(member.participant.kind).lower()
        self._log.say("joined", identity, self.name, sid=member.participant.sid, kind=kind)
        news = rtc.ParticipantUpdate(participants=[member.participant.info()])
        for other in self._others(member.participant):
            other.tell(rtc.SignalResponse(update=news))
        self._changed(self)

    def leave(self, member: Member, reason: models.DisconnectReason) -> None:
        """Let a member go, with its tracks; the others hear of it. A second call is nothing."""
        if self.members.get(member.participant.identity) is member:
            self._take_out(member, reason)
            self._changed(self)

    def update(self, participant: Participant) -> None:
        """Tell everybody how a participant is now."""
        info = participant.info()
        self.tell(rtc.SignalResponse(update=rtc.ParticipantUpdate(participants=[info])))

    def tell(self, response: rtc.SignalResponse) -> None:
        """Say something to everybody."""
        for member in tuple(self.members.values()):
            member.tell(response)

    def publish(self, participant: Participant, publication: Publication) -> None:
        """Announce a track; its frames come with `start`."""
        participant.publications[publication.sid] = publication
        self._log.say("track_published", participant.identity, self.name, **facts_of(publication))
        self.update(participant)

    def start(self, participant: Participant, publication: Publication, source: Source) -> None:
        """Offer a published track to everybody else, now that it has a source."""
        publication.source = source
        for member in self._others(participant):
            self.offer(member, participant, publication)

    def offer(self, member: Member, publisher: Participant, publication: Publication) -> None:
        """Offer a track to one member, if its publisher and its token allow it."""
        allowed = publisher.permits_subscription(publication, member.participant.identity)
        if allowed and publication.source and member.participant.permission.can_subscribe:
            member.offer(publisher, publication)

    def offer_all(self, member: Member) -> None:
        """Offer a member all that the others have published."""
        for publisher in self.participants():
            if publisher is not member.participant:
                for publication in publisher.publications.values():
                    self.offer(member, publisher, publication)

    def unpublish(self, participant: Participant, sid: str) -> None:
        """Take a track back from everybody."""
        publication = participant.publications.pop(sid, None)
        if publication is None:
            return
        for member in self._others(participant):
            member.withdraw(publication)
        self._log.say("track_unpublished", participant.identity, self.name, **facts_of(publication))
        self.update(participant)

    def mute(self, participant: Participant, sid: str, *, muted: bool) -> None:
        """Have everybody know that a track is silent, or is not any more."""
        publication = participant.publications.get(sid)
        if publication is None or publication.info.muted == muted:
            return
        publication.info.muted = muted
        event = "track_muted" if muted else "track_unmuted"
        self._log.say(event, participant.identity, self.name, **facts_of(publication))
        self.update(participant)

    def permit(self, publisher: Participant, permission: rtc.SubscriptionPermission) -> None:
        """Let only some subscribe to a publisher's tracks, and take them from the others."""
        publisher.permits_all = permission.all_participants
        publisher.permits = tuple(permission.track_permissions)
        for member in self._others(publisher):
            for publication in publisher.publications.values():
                allowed = publisher.permits_subscription(publication, member.participant.identity)
                change = rtc.SubscriptionPermissionUpdate(
                    participant_sid=publisher.sid, track_sid=publication.sid, allowed=allowed
                )
                member.tell(rtc.SignalResponse(subscription_permission_update=change))
                if allowed:
                    self.offer(member, publisher, publication)
                else:
                    member.withdraw(publication)

    def deliver(
        self, sender: Participant, packet: models.DataPacket, *, reliable: bool = True
    ) -> None:
        """Send data to those it is meant for, or else to everybody but the sender.

        Nothing comes of it where the sender's token does not allow it.
        """
        if not sender.permission.can_publish_data:
            return
        if sender.kind != models.ParticipantInfo.AGENT or not packet.participant_identity:
            packet.participant_identity = sender.identity  # agents may speak for a participant
        packet.participant_sid = sender.sid
        wanted = set(packet.destination_identities) | set(packet.user.destination_identities)
        if packet.WhichOneof("value") == "user":
            packet.user.participant_identity = sender.identity
            packet.user.participant_sid = sender.sid
        for member in self._others(sender):
            if not wanted or member.participant.identity in wanted:
                member.take(packet, reliable=reliable)

    def find(self, sid: str) -> tuple[Participant, Publication] | None:
        """Whose track that is."""
        for participant in self.participants():
            if (publication := participant.publications.get(sid)) is not None:
                return participant, publication
        return None

    def _take_out(self, member: Member, reason: models.DisconnectReason) -> None:
        participant = member.participant
        for sid in tuple(participant.publications):
            self.unpublish(participant, sid)
        del self.members[participant.identity]
        for publication in self._others_publications(participant):
            member.withdraw(publication)
        participant.state = models.ParticipantInfo.DISCONNECTED
        participant.disconnect_reason = reason
        name = models.DisconnectReason.Name(reason)
        self._log.say("left", participant.identity, self.name, reason=name)
        self.update(participant)

    def _others(self, participant: Participant) -> Iterable[Member]:
        return [other for other in self.members.values() if other.participant is not participant]

    def _others_publications(self, participant: Participant) -> Iterable[Publication]:
        for other in self.participants():
            if other is not participant:
                yield from other.publications.values()


def facts_of(publication: Publication) -> dict[str, str]:
    """A track as an event tells it."""
    source = models.TrackSource.Name(publication.info.source).lower()
    return {
        "track": publication.sid,
        "kind": publication.kind,
        "name": publication.info.name,
        "source": source,
    }
