"""A caller who comes into a room, says what a script has, and listens to each answer."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agents_core.audio import AudioFrame, WavReader, wav_bytes
from agents_core.cli.command import UsageError
from agents_core.errors import AgentsError

if TYPE_CHECKING:
    from agents_core.testing.room import Caller, Hearing, RoomServer

_CALLER = "caller"
_STATE = "lk.agent.state"
_SETTLED = 0.5
"""Seconds that an agent listens before it is spoken to: it may be about to greet."""
_LOOK = 0.05
_RATE = 48_000
_ESPEAK = "espeak-ng"
_LONGEST = 30.0
"""Seconds that a sentence may take to be synthesised."""


def voices(script: Sequence[str | Path], *, espeak: bool = False) -> tuple[AudioFrame, ...]:
    """The sound of each text and of each recording, in order.

    Raises:
        UsageError: a recording cannot be read, or there is no espeak-ng.
    """
    return tuple(
        _recording(each) if isinstance(each, Path) else _voice(each, espeak=espeak)
        for each in script
    )


def _recording(path: Path) -> AudioFrame:
    try:
        return _frame(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error


def _voice(text: str, *, espeak: bool) -> AudioFrame:
    from agents_core.testing.tones import speak

    if not espeak:
        return speak(text, sample_rate=_RATE)
    program = shutil.which(_ESPEAK)
    if program is None:
        raise UsageError(f"{_ESPEAK} is not installed")
    spoken = subprocess.run(  # noqa: S603 - our own arguments; the text is its input
        [program, "--stdout"],
        input=text.encode(),
        capture_output=True,
        timeout=_LONGEST,
        check=True,
    )
    return _frame(spoken.stdout)


def _frame(wav: bytes) -> AudioFrame:
    reader = WavReader()
    samples = reader.push(wav)
    if reader.sample_rate is None or reader.num_channels not in {1, 2}:
        raise ValueError("it is no WAV of one or two channels")
    return AudioFrame(samples, reader.sample_rate, reader.num_channels)


async def play(
    server: RoomServer, room: str, speeches: Sequence[AudioFrame], *, within: float
) -> bytes:
    """Say all of it to the agent that comes; what was heard meanwhile, as a WAV.

    Raises:
        AgentsError: no agent comes, or it does not answer, in `within` seconds.
    """
    from agents_core.testing.room import NotSeen

    async with await server.join(room, _CALLER) as caller:
        reading = asyncio.create_task(_read(caller), name="transcripts")
        try:
            agent = (await server.wait_for("job_assigned", within=within)).identity or ""
            hearing = caller.heard(agent)
            await _listens(server, room, agent, within)
            for speech in speeches:
                await _ask(caller, hearing, speech, within)
                await _listens(server, room, agent, within)
        except NotSeen as error:
            raise AgentsError(str(error)) from error
        finally:
            reading.cancel()
            await asyncio.wait({reading})
        return wav_bytes(hearing.audio())


async def _ask(caller: Caller, hearing: Hearing, speech: AudioFrame, within: float) -> None:
    spoken = await caller.speak(speech)
    await hearing.sound(since=spoken.started, within=within)
    await hearing.silence(lasting=_SETTLED, within=within)


async def _listens(server: RoomServer, room: str, agent: str, within: float) -> None:
    """Wait until the agent has been listening for a while."""
    settled = 0.0
    try:
        async with asyncio.timeout(within):
            while settled < _SETTLED:
                await asyncio.sleep(_LOOK)
                people = {one.identity: one for one in server.participants(room)}
                state = people[agent].attributes.get(_STATE) if agent in people else None
                settled = settled + _LOOK if state == "listening" else 0.0
    except TimeoutError:
        raise AgentsError(f"the agent did not listen in {within:g} s") from None


async def _read(caller: Caller) -> None:
    """Write down what is understood, and what is said."""
    while True:
        received = await caller.receive("text", topic="lk.transcription", within=float("inf"))
        if received.attributes.get("lk.transcription_final") == "true":
            sys.stdout.write(f"{received.identity}: {received.text}\n")
            sys.stdout.flush()
