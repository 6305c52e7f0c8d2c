from __future__ import annotations

import re
from textwrap import dedent

import pytest
from packaging.version import Version

from monorelease.model.artifact import Artifact
from monorelease.model.config import LOCAL_INDEX
from monorelease.model.index import IndexTarget
from monorelease.model.publication import (
    AlreadyThere,
    Conflict,
    Gap,
    Pending,
    PublishPlan,
    Upload,
)
from monorelease.model.value import replace
from monorelease.reports.publication import pending_text, publish_plan_text
from monorelease.reports.terminal import COLOURS
from publications import page_on, publish_plan, released, sdist, tag_of, wheel
from values import named

VERSION = Version("1.0.44")
HOSTILE = "a\x1b[2J\x1b]0;owned\x07b\u202ec\r\x9bd\ne\u2028f"
NINETEEN = ("core", *(f"plugin-{number}" for number in range(18)))


def golden(text: str) -> str:
    return dedent(text).lstrip("\n")


def upload(name: str, artifact: Artifact) -> Upload:
    return Upload(name=named(name), version=VERSION, artifact=artifact)


def there(name: str, artifact: Artifact) -> AlreadyThere:
    return AlreadyThere(name=named(name), version=VERSION, artifact=artifact)


def conflict(name: str, artifact: Artifact, theirs: str | None) -> Conflict:
    return Conflict(name=named(name), version=VERSION, artifact=artifact, theirs=theirs)


def pending(
    name: str,
    gap: Gap | None = None,
    *,
    here: bool = False,
    there: bool = False,
    announce: bool = False,
) -> Pending:
    return Pending(
        member=released(name), gap=gap, tag_here=here, tag_there=there, announce=announce
    )


def nineteen() -> PublishPlan:
    files = [upload(name, make(name, 9_000)) for name in NINETEEN for make in (wheel, sdist)]
    return publish_plan(
        *files,
        waves=(NINETEEN[:1], NINETEEN[1:]),
        tags=tuple(tag_of(name) for name in NINETEEN),
        announce=NINETEEN,
        new_names=NINETEEN,
    )


# ── what is pending ─────────────────────────────────────────────────────────────────────


def test_what_is_pending_is_a_table_of_who_and_what_is_left() -> None:
    left = [
        pending("core", Gap.UNKNOWN_NAME, here=True, there=True, announce=True),
        pending("plugin-x", Gap.NO_SDIST),
        pending("plugin-yy", there=True),
    ]

    assert pending_text(left, LOCAL_INDEX) == golden(
        """
        3 packages pending for local

          core       1.0.44  upload (a new name), tag, push of the tag, announcement
          plugin-x   1.0.44  upload (no source distribution on the index)
          plugin-yy  1.0.44  push of the tag

        next: monorelease publish --to local
        """
    )


def test_a_page_that_is_missing_is_pending_alone_too() -> None:
    alone = golden(
        """
        To announce

          One page on 2 packages, at the tag wave-2026-11-22-7c11c8a

        next: monorelease publish --to local
        """
    )
    left = pending("core", announce=True)

    assert pending_text([], LOCAL_INDEX, roll_up=page_on("core", "app")) == alone
    assert pending_text([left], LOCAL_INDEX, roll_up=page_on("core", "app")).endswith(
        f"  core  1.0.44  announcement\n\n{alone}"
    )


def test_where_nothing_is_pending_that_is_all() -> None:
    said = "Nothing to do: everything that is released is on local, and tagged.\n"

    assert pending_text([], LOCAL_INDEX) == said


# ── what publishing would do ────────────────────────────────────────────────────────────


def test_a_publish_plan_says_where_to_what_and_in_which_order() -> None:
    made = publish_plan(
        upload("core", wheel("core")),
        there("core", sdist("core")),
        upload("plugin-x", wheel("plugin-x")),
        upload("plugin-x", sdist("plugin-x")),
        conflict("plugin-y", wheel("plugin-y"), "f" * 64),
        conflict("plugin-y", sdist("plugin-y"), None),
        waves=(("core",), ("plugin-x", "plugin-y")),
        tags=(
            tag_of("core"),
            tag_of("tool", first=True),
            tag_of("plugin-x", commit="beef" * 10),
            tag_of("plugin-y", make=False),
            tag_of("plugin-z"),
            tag_of("old", make=False, push=False),
        ),
        announce=("core", "plugin-x"),
        new_names=("plugin-x",),
    )

    assert publish_plan_text(made) == golden(
        """
        3 packages for pypi: https://upload.pypi.example/legacy/

        Wave 1 of 2

          core  1.0.44  upload wheel 81 kB; already there: sdist 70 kB

        Wave 2 of 2

          plugin-x (new)  1.0.44  upload wheel 81 kB, sdist 70 kB
          plugin-y        1.0.44  conflict, other bytes there: wheel 81 kB; conflict, bytes unknown there: sdist 70 kB

        3 files to upload (233 kB), 1 already there, 2 conflicts, 1 new name

        To tag on 4f2a9c1 and push, before the upload: these versions are their tags

          tool-v1.0.44

        To tag on 4f2a9c1 and push

          core-v1.0.44, plugin-z-v1.0.44

        To tag on beefbee and push

          plugin-x-v1.0.44

        To push

          plugin-y-v1.0.44

        To announce

          core, plugin-x
        """  # noqa: E501 - as wide as it is shown
    )


def test_one_package_for_a_rehearsal_needs_no_names_of_waves() -> None:
    made = publish_plan(
        upload("core", wheel("core")), index=LOCAL_INDEX, tags=(tag_of("core", push=False),)
    )

    assert publish_plan_text(made) == golden(
        """
        1 package for local: the folder dist/index, for a rehearsal

          core  1.0.44  upload wheel 81 kB

        1 file to upload (81 kB)

        To tag on 4f2a9c1

          core-v1.0.44
        """
    )


def test_where_only_tags_are_left_nothing_is_said_of_files() -> None:
    made = publish_plan(tags=(tag_of("core", make=False),), announce=("core",))

    assert publish_plan_text(made) == golden(
        """
        Nothing to upload for pypi: https://upload.pypi.example/legacy/

        To push

          core-v1.0.44

        To announce

          what is tagged
        """
    )


def test_a_page_on_the_wave_is_told_of_last() -> None:
    assert publish_plan_text(
        replace(publish_plan(announce=("core",)), roll_up=page_on("core", "app"))
    ).endswith(
        "\nTo announce\n\n  core\n\nOne page on 2 packages, at the tag wave-2026-11-22-7c11c8a\n"
    )
    assert "One page on 1 package," in publish_plan_text(
        replace(publish_plan(), roll_up=page_on("core"))
    )


def test_a_plan_of_nothing_is_nothing_to_do() -> None:
    said = "Nothing to do: everything that is released is on pypi, and tagged.\n"

    assert publish_plan_text(publish_plan()) == said


def test_nineteen_packages_still_fit_on_a_screen() -> None:
    lines = publish_plan_text(nineteen()).splitlines()

    assert lines[0] == "19 packages for pypi: https://upload.pypi.example/legacy/"
    assert "38 files to upload (342 kB), 19 new names" in lines
    assert len(lines) < 45
    assert max(map(len, lines)) <= 96


def test_every_tag_is_named_whole() -> None:
    said = publish_plan_text(nineteen())

    for name in NINETEEN:
        assert re.search(rf"(?m)(^|\s){name}-v1\.0\.44(,|$)", said), name


def test_a_wave_names_only_those_that_have_files() -> None:
    made = publish_plan(upload("core", wheel("core")), waves=(("core", "other"),))

    assert "other" not in publish_plan_text(made)


def test_colours_mark_heads_and_conflicts_and_move_nothing() -> None:
    made = publish_plan(conflict("core", wheel("core"), None), upload("plugin", wheel("plugin")))
    coloured = publish_plan_text(made, COLOURS)

    assert (
        "\x1b[31m  core    1.0.44  conflict, bytes unknown there: wheel 81 kB\x1b[0m\n" in coloured
    )
    assert "\n  plugin  1.0.44  upload wheel 81 kB\n" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == publish_plan_text(made)


# ── hostile input ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "target",
    [
        IndexTarget(name=HOSTILE),
        IndexTarget(name="i", upload_url=HOSTILE),
        IndexTarget(name="i", folder=LOCAL_INDEX.folder and LOCAL_INDEX.folder / HOSTILE),
    ],
)
def test_a_hostile_index_is_harmless_and_makes_no_lines_of_its_own(target: IndexTarget) -> None:
    shown = (
        pending_text([], target),
        pending_text([pending("core", here=True)], target),
        publish_plan_text(publish_plan(upload("core", wheel("core")), index=target)),
    )

    assert [len(text.splitlines()) for text in shown] == [1, 5, 5]
    for text in shown:
        assert text.replace("\n", "").isprintable()


def test_a_hostile_tag_is_harmless() -> None:
    tag = replace(tag_of("core", commit=HOSTILE), name=HOSTILE)

    shown = publish_plan_text(publish_plan(tags=(tag,)))

    assert shown.replace("\n", "").isprintable()
