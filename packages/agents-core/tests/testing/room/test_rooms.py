"""Who hears of what in a room."""

from __future__ import annotations

from livekit.protocol import models, rtc

from agents_core.testing.room.events import EventLog
from agents_core.testing.room.members import Participant, Publication
from agents_core.testing.room.rooms import Room, new_sid
from agents_core.testing.room.streams import user_packet
from agents_core.testing.room.tracks import Source


class Recorder:
    """A member that remembers everything."""

    def __init__(self, identity: str) -> None:
        permission = models.ParticipantPermission(can_subscribe=True, can_publish_data=True)
        self.participant = Participant(sid=new_sid("PA"), identity=identity, permission=permission)
        self.told: list[rtc.SignalResponse] = []
        self.taken: list[tuple[bytes, bool]] = []
        self.offered: list[str] = []
        self.withdrawn: list[str] = []
        self.dismissed: list[models.DisconnectReason] = []

    def tell(self, response: rtc.SignalResponse) -> None:
        self.told.append(response)

    def take(self, packet: models.DataPacket, *, reliable: bool) -> None:
        self.taken.append((packet.user.payload, reliable))

    def offer(self, publisher: Participant, publication: Publication) -> None:
        self.offered.append(f"{publisher.identity} {publication.sid}")

    def withdraw(self, publication: Publication) -> None:
        self.withdrawn.append(publication.sid)

    def dismiss(self, reason: models.DisconnectReason) -> None:
        self.dismissed.append(reason)

    def heard_of(self) -> list[tuple[str, int]]:
        """Whose state it was told, and which."""
        return [(one.identity, one.state) for told in self.told for one in told.update.participants]


def room_of(*identities: str) -> tuple[Room, list[Recorder], EventLog]:
    log = EventLog()
    room = Room("here", log)
    members = [Recorder(identity) for identity in identities]
    for member in members:
        room.enter(member)
    return room, members, log


def published(room: Room, member: Recorder, sid: str = "TR_1") -> Publication:
    publication = Publication(info=models.TrackInfo(sid=sid, type=models.AUDIO))
    room.publish(member.participant, publication)
    room.start(member.participant, publication, Source("audio"))
    return publication


def test_those_who_are_there_hear_of_those_who_come_and_go() -> None:
    room, [one, two], log = room_of("one", "two")
    room.leave(two, models.CLIENT_INITIATED)
    room.leave(two, models.UNKNOWN_REASON)  # nothing, for it is gone

    active, gone = models.ParticipantInfo.ACTIVE, models.ParticipantInfo.DISCONNECTED
    assert one.heard_of() == [("two", active), ("two", gone)]
    assert two.heard_of() == []
    assert [event["reason"] for event in log.seen("left")] == ["CLIENT_INITIATED"]


def test_data_goes_to_those_it_is_for_and_never_back() -> None:
    room, [one, two, three], _ = room_of("one", "two", "three")
    room.deliver(one.participant, user_packet(b"all", "", reliable=True))
    chosen = user_packet(b"three", "", reliable=False)
    chosen.destination_identities.append("three")
    room.deliver(one.participant, chosen, reliable=False)

    assert one.taken == []
    assert two.taken == [(b"all", True)]
    assert three.taken == [(b"all", True), (b"three", False)]


def test_data_of_somebody_whose_token_forbids_it_reaches_nobody() -> None:
    room, [one, two], _ = room_of("one", "two")
    one.participant.permission.can_publish_data = False
    room.deliver(one.participant, user_packet(b"", "", reliable=True))

    assert two.taken == []


def test_the_sender_is_who_it_is_and_not_who_it_says() -> None:
    room, [one, _], _ = room_of("one", "two")
    packet = models.DataPacket(participant_identity="two", user=models.UserPacket(payload=b""))
    room.deliver(one.participant, packet)

    assert packet.participant_identity == "one"
    assert packet.user.participant_sid == one.participant.sid


def test_tracks_are_offered_to_the_others_and_taken_back_with_their_publisher() -> None:
    room, [one, two], _ = room_of("one", "two")
    published(room, one)
    three = Recorder("three")
    room.enter(three)
    room.offer_all(three)
    room.leave(one, models.CLIENT_INITIATED)

    assert one.offered == []
    assert two.offered == three.offered == ["one TR_1"]
    assert two.withdrawn == three.withdrawn == ["TR_1"]


def test_nobody_is_offered_what_its_token_or_its_publisher_does_not_allow() -> None:
    room, [one, two, three], _ = room_of("one", "two", "three")
    two.participant.permission.can_subscribe = False
    published(room, one)
    room.permit(one.participant, rtc.SubscriptionPermission(all_participants=False))

    assert two.offered == []
    assert three.withdrawn == ["TR_1"]
    change = three.told[-1].subscription_permission_update
    assert (change.track_sid, change.allowed) == ("TR_1", False)


def test_a_second_of_the_same_identity_takes_the_place_and_the_room_stays() -> None:
    emptied = []
    log = EventLog()
    room = Room("here", log, changed=lambda room: emptied.append(not room.members))
    first, second = Recorder("twin"), Recorder("twin")
    room.enter(first)
    room.enter(second)

    assert first.dismissed == [models.DUPLICATE_IDENTITY]
    assert room.participants() == (second.participant,)
    assert emptied == [False, False]


def test_a_track_is_muted_once_and_found_by_its_name() -> None:
    room, [one, _], log = room_of("one", "two")
    publication = published(room, one)
    for muted in (True, True, False):
        room.mute(one.participant, "TR_1", muted=muted)
    room.mute(one.participant, "TR_unknown", muted=True)

    assert [event.event for event in log.seen(track="TR_1")] == [
        "track_published",
        "track_muted",
        "track_unmuted",
    ]
    assert room.find("TR_1") == (one.participant, publication)
    assert room.find("TR_unknown") is None
