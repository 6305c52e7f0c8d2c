"""A session speaks through its avatar."""

from __future__ import annotations

import json

import pytest
from avatar_stage import on_stage
from parley import run, said

from agents_core.agent import Agent
from agents_core.audio import AudioFrame
from agents_core.avatar import AvatarSession, DataStreamAudioOutput, Invitation
from agents_core.errors import APIStatusError, APITimeoutError
from agents_core.retry import APIConnectOptions
from agents_core.session import AgentSession
from agents_core.testing.fakes import FakeAvatarSession, FakeTTS
from agents_core.testing.room import room_is_possible
from agents_core.testing.stage import HOST, empty_room
from agents_core.testing.tones import read


class Face(AvatarSession):
    invitation: Invitation | None = None
    dismissed = False

    async def _launch(self, invitation: Invitation) -> None:
        self.invitation = invitation

    async def _dismiss(self) -> None:
        self.dismissed = True


@pytest.mark.skipif(room_is_possible() is not None, reason=room_is_possible() or "")
def test_a_session_speaks_through_its_avatar() -> None:
    async def work() -> None:
        async with on_stage() as stage:
            session: AgentSession[None] = AgentSession(tts=FakeTTS())
            face = Face(identity="face")
            await face.start(
                session,
                stage.room,
                livekit_url=stage.server.url,
                livekit_api_key=stage.server.api_key,
                livekit_api_secret=stage.server.api_secret,
            )
            assert face.invitation is not None
            assert face.invitation.room == "r"
            output = session.output.audio
            assert isinstance(output, DataStreamAudioOutput)
            output._wait_for_video = False  # a scripted participant has no face
            await session.start(Agent(instructions=""), room=stage.room)
            assert session.output.audio is output

            handle = session.say("hello")
            received = await stage.avatar.receive("bytes", topic="lk.audio_stream")
            report = json.dumps({"playback_position": 0.2, "interrupted": False})
            await stage.avatar.rpc("agent", "lk.playback_finished", report)
            await handle
            assert [s.text for s in read([AudioFrame(received.payload, 24000)])] == ["hello"]
            assert said(session) == ["hello"]
            await session.aclose()
            await face.aclose()
            assert face.dismissed
            assert session.output.audio is None

    run(work(), within=30)


def test_what_the_service_refused_may_be_started_again() -> None:
    async def work() -> None:
        face = FakeAvatarSession(conn_options=APIConnectOptions(max_retry=0))
        face.vendor.refuse(401)
        with pytest.raises(APIStatusError):
            await face.start(AgentSession(), empty_room(), **HOST)
        session: AgentSession[None] = AgentSession()
        await face.start(session, empty_room(), **HOST)
        assert session.output.audio is not None
        await face.aclose()

    run(work())


def test_a_service_that_is_late_is_an_api_error() -> None:
    async def work() -> None:
        face = FakeAvatarSession(join_timeout=0.1)
        face.vendor.stall()
        with pytest.raises(APITimeoutError, match=r"'fake-avatar' was sent in 0\.1 s"):
            await face.start(AgentSession(), empty_room(), **HOST)

    run(work())


def test_a_patient_vendor_gives_its_avatar_time_to_stop() -> None:
    async def work() -> None:
        session: AgentSession[None] = AgentSession()
        face = Face(identity="face", clear_buffer_timeout=7.0)
        await face.start(session, empty_room(), **HOST)
        assert isinstance(session.output.audio, DataStreamAudioOutput)
        assert session.output.audio._clear_timeout == 7.0
        await face.aclose()

    run(work())
