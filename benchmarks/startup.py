"""Where the start of `monorelease status --json` goes: what it imports, and what that costs."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import ground
from benchmarks.contestants.port import Command
from benchmarks.generator import generate
from benchmarks.measure import run
from benchmarks.setup_peers import add_monorelease_option, add_peers_option, find_monorelease

UNWANTED = ("git", "jinja2", "rich", "towncrier")
"""What `status --json` can do without, and each of which costs more than all of its own work."""

_SIZE = 19
_ROUNDS = 15
_TOP = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One line of `-X importtime`; microseconds."""

    module: str
    alone: int
    together: int
    """With everything that it was the first to import."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the breakdown; 1 when an unwanted module is imported."""
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="monorelease-benchmark-") as folder:
        root = Path(folder).resolve() / "repository"
        tool = find_monorelease(options.peers.resolve(), options.monorelease)
        ground.lay(tool.lay_out(generate(_SIZE, seed=1)), root)
        status = tool.status_command(root)
        python = str(tool.script.parent / "python")
        bare = _least_cpu((python, "-c", "pass"), root)
        total = _least_cpu(status, root)
        imports = _least_imports((python, "-X", "importtime", *status), root)
    print(
        f"`status --json` at {_SIZE} members: {total:.1f} ms of CPU; a bare Python: {bare:.1f} ms"
    )
    together = sum(module.alone for module in imports) / 1000
    print(f"its {len(imports)} imports: {together:.1f} ms, with what measuring them costs\n")
    print(_format_top(imports))
    unwanted = sorted({i.module for i in imports if i.module.partition(".")[0] in UNWANTED})
    print(f"{', '.join(UNWANTED)}: {', '.join(unwanted) if unwanted else 'none is imported'}")
    return int(bool(unwanted))


def parse_imports(story: str) -> Iterator[Import]:
    """The modules in what `-X importtime` writes to stderr.

    >>> list(parse_imports("import time:   12 |    34 |   json"))
    [Import(module='json', alone=12, together=34)]
    """
    for line in story.splitlines():
        alone, _, rest = line.removeprefix("import time:").partition("|")
        together, _, module = rest.partition("|")
        if alone.strip().isdigit():
            yield Import(module=module.strip(), alone=int(alone), together=int(together))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    add_peers_option(parser)
    add_monorelease_option(parser)
    return parser


def _least_cpu(command: Command, root: Path) -> float:
    return min(run(command, root).cpu for _ in range(_ROUNDS)) * 1000


def _least_imports(command: Command, root: Path) -> Sequence[Import]:
    """The imports of the round in which they took the least."""
    rounds = [tuple(parse_imports(run(command, root).story)) for _ in range(_ROUNDS)]
    return min(rounds, key=lambda imports: sum(module.alone for module in imports))


def _format_top(imports: Sequence[Import]) -> str:
    top = sorted(imports, key=lambda module: -module.alone)[:_TOP]
    lines = (f"| {i.module} | {i.alone / 1000:.1f} | {i.together / 1000:.1f} |" for i in top)
    return "\n".join(("| module | alone, ms | together, ms |", "| --- | --- | --- |", *lines, ""))


if __name__ == "__main__":
    sys.exit(main())
