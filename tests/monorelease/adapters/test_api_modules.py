from __future__ import annotations

import pytest

from modules import sources
from monorelease.adapters.api import find_breakages
from monorelease.adapters.api_modules import TooDeep, load

ENDLESS = "x = 1\nif x: pass\n" + "elif x: pass\n" * 2000


def test_packages_and_the_folders_around_them_hold_their_modules() -> None:
    modules = load(sources(core="", core__a="x = 1", space__other__b="y = 1"), blank=())

    assert {"core", "space"} == modules.members.keys()
    assert modules["core.a.x"].path == "core.a.x"
    assert modules["space.other.b.y"].filepath.as_posix() == "src/space/other/b.py"


def test_what_is_blank_is_there_and_empty() -> None:
    modules = load(sources(core="", core__a="x = 1"), blank={"core.a"})

    assert modules["core.a"].members == {}


def test_a_module_without_end_is_named() -> None:
    with pytest.raises(TooDeep) as caught:
        load(sources(core="", core__a=ENDLESS), blank=())

    assert caught.value.module == "core.a"


@pytest.mark.parametrize("texts", [(ENDLESS, ""), ("y = 1", ENDLESS)], ids=["then", "now"])
def test_a_module_without_end_hides_no_other(texts: tuple[str, str]) -> None:
    """Of itself nothing is known, and so nothing is gone from it."""
    old = sources(core="def f(): ...", core__a=texts[0])

    found = find_breakages(old, sources(core="", core__a=texts[1]))

    assert [each.name for each in found] == ["core.f"]
