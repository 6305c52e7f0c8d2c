"""Time building beside `hatch build --all`, and uploading beside `uv publish`, in one run."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.claims import OURS, Verdict
from benchmarks.contestants.port import Command
from benchmarks.loopback import free_address, serving
from benchmarks.measure import Run, RunFailed, run
from benchmarks.publishers import Hatch, Ours, Uv, upload_seconds
from benchmarks.publishing_ground import copy_of_this, generate_publishable, hashes_of
from benchmarks.report import format_figures, format_table, format_verdicts
from benchmarks.series import Case, Kind, Series
from benchmarks.setup_peers import add_monorelease_option, add_peers_option, find_monorelease

UV, UV_CHECKED = "uv publish", "uv publish --check-url"
UPLOAD, WHOLE = "monorelease: its uploads, with waits", "monorelease publish: all of it"

BUILD_AT_LEAST = 4
"""How many times ours `hatch build --all` is claimed to cost."""
UPLOAD_AT_MOST = 1.5
"""How many times `uv publish` our uploads are claimed to take."""

Round = Callable[[], Run]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What is compared."""

    ours: Ours
    hatch: Hatch
    uv: Uv


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison that `arguments` ask for; 0 when no claim fails."""
    options = _parser().parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="monorelease-benchmark-") as folder:
            work = Path(folder).resolve()
            tools = _find(options, work)
            print(_conditions(tools, options.rounds), flush=True)
            size, builds = _time_builds(tools, work / "build", options.rounds)
            uploads = _time_uploads(tools, work / "publish", options.rounds)
    except FileNotFoundError as error:
        print(f"error: {error}\nhint: see benchmarks/README.md, Publishing", file=sys.stderr)
        return 1
    except RunFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    verdicts = tuple(_judge(builds, uploads))
    print(format_figures({Case(size, "build", tool): each for tool, each in builds.items()}))
    print(_format_uploads(uploads))
    print(format_verdicts(verdicts))
    return int(options.check and any(verdict.holds is False for verdict in verdicts))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    add_peers_option(parser)
    add_monorelease_option(parser)
    parser.add_argument("--hatch", type=Path, metavar="SCRIPT", help="default: hatch on PATH")
    parser.add_argument("--uv", type=Path, metavar="PROGRAM", help="default: the one beside hatch")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds (default: 5)")
    parser.add_argument("--check", action="store_true", help="exit 1 when a claim fails")
    return parser


def _find(options: argparse.Namespace, work: Path) -> Tools:
    found = options.hatch or shutil.which("hatch")
    if found is None:
        raise FileNotFoundError("no hatch on PATH")
    hatch = Path(found).absolute()
    uv = (options.uv or hatch.with_name("uv")).absolute()
    for program in (hatch, uv):
        if not program.exists():
            raise FileNotFoundError(f"there is no {program}")
    ours = find_monorelease(options.peers.resolve(), options.monorelease)
    return Tools(
        ours=Ours(script=ours.script, uv=uv),
        hatch=Hatch(script=hatch, data=work / "hatch"),
        uv=Uv(script=uv),
    )


def _conditions(tools: Tools, rounds: int) -> str:
    commands = (tool.version() for tool in (tools.ours, tools.hatch, tools.uv))
    versions = ", ".join(run(command, Path.cwd()).output.strip() for command in commands)
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    python = f"Python {platform.python_version()}"
    return f"{time.strftime('%Y-%m-%d')}: {versions}; {machine}, {python}; {rounds} rounds\n"


def _time_builds(tools: Tools, work: Path, rounds: int) -> tuple[int, Mapping[str, Series]]:
    """Both tools build all members of this repository; ours also looks into what it built."""
    root, out = work / "repository", work / "out"
    size = copy_of_this(root, tools.ours)

    def hatch() -> Run:
        return _into(out, root, tools.hatch.build(out), size)

    def ours() -> Run:
        return _into(out, root, tools.ours.build(root, out), size)

    return size, _take_turns({tools.hatch.name: hatch, OURS: ours}, rounds)


def _into(out: Path, root: Path, command: Command, size: int) -> Run:
    """Run it, and see that there are a wheel and a source distribution a member."""
    shutil.rmtree(out, ignore_errors=True)
    done = run(command, root)
    if len(hashes_of(out)) != 2 * size:
        raise RunFailed(f"{' '.join(command)}: {len(hashes_of(out))} files, not {2 * size}")
    return done


def _time_uploads(tools: Tools, work: Path, rounds: int) -> Mapping[str, Series]:
    """Every tool publishes the same files, each to a server that was just started."""
    work.mkdir()
    address = free_address()
    repository = generate_publishable(work, address, tools.ours)
    files = work / "files"
    run(tools.ours.build(repository.copy(), files), repository.root)
    wanted = hashes_of(files)
    paths = [files / name for name in sorted(wanted)]

    def publish(command: Command, root: Path) -> Run:
        server = work / "server"
        shutil.rmtree(server, ignore_errors=True)
        with serving(address, server) as packages:
            done = run(command, root)
        if hashes_of(packages) != wanted:
            raise RunFailed(f"{' '.join(command)}: not all files arrived as they were built")
        return done

    return _take_turns(
        {
            UV: lambda: publish(tools.uv.publish(paths, address, check=False), work),
            UV_CHECKED: lambda: publish(tools.uv.publish(paths, address, check=True), work),
            WHOLE: lambda: publish(tools.ours.publish(repository.copy()), repository.root),
        },
        rounds,
    )


def _take_turns(contestants: Mapping[str, Round], rounds: int) -> Mapping[str, Series]:
    """Everybody once untimed, then in turn, each round beginning with another one."""
    for attempt in contestants.values():
        attempt()
    runs: dict[str, list[Run]] = {name: [] for name in contestants}
    names = tuple(contestants)
    for number in range(rounds):
        start = number % len(names)
        for name in (*names[start:], *names[:start]):
            runs[name].append(contestants[name]())
    return {name: Series(runs=tuple(of_one)) for name, of_one in runs.items()}


def _uploads_of(uploads: Mapping[str, Series]) -> Mapping[str, Series]:
    """The series, and that of what our receipts say of the uploads alone."""
    alone = Series(
        runs=tuple(
            Run(cpu=0.0, wall=upload_seconds(each.output), output="", story="")
            for each in uploads[WHOLE].runs
        )
    )
    return {**uploads, UPLOAD: alone}


def _format_uploads(uploads: Mapping[str, Series]) -> str:
    every = _uploads_of(uploads)
    alone = every[UV].spread(Kind.WALL)
    rows = []
    for name in (UV, UV_CHECKED, UPLOAD, WHOLE):
        spread = every[name].spread(Kind.WALL)
        times = f"{spread.least * 1000:.0f} / {spread.usual * 1000:.0f}"
        rows.append((name, times, f"{spread.least / alone.least:.2f}"))
    return format_table(("what", "wall ms", f"x `{UV}`"), rows)


def _judge(builds: Mapping[str, Series], uploads: Mapping[str, Series]) -> Iterator[Verdict]:
    for kind in Kind:
        hatch, ours = (builds[name].spread(kind) for name in ("hatch", OURS))
        ratio, usual = hatch.least / ours.least, hatch.usual / ours.usual
        yield Verdict(
            claim=f"{kind} of `hatch build --all` is at least {BUILD_AT_LEAST} x that of building "
            "and comparing with the tree",
            measured=f"{ratio:.2f} x (medians: {usual:.2f} x)",
            holds=ratio >= BUILD_AT_LEAST,
        )
    every = _uploads_of(uploads)
    uv, ours = (every[name].spread(Kind.WALL) for name in (UV, UPLOAD))
    ratio, usual = ours.least / uv.least, ours.usual / uv.usual
    yield Verdict(
        claim=f"uploads, waits included, take at most {UPLOAD_AT_MOST} x the wall time of `{UV}`",
        measured=f"{ratio:.2f} x (medians: {usual:.2f} x)",
        holds=ratio <= UPLOAD_AT_MOST,
    )


if __name__ == "__main__":
    sys.exit(main())
