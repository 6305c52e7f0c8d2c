"""A fragment from answers, as somebody types them, and from flags."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sandbox import PATIENCE, TOOL, Sandbox, surroundings, toy

if TYPE_CHECKING:
    import pexpect

needs_terminal = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")

WHICH = r"Which members does the change touch, as numbers or names \(1 3-5\)"
HOW_FAR = r"How far does {} move \(major, minor, patch, none\) \[patch\]: "
CATEGORY = r"Category \(breaking, feature, fix, security, doc, misc\)"
NUMBER = r"Issue or pull request number, if there is one: "
TEXT = r"What changed, for its users \(empty: \$EDITOR\): "

Spawn = Callable[..., "pexpect.spawn[Any]"]


@pytest.fixture
def repository(tmp_path: Path) -> Sandbox:
    """Four members, one of them edited since the base branch."""
    sandbox = toy(tmp_path / "repository")
    for name in ("plugin-a", "plugin-b"):
        manifest = f'[project]\nname = "{name}"\nversion = "1.0.0"\n'
        sandbox.write({f"packages/{name}/pyproject.toml": manifest})
    sandbox.commit("Add plugins")
    sandbox.git("switch", "--quiet", "--create", "topic")
    sandbox.write({"packages/plugin-a/words.txt": "Edited.\n"})
    sandbox.commit("Edit a plugin")
    return sandbox


@pytest.fixture
def spawn(repository: Sandbox) -> Spawn:
    import pexpect

    def start(*words: str, **environment: str) -> pexpect.spawn[Any]:
        child = pexpect.spawn(
            TOOL[0],
            [*TOOL[1:], "add", *words],
            cwd=str(repository.root),
            env=surroundings(TERM="dumb", **environment),
            timeout=PATIENCE,
            encoding="utf-8",
            echo=False,
        )
        child.delaybeforesend = None
        return child

    return start


def answer(child: pexpect.spawn[Any], *exchange: tuple[str, str]) -> None:
    for question, words in exchange:
        child.expect(question)
        child.sendline(words)


def end(child: pexpect.spawn[Any]) -> tuple[int, str]:
    """The exit status, and what was said after the last answer."""
    child.expect_exact(_end_of_file())
    child.close()
    return child.exitstatus or 0, (child.before or "").replace("\r\n", "\n").strip()


def _end_of_file() -> Any:  # noqa: ANN401 - a class that stands for a moment
    import pexpect

    return pexpect.EOF


def fragment(repository: Sandbox, name: str) -> str:
    return (repository.root / "changes" / name).read_text("utf-8")


@needs_terminal
def test_touched_members_come_first_and_empty_answers_take_the_defaults(
    repository: Sandbox, spawn: Spawn
) -> None:
    child = spawn()
    child.expect(r" \* 1  plugin-a\s+2  app\s+3  core\s+4  plugin-b\s")
    answer(
        child,
        (WHICH + r" \[1\]: ", ""),
        (HOW_FAR.format("plugin-a"), ""),
        (CATEGORY + r" \[fix\]: ", ""),
        (NUMBER, ""),
        (TEXT, "The plugin starts faster."),
    )

    assert end(child) == (0, "changes/+the-plugin-starts-faster.fix.md")
    assert fragment(repository, "+the-plugin-starts-faster.fix.md") == (
        "---\nplugin-a: patch\n---\n\nThe plugin starts faster.\n"
    )


@needs_terminal
def test_numbers_ranges_and_names_choose_members(repository: Sandbox, spawn: Spawn) -> None:
    child = spawn()
    answer(
        child,
        (WHICH, "2-3, plugin-b"),
        (HOW_FAR.format("app"), "major"),
        (HOW_FAR.format("core"), "minor"),
        (HOW_FAR.format("plugin-b"), "none"),
        (CATEGORY + r" \[breaking\]: ", "feature"),
        (NUMBER, "#77"),
        (TEXT, "Voices are detected."),
    )

    assert end(child) == (0, "changes/77.feature.md")
    assert fragment(repository, "77.feature.md") == (
        "---\napp: major\ncore: minor\nplugin-b: none\n---\n\nVoices are detected.\n"
    )


@needs_terminal
def test_wrong_answers_are_asked_again_with_a_guess(repository: Sandbox, spawn: Spawn) -> None:
    child = spawn()
    answer(child, (WHICH, "cor"))
    child.expect_exact("there is no 'cor': did you mean 'core'?")
    answer(child, (WHICH, "1-9 0"))
    child.expect_exact("there is no '0': choose from the list")
    answer(child, (WHICH, "core"), (HOW_FAR.format("core"), "pathc"))
    child.expect_exact("there is no 'pathc': did you mean 'patch'?")
    answer(child, (HOW_FAR.format("core"), "minor"), (CATEGORY, "feat"))
    child.expect_exact("there is no 'feat': did you mean 'feature'?")
    answer(child, (CATEGORY, "feature"), (NUMBER, "8"), (TEXT, "Words."))

    assert end(child) == (0, "changes/8.feature.md")
    assert fragment(repository, "8.feature.md").startswith("---\ncore: minor\n---\n")


@needs_terminal
def test_an_empty_text_opens_the_editor(repository: Sandbox, spawn: Spawn, tmp_path: Path) -> None:
    editor = tmp_path / "an editor.py"
    editor.write_text(
        "import sys\nfrom pathlib import Path\n"
        "Path(sys.argv[-1]).write_text('Two lines\\nof words.\\n', 'utf-8')\n",
        "utf-8",
    )
    child = spawn("--patch", "core", "--id", "9", EDITOR=f"{sys.executable} '{editor}' --wait")
    answer(child, (CATEGORY, ""), (TEXT, ""))

    assert end(child) == (0, "changes/9.fix.md")
    assert fragment(repository, "9.fix.md").endswith("---\n\nTwo lines\nof words.\n")


@needs_terminal
@pytest.mark.parametrize(
    ("editor", "status", "words"),
    [
        pytest.param("", 2, "no editor is set", id="none"),
        pytest.param("/nowhere/ed", 1, "the editor '/nowhere/ed' failed", id="missing"),
        pytest.param("false", 1, "the editor 'false' failed", id="failing"),
        pytest.param("true", 3, "the fragment has no text", id="nothing written"),
        pytest.param("ed 'unclosed", 2, "EDITOR", id="quotes that do not close"),
    ],
)
def test_an_editor_that_fails_writes_no_fragment(
    repository: Sandbox, spawn: Spawn, editor: str, status: int, words: str
) -> None:
    before = repository.tree()
    child = spawn("--patch", "core", "--category", "fix", "--id", "9", EDITOR=editor)
    answer(child, (TEXT, ""))

    ended, said = end(child)

    assert ended == status, said
    assert words in said
    assert repository.tree() == before


@needs_terminal
@pytest.mark.parametrize(("sign", "status"), [("c", 130), ("d", 2)])
def test_leaving_in_the_middle_writes_nothing(
    repository: Sandbox, spawn: Spawn, sign: str, status: int
) -> None:
    before = repository.tree()
    child = spawn()
    child.expect(WHICH)
    child.sendcontrol(sign)

    ended, said = end(child)

    assert ended == status
    assert "Traceback" not in said
    assert repository.tree() == before


def test_flags_and_stdin_ask_nothing(repository: Sandbox) -> None:
    ran = repository.monorelease(
        "add", "--minor", "plugin-*,core", "--none", "app", "-m", "-", stdin="First.\n\nSecond.\n"
    )

    assert ran == (0, "changes/+first-second.feature.md\n", "")
    assert fragment(repository, "+first-second.feature.md") == (
        "---\ncore: minor\nplugin-a: minor\nplugin-b: minor\napp: none\n---\n\nFirst.\n\nSecond.\n"
    )


def test_empty_says_that_no_release_is_needed(repository: Sandbox) -> None:
    ran = repository.monorelease("add", "--empty", "-m", "Only tests changed.")

    assert ran.stdout == "changes/+only-tests-changed.misc.md\n"
    assert fragment(repository, "+only-tests-changed.misc.md") == (
        "---\n---\n\nOnly tests changed.\n"
    )


def test_a_taken_name_gets_a_number(repository: Sandbox) -> None:
    names = [
        repository.monorelease("add", "--patch", "core", "--id", "1042", "-m", "Words.").stdout
        for _ in range(2)
    ]

    assert names == ["changes/1042.fix.1.md\n", "changes/1042.fix.2.md\n"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--id", "../../up", "-m", "Words."], id="a path for an id"),
        pytest.param(["--id", "/etc/x", "-m", "Words."], id="an absolute path"),
        pytest.param(["--category", "../fix", "-m", "Words."], id="a path for a category"),
        pytest.param(["-m", "A \x1b[31mred\x1b[0m word."], id="escapes in the text"),
        pytest.param(["-m", "```\nnever closed"], id="an open code block"),
        pytest.param(["-m", "  "], id="no words"),
    ],
)
def test_what_check_would_refuse_is_not_written(repository: Sandbox, words: list[str]) -> None:
    before = repository.tree()

    ran = repository.monorelease("add", "--patch", "core", *words)

    assert ran.status in {1, 2, 3}
    assert ran.stderr.startswith("error: ")
    assert "\x1b" not in ran.stderr
    assert repository.tree() == before


def test_text_that_looks_like_front_matter_stays_text(repository: Sandbox) -> None:
    repository.monorelease("add", "--patch", "core", "--id", "3", "-m", "---\napp: major\n---")

    assert repository.monorelease("status").stdout.startswith("2 packages to release")
    assert "major" not in repository.monorelease("status").stdout


BUMP = "a bump (--major, --minor, --patch, --none, or --empty)"
WORDS = "the words (-m TEXT, or -m - for stdin)"


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ([], f"{BUMP}; {WORDS}"),
        (["--patch", "core"], WORDS),
        (["-m", "Words."], BUMP),
    ],
)
def test_where_nobody_can_be_asked_the_missing_flags_are_named(
    repository: Sandbox, words: list[str], missing: str
) -> None:
    ran = repository.monorelease("add", *words)

    problem, hint = ran.stderr.splitlines()
    assert (ran.status, ran.stdout) == (2, "")
    assert problem == f"error: there is nobody to ask here, and the flags leave open: {missing}"
    assert hint == "  hint: for example: monorelease add --patch NAME -m 'What changed.'"


def test_an_editor_needs_no_terminal(repository: Sandbox) -> None:
    ran = repository.monorelease(
        "add", "--patch", "core", "--id", "5", "-m", "Words.", "--edit", EDITOR="true"
    )

    assert ran == (0, "changes/5.fix.md\n", "")
    assert fragment(repository, "5.fix.md").endswith("---\n\nWords.\n")


@needs_terminal
def test_empty_needs_no_answers(spawn: Spawn) -> None:
    assert end(spawn("--empty")) == (0, "changes/+no-release.misc.md")


@pytest.mark.skipif(os.name == "nt", reason="arguments are Unicode on Windows")
def test_words_that_are_no_text_are_refused(repository: Sandbox) -> None:
    before = repository.tree()

    for command in (
        """printf 'caf\\351' | "$@" -m -""",
        """"$@" -m "$(printf 'caf\\351')" """,
        """"$@" -m - <&-""",
    ):
        words = (*TOOL, "add", "--patch", "core")
        ran = repository.run("sh", "-c", command, "sh", *words)
        assert ran.status == 2
        assert ran.stderr.startswith("error: the")
    assert repository.tree() == before


def test_words_from_windows_are_taken_as_they_are_meant(repository: Sandbox) -> None:
    ran = repository.monorelease(
        "add", "--patch", "core", "--id", "6", "-m", "-", stdin="\ufeffOne.\r\n\r\nTwo.\r\n"
    )

    assert ran.status == 0
    assert fragment(repository, "6.fix.md").endswith("---\n\nOne.\n\nTwo.\n")
