from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.adapters.git import Repository
from monorelease.errors import ProblemsFound, UsageProblem
from monorelease.formats.ci_workflows import FILES
from monorelease.model.finding import Severity
from monorelease.planning.waves import waves
from monorelease.workflows.check import check
from monorelease.workflows.ci import Generated, check_workflows, write_workflows
from monorelease.workflows.read import read
from sandbox import Sandbox, toy
from workflow_files import parsed, step_named
from workspaces import Input, inputs

FOLDER = ".github/workflows"
CONFIG = '[tool.monorelease]\nmembers = ["packages/*"]\n'
TEST = '[tool.monorelease.ci]\ntest = "make test"\n'
PYPI = """\
[tool.monorelease.index.pypi]
url = "https://pypi.example/simple/"
upload-url = "https://upload.pypi.example/legacy/"
"""


DRIFT = "workflow-drift"


def write(sandbox: Sandbox) -> Generated:
    return write_workflows(read(sandbox.root))


def drifted(sandbox: Sandbox) -> list[str]:
    findings = check(read(sandbox.root), Repository.at(sandbox.root))
    return [str(f.path) for f in findings if f.code == "workflow-drift"]


def names(paths: tuple[PurePosixPath, ...]) -> set[str]:
    assert {str(path.parent) for path in paths} <= {FOLDER}
    return {path.name for path in paths}


@pytest.fixture
def generated(repository: Sandbox) -> Sandbox:
    """The good monorepo, with its workflows."""
    repository.write({"pyproject.toml": CONFIG + TEST})
    assert names(write(repository).written) == {*FILES}
    return repository


@pytest.mark.parametrize(
    ("tool", "is_told"),
    [
        ("", True),
        ('tool = "monorelease>=1"\n', True),
        ('tool = "monorelease==1.0.0"\n', False),
        ('tool = "./tools/monorelease"\n', False),
    ],
)
def test_whatever_is_the_newest_is_no_tool_for_a_job_with_a_token(
    repository: Sandbox, tool: str, *, is_told: bool
) -> None:
    repository.write({"pyproject.toml": CONFIG + TEST + tool})
    assert not list(check_workflows(read(repository.root)))
    write(repository)

    found = [f.code for f in check_workflows(read(repository.root))]

    assert ("tool-not-pinned" in found) == is_told


def test_workflows_without_a_token_may_install_the_newest(generated: Sandbox) -> None:
    for name in ("comment.yml", "publish.yml", "release-pr.yml"):
        (generated.root / FOLDER / name).unlink()

    assert not list(check_workflows(read(generated.root)))


def test_a_second_time_nothing_is_written(generated: Sandbox) -> None:
    before = generated.tree()

    assert write(generated) == Generated(written=(), kept=())
    assert generated.tree() == before
    assert drifted(generated) == []


def test_without_a_command_for_tests_no_workflow_runs_them(repository: Sandbox) -> None:
    assert names(write(repository).written) == {*FILES} - {"ci.yml"}


def test_what_is_somebodys_own_is_kept(repository: Sandbox) -> None:
    own = {f"{FOLDER}/publish.yml": "name: ours\n", f"{FOLDER}/comment.yml": ""}
    repository.write(own)

    made = write(repository)

    assert names(made.kept) == {"publish.yml", "comment.yml"}
    assert names(made.written) == {"fragment-check.yml", "release-pr.yml"}
    assert {path: repository.tree()[path].decode() for path in own} == own
    assert drifted(repository) == []


def test_a_change_of_the_configuration_is_seen_and_written(generated: Sandbox) -> None:
    generated.write({"pyproject.toml": CONFIG + TEST.replace("make test", "nox")})

    assert drifted(generated) == [f"{FOLDER}/ci.yml"]
    assert names(write(generated).written) == {"ci.yml"}
    assert drifted(generated) == []


def test_a_new_wave_is_seen(generated: Sandbox) -> None:
    more = '[project]\nname = "top"\nversion = "1.0"\ndependencies = ["server"]\n'
    generated.write({"packages/top/pyproject.toml": more})

    assert drifted(generated) == [f"{FOLDER}/publish.yml"]


def test_who_is_never_published_makes_no_wave(repository: Sandbox) -> None:
    private = 'classifiers = ["Private :: Do Not Upload"]\n'
    more = f'[project]\nname = "top"\nversion = "1.0"\n{private}dependencies = ["server"]\n'
    ignore = '[tool.monorelease]\nignore = ["server"]\n'
    repository.write({"packages/top/pyproject.toml": more, "pyproject.toml": ignore})
    write(repository)

    text = (repository.root / FOLDER / "publish.yml").read_text()
    assert [line.strip() for line in text.splitlines() if "name: Publish wave" in line] == [
        "- name: Publish wave 1",
        "- name: Publish wave 2",
    ]


def test_a_file_that_was_taken_over_is_not_looked_at(generated: Sandbox) -> None:
    path = generated.root / FOLDER / "ci.yml"
    path.write_text(path.read_text().partition("\n")[2] + "# ours\n")

    assert drifted(generated) == []
    assert write(generated).kept == (PurePosixPath(FOLDER, "ci.yml"),)


def test_a_file_that_was_edited_all_the_same_is_found(generated: Sandbox) -> None:
    path = generated.root / FOLDER / "release-pr.yml"
    path.write_text(path.read_text().replace("contents: write", "contents: write-all"))

    (finding,) = (f for f in check_workflows(read(generated.root)) if f.code == DRIFT)
    assert (finding.path, finding.severity) == (
        PurePosixPath(FOLDER, "release-pr.yml"),
        Severity.WARNING,
    )
    assert "monorelease init --github" in finding.hint


def test_a_file_that_is_gone_is_nobodys_loss(generated: Sandbox) -> None:
    (generated.root / FOLDER / "comment.yml").unlink()

    assert drifted(generated) == []


def test_a_file_that_would_not_be_written_any_more_is_to_be_removed(generated: Sandbox) -> None:
    generated.write({"pyproject.toml": CONFIG})

    (finding,) = (f for f in check_workflows(read(generated.root)) if f.code == DRIFT)
    assert str(finding.path) == f"{FOLDER}/ci.yml"
    assert finding.hint.startswith("remove it")
    assert write(generated).written == ()


def test_ends_of_lines_are_gits_affair(generated: Sandbox) -> None:
    for path in (generated.root / FOLDER).iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert drifted(generated) == []
    assert write(generated).written == ()


def test_nothing_is_said_of_what_cannot_be_known(generated: Sandbox) -> None:
    generated.write({"pyproject.toml": f"{CONFIG}{TEST}nonsense = 1\n"})

    assert drifted(generated) == []
    with pytest.raises(ProblemsFound):
        write(generated)


@pytest.mark.parametrize("broken", ["a file", "a link out", "a folder in a file's place"])
def test_whatever_else_is_there_is_not_ours(repository: Sandbox, broken: str) -> None:
    place = repository.root / ".github"
    if broken == "a file":
        place.write_text("x")
    elif broken == "a link out":
        place.symlink_to(repository.root.parent)
    else:
        (place / "workflows/ci.yml").mkdir(parents=True)

    assert drifted(repository) == []


def test_a_release_is_not_stopped_by_an_old_workflow(generated: Sandbox) -> None:
    generated.write({"pyproject.toml": CONFIG + TEST.replace("make test", "nox")})

    assert generated.monorelease("release", "--dry-run").status == 0
    status = generated.monorelease("status")
    assert (status.status, "workflow-drift" in status.stdout + status.stderr) == (0, False)


def test_a_workspace_within_a_repository_has_no_workflows_of_its_own(repository: Sandbox) -> None:
    repository.write({"sub/pyproject.toml": CONFIG, "sub/packages/a/pyproject.toml": PROJECT})

    with pytest.raises(UsageProblem, match="root of the git repository"):
        write_workflows(read(repository.root / "sub"))


PROJECT = '[project]\nname = "a"\nversion = "1.0"\n'


# ── which index ─────────────────────────────────────────────────────────────────────────


def publishing(sandbox: Sandbox, config: str) -> Iterator[object]:
    sandbox.write({"pyproject.toml": CONFIG + config})
    write(sandbox)
    workflow = parsed(Path(sandbox.root, FOLDER, "publish.yml").read_text())
    yield workflow["env"]["INDEX"]
    yield "push" in workflow["on"]
    yield step_named(workflow, "Publish wave 1")["with"].get("repository-url")


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param("", ["pypi", False, None], id="none"),
        pytest.param(
            PYPI, ["pypi", False, "https://upload.pypi.example/legacy/"], id="one-not-used-yet"
        ),
        pytest.param(
            f'[tool.monorelease.publish]\nto = "pypi"\n{PYPI}',
            ["pypi", True, "https://upload.pypi.example/legacy/"],
            id="one",
        ),
        pytest.param(
            f'[tool.monorelease.publish]\nto = "acme"\n{PYPI.replace("pypi]", "acme]")}',
            ["acme", True, "https://upload.pypi.example/legacy/"],
            id="one-of-another-name",
        ),
        pytest.param(
            '[tool.monorelease.index.pypi]\npath = "dist/pypi"\n',
            ["pypi", False, None],
            id="a-folder-of-that-name",
        ),
    ],
)
def test_publishing_goes_to_the_index_that_is_configured(
    repository: Sandbox, config: str, expected: list[object]
) -> None:
    assert list(publishing(repository, config)) == expected


@pytest.mark.property
@given(inputs(), st.data())
def test_what_is_pending_takes_no_more_waves_than_everything(
    each: Input, data: st.DataObject
) -> None:
    """Else a release of a few would have a wave that nobody uploads."""
    names = each.workspace.names
    some = data.draw(st.lists(st.sampled_from(names), unique=True))

    assert len(waves(each.workspace, some)) <= len(waves(each.workspace, names))


def test_workflows_that_speak_to_a_forge_want_one_to_be_named(tmp_path: Path) -> None:
    sandbox = toy(tmp_path / "toy")
    begun = sandbox.monorelease("init", "--github")
    assert (begun.status, "[workflow-without-forge]" in begun.stderr) == (0, True)

    told = sandbox.monorelease("check").stdout
    assert "comment.yml: has nobody to speak to" in told
    assert "[workflow-without-forge]" in told

    manifest = sandbox.root / "pyproject.toml"
    manifest.write_text(f'{manifest.read_text()}\n[tool.monorelease.forge]\nkind = "github"\n')
    assert "workflow-without-forge" not in sandbox.monorelease("check").stdout
