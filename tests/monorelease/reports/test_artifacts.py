from __future__ import annotations

from textwrap import dedent

from monorelease.reports.artifacts import build_text, files_text, verdict_text
from monorelease.reports.terminal import COLOURS
from publications import build_of, built, sdist, wheel

CORE = built("core", wheel("core"), sdist("core"))
PLUGIN = built("plugin-x", wheel("plugin-x", 9_000))


def golden(text: str) -> str:
    return dedent(text).lstrip("\n")


def test_a_build_is_a_table_of_who_what_and_from_where() -> None:
    assert build_text(build_of(CORE, PLUGIN), "dist") == golden(
        """
        2 packages built

          core      1.0.44  wheel 81 kB, sdist 70 kB  from 4f2a9c1
          plugin-x  1.0.44  wheel 9.0 kB              from 4f2a9c1

        3 files, 160 kB in dist
        """
    )


def test_wheels_for_many_platforms_are_counted() -> None:
    wheels = [wheel("core", 1_000_000, tags=tags) for tags in ("cp311", "cp312", "cp313")]

    assert files_text([*wheels, sdist("core")]) == "3 wheels 3.0 MB, sdist 70 kB"


def test_colours_mark_the_head_of_a_build_and_move_nothing() -> None:
    coloured = build_text(build_of(CORE), "dist", COLOURS)

    assert coloured.startswith("\x1b[1m1 package built\x1b[0m\n")
    assert coloured.replace("\x1b[1m", "").replace("\x1b[0m", "") == build_text(
        build_of(CORE), "dist"
    )


def test_a_hostile_folder_is_harmless() -> None:
    assert build_text(build_of(CORE), "a\x1b[2J\n::error::b").splitlines()[-1] == (
        r"2 files, 151 kB in a\x1b[2J\x0a::error::b"
    )


def test_a_verdict_says_what_was_looked_at() -> None:
    assert verdict_text(build_of(CORE, PLUGIN)) == (
        "2 packages, 3 files verified: they agree with the tree, install together and import\n"
    )
    assert verdict_text(build_of(CORE), is_installed=False) == (
        "1 package, 2 files verified: they agree with the tree\n"
    )
    assert verdict_text(build_of(CORE), is_rebuilt=True) == (
        "1 package, 2 files verified: they agree with the tree, "
        "are the same bytes when they are built again, install together and import\n"
    )


def test_nothing_is_said_to_be_nothing() -> None:
    assert build_text(build_of(), "dist") == "Nothing to build.\n"
    assert verdict_text(build_of()) == "Nothing to verify.\n"
