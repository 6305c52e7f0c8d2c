from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from buildable import uv
from monorelease.errors import ProblemsFound
from monorelease.model.artifact import Build, VerifiedBuild
from monorelease.model.finding import Finding
from monorelease.model.value import replace
from monorelease.workflows.read import Snapshot, read
from monorelease.workflows.verify import Verdict, VerifyMeans, check, verify
from opened import indexed
from sandbox import surroundings
from values import named
from wheels import COMMIT, artifact, build_all, project, rewrite, write

GOOD = {
    "pyproject.toml": "[tool.monorelease]\n",
    **project("core", "1.0.44", code="def main(): ..."),
    **project(
        "app",
        "2.0.0",
        requires=["core>=1.0.44,<2"],
        code="import core",
        more="[project.scripts]\napp = 'core:main'\n",
    ),
    **project("hidden", more="classifiers = ['Private :: Do Not Upload']"),
}


class Bench:
    """A repository whose members are built; what is verified, and what is heard of it."""

    def __init__(self, root: Path, **files: str) -> None:
        write(root / "tree", GOOD | {f"packages/{path}": text for path, text in files.items()})
        self.snapshot: Snapshot = read(root / "tree")
        assert not self.snapshot.findings
        self.build, self.files = build_all(self.snapshot, root / "dist")
        self.told: list[str] = []
        self.means = VerifyMeans(
            simple_url=(root / "index").as_uri(),
            projects={},
            uv=("no-such-uv",),
            environment=surroundings(UV_OFFLINE="1"),
            tell=self.told.append,
        )

    def verify(self, build: Build | None = None) -> Verdict:
        """With uv."""
        return verify(
            build or self.build,
            self.files,
            {COMMIT: self.snapshot},
            replace(self.means, uv=(uv(),)),
        )

    def problems(self, build: Build | None = None) -> tuple[Finding, ...]:
        """What is found before uv is needed."""
        with pytest.raises(ProblemsFound) as caught:
            verify(build or self.build, self.files, {COMMIT: self.snapshot}, self.means)
        return caught.value.findings

    def spoil(self, name: str, change: Callable[[Path], object]) -> Build:
        """A build whose manifest agrees with what became of one file."""
        change(self.files[name])
        return Build(
            members=tuple(
                replace(
                    member,
                    artifacts=tuple(artifact(self.files[a.filename]) for a in member.artifacts),
                )
                for member in self.build.members
            )
        )


CORE = "core-1.0.44-py3-none-any.whl"
APP = "app-2.0.0-py3-none-any.whl"


def test_what_is_right_is_verified(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    verdict = bench.verify()

    assert verdict == Verdict(verified=VerifiedBuild(build=bench.build), findings=())
    assert [member.name for member in bench.build.members] == ["core", "app"]
    assert bench.told == [
        "opening 4 files",
        "installing 2 wheels together",
        "importing what was installed",
    ]


def test_contents_can_be_looked_at_alone(tmp_path: Path) -> None:
    """Without uv, and without a value that lets them be published."""
    bench = Bench(tmp_path, **{"core/src/core/server.pem": "PUBLIC"})

    found = check(bench.build, bench.files, {COMMIT: bench.snapshot}, bench.means)

    assert [finding.code for finding in found] == ["key-inside", "key-inside"]


def test_a_build_of_nothing_is_right(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    assert verify(Build(members=()), {}, {}, bench.means).findings == ()


def test_what_is_odd_is_told_and_does_not_stop_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path, **{"core/src/core/server.pem": "PUBLIC"})

    assert [finding.code for finding in bench.verify().findings] == ["key-inside", "key-inside"]


def test_a_file_that_changed_after_the_build_is_not_opened(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    with bench.files[CORE].open("ab") as file:
        file.write(b"more")
    bench.files["core-1.0.44.tar.gz"].unlink()
    del bench.files[APP]

    found = bench.problems()

    assert {finding.code for finding in found} == {"changed-since-build"}
    assert [finding.problem for finding in found] == [
        f"{CORE} is not the file that was built: its bytes are others",
        "core-1.0.44.tar.gz cannot be read: No such file or directory",
        f"{APP} is not there",
    ]


def test_what_comes_from_no_commit_that_is_known_is_not_opened(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    core, app = bench.build.members

    strange = (replace(app, commit="0" * 40), replace(core, name=named("kern")))
    found = bench.problems(Build(members=strange))

    assert [finding.code for finding in found] == ["not-in-tree", "not-in-tree"]
    assert found[0].problem.startswith("app 2.0.0 was built from 000000000000, ")


def test_everything_that_is_wrong_inside_is_found_at_once_and_nothing_is_installed(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    bench.files[APP].write_bytes(b"no wheel")
    build = bench.spoil(
        CORE, lambda wheel: rewrite(wheel, {"core/__init__.py": b"", "tests/__init__.py": b""})
    )
    build = bench.spoil(CORE, lambda wheel: rewrite(wheel, {"core-1.0.44.dist-info/WHEEL": None}))

    found = bench.problems(build)

    assert [finding.code for finding in found] == ["bad-wheel", "broken-archive", "shadows-others"]
    assert {str(finding.path) for finding in found} == {
        "packages/app/pyproject.toml",
        "packages/core/pyproject.toml",
    }
    assert bench.told == ["opening 4 files"]


def test_a_member_that_is_not_whole_is_still_there_for_the_others(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    del bench.files[CORE]

    assert [finding.code for finding in bench.problems()] == ["changed-since-build"]


def test_a_requirement_that_the_tree_does_not_have_is_told(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.snapshot = replace(bench.snapshot, workspace=read_other(tmp_path, "core>=1").workspace)

    found = bench.problems()

    assert {finding.code for finding in found} == {"metadata-differs"}


def read_other(root: Path, requirement: str) -> Snapshot:
    write(root / "other", GOOD | project("app", "2.0.0", requires=[requirement]))
    return read(root / "other")


def test_a_requirement_is_met_by_this_build_or_by_the_index(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    lone = Build(members=bench.build.members[1:])

    [finding] = bench.problems(lone)
    assert finding.code == "not-satisfied"
    assert "no core at all" in finding.problem

    known = indexed("core", "1.0.44")
    bench.means = replace(bench.means, projects={known.name: known})
    assert check(lone, bench.files, {COMMIT: bench.snapshot}, bench.means) == ()


def test_what_does_not_import_is_not_verified(tmp_path: Path) -> None:
    bench = Bench(tmp_path, **{"core/src/core/__init__.py": "import nowhere"})

    with pytest.raises(ProblemsFound) as caught:
        bench.verify()

    assert [finding.code for finding in caught.value.findings] == [
        "does-not-import",
        "does-not-import",
    ]
    assert all(finding.problem.endswith("'nowhere'") for finding in caught.value.findings)


def test_a_description_in_restructuredtext_is_rendered(tmp_path: Path) -> None:
    manifest = GOOD["packages/core/pyproject.toml"].replace("README.md", "README.rst")
    bench = Bench(tmp_path, **{"core/pyproject.toml": manifest, "core/README.rst": "Core\n====\n"})

    cold = surroundings(UV_OFFLINE="1", UV_CACHE_DIR=str(tmp_path / "cache"))
    bench.means = replace(bench.means, environment=cold)

    [warning] = bench.verify().findings  # there is no network here, from where to install it

    assert warning.code == "readme-not-rendered"
