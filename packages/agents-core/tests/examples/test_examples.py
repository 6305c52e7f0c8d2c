"""Each example runs as its first lines say: on a console, and in a room with a caller."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import EXAMPLES, agents_core

from agents_core.audio import AudioFrame, WavReader
from agents_core.testing.room import room_is_possible
from agents_core.testing.tones import read

in_a_room = pytest.mark.skipif(room_is_possible() is not None, reason=room_is_possible() or "")

CONSOLE = {
    "hello.py": (
        "good day\nwho are you\n",
        """\
Hello, who is there?
> good day
A good day to you too.
> who are you
I am the one who says hello.
""",
    ),
    "tools.py": (
        "the weather in Ulm\nmy name is Ada\na human\nthank you",
        """\
> the weather in Ulm
  get_weather(city="Ulm")
  = It is sunny in Ulm.
It is sunny in Ulm.
> my name is Ada
  remember_name(name="Ada")
  = Nice to meet you, Ada.
Nice to meet you, Ada.
> a human
  call_human()
  Human takes over from Assistant
This is a human, dear Ada.
> thank you
thank you
""",
    ),
    "leaves_nothing.py": (
        "is anybody there\n",
        """\
> is anybody there
is anybody there
goodbye: the input has ended
""",
    ),
}


def test_every_example_is_here() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.suffix} == set(CONSOLE)
    assert max(len(path.read_text().splitlines()) for path in EXAMPLES.glob("*.py")) <= 60


@pytest.mark.parametrize("example", CONSOLE)
def test_an_example_talks_on_the_console(example: str, tmp_path: Path) -> None:
    lines, expected = CONSOLE[example]

    ran = agents_core("console", EXAMPLES / example, folder=tmp_path, lines=lines)

    assert (ran.status, ran.err) == (0, "")
    assert ran.out == expected


@in_a_room
@pytest.mark.parametrize("example", CONSOLE)
def test_an_example_is_heard_in_a_room(example: str, tmp_path: Path) -> None:
    ran = agents_core(
        "room",
        EXAMPLES / example,
        "--say",
        "good day",
        "--out",
        "a.wav",
        folder=tmp_path,
        lines=None,
    )

    assert ran.status == 0, ran.err
    assert "\nagent-" in ran.out
    heard = sound_of(tmp_path / "a.wav")
    assert read([heard]) != ()
    assert "ended with status 0" in ran.err
    assert "room disconnect: done" in ran.err
    assert "native dispose: done" in ran.err
    if example == "leaves_nothing.py":
        assert "goodbye: " in ran.out


def sound_of(path: Path) -> AudioFrame:
    reader = WavReader()
    samples = reader.push(path.read_bytes())
    assert reader.sample_rate == 48_000
    return AudioFrame(samples, 48_000)
