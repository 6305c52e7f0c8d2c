from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from threading import Thread

import pytest
from packaging.specifiers import SpecifierSet

from buildable import uv
from monorelease.adapters.trial import Candidate, Trial
from monorelease.errors import MissingTool
from monorelease.formats.metadata import parse_entry_points
from monorelease.model.finding import Finding
from monorelease.model.value import replace
from sandbox import surroundings
from values import named
from wheels import build, project, write


def candidate(root: Path, name: str, *needs: str, entry_points: str = "") -> Candidate:
    """The project in ``packages/``, built."""
    wheel, _ = build(root / "packages" / name, root / "dist")
    return Candidate(
        name=named(name),
        manifest=PurePosixPath("packages", name, "pyproject.toml"),
        wheels=(wheel,),
        requires_python=SpecifierSet(">=3.11"),
        needs=frozenset(map(named, needs)),
        modules=(name,),
        entry_points=parse_entry_points(entry_points.encode())[0],
    )


def made(root: Path, name: str, code: str = "", *, entry_points: str = "") -> Candidate:
    """A project that requires nothing."""
    write(root, project(name, code=code))
    return candidate(root, name, entry_points=entry_points)


def run(
    root: Path, *candidates: Candidate, index: Path | None = None, told: list[str] | None = None
) -> tuple[Finding, ...]:
    """Try these without a network."""
    place = index or root / "index"
    heard = [] if told is None else told
    trial = Trial((uv(),), surroundings(UV_OFFLINE="1", UV_CACHE_DIR=str(root / "cache")))
    return trial.run(candidates, place.as_uri(), heard.append)


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_what_installs_and_imports_is_fine(tmp_path: Path) -> None:
    told: list[str] = []
    core = made(tmp_path, "core", "def main(): ...", entry_points="[a]\nb = core:main\nc = core")

    assert run(tmp_path, core, told=told) == ()
    assert told == ["installing 1 wheels together", "importing what was installed"]


def test_a_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "C# is 100% fün"
    folder.mkdir()

    assert run(folder, made(folder, "core", "x = 1")) == ()


def test_two_members_may_require_versions_of_one_another_that_are_nowhere_else(
    tmp_path: Path,
) -> None:
    write(tmp_path, project("core", "7.0.1", requires=["app==9.9"]))
    write(tmp_path, project("app", "9.9", requires=["core==7.0.1"], code="import core"))

    found = run(tmp_path, candidate(tmp_path, "core", "app"), candidate(tmp_path, "app", "core"))

    assert found == ()


def simple_index(root: Path, *wheels: Path) -> Path:
    """A folder in the layout of PEP 503."""
    for wheel in wheels:
        folder = root / "index" / wheel.name.partition("-")[0]
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(wheel, folder)
        links = (f'<a href="{file.name}">{file.name}</a>' for file in folder.glob("*.whl"))
        (folder / "index.html").write_text("".join(links), "utf-8")
    return root / "index"


def test_a_sibling_that_is_not_released_now_comes_from_the_index(tmp_path: Path) -> None:
    write(tmp_path, project("core", "7.0.1"))
    core, _ = build(tmp_path / "packages/core", tmp_path / "elsewhere")
    index = simple_index(tmp_path, core)
    write(tmp_path, project("app", requires=["core==7.0.1"], code="import core"))

    assert run(tmp_path, candidate(tmp_path, "app", "core"), index=index) == ()


class Patient(SimpleHTTPRequestHandler):
    """An index whose pages may be kept for an hour."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which `folder` can be read."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Patient, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_what_was_published_a_moment_ago_is_seen(tmp_path: Path) -> None:
    """Though uv has asked before, and may keep what it was told."""
    write(tmp_path, project("core", "7.0.0"))
    index = simple_index(tmp_path, build(tmp_path / "packages/core", tmp_path / "old")[0])
    write(tmp_path, project("core", "7.0.1"))
    newer, _ = build(tmp_path / "packages/core", tmp_path / "new")
    write(tmp_path, project("app", requires=["core>=7.0.1"], code="import core"))
    app = candidate(tmp_path, "app", "core")

    with serving(index) as url:
        around = surroundings(UV_DEFAULT_INDEX=url, UV_CACHE_DIR=str(tmp_path / "cache"))
        trial = Trial((uv(),), around)
        assert codes(trial.run([app], url, print)) == ["does-not-install"]
        simple_index(tmp_path, newer)
        assert trial.run([app], url, print) == ()


def test_nobody_can_put_a_namesake_in_front_of_a_sibling(tmp_path: Path) -> None:
    """A higher version on another index is not even looked at."""
    write(tmp_path, project("core", "7.0.1"))
    ours = simple_index(tmp_path, build(tmp_path / "packages/core", tmp_path / "new")[0])
    write(tmp_path, project("core", "99", code="raise SystemExit('evil')"))
    evil = simple_index(tmp_path / "evil", build(tmp_path / "packages/core", tmp_path / "bad")[0])
    write(tmp_path, project("app", requires=["core>=7"], code="import core"))
    around = surroundings(
        UV_OFFLINE="1", UV_INDEX=evil.as_uri(), UV_INDEX_STRATEGY="unsafe-best-match"
    )

    app = candidate(tmp_path, "app", "core")

    assert Trial((uv(),), around).run([app], ours.as_uri(), print) == ()


def test_an_index_that_is_configured_is_still_asked_for_the_rest(tmp_path: Path) -> None:
    write(tmp_path, project("extra"))
    other = simple_index(tmp_path, build(tmp_path / "packages/extra", tmp_path / "new")[0])
    write(tmp_path, project("app", requires=["extra"], code="import extra"))
    around = surroundings(UV_OFFLINE="1", UV_INDEX=other.as_uri())
    nowhere = (tmp_path / "nowhere").as_uri()

    assert Trial((uv(),), around).run([candidate(tmp_path, "app")], nowhere, print) == ()


def test_what_cannot_be_resolved_is_one_finding_in_uvs_words(tmp_path: Path) -> None:
    write(tmp_path, project("core", "7.0.1"))
    write(tmp_path, project("app", requires=["core>=8"]))

    [finding] = run(tmp_path, candidate(tmp_path, "core"), candidate(tmp_path, "app", "core"))

    assert finding.is_error
    assert finding.code == "does-not-install"
    assert "core>=8" in finding.problem


def test_a_neighbours_configuration_is_not_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a workspace, uv would take the sibling from its folder, and not miss it anywhere."""
    write(tmp_path, project("core"))
    write(tmp_path, project("app", requires=["core"]))
    app = candidate(tmp_path, "app", "core")
    write(tmp_path, {"around/uv.toml": f'find-links = ["{tmp_path / "dist"}"]'})
    build(tmp_path / "packages/core", tmp_path / "dist")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "around"))

    assert codes(run(tmp_path, app)) == ["does-not-install"]


def test_a_module_that_raises_is_told_with_its_exception(tmp_path: Path) -> None:
    core = made(tmp_path, "core", "raise OSError('no such library: libfast.so')")
    [finding] = run(tmp_path, core)

    assert finding.is_error
    assert finding.code == "does-not-import"
    assert finding.path == core.manifest
    assert finding.problem.startswith("core: import core: ")
    assert finding.problem.endswith("OSError: no such library: libfast.so")


def test_an_entry_point_that_does_not_exist_is_told(tmp_path: Path) -> None:
    core = made(tmp_path, "core", entry_points="[console_scripts]\nx = core:missing")
    [finding] = run(tmp_path, core)

    assert finding.code == "entry-point-does-not-load"
    assert finding.path == core.manifest
    assert finding.problem.startswith("core: entry point x = core:missing (console_scripts): ")


def test_an_entry_point_of_an_extra_is_not_loaded(tmp_path: Path) -> None:
    core = made(tmp_path, "core", entry_points="[g]\nx = core.missing [fast]")

    assert run(tmp_path, core) == ()


@pytest.mark.parametrize("has_extras", [True, False])
def test_an_entry_point_that_lacks_what_an_extra_may_bring_is_a_warning(
    tmp_path: Path, *, has_extras: bool
) -> None:
    """Many have a command that says what to install for it; but an extra there has to be."""
    write(tmp_path, project("core"))
    write(tmp_path, {"packages/core/src/core/cli.py": "import qznowhere"})
    core = candidate(tmp_path, "core", entry_points="[console_scripts]\nx = core.cli:main")

    [finding] = run(tmp_path, replace(core, has_extras=has_extras))

    assert finding.code == "entry-point-does-not-load"
    assert finding.is_error is not has_extras
    assert ("say which extra to install" in finding.hint) is has_extras


def test_that_a_module_itself_lacks_something_is_an_error_whatever_extras_there_are(
    tmp_path: Path,
) -> None:
    core = replace(made(tmp_path, "core", "import qznowhere"), has_extras=True)

    [finding] = run(tmp_path, core)

    assert finding.is_error


def test_who_cannot_be_tried_here_is_told_and_nobody_else_is_held_up(tmp_path: Path) -> None:
    write(tmp_path, project("app", requires=["native==1.0.0"]))
    write(tmp_path, project("leaf", requires=["app"]))
    native = made(tmp_path, "native")
    foreign = native.wheels[0].with_name("native-1.0.0-cp311-cp311-win_arm64.whl")
    native.wheels[0].rename(foreign)
    old = made(tmp_path, "old")

    found = run(
        tmp_path,
        candidate(tmp_path, "leaf", "app"),
        candidate(tmp_path, "app", "native"),
        replace(native, wheels=(foreign,)),
        replace(old, requires_python=SpecifierSet("<3")),
        made(tmp_path, "core", "raise KeyError"),
    )

    assert codes(found) == ["not-tried"] * 4 + ["does-not-import"]
    assert [finding.is_error for finding in found] == [False] * 4 + [True]
    assert [finding.problem.partition(":")[0] for finding in found[:3]] == [
        "leaf requires app, which is not tried",
        "app requires native, which is not tried",
        "native has no wheel for this machine",
    ]
    assert found[3].problem.startswith("old is for Python <3, and this is 3.")


def test_of_several_wheels_the_one_for_this_machine_is_tried(tmp_path: Path) -> None:
    from packaging.tags import sys_tags

    core = made(tmp_path, "core")
    best, pure = next(iter(sys_tags())), core.wheels[0]
    special = pure.with_name(f"core-1.0.0-{best}.whl")
    foreign = pure.with_name("core-1.0.0-cp311-cp311-win_arm64.whl")
    write(tmp_path, project("core", code="raise KeyError('special')"))
    build(tmp_path / "packages/core", tmp_path / "other")[0].rename(special)
    foreign.write_bytes(b"never looked at")

    [finding] = run(tmp_path, replace(core, wheels=(foreign, pure, special)))

    assert finding.problem.endswith("KeyError: 'special'")


def test_without_uv_nothing_can_be_tried(tmp_path: Path) -> None:
    core = made(tmp_path, "core")

    with pytest.raises(MissingTool) as caught:
        Trial(("no-such-uv",), surroundings()).run([core], "https://pypi.example/simple/", print)

    assert caught.value.problem.startswith("there is no no-such-uv")
    assert "pip install uv" in caught.value.hint


def test_where_there_is_nothing_to_try_uv_is_not_asked(tmp_path: Path) -> None:
    lone = replace(made(tmp_path, "core"), wheels=())

    assert codes(Trial(("no-such-uv",), {}).run([lone], "", print)) == ["not-tried"]
