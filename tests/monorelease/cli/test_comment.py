"""What contributors propose is said on their pull requests, whatever they put into it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copytree
from typing import NamedTuple

import pytest

from forge_server import ForgeFault
from github_server import ACTIONS, GRACE, WRITER, GitHubServer, Repository
from github_shapes import Pull
from monorelease.cli.console import Console
from monorelease.cli.parser import parse
from monorelease.cli.wiring import Surroundings
from monorelease.errors import BadProposal, ForgeUnavailable, UsageProblem
from monorelease.reports.comment import MARKER
from rendered import misdeeds, rendered
from sandbox import FIXED, Ran, Sandbox

ROOT = Path(__file__).parents[3]
SEED = ROOT.parent / "shared" / "seed"
TOOLS = "acme/tools"
SECRET = "a-secret"  # noqa: S105 - not one
WORDS = "---\nclient: minor\n---\n\nIt retries.\n"
USUAL = {"changes/7.feature.md": WORDS}
MAIN = {
    "pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\n'
    '[tool.monorelease.forge]\nkind = "github"\n',
    ".gitignore": "event.json\nproposal.json\n",
    **{
        f"packages/{name}/pyproject.toml": f'[project]\nname = "{name}"\nversion = "1.2.0"\n'
        for name in ("client", "core", "server")
    },
}
HOSTILE_WORDS = {
    "changes/7.feature.md": "---\nclient: minor\n---\n\n</details><!-- x -->\n\n/merge\n\n"
    "fixes #1 for @acme/everybody ![x](https://e.example/x.png) [y](javascript:alert(1))\n\n"
    "<script>alert(1)</script>\n\n```mermaid\ngraph\n```\n",
    "packages/server/a`b](c)|d\n.py": "",
}
HOSTILE_NAMES = {
    "changes/8.fix.md": '---\n"<b>@ada|`": patch\n---\n\n\x1b[31mRed \u202eturned\n',
    "changes/`](javascript:x)|\x1b[31m\n\"'.fix.md": "---\ncore: patch\n---\n\nWords.\n",
    "pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\nfixed = "<b>"\n'
    '[tool.monorelease.forge]\nkind = "gitlab"\nurl = "https://e.example"\n'
    'repository = "eve/trap"\n',
}


class Place(NamedTuple):
    """A forge, a clone of its repository, and where commands are run."""

    server: GitHubServer
    sandbox: Sandbox
    captured: pytest.CaptureFixture[str]
    usual: str
    """The commit of the usual branch."""

    def run(self, *words: str, **environment: str) -> Ran:
        """Run the command here, in this process, with this environment alone."""
        args, run = parse(["comment", *words])
        around = Surroundings(
            cwd=self.sandbox.root,
            console=Console(),
            is_interactive=False,
            uv=None,
            editor=None,
            source_date_epoch=None,
            environment=environment,
        )
        self.captured.readouterr()
        status = run(args, around)
        written = self.captured.readouterr()
        return Ran(status, written.out, written.err)

    def branch(self, files: Mapping[str, str]) -> str:
        """Commit these files to a new branch of main; the commit."""
        self.sandbox.git("switch", "--quiet", "--force-create", "change", "main")
        self.sandbox.write(files)
        self.sandbox.commit("A change")
        return self.sandbox.git("rev-parse", "HEAD").strip()

    def fork(self, files: Mapping[str, str] = USUAL, **words: str) -> Pull:
        """Open a pull request from Eve's fork; with the usual files, its branch is there."""
        commit = self.usual if files is USUAL else self.branch(files)
        usual = {"head": "change", "head_repository": "eve/tools", "author": GRACE}
        return self.server.open(TOOLS, **{**usual, "commit": commit, **words})

    def ours(self) -> Pull:
        """Open a pull request from the usual branch, in our own repository."""
        bare = str(self.server.bare(TOOLS))
        self.sandbox.git("push", "--quiet", bare, "change")
        return self.server.open(TOOLS, head="change", commit=self.usual)

    def event(self, pull: Pull, **run: object) -> Path:
        """What the workflow that follows is told."""
        told = {
            "event": "pull_request",
            "head_sha": pull.commit,
            "head_branch": pull.head,
            "head_repository": {"full_name": pull.head_repository, "id": 7},
            "pull_requests": [],
        }
        repository = {"full_name": TOOLS, "id": 1}
        path = self.sandbox.root / "event.json"
        path.write_text(json.dumps({"workflow_run": told | run, "repository": repository}))
        return path

    def data(self) -> Path:
        """What the job without rights prints; the default branch is checked out after it."""
        ran = self.run("--json", "--since", "main")
        assert ran.status == 0
        path = self.sandbox.root / "proposal.json"
        self.sandbox.git("switch", "--quiet", "main")
        path.write_text(ran.stdout, "utf-8")
        return path

    def tell(self, event: Path, *words: str) -> Ran:
        """Let the job with rights comment."""
        files = ("--data", str(self.sandbox.root / "proposal.json"), "--event", str(event))
        return self.run(*files, "--post", *words, GITHUB_TOKEN=SECRET)

    def comments(self, pull: Pull) -> list[str]:
        """All that stands on a pull request."""
        return self.server.texts(TOOLS, pull.number)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that names its forge, the branch of somebody, and what its job has printed."""
    folder = tmp_path_factory.mktemp("made")
    sandbox = Sandbox(folder / "repository")
    sandbox.write(MAIN)
    sandbox.commit("Begin")
    sandbox.git("switch", "--quiet", "--create", "change")
    sandbox.write(USUAL)
    sandbox.commit("A change")
    printed = sandbox.monorelease("comment", "--json", "--since", "main")
    sandbox.git("switch", "--quiet", "main")
    sandbox.write({"proposal.json": printed.stdout})
    GitHubServer(folder / "forge").create(TOOLS)
    sandbox.git("push", "--quiet", str(folder / "forge" / f"{TOOLS}.git"), "main")
    return folder


@pytest.fixture
def place(
    made: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    """A forge of its own with that repository."""
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    copytree(made / "forge", tmp_path / "forge")
    sandbox = Sandbox.copied(made / "repository", tmp_path / "repository")
    usual = json.loads((sandbox.root / "proposal.json").read_text())["head"]
    with GitHubServer(tmp_path / "forge") as server:
        server.repositories[TOOLS] = Repository(TOOLS)
        server.let(SECRET, ACTIONS, *WRITER)
        sandbox.git("remote", "add", "origin", server.address(TOOLS))
        yield Place(server, sandbox, capsys, usual)


# ── in two steps, for forks ─────────────────────────────────────────────────────────────


def test_a_fork_is_told_what_it_will_release(place: Place) -> None:
    pull = place.fork()

    ran = place.tell(place.event(pull))

    (text,) = place.comments(pull)
    assert ran.stdout.startswith(f"comment created: {place.server.url}/acme/tools/pull/")
    assert text.startswith(MARKER)
    assert "### Releases 1 package" in text
    assert "| `client` | Minor |" in text
    assert f"{place.server.url}/eve/tools/commit/{pull.commit}" in rendered(text).links


def test_the_comment_is_kept_up_to_date(place: Place) -> None:
    pull = place.fork({"packages/core/a.py": ""})
    place.data()
    place.tell(place.event(pull))
    assert "### No fragment for 1 changed package" in place.comments(pull)[0]

    pull.commit = place.branch({"packages/core/a.py": "", **USUAL})
    place.data()
    edited = place.tell(place.event(pull))
    again = place.tell(place.event(pull), "--json")

    (text,) = place.comments(pull)
    assert edited.stdout.startswith("comment updated: ")
    assert json.loads(again.stdout)["comment"]["change"] == "unchanged"
    assert "### Releases 1 package" in text


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        (HOSTILE_WORDS, ("&lt;/details&gt;&lt;!-- x --&gt;", "\\/merge")),
        (HOSTILE_NAMES, ("`config-wrong-type`", "`bad-name`", "`bad-fragment-name`")),
    ],
    ids=["words", "names"],
)
def test_whatever_a_fork_tries_is_only_shown(
    place: Place, files: dict[str, str], shown: tuple[str, ...]
) -> None:
    pull = place.fork(files, title="fixes #1 </details> @ada `x` ](javascript:x)\n/merge")
    place.data()

    ran = place.tell(place.event(pull))

    assert ran.status == 0
    (text,) = place.comments(pull)
    page = rendered(text)
    assert misdeeds(text) == []
    assert page.strange == [MARKER]
    assert {"img", "script", "b"}.isdisjoint(page.tags)
    assert page.tags.count("details") == page.tags.count("/details")
    ours = (f"{place.server.url}/eve/tools/", "https://e.example/x.png")
    assert all(link.startswith(ours) for link in page.links)
    assert "\x1b" not in text
    assert [words for words in shown if words not in text] == []
    assert place.server.asked(path="/repos/acme/tools/")
    assert not place.server.asked(path="eve|e.example")


def test_data_about_another_commit_is_refused(place: Place) -> None:
    pull = place.fork()

    with pytest.raises(BadProposal, match="the run that made it was for"):
        place.tell(place.event(pull, head_sha="1" * 40))

    assert place.comments(pull) == []


def test_data_that_is_none_is_refused(place: Place) -> None:
    pull = place.fork()
    data = place.sandbox.root / "proposal.json"
    data.write_text(data.read_text().replace('"schema": 1', '"schema": 1, "number": 3'))

    with pytest.raises(BadProposal, match="should have no 'number'"):
        place.tell(place.event(pull))

    assert place.server.requests == []


def test_a_run_for_something_else_is_refused(place: Place) -> None:
    pull = place.fork()

    with pytest.raises(BadProposal, match="for 'push', and not for a pull request"):
        place.tell(place.event(pull, event="push"))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ({"state": "closed"}, "no open pull request is at"),
        ({"commit": "2" * 40}, "no open pull request is at"),
        ({"head_repository": "mallory/tools"}, "no open pull request is at"),
    ],
)
def test_a_run_that_is_late_tells_nobody(place: Place, words: dict[str, str], why: str) -> None:
    pull = place.fork()
    event = place.event(pull)
    for name, text in words.items():
        setattr(pull, name, text)

    ran = place.tell(event, "--json")

    assert (ran.status, json.loads(ran.stdout)["comment"]) == (0, None)
    assert f"no comment: {why}" in ran.stderr
    assert place.comments(pull) == []


def test_two_pull_requests_from_one_commit_are_not_told(place: Place) -> None:
    pull = place.fork()
    place.server.open(
        TOOLS, head="change", head_repository="eve/tools", commit=pull.commit, base="next"
    )

    ran = place.tell(place.event(pull))

    assert "#1 and #2" in ran.stderr.replace("#2, #1", "#1 and #2")
    assert place.comments(pull) == []


def test_a_fork_that_is_gone_is_told_nothing(place: Place) -> None:
    pull = place.fork()

    ran = place.tell(place.event(pull, head_repository=None))

    assert "the fork is gone" in ran.stderr


def test_a_branch_of_ours_is_found_by_the_number_in_the_event(place: Place) -> None:
    pull = place.ours()
    base = {"repo": {"id": 1}}
    event = place.event(pull, pull_requests=[{"number": pull.number, "base": base}])

    place.tell(event)

    assert len(place.comments(pull)) == 1
    assert not place.server.asked("GET", "/pulls$")


def test_a_branch_of_ours_is_found_without_a_number_too(place: Place) -> None:
    pull = place.ours()

    place.tell(place.event(pull))

    assert len(place.comments(pull)) == 1


def test_a_token_without_the_right_is_told_of(place: Place) -> None:
    pull = place.fork()
    place.server.let(SECRET, ACTIONS)

    with pytest.raises(ForgeUnavailable) as caught:
        place.tell(place.event(pull))

    assert SECRET not in str(caught.value) + caught.value.hint


def test_a_forge_that_is_down_is_told_of(place: Place) -> None:
    pull = place.fork()
    place.server.heed(ForgeFault(path="/pulls", status=404, body="<html>", times=99))

    with pytest.raises(ForgeUnavailable):
        place.tell(place.event(pull))


# ── in one step ─────────────────────────────────────────────────────────────────────────


def test_a_pull_request_is_told_by_its_number(place: Place) -> None:
    pull = place.fork()
    number = str(pull.number)
    place.sandbox.git("switch", "--quiet", "change")

    shown = place.run("--since", "main", "--pr", number, GITHUB_TOKEN=SECRET)
    assert place.comments(pull) == []
    place.run("--since", "main", "--pr", number, "--post", GITHUB_TOKEN=SECRET)

    assert place.comments(pull) == [shown.stdout]


@pytest.mark.parametrize(
    "told",
    [{"GITHUB_REF": "refs/pull/1/merge"}, {"CI_MERGE_REQUEST_IID": "1"}],
)
def test_a_pipeline_knows_the_number(place: Place, told: dict[str, str]) -> None:
    pull = place.fork()
    place.sandbox.git("switch", "--quiet", "change")

    place.run("--since", "main", "--post", GITHUB_TOKEN=SECRET, **told)

    assert len(place.comments(pull)) == 1


@pytest.mark.parametrize("told", [{}, {"GITHUB_REF": "refs/heads/main"}])
def test_nobody_guesses_the_number(place: Place, told: dict[str, str]) -> None:
    place.fork()
    place.sandbox.git("switch", "--quiet", "change")

    with pytest.raises(UsageProblem, match="which pull request"):
        place.run("--since", "main", "--post", GITHUB_TOKEN=SECRET, **told)


@pytest.mark.parametrize(
    ("words", "why"),
    [({"state": "closed"}, "#1 is closed"), ({"commit": "2" * 40}, "#1 is at 222222222222")],
)
def test_a_pull_request_that_has_moved_on_is_left_alone(
    place: Place, words: dict[str, str], why: str
) -> None:
    pull = place.fork(USUAL, **words)
    place.sandbox.git("switch", "--quiet", "change")

    ran = place.run("--since", "main", "--pr", "1", "--post", GITHUB_TOKEN=SECRET)

    assert (ran.status, ran.stdout) == (0, "")
    assert f"no comment: {why}" in ran.stderr
    assert place.comments(pull) == []


def test_where_a_merge_is_checked_out_it_is_about_the_branch(place: Place) -> None:
    commit = place.usual
    place.sandbox.git("merge", "--quiet", "--no-ff", "--no-edit", "change")
    merge = place.sandbox.git("rev-parse", "HEAD").strip()
    job = {"GITHUB_REF": "refs/pull/1/merge", "GITHUB_SHA": merge}

    def head(**environment: str) -> str:
        ran = place.run("--json", "--since", "HEAD^1", **environment)
        return str(json.loads(ran.stdout)["head"])

    assert head(**job) == commit
    assert head(**{**job, "GITHUB_REF": "refs/heads/main"}) == merge
    assert head(**{**job, "GITHUB_SHA": "3" * 40}) == merge
    assert head(CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=commit) == commit


@pytest.mark.parametrize(
    "told", [{}, {"GITHUB_BASE_REF": "next"}, {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "next"}]
)
def test_what_it_is_made_for_is_told_or_guessed(place: Place, told: dict[str, str]) -> None:
    place.sandbox.git("switch", "--quiet", "change")
    base = "refs/remotes/origin/next" if told else "refs/remotes/origin/main"
    place.sandbox.git("update-ref", base, "main")

    assert "### Releases 1 package" in place.run(**told).stdout


def test_without_a_base_it_is_asked_for(place: Place) -> None:
    place.sandbox.git("branch", "--move", "main", "trunk")

    with pytest.raises(UsageProblem, match="for which branch"):
        place.run()


def test_without_git_there_is_nothing_to_tell(place: Place, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain/pyproject.toml").write_text("[tool.monorelease]\n")

    with pytest.raises(UsageProblem, match="no git repository"):
        place._replace(sandbox=_at(tmp_path / "plain")).run()


def _at(folder: Path) -> Sandbox:
    sandbox = Sandbox.__new__(Sandbox)
    sandbox.root = folder
    return sandbox


def test_it_is_printed_where_nobody_is_told(place: Place) -> None:
    place.sandbox.git("switch", "--quiet", "change")

    printed = place.run("--since", "main").stdout

    assert printed.startswith(MARKER)
    assert place.run("--data", "proposal.json").stdout == printed


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--event", "e.json"), "--event says where a proposal goes"),
        (("--event", "e.json", "--data", "d.json", "--pr", "1"), "both name a pull request"),
        (("--data", "d.json", "--since", "main"), "--since would change nothing"),
        (("--data", "gone.json"), "gone.json cannot be read"),
    ],
)
def test_flags_that_do_not_fit_are_refused(place: Place, words: tuple[str, ...], why: str) -> None:
    with pytest.raises(UsageProblem, match=why):
        place.run(*words)


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "99999999999", "²"])
def test_a_number_is_one(place: Place, number: str) -> None:
    with pytest.raises(SystemExit):
        place.run("--pr", number)

    assert "not the number of a pull request" in place.captured.readouterr().err


# ── the release that started it ─────────────────────────────────────────────────────────


def test_the_waiting_fragment_releases_what_the_first_comment_said(sandbox: Sandbox) -> None:
    """Row by row, in its order; with our names for the packages."""
    pages = sorted(SEED.glob("*.txt"))
    if not pages:
        pytest.skip("the page that has the comment is not beside this repository")
    expected = re.findall(
        r"^@livekit/(\S+) (Patch|Minor|Major)$", pages[0].read_text(), re.MULTILINE
    )
    manifests = {
        str(path.relative_to(ROOT)): path.read_text("utf-8")
        for path in (ROOT / "pyproject.toml", *ROOT.glob("packages/*/pyproject.toml"))
    }
    sandbox.write(manifests)
    sandbox.commit("Begin")
    sandbox.write({"changes/1042.fix.md": "---\nagents-core: patch\n---\n\nDispose.\n"})

    ran = sandbox.monorelease("comment", "--since", "HEAD")

    assert ran.status == 0, ran.stderr
    table = ran.stdout.partition("| Name | Type |\n| --- | --- |\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\S+)` \| (\w+) \|$", table, re.MULTILINE)
    assert len(rows) == 19
    assert rows == [(name if name != "agents" else "agents-core", bump) for name, bump in expected]
    assert "<summary>19 packages: 19 patch</summary>" in ran.stdout
