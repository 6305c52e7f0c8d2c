from __future__ import annotations

import json
from pathlib import Path

import pytest

from monorelease.adapters.directory_index import DirectoryIndex
from monorelease.cli import main
from monorelease.model.config import LOCAL_INDEX
from monorelease.workflows.compatibility import lay_out_trials
from monorelease.workflows.read import read
from sandbox import Ran
from shelves import Shelf
from values import named

DONE, USAGE, FINDINGS = 0, 2, 3


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Both members are published at 1.0.0, and the core at 0.9.0; a minor of the core waits."""
    shelf = Shelf(tmp_path / "shelf")
    shelf.release("1.0.0", "", app="1.0.0")
    publish(shelf, "core-0.9.0", "core-1.0.0", "app-1.0.0")
    shelf.intend("core: minor")
    return shelf


def publish(shelf: Shelf, *releases: str) -> None:
    folder = shelf.root.parent / "made"
    folder.mkdir(exist_ok=True)
    ends = ("-py3-none-any.whl", ".tar.gz")
    paths = [folder / f"{release}{end}" for release in releases for end in ends]
    for path in paths:
        path.write_bytes(b"bytes")
    sent = DirectoryIndex(LOCAL_INDEX, shelf.root).upload(paths)
    assert [each.refusal for each in sent] == [None] * len(paths)


def matrix(shelf: Shelf, *words: str) -> Ran:
    return shelf.sandbox.monorelease("matrix", "--compatibility", *words)


def jobs(shelf: Shelf, *names: str) -> list[tuple[str, list[str]]]:
    index = DirectoryIndex(LOCAL_INDEX, shelf.root)
    trials = lay_out_trials(read(shelf.root), index, [named(name) for name in names])
    return [(trial.kind.value, [*trial.install]) for trial in trials]


def test_what_is_published_meets_what_is_planned(shelf: Shelf) -> None:
    ran = matrix(shelf, "--json")

    assert json.loads(ran.stdout) == {
        "schema": 1,
        "include": [
            {
                "kind": "published-dependents",
                "member": "app",
                "install": ["app==1.0.0", "core==1.1.0"],
                "against": ["core==1.1.0"],
            }
        ],
    }


def test_what_is_planned_meets_the_lowest_that_it_lets_in(shelf: Shelf) -> None:
    shelf.state(needs=">=0.8")
    shelf.intend("app: patch")

    assert jobs(shelf) == [("lowest-floors", ["app==1.0.1", "core==0.9.0"])]


def test_constraints_count_as_the_release_raises_them(shelf: Shelf) -> None:
    shelf.intend("core: minor\napp: patch")

    assert jobs(shelf) == [("published-dependents", ["app==1.0.0", "core==1.1.0"])]


def test_constraints_of_what_is_published_are_read_at_its_tag(shelf: Shelf) -> None:
    shelf.state(needs="==1.0.0")
    assert jobs(shelf) == [("published-dependents", ["app==1.0.0", "core==1.1.0"])]

    shelf.sandbox.git("tag", "--delete", "app-v1.0.0")
    assert jobs(shelf) == []


def test_a_tag_that_cannot_be_read_leaves_the_work_tree(shelf: Shelf) -> None:
    manifest = shelf.root / "packages/app/pyproject.toml"
    good = manifest.read_bytes()
    for bad in (b"[project", b"\xff"):
        manifest.write_bytes(bad)
        shelf.sandbox.commit("Break it")
        shelf.sandbox.git("tag", "--force", "app-v1.0.0")
        manifest.write_bytes(good)
        assert len(jobs(shelf)) == 1

    manifest.unlink()
    shelf.sandbox.commit("Lose it")
    shelf.sandbox.git("tag", "--force", "app-v1.0.0")
    manifest.write_bytes(good)
    assert len(jobs(shelf)) == 1


def test_without_fragments_it_is_what_waits_to_be_published(shelf: Shelf) -> None:
    (shelf.root / "changes/1.fix.md").unlink()
    shelf.state(core="1.1.0")
    shelf.sandbox.commit("Release core 1.1.0")

    assert jobs(shelf) == [("published-dependents", ["app==1.0.0", "core==1.1.0"])]

    publish(shelf, "core-1.1.0")
    assert jobs(shelf, "app") == []


def test_names_choose_members(shelf: Shelf) -> None:
    assert len(jobs(shelf, "app")) == 1
    assert jobs(shelf, "core") == []
    assert matrix(shelf, "core").stdout.startswith("Nothing new")


def test_people_read_a_table(shelf: Shelf) -> None:
    ran = matrix(shelf)

    assert ran.stdout == (
        "What is published, with what is new: 1 job\n\n  app==1.0.0  with  core==1.1.0\n"
    )


def test_a_release_that_would_be_refused_has_no_jobs(shelf: Shelf) -> None:
    shelf.intend("cro: minor", "2.fix.md")

    ran = matrix(shelf)

    assert (ran.status, ran.stdout) == (FINDINGS, "")
    assert "unknown-member" in ran.stderr


def test_a_commit_makes_no_sense_with_it(shelf: Shelf) -> None:
    ran = matrix(shelf, "--at", "HEAD")

    assert ran.status == USAGE
    assert "leave out --at" in ran.stderr


def test_more_jobs_than_a_matrix_takes_are_warned_of(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("monorelease.cli.commands.matrix.MOST_JOBS", 0)

    status = main(["matrix", "--compatibility", "--json", f"--cwd={shelf.root}"])

    out, err = capsys.readouterr()
    assert status == DONE
    assert "warning: 1 job, and GitHub takes 0 in one matrix" in err
    assert len(json.loads(out)["include"]) == 1
