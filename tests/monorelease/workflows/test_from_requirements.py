from __future__ import annotations

import pytest

from monorelease.adapters.git import Repository
from monorelease.workflows.authoring import Drafted, write_fragments
from monorelease.workflows.branch import open_branch
from monorelease.workflows.check import check
from monorelease.workflows.from_requirements import draft_from_requirements
from monorelease.workflows.read import read
from sandbox import Sandbox

MANIFEST = """\
[project]
name = "{name}"
version = "1.0.0"
dependencies = ["httpx>=0.27", "core>=1"]

[dependency-groups]
test = ["pytest>=8"]
"""


@pytest.fixture
def branch(sandbox: Sandbox) -> Sandbox:
    """Two members with the same requirements, and the core; nothing is changed yet."""
    names = ("client", "server")
    sandbox.write(
        {
            "pyproject.toml": "[tool.monorelease]\n",
            "packages/core/pyproject.toml": '[project]\nname = "core"\nversion = "1.0.0"\n',
            **{f"packages/{n}/pyproject.toml": MANIFEST.format(name=n) for n in names},
        }
    )
    sandbox.commit("Begin")
    sandbox.git("switch", "--quiet", "--create", "bot/httpx")
    return sandbox


def edit(branch: Sandbox, old: str, new: str, *members: str) -> None:
    for name in members:
        path = branch.root / "packages" / name / "pyproject.toml"
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


def drafted(branch: Sandbox, number: str = "7") -> Drafted:
    found = open_branch(read(branch.root), Repository.at(branch.root))
    return draft_from_requirements(found, number)


def write(branch: Sandbox) -> dict[str, str]:
    """Write what is drafted, which has to satisfy the check; all fragments there are then."""
    write_fragments(read(branch.root), drafted(branch))
    return {
        f.path.name: " ".join([*(f"{e.name}: {e.bump.word}" for e in f.entries), f.text])
        for f in read(branch.root).fragments
    }


def is_told(branch: Sandbox) -> bool:
    findings = check(read(branch.root), Repository.at(branch.root), "main")
    return not any(finding.is_error for finding in findings)


def test_members_with_the_same_news_share_a_fragment(branch: Sandbox) -> None:
    edit(branch, "0.27", "0.28", "client", "server")

    assert write(branch) == {
        "7.misc.md": "client: patch server: patch `httpx`: `>=0.27` is now `>=0.28`."
    }
    assert is_told(branch)


def test_other_news_are_other_fragments(branch: Sandbox) -> None:
    edit(branch, "0.27", "0.28", "client")
    edit(branch, '"httpx>=0.27", ', "", "server")

    assert write(branch) == {
        "7.misc.md": "client: patch `httpx`: `>=0.27` is now `>=0.28`.",
        "7.misc.1.md": "server: patch `httpx` is no longer required.",
    }


def test_what_only_developers_install_needs_no_release_and_passes_the_check(
    branch: Sandbox,
) -> None:
    edit(branch, "pytest>=8", "pytest>=9", "client")
    branch.write({"packages/server/uv.lock": "x", "uv.lock": "y"})

    assert not is_told(branch)
    assert write(branch) == {"7.misc.md": "client: none server: none "}
    assert is_told(branch)


def test_a_lock_file_of_the_root_needs_no_word(branch: Sandbox) -> None:
    branch.write({"uv.lock": "y"})
    found = drafted(branch)

    assert found.fragments == ()
    assert found.story == ("no member's requirements have changed since main",)
    assert is_told(branch)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[dependency-groups]", '[project.scripts]\nx = "y:z"\n[dependency-groups]'),
        ('version = "1.0.0"', 'version = "1.0.0"\nrequires-python = ">=3.12"'),
    ],
)
def test_what_else_has_changed_needs_a_person(old: str, new: str, branch: Sandbox) -> None:
    edit(branch, old, new, "client")
    branch.write({"packages/core/a.py": "1"})
    found = drafted(branch)

    assert found.fragments == ()
    assert found.story[-1] == "other changes, which need words of a person: client and core"


def test_the_next_version_is_told_in_the_place_of_the_last(branch: Sandbox) -> None:
    edit(branch, "0.27", "0.28", "client")
    write(branch)
    branch.commit("Bump")
    edit(branch, "0.28", "0.29", "client")

    assert list(write(branch).values()) == ["client: patch `httpx`: `>=0.27` is now `>=0.29`."]
    edit(branch, "0.29", "0.27", "client")
    assert write(branch) == {}


def test_what_a_person_has_edited_stays(branch: Sandbox) -> None:
    edit(branch, "0.27", "0.28", "client")
    write(branch)
    path = branch.root / "changes" / "7.misc.md"
    path.write_text(path.read_text("utf-8") + "\nMine.\n", "utf-8")

    found = drafted(branch)

    assert found.fragments == ()
    assert found.story[0].startswith("changes/7.misc.md has been edited")


def test_a_new_member_and_broken_ones_are_for_a_person(branch: Sandbox) -> None:
    branch.write(
        {
            "packages/new/pyproject.toml": MANIFEST.format(name="new"),
            "packages/core/pyproject.toml": b"\xff",
        }
    )

    assert drafted(branch).fragments == ()


def test_without_a_number_the_words_are_the_name(branch: Sandbox) -> None:
    edit(branch, "0.27", "0.28", "client")

    (fragment,) = drafted(branch, "").fragments

    assert fragment.path.name == "+httpx-0-27-is-now.misc.md"
