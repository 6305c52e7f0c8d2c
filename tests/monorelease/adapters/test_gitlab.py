"""A project on GitLab, on one of the tests' own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from forge_server import ALWAYS, LOGIN_PAGE, ForgeFault, Person, Token
from gitlab_server import ANN, BOT, GitLabServer
from monorelease.adapters.forges import forge_at
from monorelease.adapters.gitlab import LONGEST
from monorelease.errors import ForgeUnavailable
from monorelease.model.forge import Change, ForgeKind, ForgeRelease, Posted, Site
from monorelease.model.value import replace
from monorelease.workflows.ports import Forge
from sandbox import Sandbox

PROJECT = "acme/team/tools"
SECRET = "glpat-s3cr3t"  # noqa: S105 - not one
MARKER = "<!-- monorelease -->"


@pytest.fixture(name="server")
def a_server(tmp_path: Path) -> Iterator[GitLabServer]:
    """One with a project, and a token for it."""
    with GitLabServer(tmp_path) as server:
        server.create(PROJECT)
        server.tokens[SECRET] = Token(person=BOT, may=frozenset({"api"}))
        yield server


class Waits(list[float]):
    """Takes no time, and keeps how long it should have taken."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def connect(server: GitLabServer, token: str = SECRET, waits: Waits | None = None) -> Forge:
    """The adapter, as commands have it."""
    site = Site(kind=ForgeKind.GITLAB, url=server.url, repository=PROJECT)
    return forge_at(site, token, sleep=Waits() if waits is None else waits)


def release(tag: str = "core-v1.0", commit: str = "", **more: bool) -> ForgeRelease:
    """One release."""
    return ForgeRelease(tag=tag, commit=commit, title="core 1.0", notes="### Fixes", **more)


def changes(server: GitLabServer) -> list[str]:
    """What was asked that is no question."""
    return [asked.method for asked in server.requests if asked.method != "GET"]


def test_it_knows_where_it_is_and_what_it_takes(server: GitLabServer) -> None:
    gitlab = connect(server)

    assert gitlab.site.address == f"{server.url}/{PROJECT}"
    assert gitlab.longest == LONGEST
    # Descriptions are measured in bytes.
    assert len(("\U0001f600" * LONGEST).encode()) <= 1_048_576


def test_a_release_is_put_up_once_at_its_tag(server: GitLabServer) -> None:
    commit = server.commit(PROJECT, "main", {"a": "1"}, "one")
    server.git(PROJECT, "update-ref", "refs/tags/core-v1.0", commit)
    later = server.commit(PROJECT, "main", {"a": "2"}, "two")
    gitlab = connect(server)

    posted = gitlab.release(release(commit=later))

    address = f"{server.url}/{PROJECT}/-/releases/core-v1.0"
    assert posted == Posted(change=Change.CREATED, address=address)
    assert server.releases[PROJECT, "core-v1.0"]["description"] == "### Fixes"
    assert server.releases[PROJECT, "core-v1.0"]["name"] == "core 1.0"
    assert server.tip(PROJECT, "refs/tags/core-v1.0") == commit
    assert gitlab.release(release()) == Posted(change=Change.UNCHANGED, address=address)
    assert changes(server) == ["POST"]


def test_a_missing_tag_is_made_at_the_commit(server: GitLabServer) -> None:
    commit = server.commit(PROJECT, "main", {"a": "1"}, "one")
    server.commit(PROJECT, "main", {"a": "2"}, "two")

    connect(server).release(release(commit=commit))

    assert server.tip(PROJECT, "refs/tags/core-v1.0") == commit


def test_a_release_at_a_commit_that_is_not_there_is_refused(server: GitLabServer) -> None:
    with pytest.raises(ForgeUnavailable, match="Target f00d is invalid"):
        connect(server).release(release(commit="f00d"))


def test_a_prerelease_is_told_by_its_notes(server: GitLabServer) -> None:
    commit = server.commit(PROJECT, "main", {"a": "1"}, "one")

    connect(server).release(release(commit=commit, is_prerelease=True))

    notes = server.releases[PROJECT, "core-v1.0"]["description"]
    assert notes == "*This is a pre-release.*\n\n### Fixes"


def test_notes_of_any_length_are_taken(server: GitLabServer) -> None:
    commit = server.commit(PROJECT, "main", {"a": "1"}, "one")
    long = replace(release(commit=commit, is_prerelease=True), notes="word\n" * LONGEST)

    connect(server).release(long)

    notes = server.releases[PROJECT, "core-v1.0"]["description"]
    assert LONGEST - 100 < len(notes) <= LONGEST
    assert f"[of this version]({server.url}/{PROJECT}/-/tree/core-v1.0)" in notes
    assert "*This is a pre-release.*" in notes


def test_tags_with_slashes_are_one_name(server: GitLabServer) -> None:
    commit = server.commit(PROJECT, "main", {"a": "1"}, "one")
    gitlab = connect(server)

    posted = gitlab.release(release("packages/core@1.0+rc", commit))

    assert posted.address.endswith("/-/releases/packages%2Fcore%401.0%2Brc")
    tags = ("packages/core@1.0+rc", "packages/core")
    assert gitlab.released(tags) == {"packages/core@1.0+rc"}


def test_somebody_faster_is_no_problem(server: GitLabServer) -> None:
    commit = server.commit(PROJECT, "main", {"a": "1"}, "one")
    gitlab = connect(server)
    gitlab.release(release(commit=commit))
    server.heed(ForgeFault(method="GET", path="/releases/", status=404))

    gitlab.release(release(commit=commit))

    assert [asked.status for asked in server.asked("POST", "/releases$")] == [201, 409]


def test_a_release_whose_answer_is_lost_is_not_put_up_again(server: GitLabServer) -> None:
    commit = server.commit(PROJECT, "main", {"a": "1"}, "one")
    server.heed(ForgeFault(method="POST", path="/releases$", lost=True))

    posted = connect(server).release(release(commit=commit))

    assert posted.change is Change.CREATED
    assert len(server.asked("POST")) == 1


def test_only_tags_with_releases_are_released(server: GitLabServer) -> None:
    commit = server.commit(PROJECT, "main", {"a": "1"}, "one")
    server.git(PROJECT, "update-ref", "refs/tags/b", commit)
    gitlab = connect(server)
    gitlab.release(release("a", commit))

    assert gitlab.released(("a", "b", "c")) == {"a"}
    assert gitlab.released(()) == frozenset()


def test_a_project_that_we_may_not_see_is_not_one_without_releases(server: GitLabServer) -> None:
    server.hidden.add(PROJECT)

    with pytest.raises(ForgeUnavailable, match="404 Project Not Found") as error:
        connect(server).released(("a",))

    assert "by the token" in error.value.hint


def test_a_merge_request_is_told_by_its_number_in_the_project(server: GitLabServer) -> None:
    server.commit(PROJECT, "main", {"a": "1"}, "one")
    tip = server.commit(PROJECT, "mend", {"a": "2"}, "two")
    server.open(PROJECT, "mend", title="Mend it", text="words", labels=("fix",))
    gitlab = connect(server)

    found = gitlab.pull_request(1)

    assert (found.number, found.title, found.body) == (1, "Mend it", "words")
    assert (found.head, found.base, found.head_commit) == ("mend", "main", tip)
    assert (found.head_repository, found.author, found.labels) == (PROJECT, "ann", ("fix",))
    assert found.address == f"{server.url}/{PROJECT}/-/merge_requests/1"
    assert found.is_open
    server.merge_requests[0].state = "merged"
    assert not gitlab.pull_request(1).is_open


def test_a_fork_is_named_if_it_is_there_and_we_may_see_it(server: GitLabServer) -> None:
    for fork in ("ann/tools", "eve/tools"):
        server.create(fork)
        server.open(PROJECT, "mend", source=fork)
    server.open(PROJECT, "mend", source="")
    server.hidden.add("eve/tools")
    gitlab = connect(server)

    found = [gitlab.pull_request(number).head_repository for number in (1, 2, 3)]

    assert found == ["ann/tools", "", ""]


def test_open_requests_are_ours_or_those_of_one_fork(server: GitLabServer) -> None:
    server.create("Ann/tools")
    server.open(PROJECT, "mend")
    server.open(PROJECT, "mend", source="Ann/tools")
    server.open(PROJECT, "mend", source="")
    server.open(PROJECT, "mend", "stable")
    server.open(PROJECT, "other")
    server.open(PROJECT, "mend").state = "closed"
    gitlab = connect(server)

    assert [found.number for found in gitlab.open_requests("mend")] == [4, 1]
    assert [found.number for found in gitlab.open_requests("mend", "ann")] == [2]
    assert gitlab.open_requests("mend", "eve") == ()


def test_a_merge_request_is_proposed_once_and_then_left_or_edited(server: GitLabServer) -> None:
    gitlab = connect(server)

    posted = [gitlab.propose("release", "main", "Release", body) for body in ("a", "a", "b")]

    address = f"{server.url}/{PROJECT}/-/merge_requests/1"
    assert [one.change for one in posted] == [Change.CREATED, Change.UNCHANGED, Change.UPDATED]
    assert {one.address for one in posted} == {address}
    assert [(one.title, one.text) for one in server.merge_requests] == [("Release", "b")]
    assert changes(server) == ["POST", "PUT"]


def test_forks_other_branches_and_closed_ones_are_not_taken_for_ours(server: GitLabServer) -> None:
    server.create("eve/tools")
    server.open(PROJECT, "release", source="eve/tools")
    server.open(PROJECT, "release", "stable")
    server.open(PROJECT, "release").state = "closed"

    posted = connect(server).propose("release", "main", "Release", "words")

    assert posted.address.endswith("/-/merge_requests/4")
    assert server.merge_requests[0].title == "Mend it"


def test_a_draft_stays_one_until_a_person_says_otherwise(server: GitLabServer) -> None:
    gitlab = connect(server)
    gitlab.propose("release", "main", "Release", "a")
    server.merge_requests[0].title = "Draft: Release"

    assert gitlab.propose("release", "main", "Release", "a").change is Change.UNCHANGED
    gitlab.propose("release", "main", "Release of two", "b")

    assert server.merge_requests[0].title == "Draft: Release of two"


def test_who_proposes_the_same_at_once_edits_it(server: GitLabServer) -> None:
    gitlab = connect(server)
    gitlab.propose("release", "main", "Release", "a")
    server.heed(ForgeFault(method="GET", path="/merge_requests$", status=200, body="[]"))

    posted = gitlab.propose("release", "main", "Release", "b")

    assert [asked.status for asked in server.asked("POST")] == [201, 409]
    assert posted.change is Change.UPDATED
    assert server.merge_requests[0].text == "b"


def test_a_merge_request_that_cannot_be_is_refused_in_gitlabs_words(server: GitLabServer) -> None:
    with pytest.raises(ForgeUnavailable, match="You can't use same project/branch"):
        connect(server).propose("main", "main", "Release", "words")


def test_a_withdrawn_one_is_closed_and_says_why(server: GitLabServer) -> None:
    gitlab = connect(server)
    gitlab.propose("release", "main", "Release", "words")

    posted = gitlab.withdraw("release", "main", "Nothing is left.")

    request = server.merge_requests[0]
    assert posted is not None
    assert posted.change is Change.REMOVED
    assert request.state == "closed"
    assert [note.text for note in request.notes if not note.is_by_gitlab] == ["Nothing is left."]
    assert gitlab.withdraw("release", "main", "Nothing is left.") is None


def test_why_is_said_once_however_often_closing_fails(server: GitLabServer) -> None:
    gitlab = connect(server)
    gitlab.propose("release", "main", "Release", "words")
    server.heed(ForgeFault(method="PUT", status=500, times=ALWAYS))
    with pytest.raises(ForgeUnavailable, match="500"):
        gitlab.withdraw("release", "main", "Nothing is left.")
    server.heed()

    gitlab.withdraw("release", "main", "Nothing is left.")

    assert len(server.asked("POST", "/notes$")) == 1
    assert server.merge_requests[0].state == "closed"


def test_a_comment_is_written_once_and_then_left_or_edited(server: GitLabServer) -> None:
    request = server.open(PROJECT, "mend")
    gitlab = connect(server)

    posted = [gitlab.comment(1, MARKER, text) for text in ("a\n", f"{MARKER}\na", "b")]

    number = request.notes[-1].number
    address = f"{server.url}/{PROJECT}/-/merge_requests/1#note_{number}"
    assert [one.change for one in posted] == [Change.CREATED, Change.UNCHANGED, Change.UPDATED]
    assert {one.address for one in posted} == {address}
    assert [note.text for note in request.notes[1:]] == [f"{MARKER}\nb"]
    assert changes(server) == ["POST", "PUT"]


def test_only_our_own_comment_with_the_marker_in_front_is_touched(server: GitLabServer) -> None:
    request = server.open(PROJECT, "mend")
    others = (
        server.say(request, ANN, f"{MARKER}\nI am the bot, honestly"),
        server.say(request, BOT, f"See {MARKER}"),
        server.say(request, BOT, f"{MARKER} was mentioned", is_by_gitlab=True),
    )
    before = [note.text for note in others]

    connect(server).comment(1, MARKER, "words")

    assert [note.text for note in others] == before
    assert request.notes[-1].text == f"{MARKER}\nwords"


def test_a_comment_is_found_on_later_pages(server: GitLabServer) -> None:
    request = server.open(PROJECT, "mend")
    for number in range(120):
        server.say(request, ANN, f"{number}")
    ours = server.say(request, BOT, f"{MARKER}\nold")

    connect(server).comment(1, MARKER, "new")

    assert ours.text == f"{MARKER}\nnew"
    assert len(server.asked("GET", "/notes$")) == 2


def test_two_runs_at_once_leave_one_comment(server: GitLabServer) -> None:
    request = server.open(PROJECT, "mend")
    # Mostly both have looked before either has written; what comes of it is the same.
    server.heed(ForgeFault(method="POST", path="/notes$", seconds=0.2, times=2))
    with ThreadPoolExecutor(2) as runs:
        texts = ("ours", "theirs")
        posted = list(runs.map(lambda text: connect(server).comment(1, MARKER, text), texts))

    notes = [note for note in request.notes if not note.is_by_gitlab]
    assert [note.text for note in notes] in [[f"{MARKER}\n{text}"] for text in texts]
    address = f"{server.url}/{PROJECT}/-/merge_requests/1#note_{notes[0].number}"
    assert {one.address for one in posted} == {address}


def test_a_comment_whose_answer_is_lost_is_not_written_again(server: GitLabServer) -> None:
    server.open(PROJECT, "mend")
    server.heed(ForgeFault(method="POST", lost=True, status=502))

    connect(server).comment(1, MARKER, "words")

    assert len(server.asked("POST")) == 1


def test_a_second_comment_that_may_not_be_removed_is_told(server: GitLabServer) -> None:
    request = server.open(PROJECT, "mend")
    server.say(request, BOT, f"{MARKER}\na")
    server.say(request, BOT, f"{MARKER}\nb")
    server.heed(ForgeFault(method="DELETE", status=403, body='{"message": "403 Forbidden"}'))

    with pytest.raises(ForgeUnavailable, match="403 Forbidden"):
        connect(server).comment(1, MARKER, "words")


@pytest.mark.parametrize(
    ("fault", "words", "hint"),
    [
        (ForgeFault(status=401, body='{"message": "401 Unauthorized"}'), "401", "GITLAB_TOKEN"),
        (ForgeFault(status=403, body='{"message": "403 Forbidden"}'), "403", "CI_JOB_TOKEN"),
        (ForgeFault(status=404, body='{"message": "404 Not found"}'), "404 Not found", "name"),
        (ForgeFault(status=409, body='{"message": ["a", "b"]}'), "a; b", "run the command again"),
        (ForgeFault(status=422, body='{"message": {"base": ["no"]}}'), "base: no", "own words"),
        (ForgeFault(status=500, times=ALWAYS), "500", "again later"),
        (ForgeFault(silent=True, times=ALWAYS), "", "again later"),
        (ForgeFault(status=200, body=LOGIN_PAGE), "a web page", "check the forge's address"),
        (ForgeFault(status=200, body=""), "empty", "check the forge's address"),
        (ForgeFault(status=200, body="[]"), "is a list", "its API"),
        (ForgeFault(status=200, body='{"iid": "1"}'), "merge request.iid is text", "its API"),
    ],
)
def test_what_goes_wrong_is_told_with_what_to_do(
    server: GitLabServer, fault: ForgeFault, words: str, hint: str
) -> None:
    server.open(PROJECT, "mend")
    server.heed(fault)

    with pytest.raises(ForgeUnavailable) as error:
        connect(server).pull_request(1)

    assert words in error.value.problem
    assert hint in error.value.hint
    assert server.url in error.value.where
    assert SECRET not in f"{error.value}{error.value.hint}{error.value!r}"


def test_limits_and_passing_trouble_are_waited_for(server: GitLabServer) -> None:
    request = server.open(PROJECT, "mend")
    soon = {"Date": "Sun, 22 Nov 2026 10:00:00 GMT", "RateLimit-Remaining": "0"}
    server.heed(
        ForgeFault(method="GET", path="/notes$", status=429, headers={"Retry-After": "7"}),
        ForgeFault(method="POST", status=429, headers={**soon, "RateLimit-Reset": "1795341620"}),
        ForgeFault(path="/user$", status=503),
    )
    waits = Waits()

    connect(server, waits=waits).comment(1, MARKER, "words")

    assert waits == [0.5, 7.0, 21.0]
    assert len(request.notes) == 2


@pytest.mark.parametrize(
    ("token", "may", "words"),
    [
        ("", "", "401 Unauthorized"),
        ("another", "", "401 Unauthorized"),
        ("reader", "read_api", "insufficient_scope"),
    ],
)
def test_a_token_that_may_not_is_told(
    server: GitLabServer, token: str, may: str, words: str
) -> None:
    server.open(PROJECT, "mend")
    server.tokens["reader"] = Token(person=BOT, may=frozenset({may}))

    with pytest.raises(ForgeUnavailable) as error:
        connect(server, token).comment(1, MARKER, "words")

    assert words in error.value.problem
    assert "GITLAB_TOKEN" in error.value.hint


def test_who_has_no_token_may_read_what_is_public(server: GitLabServer) -> None:
    server.open(PROJECT, "mend")
    gitlab = connect(server, "")

    assert gitlab.pull_request(1).head == "mend"
    server.is_public = False
    with pytest.raises(ForgeUnavailable, match="404 Project Not Found"):
        gitlab.pull_request(1)


def test_the_token_is_nowhere_but_in_its_header(server: GitLabServer) -> None:
    server.open(PROJECT, "mend")
    gitlab = connect(server)
    echo = json.dumps({"message": f"{SECRET} {quote(SECRET)} may not"})
    server.heed(ForgeFault(status=403, body=echo))

    with pytest.raises(ForgeUnavailable) as error:
        gitlab.comment(1, MARKER, "words")

    assert SECRET not in f"{error.value!r}{error.value}{error.value.hint}{gitlab!r}"
    asked = server.requests[-1]
    assert asked.headers["private-token"] == SECRET
    assert "authorization" not in asked.headers
    assert SECRET not in f"{asked.path}{asked.query}"


def test_hostile_words_come_and_go_as_they_are(server: GitLabServer) -> None:
    hostile = '\x1b[2J</details><script>"\\\u202e{{7*7}} $(id) \ud83d'.encode("utf-8", "replace")
    words = hostile.decode()
    eve = Person(number=66, name="e\x1b[31mve")
    server.open(PROJECT, "a/b?c#d", title=words, text=words, author=eve, labels=(words,))
    gitlab = connect(server)

    found = gitlab.pull_request(1)
    gitlab.propose("release;rm -rf /", "main", words, words)

    assert (found.title, found.body, found.labels, found.author) == (
        words,
        words,
        (words,),
        eve.name,
    )
    assert gitlab.open_requests("a/b?c#d")[0].title == words
    assert server.merge_requests[-1].text == words


def test_gitlab_carries_out_nothing_that_stands_in_our_words(server: GitLabServer) -> None:
    gitlab = connect(server)
    orders = "words\n/merge\r\n```\n\r/approve\n```\n/label ~x"

    posted = [gitlab.propose("release", "main", "Release", orders) for _ in range(2)]
    comments = [gitlab.comment(1, MARKER, orders) for _ in range(2)]
    gitlab.withdraw("release", "main", "/close")

    assert server.orders == []
    assert [one.change for one in posted] == [Change.CREATED, Change.UNCHANGED]
    assert [one.change for one in comments] == [Change.CREATED, Change.UNCHANGED]


def test_what_is_pushed_can_be_proposed_merged_and_released(
    server: GitLabServer, tmp_path: Path
) -> None:
    server.commit(PROJECT, "main", {"a": "1"}, "one")
    gitlab, work = connect(server), Sandbox(tmp_path / "work")
    remote = server.address(PROJECT).replace("://", f"://oauth2:{SECRET}@")
    work.git("pull", "--quiet", remote, "main")
    work.write({"a": "2"})
    work.commit("two")
    work.git("push", "--quiet", remote, "HEAD:release")

    gitlab.propose("release", "main", "Release", "words")
    tip = server.accept(server.merge_requests[0])
    gitlab.release(release(commit=tip))

    assert server.tip(PROJECT, "refs/tags/core-v1.0") == tip
    assert server.git(PROJECT, "show", f"{tip}:a") == "2"
    assert not gitlab.pull_request(1).is_open
    # Only what differs is said, and not to one that is merged.
    assert gitlab.withdraw("release", "main", "Nothing is left.") is None
