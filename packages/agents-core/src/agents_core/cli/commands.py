"""All commands in one table, and how a line of arguments becomes one of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agents_core.cli.command import FAILED, USAGE, Command, UsageError
from agents_core.cli.console import CONSOLE
from agents_core.cli.loading import check_entry, load_options
from agents_core.cli.logs import LEVELS, set_up_logging
from agents_core.cli.room import ROOM
from agents_core.cli.start import DEV, START
from agents_core.errors import AgentsError, MissingCredentialsError

if TYPE_CHECKING:
    from agents_core.worker.options import WorkerOptions

COMMANDS: tuple[Command, ...] = (START, DEV, CONSOLE, ROOM)
"""One more command is one more line here."""

_STATUSES = """\
exit status:
  0      ended as it was asked to
  1      could not go on: refused by the server, unable to reach it, or a port is taken
  2      called wrongly: arguments, the agent's file, or a variable that is missing
  128+n  signal n came a second time, and running jobs were ended without waiting for them
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """`agents-core`: an agent's file by argument; returns the exit status."""
    return _run(_parser("agents-core", with_agent=True), arguments, None)


def run_app(options: WorkerOptions, arguments: Sequence[str] | None = None) -> None:
    """`python agent.py start` and the like: the last line of an agent's own file.

    A job process imports that file once more, and there this does nothing: it may stand in the
    file without an ``if __name__ == "__main__"``.

    Raises:
        SystemExit: always in the command itself, with the exit status.
    """
    if not _in_job_process():
        sys.exit(_run(_parser(None, with_agent=False), arguments, options))


def _run(
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    options: WorkerOptions | None,
) -> int:
    given = parser.parse_args(arguments)
    command: Command = given.command
    set_up_logging(given.log_level or command.log_level)
    try:
        found = options if options is not None else load_options(given.agent)
        check_entry(found)
        return command.run(replace(found, ws_url=given.url or found.ws_url), given)
    except (UsageError, MissingCredentialsError) as error:
        return _complain(parser, error, USAGE)
    except AgentsError as error:
        return _complain(parser, error, FAILED)


def _in_job_process() -> bool:
    # So multiprocessing calls the file that it imports in place of the main one.
    return "__mp_main__" in sys.modules


def _complain(parser: argparse.ArgumentParser, error: Exception, status: int) -> int:
    sys.stderr.write(f"{parser.prog}: error: {error}\n")
    return status


def _parser(program: str | None, *, with_agent: bool) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="Run a voice agent.",
        epilog=_STATUSES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        _add(commands.add_parser(command.name, help=command.help), command, with_agent=with_agent)
    return parser


def _add(parser: argparse.ArgumentParser, command: Command, *, with_agent: bool) -> None:
    parser.set_defaults(command=command)
    if with_agent:
        parser.add_argument(
            "agent",
            metavar="AGENT.py[:NAME]",
            help="file of the agent; NAME is its WorkerOptions, or its entry point",
        )
    parser.add_argument("--url", default="", help="of the server, instead of LIVEKIT_URL")
    parser.add_argument("--log-level", choices=LEVELS, help=f"default: {command.log_level}")
    command.add_arguments(parser)
