from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.export import commit_time, exported
from monorelease.adapters.submodules import empty_submodules
from monorelease.errors import GitFailed, UnsafePath
from sandbox import FIXED, PATIENCE, Sandbox, files_in

CORE = "packages/core/core.py"
HOOK_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where checkouts are made, and nothing else is."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def git(folder: Path, *words: str) -> str:
    """What git says in a checkout, as a build backend would ask it."""
    ran = subprocess.run(
        ["git", *words], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def state(sandbox: Sandbox) -> tuple[object, ...]:
    """All that somebody could notice of a repository that was read."""
    names = ("index", "HEAD", "config", "packed-refs")
    places = [sandbox.root / ".git" / name for name in names]
    contents = [place.read_bytes() for place in places if place.exists()]
    return contents, sandbox.git("for-each-ref"), sandbox.git("worktree", "list"), sandbox.tree()


def test_there_is_what_was_committed_and_nothing_that_lay_about(
    repository: Sandbox, scratch: Path
) -> None:
    committed = repository.tree()
    repository.write({"stray.log": "x", CORE: "x = 1\n", "changes/1042.fix.md": "edited"})
    repository.git("add", CORE)
    before = state(repository)

    with exported(repository.root, "HEAD") as folder:
        assert files_in(folder) == committed
        assert git(folder, "status", "--porcelain", "--ignored") == ""
        assert git(folder, "rev-parse", "HEAD") == repository.git("rev-parse", "HEAD").strip()

    assert state(repository) == before
    assert list(scratch.iterdir()) == []


def test_any_commit_can_be_asked_for_at_once(repository: Sandbox) -> None:
    repository.write({CORE: "second\n"})
    repository.commit("Second")

    with exported(repository.root, "HEAD~1") as first, exported(repository.root, "main") as second:
        assert not (first / CORE).exists()
        assert (second / CORE).read_bytes() == b"second\n"


def test_submodules_are_there_as_far_as_they_are_in_the_work_tree(
    repository: Sandbox, tmp_path: Path
) -> None:
    """At the commit that is asked for, one inside the other, and as plain files."""
    allow = ("-c", "protocol.file.allow=always")
    inner, outer = Sandbox(tmp_path / "inner"), Sandbox(tmp_path / "outer")
    inner.write({"inner.py": "1"})
    inner.commit("Inner")
    outer.git(*allow, "submodule", "--quiet", "add", str(inner.root), "deep")
    outer.commit("Outer")
    repository.git(*allow, "submodule", "--quiet", "add", str(outer.root), "packages/core/sub")
    repository.git(*allow, "submodule", "--quiet", "update", "--init", "--recursive")
    repository.git(*allow, "submodule", "--quiet", "add", str(inner.root), "gone")
    repository.commit("Submodules")
    repository.git("submodule", "--quiet", "deinit", "--force", "gone")
    outer.write({"later.py": "2"})
    outer.commit("Later")
    sub = repository.root / "packages/core/sub"
    repository.git("-C", str(sub), "pull", "--quiet")

    for root in (repository.root, repository.root / "packages/core"):
        with exported(root, "HEAD") as folder:
            place = folder / sub.relative_to(root)
            assert sorted(files_in(place)) == [".gitmodules", "deep/inner.py"]
            assert git(folder, "status", "--porcelain") == ""
            gone = () if root == sub.parent else (PurePosixPath("gone"),)
            assert empty_submodules(folder, "HEAD") == gone


def test_a_submodule_whose_commit_is_not_there_stays_empty(
    repository: Sandbox, tmp_path: Path
) -> None:
    inner = Sandbox(tmp_path / "inner")
    inner.write({"inner.py": "1"})
    inner.commit("Inner")
    words = ("-c", "protocol.file.allow=always", "submodule", "--quiet", "add")
    repository.git(*words, str(inner.root), "sub")
    repository.git("update-index", "--cacheinfo", f"160000,{'4f2a9c1e' * 5},sub")
    repository.git("commit", "--quiet", "--message", "Ahead")

    with exported(repository.root, "HEAD") as folder:
        assert empty_submodules(folder, "HEAD") == (PurePosixPath("sub"),)


def test_a_root_below_the_top_of_the_work_tree_is_found_again(repository: Sandbox) -> None:
    root = repository.root / "packages/core"

    with exported(root, "HEAD", overlay={PurePosixPath("new"): b"1"}) as folder:
        assert folder.name == "core"
        assert sorted(files_in(folder)) == ["new", "pyproject.toml"]
        assert (folder.parents[1] / "changes").is_dir()


def test_lines_end_as_the_repository_says_and_not_as_its_user_does(
    repository: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "attributes").write_text("*.txt text eol=crlf\n")
    config = f"[core]\n\tautocrlf = true\n\tattributesFile = {tmp_path / 'attributes'}\n"
    (tmp_path / "config").write_text(config)
    repository.write({".gitattributes": "*.bat text eol=crlf\n", "a.txt": "1\n", "a.bat": "1\n"})
    repository.commit("Text")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))

    with exported(repository.root, "HEAD") as folder:
        assert (folder / "a.txt").read_bytes() == b"1\n"
        assert (folder / "a.bat").read_bytes() == b"1\r\n"
        assert git(folder, "status", "--porcelain") == ""


def test_what_an_archive_would_leave_out_or_fill_in_is_there_as_it_is(
    repository: Sandbox,
) -> None:
    attributes = "secret.py export-ignore\nstamp.py export-subst\n"
    repository.write({".gitattributes": attributes, "secret.py": "", "stamp.py": "$Format:%H$\n"})
    repository.commit("For archives")

    with exported(repository.root, "HEAD") as folder:
        assert (folder / "secret.py").exists()
        assert (folder / "stamp.py").read_bytes() == b"$Format:%H$\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such permissions there")
def test_what_can_be_executed_can_be_executed_there(repository: Sandbox) -> None:
    repository.write({"run": "#!/bin/sh\n", "read": "text"})
    (repository.root / "run").chmod(0o755)
    repository.commit("A program")

    with exported(repository.root, "HEAD") as folder:
        assert os.access(folder / "run", os.X_OK)
        assert not (folder / "read").stat().st_mode & 0o111


def test_filters_of_large_files_are_applied_wherever_they_are_configured(
    repository: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text('[filter "theirs"]\n\tsmudge = "tr a-z A-Z"\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    repository.git("config", "filter.ours.smudge", "tr '\"a' bb")
    repository.git("config", "filter.ours.clean", "tr b a")
    attributes = "*.ours filter=ours\n*.theirs filter=theirs\n"
    repository.write({".gitattributes": attributes, "x.ours": "aaa", "x.theirs": "aaa"})
    repository.commit("Filtered")

    with exported(repository.root, "HEAD") as folder:
        assert (folder / "x.ours").read_bytes() == b"bbb"
        assert (folder / "x.theirs").read_bytes() == b"AAA"
        assert git(folder, "status", "--porcelain", "x.ours") == ""


def test_nobody_is_hooked_by_a_checkout(
    repository: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    for hooks in (tmp_path / "hooks", tmp_path / "template/hooks"):
        hooks.mkdir(parents=True)
        (hooks / "post-checkout").write_text(f"#!/bin/sh\ntouch '{told}'\n")
        (hooks / "post-checkout").chmod(0o755)
    config = f"[core]\n\thooksPath = {tmp_path / 'hooks'}\n"
    (tmp_path / "config").write_text(f"{config}[init]\n\ttemplateDir = {tmp_path / 'template'}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "config"))
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(tmp_path / "template"))
    repository.git("-c", f"core.hooksPath={tmp_path / 'hooks'}", "checkout", "--quiet", "HEAD")
    told.unlink()  # the hook works

    with exported(repository.root, "HEAD") as folder:
        assert not (folder / ".git/hooks").exists()

    assert not told.exists()


def test_tags_are_there_and_new_ones_are_there_alone(repository: Sandbox) -> None:
    repository.git("tag", "--annotate", "--message", "x", "old-v1")
    repository.git("tag", "moved-v1")
    repository.commit("Second")
    before = state(repository)

    with exported(repository.root, "HEAD", tags={"core-v2": "HEAD", "moved-v1": "main"}) as folder:
        assert git(folder, "tag").split() == ["core-v2", "moved-v1", "old-v1"]
        assert git(folder, "tag", "--points-at", "HEAD").split() == ["core-v2", "moved-v1"]
        assert (
            git(folder, "describe", "HEAD")
            == f"old-v1-1-g{git(folder, 'rev-parse', '--short', 'HEAD')}"
        )

    assert state(repository) == before


@pytest.mark.parametrize("tag", ["../../HEAD", "a b", "a\ncreate refs/heads/x", "x.lock"])
def test_a_tag_that_git_does_not_take_is_refused(repository: Sandbox, tag: str) -> None:
    with (
        pytest.raises(GitFailed, match="update-ref"),
        exported(repository.root, "HEAD", tags={tag: "HEAD"}),
    ):
        pass


def test_an_overlay_lies_over_the_commit(repository: Sandbox) -> None:
    repository.write({"run": "1", "gone": "1"})
    (repository.root / "run").chmod(0o755)
    repository.commit("A program")
    overlay = {
        PurePosixPath("run"): b"2",
        PurePosixPath("new/deep/file"): b"3",
        PurePosixPath("gone"): None,
        PurePosixPath("never/there"): None,
    }

    with exported(repository.root, "HEAD", overlay=overlay) as folder:
        assert (folder / "run").read_bytes() == b"2"
        assert (folder / "new/deep/file").read_bytes() == b"3"
        assert not (folder / "gone").exists()
        if sys.platform != "win32":
            assert (folder / "run").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("path", ["../out", "/out", ".git/config", "link/out"])
def test_an_overlay_stays_inside(repository: Sandbox, tmp_path: Path, path: str) -> None:
    (repository.root / "link").symlink_to(tmp_path, target_is_directory=True)
    repository.commit("A link that leads out")

    with (
        pytest.raises(UnsafePath),
        exported(repository.root, "HEAD", overlay={PurePosixPath(path): b"x"}),
    ):
        pass

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_nothing_is_left_whatever_happens(
    repository: Sandbox, scratch: Path, error: type[BaseException]
) -> None:
    def interrupted() -> None:
        with exported(repository.root, "HEAD") as folder:
            locked = folder / "build/locked"
            locked.mkdir(parents=True)
            (locked / "file").write_text("x")
            (locked / "file").chmod(0o400)
            locked.chmod(0o500)
            raise error

    with pytest.raises(error):
        interrupted()

    assert list(scratch.iterdir()) == []


def test_a_hook_that_asks_for_a_checkout_keeps_its_own_repository(
    repository: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git tells hooks where their repository is, and every git that they start believes it."""
    repository.write({"staged": "1"})
    repository.git("add", "staged")
    before, own = state(repository), repository.root / ".git"
    places = (own, repository.root, own / "index", "")
    for name, place in zip(HOOK_VARIABLES, places, strict=True):
        monkeypatch.setenv(name, str(place))

    with exported(repository.root, "HEAD", tags={"core-v1": "HEAD"}) as folder:
        found = files_in(folder)

    for name in HOOK_VARIABLES:
        monkeypatch.delenv(name)
    assert "staged" not in found
    assert "packages/core/pyproject.toml" in found
    assert state(repository) == before


def test_a_clone_without_its_history_can_be_exported(repository: Sandbox, tmp_path: Path) -> None:
    repository.commit("Second")
    url = repository.root.as_uri()
    repository.git("clone", "--quiet", "--depth=1", url, str(tmp_path / "shallow"))

    with exported(tmp_path / "shallow", "HEAD") as folder:
        assert files_in(folder) == repository.tree()
        assert git(folder, "log", "--format=%s") == "Second"


def test_a_clone_without_its_files_gets_them_first(repository: Sandbox, tmp_path: Path) -> None:
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    first = repository.tree()
    repository.write(dict.fromkeys(first, "changed"))
    repository.commit("Second")
    url, partial = repository.root.as_uri(), tmp_path / "partial"
    repository.git("clone", "--quiet", "--filter=blob:none", url, str(partial))

    with exported(partial, "HEAD~1") as folder:
        assert files_in(folder) == first


def test_a_linked_work_tree_can_be_exported(repository: Sandbox, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", str(tmp_path / "linked"))

    with exported(tmp_path / "linked", "HEAD") as folder:
        assert files_in(folder) == repository.tree()


def test_names_of_objects_may_be_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    root = tmp_path / "long"
    root.mkdir()
    git(root, "init", "--quiet", "--object-format=sha256")
    (root / "file").write_text("1")
    git(root, "add", "file")
    git(root, "commit", "--quiet", "--message", "First")

    with exported(root, "HEAD") as folder:
        assert (folder / "file").read_text() == "1"


@pytest.mark.parametrize("commit", ["nobody", "f" * 40, "--help", "HEAD:pyproject.toml", "HEAD^9"])
def test_a_commit_that_is_not_here_is_said(repository: Sandbox, commit: str) -> None:
    with (
        pytest.raises(GitFailed, match="there is no commit") as caught,
        exported(repository.root, commit),
    ):
        pass

    assert "git fetch" in caught.value.hint


def test_a_commit_from_before_the_folder_is_said(repository: Sandbox) -> None:
    repository.write({"later/pyproject.toml": ""})
    repository.commit("Second")

    with (
        pytest.raises(GitFailed, match=r"commit [0-9a-f]{12} has no folder later"),
        exported(repository.root / "later", "HEAD~1"),
    ):
        pass


def test_a_commit_has_a_time(repository: Sandbox) -> None:
    assert commit_time(repository.root / "packages", "HEAD") == 1793523600
    assert FIXED["GIT_COMMITTER_DATE"] == "2026-11-01T09:00:00+00:00"
