"""What the suites found: each plugin's capabilities, and how many sentences hold."""

# ruff: noqa: E501 - a paragraph of Markdown is one line

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from agents_core.testing.suite import Suite

_PORTS = frozenset({"STT", "TTS", "LLM", "VAD", "Realtime", "Avatar"})

_PAGE = """\
# The plugins

What each plugin can do, and how many sentences of the conformance suite of its port hold, told against a local server that speaks the vendor's protocol.
A sentence is skipped where it is about what the plugin does not support, or what its protocol has no room for.
This page is written by `hatch run plugins`, from what the tests found.

| plugin | port | class | supports | lacks | hold | skipped |
|---|---|---|---|---|---|---|
{rows}

`agents-plugin-livekit` has a turn detector, and the core no suite for that: its tests are its own.
How a plugin is written, and what the suites ask of it: [agents/plugins.md](agents/plugins.md).
"""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Subject:
    """One suite of a plugin."""

    plugin: str
    port: str
    """``STT``, ``TTS`` and so on."""
    name: str
    """What is under test, as its test class calls it."""
    supports: tuple[str, ...]
    lacks: tuple[str, ...]


def is_of_plugin(path: PurePath) -> bool:
    """Whether a test file belongs to a plugin, and not to the core or somebody else."""
    return _folder(path).startswith("agents-plugin-")


def subject_of(suite: type[Suite[Any]], path: PurePath) -> Subject:
    """What a suite in the file at `path` is about.

    The plugin is the folder that has ``tests`` in it; the port is that of the suite of the core
    from which `suite` is derived.
    """
    [port] = {each.__name__.removesuffix("Suite") for each in suite.__mro__ if _is_port(each)}
    flags = {name: getattr(suite, name) for name in dir(suite) if not name.startswith("_")}
    switches = {name: on for name, on in flags.items() if isinstance(on, bool)}
    return Subject(
        plugin=_folder(path),
        port=port,
        name=suite.__name__.removeprefix("Test"),
        supports=tuple(name for name, on in sorted(switches.items()) if on),
        lacks=tuple(name for name, on in sorted(switches.items()) if not on),
    )


def as_record(subject: Subject) -> dict[str, Any]:
    """A value that JSON, and pytest-xdist, can carry."""
    return asdict(subject)


def from_record(record: Mapping[str, Any]) -> Subject:
    """The subject of which `as_record` made this."""
    lists = {"supports": tuple(record["supports"]), "lacks": tuple(record["lacks"])}
    return Subject(**{**record, **lists})


def format_page(found: Iterable[tuple[Subject, str]]) -> str:
    """The page about all plugins.

    Args:
        found: for each sentence, whose it is and how it went: as pytest calls it.
    """
    rows = []
    for subject, sentences in itertools.groupby(sorted(found), key=lambda each: each[0]):
        count = Counter(outcome for _, outcome in sentences)
        cells = (
            f"[{subject.plugin}](../packages/{subject.plugin}/README.md)",
            f"`{subject.port}`",
            f"`{subject.name}`",
            ", ".join(subject.supports),
            ", ".join(subject.lacks),
            str(count["passed"]),
            str(count["skipped"]),
        )
        rows.append("| " + " | ".join(cells) + " |")
    return _PAGE.format(rows="\n".join(rows))


def _folder(path: PurePath) -> str:
    parts = path.parts
    return parts[parts.index("tests") - 1] if "tests" in parts else ""


def _is_port(kind: type) -> bool:
    port, suite, _ = kind.__name__.partition("Suite")
    return kind.__module__.startswith("agents_core.testing.") and bool(suite) and port in _PORTS
