"""What a room knows of a participant."""

from __future__ import annotations

import pytest
from livekit.api.access_token import Claims, VideoGrants
from livekit.protocol import models, rtc

from agents_core.testing.room.members import Participant, Publication, participant_of


def track(sid: str) -> Publication:
    return Publication(info=models.TrackInfo(sid=sid, type=models.AUDIO))


def test_a_participant_is_what_its_token_says() -> None:
    grants = VideoGrants(
        room_join=True, room="here", can_publish=False, can_update_own_metadata=True
    )
    claims = Claims(identity="one", name="N", kind="agent", attributes={"a": "b"}, video=grants)

    info = participant_of(claims, "PA_1").info()

    assert (info.sid, info.identity, info.name) == ("PA_1", "one", "N")
    assert info.kind == models.ParticipantInfo.AGENT
    assert dict(info.attributes) == {"a": "b"}
    assert (info.permission.can_publish, info.permission.can_update_metadata) == (False, True)


def test_a_token_without_grants_describes_nobody() -> None:
    with pytest.raises(ValueError, match="no grants"):
        participant_of(Claims(identity="one"), "PA_1")


def test_what_is_told_later_is_newer() -> None:
    participant = Participant(sid="PA_1", identity="one")

    assert participant.info().version < participant.info().version


def test_only_what_is_given_changes() -> None:
    participant = Participant(sid="PA_1", identity="one", name="N", attributes={"a": "b", "c": "d"})
    participant.rename(name="", metadata="m", attributes={"a": "", "e": "f"})

    assert (participant.name, participant.metadata) == ("N", "m")
    assert participant.attributes == {"c": "d", "e": "f"}


def test_who_may_subscribe_is_the_publishers_choice() -> None:
    participant = Participant(sid="PA_1", identity="one")
    assert participant.permits_subscription(track("TR_1"), "anybody")
    participant.permits_all = False
    participant.permits = (
        rtc.TrackPermission(participant_identity="friend", all_tracks=True),
        rtc.TrackPermission(participant_identity="guest", track_sids=["TR_1"]),
    )

    assert participant.permits_subscription(track("TR_2"), "friend")
    assert participant.permits_subscription(track("TR_1"), "guest")
    assert not participant.permits_subscription(track("TR_2"), "guest")
    assert not participant.permits_subscription(track("TR_1"), "stranger")
