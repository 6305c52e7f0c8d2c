"""Who is in a room, and what each of them publishes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from livekit.protocol import models

if TYPE_CHECKING:
    from livekit.api.access_token import Claims
    from livekit.protocol import rtc

    from agents_core.testing.room.tracks import Source

_KINDS = {
    "agent": models.ParticipantInfo.AGENT,
    "egress": models.ParticipantInfo.EGRESS,
    "ingress": models.ParticipantInfo.INGRESS,
    "sip": models.ParticipantInfo.SIP,
}


@dataclass(slots=True, kw_only=True)
class Publication:
    """A track of a participant."""

    info: models.TrackInfo
    cid: str = ""
    """By which the client's own session description knows the track."""
    source: Source | None = None
    """Its frames, once they come."""

    @property
    def sid(self) -> str:
        """By which everybody else knows it."""
        return self.info.sid

    @property
    def kind(self) -> str:
        """``audio`` or ``video``."""
        return "audio" if self.info.type == models.AUDIO else "video"


@dataclass(slots=True, kw_only=True)
class Participant:
    """What a room knows of one participant, and tells the others."""

    sid: str
    identity: str
    name: str = ""
    metadata: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    kind: models.ParticipantInfo.Kind = models.ParticipantInfo.STANDARD
    permission: models.ParticipantPermission = field(default_factory=models.ParticipantPermission)
    client_protocol: int = 0
    """Which of the newer ways of calling each other the client understands."""
    capabilities: tuple[models.ClientInfo.Capability, ...] = ()
    publications: dict[str, Publication] = field(default_factory=dict)
    state: models.ParticipantInfo.State = models.ParticipantInfo.ACTIVE
    disconnect_reason: models.DisconnectReason = models.UNKNOWN_REASON
    version: int = 0
    permits_all: bool = True
    permits: tuple[rtc.TrackPermission, ...] = ()
    joined_at: float = field(default_factory=time.time)

    def info(self) -> models.ParticipantInfo:
        """The same as the protocol says it; newer than every one before."""
        self.version += 1
        return models.ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            name=self.name,
            metadata=self.metadata,
            attributes=self.attributes,
            kind=self.kind,
            permission=self.permission,
            client_protocol=self.client_protocol,
            capabilities=self.capabilities,
            tracks=[publication.info for publication in self.publications.values()],
            is_publisher=bool(self.publications),
            state=self.state,
            disconnect_reason=self.disconnect_reason,
            version=self.version,
            joined_at=int(self.joined_at),
            joined_at_ms=int(self.joined_at * 1000),
        )

    def rename(self, *, name: str, metadata: str, attributes: Mapping[str, str]) -> None:
        """Take what is given: empty words change nothing, an empty attribute goes away."""
        self.name = name or self.name
        self.metadata = metadata or self.metadata
        merged = {**self.attributes, **attributes}
        self.attributes = {key: value for key, value in merged.items() if value}

    def permits_subscription(self, publication: Publication, identity: str) -> bool:
        """Whether `identity` may subscribe to one of this participant's tracks."""
        return self.permits_all or any(
            permission.participant_identity == identity
            and (permission.all_tracks or publication.sid in permission.track_sids)
            for permission in self.permits
        )


class Member(Protocol):
    """Somebody in a room: a client with its connection, or a scripted caller."""

    participant: Participant

    def tell(self, response: rtc.SignalResponse) -> None:
        """Hand over news of the room, in order."""

    def take(self, packet: models.DataPacket, *, reliable: bool) -> None:
        """Hand over data that somebody sent."""

    def offer(self, publisher: Participant, publication: Publication) -> None:
        """Offer a track, whose frames may come now."""

    def withdraw(self, publication: Publication) -> None:
        """Take a track back."""

    def dismiss(self, reason: models.DisconnectReason) -> None:
        """Send it out of the room."""


def participant_of(claims: Claims, sid: str) -> Participant:
    """The participant that a token describes."""
    grants = claims.video
    if grants is None:
        raise ValueError("the token has no grants")
    permission = models.ParticipantPermission(
        can_publish=grants.can_publish,
        can_subscribe=grants.can_subscribe,
        can_publish_data=grants.can_publish_data,
        can_update_metadata=bool(grants.can_update_own_metadata),
        hidden=bool(grants.hidden),
        agent=bool(grants.agent),
    )
    return Participant(
        sid=sid,
        identity=claims.identity,
        name=claims.name,
        metadata=claims.metadata,
        attributes=dict(claims.attributes or {}),
        kind=_KINDS.get(claims.kind, models.ParticipantInfo.STANDARD),
        permission=permission,
    )
