from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.model.channel import Snapshot as SnapshotChannel
from monorelease.model.finding import Finding
from monorelease.model.patch import Patch
from monorelease.model.publication import ReleasedMember
from monorelease.workflows.read import read
from monorelease.workflows.release import apply
from monorelease.workflows.released import overlay_of, released_members
from releasing import NO_UV, paths_of, prepared, release, release_and_commit
from sandbox import Sandbox

STAMP = 20261122101500
SNAPSHOT = f"1.0.1.dev{STAMP}"
CORE = "packages/core/pyproject.toml"

TAGGED = """\
[project]
name = "tagged"
dynamic = ["version"]

[build-system]
requires = ["hatchling", "hatch-vcs"]
build-backend = "hatchling.build"

[tool.hatch.version]
source = "vcs"
"""


def head(sandbox: Sandbox, name: str = "HEAD") -> str:
    return sandbox.git("rev-parse", f"{name}^{{commit}}").strip()


def look(
    sandbox: Sandbox | Path, at: str | None = None
) -> tuple[dict[str, ReleasedMember], tuple[Finding, ...]]:
    root = sandbox.root if isinstance(sandbox, Sandbox) else sandbox
    members, findings = released_members(read(root), at)
    return {str(member.name): member for member in members}, findings


def released(sandbox: Sandbox, at: str | None = None) -> dict[str, ReleasedMember]:
    """The members, where nothing is found against them."""
    members, findings = look(sandbox, at)
    assert findings == ()
    return members


def configure(sandbox: Sandbox, text: str) -> None:
    sandbox.write({"pyproject.toml": f'[tool.monorelease]\nmembers = ["packages/*"]\n{text}\n'})


def snapshot_in_the_tree(root: Path) -> Patch:
    ready = prepared(root, SnapshotChannel(stamp=STAMP))
    return apply(ready, lambda: Repository.at(root), NO_UV)


# ── who, in which version, by which commit ──────────────────────────────────────────────


def test_every_member_is_at_the_commit_that_gave_it_its_version(repository: Sandbox) -> None:
    first = head(repository)
    release_commit = release_and_commit(repository.root)
    repository.write({"packages/core/pyproject.toml": "# words\n" + _text(repository, CORE)})
    repository.commit("Words")

    members = released(repository)

    assert [(m.name, str(m.version), m.tag, m.commit) for m in members.values()] == [
        ("client", "1.2.0", "client-v1.2.0", first),
        ("core", "1.0.1", "core-v1.0.1", release_commit),
        ("server", "0.4.0", "server-v0.4.0", first),
    ]
    assert members["core"].path == PurePosixPath("packages/core")
    assert not any(member.tag_first for member in members.values())


def _text(sandbox: Sandbox, path: str) -> str:
    return (sandbox.root / path).read_text("utf-8")


def test_they_come_in_the_workspaces_order(repository: Sandbox) -> None:
    repository.write(
        {"pyproject.toml": '[tool.monorelease]\nmembers = ["packages/s*", "packages/*"]\n'}
    )

    assert list(released(repository)) == ["server", "client", "core"]


def test_who_is_private_ignored_or_without_a_version_is_not_published(repository: Sandbox) -> None:
    configure(repository, 'ignore = ["cl*"]')
    repository.write(
        {
            "packages/server/pyproject.toml": '[project]\nname = "server"\nversion = "1"\n'
            'classifiers = ["Private :: Do Not Upload"]\n',
            "packages/none/pyproject.toml": '[project]\nname = "none"\n',
        }
    )
    repository.commit("More")

    assert list(released(repository)) == ["core"]


def test_the_tag_is_spelled_as_the_owner_has_it(repository: Sandbox) -> None:
    configure(repository, 'tag = "{name}/{version}"')

    assert released(repository)["core"].tag == "core/1.0.0"


def test_a_version_in_another_file_is_followed_there(repository: Sandbox) -> None:
    manifest = (
        '[project]\nname = "core"\ndynamic = ["version"]\n'
        '[build-system]\nbuild-backend = "hatchling.build"\n'
        '[tool.hatch.version]\npath = "src/core.py"\n'
    )
    repository.write({CORE: manifest, "packages/core/src/core.py": '__version__ = "1.0.0"\n'})
    repository.commit("Keep the version in the code")
    repository.write({"packages/core/src/core.py": '__version__ = "1.0.1"\n'})
    repository.commit("Release")
    release_commit = head(repository)
    repository.write({"packages/core/src/core.py": '__version__ = "1.0.1"\nx = 1\n'})
    repository.commit("Go on")

    core = released(repository)["core"]

    assert (str(core.version), core.commit) == ("1.0.1", release_commit)


def test_a_manifest_that_could_not_be_read_once_had_no_version(repository: Sandbox) -> None:
    good = _text(repository, CORE)
    for broken in ("[project\n", '[project]\nversion = "1.0.0"\n', b"\xff"):
        repository.write({CORE: broken})
        repository.commit("Break it")
    repository.write({CORE: good})
    repository.commit("Mend it")

    assert released(repository)["core"].commit == head(repository)


def test_a_version_file_that_could_not_be_read_once_had_no_version(repository: Sandbox) -> None:
    manifest = (
        '[project]\nname = "core"\ndynamic = ["version"]\n'
        '[build-system]\nbuild-backend = "hatchling.build"\n'
        '[tool.hatch.version]\npath = "VERSION"\npattern = "^(?P<version>.+)$"\n'
    )
    for content in ("1.0.0\n1.0.0\n", b"\xff", "1.0.0"):
        repository.write({CORE: manifest, "packages/core/VERSION": content})
        repository.commit("Try")

    assert released(repository)["core"].commit == head(repository)


def test_a_root_below_the_top_of_the_repository_will_do(sandbox: Sandbox) -> None:
    configure(sandbox, "")
    sandbox.write({"mono/pyproject.toml": _text(sandbox, "pyproject.toml")})
    sandbox.write({f"mono/{CORE}": '[project]\nname = "core"\nversion = "1"\n'})
    sandbox.commit("Begin")

    members, findings = look(sandbox.root / "mono")

    assert (members["core"].commit, findings) == (head(sandbox), ())


# ── what is not committed ───────────────────────────────────────────────────────────────


def test_a_release_that_is_not_committed_is_found(repository: Sandbox) -> None:
    release(repository.root)

    members, findings = look(repository)

    assert list(members) == ["client", "server"]
    (finding,) = findings
    assert finding.code == "version-not-committed"
    assert finding.problem == "core: the work tree says 1.0.1, and HEAD says 1.0.0"
    assert "monorelease undo" in finding.hint
    assert (str(finding.path), finding.key) == (CORE, ("project", "version"))
    assert finding.is_error


def test_a_member_that_is_new_is_found(repository: Sandbox) -> None:
    repository.write({"packages/new/pyproject.toml": '[project]\nname = "new"\nversion = "1"\n'})

    _, findings = look(repository)

    assert [f.problem for f in findings] == ["new: the work tree says 1, and HEAD does not have it"]


def test_before_the_first_commit_nothing_is_released(sandbox: Sandbox) -> None:
    configure(sandbox, "")
    sandbox.write({CORE: '[project]\nname = "core"\nversion = "1"\n'})

    members, findings = look(sandbox)

    assert members == {}
    assert [finding.code for finding in findings] == ["version-not-committed"]


def test_where_there_is_no_git_nothing_is_released(repository: Sandbox, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    for name, data in repository.tree().items():
        (bare / name).parent.mkdir(parents=True, exist_ok=True)
        (bare / name).write_bytes(data)

    members, findings = look(bare)

    assert members == {}
    assert [(f.code, f.is_error, bool(f.hint)) for f in findings] == [("no-git", True, True)]
    assert overlay_of(read(bare)) == {}


@pytest.fixture
def shallow(repository: Sandbox, tmp_path: Path) -> Path:
    """A clone of depth one; the release is two commits back."""
    release_and_commit(repository.root)
    repository.commit("Go on")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(clone))
    return clone


def test_a_shallow_clone_cannot_tell_release_commits(shallow: Path) -> None:
    members, findings = look(shallow)

    assert members == {}
    (finding,) = findings
    assert (finding.code, finding.is_error) == ("shallow-clone", True)
    assert "fetch-depth: 0" in finding.hint


def test_in_a_shallow_clone_a_commit_can_be_named(shallow: Path, repository: Sandbox) -> None:
    members, findings = look(shallow, at="HEAD")

    assert findings == ()
    assert {member.commit for member in members.values()} == {head(repository)}


# ── at a commit ─────────────────────────────────────────────────────────────────────────


def test_a_commit_that_is_named_counts_for_every_member(repository: Sandbox) -> None:
    release_and_commit(repository.root)
    repository.git("tag", "--annotate", "--message=Here", "here")
    here = head(repository)
    repository.commit("Go on")

    assert {member.commit for member in released(repository, "here").values()} == {here}


def test_a_commit_that_is_named_must_have_the_release(repository: Sandbox) -> None:
    release_and_commit(repository.root)

    members, findings = look(repository, "HEAD~1")

    assert list(members) == ["client", "server"]
    assert [finding.problem for finding in findings] == [
        "core: the work tree says 1.0.1, and HEAD~1 says 1.0.0"
    ]
    assert "--at" in findings[0].hint


@pytest.mark.parametrize("at", ["nope", "", "--all", "^HEAD", "HEAD..HEAD", "HEAD:packages"])
def test_a_commit_that_is_named_must_be_there(at: str, repository: Sandbox) -> None:
    with pytest.raises(UsageProblem, match="there is no commit") as caught:
        look(repository, at)

    assert "--at" in caught.value.hint


# ── versions that are tags ──────────────────────────────────────────────────────────────


@pytest.fixture
def tagged(repository: Sandbox) -> Sandbox:
    """The monorepo, with a member whose version is its newest tag, which is 1.0.0."""
    repository.write({"packages/tagged/pyproject.toml": TAGGED})
    repository.commit("Add it")
    repository.git("tag", "--annotate", "--message=One", "tagged-v1.0.0")
    return repository


def write_section(sandbox: Sandbox, title: str) -> None:
    path = sandbox.root / "packages" / "tagged" / "CHANGELOG.md"
    before = path.read_text("utf-8") if path.exists() else "# tagged\n"
    name, _, rest = before.partition("\n")
    sandbox.write({"packages/tagged/CHANGELOG.md": f"{name}\n\n## {title}\n\n- Words.\n{rest}"})


def test_a_tag_that_is_the_version_is_on_its_commit(tagged: Sandbox) -> None:
    at = head(tagged)
    tagged.commit("Go on")

    found = released(tagged)["tagged"]

    assert (str(found.version), found.tag, found.commit) == ("1.0.0", "tagged-v1.0.0", at)
    assert not found.tag_first
    assert released(tagged, "HEAD")["tagged"] == found


def test_a_section_above_the_newest_tag_is_a_release_that_waits_for_its_tag(
    tagged: Sandbox,
) -> None:
    write_section(tagged, "1.0.0 - 2026-11-01")
    tagged.commit("Begin a changelog")
    write_section(tagged, "1.1.0 - 2026-11-22")
    tagged.commit("Release")
    at = head(tagged)
    changelog = _text(tagged, "packages/tagged/CHANGELOG.md")
    tagged.write({"packages/tagged/CHANGELOG.md": changelog.replace("Words", "Better words")})
    tagged.commit("Go on")

    found = released(tagged)["tagged"]

    assert (str(found.version), found.tag, found.commit) == ("1.1.0", "tagged-v1.1.0", at)
    assert found.tag_first
    assert released(tagged, "HEAD")["tagged"].commit == head(tagged)

    tagged.git("tag", "tagged-v1.1.0", at)

    assert not released(tagged)["tagged"].tag_first


def test_a_section_below_the_newest_tag_says_nothing(tagged: Sandbox) -> None:
    write_section(tagged, "0.9 - 2025-11-22")

    assert str(released(tagged)["tagged"].version) == "1.0.0"


def test_a_section_that_is_unreleased_says_nothing(tagged: Sandbox) -> None:
    write_section(tagged, "1.1.0 (unreleased)")
    tagged.commit("Collect")

    assert str(released(tagged)["tagged"].version) == "1.0.0"


def test_a_section_that_is_not_committed_is_found(tagged: Sandbox) -> None:
    write_section(tagged, "1.0.0 - 2026-11-01")
    tagged.commit("Begin a changelog")
    write_section(tagged, "1.1.0 - 2026-11-22")

    members, findings = look(tagged)

    assert "tagged" not in members
    assert [(f.problem, str(f.path), f.key) for f in findings] == [
        (
            "tagged: the work tree says 1.1.0, and HEAD says 1.0.0",
            "packages/tagged/CHANGELOG.md",
            None,
        )
    ]


def test_a_tag_keeps_the_spelling_that_it_has(tagged: Sandbox) -> None:
    tagged.git("tag", "tagged-v2026.01")

    assert released(tagged)["tagged"].tag == "tagged-v2026.01"


def test_without_tag_and_section_there_was_no_release(tagged: Sandbox) -> None:
    tagged.git("tag", "--delete", "tagged-v1.0.0")

    assert list(released(tagged)) == ["client", "core", "server"]


def test_a_first_section_is_a_first_release(tagged: Sandbox) -> None:
    tagged.git("tag", "--delete", "tagged-v1.0.0")
    write_section(tagged, "0.1.0")
    tagged.commit("Release")

    assert released(tagged)["tagged"].tag_first


# ── snapshots ───────────────────────────────────────────────────────────────────────────


def test_a_snapshot_is_at_head_under_no_tag(repository: Sandbox) -> None:
    first = head(repository)
    repository.commit("Go on")
    snapshot_in_the_tree(repository.root)

    members = released(repository)

    core = members["core"]
    assert (str(core.version), core.commit, core.tag) == (SNAPSHOT, head(repository), "")
    assert (members["client"].commit, members["client"].tag) == (first, "client-v1.2.0")


def test_what_a_snapshot_changed_lies_over_head(repository: Sandbox) -> None:
    patch = snapshot_in_the_tree(repository.root)
    repository.write({"README.md": "not a part of it"})

    overlay = overlay_of(read(repository.root))

    assert overlay == {edit.path: edit.after for edit in patch.edits}
    assert PurePosixPath(CORE) in overlay
    dirty = Repository(repository.root).dirty()
    assert set(dirty) - overlay.keys() == {PurePosixPath("README.md")}


def test_what_was_edited_after_a_snapshot_is_taken_as_it_is_now(repository: Sandbox) -> None:
    snapshot_in_the_tree(repository.root)
    edited = _text(repository, CORE) + "# by hand\n"
    repository.write({CORE: edited})

    assert overlay_of(read(repository.root))[PurePosixPath(CORE)] == edited.encode()


def test_a_file_that_is_gone_is_gone_from_the_snapshot(repository: Sandbox) -> None:
    """Here one of the owner's hooks has removed it."""
    hook = "import pathlib; pathlib.Path('old').unlink()"
    configure(repository, f'hooks.after-release = [["python", "-c", "{hook}"]]')
    repository.write({"old": "1"})
    repository.commit("Keep something old")
    snapshot_in_the_tree(repository.root)

    assert overlay_of(read(repository.root))[PurePosixPath("old")] is None


def test_the_overlay_has_the_names_by_which_git_knows_the_files(sandbox: Sandbox) -> None:
    configure(sandbox, "")
    sandbox.write(
        {
            "libs/core/pyproject.toml": '[project]\nname = "core"\nversion = "1.0.0"\n',
            "changes/1.fix.md": "---\ncore: patch\n---\n\nWords.\n",
        }
    )
    (sandbox.root / "packages").symlink_to("libs")
    sandbox.commit("Begin")
    snapshot_in_the_tree(sandbox.root)

    overlay = overlay_of(read(sandbox.root))

    assert set(overlay) == set(Repository(sandbox.root).dirty())
    assert released(sandbox)["core"].tag == ""


def test_a_shallow_clone_will_do_where_everything_is_a_snapshot(
    repository: Sandbox, tmp_path: Path
) -> None:
    configure(repository, 'fixed = [["*"]]')
    repository.commit("Together")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.root}", str(clone))
    snapshot_in_the_tree(clone)

    members, findings = look(clone)

    assert findings == ()
    assert {(member.commit, member.tag) for member in members.values()} == {(head(repository), "")}


def test_a_snapshot_is_built_from_head_and_no_other_commit(repository: Sandbox) -> None:
    repository.commit("Go on")
    snapshot_in_the_tree(repository.root)

    _, findings = look(repository, "HEAD~1")

    assert [finding.code for finding in findings] == ["version-not-committed"]
    assert released(repository, "HEAD")["core"].tag == ""


def test_a_release_that_is_no_snapshot_lies_over_nothing(repository: Sandbox) -> None:
    assert overlay_of(read(repository.root)) == {}

    release(repository.root)

    assert overlay_of(read(repository.root)) == {}


def test_a_snapshot_that_was_committed_by_hand_is_a_release_as_any(repository: Sandbox) -> None:
    snapshot_in_the_tree(repository.root)
    repository.commit("Do not do this")

    assert overlay_of(read(repository.root)) == {}
    assert released(repository)["core"].tag == f"core-v{SNAPSHOT}"


def test_a_development_version_that_is_committed_is_no_snapshot(repository: Sandbox) -> None:
    """Here a release that is not committed has moved a constraint beside such a version."""
    client = (
        '[project]\nname = "client"\nversion = "1.2.0.dev0"\n'
        '[dependency-groups]\ntest = ["core==1.0.0"]\n'
    )
    repository.write({"packages/client/pyproject.toml": client})
    repository.commit("Develop")
    patch = release(repository.root)
    assert "packages/client/pyproject.toml" in paths_of(patch)

    members, findings = look(repository)

    assert members["client"].tag == "client-v1.2.0.dev0"
    assert [finding.code for finding in findings] == ["version-not-committed"]
    assert overlay_of(read(repository.root)) == {}
