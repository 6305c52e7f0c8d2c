"""Names, globs and versions on the command line: what they mean, and what they cannot mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox import Sandbox, toy

USAGE = 2


@pytest.fixture
def repository(tmp_path: Path) -> Sandbox:
    """Two members with a fragment, one without, one that is ignored."""
    sandbox = toy(tmp_path / "repository", 'ignore = ["attic"]\n')
    for name in ("plugin-a", "plugin-b", "attic"):
        manifest = f'[project]\nname = "{name}"\nversion = "1.0.0"\n'
        sandbox.write({f"packages/{name}/pyproject.toml": manifest})
    sandbox.write({"changes/7.feature.md": "---\nplugin-a: minor\n---\n\nMore.\n"})
    sandbox.commit("Add members")
    return sandbox


def released(repository: Sandbox, *words: str) -> set[str]:
    value = json.loads(repository.monorelease("status", "--json", *words).stdout)
    return {release["name"] for release in value["releases"]}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], {"app", "core", "plugin-a"}),
        (["--only", "core"], {"app", "core"}),
        (["--only", "core,plugin-*"], {"app", "core", "plugin-a"}),
        (["--only", "core", "--only", "Plugin_A"], {"app", "core", "plugin-a"}),
        (["--only", "*,!core"], {"plugin-a"}),
        (["--except", "plugin-*"], {"app", "core"}),
        (["--as", "plugin-b=2", "--except", "core,plugin-a"], {"plugin-b"}),
    ],
)
def test_names_and_globs_choose_members(
    repository: Sandbox, words: list[str], names: set[str]
) -> None:
    assert released(repository, *words) == names


@pytest.mark.parametrize("flag", ["--only", "--except"])
@pytest.mark.parametrize("word", ["", ",", "!core", "core,!core"])
def test_a_word_that_comes_to_nobody_does_not_mean_everybody(
    repository: Sandbox, flag: str, word: str
) -> None:
    """As an unset variable of a script would."""
    ran = repository.monorelease("release", flag, word)

    assert (ran.status, ran.stdout) == (USAGE, "")
    assert ran.stderr.startswith(f"error: {word!r} names no member\n  hint: members are ")


@pytest.mark.parametrize("word", ["app", "a*", "plugin-b"])
def test_only_tells_of_names_without_a_fragment(repository: Sandbox, word: str) -> None:
    ran = repository.monorelease("status", "--only", f"{word},plugin-a")

    assert ran.status == 0
    assert ran.stderr == (
        f"warning: --only {word} adds nothing: no pending fragment moves such a member\n"
    )


@pytest.mark.parametrize("word", ["core", "plugin-*", "*,!plugin-b"])
def test_only_is_silent_where_there_is_a_fragment(repository: Sandbox, word: str) -> None:
    assert repository.monorelease("status", "--only", word).stderr == ""


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("status --as core=2 --as core=3", "2 and 3 were asked for core"),
        ("status --as core=2 --except c*", "2 was asked for core, and --except holds it back"),
        ("status --as attic=2", "2 was asked for attic, and the configuration ignores it"),
        ("status --as plugin-*=2", "there is no member 'plugin-*' here"),
        ("explain plugin-*", "'plugin-*' means plugin-a and plugin-b"),
        ("explain ,", "',' names no member"),
        ("changelog --roll-up core", "--roll-up is one page for all members"),
        ("release --diff --json", "--diff and --json are two outputs"),
        ("add --patch core --empty -m x", "--empty says that nothing moves, and --patch that"),
    ],
)
def test_words_that_contradict_each_other_are_refused(
    repository: Sandbox, words: str, problem: str
) -> None:
    before = repository.tree()

    ran = repository.monorelease(*words.split())

    assert (ran.status, ran.stdout) == (USAGE, "")
    assert ran.stderr.startswith(f"error: {problem}")
    assert repository.tree() == before


def test_one_version_twice_is_no_contradiction(repository: Sandbox) -> None:
    words = ["--as", "plugin-b=2", "--as", "plugin_b=2.0", "--only", "plugin-a"]

    assert released(repository, *words) == {"plugin-a", "plugin-b"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plugin-b"], "Not released, and so without notes: plugin-b."),
        (["plugin-b", "attic"], "Not released, and so without notes: attic, plugin-b."),
        (["--snapshot"], "A snapshot writes no changelog."),
        (["--except", "*"], "Nothing to release: no pending fragment moves a member."),
    ],
)
def test_why_there_are_no_notes_is_told(repository: Sandbox, words: list[str], said: str) -> None:
    assert repository.monorelease("changelog", *words) == (0, f"{said}\n", "")


def test_explain_tells_of_a_fragment_that_is_wrong(repository: Sandbox) -> None:
    repository.write({"changes/8.fix.md": "---\nplugin-c: patch\n---\n\nWords.\n"})

    ran = repository.monorelease("explain", "plugin-b")

    assert ran.stdout == "plugin-b is not released\n  no fragment names it\n"
    assert ran.stderr.startswith("error: changes/8.fix.md:2: 'plugin-c' is not a member")


def test_explain_in_a_shallow_clone_does_not_take_fragments_for_new(
    repository: Sandbox, tmp_path: Path
) -> None:
    cut = Sandbox(tmp_path / "cut")
    cut.git("fetch", "--quiet", "--depth", "1", repository.root.as_uri(), "main")
    cut.git("reset", "--quiet", "--hard", "FETCH_HEAD")

    assert "not committed yet" not in cut.monorelease("explain", "core").stdout
    assert "added by Ada" in repository.monorelease("explain", "core").stdout


def test_a_snapshot_has_no_version_that_could_be_asked_for(repository: Sandbox) -> None:
    ran = repository.monorelease("status", "--snapshot", "--as", "core=2.0.0")

    assert ran.status == 2
    assert "--snapshot" in ran.stderr
