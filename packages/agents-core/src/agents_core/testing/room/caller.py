"""A participant without an SDK: a script speaks, listens, sends and calls for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Self

from livekit.protocol import models, rtc

from agents_core.audio import AudioFrame
from agents_core.testing.room.events import EventLog, News, NotSeen
from agents_core.testing.room.hearing import Hearing
from agents_core.testing.room.members import Participant, Publication
from agents_core.testing.room.microphone import Microphone, Spoken
from agents_core.testing.room.rooms import Room, new_sid
from agents_core.testing.room.rpc import Calls, Method
from agents_core.testing.room.streams import (
    Assembly,
    Kind,
    Received,
    byte_packets,
    text_packets,
    user_packet,
)


class Caller:
    """Somebody in a room, as a test tells it; made by `RoomServer.join`.

    Use it in ``async with``, or end with `leave`.
    """

    def __init__(self, participant: Participant, room: Room, log: EventLog) -> None:
        self.participant = participant
        self._room = room
        self._log = log
        self._microphone: Microphone | None = None
        self._publication: Publication | None = None
        self._hearings: list[Hearing] = []
        self._tracks: dict[str, tuple[str, Publication, list[Callable[[], None]]]] = {}
        self._assembly = Assembly()
        self._inbox: list[Received] = []
        self._news = News()
        self._calls = Calls(self._send_to)
        self._cleanup: asyncio.Task[None] | None = None

    @property
    def identity(self) -> str:
        """By which the others know it."""
        return self.participant.identity

    def publish_microphone(self) -> None:
        """Publish a track that gives silence, until something is said."""
        self._microphone = Microphone()
        info = models.TrackInfo(
            sid=new_sid("TR"),
            type=models.AUDIO,
            name="microphone",
            source=models.MICROPHONE,
            mime_type="audio/opus",
        )
        self._publication = Publication(info=info, source=self._microphone.source)
        self._room.publish(self.participant, self._publication)
        self._room.start(self.participant, self._publication, self._microphone.source)

    async def speak(self, frame: AudioFrame) -> Spoken:
        """Say something, in real time; returns when it is said, and from when to when.

        Raises:
            ValueError: there is no microphone.
        """
        if self._microphone is None:
            raise ValueError("join with a microphone to speak")
        return await self._microphone.say(frame)

    def hush(self) -> None:
        """Leave unsaid what is not said yet."""
        if self._microphone is not None:
            self._microphone.hush()

    def mute(self, *, muted: bool = True) -> None:
        """Say that the microphone is muted, or is not any more; the others hear of it."""
        if self._publication is not None:
            self._room.mute(self.participant, self._publication.sid, muted=muted)

    def heard(self, identity: str) -> Hearing:
        """Listen to a participant from now on, whether it is there yet or not."""
        hearing = Hearing(identity)
        self._hearings.append(hearing)
        for publisher, publication, listening in self._tracks.values():
            if publisher == identity and publication.source is not None:
                listening.append(publication.source.listen(hearing.take))
        return hearing

    def send_data(
        self, payload: bytes, *, topic: str = "", to: Iterable[str] = (), reliable: bool = True
    ) -> None:
        """Send one packet to some, or to all."""
        self._send(user_packet(payload, topic, reliable=reliable), to, reliable=reliable)

    def send_text(
        self,
        text: str,
        *,
        topic: str = "lk.chat",
        to: Iterable[str] = (),
        attributes: Mapping[str, str] = {},
    ) -> None:
        """Send a text stream to some, or to all; without a topic, as what somebody typed."""
        for packet in text_packets(text, topic, attributes):
            self._send(packet, to)

    def send_bytes(
        self,
        data: bytes,
        *,
        topic: str,
        name: str = "",
        to: Iterable[str] = (),
        attributes: Mapping[str, str] = {},
    ) -> None:
        """Send a byte stream to some, or to all."""
        for packet in byte_packets(data, topic, attributes, name):
            self._send(packet, to)

    async def receive(
        self, kind: Kind, *, topic: str | None = None, within: float = 10.0
    ) -> Received:
        """The first data, text or bytes, of that topic if one is given, not received before.

        Raises:
            NotSeen: none came in `within` seconds.
        """
        try:
            async with asyncio.timeout(within):
                while True:
                    for received in self._inbox:
                        if received.kind == kind and topic in {None, received.topic}:
                            self._inbox.remove(received)
                            return received
                    await self._news.wait()
        except TimeoutError:
            others = ", ".join(f"{one.kind} {one.topic!r}" for one in self._inbox) or "nothing"
            raise NotSeen(f"no {kind} {topic!r} in {within} s; there was {others}") from None

    async def rpc(
        self, identity: str, method: str, payload: str = "", *, within: float = 10.0
    ) -> str:
        """Call a method of another participant, and wait for its answer.

        Raises:
            RpcFailed: it answered with an error, or not in time.
        """
        return await self._calls.call(identity, method, payload, within=within)

    def register_rpc_method(self, name: str, method: Method) -> None:
        """Answer calls of `name` with what ``method(payload, identity)`` returns."""
        self._calls.register(name, method)

    def set_attributes(self, attributes: Mapping[str, str]) -> None:
        """Change attributes; an empty one goes away. The others hear of it."""
        self.participant.rename(name="", metadata="", attributes=attributes)
        self._room.update(self.participant)

    async def leave(self, reason: models.DisconnectReason = models.CLIENT_INITIATED) -> None:
        """Leave the room; the others are told why. A second call is nothing."""
        self.dismiss(reason)
        if self._cleanup is not None:
            await self._cleanup

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    def tell(self, response: rtc.SignalResponse) -> None:
        """Nothing: a script looks at the room itself."""

    def take(self, packet: models.DataPacket, *, reliable: bool) -> None:  # noqa: ARG002 - a Member
        """Receive data."""
        if (packet.WhichOneof("value") or "").startswith("rpc_"):
            self._calls.take(packet)
        elif (received := self._assembly.add(packet)) is not None:
            self._inbox.append(received)
            self._news.ring()

    def offer(self, publisher: Participant, publication: Publication) -> None:
        """Listen to it, if somebody wants to hear."""
        if publication.source is None or publication.sid in self._tracks:
            return
        listening = [
            publication.source.listen(hearing.take)
            for hearing in self._hearings
            if hearing.identity == publisher.identity
        ]
        self._tracks[publication.sid] = publisher.identity, publication, listening

    def withdraw(self, publication: Publication) -> None:
        """Listen to it no more."""
        if (known := self._tracks.pop(publication.sid, None)) is not None:
            for unlisten in known[2]:
                unlisten()

    def dismiss(self, reason: models.DisconnectReason) -> None:
        """Be sent out of the room."""
        self._room.leave(self, reason)
        if self._cleanup is None:
            self._cleanup = asyncio.create_task(self._close(), name=f"{self.identity} leaves")

    async def _close(self) -> None:
        if self._microphone is not None:
            await self._microphone.aclose()
        await self._calls.aclose()

    def _send_to(self, packet: models.DataPacket, identity: str) -> None:
        self._send(packet, (identity,))

    def _send(self, packet: models.DataPacket, to: Iterable[str], *, reliable: bool = True) -> None:
        packet.destination_identities.extend(to)
        self._room.deliver(self.participant, packet, reliable=reliable)
