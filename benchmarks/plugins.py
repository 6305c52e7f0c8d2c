"""What a plugin adds to its vendor's own delay, beside the plugin of livekit-agents, in one run."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parent
DEFAULT_PEERS = HERE.parent / ".benchmarks" / "peers"
VERSION = "1.8.9"
PEERS = (
    "agents",
    *(f"plugins-{v}" for v in ("rime", "cartesia", "elevenlabs", "deepgram", "openai")),
)
PATIENCE = 60.0
"""Seconds for one plugin to have talked."""

CASES = {
    "rime": "speech for whole texts, HTTP",
    "cartesia": "speech for streamed text, websocket",
    "elevenlabs": "speech for streamed text, websocket",
    "deepgram-stt": "a minute of silence heard, websocket",
    "openai": "chat, server-sent events",
}
"""What is measured: the vendor's local server, and what it is asked for."""


@dataclass(slots=True)
class Cost:
    """What one plugin took in all rounds."""

    added: list[float] = field(default_factory=list)
    """Milliseconds from the request to the first sound or word, without the vendor's own."""
    cpu: list[float] = field(default_factory=list)
    """Milliseconds of processor for a minute of sound, or for a thousand parts of an answer."""
    memory: list[float] = field(default_factory=list)
    """MB, the most that the process held."""


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--peers", type=Path, default=DEFAULT_PEERS, help="where they are installed"
    )
    parser.add_argument("--install", action="store_true", help="install them there first")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--asks", type=int, default=20, help="short answers in each round")
    parser.add_argument("--cases", nargs="*", default=list(CASES), choices=list(CASES))
    told = parser.parse_args()
    home = told.peers / "livekit-plugins"
    if told.install:
        _install(home)
    pythons = {"agents-core": Path(sys.executable), "livekit-agents": home / "bin/python"}
    asyncio.run(_compare(pythons, told))
    return 0


def _install(home: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=PATIENCE)
    wanted = [f"livekit-{peer}=={VERSION}" for peer in PEERS]
    install: list[str | Path] = [home / "bin/python", "-m", "pip", "install", "--quiet", *wanted]
    subprocess.run(install, check=True, timeout=600)


async def _compare(pythons: dict[str, Path], told: argparse.Namespace) -> None:
    costs: dict[tuple[str, str], Cost] = defaultdict(Cost)
    for number in range(told.rounds):
        # Each round begins with the other one, so that nobody is always the first.
        turns = list(pythons.items())[:: 1 if number % 2 else -1]
        for case in told.cases:
            for name, python in turns:
                print(f"round {number + 1}: {case}, {name}", file=sys.stderr)
                await _measure(python, name, case, told.asks, costs[case, name])
    _print_table(list(pythons), told.cases, costs)


async def _measure(python: Path, name: str, case: str, asks: int, cost: Cost) -> None:
    from agents_plugins_test.vendors import open_server

    async with open_server(case.removesuffix("-stt")) as vendor:
        talk = await asyncio.create_subprocess_exec(
            python,
            HERE / "plugin_talks/talk.py",
            name,
            case,
            vendor.url,
            str(asks),
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(PATIENCE):
                said, _ = await talk.communicate()
        except TimeoutError:
            talk.kill()
            sys.exit(f"{name} was not done with {case} in {PATIENCE:.0f} s")
        if talk.returncode:
            sys.exit(f"{name} failed at {case}")
        found: dict[str, Any] = json.loads(said)
        # The first answer was the warm-up, and the last three are the long ones.
        own = vendor.delays[1 : 1 + asks]
    if not case.endswith("-stt"):
        cost.added += [1000 * (f - d) for f, d in zip(found["firsts"], own, strict=True)]
    cost.cpu.append(1000 * found["cpu"])
    cost.memory.append(found["memory"])


def _print_table(names: list[str], cases: list[str], costs: dict[tuple[str, str], Cost]) -> None:
    print(
        "| plugin | what | " + " | ".join(f"{name}: added ms, CPU ms, MB" for name in names) + " |"
    )
    print("|---|---|" + "---|" * len(names))
    for case in cases:
        cells = []
        for name in names:
            cost = costs[case, name]
            added = f"{median(cost.added):.2f} ({min(cost.added):.2f})" if cost.added else "-"
            cells.append(f"{added}, {median(cost.cpu):.0f}, {median(cost.memory):.0f}")
        print(f"| {case} | {CASES[case]} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    sys.exit(main())
