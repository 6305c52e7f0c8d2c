"""Time monorelease beside its peers on the same repositories, and judge what is claimed of it."""

from __future__ import annotations

import argparse
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.agreement import Disagreement
from benchmarks.claims import OURS, judge
from benchmarks.contestants.port import Contestant
from benchmarks.growth import FIXED_SIZE, LEAST_SIZE
from benchmarks.measure import RunFailed, run
from benchmarks.report import format_figures, format_growth, format_verdicts
from benchmarks.series import Case, Series, prepare, time_rounds
from benchmarks.setup_peers import (
    add_monorelease_option,
    add_peers_option,
    find_monorelease,
    find_peer,
)

TOOLS = (OURS, "changesets", "molt")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison that `arguments` ask for; 0 when nothing that was measured fails."""
    options = _parser().parse_args(arguments)
    try:
        contestants = tuple(_contestants(options))
        print(_conditions(contestants, options), flush=True)
        results = _compare(contestants, options)
    except FileNotFoundError as error:
        print(
            f"error: {error}\nhint: benchmarks/setup_peers.py installs the peers", file=sys.stderr
        )
        return 1
    except (Disagreement, RunFailed) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    verdicts = judge(results)
    print(format_figures(results))
    print(format_growth(results))
    print(format_verdicts(verdicts))
    return int(options.check and any(verdict.holds is False for verdict in verdicts))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    add_peers_option(parser)
    add_monorelease_option(parser)
    parser.add_argument("--sizes", type=_numbers, default=(19, 100), help="default: 19,100")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds a size (default: 5)")
    parser.add_argument("--seed", type=int, default=1, help="of the generated repositories")
    parser.add_argument("--tools", nargs="+", choices=TOOLS, default=TOOLS, help="default: all")
    parser.add_argument("--check", action="store_true", help="exit 1 when a claim fails")
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted({int(part) for part in text.split(",")}))


def _contestants(options: argparse.Namespace) -> Iterator[Contestant]:
    peers = options.peers.resolve()
    for name in options.tools:
        if name == OURS:
            yield find_monorelease(peers, options.monorelease)
        else:
            yield find_peer(peers, name)


def _conditions(contestants: Sequence[Contestant], options: argparse.Namespace) -> str:
    versions = (f"{contestant.name} {_version(contestant)}" for contestant in contestants)
    python = platform.python_version()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {python}"
    rounds = f"{options.rounds} rounds, seed {options.seed}"
    return f"{time.strftime('%Y-%m-%d')}: {', '.join(versions)}; {machine}; {rounds}\n"


def _version(contestant: Contestant) -> str:
    output = run(contestant.version_command(), Path.cwd()).output
    found = re.search(r"\d+\.\d+\S*", output)
    return found.group() if found else "?"


def _compare(contestants: Sequence[Contestant], options: argparse.Namespace) -> dict[Case, Series]:
    results: dict[Case, Series] = {}
    sizes = {*options.sizes}
    if max(sizes) >= LEAST_SIZE:
        sizes.add(FIXED_SIZE)
    for size in sorted(sizes):
        with tempfile.TemporaryDirectory(prefix="monorelease-benchmark-") as folder:
            arena = prepare(contestants, size, seed=options.seed, work=Path(folder).resolve())
            print(
                f"size {size}, fragments {len(arena.repository.fragments)}: every tool plans the "
                f"same {len(arena.plan)} releases, and writes what it plans",
                flush=True,
            )
            results |= time_rounds(arena, options.rounds)
    print()
    return results


if __name__ == "__main__":
    sys.exit(main())
