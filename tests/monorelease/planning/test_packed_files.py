from __future__ import annotations

import pytest

from monorelease.model.contents import Contents, Declared
from monorelease.model.finding import Finding
from monorelease.model.value import replace
from monorelease.planning.packed_files import check_files, check_overlaps
from opened import metadata, opened, sdist, wheel
from values import member, workspace

CORE = metadata("core")


def check(contents: Contents, declared: Declared | None = None) -> tuple[Finding, ...]:
    core = opened(workspace(member("core")), "core", contents, declared=declared)
    return tuple(check_files(core, contents))


def only(findings: tuple[Finding, ...]) -> tuple[str, bool]:
    [finding] = findings
    return finding.code, finding.is_error


def test_a_package_and_its_metadata_are_all_that_is_needed() -> None:
    assert check(wheel(CORE)) == ()
    assert check(sdist(CORE, "src/core/__init__.py", "tests/test_core.py", ".gitignore")) == ()


@pytest.mark.parametrize(
    ("file", "code", "is_error"),
    [
        (".env", "secret-inside", True),
        ("deploy/.env.local", "secret-inside", True),
        (".pypirc", "secret-inside", True),
        (".netrc", "secret-inside", True),
        ("keys/id_rsa", "secret-inside", True),
        ("id_ed25519", "secret-inside", True),
        (".git/config", "secret-inside", True),
        ("vendored/.git", "secret-inside", True),
        ("tests/server.pem", "key-inside", False),
        ("tests/server.key", "key-inside", False),
        ("core/__pycache__/a.cpython-311.pyc", "stray-file", False),
        ("core/a.pyc", "stray-file", False),
        ("docs/.DS_Store", "stray-file", False),
        (".mypy_cache/3.11/core.json", "stray-file", False),
    ],
)
def test_what_got_in_by_mistake_is_told(file: str, code: str, *, is_error: bool) -> None:
    assert only(check(sdist(CORE, file))) == (code, is_error)
    assert only(check(wheel(CORE, "core/__init__.py", f"core/{file}", modules="core"))) == (
        code,
        is_error,
    )


@pytest.mark.parametrize("file", [".env", ".git", "id_rsa", "a.key", "__pycache__/a.pyc"])
def test_at_the_top_of_a_wheel_it_is_told_too(file: str) -> None:
    assert len(check(wheel(CORE, "core/__init__.py", file, modules="core"))) == 1


@pytest.mark.parametrize(
    "file",
    [".env.example", ".gitignore", ".github/x.yml", "id_rsa.py", "env", "keyring.py", "pem/a.py"],
)
def test_what_only_looks_like_it_is_left_alone(file: str) -> None:
    assert check(sdist(CORE, file)) == ()


def test_many_files_of_a_kind_are_one_finding() -> None:
    [finding] = check(sdist(CORE, *(f"core/{n}.pyc" for n in range(40))))

    assert finding.problem == (
        "core-1.0.0.tar.gz has 40 files that some tool left, core-1.0.0/core/0.pyc first"
    )


@pytest.mark.parametrize("name", ["tests", "docs", "src", "build", "examples"])
@pytest.mark.parametrize("form", ["{}/__init__.py", "{}/x.txt", "{}.py"])
def test_a_wheel_leaves_names_alone_that_everybody_has(name: str, form: str) -> None:
    found = check(wheel(CORE, "core/__init__.py", form.format(name), modules="core"))

    assert only(found) == ("shadows-others", True)
    assert f"a top-level {name!r}" in found[0].problem


def test_a_project_of_that_very_name_may_have_it() -> None:
    build = opened(workspace(member("build")), "build")

    assert tuple(check_files(build, wheel(metadata("build")))) == ()


@pytest.mark.parametrize("kind", ["licenses/", ""])
def test_a_licence_that_is_declared_is_in_the_wheel(kind: str) -> None:
    file = f"core-1.0.0.dist-info/{kind}LICENSE"
    contents = wheel(CORE, "core/__init__.py", file, modules="core")

    assert check(contents, Declared(license_files=("LICEN[CS]E*",))) == ()


def test_a_licence_that_is_declared_is_in_the_source_distribution() -> None:
    declared = Declared(license_files=("LICENSE", "third_party/*/NOTICE"))

    assert check(sdist(CORE, "LICENSE", "third_party/a/NOTICE"), declared) == ()


@pytest.mark.parametrize(
    "contents", [wheel(CORE), wheel(CORE, "LICENSE", "core/LICENSE", modules="core"), sdist(CORE)]
)
def test_a_licence_that_is_missing_is_told(contents: Contents) -> None:
    found = check(contents, Declared(license_files=("LICENSE",)))

    assert only(found) == ("missing-license", True)
    assert found[0].problem == f"{contents.filename} has no licence file LICENSE"


def test_a_licence_that_the_metadata_name_is_there() -> None:
    about = metadata("core", license_files=("AUTHORS",))

    assert only(check(sdist(about))) == ("missing-license", True)
    assert check(sdist(about, "AUTHORS")) == ()


def test_of_an_archive_that_cannot_be_read_nothing_is_missing() -> None:
    broken = Contents(filename="core-1.0.0.tar.gz", kind=sdist(None).kind)

    assert check(broken, Declared(license_files=("LICENSE",))) == ()


def test_a_wheel_with_nothing_in_it_is_odd() -> None:
    assert only(check(wheel(CORE, "core-1.0.0.dist-info/WHEEL"))) == ("empty-wheel", False)


@pytest.mark.parametrize(
    "contents",
    [
        wheel(metadata("core", "1.0.0", "httpx"), "core-1.0.0.dist-info/WHEEL"),
        wheel(CORE, "core-stubs/__init__.pyi"),
        wheel(CORE, "core-1.0.0.data/scripts/core"),
        wheel(None, "core-1.0.0.dist-info/WHEEL"),
    ],
    ids=["metapackage", "stubs", "scripts", "unread"],
)
def test_some_wheels_have_a_reason_to_have_no_module(contents: Contents) -> None:
    assert check(contents) == ()


def test_two_members_do_not_install_the_same_file() -> None:
    everyone = workspace(member("core"), member("app"), member("kit"))
    shared = ("plugins/__init__.py", "plugins/base.py")
    members = (
        opened(everyone, "core", wheel(CORE, *shared), sdist(CORE, *shared)),
        opened(everyone, "app", wheel(metadata("app"), *shared, "app.py")),
        opened(
            everyone, "kit", wheel(metadata("kit"), "kit-1.0.0.data/purelib/app.py", "plugins/x")
        ),
    )

    first, second = check_overlaps(members)

    assert first.problem == "app and core both install 2 files, plugins/__init__.py first"
    assert second.problem == "kit and app both install 1 file, app.py first"
    assert {first.code, second.code} == {"same-file"}
    assert first.path == everyone.members[1].manifest


def with_digests(contents: Contents, digest: str) -> Contents:
    return replace(contents, digests=dict.fromkeys(contents.files, digest))


def test_namespace_packages_of_the_old_kind_share_their_init() -> None:
    """As pkgutil and pkg_resources want it: byte for byte the same in every member."""
    everyone = workspace(member("core"), member("app"))
    core, app = wheel(CORE, "old/__init__.py", "py"), wheel(metadata("app"), "old/__init__.py")

    def check_with(theirs: str, *more: str) -> list[Finding]:
        other = replace(app, files=(*app.files, *more))
        members = (
            opened(everyone, "core", with_digests(core, "a")),
            opened(everyone, "app", with_digests(other, theirs)),
        )
        return [*check_overlaps(members)]

    assert check_with("a") == []
    [differs] = check_with("b")
    assert differs.is_error
    [same] = check_with("a", "py")
    assert not same.is_error
    assert same.problem == "app and core both install 1 file, py first"


def test_wheels_of_one_member_for_many_machines_hold_the_same_files() -> None:
    core = opened(workspace(member("core")), "core", wheel(CORE), wheel(CORE), sdist(CORE))

    assert [*check_overlaps([core])] == []


def test_scripts_and_data_are_not_where_modules_are() -> None:
    everyone = workspace(member("core"), member("app"))
    members = (
        opened(everyone, "core", wheel(CORE, "core-1.0.0.data/scripts/run", "run")),
        opened(everyone, "app", wheel(metadata("app"), "app-1.0.0.data/data/run")),
    )

    assert [*check_overlaps(members)] == []
