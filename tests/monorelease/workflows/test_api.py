from __future__ import annotations

from pathlib import Path

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.model.finding import Finding
from monorelease.workflows.check import check
from monorelease.workflows.read import read
from sandbox import Sandbox
from shelves import APP, CORE, Shelf

MANY = "def connect(url): ...\ndef close(): ...\n"
FEWER = "def connect(url): ...\n"


@pytest.fixture
def shelf(sandbox: Sandbox) -> Shelf:
    """The core has two functions in its last release, and one in the work tree."""
    shelf = Shelf(sandbox.root.with_name("shelf"))
    shelf.release("1.0.0", MANY)
    shelf.write({CORE: FEWER})
    return shelf


def found(root: Path, since: str | None = None, *, api: bool = True) -> tuple[Finding, ...]:
    return check(read(root), Repository.at(root), since, api=api)


def codes(findings: tuple[Finding, ...]) -> list[tuple[str, str, int | None]]:
    return [(f.code, str(f.path), f.line) for f in findings]


def test_a_breaking_change_hides_under_a_patch(shelf: Shelf) -> None:
    shelf.intend("core: patch")

    (finding,) = found(shelf.root)

    assert (finding.code, str(finding.path), finding.is_error) == ("api-breaks", CORE, False)
    assert finding.problem == "core.close is gone, and core goes from 1.0.0 to 1.0.1"
    assert finding.hint.endswith("write `core: major` in changes/1.fix.md")


def test_pre_releases_promise_nothing(sandbox: Sandbox) -> None:
    shelf = Shelf(sandbox.root.with_name("betas"))
    shelf.release("0.1b0", MANY)
    shelf.state("0.1b0", needs=">=0.1b0")
    shelf.write({CORE: FEWER})
    shelf.intend("core: patch")

    assert [finding.code for finding in found(shelf.root)] == ["api-not-compared"]


@pytest.mark.parametrize(
    ("level", "codes_found"),
    [
        ("off", []),
        ("warn", [("api-breaks", "warning")]),
        ("error", [("api-breaks", "error")]),
    ],
)
def test_the_configuration_has_a_level_for_it_without_the_flag(
    shelf: Shelf, level: str, codes_found: list[tuple[str, str]]
) -> None:
    shelf.write({"pyproject.toml": f'[tool.monorelease]\napi = "{level}"\n'})
    shelf.intend("core: patch")

    findings = found(shelf.root, api=False)

    assert [(f.code, f.severity.value) for f in findings] == codes_found


def test_what_says_that_it_breaks_may_break(shelf: Shelf) -> None:
    shelf.intend("core: major\napp: patch")

    assert [f.code for f in found(shelf.root) if f.code.startswith("api-b")] == []


def test_a_major_that_breaks_nothing_is_asked_why(shelf: Shelf) -> None:
    shelf.write({CORE: MANY})
    shelf.intend("core: major\napp: none")

    found_codes = codes(found(shelf.root))

    assert ("api-major-breaks-nothing", "changes/1.fix.md", 2) in found_codes


def test_nobody_is_compared_who_is_not_released_unless_he_is_touched(shelf: Shelf) -> None:
    shelf.sandbox.commit("Take a function away")

    assert found(shelf.root) == ()
    since = found(shelf.root, "HEAD~1")
    assert {f.code for f in since} == {"api-breaks", "missing-fragment"}
    assert "no release of core is pending" in since[0].problem + since[-1].problem


def test_it_is_the_highest_final_release_on_the_way_to_head_that_counts(shelf: Shelf) -> None:
    git = shelf.sandbox.git
    git("stash", "--quiet")
    shelf.release("1.10.0", "def connect(url): ...\n")
    shelf.release("1.11.0rc1", MANY)
    git("switch", "--quiet", "--create", "side")
    shelf.release("1.12.0", MANY)
    git("switch", "--quiet", "main")
    shelf.intend("core: patch")
    shelf.state(core="1.10.0")
    shelf.write({CORE: FEWER})

    assert found(shelf.root) == ()


def test_who_was_never_released_is_told_once(shelf: Shelf) -> None:
    shelf.intend("app: patch\ncore: major")

    told = [f for f in found(shelf.root) if f.code == "api-not-compared"]

    assert [f.problem for f in told] == ["no tag of a release to compare the public API with: app"]
    assert not told[0].is_error


def test_a_shallow_clone_is_said_to_be_one(shelf: Shelf, tmp_path: Path) -> None:
    shelf.sandbox.commit("Second")
    clone = tmp_path / "clone"
    shelf.sandbox.git("clone", "--quiet", "--depth=1", f"file://{shelf.root}", str(clone))
    (clone / "changes").mkdir()
    (clone / "changes/1.fix.md").write_text("---\ncore: patch\n---\n\nWords.\n")

    (told,) = [f for f in found(clone) if f.code == "api-not-compared"]

    assert "shallow" in told.hint


def test_a_member_that_lay_elsewhere_is_not_compared(shelf: Shelf) -> None:
    shelf.sandbox.git("mv", "packages/core", "packages/moved")
    shelf.intend("core: patch")

    assert [f.code for f in found(shelf.root)] == ["api-not-compared"]


def test_what_this_python_cannot_parse_is_told(shelf: Shelf) -> None:
    shelf.write({CORE: "def (:\n"})
    shelf.intend("core: patch")

    (finding,) = found(shelf.root)

    assert (finding.code, str(finding.path)) == ("source-unreadable", CORE)


def test_a_file_that_is_deleted_and_not_committed_is_gone(shelf: Shelf) -> None:
    (shelf.root / CORE).unlink()
    shelf.write({"packages/core/src/core/other.py": ""})
    shelf.intend("core: patch")

    assert "core.connect is gone" in " ".join(f.problem for f in found(shelf.root))


def test_tests_and_programs_are_nobodys_api(shelf: Shelf) -> None:
    for name in ("tests/test_all", "conftest", "__main__"):
        shelf.write({f"packages/core/src/core/{name}.py": "def main(): ...\n"})
    shelf.release("1.1.0", FEWER)
    shelf.sandbox.run("rm", "-r", "packages/core/src/core/tests")
    for name in ("conftest", "__main__"):
        shelf.write({f"packages/core/src/core/{name}.py": ""})
    shelf.intend("core: patch")

    assert found(shelf.root) == ()


def test_what_git_ignores_is_no_source(shelf: Shelf) -> None:
    shelf.write({CORE: MANY, ".gitignore": "build/\n", "packages/core/build/core/x.py": "def"})
    shelf.intend("core: patch")

    assert found(shelf.root) == ()


def test_without_git_or_before_the_first_commit_there_is_nothing_to_compare(
    tmp_path: Path,
) -> None:
    empty = Sandbox(tmp_path / "empty")
    empty.write({"pyproject.toml": "[tool.monorelease]\n"})
    assert found(empty.root) == ()

    with pytest.raises(UsageProblem, match="--api needs git"):
        check(read(empty.root), None, api=True)


def test_members_in_one_another_have_their_own_sources(sandbox: Sandbox) -> None:
    sandbox.write(
        {
            "pyproject.toml": '[project]\nname = "top"\nversion = "1.0"\n'
            '[tool.monorelease]\nmembers = [".", "inner"]\n',
            "top/__init__.py": "x = 1\n",
            "inner/pyproject.toml": '[project]\nname = "inner"\nversion = "1.0"\n',
            "inner/inner/__init__.py": "y = 1\n",
        }
    )
    sandbox.commit("Release")
    sandbox.git("tag", "top-v1.0")
    sandbox.git("tag", "inner-v1.0")
    sandbox.write(
        {
            "inner/inner/__init__.py": "",
            "top/__init__.py": "",
            "changes/1.fix.md": "---\ntop: patch\ninner: patch\n---\n\nWords.\n",
        }
    )

    assert sorted(f.problem.partition(",")[0] for f in found(sandbox.root)) == [
        "inner.y is gone",
        "top.x is gone",
    ]


def test_the_command_shows_findings_with_their_places(shelf: Shelf) -> None:
    shelf.intend("core: patch")
    shelf.write({"pyproject.toml": '[tool.monorelease]\napi = "error"\n', APP: "raise OSError"})

    ran = shelf.sandbox.monorelease("check", "--api")

    assert ran.status == 3
    assert ran.stdout.startswith(f"error: {CORE}: core.close is gone")
