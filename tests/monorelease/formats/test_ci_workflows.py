"""Workflows as an attacker reads them: what runs whose code, with which token, started by whom."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monorelease.adapters.templates import github_templates
from monorelease.formats.ci_workflows import FILES, MARK, UNNAMED, CiFacts, is_generated, workflows
from monorelease.formats.config import parse_config
from monorelease.model.config import CiConfig
from monorelease.model.index import IndexTarget
from monorelease.model.value import replace
from sandbox import surroundings
from workflow_files import Workflow, parsed, step_named, steps_of

TEMPLATES = github_templates()
ACME = IndexTarget(
    name="acme",
    url="https://pypi.example/simple/",
    upload_url="https://upload.pypi.example/legacy/",
)
PLAIN = CiFacts(ci=CiConfig(test="make test"), branch="main", index=ACME, by_hand=False, waves=2)
ALIKE: dict[str, CiFacts] = {
    "an index and a branch of its own": PLAIN,
    "the default branch": replace(PLAIN, branch=""),
    "no index yet": replace(PLAIN, index=UNNAMED, by_hand=True, waves=1),
    "an index beside a folder": replace(PLAIN, by_hand=True),
    "no tests": replace(PLAIN, ci=CiConfig()),
    "the tool in a folder": replace(PLAIN, ci=CiConfig(test=".ci/run", tool="./tools/x")),
    "odd names": replace(
        PLAIN,
        branch="rel/it's+1.x",
        ci=CiConfig(test="echo \"a: b\" 'c' # \\d {e} \u2028", tool="x~=1.0"),
        waves=9,
    ),
}
"""Several repositories, each with something of its own."""


def made(facts: CiFacts) -> Mapping[str, str]:
    return workflows(facts, TEMPLATES)


def read(facts: CiFacts, name: str) -> Workflow:
    return parsed(made(facts)[name])


EVERY = [
    pytest.param(parsed(text), id=f"{name} of {whose}")
    for whose, facts in ALIKE.items()
    for name, text in made(facts).items()
]


# ── what holds for every file ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("facts", ALIKE.values(), ids=ALIKE)
def test_every_file_is_written_and_says_so(facts: CiFacts) -> None:
    files = made(facts)

    assert set(files) == {*FILES} - ({"ci.yml"} if not facts.ci.test else set())
    for text in files.values():
        assert is_generated(text)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert all(line == line.rstrip() for line in text.splitlines())


def test_a_file_without_its_first_line_is_somebodys_own() -> None:
    assert not is_generated(made(PLAIN)["ci.yml"].partition("\n")[2])
    assert not is_generated("")
    assert not is_generated(f"# hello\n{MARK}\n")


@pytest.mark.parametrize("workflow", EVERY)
def test_no_job_has_a_permission_that_it_does_not_name(workflow: Workflow) -> None:
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["permissions"]
        assert "write-all" not in job["permissions"]


@pytest.mark.parametrize("workflow", EVERY)
def test_no_expression_is_pasted_into_a_script(workflow: Workflow) -> None:
    """A branch may be called ``$(curl …)``: what is not ours comes through the environment."""
    for _, step in steps_of(workflow):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("workflow", EVERY)
def test_every_action_is_pinned_by_its_hash(workflow: Workflow) -> None:
    used = [step["uses"] for _, step in steps_of(workflow) if "uses" in step]

    assert used
    for action in used:
        assert re.fullmatch(r"(actions|pypa)/[a-z-]+@[0-9a-f]{40}", action)


@pytest.mark.parametrize("name", FILES)
def test_every_hash_has_its_version_beside_it(name: str) -> None:
    for line in made(PLAIN)[name].splitlines():
        assert "uses:" not in line or re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)


@pytest.mark.parametrize("workflow", EVERY)
def test_no_checkout_leaves_a_token_behind(workflow: Workflow) -> None:
    for _, step in steps_of(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("workflow", EVERY)
def test_nothing_is_kept_in_a_cache(workflow: Workflow) -> None:
    """What a pull request may write, a release could read."""
    for _, step in steps_of(workflow):
        assert "cache" not in step.get("uses", "")
        assert "cache" not in step.get("with", {})


@pytest.mark.parametrize("workflow", EVERY)
def test_every_job_ends(workflow: Workflow) -> None:
    for job in workflow["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 90


@pytest.mark.parametrize("workflow", EVERY)
def test_every_script_stops_at_its_first_mistake(workflow: Workflow) -> None:
    for name, step in steps_of(workflow):
        if "run" in step:
            shell = step.get("shell") or workflow["jobs"][name]["defaults"]["run"]["shell"]
            assert shell == "bash" or "-euo pipefail" in shell


@pytest.mark.parametrize("workflow", EVERY)
def test_nothing_is_started_by_a_tag(workflow: Workflow) -> None:
    push = workflow["on"].get("push")

    assert push is None or list(push) == ["branches"]


@pytest.mark.parametrize("workflow", EVERY)
def test_no_two_runs_release_or_publish_at_once_and_none_is_cut_short(workflow: Workflow) -> None:
    if workflow["name"] in {"Publish", "Release pull request"}:
        assert workflow["concurrency"]["cancel-in-progress"] is False


@pytest.mark.parametrize("name", ["publish.yml", "release-pr.yml"])
def test_a_push_to_another_branch_takes_nobody_s_place_in_the_queue(name: str) -> None:
    """Every push starts a run where no branch is named, and the last to wait is the one to run."""
    workflow = read(ALIKE["the default branch"], name)

    assert workflow["on"]["push"]["branches"] == ["**"]
    assert workflow["concurrency"]["group"].endswith("-${{ github.ref }}")


# ── pull requests ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["ci.yml", "fragment-check.yml"])
def test_what_runs_code_of_a_pull_request_can_only_read(name: str) -> None:
    workflow = read(PLAIN, name)

    assert "pull_request" in workflow["on"]
    assert "secrets." not in made(PLAIN)[name]
    for job in workflow["jobs"].values():
        assert job["permissions"] == {"contents": "read"}


def test_who_comments_runs_nothing_of_the_pull_request() -> None:
    text, workflow = made(PLAIN)["comment.yml"], read(PLAIN, "comment.yml")
    (checkout,) = (s for _, s in steps_of(workflow) if "checkout" in s.get("uses", ""))
    download = step_named(workflow, "Get the data, beside the checkout")

    assert list(workflow["on"]) == ["workflow_run"]
    assert "ref" not in checkout["with"]
    assert "repository" not in checkout["with"]
    assert download["with"]["path"].startswith("${{ runner.temp }}/")
    assert workflow["jobs"]["comment"]["permissions"] == {
        "actions": "read",
        "contents": "read",
        "pull-requests": "write",
    }
    assert "head_branch" not in "".join(str(step) for _, step in steps_of(workflow))
    assert re.search(r"zizmor: ignore\[dangerous-triggers\] \w", text)


def test_the_comment_takes_what_the_check_has_left() -> None:
    check, comment = read(PLAIN, "fragment-check.yml"), read(PLAIN, "comment.yml")
    kept = step_named(check, "Keep that for the comment")["with"]
    taken = step_named(comment, "Get the data, beside the checkout")["with"]

    assert comment["on"]["workflow_run"]["workflows"] == [check["name"]]
    assert kept["name"] == taken["name"]
    assert kept["path"] == f"{taken['path']}/proposal.json"


def test_the_data_is_kept_even_where_the_check_fails() -> None:
    names = [step["name"] for _, step in steps_of(read(PLAIN, "fragment-check.yml"))]

    assert names[-2:] == ["Keep that for the comment", "Check that every change is told"]


# ── publishing ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("job", ["attest", "publish"])
@pytest.mark.parametrize("facts", ALIKE.values(), ids=ALIKE)
def test_who_can_sign_runs_no_script_and_sees_no_repository(facts: CiFacts, job: str) -> None:
    steps = read(facts, "publish.yml")["jobs"][job]["steps"]

    assert all("run" not in step for step in steps)
    assert not any("checkout" in step["uses"] for step in steps)


def test_each_job_of_publishing_has_what_it_needs_and_no_more() -> None:
    jobs = read(PLAIN, "publish.yml")["jobs"]

    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"},
        "attest": {"id-token": "write", "attestations": "write"},
        "publish": {"id-token": "write"},
        "announce": {"contents": "write"},
    }
    assert [name for name, job in jobs.items() if "environment" in job] == ["publish"]
    assert jobs["publish"]["environment"] == {"name": "acme"}


def test_nothing_is_built_where_a_token_is() -> None:
    build = step_named(read(PLAIN, "publish.yml"), "Build and verify")

    assert "env" not in build
    assert "secrets." not in made(PLAIN)["publish.yml"]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_waves_are_published_in_their_order_each_from_its_own_folder(count: int) -> None:
    workflow = read(replace(PLAIN, waves=count), "publish.yml")
    steps = [s for s in workflow["jobs"]["publish"]["steps"] if "pypi-publish" in s["uses"]]
    folders = [f"dist/wave-{number}" for number in range(1, count + 1)]

    assert [step["with"]["packages-dir"] for step in steps] == folders
    assert [step["if"] for step in steps] == [f"hashFiles('{f}/*') != ''" for f in folders]
    assert all(step["with"]["skip-existing"] for step in steps)
    assert f'"dist/wave-{count + 1}"' in step_named(workflow, "Build and verify")["run"]


def test_where_files_go_stands_in_the_file() -> None:
    """An address that the job without credentials could choose would get the token of the other."""
    step = step_named(read(PLAIN, "publish.yml"), "Publish wave 1")

    assert step["with"]["repository-url"] == ACME.upload_url


def test_without_an_index_publishing_is_started_by_hand_alone() -> None:
    facts = ALIKE["no index yet"]
    text, workflow = made(facts)["publish.yml"], read(facts, "publish.yml")

    assert workflow["on"] == {"workflow_dispatch": None}
    assert workflow["env"] == {"INDEX": "pypi"}
    assert "repository-url" not in step_named(workflow, "Publish wave 1")["with"]
    assert "[tool.monorelease.index.pypi]" in text


def test_an_index_is_given_time_to_serve_what_is_announced() -> None:
    facts = replace(PLAIN, index=replace(ACME, patience=601))

    assert read(facts, "publish.yml")["jobs"]["announce"]["timeout-minutes"] == 10 + 11
    assert read(PLAIN, "publish.yml")["jobs"]["announce"]["timeout-minutes"] == 10 + 5


# ── branches, versions, commands ────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["publish.yml", "release-pr.yml"])
def test_releases_are_made_from_their_branch_whoever_starts_the_workflow(name: str) -> None:
    workflow = read(PLAIN, name)
    first = next(iter(workflow["jobs"].values()))

    assert workflow["on"] == {"push": {"branches": ["main"]}, "workflow_dispatch": None}
    assert first["if"] == "github.ref == 'refs/heads/main'"


@pytest.mark.parametrize("name", ["publish.yml", "release-pr.yml"])
def test_without_a_branch_it_is_the_default_one(name: str) -> None:
    workflow = read(ALIKE["the default branch"], name)
    first = next(iter(workflow["jobs"].values()))

    assert workflow["on"]["push"] == {"branches": ["**"]}
    assert first["if"] == (
        "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)"
    )


def test_a_branch_is_no_pattern_and_no_end_of_a_literal() -> None:
    workflow = read(ALIKE["odd names"], "release-pr.yml")

    assert workflow["on"]["push"]["branches"] == [r"rel/it's\+1.x"]
    assert workflow["jobs"]["release-pr"]["if"] == "github.ref == 'refs/heads/rel/it''s+1.x'"


def test_tests_run_on_every_python() -> None:
    facts = replace(PLAIN, ci=CiConfig(test="make test", pythons=("3.10", "3.14t")))
    job = read(facts, "ci.yml")["jobs"]["test"]

    assert job["strategy"]["matrix"]["python"] == ["3.10", "3.14t"]
    assert job["if"].startswith("github.event_name == 'pull_request' || github.ref == ")


@pytest.mark.property
@given(st.text(st.sampled_from("ab ${}'\"\\:#\u2028\x85\U0001f600"), min_size=1))
@example("echo ${{ github.head_ref }}")
def test_every_command_arrives_as_it_was_written(command: str) -> None:
    """Whoever can edit the configuration can run commands; what is meant as one, stays one."""
    config, findings = parse_config({"tool": {"monorelease": {"ci": {"test": command}}}})
    workflow = read(replace(PLAIN, ci=config.ci), "ci.yml") if config.ci.test else None

    assert bool(findings) == (workflow is None)
    if workflow is not None:
        assert step_named(workflow, "Run the tests")["run"] == command
        assert "${{" not in command


@pytest.mark.parametrize(
    "table",
    [
        {"publish": {"branch": "main${{github.token}}"}},
        {"index": {"x": {"url": "https://a.example/", "upload-url": "https://b.example/${{a}}"}}},
        {"ci": {"tool": "${{github.token}}"}},
    ],
)
def test_no_setting_becomes_an_expression(table: dict[str, object]) -> None:
    _, findings = parse_config({"tool": {"monorelease": table}})

    assert findings


# ── what others say of them ─────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A repository for each of `ALIKE`, with its files."""
    roots = []
    for facts in ALIKE.values():
        root = tmp_path_factory.mktemp("repository")
        folder = root / ".github/workflows"
        folder.mkdir(parents=True)
        for name, text in made(facts).items():
            (folder / name).write_text(text, "utf-8")
        roots.append(root)
    return roots


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("zizmor", "--offline", "--no-progress", "--pedantic"), id="zizmor"),
        pytest.param(("actionlint", "-shellcheck=", "-pyflakes="), id="actionlint"),
    ],
)
def test_linters_have_nothing_to_say(words: tuple[str, ...], repositories: list[Path]) -> None:
    tool = Path(sys.executable).with_name(words[0])
    if not tool.exists():
        pytest.skip(f"{words[0]} is not installed")
    files = [str(path) for root in repositories for path in sorted(root.rglob("*.yml"))]

    ran = subprocess.run(
        [tool, *words[1:], *files],
        env=surroundings(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
