"""Defects of an avatar."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

from agents_core.audio import AudioFrame
from agents_core.avatar import Invitation
from agents_core.errors import APITimeoutError
from agents_core.session import AgentSession
from agents_core.testing.broken import leaving, vendors
from agents_core.testing.broken.defects import Defect, caught_by, defects
from agents_core.testing.broken.quick_avatar import QuickAvatarSuite
from agents_core.testing.fakes.avatar import FakeAvatarSession
from agents_core.testing.fakes.vendor import FakeVendor


class WithoutARoom(QuickAvatarSuite):
    """For defects that show before there is a room: a room is what takes the time."""

    in_a_room = False
    join_timeout = 10.0


@caught_by("the_invitation_is_for_the_avatar_alone")
class HandsOnTheKeyOfTheServer(FakeAvatarSession):
    """Sends the avatar in with a token of the agent's own."""

    async def _launch(self, invitation: Invitation) -> None:
        from livekit import api

        from agents_core.testing.stage import HOST, ROOM

        token = api.AccessToken(HOST["livekit_api_key"], HOST["livekit_api_secret"])
        grants = api.VideoGrants(room_join=True, room=ROOM, room_admin=True)
        forged = token.with_identity("agent").with_grants(grants).to_jwt()
        await super()._launch(replace(invitation, token=forged))


@caught_by("the_session_speaks_through_it")
class KeepsTheMouth(FakeAvatarSession):
    """Does not give the session its mouth back."""

    async def aclose(self) -> None:
        self._session = None
        await super().aclose()


@caught_by("keys_are_told_to_nobody")
class LogsTheInvitation(FakeAvatarSession):
    """Logs the token that it sends."""

    async def _launch(self, invitation: Invitation) -> None:
        logging.getLogger(__name__).debug("session request: %s", {"token": invitation.token})
        await super()._launch(invitation)


@caught_by("it_is_started_once")
class StartsAgain(FakeAvatarSession):
    """Invites a second avatar."""

    async def start(self, agent_session: AgentSession[Any], room: Any, **host: Any) -> None:  # noqa: ANN401 - as it comes
        self._room = None
        await super().start(agent_session, room, **host)


@caught_by("closing_again_changes_nothing")
class ClosesOnce(FakeAvatarSession):
    """Cannot be closed twice."""

    _closed = False

    async def aclose(self) -> None:
        if self._closed:
            raise RuntimeError("it is closed")
        self._closed = True
        await super().aclose()


class BentAvatar(FakeAvatarSession):
    """Bends the way of the sound."""

    async def start(self, agent_session: AgentSession[Any], room: Any, **host: Any) -> None:  # noqa: ANN401 - as it comes
        await super().start(agent_session, room, **host)
        self.bend(agent_session.output.audio)

    def bend(self, output: Any) -> None:  # noqa: ANN401 - any member may be another one
        """Do nothing."""


@caught_by("every_sample_reaches_it")
class SendsWholeChunks(BentAvatar):
    """Sends chunks of 10 ms, and forgets the rest."""

    def bend(self, output: Any) -> None:  # noqa: ANN401 - see above
        capture = output.capture_frame

        async def whole(frame: AudioFrame) -> None:
            size = frame.sample_rate // 100 * 2
            data = frame.data[: len(frame.data) - len(frame.data) % size]
            await capture(AudioFrame(data, frame.sample_rate))

        output.capture_frame = whole


@caught_by("each_segment_comes_by_itself")
class SaysEachSegmentTwice(BentAvatar):
    """Sends what it sent before once more, in front of the next segment."""

    def bend(self, output: Any) -> None:  # noqa: ANN401 - see above
        capture = output.capture_frame
        sent: list[AudioFrame] = []

        async def again(frame: AudioFrame) -> None:
            for before in sent:
                await capture(before)
            sent.append(frame)
            await capture(frame)

        output.capture_frame = again


@caught_by("what_it_played_is_known")
class BelievesThatAllWasPlayed(BentAvatar):
    """Does not listen to what the avatar tells, unless it was stopped."""

    def bend(self, output: Any) -> None:  # noqa: ANN401 - see above
        report = output.report_finished

        def finished(*, playback_position: float, interrupted: bool) -> None:
            position = playback_position if interrupted else 60.0
            report(playback_position=position, interrupted=interrupted)

        output.report_finished = finished


@caught_by("it_is_told_to_stop")
class DoesNotStop(BentAvatar):
    """Does not tell the avatar to stop."""

    def bend(self, output: Any) -> None:  # noqa: ANN401 - see above
        output.clear_buffer = output.flush


@caught_by("one_that_does_not_come_is_not_waited_for")
class WaitsForEver(FakeAvatarSession):
    """Waits for an avatar as long as it takes."""

    async def wait_for_join(self) -> None:
        try:
            await super().wait_for_join()
        except APITimeoutError:
            await asyncio.Event().wait()


@caught_by("a_refused_key_is_final", "keys_are_told_to_nobody")
class RetriesARefusedKey(vendors.RetriesARefusedKey):
    """Takes every status for worth another try."""


@caught_by("a_failure_and_then_success_invite_once")
class GivesUpAtOnce(vendors.GivesUpAtOnce):
    """Takes a 500 for final."""


@caught_by("a_stall_ends")
class LetsTheTimeoutThrough(vendors.LetsTheTimeoutThrough):
    """Raises Python's own error at a timeout."""


@caught_by("keys_are_told_to_nobody")
class LogsTheKey(vendors.LogsTheKey):
    """Logs what it sends."""


@caught_by("keys_are_told_to_nobody")
class PutsTheKeyIntoTheURL(vendors.PutsTheKeyIntoTheURL):
    """Asks with the key in the query."""


BEHIND: tuple[type[FakeVendor], ...] = (
    RetriesARefusedKey,
    GivesUpAtOnce,
    LetsTheTimeoutThrough,
    LogsTheKey,
    PutsTheKeyIntoTheURL,
    vendors.BelievesEveryMessage,
    leaving.LeavesATask,
)
BEFORE: tuple[type[FakeAvatarSession], ...] = (
    HandsOnTheKeyOfTheServer,
    KeepsTheMouth,
    LogsTheInvitation,
    StartsAgain,
    ClosesOnce,
)
INSIDE: tuple[type[FakeAvatarSession], ...] = (
    SendsWholeChunks,
    SaysEachSegmentTwice,
    BelievesThatAllWasPlayed,
    DoesNotStop,
    WaitsForEver,
)
DEFECTS: tuple[Defect, ...] = (
    *defects(WithoutARoom, BEHIND, made_with="behind"),
    *defects(WithoutARoom, BEFORE, made_with="kind"),
    *defects(QuickAvatarSuite, INSIDE, made_with="kind"),
)
