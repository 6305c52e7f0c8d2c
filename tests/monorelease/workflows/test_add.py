from __future__ import annotations

from pathlib import Path

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import ProblemsFound
from monorelease.model.bump import Bump
from monorelease.model.config import DEFAULT_CATEGORIES, Category
from monorelease.model.intent import Intent
from monorelease.planning.categories import category_for
from monorelease.workflows.add import add, touched
from monorelease.workflows.read import read
from sandbox import Sandbox
from values import named

CORE, CLIENT = named("core"), named("client")


def intent(text: str = "It is freed.", issue: str = "7", category: str = "fix") -> Intent:
    return Intent(bumps={CORE: Bump.PATCH}, category=category, id=issue, text=text)


def written(repository: Sandbox, wanted: Intent) -> tuple[str, str]:
    """The name of the new file, and what is in it."""
    path = add(read(repository.root), wanted)
    return str(path), (repository.root / path).read_text("utf-8")


def names_touched(repository: Sandbox) -> list[str]:
    return sorted(touched(read(repository.root), Repository.at(repository.root)))


# ── the file ────────────────────────────────────────────────────────────────────────────


def test_a_fragment_says_who_moves_how_far_and_why(repository: Sandbox) -> None:
    wanted = Intent(
        bumps={CORE: Bump.MINOR, CLIENT: Bump.NONE},
        category="feature",
        id="1043",
        text="  Voices are detected.\n\nAnd more.\n\n",
    )

    assert written(repository, wanted) == (
        "changes/1043.feature.md",
        "---\ncore: minor\nclient: none\n---\n\nVoices are detected.\n\nAnd more.\n",
    )


def test_what_was_written_is_read_again_as_it_was_meant(repository: Sandbox) -> None:
    add(read(repository.root), intent())

    (new,) = [f for f in read(repository.root).fragments if f.id == "7"]

    assert (new.category, new.text) == ("fix", "It is freed.")
    assert [(e.name, e.bump) for e in new.entries] == [("core", Bump.PATCH)]
    assert read(repository.root).findings == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It is freed.", "+it-is-freed"),
        ("Don't free it twice: never again, please!", "+don-t-free-it-twice"),
        ("`Job.dispose()` — it's there", "+job-dispose-it-s-there"),
        ("../../etc/passwd", "+etc-passwd"),
        ("漢字", "+no-release"),
        ("x" * 500, f"+{'x' * 60}"),
    ],
)
def test_without_a_number_the_first_words_are_the_name(
    text: str, name: str, repository: Sandbox
) -> None:
    path, _ = written(repository, intent(text, issue=""))

    assert path == f"changes/{name}.fix.md"


def test_an_empty_fragment_says_that_no_release_is_needed(repository: Sandbox) -> None:
    wanted = Intent(bumps={}, category="misc", id="", text="")

    assert written(repository, wanted) == ("changes/+no-release.misc.md", "---\n---\n")


def test_a_name_that_is_taken_is_counted_on(repository: Sandbox) -> None:
    paths = [written(repository, intent(issue="1042"))[0] for _ in range(3)]

    assert paths == ["changes/1042.fix.1.md", "changes/1042.fix.2.md", "changes/1042.fix.3.md"]
    assert "Native" in (repository.root / "changes" / "1042.fix.md").read_text()


def test_the_fragment_goes_where_towncrier_keeps_them(repository: Sandbox) -> None:
    repository.write(
        {"pyproject.toml": "[tool.monorelease]\n[tool.towncrier]\ndirectory = 'news'\n"}
    )

    path, _ = written(repository, intent())

    assert path == "news/7.fix.md"


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(intent(text=""), id="no-text"),
        pytest.param(intent(text="a\x1b[31mb"), id="control-characters"),
        pytest.param(intent(text="```\nnever closed"), id="a-code-block-that-never-ends"),
        pytest.param(intent(text="<<<<<<< ours"), id="a-merge-conflict"),
        pytest.param(intent(category="fxi"), id="an-unknown-category"),
        pytest.param(intent(issue="1 2"), id="a-blank-in-the-name"),
        pytest.param(intent(issue="-x"), id="a-name-like-an-option"),
    ],
)
def test_what_would_not_pass_the_check_is_not_written(wanted: Intent, repository: Sandbox) -> None:
    with pytest.raises(ProblemsFound) as caught:
        add(read(repository.root), wanted)

    assert caught.value.findings
    assert repository.git("status", "--porcelain") == ""


@pytest.mark.parametrize("issue", ["../7", "a/b", "/7"])
def test_a_fragment_stays_in_its_folder(issue: str, repository: Sandbox, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if ".git" not in path.parts}

    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever refuses first
        add(read(repository.root), intent(issue=issue))

    assert not isinstance(caught.value, AssertionError)
    assert {path for path in tmp_path.rglob("*") if ".git" not in path.parts} == before


# ── what was touched ────────────────────────────────────────────────────────────────────


def test_members_that_the_branch_changed_are_offered(repository: Sandbox) -> None:
    repository.git("checkout", "--quiet", "-b", "work")
    repository.write({"packages/core/a.py": "1"})
    repository.commit("Work")
    repository.write({"packages/server/b.py": "1", "README.md": "1"})

    assert names_touched(repository) == ["core", "server"]


def test_on_the_base_branch_itself_what_is_not_committed_counts(repository: Sandbox) -> None:
    repository.write({"packages/core/a.py": "1"})

    assert names_touched(repository) == ["core"]


def test_where_no_branch_is_the_base_what_is_not_committed_counts(repository: Sandbox) -> None:
    repository.git("branch", "--move", "trunk")
    repository.write({"packages/core/a.py": "1"})

    assert names_touched(repository) == ["core"]


def test_without_git_nobody_was_touched(repository: Sandbox) -> None:
    assert touched(read(repository.root), None) == ()


def test_where_history_was_cut_off_nobody_is_guessed(repository: Sandbox, tmp_path: Path) -> None:
    repository.git("branch", "old")
    repository.write({"packages/core/a.py": "1"})
    repository.commit("Second")
    clone = tmp_path / "clone"
    repository.git(
        "clone",
        "--quiet",
        "--depth=1",
        "--no-single-branch",
        f"file://{repository.root}",
        str(clone),
    )
    repository.git(
        "-C", str(clone), "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/old"
    )

    assert touched(read(clone), Repository.at(clone)) == ()


# ── the category ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("bump", "categories", "category"),
    [
        (Bump.MAJOR, "breaking feature fix misc", "breaking"),
        (Bump.MINOR, "breaking feature fix misc", "feature"),
        (Bump.PATCH, "breaking feature fix misc", "fix"),
        (Bump.NONE, "breaking feature fix misc", "misc"),
        (Bump.MAJOR, "removal bugfix", "removal"),
        (Bump.PATCH, "removal bugfix", "bugfix"),
        (Bump.PATCH, "one two", "one"),
    ],
)
def test_the_usual_category_of_a_bump_is_offered(
    bump: Bump, categories: str, category: str
) -> None:
    known = [Category(directory=word, title=word.title()) for word in categories.split()]

    assert category_for(bump, known) == category


def test_the_default_categories_have_one_for_every_bump() -> None:
    assert [category_for(bump, DEFAULT_CATEGORIES) for bump in Bump] == [
        "misc",
        "fix",
        "feature",
        "breaking",
    ]
