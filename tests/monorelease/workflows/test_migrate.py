from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import EditFailed, NoWorkspace, ProblemsFound
from monorelease.model.migration import Migration, Tool
from monorelease.workflows.migrate import Wish, migrate, prepare_migration
from monorelease.workflows.read import read
from monorelease.workflows.undo import take_back
from sandbox import Sandbox
from values import named

CHANGESET = "---\ncore: patch\n---\n\nIt is freed.\n"
ALL = Wish(said={})


def prepared(sandbox: Sandbox, wish: Wish = ALL) -> Migration | None:
    return prepare_migration(read(sandbox.root), Repository.at(sandbox.root), wish)


def sure(migration: Migration | None) -> Migration:
    assert migration is not None
    return migration


def codes(sandbox: Sandbox, wish: Wish = ALL) -> list[str]:
    with pytest.raises(ProblemsFound) as caught:
        prepared(sandbox, wish)
    return [finding.code for finding in caught.value.findings]


def test_where_nobody_left_anything_there_is_nothing_to_do(repository: Sandbox) -> None:
    assert prepared(repository) is None
    repository.write({".changeset/a.md": CHANGESET})
    assert prepared(repository, Wish(tools=frozenset({Tool.SCRIV}), said={})) is None


def test_it_can_be_taken_back(repository: Sandbox) -> None:
    repository.write({".changeset/a.md": CHANGESET, ".changeset/config.json": "{}"})
    before = repository.tree()

    migrate(repository.root, sure(prepared(repository, Wish(said={}, removes=True))))
    after = repository.tree()
    take_back(repository.root, Repository.at(repository.root), force=False)

    assert set(before) - set(after) == {".changeset/a.md", ".changeset/config.json"}
    assert set(after) - set(before) == {"changes/+a.fix.md"}
    assert repository.tree() == before


def test_preparing_writes_nothing(repository: Sandbox) -> None:
    repository.write({".changeset/a.md": CHANGESET})
    before = repository.tree()

    assert sure(prepared(repository)).fragments
    assert repository.tree() == before


def test_a_table_that_is_there_is_not_touched(repository: Sandbox) -> None:
    config = json.dumps({"linked": [["core", "client"]]})
    repository.write({".changeset/config.json": config})
    found = sure(prepared(repository))

    assert not found.are_settings_written
    assert [setting.key for setting in found.settings] == [("linked",)]
    assert found.patch.edits == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_table_that_is_missing_is_written_in_the_newlines_of_the_file(
    newline: str, repository: Sandbox
) -> None:
    root = f"# Ours.{newline}[tool.other]"
    repository.write({"pyproject.toml": root, ".changeset/a.md": CHANGESET})
    migrate(repository.root, sure(prepared(repository)))

    data = (repository.root / "pyproject.toml").read_bytes().decode()
    assert data.startswith(f"{root}{newline * 2}[tool.monorelease]{newline}")
    assert data.count("\n") == data.count(newline)
    assert read(repository.root).findings == ()


def test_what_takes_no_table_is_told_before_anything_is_written(repository: Sandbox) -> None:
    repository.write({"pyproject.toml": "tool = {}\n", ".changeset/a.md": CHANGESET})

    with pytest.raises(EditFailed, match="no table can be added"):
        prepared(repository)


def test_a_setting_that_cannot_be_had_here_is_told(repository: Sandbox) -> None:
    config = json.dumps({"baseBranch": "a..b"})
    repository.write({"pyproject.toml": "", ".changeset/config.json": config})

    assert codes(repository) == ["config-bad-value"]


@pytest.mark.parametrize("name", ["pyproject.toml", "towncrier.toml"])
def test_a_configuration_that_cannot_be_read_is_told(name: str, repository: Sandbox) -> None:
    repository.write({name: "[", ".changeset/a.md": CHANGESET})

    assert codes(repository) == ["bad-toml"]


def test_a_repository_of_one_package_becomes_one(sandbox: Sandbox) -> None:
    sandbox.write(
        {
            "pyproject.toml": '[project]\nname = "core"\nversion = "1"\n',
            ".changeset/a.md": CHANGESET,
        }
    )
    migrate(sandbox.root, sure(prepared(sandbox)))

    assert [(m.name, str(m.path)) for m in read(sandbox.root).workspace] == [("core", ".")]


def test_a_root_that_only_frames_other_projects_is_no_member(sandbox: Sandbox) -> None:
    sandbox.write(
        {
            "pyproject.toml": "[tool.poetry]\nname = 'all'\nversion = '0'\npackage-mode = false\n",
            "services/a/pyproject.toml": '[project]\nname = "a"\nversion = "1"\n',
            ".changeset/a.md": CHANGESET,
        }
    )

    with pytest.raises(NoWorkspace) as caught:
        prepared(sandbox)
    assert 'members = ["services/a"]' in caught.value.hint


def test_without_any_member_there_is_nothing_to_carry_over_to(sandbox: Sandbox) -> None:
    sandbox.write({".changeset/a.md": CHANGESET})

    with pytest.raises(NoWorkspace):
        prepared(sandbox)


def test_two_notes_of_one_name_and_one_that_is_there_are_told_apart(repository: Sandbox) -> None:
    news = {f"packages/{n}/newsfragments/1042.bugfix.md": f"In {n}." for n in ("core", "client")}
    root = "[tool.monorelease]\n[tool.towncrier]\n"
    repository.write({"pyproject.toml": root, **news})
    found = sure(prepared(repository))

    assert [f.path.name for f in found.fragments] == ["1042.fix.1.md", "1042.fix.2.md"]
    assert [{e.name for e in f.entries} for f in found.fragments] == [{"client"}, {"core"}]


@pytest.mark.parametrize(
    ("folder", "filename", "settings"),
    [
        ("packages/core/newsfragments", "NEWS.md", {("changelog", "file"): "NEWS.md"}),
        ("packages/core/newsfragments", "CHANGELOG.md", {}),
        ("packages/core/newsfragments", "NEWS.rst", {}),
        ("newsfragments", "CHANGELOG.md", {("changelog", "aggregate"): "CHANGELOG.md"}),
    ],
)
def test_changelogs_keep_their_name(
    repository: Sandbox, folder: str, filename: str, settings: dict[tuple[str, ...], str]
) -> None:
    root = f"[tool.towncrier]\nfilename = '{filename}'\n"
    repository.write({"pyproject.toml": root, f"{folder}/7.bugfix.md": "It is freed."})
    found = sure(prepared(repository, Wish(said={"newsfragments": (named("core"),)})))

    assert {setting.key: setting.content for setting in found.settings} == settings


def test_what_is_wrong_is_told_where_it_stands(repository: Sandbox) -> None:
    """The fragment is not written yet: nobody could look there."""
    repository.write(
        {
            "pyproject.toml": "[tool.monorelease]\nignore = ['core']\n",
            ".changeset/a.md": CHANGESET,
            "changes/1.fix.md": "---\nnobody: patch\n---\n\nx\n",
        }
    )

    with pytest.raises(ProblemsFound) as caught:
        prepared(repository)
    (told,) = caught.value.findings
    assert (told.code, str(told.path), told.line) == ("ignored-member", ".changeset/a.md", None)


def test_somebody_may_say_whom_a_folder_is_about(repository: Sandbox) -> None:
    repository.write({"changelog.d/a.md": "# Added\n\n- Voices.\n"})

    assert codes(repository) == ["note-about-nobody"]
    wish = Wish(said={"changelog.d": (named("core"), named("client"))})
    (fragment,) = sure(prepared(repository, wish)).fragments
    assert {entry.name for entry in fragment.entries} == {"core", "client"}


def test_a_tool_that_keeps_the_same_folder_is_read_once(repository: Sandbox) -> None:
    root = "[tool.monorelease]\n[tool.towncrier]\ndirectory = 'changelog.d'\n"
    repository.write({"pyproject.toml": root, "changelog.d/1.bugfix.md": "It."})
    repository.commit("Touch nobody")
    found = sure(prepared(repository, Wish(said={"changelog.d": (named("core"),)})))

    assert found.tools == (Tool.TOWNCRIER,)
    assert [(str(edit.path), edit.before) for edit in found.patch.edits] == [
        ("changelog.d/1.bugfix.md", b"It."),
        ("changelog.d/1.fix.md", None),
    ]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({".changeset/a.md": "x" * 300_000}, "note-unreadable"),
        ({".changeset/a.md": "no front matter", ".changeset/b.md": CHANGESET}, "note-unreadable"),
        ({".changeset/pre.json": "{}"}, "in-pre-mode"),
        ({".changie.yaml": "["}, "settings-unreadable"),
        ({".changie.yaml": "changesDir: ../../etc\n"}, "unreadable-file"),
        ({"setup.cfg": "scriv", "changelog.d/a.md": "# Added\n- x\n"}, "settings-unreadable"),
    ],
)
def test_what_would_get_lost_stops_it_all(
    files: dict[str, str], code: str, repository: Sandbox
) -> None:
    repository.write(files)
    before = repository.tree()

    assert code in codes(repository)
    assert repository.tree() == before


def test_a_link_that_leaves_the_repository_is_not_followed(
    repository: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text(CHANGESET)
    (repository.root / ".changeset").mkdir()
    (repository.root / ".changeset" / "a.md").symlink_to(tmp_path / "secret")

    assert codes(repository) == ["unreadable-file"]


def test_nothing_is_kept_where_what_was_written_does_not_pass(repository: Sandbox) -> None:
    repository.write({".changeset/a.md": CHANGESET})
    found = sure(prepared(repository))
    before = repository.tree()
    (edit,) = found.patch.edits
    object.__setattr__(edit, "after", b"---\ncoer: patch\n---\n\nWords.\n")

    with pytest.raises(ProblemsFound):
        migrate(repository.root, found)

    assert repository.tree() == before
    assert edit.path == PurePosixPath("changes/+a.fix.md")
