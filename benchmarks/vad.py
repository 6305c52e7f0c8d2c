"""Silero's voice detection in agents-core beside that in livekit-agents: same model, same sound."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections import defaultdict
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any, TypeAlias

HERE = Path(__file__).resolve().parent
DEFAULT_PEERS = HERE.parent / ".benchmarks" / "peers"
PEER = "livekit-plugins-silero==1.8.9"
OURS, THEIRS = "agents-plugin-silero", "livekit-plugins-silero"

RATES = (16_000, 48_000)
FRAME = 0.01
"""Seconds of sound that are pushed at a time, as they come from a room."""
SAID = "Voice agents have to hear when somebody speaks, and when nobody does any more."
PAUSE = 1.0
PATIENCE = 600.0

UNITS = {
    "load": "ms of CPU, to import it and load the model",
    "cpu": "CPU seconds a second of sound",
    "wall": "seconds a second of sound",
    "memory": "MB, the most that was resident",
}

Listen: TypeAlias = Callable[[bytes, int], Awaitable[int]]


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--peers", type=Path, default=DEFAULT_PEERS, help="where the peer is installed"
    )
    parser.add_argument("--install", action="store_true", help=f"install {PEER} there first")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=120, help="of sound, in each round")
    parser.add_argument("--child", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.child is not None:
        _be_measured(*told.child)
        return 0
    home = told.peers / "livekit-silero"
    if told.install:
        _install(home)
    _compare(home / "bin/python", rounds=told.rounds, seconds=told.seconds)
    return 0


def _install(home: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=PATIENCE)
    install: list[str | Path] = [home / "bin/python", "-m", "pip", "install", "--quiet", PEER]
    subprocess.run(install, check=True, timeout=PATIENCE)


def _compare(peer: Path, *, rounds: int, seconds: int) -> None:
    contestants = ((OURS, Path(sys.executable)), (THEIRS, peer))
    found: dict[tuple[str, int], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory(prefix="vad-benchmark-") as folder:
        for rate in RATES:
            file = Path(folder) / f"{rate}.wav"
            _read_aloud(file, rate, seconds)
            for number in range(rounds):
                # Each round begins with another one, so that nobody is always the first.
                for name, python in contestants[number % 2 :] + contestants[: number % 2]:
                    for what, value in _measure(name, python, file).items():
                        found[name, rate][what].append(value)
    _print_table(found)


def _read_aloud(file: Path, rate: int, seconds: int) -> None:
    """Write some `seconds` of a voice that pauses after each sentence."""
    from agents_core.audio import AudioFrame, Resampler, silence

    program = shutil.which("espeak-ng")
    if program is None:
        sys.exit("espeak-ng is needed, to read aloud what is listened to")
    said = subprocess.run([program, "--stdout", SAID], capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(said)) as spoken:
        voice = AudioFrame(spoken.readframes(-1), spoken.getframerate())
    resampler = Resampler(input_rate=voice.sample_rate, output_rate=rate)
    once = b"".join(part.data for part in (*resampler.push(voice), *resampler.flush()))
    once += silence(PAUSE, sample_rate=rate).data
    times = max(1, round(2 * rate * seconds / len(once)))
    with wave.open(str(file), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate)
        written.writeframes(once * times)


def _measure(name: str, python: Path, file: Path) -> dict[str, float]:
    ran = subprocess.run(
        [python, __file__, "--child", name, file],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if ran.returncode:
        sys.exit(f"{name} failed:\n{ran.stderr[-3000:]}")
    told: dict[str, float] = json.loads(ran.stdout)
    return told


def _print_table(found: dict[tuple[str, int], dict[str, list[float]]]) -> None:
    print(f"| what | unit | Hz | {OURS}, least (median) | {THEIRS} | ours / theirs, of the least |")
    print("|---|---|---|---|---|---|")
    for rate in RATES:
        ours, theirs = found[OURS, rate], found[THEIRS, rate]
        for what, unit in UNITS.items():
            cells = [f"{min(each[what]):.4g} ({median(each[what]):.4g})" for each in (ours, theirs)]
            ratio = min(ours[what]) / min(theirs[what])
            print(f"| {what} | {unit} | {rate} | {' | '.join(cells)} | {ratio:.2f} |")
        heard = {*ours["utterances"], *theirs["utterances"]}
        if len(heard) > 1:
            sys.exit(f"at {rate} Hz they hear different numbers of utterances: {heard}")


# What runs in an environment of its own, once for each round.


def _be_measured(name: str, file: str) -> None:
    import resource

    with wave.open(file) as recorded:
        rate = recorded.getframerate()
        sound = recorded.readframes(-1)
    began = time.process_time()
    listen = {OURS: _load_ours, THEIRS: _load_theirs}[name]()
    loaded = time.process_time() - began

    begun, cpu = time.perf_counter(), time.process_time()
    utterances = asyncio.run(_within(listen(sound, rate)))
    seconds = len(sound) / 2 / rate
    measured = {
        "load": 1000 * loaded,
        "cpu": (time.process_time() - cpu) / seconds,
        "wall": (time.perf_counter() - begun) / seconds,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "utterances": utterances,
    }
    print(json.dumps(measured))


async def _within(work: Awaitable[int]) -> int:
    async with asyncio.timeout(PATIENCE):
        return await work


def _load_ours() -> Listen:
    audio, silero = import_module("agents_core.audio"), import_module("agents_plugin_silero")
    vad = silero.VAD.load()

    async def listen(sound: bytes, rate: int) -> int:
        step = 2 * round(FRAME * rate)
        frames = (
            audio.AudioFrame(sound[at : at + step], rate) for at in range(0, len(sound), step)
        )
        return await _count(vad, frames)

    return listen


def _load_theirs() -> Listen:
    rtc, silero = import_module("livekit.rtc"), import_module("livekit.plugins.silero")
    vad = silero.VAD.load()

    async def listen(sound: bytes, rate: int) -> int:
        step = 2 * round(FRAME * rate)
        pieces = (sound[at : at + step] for at in range(0, len(sound), step))
        return await _count(
            vad, (rtc.AudioFrame(piece, rate, 1, len(piece) // 2) for piece in pieces)
        )

    return listen


async def _count(vad: Any, frames: Any) -> int:  # noqa: ANN401 - either framework's
    """Push all of it, and read events until the last one; how many utterances there were."""
    stream = vad.stream()
    for frame in frames:
        stream.push_frame(frame)
    stream.end_input()
    return sum([event.type.value == "end_of_speech" async for event in stream])


if __name__ == "__main__":
    sys.exit(main())
