"""A folder that takes and refuses files as an index does, and that installers install from."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import pytest
from packaging.version import Version

from monorelease.adapters.directory_index import DirectoryIndex
from monorelease.adapters.state import state_folder
from monorelease.errors import AnotherRelease, IndexUnavailable, TreeNotWritable
from monorelease.model.config import LOCAL_INDEX
from monorelease.model.index import IndexTarget
from monorelease.model.publication import Refusal, RefusalKind
from monorelease.workflows.ports import Index
from sandbox import PATIENCE, surroundings
from values import named
from wheels import build, project, write

UV = surroundings().get("HATCH_UV") or shutil.which("uv")
needs_uv = pytest.mark.skipif(
    UV is None, reason="needs uv: run the tests through hatch, or install it"
)
CORE = named("core")
WHEEL = "core-1.0.0-py3-none-any.whl"
SDIST = "core-1.0.0.tar.gz"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path / "root"


@pytest.fixture
def index(root: Path) -> DirectoryIndex:
    return DirectoryIndex(LOCAL_INDEX, root)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Where files to upload are made."""
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def made(files: Path, *names: str, data: bytes = b"data") -> list[Path]:
    for name in names:
        (files / name).write_bytes(data)
    return [files / name for name in names]


def refusals(index: DirectoryIndex, files: list[Path]) -> list[Refusal | None]:
    return [sent.refusal for sent in index.upload(files)]


def names_in(index: DirectoryIndex, name: str = "core") -> list[str]:
    return [file.filename for file in index.projects([named(name)])[named(name)].files]


# ── as an index ─────────────────────────────────────────────────────────────────────────


def test_it_is_an_index(index: DirectoryIndex, root: Path) -> None:
    as_an_index: Index = index

    assert as_an_index.target == LOCAL_INDEX
    assert as_an_index.find_credentials() == "none needed"
    assert as_an_index.simple_url == f"{root.as_uri()}/dist/index/"


def test_an_index_on_the_network_is_no_folder(root: Path) -> None:
    with pytest.raises(ValueError, match="'pypi' is no folder"):
        DirectoryIndex(IndexTarget(name="pypi", url="https://pypi.example/simple/"), root)


def test_what_is_uploaded_is_there(index: DirectoryIndex, files: Path) -> None:
    sent = list(index.upload(made(files, WHEEL, SDIST)))

    assert [(each.filename, each.refusal) for each in sent] == [(WHEEL, None), (SDIST, None)]
    assert all(each.seconds > 0 for each in sent)
    assert names_in(index) == [WHEEL, SDIST]


def test_each_project_has_its_page(index: DirectoryIndex, files: Path) -> None:
    list(index.upload(made(files, WHEEL, "Plugin_A-2.0.tar.gz", "plugin_b-1-py3-none-any.whl")))

    found = index.projects([named("plugin-b"), named("plugin-a"), named("plugin-c")])

    assert list(found) == ["plugin-b", "plugin-a", "plugin-c"]
    assert [project.is_known for project in found.values()] == [True, True, False]
    assert names_in(index, "plugin-a") == ["Plugin_A-2.0.tar.gz"]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"data", "already there, byte for byte"), (b"other", "already there, with other bytes")],
)
def test_a_file_is_taken_once(
    index: DirectoryIndex, files: Path, root: Path, data: bytes, words: str
) -> None:
    list(index.upload(made(files, WHEEL)))

    again = refusals(index, made(files, WHEEL, data=data))

    assert again == [Refusal(kind=RefusalKind.EXISTS, words=words)]
    assert (root / "dist/index/core" / WHEEL).read_bytes() == b"data"
    assert names_in(index) == [WHEEL]


@pytest.mark.parametrize(
    "name",
    ["core.whl", "core-1.0.tar.bz2", "core-1.0.0-py3-none-any.whl.asc", "a b-1.0.tar.gz", "core"],
)
def test_what_is_no_package_is_refused(name: str, index: DirectoryIndex, files: Path) -> None:
    (refusal,) = refusals(index, made(files, name))

    assert refusal is not None
    assert refusal.kind is RefusalKind.INVALID
    assert "not named as" in refusal.words


def test_one_that_is_refused_does_not_keep_others_back(index: DirectoryIndex, files: Path) -> None:
    outcome = refusals(index, [files / WHEEL, *made(files, SDIST)])

    assert outcome == [
        Refusal(kind=RefusalKind.INVALID, words="cannot be read: No such file or directory"),
        None,
    ]
    assert names_in(index) == [SDIST]


def test_what_a_disk_refuses_is_not_tried_again(
    index: DirectoryIndex, files: Path, root: Path
) -> None:
    (root / "dist").write_text("a file in the place of a folder")

    (refusal,) = refusals(index, made(files, WHEEL))

    assert refusal is not None
    assert not refusal.is_passing
    assert "dist/index: cannot be written" in refusal.words


def test_a_folder_that_is_no_index_stops_everything(
    index: DirectoryIndex, files: Path, root: Path
) -> None:
    (root / "dist/index").mkdir(parents=True)
    (root / "dist/index/thesis.tex").write_text("years of work")

    with pytest.raises(IndexUnavailable):
        refusals(index, made(files, WHEEL))


def test_many_threads_may_upload_at_once(index: DirectoryIndex, files: Path) -> None:
    names = [f"core-1.0.{n}.tar.gz" for n in range(12)]

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda place: refusals(index, [place]), made(files, *names)))

    assert outcomes == [[None]] * 12
    assert sorted(names_in(index)) == sorted(names)


def test_two_processes_do_not_write_at_once(index: DirectoryIndex, files: Path, root: Path) -> None:
    with another_run(root), pytest.raises(AnotherRelease, match="another run is at work"):
        refusals(index, made(files, WHEEL))

    assert refusals(index, made(files, WHEEL)) == [None]


@contextmanager
def another_run(root: Path) -> Iterator[None]:
    code = f"""\
from pathlib import Path
from monorelease.adapters.state import exclusive
with exclusive(Path({str(state_folder(root))!r})):
    print("held", flush=True)
    input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "held\n"
        try:
            yield
        finally:
            run.communicate("\n", timeout=PATIENCE)


# ── yanked ──────────────────────────────────────────────────────────────────────────────


def reasons(index: DirectoryIndex) -> dict[str, str | None]:
    return {file.filename: file.yanked for file in index.projects([CORE])[CORE].files}


def test_all_files_of_a_version_are_yanked(index: DirectoryIndex, files: Path) -> None:
    list(index.upload(made(files, WHEEL, SDIST, "core-1.0.1.tar.gz")))

    yanked = index.yank(CORE, Version("1.0"), 'does not "start"')

    assert yanked == (WHEEL, SDIST)
    assert reasons(index) == {
        WHEEL: 'does not "start"',
        SDIST: 'does not "start"',
        "core-1.0.1.tar.gz": None,
    }


def test_what_was_yanked_can_be_taken_back(index: DirectoryIndex, files: Path) -> None:
    list(index.upload(made(files, WHEEL)))
    index.yank(CORE, Version("1.0.0"))
    assert reasons(index) == {WHEEL: ""}

    assert index.unyank(CORE, Version("1.0.0")) == (WHEEL,)

    assert reasons(index) == {WHEEL: None}


def test_what_comes_later_leaves_yanked_files_yanked(index: DirectoryIndex, files: Path) -> None:
    list(index.upload(made(files, WHEEL)))
    index.yank(CORE, Version("1.0.0"), "bad")

    list(index.upload(made(files, SDIST)))

    assert reasons(index) == {WHEEL: "bad", SDIST: None}


@pytest.mark.parametrize("name", ["core", "other"])
def test_there_is_nothing_to_yank_of_a_version_that_is_not_there(
    name: str, index: DirectoryIndex, files: Path, root: Path
) -> None:
    list(index.upload(made(files, WHEEL)))

    assert index.yank(named(name), Version("2.0")) == ()

    assert not (root / "dist/index/other").exists()


def test_a_disk_that_refuses_is_told_when_yanking(
    index: DirectoryIndex, files: Path, root: Path
) -> None:
    list(index.upload(made(files, WHEEL)))
    (root / "dist/index/core/index.json").unlink()
    (root / "dist/index/core/index.json").mkdir()

    with pytest.raises(TreeNotWritable):
        index.yank(CORE, Version("1.0.0"))


# ── installed from ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def released(tmp_path: Path) -> DirectoryIndex:
    """Two packages with odd versions, one requiring the other, in a folder with an odd name."""
    root = tmp_path / "a folder+ü"
    root.mkdir()
    index = DirectoryIndex(IndexTarget(name="odd", folder=PurePosixPath("the index")), root)
    for name, requires in (("core", []), ("plugin", ["core==1!2.0+local.1"])):
        source = tmp_path / "source"
        write(source, project(name, "1!2.0+local.1", requires=requires, code="READY = True\n"))
        places = build(source / "packages" / name, tmp_path / "built")
        assert refusals(index, list(places)) == [None, None]
    return index


def installed(command: list[str], target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, "--target", str(target)],
        env=surroundings(UV_NO_CONFIG="1", PIP_CONFIG_FILE="/dev/null"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def check_imports(target: Path) -> None:
    subprocess.run(
        [sys.executable, "-S", "-c", "import plugin, core; assert plugin.READY and core.READY"],
        env={"PYTHONPATH": str(target)},
        timeout=PATIENCE,
        check=True,
    )


@needs_uv
def test_uv_installs_from_it(released: DirectoryIndex, tmp_path: Path) -> None:
    words = [str(UV), "pip", "install", "--no-cache", "--python", sys.executable]
    command = [*words, "--index-url", released.simple_url, "plugin"]

    ran = installed(command, tmp_path / "target")

    assert ran.returncode == 0, ran.stderr
    check_imports(tmp_path / "target")


@needs_uv
def test_uv_says_why_a_version_was_yanked(released: DirectoryIndex, tmp_path: Path) -> None:
    released.yank(CORE, Version("1!2.0+local.1"), 'it\'s <bad> & "worse"')
    words = [str(UV), "pip", "install", "--no-cache", "--python", sys.executable]
    command = [*words, "--index-url", released.simple_url, "plugin"]

    ran = installed(command, tmp_path / "target")

    assert 'it\'s <bad> & "worse"' in ran.stderr


@pytest.mark.skipif(find_spec("pip") is None, reason="pip is not installed here")
def test_pip_installs_from_it(released: DirectoryIndex, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "pip", "--isolated", "--no-cache-dir", "install"]
    command = [*words, "--no-compile", "--index-url", released.simple_url, "plugin"]

    ran = installed(command, tmp_path / "target")

    assert ran.returncode == 0, ran.stderr
    check_imports(tmp_path / "target")
