"""The roof: arguments in, exit status out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

    from monorelease.cli.console import Console
    from monorelease.cli.parser import Run
    from monorelease.cli.wiring import Surroundings
    from monorelease.errors import ProblemsFound

DONE, PROBLEM, USAGE, FINDINGS, BUG = 0, 1, 2, 3, 70
"""Exit statuses; `BUG` is sysexits' EX_SOFTWARE."""


def program() -> int:
    """`main` as a process of its own: all that it makes goes with it, so none is looked through."""
    import gc

    from monorelease.cli.wiring import heed_signals

    gc.disable()
    heed_signals()
    try:
        return main()
    finally:
        gc.freeze()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the only place where a problem becomes an exit status."""
    from monorelease.cli.parser import parse
    from monorelease.cli.wiring import look_around, prepare_streams
    from monorelease.errors import ReleaseError, UsageProblem

    prepare_streams()
    words = sys.argv[1:] if argv is None else list(argv)
    args, run = parse(words)
    around = look_around(args.cwd)
    try:
        return _attempt(run, args, around)
    except UsageProblem as problem:
        around.console.tell_problem(problem)
        return USAGE
    except ReleaseError as problem:
        around.console.tell_problem(problem)
        return PROBLEM
    except KeyboardInterrupt:
        around.console.tell("interrupted; nothing is half done: the next command cleans up")
        return 128 + 2
    except BrokenPipeError:
        around.console.abandon_stdout()
        return PROBLEM
    except Exception:  # noqa: BLE001 - the last one: what gets here is a bug, and says so
        around.console.tell_bug(words)
        return BUG


def _attempt(run: Run, args: Namespace, around: Surroundings) -> int:
    from monorelease.errors import ProblemsFound

    try:
        return run(args, around)
    except ProblemsFound as problem:
        _report(problem, args, around.console)
        return FINDINGS


def _report(problem: ProblemsFound, args: Namespace, console: Console) -> None:
    """Show what stopped the command, in the form that was asked for."""
    if getattr(args, "json", False):
        from monorelease.reports.json import findings_value

        console.show_json(findings_value(problem.findings))
    else:
        console.tell_findings(problem.findings)
