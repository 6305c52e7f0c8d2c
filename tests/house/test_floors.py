"""The houses stand as they are drawn: floors, signs on doors, sizes, a test for every room."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]

LARGE_ENOUGH = 250
"""Lines above which a room probably has two reasons to change."""

NO_NAMES = frozenset({"common", "handler", "helper", "helpers", "manager", "misc", "util", "utils"})
"""What is called so is two things."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A package, and the folder of its tests, which mirror its rooms."""

    source: Path
    tests: Path
    unmirrored: frozenset[str] = frozenset()
    """Floors whose rooms are tested wherever they are used."""
    larger: Mapping[str, str] = field(default_factory=dict)
    """Rooms above `LARGE_ENOUGH`, and why they are one room all the same."""
    tested_through: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Rooms, or folders of them, without test files of their own: where they are tested, and why
    there."""

    @property
    def rooms(self) -> list[PurePosixPath]:
        """Every module, relative to the package."""
        paths = sorted(self.source.rglob("*.py"))
        return [PurePosixPath(path.relative_to(self.source).as_posix()) for path in paths]


HOUSES = {
    "monorelease": House(
        source=ROOT / "tools/monorelease/src/monorelease",
        tests=ROOT / "tests/monorelease",
        unmirrored=frozenset({"cli", "errors.py", "model"}),
        tested_through={
            **dict.fromkeys(
                (
                    "formats/changelog_keys.py",
                    "formats/config_keys.py",
                    "formats/forge_keys.py",
                    "formats/index_keys.py",
                ),
                ("formats/test_config.py", "keys are read as a configuration"),
            ),
            "formats/kinds.py": ("formats/test_config.py", "kinds judge a configuration's values"),
            "formats/spellings.py": ("formats/test_config.py", "rules judge its values"),
            "formats/tables.py": ("formats/test_config.py", "a configuration is made of tables"),
            "formats/places.py": ("formats/test_config.py", "places collect what is wrong there"),
            "formats/fragment_codes.py": ("formats/test_fragments.py", "every code is met there"),
            "formats/plain_pairs.py": ("formats/test_front_matter.py", "pairs are what it reads"),
            "formats/yaml_pairs.py": ("formats/test_front_matter.py", "pairs are what it reads"),
            "workflows": ("../scenarios/test_scenarios.py", "a workflow is a run of the whole"),
        },
    ),
    "agents_core": House(
        source=ROOT / "packages/agents-core/src/agents_core",
        tests=ROOT / "packages/agents-core/tests",
        tested_through={
            "adapters/candidates.py": (
                "adapters/test_llm.py",
                "every adapter has them, and nothing else there",
            ),
            **dict.fromkeys(
                (
                    "adapters/lines.py",
                    "adapters/stt_fallback.py",
                    "adapters/stt_stream.py",
                ),
                ("adapters/test_stt.py", "what flows is what the next one hears"),
            ),
            **dict.fromkeys(
                (
                    "adapters/tts_fallback.py",
                    "adapters/tts_stream.py",
                ),
                ("adapters/test_tts.py", "what flows is what is said"),
            ),
            "agent/components.py": ("session/test_choosing.py", "parts are chosen from there"),
            "chat/formats/turns.py": ("chat/formats/test_openai.py", "turns are what it writes"),
            **dict.fromkeys(
                (
                    "chat/items.py",
                    "chat/records.py",
                ),
                ("chat/test_context.py", "a conversation is made of them, and recorded whole"),
            ),
            "cli/command.py": ("cli/test_commands.py", "a command is met where it is run"),
            "http/shared_line.py": ("http/test_shared.py", "a line is met by those who share it"),
            **dict.fromkeys(
                (
                    "llm/answering.py",
                    "llm/chunks.py",
                    "llm/request.py",
                    "llm/stream.py",
                ),
                ("llm/test_port.py", "a port asks, answers and measures with them"),
            ),
            **dict.fromkeys(
                (
                    "stt/events.py",
                    "stt/hearing.py",
                    "stt/stream.py",
                ),
                ("stt/test_port.py", "a port asks, answers and measures with them"),
            ),
            **dict.fromkeys(
                (
                    "tts/parts.py",
                    "tts/script.py",
                    "tts/speaking.py",
                    "tts/speech.py",
                    "tts/stream.py",
                ),
                ("tts/test_port.py", "a port asks, answers and measures with them"),
            ),
            **dict.fromkeys(
                (
                    "session/acting.py",
                    "session/early.py",
                    "session/events.py",
                    "session/floor.py",
                    "session/hearing.py",
                    "session/playback.py",
                    "session/shift.py",
                    "session/user_turn.py",
                ),
                ("session/test_voice.py", "each is a part of every turn by voice"),
            ),
            **dict.fromkeys(
                (
                    "session/conversation.py",
                    "session/inference.py",
                    "session/reply.py",
                    "session/run_result.py",
                    "session/session.py",
                    "session/tool_calls.py",
                ),
                ("session/test_text.py", "each is a part of every reply"),
            ),
            "session/life.py": ("session/test_closing.py", "a life is met where it ends"),
            **dict.fromkeys(
                (
                    "session/room_listening.py",
                    "session/room_sound.py",
                    "session/room_text.py",
                ),
                ("session/test_room_io.py", "a part of a room is met in a room"),
            ),
            "session/room_options.py": (
                "session/test_options.py",
                "what cannot be is refused there",
            ),
            **dict.fromkeys(
                (
                    "streams/reading.py",
                    "streams/run.py",
                ),
                ("streams/test_stream.py", "a run is seen through its stream"),
            ),
            "testing/broken": (
                "testing/test_broken.py",
                "a defect is one that its sentences catch",
            ),
            "testing/census.py": ("testing/test_leaks.py", "a leak is what two of them differ in"),
            "testing/fakes": ("testing/test_fakes.py", "a fake is met as the port that it is"),
            **dict.fromkeys(
                (
                    "testing/avatar.py",
                    "testing/conversing.py",
                    "testing/demands.py",
                    "testing/dialogue.py",
                    "testing/failing.py",
                    "testing/feeding.py",
                    "testing/llm.py",
                    "testing/provider.py",
                    "testing/realtime.py",
                    "testing/realtime_failing.py",
                    "testing/roads.py",
                    "testing/stage.py",
                    "testing/stt.py",
                    "testing/stt_listening.py",
                    "testing/stt_times.py",
                    "testing/timing.py",
                    "testing/trying.py",
                    "testing/tts.py",
                    "testing/tts_speaking.py",
                    "testing/vad.py",
                    "testing/vendor.py",
                    "testing/watching.py",
                ),
                ("testing/test_broken.py", "a suite is judged by what it catches"),
            ),
            **dict.fromkeys(
                (
                    "tokenize/basic.py",
                    "tokenize/endings.py",
                    "tokenize/port.py",
                ),
                ("tokenize/test_sentences.py", "a tokenizer is judged by its sentences"),
            ),
            **dict.fromkeys(
                (
                    "tools/context.py",
                    "tools/running.py",
                    "tools/telling.py",
                ),
                ("tools/test_calling.py", "a call is all that uses them"),
            ),
            "turns": ("test_turns.py", "its rooms are the parts of one machine"),
            **dict.fromkeys(
                (
                    "worker/effects.py",
                    "worker/messages.py",
                ),
                ("worker/test_protocol.py", "its decisions are made of them"),
            ),
            "worker/shift.py": ("worker/test_worker.py", "a shift is a worker's whole run"),
        },
    ),
}

_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")


PORTS = frozenset({"avatar", "llm", "realtime", "stt", "stt_v2", "tts", "turn_detector", "vad"})
"""Rooms of plugins that stand for something in a session."""


def _plugin(folder: Path) -> House:
    """Its ports have tests of their own; what is behind them is tested through them."""
    source = folder / "src" / folder.name.replace("-", "_")
    inside = {path.name for path in source.iterdir() if path.stem not in PORTS}
    return House(source=source, tests=folder / "tests", unmirrored=frozenset(inside))


HOUSES |= {
    folder.name.replace("-", "_"): _plugin(folder)
    for folder in sorted((ROOT / "packages").glob("agents-plugin-*"))
}
HOUSES["agents_plugins_test"] = House(
    source=ROOT / "packages/agents-plugins-test/src/agents_plugins_test",
    tests=ROOT / "packages/agents-plugins-test/tests",
    tested_through={
        **dict.fromkeys(
            ("answers.py", "faults.py"), ("test_local.py", "a vendor answers and fails with them")
        ),
        "tidy.py": ("test_broken.py", "what is broken is made of it"),
        "pytest_plugin.py": ("test_conformance.py", "it writes the page"),
        "network": (
            "test_network.py",
            "what is told to real vendors is tried on ones that are not",
        ),
        "vendors": ("test_serving.py", "plugins talk to each of them in tests of their own"),
        **dict.fromkeys(
            ("avatars.py", "avatar_suite.py", "avatar_vendor.py", "conversations.py"),
            ("../../agents-plugin-bey/tests/test_avatar.py", "four plugins talk to them"),
        ),
        "parley.py": (
            "../../agents-plugin-openai/tests/test_realtime_session.py",
            "sessions listen and speak with it",
        ),
    },
)

every_house = pytest.mark.parametrize("house", HOUSES.values(), ids=HOUSES)


def test_imports_go_down_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run(
        [lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )

    assert ran.returncode == 0, ran.stdout


@every_house
def test_a_room_has_a_sign_on_its_door(house: House) -> None:
    """The docstring comes first, and its first paragraph is one sentence."""
    signs = {str(room): _sign(house.source / room) for room in house.rooms}

    assert {room: sign for room, sign in signs.items() if not _is_sentence(sign)} == {}


@every_house
def test_a_room_is_no_hall(house: House) -> None:
    sizes = {
        str(room): len((house.source / room).read_text("utf-8").splitlines())
        for room in house.rooms
    }

    assert {room: size for room, size in sizes.items() if size > LARGE_ENOUGH} == {
        room: sizes[room] for room in house.larger
    }


@every_house
def test_a_room_has_a_name_that_says_something(house: House) -> None:
    assert {name for room in house.rooms for name in room.with_suffix("").parts} & NO_NAMES == set()


@every_house
def test_a_room_has_a_test_of_its_own_or_says_where_it_is_tested(house: House) -> None:
    mirrored = [
        room
        for room in house.rooms
        if room.name not in {"__init__.py", "__main__.py"} and room.parts[0] not in house.unmirrored
    ]
    have_one = {room for room in mirrored if _mirror(house, room).exists()}
    nowhere = [
        room for room in mirrored if room not in have_one and not _tested_through(house, room)
    ]

    assert nowhere == []
    assert {room for room in have_one if str(room) in house.tested_through} == set()


@every_house
def test_every_exception_is_about_a_room_that_is_there(house: House) -> None:
    named = {*house.larger, *house.tested_through, *house.unmirrored}
    places = {place for place, _ in house.tested_through.values()}

    assert {name for name in named if not (house.source / name).exists()} == set()
    assert {place for place in places if not (house.tests / place).exists()} == set()


def test_only_verify_makes_what_is_published() -> None:
    house = HOUSES["monorelease"]
    makers = {
        str(room)
        for room in house.rooms
        if "VerifiedBuild(" in (house.source / room).read_text("utf-8")
    }

    assert makers == {"workflows/verify.py"}


def _sign(path: Path) -> str:
    match ast.parse(path.read_text("utf-8")).body:
        case [ast.Expr(value=ast.Constant(value=str(docstring))), *_]:
            return docstring.split("\n\n")[0]
        case _:
            return ""


def _is_sentence(sign: str) -> bool:
    return len(_SENTENCE_END.findall(sign)) == 1 and sign.rstrip()[-1] in ".!?"


def _mirror(house: House, room: PurePosixPath) -> Path:
    return house.tests / room.with_name(f"test_{room.name}")


def _tested_through(house: House, room: PurePosixPath) -> bool:
    return not {str(room), *map(str, room.parents)}.isdisjoint(house.tested_through)
