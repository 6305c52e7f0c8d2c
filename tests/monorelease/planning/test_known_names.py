from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from itertools import count
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monorelease.model.module_facts import OPAQUE, ClassFacts, Imported, ModuleFacts
from monorelease.planning.known_names import (
    belongs_to,
    first_missing,
    has_name,
    missing_names,
)


def a_class(*names: str, bases: tuple[str, ...] = (), is_open: bool = False) -> ClassFacts:
    return ClassFacts(names=frozenset(names), bases=bases, is_open=is_open)


def module(*names: str, **bindings: ClassFacts | Imported) -> ModuleFacts:
    return ModuleFacts(bindings={**dict.fromkeys(names, OPAQUE), **bindings})


def imported(target: str) -> Imported:
    return Imported(target=target)


PACKAGE = {
    "core": ModuleFacts(
        bindings={
            "Event": imported("core.events.Event"),
            "json": imported("json"),
            "hidden": imported("core.other.hidden"),
            "again": imported("core.again"),
            "itself": imported("core"),
            "lost": imported("core.events.nowhere"),
        },
        stars=("core.listed", "core.unlisted"),
    ),
    "core.events": module(
        "connect",
        Event=a_class("kind", "Inner", bases=("Base",)),
        Base=a_class("time", bases=("object",)),
        Mark=a_class("RED", bases=("enum.Enum",)),
        Colour=a_class("BLUE", bases=("StrEnum",)),
        StrEnum=imported("enum.StrEnum"),
        enum=imported("enum"),
        Error=a_class(bases=("ValueError",)),
        Foreign=a_class(bases=("elsewhere.Thing",)),
        elsewhere=imported("elsewhere"),
        Open=a_class(is_open=True),
        Loop=a_class(bases=("Loop",)),
    ),
    "core.listed": ModuleFacts(
        bindings={"_shown": OPAQUE, "unshown": OPAQUE}, exports=frozenset({"_shown", "gone"})
    ),
    "core.unlisted": module("seen", "_unseen"),
    "core.lazy": ModuleFacts(bindings={"known": OPAQUE}, is_open=True),
    "core.compiled": None,
    "core.hidden": module("inside"),
    "core.around": ModuleFacts(bindings={}, stars=("core.around", "numpy")),
    "space.part": module("x"),
}

THERE = (
    "core",
    "core.Event",
    "core.Event.kind",
    "core.Event.time",
    "core.json",
    "core.events",
    "core.events.connect",
    "core._shown",
    "core.seen",
    "core.lazy.known",
    "core.hidden.inside",
    "core.lost",
    "core.events.Mark.RED",
    "core.events.Colour.BLUE",
    "core.itself.Event",
    "space",
    "space.part.x",
    "core.events.__file__",
)

NOT_THERE = (
    "core.nothing",
    "core.Event.nothing",
    "core.events.Mark.GREEN",
    "core.events.Colour.GREEN",
    "core.unshown",
    "core._unseen",
    "core.gone",
    "core.nowhere.x",
    "space.other",
    "nobody",
)

UNKNOWN = (
    "core.json.loads",
    "core.lazy.anything",
    "core.compiled.anything",
    "core.events.connect.x",
    "core.Event.kind.x",
    "core.Event.Inner.x",
    "core.events.Error.args",
    "core.events.Foreign.x",
    "core.events.Open.x",
    "core.events.Loop.x",
    "core.hidden.outside",
    "core.again.x",
    "core.lost.x",
    "core.around.x",
)


@pytest.mark.parametrize("name", THERE)
def test_a_name_is_found_through_imports_stars_and_bases(name: str) -> None:
    assert has_name(PACKAGE, name) is True


@pytest.mark.parametrize("name", NOT_THERE)
def test_a_name_is_missing_where_nothing_can_bring_it(name: str) -> None:
    assert has_name(PACKAGE, name) is False


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_name_is_unknown_where_texts_do_not_tell(name: str) -> None:
    assert has_name(PACKAGE, name) is None


def test_a_module_whose_name_means_itself_is_looked_into() -> None:
    package = {"core": module(part=imported("core.part")), "core.part": module("x")}

    assert has_name(package, "core.part.x") is True
    assert has_name(package, "core.part.y") is False


def test_a_name_that_is_passed_on_without_end_is_unknown() -> None:
    chain = {f"core.m{n}": ModuleFacts(bindings={}, stars=(f"core.m{n + 1}",)) for n in range(3000)}
    package = {"core": module(), **chain, "core.m3000": module()}

    assert has_name(package, "core.m0.x") is None


def test_only_what_is_surely_missing_counts() -> None:
    names = [*THERE, *NOT_THERE, *UNKNOWN]

    assert missing_names(PACKAGE, names) == frozenset(NOT_THERE)


def test_a_missing_name_is_cut_where_it_begins_to_be_missing() -> None:
    assert first_missing(PACKAGE, "core.nowhere.x.y") == "core.nowhere"
    assert first_missing(PACKAGE, "core.Event.nothing") == "core.Event.nothing"


def test_a_name_belongs_where_its_package_is() -> None:
    assert belongs_to("core.anything.at.all", PACKAGE)
    assert belongs_to("space.part.x", PACKAGE)
    assert not belongs_to("space", PACKAGE)
    assert not belongs_to("corex", PACKAGE)


# ── the oracle: Python itself, on packages that are written for it ───────────────────────

_LINES = st.sampled_from(
    [
        "x = 1",
        "def f(): ...",
        "class C:\n    a = 1",
        "class D:\n    class E:\n        b = 1",
        "from {p}.one import *",
        "from {p}.two import *",
        "from {p} import one",
        "import {p}.two as x",
        "from {p}.two import C",
        "from {p}.one import f as C",
        "__all__ = ['x', '_y']",
        "_y = 1",
        "class D(C):\n    c = 1",
        "if True:\n    x = 2\nelse:\n    z = 1",
        "try:\n    from {p}.one import q\nexcept ImportError:\n    q = 1",
    ]
)
_NAMES = st.lists(
    st.sampled_from(["one", "two", "x", "f", "C", "D", "E", "a", "b", "c", "z", "q", "_y"]),
    min_size=1,
    max_size=3,
)
_numbers = count()


def _python_has(name: str) -> bool:
    """What happens to `import` and attributes, once every module was imported."""
    first, *rest = name.split(".")
    thing: object = importlib.import_module(first)
    for part in rest:
        if not hasattr(thing, part):
            return False
        thing = getattr(thing, part)
    return True


@pytest.mark.property
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.fixed_dictionaries(
        {name: st.lists(_LINES, max_size=5) for name in ("__init__", "one", "two")}
    ),
    wanted=st.lists(_NAMES, min_size=1, max_size=8),
)
def test_what_is_told_is_what_python_finds(
    texts: Mapping[str, list[str]],
    wanted: list[list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the package can be imported at all; a loop of imports may leave names out."""
    from monorelease.formats.module_facts import read_module
    from monorelease.model.source import Source

    package = f"toy{next(_numbers)}"
    (tmp_path / package).mkdir()
    facts = {}
    for stem, lines in texts.items():
        data = "\n".join(lines).replace("{p}", package).encode()
        (tmp_path / package / f"{stem}.py").write_bytes(data)
        name = package if stem == "__init__" else f"{package}.{stem}"
        facts[name] = read_module(
            Source(name=name, path=PurePosixPath(package, f"{stem}.py"), data=data)
        )
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        for stem in ("one", "two"):
            importlib.import_module(f"{package}.{stem}")
        for parts in wanted:
            name = ".".join([package, *parts])
            told = has_name(facts, name)
            if told is False:
                assert not _python_has(name), (name, texts)
    except (ImportError, NameError, AttributeError):
        return
    finally:
        for name in [each for each in sys.modules if each.partition(".")[0] == package]:
            del sys.modules[name]
