"""A forge that refuses or fails is told of in words that help; and the same again finishes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from forge_server import ALWAYS, LOGIN_PAGE, ForgeFault
from monorelease.adapters import forge_api, forge_asking
from sandbox import Ran
from teams import Team, team_on

DONE, PROBLEM = 0, 1

FRAGMENT = {"changes/1.fix.md": "---\ncore: patch\n---\n\nIt is mended.\n"}
COMMENT, RELEASE = "comment", "release-pr"
BAD_GATEWAY = "<html><b>Bad gateway</b>\x1b[31m</html>"


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever tries again does so at once."""
    for module in (forge_asking, forge_api):
        monkeypatch.setattr(module, "PAUSES", (0.0, 0.0))


@contextmanager
def at_work(kind: str, command: str, folder: Path) -> Iterator[tuple[Team, Callable[[], Ran]]]:
    """A team on a forge of this kind, and the job with a command that has something to do."""
    with team_on(kind, folder) as team:
        team.is_quick = True
        if command == RELEASE:
            team.land(FRAGMENT)
            yield team, lambda: team.job(command)
        else:
            number = team.contribute(FRAGMENT, "Mend it")
            words = (command, "--pr", str(number), "--post")
            yield team, lambda: team.job_for(number, *words, **team.home.token)


def made(team: Team) -> int:
    """How many release pull requests and comments there are."""
    pages = team.home.pages()
    return sum(len(page.comments) + (page.head != "change") for page in pages)


class Trouble(NamedTuple):
    """A command on a forge, what befalls it there, and some words of what it says."""

    kind: str
    command: str
    fault: ForgeFault
    problem: str
    hint: str


def refusal(status: int, body: str, path: str = "", **headers: str) -> ForgeFault:
    """An answer that stays the same, however often the forge is asked."""
    method = "POST" if path else ""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return ForgeFault(
        method=method, path=path, status=status, body=body, headers=named, times=ALWAYS
    )


TROUBLES = {
    "401": Trouble(
        "github",
        COMMENT,
        refusal(401, '{"message": "Bad credentials"}'),
        "answers with status 401 Unauthorized: Bad credentials",
        "set GITHUB_TOKEN to a token that is valid",
    ),
    "403": Trouble(
        "gitlab",
        RELEASE,
        refusal(403, '{"error": "insufficient_scope", "scope": "api"}', "/merge_requests$"),
        "answers with status 403 Forbidden: insufficient_scope",
        "the token in GITLAB_TOKEN has to be allowed the scope api",
    ),
    "403-of-an-app": Trouble(
        "github",
        COMMENT,
        refusal(
            403,
            '{"message": "Resource not accessible by integration"}',
            "/comments$",
            X_Accepted_GitHub_Permissions="pull_requests=write",
        ),
        "answers with status 403 Forbidden: Resource not accessible by integration",
        "the token in GITHUB_TOKEN needs the permission pull_requests=write",
    ),
    "404": Trouble(
        "forgejo",
        COMMENT,
        refusal(404, '{"message": "The target couldn\'t be found."}'),
        "answers with status 404 Not Found: The target couldn't be found.",
        "by the token, is told the same",
    ),
    "409": Trouble(
        "gitlab",
        RELEASE,
        refusal(409, '{"message": ["Another open merge request exists: !7"]}', "/merge_requests$"),
        "answers with status 409 Conflict: Another open merge request exists: !7",
        "run the command again",
    ),
    "422": Trouble(
        "github",
        COMMENT,
        refusal(422, '{"message": "Validation Failed"}', "/comments$"),
        "answers with status 422 Unprocessable Entity: Validation Failed",
        "the forge's own words should say what is wrong",
    ),
    "429": Trouble(
        "forgejo",
        COMMENT,
        refusal(429, '{"message": "Too many"}', Retry_After="7200"),
        "limits how often it may be asked: not before ",
        "run the command again",
    ),
    "500-for-a-push": Trouble(
        "forgejo",
        RELEASE,
        refusal(500, "", "git-receive-pack$"),
        "the branch monorelease/main was not pushed: ",
        "run the command again later",
    ),
    "502": Trouble(
        "gitlab",
        COMMENT,
        refusal(502, BAD_GATEWAY),
        "answers with status 502 Bad Gateway",
        "run the command again later",
    ),
    "login-page": Trouble(
        "forgejo",
        COMMENT,
        ForgeFault(status=200, body=LOGIN_PAGE, times=ALWAYS),
        "the answer is a web page, and should be JSON",
        "check the forge's address: something else than its API answers there",
    ),
    "nothing": Trouble(
        "github",
        COMMENT,
        ForgeFault(silent=True, times=ALWAYS),
        "",
        "run the command again later",
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=list(TROUBLES))
def test_what_goes_wrong_is_told_and_the_same_again_finishes(
    trouble: Trouble, tmp_path: Path
) -> None:
    with at_work(trouble.kind, trouble.command, tmp_path) as (team, run):
        team.home.server.heed(trouble.fault)

        ran = run()

        problem, _, hint = ran.stderr.removeprefix("error: ").partition("\n  hint: ")
        assert (ran.status, ran.stdout) == (PROBLEM, "")
        assert trouble.problem in problem
        assert trouble.hint in hint
        assert "\x1b" not in ran.stderr
        assert made(team) == 0

        team.home.server.heed()
        assert run().status == DONE
        assert made(team) == 1


@pytest.mark.parametrize(
    ("kind", "command", "fault"),
    [
        ("github", COMMENT, ForgeFault(status=429, headers={"Retry-After": "0"})),
        ("gitlab", COMMENT, ForgeFault(method="POST", path="/notes$", lost=True)),
        ("forgejo", RELEASE, ForgeFault(method="POST", path="/pulls$", lost=True, status=504)),
    ],
    ids=["limit", "lost-answer", "lost-answer-of-a-proxy"],
)
def test_what_passes_is_waited_for_and_done_once(
    kind: str, command: str, fault: ForgeFault, tmp_path: Path
) -> None:
    with at_work(kind, command, tmp_path) as (team, run):
        team.home.server.heed(fault)

        ran = run()

        assert (ran.status, ran.stderr) == (DONE, "")
        assert made(team) == 1
