"""GitHub is told things once, however often we try; people's things stay as they are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forge_server import ALWAYS, ForgeFault
from github_server import ACTIONS, ADA, GRACE, WRITER, GitHubServer
from monorelease.adapters import forge_api
from monorelease.adapters import github as github_room
from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.forge_asking import ForgeRefused
from monorelease.adapters.github import DIALECT, LONGEST, LONGEST_NOTES, GitHub
from monorelease.errors import ForgeUnavailable
from monorelease.model.forge import Change, ForgeKind, ForgeRelease, Posted, Site
from monorelease.model.value import replace
from sandbox import PATIENCE

TOOLS = "acme/tools"
TOKEN = "ada-s-own"  # noqa: S105 - not one
MARKER = "<!-- monorelease -->"
HOSTILE = "\U0001f600 </table><script>\x1b[31m \u202e `a|b` @all %00 \\u0000 caf\u00e9"


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Repositories with a branch main, a branch release before it, and one tag."""
    folder = tmp_path_factory.mktemp("repositories")
    forge = GitHubServer(folder)
    forge.create(TOOLS)
    begin = forge.commit(TOOLS, "main", {"README.md": "Begin\n"}, "Begin")
    forge.git(TOOLS, "tag", "core-1.0.0", begin)
    forge.commit(TOOLS, "release", {"CHANGELOG.md": "# 1.0.1\n"}, "Release")
    return folder


@pytest.fixture
def forge(repositories: Path, tmp_path: Path) -> Iterator[GitHubServer]:
    """A GitHub with one repository, where Ada may write."""
    shutil.copytree(repositories, tmp_path / "forge")
    with GitHubServer(tmp_path / "forge") as server:
        server.create(TOOLS)
        server.let(TOKEN, ADA, *WRITER)
        yield server


def github(forge: GitHubServer, token: str = TOKEN, repository: str = TOOLS) -> GitHub:
    site = Site(kind=ForgeKind.GITHUB, url=forge.url, repository=repository)
    return GitHub(site, ForgeApi(forge.api_url, token, DIALECT, sleep=lambda _: None))


def propose(forge: GitHubServer, title: str = "Release 1.0.1", body: str = "Words") -> Posted:
    return github(forge).propose("release", "main", title, body)


def writes(forge: GitHubServer) -> list[str]:
    return [asked.words for asked in forge.requests if asked.method != "GET"]


def test_it_tells_what_it_is(forge: GitHubServer) -> None:
    adapter = github(forge)

    assert adapter.site.address == f"{forge.url}/acme/tools"
    assert adapter.longest == 65_536
    assert forge.requests == []


def test_every_request_says_which_words_it_speaks(forge: GitHubServer) -> None:
    github(forge).open_requests("release")

    headers = forge.requests[0].headers
    assert headers["accept"] == "application/vnd.github+json"
    assert headers["x-github-api-version"] == "2022-11-28"
    assert headers["authorization"] == f"Bearer {TOKEN}"


# ── pull requests ───────────────────────────────────────────────────────────────────────


def test_a_pull_request_is_told(forge: GitHubServer) -> None:
    pull = forge.open(TOOLS, title=HOSTILE, body=None, head="release", labels=("bug", "core"))
    found = github(forge).pull_request(pull.number)

    assert (found.number, found.title, found.body) == (pull.number, HOSTILE, "")
    assert (found.base, found.head, found.head_repository) == ("main", "release", TOOLS)
    assert found.head_commit == forge.tip(TOOLS, "refs/heads/release")
    assert (found.author, found.labels, found.is_open) == ("ada", ("bug", "core"), True)
    assert found.address == f"{forge.url}/acme/tools/pull/{pull.number}"


def test_a_pull_request_whose_fork_and_author_are_gone_is_told(forge: GitHubServer) -> None:
    pull = forge.open(TOOLS, head_repository=None, author=None, state="closed")
    found = github(forge).pull_request(pull.number)

    assert (found.head_repository, found.author, found.is_open) == ("", "", False)


def test_a_pull_request_that_is_not_there_is_refused(forge: GitHubServer) -> None:
    with pytest.raises(ForgeRefused, match="404 Not Found") as caught:
        github(forge).pull_request(99)

    assert "repository's name" in caught.value.hint


def test_what_is_no_pull_request_is_told_with_its_field(forge: GitHubServer) -> None:
    forge.heed(ForgeFault(status=200, body='{"number": "seven"}'))

    with pytest.raises(ForgeUnavailable, match=r"pull request\.number is text"):
        github(forge).pull_request(7)


def test_the_open_ones_of_a_branch_are_those_of_one_repository(forge: GitHubServer) -> None:
    own = forge.open(TOOLS, head="release")
    fork = forge.open(TOOLS, head="release", head_repository="Grace/tools", author=GRACE)
    forge.open(TOOLS, head="release", head_repository="linus/tools")
    forge.open(TOOLS, head="release", base="1.x", state="closed")
    forge.open(TOOLS, head="release-2")
    forge.open(TOOLS, head="release", head_repository=None)
    adapter = github(forge)

    assert [pull.number for pull in adapter.open_requests("release")] == [own.number]
    assert [pull.number for pull in adapter.open_requests("release", "grace")] == [fork.number]
    assert adapter.open_requests("release", "nobody") == ()


@pytest.mark.parametrize("head", ["a/b#c", "a&state=closed", "caf\u00e9", "a+b", "a%2Fb"])
def test_a_branch_may_have_any_name(forge: GitHubServer, head: str) -> None:
    pull = forge.open(TOOLS, head=head)
    forge.git(TOOLS, "branch", head, "release")

    assert [found.number for found in github(forge).open_requests(head)] == [pull.number]


def test_all_pages_of_open_ones_are_read(forge: GitHubServer) -> None:
    numbers = [forge.open(TOOLS, head="release", base=f"b{n}").number for n in range(130)]

    found = github(forge).open_requests("release")

    assert sorted(pull.number for pull in found) == numbers
    assert len(forge.requests) == 2


def test_a_forge_that_leaves_out_the_filter_is_not_believed(forge: GitHubServer) -> None:
    other = forge.open(TOOLS, head="other")
    told = forge.shapes.pull(TOOLS, other, "0" * 40, "pull-request-simple")
    forge.heed(ForgeFault(status=200, body=json.dumps([told])))

    assert github(forge).open_requests("release") == ()


# ── proposing ───────────────────────────────────────────────────────────────────────────


def test_a_pull_request_is_opened_once_and_edited_where_it_differs(forge: GitHubServer) -> None:
    first = propose(forge)
    again = propose(forge)
    edited = propose(forge, title="Release 1.0.2")

    (pull,) = forge.repositories[TOOLS].pulls.values()
    address = f"{forge.url}/acme/tools/pull/{pull.number}"
    assert first == Posted(change=Change.CREATED, address=address)
    assert again == Posted(change=Change.UNCHANGED, address=address)
    assert edited == Posted(change=Change.UPDATED, address=address)
    assert (pull.title, pull.body) == ("Release 1.0.2", "Words")
    assert [asked.body for asked in forge.asked("PATCH")] == [{"title": "Release 1.0.2"}]


@pytest.mark.parametrize(
    ("body", "now"), [("a\nb", "a\r\nb"), ("a\n", "a"), ("", None)], ids=["ends", "end", "none"]
)
def test_what_a_forge_keeps_a_little_differently_is_not_edited(
    forge: GitHubServer, body: str, now: str | None
) -> None:
    forge.open(TOOLS, title="T", head="release", body=now)

    assert propose(forge, "T", body).change is Change.UNCHANGED


def test_any_words_can_be_proposed(forge: GitHubServer) -> None:
    propose(forge, HOSTILE, f"{HOSTILE}\n{HOSTILE}")

    (pull,) = forge.repositories[TOOLS].pulls.values()
    assert (pull.title, pull.body) == (HOSTILE, f"{HOSTILE}\n{HOSTILE}")
    assert propose(forge, HOSTILE, f"{HOSTILE}\n{HOSTILE}").change is Change.UNCHANGED


def test_what_a_person_closed_stays_closed(forge: GitHubServer) -> None:
    closed = forge.open(TOOLS, head="release", state="closed")

    assert propose(forge).change is Change.CREATED
    assert closed.state == "closed"
    assert len(forge.repositories[TOOLS].pulls) == 2


def test_other_branches_and_forks_are_not_ours_to_edit(forge: GitHubServer) -> None:
    forge.git(TOOLS, "branch", "1.x", "core-1.0.0")
    others = [
        forge.open(TOOLS, head="release", base="1.x"),
        forge.open(TOOLS, head="release", head_repository="acme/tools-fork"),
        forge.open(TOOLS, head="release", head_repository="grace/tools"),
    ]

    assert propose(forge).change is Change.CREATED
    assert {pull.title for pull in others} == {"A change"}


@pytest.mark.parametrize(
    "fault",
    [
        ForgeFault(method="POST", lost=True),
        ForgeFault(method="POST", lost=True, status=502),
        ForgeFault(method="POST", silent=True),
        ForgeFault(method="POST", status=500),
        ForgeFault(method="POST", lost=True, status=422),
        ForgeFault(method="GET", status=200, body="[]"),
        ForgeFault(method="POST", status=429, headers={"Retry-After": "9"}),
        ForgeFault(method="GET", status=503),
    ],
    ids=["lost", "lost 502", "silent", "500", "taken", "a race", "limited", "503"],
)
def test_whatever_befalls_it_there_is_one_in_the_end(
    forge: GitHubServer, fault: ForgeFault
) -> None:
    if fault.method == "GET":
        forge.open(TOOLS, head="release", title="Release 1.0.1", body="Words")
    forge.heed(fault)
    posted = propose(forge)

    (pull,) = forge.repositories[TOOLS].pulls.values()
    assert (pull.title, pull.body) == ("Release 1.0.1", "Words")
    assert posted.address.endswith(f"/pull/{pull.number}")


@pytest.mark.parametrize(
    ("head", "told"),
    [("missing", "Validation Failed; head: invalid"), ("same", "No commits between main and same")],
)
def test_what_cannot_be_proposed_is_told_in_githubs_words(
    forge: GitHubServer, head: str, told: str
) -> None:
    forge.git(TOOLS, "branch", "same", "main")

    with pytest.raises(ForgeRefused, match=told):
        github(forge).propose(head, "main", "T", "B")


def test_a_body_over_the_limit_is_refused(forge: GitHubServer) -> None:
    assert propose(forge, body="x" * LONGEST).change is Change.CREATED
    with pytest.raises(ForgeRefused, match="body is too long"):
        propose(forge, body="x" * (LONGEST + 1))


def test_two_runs_at_once_open_one(forge: GitHubServer) -> None:
    forge.heed(ForgeFault(method="GET", status=200, body="[]", times=2))  # neither sees the other's
    with ThreadPoolExecutor(2) as pool:
        posted = {post.address for post in pool.map(lambda _: propose(forge), range(2))}

    assert len(posted) == len(forge.repositories[TOOLS].pulls) == 1


# ── withdrawing ─────────────────────────────────────────────────────────────────────────


def test_a_pull_request_is_closed_with_a_word(forge: GitHubServer) -> None:
    pull = forge.open(TOOLS, head="release")
    posted = github(forge).withdraw("release", "main", "Nothing is left to release.")

    assert posted is not None
    assert posted.change is Change.REMOVED
    assert posted.address.endswith(f"/pull/{pull.number}")
    assert pull.state == "closed"
    assert forge.texts(TOOLS, pull.number) == ["Nothing is left to release."]


def test_where_none_is_open_nothing_is_said(forge: GitHubServer) -> None:
    forge.open(TOOLS, head="release", state="closed")
    forge.open(TOOLS, head="release", head_repository="grace/tools")

    assert github(forge).withdraw("release", "main", "Why") is None
    assert writes(forge) == []


def test_the_word_is_said_once_where_closing_failed_before(forge: GitHubServer) -> None:
    pull = forge.open(TOOLS, head="release")
    forge.heed(ForgeFault(method="PATCH", status=403))
    with pytest.raises(ForgeRefused):
        github(forge).withdraw("release", "main", "Why")
    github(forge).withdraw("release", "main", "Why")

    assert pull.state == "closed"
    assert forge.texts(TOOLS, pull.number) == ["Why"]


# ── comments ────────────────────────────────────────────────────────────────────────────


def test_a_comment_is_written_once_and_then_rewritten(forge: GitHubServer) -> None:
    number = forge.open(TOOLS).number
    first = github(forge).comment(number, MARKER, "One")
    again = github(forge).comment(number, MARKER, f"{MARKER}\nOne")
    edited = github(forge).comment(number, MARKER, "Two")

    (comment,) = forge.repositories[TOOLS].comments.values()
    address = f"{forge.url}/acme/tools/pull/{number}#issuecomment-{comment.number}"
    assert first == Posted(change=Change.CREATED, address=address)
    assert again == Posted(change=Change.UNCHANGED, address=address)
    assert edited == Posted(change=Change.UPDATED, address=address)
    assert comment.text == f"{MARKER}\nTwo"


def test_comments_of_others_stay_as_they_are(forge: GitHubServer) -> None:
    number = forge.open(TOOLS).number
    others = [
        forge.say(TOOLS, number, GRACE, f"{MARKER}\nMine!"),
        forge.say(TOOLS, number, None, f"{MARKER}\nA ghost's"),
        forge.say(TOOLS, number, ACTIONS, f"{MARKER}\nA bot's"),
        forge.say(TOOLS, number, ADA, f"> {MARKER}\nquoted"),
        forge.say(TOOLS, number, ADA, "Without"),
    ]
    before = [comment.text for comment in others]

    assert github(forge).comment(number, MARKER, "Ours").change is Change.CREATED
    assert [comment.text for comment in others] == before
    assert forge.texts(TOOLS, number) == [*before, f"{MARKER}\nOurs"]


def test_an_app_keeps_its_own_and_never_a_persons(forge: GitHubServer) -> None:
    token = forge.let("of-a-job", ACTIONS, "pull_requests")
    number = forge.open(TOOLS).number
    forge.say(TOOLS, number, GRACE, f"{MARKER}\nMine!")

    first = github(forge, token).comment(number, MARKER, "One")
    second = github(forge, token).comment(number, MARKER, "Two")

    assert (first.change, second.change) == (Change.CREATED, Change.UPDATED)
    assert forge.texts(TOOLS, number) == [f"{MARKER}\nMine!", f"{MARKER}\nTwo"]


def test_ours_is_found_among_many(forge: GitHubServer) -> None:
    number = forge.open(TOOLS).number
    for _ in range(230):
        forge.say(TOOLS, number, GRACE, "Chatter")
    ours = forge.say(TOOLS, number, ADA, f"{MARKER}\nOne")

    assert github(forge).comment(number, MARKER, "Two").change is Change.UPDATED
    assert ours.text == f"{MARKER}\nTwo"
    assert len(forge.asked("GET", "comments")) == 3


def test_of_several_of_ours_the_oldest_stays(forge: GitHubServer) -> None:
    number = forge.open(TOOLS).number
    for text in ("One", "Two", "Three"):
        forge.say(TOOLS, number, ADA, f"{MARKER}\n{text}")
    forge.heed(ForgeFault(method="DELETE", lost=True))  # its repetition meets 404

    assert github(forge).comment(number, MARKER, "Now").change is Change.UPDATED
    assert forge.texts(TOOLS, number) == [f"{MARKER}\nNow"]


def test_two_runs_at_once_leave_one_comment(forge: GitHubServer) -> None:
    number = forge.open(TOOLS).number
    forge.heed(ForgeFault(method="GET", path="comments", status=200, body="[]", times=2))
    with ThreadPoolExecutor(2) as pool:
        acts = [pool.submit(github(forge).comment, number, MARKER, text) for text in ("One", "Two")]
        for act in acts:
            act.result(PATIENCE)
    github(forge).comment(number, MARKER, "Two")

    assert forge.texts(TOOLS, number) == [f"{MARKER}\nTwo"]


@pytest.mark.parametrize(
    "fault",
    [
        ForgeFault(method="POST", lost=True),
        ForgeFault(method="POST", silent=True),
        ForgeFault(method="POST", cut=True),
        ForgeFault(method="POST", status=502),
    ],
    ids=["lost", "silent", "cut", "502"],
)
def test_a_comment_whose_answer_is_lost_is_not_written_twice(
    forge: GitHubServer, fault: ForgeFault
) -> None:
    number = forge.open(TOOLS).number
    forge.heed(fault)

    assert github(forge).comment(number, MARKER, HOSTILE).change is Change.CREATED
    assert forge.texts(TOOLS, number) == [f"{MARKER}\n{HOSTILE}"]


def test_a_comment_that_cannot_be_removed_is_told(forge: GitHubServer) -> None:
    number = forge.open(TOOLS).number
    for text in ("One", "Two"):
        forge.say(TOOLS, number, ADA, f"{MARKER}\n{text}")
    forge.heed(ForgeFault(method="DELETE", status=403))

    with pytest.raises(ForgeRefused, match="403"):
        github(forge).comment(number, MARKER, "Now")


# ── releases ────────────────────────────────────────────────────────────────────────────


def release(forge: GitHubServer, tag: str = "core-1.0.1") -> ForgeRelease:
    commit = forge.tip(TOOLS, "refs/heads/main")
    return ForgeRelease(tag=tag, commit=commit, title="core 1.0.1", notes="Freed.")


def test_a_release_is_put_up_once(forge: GitHubServer) -> None:
    wanted = release(forge)
    first = github(forge).release(wanted)
    forge.release_of(TOOLS, wanted.tag).notes = "Edited by a person"
    again = github(forge).release(replace(wanted, notes="Others"))

    address = f"{forge.url}/acme/tools/releases/tag/core-1.0.1"
    assert first == Posted(change=Change.CREATED, address=address)
    assert again == Posted(change=Change.UNCHANGED, address=address)
    assert forge.release_of(TOOLS, wanted.tag).notes == "Edited by a person"
    assert forge.tip(TOOLS, "refs/tags/core-1.0.1") == wanted.commit


@pytest.mark.parametrize(
    ("is_prerelease", "is_latest", "latest"),
    [(False, True, "legacy"), (False, False, "false"), (True, True, "false")],
)
def test_a_release_says_what_it_is(
    forge: GitHubServer, *, is_prerelease: bool, is_latest: bool, latest: str
) -> None:
    wanted = replace(release(forge), is_prerelease=is_prerelease, is_latest=is_latest)
    github(forge).release(wanted)

    made = forge.release_of(TOOLS, wanted.tag)
    assert (made.is_prerelease, made.latest) == (is_prerelease, latest)
    assert (made.title, made.notes) == ("core 1.0.1", "Freed.")


@pytest.mark.parametrize(
    ("tag", "page"),
    [("core/v1", "core/v1"), ("a#b%c", "a%23b%25c"), ("caf\u00e9@1", "caf%C3%A9%401")],
)
def test_a_tag_may_have_any_name(forge: GitHubServer, tag: str, page: str) -> None:
    posted = github(forge).release(release(forge, tag))

    assert posted.address == f"{forge.url}/acme/tools/releases/tag/{page}"
    assert github(forge).release(release(forge, tag)).change is Change.UNCHANGED
    assert github(forge).released([tag]) == {tag}


def test_a_persons_draft_is_left_alone(forge: GitHubServer) -> None:
    wanted = release(forge)
    draft = forge.draft(TOOLS, wanted.tag)

    assert github(forge).released([wanted.tag]) == frozenset()
    assert github(forge).release(wanted).change is Change.CREATED
    assert (draft.is_draft, draft.notes) == (True, "Soon")


@pytest.mark.parametrize(
    ("line", "count"), [("word " * 19, 2000), ("x" * 200_000, 1)], ids=["lines", "one line"]
)
def test_notes_over_the_limit_are_cut_and_say_so(
    forge: GitHubServer, line: str, count: int
) -> None:
    notes = f"{line}\n" * count
    github(forge).release(replace(release(forge), notes=notes))

    made = forge.release_of(TOOLS, "core-1.0.1").notes
    told, _, kept = made.partition("\n\n")
    assert LONGEST_NOTES - 100 < len(made) <= LONGEST_NOTES
    assert told.endswith(f"[of this version]({forge.url}/acme/tools/tree/core-1.0.1).")
    assert notes.startswith(kept)
    assert kept.endswith(line) or line.startswith(kept)


def test_notes_at_the_limit_are_whole(forge: GitHubServer) -> None:
    notes = "x" * LONGEST_NOTES
    github(forge).release(replace(release(forge), notes=notes))

    assert forge.release_of(TOOLS, "core-1.0.1").notes == notes


@pytest.mark.parametrize(
    "fault",
    [
        ForgeFault(method="POST", lost=True),
        ForgeFault(method="POST", lost=True, status=503),
        ForgeFault(method="POST", status=502),
        ForgeFault(method="POST", lost=True, status=422),
    ],
    ids=["lost", "lost 503", "502", "a race"],
)
def test_a_release_whose_answer_is_lost_is_not_put_up_twice(
    forge: GitHubServer, fault: ForgeFault
) -> None:
    forge.heed(fault)

    assert github(forge).release(release(forge)).change is Change.CREATED
    assert len(forge.repositories[TOOLS].releases) == 1


def test_two_runs_at_once_put_up_one(forge: GitHubServer) -> None:
    missing = ForgeFault(method="GET", path="/tags/", status=404, times=2)
    forge.heed(missing)
    wanted = release(forge)
    with ThreadPoolExecutor(2) as pool:
        posted = set(pool.map(lambda _: github(forge).release(wanted).address, range(2)))

    assert len(posted) == len(forge.repositories[TOOLS].releases) == 1


def test_a_commit_that_is_not_there_is_refused(forge: GitHubServer) -> None:
    with pytest.raises(ForgeRefused, match="target_commitish: invalid"):
        github(forge).release(replace(release(forge), commit="0" * 40))


def test_a_token_that_may_not_change_workflows_is_told_so(forge: GitHubServer) -> None:
    forge.heed(ForgeFault(method="POST", status=404, body='{"message": "Not Found"}'))

    with pytest.raises(ForgeRefused) as caught:
        github(forge).release(release(forge))

    assert "permission workflows" in caught.value.hint


def put_up(forge: GitHubServer, count: int) -> list[str]:
    """Releases of many tags, the oldest first; they have no tags in git."""
    tags = [f"core-{n}" for n in range(count)]
    for tag in tags:
        forge.draft(TOOLS, tag).is_draft = False
    return tags


def test_releases_of_the_last_wave_cost_one_request(forge: GitHubServer) -> None:
    tags = put_up(forge, 300)[-19:]

    assert github(forge).released(tags) == {*tags}
    assert len(forge.requests) == 1


def test_what_was_never_released_costs_one_request_where_one_page_has_all(
    forge: GitHubServer,
) -> None:
    put_up(forge, 7)

    assert github(forge).released(["other-1", "core-3", "other-2"]) == {"core-3"}
    assert len(forge.requests) == 1


def test_old_tags_are_asked_for_one_by_one(forge: GitHubServer) -> None:
    put_up(forge, 300)

    assert github(forge).released(["core-2", "core-250", "core-7", "other"]) == {
        *("core-2", "core-7", "core-250"),
    }
    assert len(forge.asked(path="/releases$")) == 2
    assert len(forge.asked(path="/tags/")) == 3


def test_many_tags_are_listed(forge: GitHubServer) -> None:
    tags = put_up(forge, 500)

    assert github(forge).released([*tags, "other"]) == {*tags}
    assert len(forge.requests) == 5


def test_many_tags_of_whom_most_are_old_are_listed_too(forge: GitHubServer) -> None:
    """A thousand members, each with a last release of its own: a question each is too much."""
    tags = put_up(forge, 500)[:30]

    assert github(forge).released(tags) == {*tags}
    assert len(forge.requests) == 5


def test_more_releases_than_are_listed_are_no_problem(
    forge: GitHubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (github_room, forge_api):
        monkeypatch.setattr(module, "MOST_PAGES", 3)
    tags = put_up(forge, 400)[80:110]

    assert github(forge).released(tags) == {*tags}
    assert len(forge.requests) == 3 + 20


def test_no_tags_cost_nothing(forge: GitHubServer) -> None:
    assert github(forge).released([]) == frozenset()
    assert forge.requests == []


def test_a_repository_that_may_not_be_seen_is_not_one_without_releases(
    forge: GitHubServer,
) -> None:
    with pytest.raises(ForgeRefused, match="404"):
        github(forge, repository="acme/secret").released(["core-1"])


# ── who may do what ─────────────────────────────────────────────────────────────────────

ACTS: dict[str, Callable[[GitHub, ForgeRelease, int], object]] = {
    "propose": lambda adapter, _, __: adapter.propose("release", "main", "T", "B"),
    "withdraw": lambda adapter, _, __: adapter.withdraw("change", "main", "Why"),
    "comment": lambda adapter, _, number: adapter.comment(number, MARKER, "Words"),
    "release": lambda adapter, wanted, _: adapter.release(wanted),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_a_token_that_nobody_knows_is_told(
    forge: GitHubServer, act: Callable[[GitHub, ForgeRelease, int], object]
) -> None:
    wanted, number = release(forge), forge.open(TOOLS).number

    with pytest.raises(ForgeRefused, match="401 Unauthorized: Bad credentials") as caught:
        act(github(forge, "forged"), wanted, number)

    assert "GITHUB_TOKEN" in caught.value.hint
    assert "forged" not in f"{caught.value}{caught.value.hint}"


@pytest.mark.parametrize(
    ("act", "permission"),
    [
        ("propose", "pull_requests=write"),
        ("withdraw", "issues=write; pull_requests=write"),
        ("comment", "issues=write; pull_requests=write"),
        ("release", "contents=write"),
    ],
)
def test_a_permission_that_is_missing_is_named(
    forge: GitHubServer, act: str, permission: str
) -> None:
    forge.let("reads-only", GRACE)
    wanted, number = release(forge), forge.open(TOOLS).number
    forge.git(TOOLS, "branch", "change", "release")

    with pytest.raises(ForgeRefused, match="403 Forbidden: Resource not accessible") as caught:
        ACTS[act](github(forge, "reads-only"), wanted, number)

    assert f"needs the permission {permission}" in caught.value.hint


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_what_a_limit_forbids_for_long_is_told_with_its_end(
    forge: GitHubServer, act: Callable[[GitHub, ForgeRelease, int], object]
) -> None:
    wanted, number = release(forge), forge.open(TOOLS).number
    limit = {
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "1795345200",
        "Date": "Sun, 22 Nov 2026 10:15:00 GMT",
    }
    forge.heed(ForgeFault(status=403, headers=limit, times=ALWAYS))

    with pytest.raises(ForgeUnavailable, match="not before 2026-11-22 11:00:01 UTC"):
        act(github(forge), wanted, number)


def test_who_has_no_token_may_read_what_is_public(forge: GitHubServer) -> None:
    forge.open(TOOLS, head="release")

    assert len(github(forge, "").open_requests("release")) == 1
    with pytest.raises(ForgeRefused, match="401"):
        github(forge, "").comment(1, MARKER, "Words")


def test_a_repository_that_was_renamed_is_still_found(forge: GitHubServer) -> None:
    pull = forge.open(TOOLS, head="release", title="T", body="B")
    forge.rename(TOOLS, "acme/instruments")
    pull.head_repository = "acme/instruments"

    assert propose(forge, "T", "B").change is Change.UNCHANGED
    assert propose(forge, "T2", "B").change is Change.UPDATED
    assert github(forge).comment(pull.number, MARKER, "Words").change is Change.CREATED
    assert github(forge).release(
        ForgeRelease(
            tag="x", commit=forge.tip("acme/instruments", "refs/heads/main"), title="", notes=""
        )
    ).address == (f"{forge.url}/acme/tools/releases/tag/x")
