from __future__ import annotations

import pytest

from monorelease.errors import NoWorkspace, ProblemsFound, ReleaseError
from monorelease.formats.setup import fragments_readme, setup_tables
from monorelease.workflows.init import init
from monorelease.workflows.read import find_root, read
from sandbox import Sandbox

TABLES = setup_tables(with_monorelease=True, with_towncrier=True)
PROJECT = '[project]\nname = "{}"\nversion = "1.0.0"\n'


@pytest.fixture
def bare(sandbox: Sandbox) -> Sandbox:
    """Two members in a folder of packages, and nothing set up."""
    sandbox.write(
        {
            "pyproject.toml": "# A monorepo.\n[tool.ruff]\nline-length = 100\n",
            "packages/a/pyproject.toml": PROJECT.format("a"),
            "packages/b/pyproject.toml": PROJECT.format("b"),
        }
    )
    return sandbox


def written(sandbox: Sandbox) -> list[str]:
    return [str(path) for path in init(sandbox.root).written]


def test_a_repository_gets_its_tables_and_a_page_for_contributors(bare: Sandbox) -> None:
    before = bare.tree()

    made = init(bare.root)

    assert [member.name for member in made.members] == ["a", "b"]
    assert bare.tree() == before | {
        "pyproject.toml": before["pyproject.toml"] + b"\n" + TABLES.encode(),
        "changes/README.md": fragments_readme().encode(),
    }


def test_what_was_set_up_can_be_released_from(bare: Sandbox) -> None:
    init(bare.root)
    bare.write({"changes/1.fix.md": "---\na: patch\n---\n\nx\n"})

    snapshot = read(find_root(bare.root / "packages" / "a"))

    assert snapshot.findings == ()
    assert len(snapshot.fragments) == 1


def test_a_second_time_nothing_is_left_to_do(bare: Sandbox) -> None:
    init(bare.root)
    after = bare.tree()

    assert written(bare) == []
    assert bare.tree() == after


@pytest.mark.parametrize(
    ("files", "names"),
    [
        pytest.param(
            {"pyproject.toml": "[tool.monorelease]\n"},
            ["pyproject.toml", "changes/README.md"],
            id="our-table",
        ),
        pytest.param(
            {"pyproject.toml": "[tool.towncrier]\ndirectory = 'news'\n"},
            ["pyproject.toml", "news/README.md"],
            id="towncriers-table",
        ),
        pytest.param(
            {"towncrier.toml": "[tool.towncrier]\ndirectory = 'news'\n"},
            ["pyproject.toml", "news/README.md"],
            id="towncriers-file",
        ),
        pytest.param({"changes/README.md": "Ours.\n"}, ["pyproject.toml"], id="the-page"),
        pytest.param(
            {"pyproject.toml": "[tool.monorelease]\n[tool.towncrier]\n"},
            ["changes/README.md"],
            id="both-tables",
        ),
    ],
)
def test_what_exists_is_not_changed(files: dict[str, str], names: list[str], bare: Sandbox) -> None:
    bare.write(files)
    before = bare.tree()

    assert written(bare) == names

    after = bare.tree()
    assert all(after[name].startswith(data) for name, data in before.items())
    assert read(bare.root).findings == ()


def test_a_repository_without_a_root_manifest_gets_one(bare: Sandbox) -> None:
    (bare.root / "pyproject.toml").unlink()

    assert written(bare) == ["pyproject.toml", "changes/README.md"]
    assert (bare.root / "pyproject.toml").read_text() == TABLES


def test_the_files_newlines_stay(bare: Sandbox) -> None:
    bare.write({"pyproject.toml": b"[tool.ruff]\r\nline-length = 100\r\n"})

    init(bare.root)

    assert (bare.root / "pyproject.toml").read_bytes() == (
        b"[tool.ruff]\r\nline-length = 100\r\n\r\n" + TABLES.replace("\n", "\r\n").encode()
    )


def test_where_there_are_no_members_nothing_is_written(sandbox: Sandbox) -> None:
    sandbox.write({"pyproject.toml": PROJECT.format("alone")})
    before = sandbox.tree()

    with pytest.raises(NoWorkspace) as caught:
        init(sandbox.root)

    assert "members = [" in caught.value.hint
    assert sandbox.tree() == before


def test_a_root_that_is_no_toml_is_left_alone(bare: Sandbox) -> None:
    bare.write({"pyproject.toml": "[tool.ruff\n"})
    before = bare.tree()

    with pytest.raises(ProblemsFound) as caught:
        init(bare.root)

    assert [finding.code for finding in caught.value.findings] == ["bad-toml"]
    assert bare.tree() == before


@pytest.mark.parametrize("root", ["tool = { ruff = { line-length = 100 } }\n", "tool = 1\n"])
def test_a_root_to_which_no_table_can_be_added_is_left_alone(root: str, bare: Sandbox) -> None:
    bare.write({"pyproject.toml": root})
    before = bare.tree()

    with pytest.raises(ReleaseError) as caught:
        init(bare.root)

    assert caught.value.hint
    assert bare.tree() == before


def test_members_with_problems_of_their_own_do_not_stop_it(bare: Sandbox) -> None:
    bare.write({"packages/b/pyproject.toml": b"\xff"})

    assert written(bare) == ["pyproject.toml", "changes/README.md"]
