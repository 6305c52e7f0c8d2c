from __future__ import annotations

from collections.abc import Iterable

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from monorelease.model.contents import Contents, Declared, OpenedMember
from monorelease.model.finding import Finding
from monorelease.model.index import Project
from monorelease.model.value import replace
from monorelease.model.workspace import VersionFromTags
from monorelease.planning.verification import check_contents
from opened import build_of, indexed, metadata, opened, sdist, wheel
from values import member, requires, workspace

ALONE = workspace(member("core"))


def check(*members: OpenedMember, projects: Iterable[Project] = ()) -> tuple[Finding, ...]:
    known = {project.name: project for project in projects}
    return tuple(check_contents(members, build_of(*members), known))


def core(*contents: Contents, declared: Declared | None = None) -> OpenedMember:
    return opened(ALONE, "core", *contents, declared=declared)


def only(findings: tuple[Finding, ...]) -> tuple[str, str]:
    [finding] = findings
    assert finding.path == ALONE.members[0].manifest
    assert finding.is_error
    return finding.code, finding.problem


def test_what_is_as_the_tree_says_is_fine() -> None:
    about = metadata("core", requires_python=SpecifierSet(">=3.11"))
    declared = Declared(requires_python=SpecifierSet(">=3.11"))

    assert check(core(wheel(about), sdist(about), declared=declared)) == ()


def test_a_release_is_published_with_all_that_it_needs() -> None:
    both = workspace(member("core", "2.0.0"), member("app", "1.0.0", requires("core", ">=2")))

    assert (
        check(
            opened(both, "core", wheel(metadata("core", "2.0.0"))),
            opened(both, "app", wheel(metadata("app", "1.0.0", "core>=2"))),
        )
        == ()
    )


def test_what_is_on_the_index_counts_unless_it_was_yanked() -> None:
    both = workspace(member("core", "2.1.0"), member("app", "1.0.0", requires("core", ">=2")))
    app = opened(both, "app", wheel(metadata("app", "1.0.0", "core>=2")))

    assert check(app, projects=[indexed("core", "1.0.0", "2.0.0")]) == ()
    [finding] = check(app, projects=[indexed("core", "1.0.0", "2.0.0", yanked="2.0.0")])
    assert finding.code == "not-satisfied"
    assert finding.problem.endswith("and there is 1.0.0 on the index")


def test_of_a_share_nobody_knows_what_it_will_stand_among() -> None:
    both = workspace(member("core", "2.1.0"), member("app", "1.0.0", requires("core", ">=2")))
    app = opened(both, "app", wheel(metadata("app", "1.0.0", "core>=2")))
    strange = opened(both, "app", wheel(metadata("app", "1.0.0", "core>=3")))

    assert [*check_contents([app], build_of(app), None)] == []
    assert {f.code for f in check_contents([strange], build_of(strange), None)} == {
        "metadata-differs"
    }


def test_another_name_is_told_once_for_both_files() -> None:
    about = metadata("kern")
    files = wheel(about, filename="core-1.0.0-py3-none-any.whl"), sdist(about)

    found = check(core(files[0], replace(files[1], filename="core-1.0.0.tar.gz")))

    assert only(found) == (
        "metadata-differs",
        "core-1.0.0-py3-none-any.whl is named kern, not core",
    )


def test_another_version_is_told() -> None:
    found = check(core(wheel(metadata("core", "1.0.1"), filename="core-1.0.0-py3-none-any.whl")))

    assert only(found) == (
        "metadata-differs",
        "core-1.0.0-py3-none-any.whl has version 1.0.1, not 1.0.0",
    )


@pytest.mark.parametrize(
    ("said", "told"), [(None, "is for any Python"), (SpecifierSet(">=3.8"), "is for Python >=3.8")]
)
def test_another_python_is_told(said: SpecifierSet | None, told: str) -> None:
    declared = Declared(requires_python=SpecifierSet(">=3.11"))
    found = check(core(wheel(metadata("core", requires_python=said)), declared=declared))

    assert only(found) == (
        "metadata-differs",
        f"core-1.0.0-py3-none-any.whl {told}, not >=3.11",
    )


def test_a_python_that_the_manifest_leaves_to_the_backend_is_not_compared() -> None:
    assert check(core(wheel(metadata("core", requires_python=SpecifierSet(">=3.8"))))) == ()


def test_what_was_built_is_what_is_released() -> None:
    stale = core(wheel(metadata("core", "0.9.0")))
    stale = replace(stale, built=replace(stale.built, version=Version("0.9.0")))

    assert only(check(stale)) == (
        "metadata-differs",
        "core is at 1.0.0 in its commit, and 0.9.0 was built",
    )


def test_where_the_tag_is_the_version_the_tree_need_not_know_it() -> None:
    tagged = workspace(replace(member("core", "0"), version_source=VersionFromTags()))
    made = opened(tagged, "core", wheel(metadata("core", "1.0.0")))

    assert check(replace(made, built=replace(made.built, version=Version("1.0.0")))) == ()


@pytest.mark.parametrize(
    "filename", ["core-1.0.0.whl", "core-1.0.1-py3-none-any.whl", "kern-1.0.0-py3-none-any.whl"]
)
def test_a_wheel_is_named_as_installers_look_for_it(filename: str) -> None:
    found = check(core(wheel(metadata("core"), filename=filename)))

    assert only(found)[0] == "wrong-filename"


def test_a_wheel_is_not_named_as_a_source_distribution() -> None:
    found = check(core(wheel(metadata("core"), filename="core-1.0.0.tar.gz")))

    assert only(found)[0] == "wrong-filename"


@pytest.mark.parametrize("filename", ["core.tar.gz", "core-1.0.1.tar.gz", "core-1.0.0.tar.xz"])
def test_a_source_distribution_is_named_as_installers_look_for_it(filename: str) -> None:
    found = check(core(sdist(metadata("core"), filename=filename)))

    assert only(found)[0] == "wrong-filename"


def test_wheel_and_source_distribution_require_the_same() -> None:
    found = check(
        core(wheel(metadata("core", "1.0.0", "httpx>=1")), sdist(metadata("core", "1.0.0")))
    )

    code, problem = only(found)
    assert code == "metadata-differs"
    assert problem.endswith("and the source distribution differ in what they require: httpx>=1")


def test_wheel_and_source_distribution_need_the_same_python() -> None:
    found = check(
        core(
            wheel(metadata("core", requires_python=SpecifierSet(">=3.11"))), sdist(metadata("core"))
        )
    )

    assert only(found)[1].endswith("differ in the Python that they need")


def test_they_may_differ_in_what_is_dynamic() -> None:
    dynamic = frozenset({"requires-dist", "requires-python"})

    assert (
        check(
            core(
                wheel(
                    metadata("core", "1.0.0", "httpx>=1", requires_python=SpecifierSet(">=3.11"))
                ),
                sdist(metadata("core", dynamic=dynamic)),
            )
        )
        == ()
    )


@pytest.mark.parametrize(
    "contents",
    [
        (wheel(metadata("core")),),
        (sdist(metadata("core")),),
        (wheel(None), sdist(metadata("core"))),
        (wheel(metadata("core")), sdist(None)),
    ],
    ids=["wheel", "sdist", "unread wheel", "unread sdist"],
)
def test_what_is_not_there_or_cannot_be_read_is_compared_with_nothing(
    contents: tuple[Contents, ...],
) -> None:
    assert check(core(*contents)) == ()


def test_everything_is_found_at_once() -> None:
    both = workspace(member("core", "2.0.0"), member("app", "1.0.0", requires("core", ">=3")))

    found = check(
        opened(both, "core", wheel(metadata("core", "1.0.0"), "tests/a.py", modules="tests.a")),
        opened(
            both,
            "app",
            wheel(metadata("app", "1.0.0", "core>=3"), "tests/a.py", modules="tests.a"),
            declared=Declared(has_readme=True),
        ),
    )

    assert [finding.code for finding in found] == [
        "metadata-differs",
        "wrong-filename",
        "shadows-others",
        "not-satisfied",
        "empty-description",
        "shadows-others",
        "same-file",
    ]
    assert {finding.path for finding in found} == {m.manifest for m in both}
