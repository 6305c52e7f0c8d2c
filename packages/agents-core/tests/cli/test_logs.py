from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest

Command = Callable[..., "subprocess.Popen[str]"]
SPEAK = """
import logging
{before}
from agents_core.cli.logs import set_up_logging
set_up_logging("{level}")
logging.getLogger("agent").info("hello")
"""


def log(command: Command, *, level: str = "INFO", before: str = "") -> str:
    _, said = command("-c", SPEAK.format(level=level, before=before)).communicate(timeout=30)
    return said


def test_a_line_tells_when_how_bad_who_and_what(command: Command) -> None:
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:,]+ INFO    agent hello\n", log(command))


@pytest.mark.parametrize("level", ["WARNING", "ERROR"])
def test_what_is_below_the_level_is_not_told(command: Command, level: str) -> None:
    assert log(command, level=level) == ""


def test_an_agent_that_logs_in_its_own_way_goes_on_to_do_so(command: Command) -> None:
    own = 'logging.basicConfig(level="INFO", format="mine: %(message)s")'

    assert log(command, before=own) == "mine: hello\n"
