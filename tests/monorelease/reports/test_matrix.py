from __future__ import annotations

from pathlib import PurePosixPath
from textwrap import dedent

from monorelease.model.matrix import Job, Matrix
from monorelease.model.value import replace
from monorelease.reports.matrix import matrix_text, matrix_value
from monorelease.reports.terminal import COLOURS
from publications import COMMIT, released

CORE = Job(member=released("core"), needs_platform=False)
FAST = Job(member=released("plugin-fast", "2.0"), needs_platform=True)
ODD = Job(member=released("plugin-odd"), needs_platform=None)
MATRIX = Matrix(commit="0123456789" * 4, waves=((CORE, ODD), (FAST,)))


def test_people_read_one_wave_after_the_other() -> None:
    assert matrix_text(MATRIX) == dedent(
        """\
        Wave 1 of 2: 2 packages

          core        1.0.44  packages/core        4f2a9c1  one wheel
          plugin-odd  1.0.44  packages/plugin-odd  4f2a9c1  only a build can tell which wheels

        Wave 2 of 2: 1 package

          plugin-fast  2.0  packages/plugin-fast  4f2a9c1  a wheel for every platform
        """
    )


def test_a_wave_is_marked_on_a_terminal() -> None:
    assert matrix_text(MATRIX, COLOURS).startswith("\x1b[1mWave 1 of 2: 2 packages\x1b[0m\n")


def test_no_wave_is_nothing_to_build() -> None:
    nothing = Matrix(commit=COMMIT, waves=())

    assert matrix_text(nothing) == "Nothing to build.\n"
    assert matrix_value(nothing) == {"schema": 1, "commit": COMMIT, "waves": []}


def test_a_path_does_not_steer_the_terminal() -> None:
    member = replace(released("core"), path=PurePosixPath("packages", "co\x1b[2Jre"))

    text = matrix_text(Matrix(commit=COMMIT, waves=((Job(member=member, needs_platform=None),),)))

    assert "packages/co\\x1b[2Jre" in text


def test_a_ci_reads_each_member_with_the_commit_it_is_built_from() -> None:
    assert matrix_value(MATRIX) == {
        "schema": 1,
        "commit": "0123456789" * 4,
        "waves": [
            [
                {
                    "name": "core",
                    "version": "1.0.44",
                    "path": "packages/core",
                    "commit": COMMIT,
                    "platform": False,
                },
                {
                    "name": "plugin-odd",
                    "version": "1.0.44",
                    "path": "packages/plugin-odd",
                    "commit": COMMIT,
                    "platform": None,
                },
            ],
            [
                {
                    "name": "plugin-fast",
                    "version": "2.0",
                    "path": "packages/plugin-fast",
                    "commit": COMMIT,
                    "platform": True,
                }
            ],
        ],
    }
