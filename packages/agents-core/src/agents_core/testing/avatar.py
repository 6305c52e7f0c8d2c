"""What every avatar has to do."""

# ruff: noqa: D102 - the name of a test is its sentence

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from agents_core.audio import AudioFrame
from agents_core.avatar import AvatarSession
from agents_core.errors import APIError, APIStatusError, APITimeoutError
from agents_core.session import AgentSession
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import OTHER_WORDS, WORDS
from agents_core.testing.leaks import no_leaks
from agents_core.testing.stage import AGENT, HOST, ROOM, Face, Stage, empty_room, on_stage
from agents_core.testing.suite import Suite, sentence, skip
from agents_core.testing.tones import read, speak
from agents_core.testing.vendor import HookMissing
from agents_core.testing.watching import log_lines, told


class AvatarSuite(Suite[AvatarSession]):
    """Sentences about an avatar; `Suite` shows how to use it.

    Some of them are told in a stand-in room, and need the extra ``testing-room``.
    """

    in_a_room: ClassVar[bool] = True
    """Whether to tell those, too."""
    join_timeout: ClassVar[float] = 2.0
    """Seconds to give the avatar for its coming: hand it on in `create`, where that can be done."""

    @sentence()
    async def test_the_invitation_is_for_the_avatar_alone(self, subject: AvatarSession) -> None:
        from livekit import api

        await subject.start(AgentSession(), empty_room(), **HOST)
        url, token = self.vendor.invitation()
        keys = HOST["livekit_api_key"], HOST["livekit_api_secret"]
        claims = api.TokenVerifier(*keys).verify(token)
        demand_same(url, HOST["livekit_url"], "the server that the avatar is sent to")
        demand_same(claims.identity, subject.avatar_identity, "identity in the token")
        demand_same(claims.kind, "agent", "kind in the token")
        grants = claims.video
        demand_same((grants.room_join, grants.room) if grants else None, (True, ROOM), "grants")
        behalf = (claims.attributes or {}).get("lk.publish_on_behalf")
        demand_same(behalf, AGENT, "on whose behalf it publishes")

    @sentence()
    async def test_the_session_speaks_through_it(self, subject: AvatarSession) -> None:
        session: AgentSession[Any] = AgentSession()
        await subject.start(session, empty_room(), **HOST)
        demand(session.output.audio is not None, "the session has no mouth after start()")
        await subject.aclose()
        demand(session.output.audio is None, "the session keeps the avatar's mouth")

    @sentence()
    async def test_a_refused_key_is_final(self, subject: AvatarSession) -> None:
        self.vendor.refuse(401)
        before = self.vendor.requests()
        session: AgentSession[Any] = AgentSession()
        error = await self._failure(subject, session, APIStatusError)
        demand_same(getattr(error, "status_code", None), 401, "status_code")
        demand_same(self.vendor.requests() - before, 1, "requests with a refused key")
        demand(session.output.audio is None, "the session speaks through what never came")

    @sentence()
    async def test_a_failure_and_then_success_invite_once(self, subject: AvatarSession) -> None:
        self.vendor.fail_then_succeed(500)
        before = self.vendor.requests()
        await subject.start(AgentSession(), empty_room(), **HOST)
        demand_same(self.vendor.requests() - before, 2, "requests for a 500 and a success")

    @sentence()
    async def test_a_stall_ends(self, subject: AvatarSession) -> None:
        self.vendor.stall(times=self.max_retry + 1)
        began = time.monotonic()
        await self._failure(subject, AgentSession(), APITimeoutError)
        took = time.monotonic() - began
        demand(took < self.join_timeout + self.grace, f"it was waited for {took:.2f} s")

    @sentence()
    async def test_a_malformed_answer_is_an_api_error(self, subject: AvatarSession) -> None:
        self.vendor.garble(times=self.max_retry + 1)
        await self._failure(subject, AgentSession(), APIError)

    @sentence(alone=True)
    async def test_keys_are_told_to_nobody(self, subject: AvatarSession) -> None:
        with log_lines() as lines:
            await subject.start(AgentSession(), empty_room(), **HOST)
            self.vendor.refuse(401)
            other = self.create(self.vendor)
            error = await self._failure(other, AgentSession(), APIError)
            await other.aclose()
        places = {"repr()": repr(subject), "the log": "\n".join(lines)}
        places["an error"] = told(error) + repr(vars(error))
        with contextlib.suppress(HookMissing):
            places["a URL"] = " ".join(self.vendor.urls())
        _, token = self.vendor.invitation()
        for secret in (self.secret, HOST["livekit_api_secret"], token):
            found = [place for place, text in places.items() if secret in text]
            demand(not found, f"a secret is in {', '.join(found)}")

    @sentence()
    async def test_it_is_started_once(self, subject: AvatarSession) -> None:
        await subject.start(AgentSession(), empty_room(), **HOST)
        before = self.vendor.requests()
        try:
            await subject.start(AgentSession(), empty_room(), **HOST)
        except RuntimeError:
            demand_same(self.vendor.requests() - before, 0, "requests of a second start()")
            return
        demand(truth=False, words="a second start() was not refused")

    @sentence()
    async def test_closing_again_changes_nothing(self, subject: AvatarSession) -> None:
        await subject.start(AgentSession(), empty_room(), **HOST)
        async with asyncio.timeout(self.patience):
            await asyncio.gather(*(subject.aclose() for _ in range(3)))
            await asyncio.create_task(subject.aclose(), name="another task")

    @sentence(alone=True)
    async def test_nothing_is_left_behind(self, subject: AvatarSession) -> None:
        await subject.start(AgentSession(), empty_room(), **HOST)  # once for imports
        await subject.aclose()
        async with no_leaks(within=self.settle):
            other = self.create(self.vendor)
            await other.start(AgentSession(), empty_room(), **HOST)
            await other.aclose()

    @sentence("in_a_room")
    async def test_every_sample_reaches_it(self, subject: AvatarSession) -> None:
        sound = speak(WORDS, sample_rate=24000)
        async with self._with_face(subject) as (output, face):
            heard = await self._play(output, face, sound)
        demand_same((heard.sample_rate, heard.num_channels), (24000, 1), "rate and channels")
        demand_same(len(heard.data), len(sound.data), "bytes of sound")
        demand(heard.data == sound.data, "the avatar was sent other sound")

    @sentence("in_a_room")
    async def test_each_segment_comes_by_itself(self, subject: AvatarSession) -> None:
        async with self._with_face(subject) as (output, face):
            said = []
            for words in (WORDS, OTHER_WORDS):
                heard = await self._play(output, face, speak(words, sample_rate=24000))
                said.append(" ".join(stretch.text for stretch in read([heard])))
                await face.tell(heard.duration, interrupted=False)
        demand_same(said, [WORDS, OTHER_WORDS], "segments")

    @sentence("in_a_room")
    async def test_what_it_played_is_known(self, subject: AvatarSession) -> None:
        async with self._with_face(subject) as (output, face):
            await self._play(output, face, speak(WORDS, sample_rate=24000))
            await face.tell(0.25, interrupted=False)
            async with asyncio.timeout(self.patience):
                played = await output.wait_for_playout()
        seen = (played.playback_position, played.interrupted)
        demand_same(seen, (0.25, False), "playback_position and interrupted")

    @sentence("in_a_room")
    async def test_it_is_told_to_stop(self, subject: AvatarSession) -> None:
        async with self._with_face(subject) as (output, face):
            await output.capture_frame(speak(WORDS, sample_rate=24000))
            output.clear_buffer()
            try:
                async with asyncio.timeout(self.patience):
                    await face.told_to_stop.wait()
                    await face.tell(0.1, interrupted=True)
                    played = await output.wait_for_playout()
            except TimeoutError:
                raise AssertionError("the avatar was not told to stop") from None
        seen = (played.playback_position, played.interrupted)
        demand_same(seen, (0.1, True), "playback_position and interrupted")

    @sentence("in_a_room")
    async def test_one_that_does_not_come_is_not_waited_for(self, subject: AvatarSession) -> None:
        async with _stage() as stage:
            await subject.start(AgentSession(), stage.room, **stage.host)
            try:
                async with asyncio.timeout(self.join_timeout + self.grace):
                    await subject.wait_for_join()
            except APITimeoutError:
                pass
            except TimeoutError:
                raise AssertionError("an avatar that does not come is waited for") from None
            else:
                demand(truth=False, words="an avatar that did not come is said to be there")
            await subject.aclose()

    @contextlib.asynccontextmanager
    async def _with_face(self, subject: AvatarSession) -> AsyncIterator[tuple[Any, Face]]:
        async with _stage() as stage, stage.face(subject.avatar_identity) as face:
            session: AgentSession[Any] = AgentSession()
            await subject.start(session, stage.room, **stage.host)
            await subject.wait_for_join()
            try:
                yield session.output.audio, face
            finally:
                await subject.aclose()

    async def _play(self, output: Any, face: Face, sound: AudioFrame) -> AudioFrame:  # noqa: ANN401 - an AudioOutput
        await output.capture_frame(sound)
        output.flush()
        return await face.hear(within=self.patience)

    async def _failure(
        self, subject: AvatarSession, session: AgentSession[Any], kind: type[APIError]
    ) -> APIError:
        try:
            async with asyncio.timeout(self.join_timeout + self.grace):
                await subject.start(session, empty_room(), **HOST)
        except kind as error:
            return error
        except Exception as error:
            words = f"start() raised {error!r}, expected {kind.__name__}"
            raise AssertionError(words) from error
        raise AssertionError(f"start() went well, expected {kind.__name__}")


@contextlib.asynccontextmanager
async def _stage() -> AsyncIterator[Stage]:
    from agents_core.testing.room import room_is_possible

    reason = room_is_possible()
    if reason is not None:
        skip(reason)
    async with on_stage() as stage:
        yield stage
