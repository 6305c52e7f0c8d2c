from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from monorelease.adapters.pager import show_paged
from sandbox import surroundings

TEXT = "words \x1b[1mbold\x1b[0m é\n" * 20_000


def pager(script: str) -> dict[str, str]:
    """The environment of somebody whose pager runs this."""
    return surroundings(PAGER=shlex.join([sys.executable, "-c", script]))


def test_the_pager_gets_all_of_the_text(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    script = f"import sys; open({str(seen)!r}, 'wb').write(sys.stdin.buffer.read())"

    assert show_paged(TEXT, pager(script))
    assert seen.read_bytes() == TEXT.encode()


def test_less_is_told_to_leave_colours_alone_unless_somebody_knows_better(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    script = f"import os; open({str(seen)!r}, 'a').write(os.environ['LESS'] + ' ')"

    show_paged("", pager(script))
    show_paged("", pager(script) | {"LESS": "-S"})

    assert seen.read_text("utf-8") == "FRX -S "


def test_who_quits_early_has_seen_enough() -> None:
    assert show_paged(TEXT, pager("import os; os.read(0, 10)"))


@pytest.mark.parametrize(
    "command",
    ["no-such-pager-here", "'a quote without its end", "   "],
    ids=["gone", "odd", "none"],
)
def test_without_a_pager_somebody_else_has_to_show_it(command: str) -> None:
    environment = surroundings(PAGER=command, PATH=os.devnull)

    assert not show_paged("words", environment)


def test_a_pager_that_fails_has_shown_nothing() -> None:
    assert not show_paged("words", pager("raise SystemExit(2)"))
