from __future__ import annotations

import os
from pathlib import Path

import pytest

from monorelease.adapters.tags import Tags
from monorelease.errors import GitFailed
from publishing import add_remote
from sandbox import Sandbox


@pytest.fixture
def origin(sandbox: Sandbox, tmp_path: Path) -> Path:
    """A bare repository as the sandbox's ``origin``; both have one commit."""
    bare = tmp_path / "origin.git"
    sandbox.write({"a": "1"})
    sandbox.commit("First")
    add_remote(sandbox, bare)
    return bare


def commit(sandbox: Sandbox, name: str = "HEAD") -> str:
    return sandbox.git("rev-parse", f"{name}^{{commit}}").strip()


def refs(sandbox: Sandbox, origin: Path) -> list[str]:
    return sandbox.git(f"--git-dir={origin}", "for-each-ref", "--format=%(refname)").split()


def hook(repository: Path, name: str, script: str) -> None:
    (repository / "hooks").mkdir(exist_ok=True)
    path = repository / "hooks" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


# ── here ────────────────────────────────────────────────────────────────────────────────


def test_every_tag_here_is_told_with_the_commit_that_it_is_on(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    first = commit(sandbox)
    sandbox.git("tag", "light")
    sandbox.git("tag", "--annotate", "--message=One", "core-v1.0.0")
    sandbox.git("tag", "--annotate", "--message=Twice", "team/twice", "core-v1.0.0")
    sandbox.commit("Second")
    sandbox.git("tag", "é-v1")

    assert Tags(sandbox.root).here() == {
        "light": first,
        "core-v1.0.0": first,
        "team/twice": first,
        "é-v1": commit(sandbox),
    }


def test_without_tags_there_are_none(sandbox: Sandbox) -> None:
    assert Tags(sandbox.root).here() == {}


def test_a_repository_that_git_refuses_is_said(tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="not a git repository"):
        Tags(tmp_path).here()


# ── there ───────────────────────────────────────────────────────────────────────────────


def test_of_the_remote_the_tags_asked_for_are_told_and_no_other(
    sandbox: Sandbox, origin: Path
) -> None:
    sandbox.git("tag", "--annotate", "--message=One", "core-v1")
    sandbox.git("tag", "app-v1")
    sandbox.git("push", "--quiet", "--tags", "origin")
    sandbox.git("push", "--quiet", "origin", "main:refs/tags/x/refs/tags/b")
    sandbox.git("tag", "local")
    tags = Tags(sandbox.root)

    found = tags.there("origin", ["local", "core-v1", "b", "core-v*", "core-v1^{}", "app-v"])

    assert found == {"core-v1": commit(sandbox)}
    assert tags.there(str(origin), ["app-v1"]) == {"app-v1": commit(sandbox)}
    assert Tags(sandbox.root).there("nowhere", []) == {}


def test_a_remote_that_is_not_there_is_said(sandbox: Sandbox, origin: Path) -> None:
    origin.rename(origin.with_name("moved.git"))

    with pytest.raises(GitFailed, match=r"the remote 'origin' cannot be used: .*origin\.git") as no:
        Tags(sandbox.root).there("origin", ["v1"])

    assert "git remote -v" in no.value.hint


@pytest.mark.parametrize("name", ["--upload-pack=touch hacked", "-x", "ext::touch hacked"])
def test_a_remote_is_no_option_and_no_program(name: str, sandbox: Sandbox, origin: Path) -> None:
    tags = Tags(sandbox.root)
    sandbox.git("tag", "v1")

    with pytest.raises(GitFailed):
        tags.there(name, ["v1"])
    with pytest.raises(GitFailed):
        tags.push(name, ["v1"])

    assert not list(sandbox.root.rglob("hacked"))
    assert refs(sandbox, origin) == ["refs/heads/main"]


# ── make ────────────────────────────────────────────────────────────────────────────────

MESSAGE = "core 1.0.1\n\n# Fixes\n\n- Größe, 漢 and “quotes”\n# not a comment\n\n  indented\n"


def test_a_tag_is_annotated_and_its_message_kept_as_it_is(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    first = commit(sandbox)
    sandbox.commit("Second")
    sandbox.git("config", "core.commentChar", "-")

    Tags(sandbox.root).make("core-v1.0.1", first, MESSAGE)

    kind, _, body = sandbox.git("cat-file", "tag", "core-v1.0.1").partition("\n\n")
    assert f"object {first}\ntype commit\ntag core-v1.0.1\ntagger Ada Lovelace" in kind
    assert body == MESSAGE


def test_the_same_tag_once_more_changes_nothing(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    tags = Tags(sandbox.root)
    tags.make("v1", commit(sandbox), "One")
    sandbox.git("tag", "light")
    before = sandbox.git("show-ref")

    tags.make("v1", commit(sandbox), "Another message")
    tags.make("light", commit(sandbox), "One")

    assert sandbox.git("show-ref") == before


def test_a_tag_on_another_commit_is_never_moved(sandbox: Sandbox) -> None:
    sandbox.commit("First")
    Tags(sandbox.root).make("v1", commit(sandbox), "One")
    sandbox.commit("Second")
    before = sandbox.git("show-ref", "--tags")

    with pytest.raises(GitFailed) as caught:
        Tags(sandbox.root).make("v1", commit(sandbox), "One")

    first, second = commit(sandbox, "HEAD~1")[:12], commit(sandbox)[:12]
    assert caught.value.problem == f"the tag v1 is on {first} already, and not on {second}"
    assert "git show v1" in caught.value.hint
    assert sandbox.git("show-ref", "--tags") == before


@pytest.mark.parametrize("name", ["a b", "-d", "a..b", "", "v1\n"])
def test_a_name_that_can_be_no_tag_is_refused(name: str, sandbox: Sandbox) -> None:
    sandbox.commit("First")

    with pytest.raises(GitFailed, match="git tag failed"):
        Tags(sandbox.root).make(name, commit(sandbox), "One")

    assert Tags(sandbox.root).here() == {}


def test_who_makes_it_must_be_known(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.commit("First")
    for variable in [name for name in os.environ if name.endswith(("_NAME", "_EMAIL", "EMAIL"))]:  # noqa: TID251 - what the fixture has set
        monkeypatch.delenv(variable)
    sandbox.git("config", "user.useConfigOnly", "true")

    with pytest.raises(GitFailed, match="who makes the tags") as caught:
        Tags(sandbox.root).make("v1", commit(sandbox), "One")

    assert "git config user.email" in caught.value.hint


def signing(sandbox: Sandbox, program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    sandbox.git("config", "tag.gpgSign", "true")
    sandbox.git("config", "gpg.program", str(program))


def test_tags_are_signed_where_the_user_has_said_so(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.commit("First")
    signing(
        sandbox,
        tmp_path / "gpg",
        "cat >/dev/null; echo '[GNUPG:] SIG_CREATED ' >&2; echo '-----BEGIN PGP SIGNATURE-----'",
    )

    Tags(sandbox.root).make("v1", commit(sandbox), "One")
    sandbox.git("config", "tag.gpgSign", "false")
    Tags(sandbox.root).make("v2", commit(sandbox), "Two")

    assert "BEGIN PGP SIGNATURE" in sandbox.git("cat-file", "tag", "v1")
    assert "BEGIN PGP SIGNATURE" not in sandbox.git("cat-file", "tag", "v2")


def test_a_tag_that_cannot_be_signed_is_not_made(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.commit("First")
    signing(sandbox, tmp_path / "gpg", "exit 2")

    with pytest.raises(GitFailed, match="failed to sign"):
        Tags(sandbox.root).make("v1", commit(sandbox), "One")

    assert Tags(sandbox.root).here() == {}


# ── push ────────────────────────────────────────────────────────────────────────────────


def test_a_push_moves_the_tags_named_and_nothing_else(sandbox: Sandbox, origin: Path) -> None:
    sandbox.commit("Second")
    tags = Tags(sandbox.root)
    for name in ("core-v1", "app-v1", "stranger"):
        tags.make(name, commit(sandbox), name)
    sandbox.git("config", "push.followTags", "true")
    sandbox.git("config", "remote.origin.push", "refs/heads/*:refs/heads/*")
    sandbox.git("branch", "core-v1")
    main = sandbox.git(f"--git-dir={origin}", "rev-parse", "main")

    tags.push("origin", ["core-v1", "app-v1"])

    assert refs(sandbox, origin) == ["refs/heads/main", "refs/tags/app-v1", "refs/tags/core-v1"]
    assert sandbox.git(f"--git-dir={origin}", "rev-parse", "main") == main
    assert tags.there("origin", ["core-v1"]) == {"core-v1": commit(sandbox)}


def test_tags_that_are_there_already_are_no_obstacle(sandbox: Sandbox, origin: Path) -> None:
    tags = Tags(sandbox.root)
    tags.make("a", commit(sandbox), "a")
    tags.push("origin", ["a"])
    tags.make("b", commit(sandbox), "b")

    tags.push("origin", ["a", "b"])

    assert refs(sandbox, origin)[1:] == ["refs/tags/a", "refs/tags/b"]


def test_no_tags_are_no_push(sandbox: Sandbox, origin: Path) -> None:
    sandbox.commit("Second")

    Tags(sandbox.root).push("origin", [])

    assert sandbox.git(f"--git-dir={origin}", "rev-parse", "main").strip() != commit(sandbox)


def test_where_one_tag_is_taken_nothing_moves(sandbox: Sandbox, origin: Path) -> None:
    tags = Tags(sandbox.root)
    tags.make("b", commit(sandbox), "theirs")
    tags.push("origin", ["b"])
    sandbox.git("tag", "--delete", "b")
    sandbox.commit("Second")
    for name in "abc":
        tags.make(name, commit(sandbox), name)

    with pytest.raises(GitFailed) as caught:
        tags.push("origin", ["a", "b", "c"])

    assert caught.value.problem == "origin took none of the tags: b (already exists)"
    assert "ls-remote" in caught.value.hint
    assert refs(sandbox, origin) == ["refs/heads/main", "refs/tags/b"]


def test_who_pushes_the_same_at_the_same_time_is_in_nobodys_way(
    sandbox: Sandbox, origin: Path
) -> None:
    """Two runs make two tags of one name on one commit: who is late pushes what is left."""
    tags = Tags(sandbox.root)
    for name in "ab":
        tags.make(name, commit(sandbox), "theirs")
    tags.push("origin", ["a", "b"])
    sandbox.git("tag", "--delete", "a", "b")
    for name in "abc":
        tags.make(name, commit(sandbox), "ours")

    tags.push("origin", ["a", "b"])
    tags.push("origin", ["a", "c", "b"])

    assert refs(sandbox, origin)[1:] == ["refs/tags/a", "refs/tags/b", "refs/tags/c"]
    message = sandbox.git(f"--git-dir={origin}", "for-each-ref", "--format=%(subject)", "refs/tags")
    assert message.split() == ["theirs", "theirs", "ours"]


def test_a_hook_there_may_refuse_one_and_so_all(sandbox: Sandbox, origin: Path) -> None:
    hook(origin, "update", '[ "$1" = refs/tags/b ] && { echo "not today" >&2; exit 1; }; exit 0')
    tags = Tags(sandbox.root)
    for name in "abc":
        tags.make(name, commit(sandbox), name)

    with pytest.raises(GitFailed) as caught:
        tags.push("origin", ["a", "b", "c"])

    first, *said = caught.value.problem.splitlines()
    assert first == "origin took none of the tags: b (hook declined)"
    assert "remote: not today" in said
    assert refs(sandbox, origin) == ["refs/heads/main"]


def test_a_hook_there_may_refuse_them_together(sandbox: Sandbox, origin: Path) -> None:
    hook(origin, "pre-receive", "echo 'frozen until Monday' >&2; exit 1")
    tags = Tags(sandbox.root)
    names = [f"v{number}" for number in range(8)]
    for name in names:
        tags.make(name, commit(sandbox), name)

    with pytest.raises(GitFailed) as caught:
        tags.push("origin", names)

    assert "v4 (pre-receive hook declined) and 3 more" in caught.value.problem
    assert "remote: frozen until Monday" in caught.value.problem
    assert refs(sandbox, origin) == ["refs/heads/main"]


def test_a_hook_here_may_refuse_too(sandbox: Sandbox, origin: Path) -> None:
    hook(sandbox.root / ".git", "pre-push", "echo 'tests fail'; exit 1")
    tags = Tags(sandbox.root)
    tags.make("v1", commit(sandbox), "One")

    with pytest.raises(GitFailed, match="tests fail") as caught:
        tags.push("origin", ["v1"])

    assert "pre-push" in caught.value.hint
    assert refs(sandbox, origin) == ["refs/heads/main"]


def test_a_tag_that_is_not_here_is_not_pushed(sandbox: Sandbox, origin: Path) -> None:
    Tags(sandbox.root).make("v1", commit(sandbox), "One")

    with pytest.raises(GitFailed, match="nope"):
        Tags(sandbox.root).push("origin", ["v1", "nope"])

    assert refs(sandbox, origin) == ["refs/heads/main"]


def test_a_remote_that_cannot_be_reached_takes_nothing(sandbox: Sandbox, origin: Path) -> None:
    origin.rename(origin.with_name("moved.git"))
    Tags(sandbox.root).make("v1", commit(sandbox), "One")

    with pytest.raises(GitFailed, match="the remote 'origin' cannot be used"):
        Tags(sandbox.root).push("origin", ["v1"])


def test_hundreds_of_tags_are_one_push(
    sandbox: Sandbox, origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"agents-plugin-vendor-{number:03}-v1.0.44" for number in range(300)]
    lines = "".join(f"create refs/tags/{name} {commit(sandbox)}\n" for name in names)
    assert sandbox.run("git", "update-ref", "--stdin", stdin=lines).status == 0
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))

    Tags(sandbox.root).push("origin", names)

    assert trace.read_text().count("built-in: git push") == 1
    monkeypatch.delenv("GIT_TRACE")
    assert refs(sandbox, origin)[1:] == [f"refs/tags/{name}" for name in names]
    assert len(Tags(sandbox.root).there("origin", names)) == 300
