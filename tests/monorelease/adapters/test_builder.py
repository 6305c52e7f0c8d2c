from __future__ import annotations

import hashlib
import importlib.metadata
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest
from packaging.version import Version

from buildable import (
    EPOCH,
    FLIT,
    HATCH_VCS,
    HATCHLING,
    SETUPTOOLS,
    job,
    made,
    one_hatchling,
    package,
    skip_where_offline,
    uv,
)
from monorelease.adapters import builder as room
from monorelease.adapters.build_job import Job, Made, NotMade
from monorelease.adapters.builder import Builder, hatchling_version
from monorelease.adapters.commands import Ended
from monorelease.adapters.export import exported
from monorelease.errors import MissingTool
from monorelease.model.value import replace
from sandbox import Sandbox, surroundings
from values import named

NO_UV = ("this-test-has-no-uv",)
HOOK = '[tool.hatch.build.hooks.custom]\npath = "hook.py"\n'
WHEEL, SDIST = "core-1.0.0-py3-none-any.whl", "core-1.0.0.tar.gz"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def build(builder: Builder, out: Path, *jobs: Job) -> dict[str, Made | NotMade]:
    """What became of each job, in the order in which it was told."""
    return {result.job.name: result for result in builder.build(jobs, out)}


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*-*.*") if path.is_file())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def words(result: Made | NotMade) -> str:
    assert isinstance(result, NotMade), result
    return result.last_words


def test_plain_members_need_no_uv(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core") | package("app", "2.0"))

    results = build(
        Builder(NO_UV, surroundings()),
        out,
        job(sandbox.root, "core"),
        job(sandbox.root, "app", "2"),
    )

    assert made(results) == {
        "core": [WHEEL, SDIST],
        "app": ["app-2.0-py3-none-any.whl", "app-2.0.tar.gz"],
    }


def test_it_makes_no_difference_who_calls_hatchling(
    sandbox: Sandbox, tmp_path: Path, out: Path
) -> None:
    more = 'readme = "README.md"\nlicense-files = ["LICENSE"]\ndynamic = ["version"]\n'
    manifest = package("core", system=HATCHLING, more=more)["packages/core/pyproject.toml"]
    version = '[tool.hatch.version]\npath = "src/core/__init__.py"\n'
    sandbox.write(package("core"))
    sandbox.write(
        {
            "packages/core/pyproject.toml": manifest.replace('version = "1.0.0"\n', "") + version,
            "packages/core/src/core/__init__.py": '__version__ = "1.0.0"\n',
            "packages/core/README.md": "# Core\n",
            "packages/core/LICENSE": "Free.\n",
            "packages/core/run": "#!/bin/sh\n",
            ".gitignore": "*.log\n",
        }
    )
    (sandbox.root / "packages/core/run").chmod(0o755)
    sandbox.commit("Core")
    environment = one_hatchling(tmp_path)

    by_us = Builder(NO_UV, environment | {"HATCH_BUILD_NO_HOOKS": "true"})
    made(build(by_us, out, job(sandbox.root, "core")))
    theirs = tmp_path / "theirs"
    command = [uv(), "build", "--sdist", "--wheel", f"--out-dir={theirs}"]
    ran = subprocess.run(
        command,
        cwd=sandbox.root / "packages/core",
        env=environment | {"SOURCE_DATE_EPOCH": str(EPOCH)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    skip_where_offline(ran.stderr)
    assert ran.returncode == 0, ran.stderr

    assert digests(out / "core") == digests(theirs)
    assert sorted(digests(theirs)) == [WHEEL, SDIST]


@pytest.mark.parametrize("system", [HATCHLING, FLIT], ids=["in process", "by uv"])
def test_the_same_sources_give_the_same_bytes_and_the_time_of_their_commit(
    sandbox: Sandbox, tmp_path: Path, system: str
) -> None:
    sandbox.write(package("core", system=system, more='description = "Core"\n'))
    found = []
    for number in range(2):
        out = tmp_path / str(number)
        out.mkdir()
        command = NO_UV if system == HATCHLING else (uv(),)
        made(build(Builder(command, surroundings()), out, job(sandbox.root, "core")))
        found.append(digests(out))
        os.utime(sandbox.root / "packages/core/src/core/__init__.py", (1, 1))

    assert found[0] == found[1]
    with zipfile.ZipFile(tmp_path / "0/core" / WHEEL) as wheel:
        assert {info.date_time[:2] for info in wheel.infolist()} == {(2026, 11)}


def test_the_time_is_each_members_own(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core") | package("app"))
    jobs = (job(sandbox.root, "core"), replace(job(sandbox.root, "app"), epoch=EPOCH - 86400 * 365))

    made(build(Builder(NO_UV, surroundings()), out, *jobs))

    years = []
    for name in ("core", "app"):
        with zipfile.ZipFile(out / name / f"{name}-1.0.0-py3-none-any.whl") as wheel:
            years.append(wheel.infolist()[0].date_time[0])
    assert years == [2026, 2025]


def test_a_member_without_a_source_distribution_gets_none(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core"))

    results = build(Builder(NO_UV, surroundings()), out, job(sandbox.root, "core", wheel_only=True))

    assert made(results) == {"core": [WHEEL]}


def test_hatchs_variables_and_what_lies_about_change_nothing(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core") | {"packages/core/hatchling.py": "raise SystemExit('not me')"})
    environment = surroundings(HATCH_BUILD_HOOKS_ONLY="true")

    results = build(Builder(NO_UV, environment), out, job(sandbox.root, "core"))

    assert made(results) == {"core": [WHEEL, SDIST]}


def test_uv_gets_the_time_of_the_commit_and_nothing_that_leads_to_another_repository(
    sandbox: Sandbox, out: Path
) -> None:
    sandbox.write(package("core", system=FLIT))
    asked = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "SOURCE_DATE_EPOCH")
    program = f"import os; raise SystemExit(str([os.environ.get(name) for name in {asked}]))"
    hook = surroundings(GIT_DIR="x", GIT_INDEX_FILE="x", GIT_WORK_TREE="x")

    results = build(Builder((sys.executable, "-c", program), hook), out, job(sandbox.root, "core"))

    assert words(results["core"]) == str([None, None, None, str(EPOCH)])


def test_one_that_fails_is_told_of_with_its_last_words_and_the_others_are_built(
    sandbox: Sandbox, out: Path
) -> None:
    sandbox.write(package("app") | package("core") | package("tail"))
    (sandbox.root / "packages/core/src/core/__init__.py").unlink()

    jobs = (job(sandbox.root, name) for name in ("app", "core", "tail"))
    results = build(Builder(NO_UV, surroundings()), out, *jobs)

    assert [type(result) for result in results.values()] == [Made, NotMade, Made]
    assert "Unable to determine which files to ship inside the wheel" in words(results["core"])
    assert len(words(results["core"]).splitlines()) <= 20


def test_a_version_that_was_not_planned_is_a_failure(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core"))

    results = build(Builder(NO_UV, surroundings()), out, job(sandbox.root, "core", "1.0.1"))

    assert words(results["core"]) == (
        "what it made is not what was planned: 'core-1.0.0-py3-none-any.whl' is not of core 1.0.1"
    )


def test_where_hatchling_dies_the_rest_is_told_why(
    sandbox: Sandbox, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.write(package("core") | package("app"))
    died = Ended(status=-9, last_words="")
    monkeypatch.setattr(room, "run", lambda *_, **__: died)

    results = build(
        Builder(NO_UV, surroundings()), out, job(sandbox.root, "core"), job(sandbox.root, "app")
    )

    assert {words(result) for result in results.values()} == {
        "it ended with status -9, without a word"
    }


def test_without_uv_a_member_that_needs_it_cannot_be_built(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core", more=HOOK))

    with pytest.raises(MissingTool, match="core is built with uv, and there is no this-test") as e:
        build(Builder(NO_UV, surroundings()), out, job(sandbox.root, "core"))

    assert e.value.hint == "install uv, or run this by `hatch run`, which brings it"
    assert list(out.iterdir()) == []


def test_without_hatchling_every_member_needs_uv(
    sandbox: Sandbox, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.write(package("core"))
    monkeypatch.setattr(importlib.metadata, "version", _not_found)

    with pytest.raises(MissingTool):
        build(Builder(NO_UV, surroundings()), out, job(sandbox.root, "core"))


def _not_found(name: str) -> str:
    raise importlib.metadata.PackageNotFoundError(name)


def test_settings_in_a_file_of_hatchs_own_are_left_to_uv(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core") | {"packages/core/hatch.toml": ""})

    with pytest.raises(MissingTool):
        build(Builder(NO_UV, surroundings()), out, job(sandbox.root, "core"))


def test_members_with_hooks_and_other_backends_go_through_uv(sandbox: Sandbox, out: Path) -> None:
    hook = """\
from pathlib import Path
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        made = Path(self.root, "made.txt")
        made.write_text("made by a hook")
        build_data["force_include"][str(made)] = "core/made.txt"
"""
    find = '\n[tool.setuptools.packages.find]\nwhere = ["src"]\n'
    sandbox.write(package("core", more=HOOK) | {"packages/core/hook.py": hook})
    sandbox.write(package("app", system=SETUPTOOLS, more=find))

    results = build(
        Builder((uv(),), surroundings()),
        out,
        job(sandbox.root, "core"),
        job(sandbox.root, "app", wheel_only=True),
    )

    assert made(results) == {"core": [WHEEL, SDIST], "app": ["app-1.0.0-py3-none-any.whl"]}
    with zipfile.ZipFile(out / "core" / WHEEL) as wheel:
        assert wheel.read("core/made.txt") == b"made by a hook"


def test_a_version_that_is_a_tag_is_found_in_the_checkout(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core", "", system=HATCH_VCS))
    sandbox.commit("Core")

    with exported(sandbox.root, "HEAD", tags={"core-v1.2.3": "HEAD", "app-v9": "HEAD"}) as root:
        results = build(Builder((uv(),), surroundings()), out, job(root, "core", "1.2.3"))

    assert made(results) == {"core": ["core-1.2.3-py3-none-any.whl", "core-1.2.3.tar.gz"]}
    assert sandbox.git("tag") == ""


def test_what_a_build_needs_of_this_run_is_installed_from_this_run(
    sandbox: Sandbox, out: Path
) -> None:
    """A build backend that is a member itself, and requires another one at run time."""
    system = '[build-system]\nrequires = ["qzbackend==1.0.0"]\nbuild-backend = "qzbackend"\n'
    more = 'description = "x"\ndependencies = ["hatchling", "qzsettings==1.0.0"]\n'
    sandbox.write(package("qzsettings"))
    sandbox.write(package("qzbackend", system=FLIT, more=more))
    backend = '"""A backend."""\nfrom hatchling.build import *\nimport qzsettings\n'
    sandbox.write({"packages/qzbackend/src/qzbackend/__init__.py": backend})
    sandbox.write(package("core", system=system))

    results = build(
        Builder((uv(),), surroundings()),
        out,
        job(sandbox.root, "qzsettings"),
        job(sandbox.root, "qzbackend"),
        job(sandbox.root, "core", "1.0.0", "qzbackend", "qzsettings"),
    )

    assert made(results)["core"] == [WHEEL, SDIST]


SPEAKS = "import os, pathlib, sys; raise SystemExit('\\n'.join(sys.argv[1:]))"
"""A uv that says what it was asked for."""


def test_what_was_built_earlier_is_found_by_uv_and_siblings_come_in_our_version(
    sandbox: Sandbox, out: Path, tmp_path: Path
) -> None:
    """What the environment says of the same is said again: options would replace it."""
    sandbox.write(package("core", system=FLIT) | package("app", system=FLIT))
    around = surroundings(UV_FIND_LINKS="more,most", UV_BUILD_CONSTRAINT="a.txt b.txt")
    builder = Builder((sys.executable, "-c", SPEAKS), around, [tmp_path / "earlier"])
    pins = {named("settings"): Version("1.0.1")}

    results = build(
        builder,
        out,
        job(sandbox.root, "core"),
        replace(job(sandbox.root, "app"), pins=pins),
    )

    earlier = [f"--find-links={place}" for place in (tmp_path / "earlier", "more", "most")]
    assert words(results["core"]).splitlines()[-3:] == earlier
    assert words(results["app"]).splitlines()[-6:] == [
        *earlier,
        *(f"--build-constraints={file}" for file in (out / "app.txt", "a.txt", "b.txt")),
    ]
    assert (out / "app.txt").read_text() == "settings==1.0.1\n"


def test_a_source_distribution_of_setuptools_is_the_same_at_any_time_of_day(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    find = '\n[tool.setuptools.packages.find]\nwhere = ["src"]\n'
    sandbox.write(package("core", system=SETUPTOOLS, more=find))
    sandbox.commit("Core")
    found = []
    for number in range(2):
        out = tmp_path / str(number)
        out.mkdir()
        with exported(sandbox.root, "HEAD") as root:
            made(build(Builder((uv(),), surroundings()), out, job(root, "core")))
        time.sleep(1.1)  # of a second of which tar takes note
        found.append(digests(out))

    assert found[0] == found[1]
    assert sorted(found[0]) == [WHEEL, SDIST]


def test_what_needs_a_member_that_failed_is_not_begun(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core") | package("app", system=FLIT) | package("tail", system=FLIT))
    (sandbox.root / "packages/core/src/core/__init__.py").unlink()

    results = build(
        Builder((sys.executable, "-c", "raise SystemExit('begun')"), surroundings()),
        out,
        job(sandbox.root, "core"),
        job(sandbox.root, "app", "1.0.0", "core"),
        job(sandbox.root, "tail", "1.0.0", "app"),
    )

    assert words(results["app"]) == "to be built it needs core, which did not build"
    assert words(results["tail"]) == "to be built it needs app, which did not build"


def test_a_backend_that_fails_is_told_of_and_the_others_are_built(
    sandbox: Sandbox, out: Path
) -> None:
    hook = "raise RuntimeError('no compiler to be found')\n"
    sandbox.write(package("core", more=HOOK) | {"packages/core/hook.py": hook})
    sandbox.write(package("app", system=FLIT, more='description = "App"\n') | package("tail"))

    jobs = (job(sandbox.root, name) for name in ("core", "app", "tail"))
    results = build(Builder((uv(),), surroundings()), out, *jobs)

    skip_where_offline(words(results["core"]))
    assert "RuntimeError: no compiler to be found" in words(results["core"])
    assert len(words(results["core"]).splitlines()) <= 20
    assert [name for name, result in results.items() if isinstance(result, Made)] == ["tail", "app"]


SLOW = """
import os, pathlib, time
pathlib.Path("begun.part").write_text(str(os.getpid()))
os.replace("begun.part", "begun")
time.sleep(60)
"""


def test_a_build_that_takes_too_long_is_stopped(
    sandbox: Sandbox, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "SECONDS", 0.5)
    sandbox.write(package("core", system=FLIT) | package("app", system=FLIT))
    jobs = (job(sandbox.root, "core"), job(sandbox.root, "app"))
    begin = time.monotonic()

    results = build(Builder((sys.executable, "-c", SLOW), surroundings()), out, *jobs)

    assert time.monotonic() - begin < 30
    assert words(results["core"]).startswith("stopped after")
    assert words(results["app"]).startswith("stopped after")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such alarm there")
def test_an_interruption_leaves_no_build_behind(sandbox: Sandbox, out: Path) -> None:
    for name in "abc":
        sandbox.write(package(name, system=FLIT))
    jobs = tuple(job(sandbox.root, name) for name in "abc")

    def begun() -> list[Path]:
        return sorted(sandbox.root.glob("packages/*/begun"))

    def interrupt(*_: object) -> None:
        if len(begun()) == len(jobs):
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            build(Builder((sys.executable, "-c", SLOW), surroundings()), out, *jobs)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    for file in begun():
        with pytest.raises(ProcessLookupError):
            os.kill(int(file.read_text()), 0)


def test_executable_files_stay_executable(sandbox: Sandbox, out: Path) -> None:
    sandbox.write(package("core") | {"packages/core/src/core/tool.sh": "#!/bin/sh\n"})
    (sandbox.root / "packages/core/src/core/tool.sh").chmod(0o755)
    sandbox.commit("Core")

    with exported(sandbox.root, "HEAD") as root:
        made(build(Builder(NO_UV, surroundings()), out, job(root, "core")))

    with tarfile.open(out / "core" / SDIST) as sdist:
        assert sdist.getmember("core-1.0.0/src/core/tool.sh").mode & 0o111
    with zipfile.ZipFile(out / "core" / WHEEL) as wheel:
        assert wheel.getinfo("core/tool.sh").external_attr >> 16 & 0o111


def test_the_hatchling_that_is_here_is_known() -> None:
    import hatchling.__about__

    assert hatchling_version() == Version(hatchling.__about__.__version__)
