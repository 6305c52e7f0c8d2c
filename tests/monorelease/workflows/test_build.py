from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest

from buildable import (
    FLIT,
    HATCH_VCS,
    SETUPTOOLS,
    package,
    released,
    skip_where_offline,
    uv,
)
from monorelease.adapters.artifacts import read_folder
from monorelease.errors import BadManifest, ProblemsFound, UsageProblem
from monorelease.formats.build_manifest import MANIFEST
from monorelease.model.artifact import ArtifactKind, Build
from monorelease.model.finding import Finding
from monorelease.model.publication import ReleasedMember
from monorelease.model.value import replace
from monorelease.workflows.build import BuildMeans, build, check_rebuild
from monorelease.workflows.sources import sources
from sandbox import Sandbox, files_in, surroundings
from values import named

ROOT = {"pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\n'}
NO_UV = BuildMeans(uv=("this-test-has-no-uv",), environment=surroundings(), tell=lambda _: None)


def files_of(name: str, version: str = "1.0.0") -> list[str]:
    return [f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.tar.gz"]


def with_uv() -> BuildMeans:
    return replace(NO_UV, uv=(uv(),))


def built(
    sandbox: Sandbox, out: Path, members: Sequence[ReleasedMember], means: BuildMeans = NO_UV
) -> Build:
    with sources(sandbox.root, members) as snapshots:
        return build(members, snapshots, out, means)


def findings_of(
    sandbox: Sandbox, out: Path, members: Sequence[ReleasedMember], means: BuildMeans = NO_UV
) -> tuple[Finding, ...]:
    with pytest.raises(ProblemsFound) as caught:
        built(sandbox, out, members, means)
    for finding in caught.value.findings:
        skip_where_offline(finding.problem)
    return caught.value.findings


@pytest.fixture
def monorepo(sandbox: Sandbox) -> Sandbox:
    """An application that stands before the core, which it requires."""
    sandbox.write(ROOT | package("app", more='dependencies = ["core>=1"]\n') | package("core"))
    sandbox.commit("First")
    return sandbox


def test_dependencies_come_first_and_everything_is_in_the_manifest(
    monorepo: Sandbox, tmp_path: Path
) -> None:
    members = [released(monorepo, "app"), released(monorepo, "core")]
    told: list[str] = []

    made = built(monorepo, tmp_path / "out", members, replace(NO_UV, tell=told.append))

    core, app = made.members
    assert (core.name, core.path, core.commit) == (
        "core",
        PurePosixPath("packages/core"),
        members[0].commit,
    )
    assert [artifact.filename for artifact in core.artifacts] == files_of("core")
    assert [artifact.filename for artifact in app.artifacts] == files_of("app")
    assert told == ["core 1.0.0: built", "app 1.0.0: built"]
    assert sorted(files_in(tmp_path / "out")) == sorted(
        [".gitignore", MANIFEST, *files_of("core"), *files_of("app")]
    )
    places = {name: tmp_path / "out" / name for name in [*files_of("core"), *files_of("app")]}
    assert read_folder(tmp_path / "out") == (made, places)
    with zipfile.ZipFile(tmp_path / "out" / files_of("core")[0]) as archive:
        assert {info.date_time[:3] for info in archive.infolist()} == {(2026, 11, 1)}


def test_the_manifest_is_in_the_order_of_publication(sandbox: Sandbox, tmp_path: Path) -> None:
    """An extra of the core names the plugins, which cannot do without the core."""
    extras = '[project.optional-dependencies]\nall = ["plugin"]\n'
    sandbox.write(ROOT | package("plugin", more='dependencies = ["core>=1"]\n'))
    sandbox.write(package("core", more=extras))
    sandbox.commit("First")

    made = built(sandbox, tmp_path, [released(sandbox, name) for name in ("plugin", "core")])

    assert [member.name for member in made.members] == ["core", "plugin"]


def test_members_without_a_source_distribution_get_none(monorepo: Sandbox, tmp_path: Path) -> None:
    members = [released(monorepo, "app"), released(monorepo, "core")]
    means = replace(NO_UV, wheels_only=frozenset({named("app")}))

    made = built(monorepo, tmp_path / "out", members, means)

    assert [len(member.artifacts) for member in made.members] == [2, 1]
    assert made.members[1].artifacts[0].kind is ArtifactKind.WHEEL


def test_what_lies_about_in_the_work_tree_gets_into_nothing(
    monorepo: Sandbox, tmp_path: Path
) -> None:
    members = [released(monorepo, "core")]
    monorepo.write(
        {
            "packages/core/out.log": "stray",
            "packages/core/src/core/secret.py": "stray",
            "packages/core/src/core/__init__.py": "edited = True\n",
        }
    )

    built(monorepo, tmp_path / "out", members)

    wheel, sdist = (tmp_path / "out" / name for name in files_of("core"))
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("core/__init__.py") == b'"""The package core."""\n'
        assert "core/secret.py" not in archive.namelist()
    with tarfile.open(sdist) as archive:
        assert not any(name.endswith(("out.log", "secret.py")) for name in archive.getnames())


def test_each_member_is_built_from_its_own_commit(monorepo: Sandbox, tmp_path: Path) -> None:
    core = released(monorepo, "core")
    monorepo.write(package("app", "2.0"))
    monorepo.write({"packages/core/src/core/__init__.py": "later = True\n"})
    monorepo.commit("Second")
    app = released(monorepo, "app", "2.0")

    made = built(monorepo, tmp_path / "out", [app, core])

    assert {member.name: member.commit for member in made.members} == {
        "app": app.commit,
        "core": core.commit,
    }
    with zipfile.ZipFile(tmp_path / "out" / files_of("core")[0]) as archive:
        assert b"later" not in archive.read("core/__init__.py")


def test_a_root_below_the_top_of_the_work_tree_is_built(sandbox: Sandbox, tmp_path: Path) -> None:
    files = {f"python/{name}": text for name, text in (ROOT | package("core")).items()}
    sandbox.write(files)
    sandbox.commit("First")
    core = released(sandbox, "core")

    with sources(sandbox.root / "python", [core]) as snapshots:
        made = build([core], snapshots, tmp_path / "out", NO_UV)

    assert made.members[0].path == PurePosixPath("packages/core")


def test_every_kind_of_backend_builds(sandbox: Sandbox, tmp_path: Path) -> None:
    find = '\n[tool.setuptools.packages.find]\nwhere = ["src"]\n'
    sandbox.write(ROOT | package("one", more='dependencies = ["three"]\n'))
    sandbox.write(package("two", system=SETUPTOOLS, more=find))
    sandbox.write(package("three", "", system=HATCH_VCS))
    sandbox.write(package("four", system=FLIT, more='description = "Four"\n'))
    sandbox.commit("First")
    members = [
        released(sandbox, "four"),
        released(sandbox, "one"),
        released(sandbox, "three", "3.0.0", tag_first=True),
        released(sandbox, "two"),
    ]

    try:
        made = built(sandbox, tmp_path / "out", members, with_uv())
    except ProblemsFound as problems:
        skip_where_offline(problems.findings[0].problem)
        raise

    names = [member.name for member in made.members]
    assert names.index(named("three")) < names.index(named("one"))
    assert sorted(artifact.filename for artifact in made.artifacts) == sorted(
        [*files_of("one"), *files_of("two"), *files_of("three", "3.0.0"), *files_of("four")]
    )


def test_all_that_does_not_build_is_told_and_nothing_is_written(
    monorepo: Sandbox, tmp_path: Path
) -> None:
    hook = '[tool.hatch.build.hooks.custom]\npath = "hook.py"\n'
    out = tmp_path / "out"
    before = built(monorepo, out, [released(monorepo, "core")])
    kept = files_in(out)
    app = 'description = "App"\ndependencies = ["core>=1"]\n'
    monorepo.write(package("app", system=FLIT, more=app))
    monorepo.write(package("bad", more=hook) | {"packages/bad/hook.py": "raise OSError('no cc')"})
    (monorepo.root / "packages/core/src/core/__init__.py").unlink()
    monorepo.commit("Break two of three")
    members = [released(monorepo, name) for name in ("app", "bad", "core")]
    told: list[str] = []

    core, bad = findings_of(monorepo, out, members, replace(with_uv(), tell=told.append))

    assert (core.code, core.path) == (
        "does-not-build",
        PurePosixPath("packages/core/pyproject.toml"),
    )
    assert core.problem.startswith("core 1.0.0 does not build:\n")
    assert "Unable to determine which files to ship inside the wheel" in core.problem
    assert core.is_error
    assert core.hint == (
        "mend it, and publish it from the commit that does with --at COMMIT, or release it anew; "
        "the others: publish --only '*,!core'"
    )
    assert "OSError: no cc" in bad.problem
    assert told == ["core 1.0.0: does not build", "bad 1.0.0: does not build", "app 1.0.0: built"]
    assert files_in(out) == kept
    assert read_folder(out)[0] == before


def test_a_release_of_nobody_is_told(monorepo: Sandbox, tmp_path: Path) -> None:
    core = released(monorepo, "core")
    ghost = replace(core, name=named("ghost"), path=PurePosixPath("packages/ghost"))

    (finding,) = findings_of(monorepo, tmp_path / "out", [core, ghost])

    assert finding.problem == (
        f"ghost 1.0.0 is no member of the workspace at its commit, {core.commit[:12]}"
    )
    assert finding.hint == (
        "look at that commit; publish it from another one with --at COMMIT, or release it anew; "
        "the others: publish --only '*,!ghost'"
    )
    assert not (tmp_path / "out").exists()


def test_siblings_that_a_build_needs_are_there(sandbox: Sandbox, tmp_path: Path) -> None:
    """Its backend is a member that requires another one, and neither is on any index."""
    system = '[build-system]\nrequires = ["qzbackend"]\nbuild-backend = "qzbackend"\n'
    sandbox.write(ROOT | package("core", system=system) | package("qzsettings"))
    sandbox.write(package("qzbackend", more='dependencies = ["hatchling", "qzsettings"]\n'))
    backend = "from hatchling.build import *\nimport qzsettings\n"
    sandbox.write({"packages/qzbackend/src/qzbackend/__init__.py": backend})
    sandbox.commit("First")
    members = [released(sandbox, name) for name in ("core", "qzbackend", "qzsettings")]

    try:
        made = built(sandbox, tmp_path / "out", members, with_uv())
    except ProblemsFound as problems:
        skip_where_offline(problems.findings[0].problem)
        raise

    assert [member.name for member in made.members] == ["qzsettings", "qzbackend", "core"]


BACKEND = {"packages/qzbackend/src/qzbackend/__init__.py": "from hatchling.build import *\n"}


def test_a_sibling_that_a_build_needs_is_built_for_it_and_not_published(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    """It was released earlier, or is private; on an index it may be somebody else's."""
    system = '[build-system]\nrequires = ["qzbackend"]\nbuild-backend = "qzbackend"\n'
    sandbox.write(ROOT | package("core", system=system))
    sandbox.write(package("qzbackend", more='dependencies = ["hatchling"]\n') | BACKEND)
    sandbox.commit("First")
    told: list[str] = []
    out = tmp_path / "out"

    try:
        made = built(
            sandbox, out, [released(sandbox, "core")], replace(with_uv(), tell=told.append)
        )
    except ProblemsFound as problems:
        skip_where_offline(problems.findings[0].problem)
        raise

    assert told == ["qzbackend 1.0.0: built", "core 1.0.0: built"]
    assert [member.name for member in made.members] == ["core"]
    assert sorted(files_in(out)) == [".gitignore", *files_of("core"), MANIFEST]


def test_a_later_wave_finds_what_earlier_waves_have_built(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = '[build-system]\nrequires = ["qzbackend"]\nbuild-backend = "qzbackend"\n'
    sandbox.write(ROOT | package("core", system=system))
    sandbox.write(package("qzbackend", more='dependencies = ["hatchling"]\n') | BACKEND)
    sandbox.commit("First")
    built(sandbox, tmp_path / "wave-1", [released(sandbox, "qzbackend")])
    monkeypatch.chdir(tmp_path)
    told: list[str] = []
    means = replace(with_uv(), tell=told.append, links=(Path("wave-1"),))

    try:
        made = built(sandbox, tmp_path / "wave-2", [released(sandbox, "core")], means)
    except ProblemsFound as problems:
        skip_where_offline(problems.findings[0].problem)
        raise

    assert told == ["core 1.0.0: built"]
    assert [member.name for member in made.members] == ["core"]


def test_a_sibling_that_does_not_build_for_it_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    system = '[build-system]\nrequires = ["qzbackend"]\nbuild-backend = "qzbackend"\n'
    sandbox.write(ROOT | package("core", system=system) | package("qzbackend"))
    (sandbox.root / "packages/qzbackend/src/qzbackend/__init__.py").unlink()
    sandbox.commit("First")

    helper, core = findings_of(sandbox, tmp_path / "out", [released(sandbox, "core")], with_uv())

    assert helper.path == PurePosixPath("packages/qzbackend/pyproject.toml")
    assert core.problem == (
        "core 1.0.0 does not build:\nto be built it needs qzbackend, which did not build"
    )


def test_folders_of_earlier_builds_have_to_be_there(monorepo: Sandbox, tmp_path: Path) -> None:
    means = replace(NO_UV, links=(tmp_path / "wave-1",))

    with pytest.raises(UsageProblem, match=r"there is no folder .*wave-1"):
        built(monorepo, tmp_path / "out", [released(monorepo, "core")], means)


@pytest.mark.parametrize("place", ["packages/core/vendored", "docs/theme"])
def test_a_member_is_not_built_without_the_files_of_its_submodule(
    monorepo: Sandbox, tmp_path: Path, place: str
) -> None:
    """Of a submodule elsewhere nothing has to be there."""
    monorepo.git("update-index", "--add", "--cacheinfo", f"160000,{'4f2a9c1e' * 5},{place}")
    monorepo.git("commit", "--quiet", "--message", "A submodule")
    members = [released(monorepo, "core")]

    if place == "docs/theme":
        assert built(monorepo, tmp_path / "out", members).members
        return
    [finding] = findings_of(monorepo, tmp_path / "out", members)

    assert finding.code == "empty-submodule"
    assert finding.path == PurePosixPath("packages/core/pyproject.toml")
    assert finding.problem == f"core: {place} is a submodule, and its files are not in this clone"
    assert finding.hint.startswith(f"git submodule update --init {place} ")


def test_a_folder_without_a_build_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadManifest, match="there is no build here"):
        read_folder(tmp_path)


def test_what_is_built_again_is_the_same(monorepo: Sandbox, tmp_path: Path) -> None:
    members = [released(monorepo, "app"), released(monorepo, "core")]
    built(monorepo, tmp_path / "out", [members[1]])
    os.utime(monorepo.root / "packages/core/src/core/__init__.py", (1, 1))

    assert check_rebuild(tmp_path / "out", monorepo.root, members, NO_UV) == ()


def test_what_differs_when_it_is_built_again_is_named(sandbox: Sandbox, tmp_path: Path) -> None:
    """A build hook that writes what is never the same."""
    hook = """\
from pathlib import Path
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version, build_data):
        if self.target_name == "wheel":
            made = Path(self.root, "made.txt")
            made.write_text(self.root)
            build_data["force_include"][str(made)] = "core/made.txt"
"""
    table = '[tool.hatch.build.hooks.custom]\npath = "hook.py"\n'
    sandbox.write(ROOT | package("core", more=table) | {"packages/core/hook.py": hook})
    sandbox.commit("First")
    members = [released(sandbox, "core")]
    try:
        built(sandbox, tmp_path / "out", members, with_uv())
    except ProblemsFound as problems:
        skip_where_offline(problems.findings[0].problem)
        raise

    (finding,) = check_rebuild(tmp_path / "out", sandbox.root, members, with_uv())

    assert finding.code == "not-reproducible"
    assert finding.path == PurePosixPath("packages/core/pyproject.toml")
    assert finding.problem == (
        "core-1.0.0-py3-none-any.whl came out differently: "
        "core/made.txt is the first file that is not the same"
    )


def test_what_is_not_built_again_is_named(monorepo: Sandbox, tmp_path: Path) -> None:
    members = [released(monorepo, "core")]
    built(monorepo, tmp_path / "out", members)
    means = replace(NO_UV, wheels_only=frozenset({named("core")}))

    (finding,) = check_rebuild(tmp_path / "out", monorepo.root, members, means)

    assert finding.problem == "core-1.0.0.tar.gz was not built again"
