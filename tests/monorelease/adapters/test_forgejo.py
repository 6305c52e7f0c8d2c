"""A repository on Forgejo, on one of the tests' own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from forge_server import ALWAYS, LOGIN_PAGE, ForgeFault, Person, Token
from forgejo_server import ACTIONS, ANN, SCOPES, ForgejoServer
from monorelease.adapters.forgejo import LONGEST, LONGEST_NOTES
from monorelease.adapters.forges import forge_at
from monorelease.errors import ForgeUnavailable
from monorelease.model.forge import Change, ForgeKind, ForgeRelease, Posted, Site
from monorelease.model.value import replace
from monorelease.workflows.ports import Forge
from sandbox import Sandbox

REPOSITORY = "acme/tools"
SECRET = "c0ffee-s3cr3t"  # noqa: S105 - not one
MARKER = "<!-- monorelease -->"


@pytest.fixture(name="server")
def a_server(tmp_path: Path) -> Iterator[ForgejoServer]:
    """One with a repository that has a commit, and the token of a job for it."""
    with ForgejoServer(tmp_path) as server:
        server.create(REPOSITORY)
        server.commit(REPOSITORY, "main", {"a": "1"}, "one")
        server.tokens[SECRET] = Token(person=ACTIONS, may=SCOPES)
        yield server


class Waits(list[float]):
    """Takes no time, and keeps how long it should have taken."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def connect(server: ForgejoServer, token: str = SECRET, waits: Waits | None = None) -> Forge:
    """The adapter, as commands have it."""
    site = Site(kind=ForgeKind.FORGEJO, url=server.url, repository=REPOSITORY)
    return forge_at(site, token, sleep=Waits() if waits is None else waits)


def release(server: ForgejoServer, tag: str = "core-v1.0", **more: bool) -> ForgeRelease:
    """A release of what is on main."""
    commit = server.tip(REPOSITORY, "refs/heads/main")
    return ForgeRelease(tag=tag, commit=commit, title="core 1.0", notes="### Fixes", **more)


def branch(server: ForgejoServer, name: str) -> str:
    """A branch with a commit more than main."""
    return server.commit(REPOSITORY, name, {"b": "2"}, "two")


def changes(server: ForgejoServer) -> list[str]:
    """What was asked that is no question."""
    return [asked.method for asked in server.requests if asked.method != "GET"]


def test_it_knows_where_it_is_and_what_it_takes(server: ForgejoServer) -> None:
    forgejo = connect(server)

    assert forgejo.site.address == f"{server.url}/{REPOSITORY}"
    assert forgejo.longest == LONGEST


def test_a_release_is_put_up_once_at_its_tag(server: ForgejoServer) -> None:
    tagged = server.tip(REPOSITORY, "refs/heads/main")
    server.git(REPOSITORY, "update-ref", "refs/tags/core-v1.0", tagged)
    server.commit(REPOSITORY, "main", {"a": "2"}, "two")
    forgejo = connect(server)

    posted = forgejo.release(release(server))

    address = f"{server.url}/{REPOSITORY}/releases/tag/core-v1.0"
    assert posted == Posted(change=Change.CREATED, address=address)
    sent = server.releases[REPOSITORY, "core-v1.0"]
    assert (sent["name"], sent["body"]) == ("core 1.0", "### Fixes")
    assert (sent["draft"], sent["prerelease"]) == (False, False)
    assert server.tip(REPOSITORY, "refs/tags/core-v1.0") == tagged
    again = forgejo.release(release(server))
    assert again == Posted(change=Change.UNCHANGED, address=address)
    assert changes(server) == ["POST"]


def test_a_missing_tag_is_made_at_the_commit(server: ForgejoServer) -> None:
    wanted = release(server, is_prerelease=True)
    server.commit(REPOSITORY, "main", {"a": "2"}, "two")

    connect(server).release(wanted)

    assert server.tip(REPOSITORY, "refs/tags/core-v1.0") == wanted.commit
    assert server.releases[REPOSITORY, "core-v1.0"]["prerelease"] is True


def test_notes_of_any_length_are_taken(server: ForgejoServer) -> None:
    connect(server).release(replace(release(server), notes="word\n" * LONGEST_NOTES))

    notes = server.releases[REPOSITORY, "core-v1.0"]["body"]
    assert LONGEST_NOTES - 100 < len(notes) <= LONGEST_NOTES
    assert f"[of this version]({server.url}/{REPOSITORY}/src/tag/core-v1.0)" in notes


def test_a_release_at_a_commit_that_is_not_there_is_refused(server: ForgejoServer) -> None:
    wanted = ForgeRelease(tag="core-v1.0", commit="f00d", title="core 1.0", notes="")

    with pytest.raises(ForgeUnavailable, match="target couldn't be found"):
        connect(server).release(wanted)


def test_tags_with_slashes_are_one_name(server: ForgejoServer) -> None:
    forgejo = connect(server)

    posted = forgejo.release(release(server, "packages/core@1.0+rc"))

    assert posted.address.endswith("/releases/tag/packages%2Fcore%401.0%2Brc")
    tags = ("packages/core@1.0+rc", "packages/core")
    assert forgejo.released(tags) == {"packages/core@1.0+rc"}


def test_somebody_faster_is_no_problem(server: ForgejoServer) -> None:
    forgejo = connect(server)
    forgejo.release(release(server))
    server.heed(ForgeFault(method="GET", path="/releases/tags/", status=404))

    forgejo.release(release(server))

    assert [asked.status for asked in server.asked("POST", "/releases$")] == [201, 409]


def test_a_release_whose_answer_is_lost_is_not_put_up_again(server: ForgejoServer) -> None:
    server.heed(ForgeFault(method="POST", path="/releases$", lost=True))

    posted = connect(server).release(release(server))

    assert posted.change is Change.CREATED
    assert len(server.asked("POST")) == 1


def test_a_draft_of_a_release_is_none_and_stands_in_the_way(server: ForgejoServer) -> None:
    server.releases[REPOSITORY, "core-v1.0"] = {"draft": True, "prerelease": False}
    forgejo = connect(server)

    assert forgejo.released(("core-v1.0",)) == frozenset()
    with pytest.raises(ForgeUnavailable, match=r"draft of a release for core-v1\.0") as error:
        forgejo.release(release(server))
    assert "publish it there, or delete it" in error.value.hint
    assert changes(server) == []


def test_only_tags_with_releases_are_released(server: ForgejoServer) -> None:
    server.git(REPOSITORY, "update-ref", "refs/tags/b", "refs/heads/main")
    forgejo = connect(server)
    forgejo.release(release(server, "a"))

    assert forgejo.released(("a", "b", "c")) == {"a"}
    assert forgejo.released(()) == frozenset()


def test_a_repository_that_we_may_not_see_is_not_one_without_releases(
    server: ForgejoServer,
) -> None:
    server.hidden.add(REPOSITORY)

    with pytest.raises(ForgeUnavailable, match="target couldn't be found") as error:
        connect(server).released(("a",))

    assert "by the token" in error.value.hint


def test_a_pull_request_is_told_by_its_number(server: ForgejoServer) -> None:
    tip = branch(server, "mend")
    server.open(REPOSITORY, "mend", title="Mend it", text="words", labels=("fix",))
    forgejo = connect(server)

    found = forgejo.pull_request(1)

    assert (found.number, found.title, found.body) == (1, "Mend it", "words")
    assert (found.head, found.base, found.head_commit) == ("mend", "main", tip)
    assert (found.head_repository, found.author, found.labels) == (REPOSITORY, "ann", ("fix",))
    assert found.address == f"{server.url}/{REPOSITORY}/pulls/1"
    assert found.is_open
    server.pulls[0].state = "closed"
    assert not forgejo.pull_request(1).is_open


def test_open_requests_are_ours_or_those_of_one_fork(server: ForgejoServer) -> None:
    server.create("Ann/tools")
    server.open(REPOSITORY, "mend")
    server.open(REPOSITORY, "mend", source="Ann/tools")
    server.open(REPOSITORY, "mend", source="")
    server.open(REPOSITORY, "mend", "stable")
    server.open(REPOSITORY, "other")
    server.open(REPOSITORY, "mend").state = "closed"
    forgejo = connect(server)

    assert [found.number for found in forgejo.open_requests("mend")] == [1, 4]
    assert [found.number for found in forgejo.open_requests("mend", "ann")] == [2]
    assert forgejo.open_requests("mend", "acme") == ()


def test_a_pull_request_is_proposed_once_and_then_left_or_edited(server: ForgejoServer) -> None:
    branch(server, "release")
    forgejo = connect(server)

    posted = [forgejo.propose("release", "main", "Release", body) for body in ("a", "a", "b")]

    assert [one.change for one in posted] == [Change.CREATED, Change.UNCHANGED, Change.UPDATED]
    assert {one.address for one in posted} == {f"{server.url}/{REPOSITORY}/pulls/1"}
    assert [(pull.title, pull.text) for pull in server.pulls] == [("Release", "b")]
    assert changes(server) == ["POST", "PATCH"]


def test_forks_other_branches_and_closed_ones_are_not_taken_for_ours(
    server: ForgejoServer,
) -> None:
    server.create("eve/tools")
    branch(server, "release")
    server.open(REPOSITORY, "release", source="eve/tools")
    server.open(REPOSITORY, "release", "stable")
    server.open(REPOSITORY, "release").state = "closed"

    posted = connect(server).propose("release", "main", "Release", "words")

    assert posted.address.endswith("/pulls/4")
    assert server.pulls[0].title == "Mend it"


def test_ours_is_found_among_many_open_ones(server: ForgejoServer) -> None:
    for number in range(50):
        server.open(REPOSITORY, f"branch-{number}")
    server.open(REPOSITORY, "release", title="Release", text="words")

    posted = connect(server).propose("release", "main", "Release", "words")

    assert posted.change is Change.UNCHANGED
    # No server gives more than fifty, however many are asked for.
    assert len(server.asked("GET", "/pulls$")) == 2


def test_a_draft_stays_one_until_a_person_says_otherwise(server: ForgejoServer) -> None:
    branch(server, "release")
    forgejo = connect(server)
    forgejo.propose("release", "main", "Release", "a")
    server.pulls[0].title = "WIP: Release"

    assert forgejo.propose("release", "main", "Release", "a").change is Change.UNCHANGED
    forgejo.propose("release", "main", "Release of two", "b")

    assert server.pulls[0].title == "WIP: Release of two"


def test_who_proposes_the_same_at_once_edits_it(server: ForgejoServer) -> None:
    branch(server, "release")
    forgejo = connect(server)
    forgejo.propose("release", "main", "Release", "a")
    server.heed(ForgeFault(method="GET", path="/pulls$", status=200, body="[]"))

    posted = forgejo.propose("release", "main", "Release", "b")

    assert [asked.status for asked in server.asked("POST")] == [201, 409]
    assert posted.change is Change.UPDATED
    assert server.pulls[0].text == "b"


@pytest.mark.parametrize(
    ("head", "words"), [("gone", "target couldn't be found"), ("main", "There are no changes")]
)
def test_a_pull_request_that_cannot_be_is_refused_in_forgejos_words(
    server: ForgejoServer, head: str, words: str
) -> None:
    with pytest.raises(ForgeUnavailable, match=words):
        connect(server).propose(head, "main", "Release", "words")


def test_a_withdrawn_one_is_closed_and_says_why(server: ForgejoServer) -> None:
    branch(server, "release")
    forgejo = connect(server)
    forgejo.propose("release", "main", "Release", "words")

    posted = forgejo.withdraw("release", "main", "Nothing is left.")

    assert posted is not None
    assert posted.change is Change.REMOVED
    assert server.pulls[0].state == "closed"
    assert [comment.text for comment in server.pulls[0].comments] == ["Nothing is left."]
    assert forgejo.withdraw("release", "main", "Nothing is left.") is None


def test_why_is_said_once_however_often_closing_fails(server: ForgejoServer) -> None:
    branch(server, "release")
    forgejo = connect(server)
    forgejo.propose("release", "main", "Release", "words")
    server.heed(ForgeFault(method="PATCH", status=500, times=ALWAYS))
    with pytest.raises(ForgeUnavailable, match="500"):
        forgejo.withdraw("release", "main", "Nothing is left.")
    server.heed()

    forgejo.withdraw("release", "main", "Nothing is left.")

    assert len(server.asked("POST", "/comments$")) == 1
    assert server.pulls[0].state == "closed"


def test_a_comment_is_written_once_and_then_left_or_edited(server: ForgejoServer) -> None:
    pull = server.open(REPOSITORY, "mend")
    forgejo = connect(server)

    posted = [forgejo.comment(1, MARKER, text) for text in ("a\n", f"{MARKER}\na", "b")]

    address = f"{server.url}/{REPOSITORY}/pulls/1#issuecomment-{pull.comments[0].number}"
    assert [one.change for one in posted] == [Change.CREATED, Change.UNCHANGED, Change.UPDATED]
    assert {one.address for one in posted} == {address}
    assert [comment.text for comment in pull.comments] == [f"{MARKER}\nb"]
    assert changes(server) == ["POST", "PATCH"]


def test_only_our_own_comment_with_the_marker_in_front_is_touched(server: ForgejoServer) -> None:
    pull = server.open(REPOSITORY, "mend")
    server.say(pull, ANN, f"{MARKER}\nI am the bot, honestly")
    server.say(pull, ACTIONS, f"See {MARKER}")
    before = [comment.text for comment in pull.comments]

    connect(server).comment(1, MARKER, "words")

    assert [comment.text for comment in pull.comments] == [*before, f"{MARKER}\nwords"]


def test_two_runs_at_once_leave_one_comment(server: ForgejoServer) -> None:
    pull = server.open(REPOSITORY, "mend")
    # Mostly both have looked before either has written; what comes of it is the same.
    server.heed(ForgeFault(method="POST", path="/comments$", seconds=0.2, times=2))
    with ThreadPoolExecutor(2) as runs:
        texts = ("ours", "theirs")
        posted = list(runs.map(lambda text: connect(server).comment(1, MARKER, text), texts))

    assert [comment.text for comment in pull.comments] in [[f"{MARKER}\n{t}"] for t in texts]
    address = f"{server.url}/{REPOSITORY}/pulls/1#issuecomment-{pull.comments[0].number}"
    assert {one.address for one in posted} == {address}


def test_a_comment_whose_answer_is_lost_is_not_written_again(server: ForgejoServer) -> None:
    server.open(REPOSITORY, "mend")
    server.heed(ForgeFault(method="POST", lost=True, status=502))

    connect(server).comment(1, MARKER, "words")

    assert len(server.asked("POST")) == 1


def test_a_second_comment_that_may_not_be_removed_is_told(server: ForgejoServer) -> None:
    pull = server.open(REPOSITORY, "mend")
    server.say(pull, ACTIONS, f"{MARKER}\na")
    server.say(pull, ACTIONS, f"{MARKER}\nb")
    server.heed(ForgeFault(method="DELETE", status=403, body='{"message": "not yours"}'))

    with pytest.raises(ForgeUnavailable, match="not yours"):
        connect(server).comment(1, MARKER, "words")


@pytest.mark.parametrize(
    ("fault", "words", "hint"),
    [
        (ForgeFault(status=401, body='{"message": "no such user"}'), "no such", "FORGEJO_TOKEN"),
        (ForgeFault(status=403, body='{"message": "[read:user]"}'), "[read:user]", "write:issue"),
        (ForgeFault(status=404, body='{"message": "gone", "errors": []}'), "gone", "name"),
        (ForgeFault(status=409, body='{"message": "there"}'), "there", "run the command again"),
        (ForgeFault(status=422, body='{"message": "[Title]: Required"}'), "[Title]", "own words"),
        (ForgeFault(status=500, times=ALWAYS), "500", "again later"),
        (ForgeFault(silent=True, times=ALWAYS), "", "again later"),
        (ForgeFault(status=200, body=LOGIN_PAGE), "a web page", "check the forge's address"),
        (ForgeFault(status=200, body=""), "empty", "check the forge's address"),
        (ForgeFault(status=200, body="[]"), "is a list", "its API"),
        (ForgeFault(status=200, body='{"number": "1"}'), "pull request.number", "its API"),
    ],
)
def test_what_goes_wrong_is_told_with_what_to_do(
    server: ForgejoServer, fault: ForgeFault, words: str, hint: str
) -> None:
    server.open(REPOSITORY, "mend")
    server.heed(fault)

    with pytest.raises(ForgeUnavailable) as error:
        connect(server).pull_request(1)

    assert words in error.value.problem
    assert hint in error.value.hint
    assert server.url in error.value.where
    assert SECRET not in f"{error.value}{error.value.hint}{error.value!r}"


def test_limits_and_passing_trouble_are_waited_for(server: ForgejoServer) -> None:
    pull = server.open(REPOSITORY, "mend")
    server.heed(
        ForgeFault(path="/user$", status=503),
        ForgeFault(method="GET", path="/comments$", status=429, headers={"Retry-After": "7"}),
        ForgeFault(method="POST", status=429, headers={"Retry-After": "9"}),
    )
    waits = Waits()

    connect(server, waits=waits).comment(1, MARKER, "words")

    assert waits == [0.5, 7.0, 9.0]
    assert len(pull.comments) == 1


@pytest.mark.parametrize(
    ("token", "lacks", "words"),
    [
        ("", "", "token is required"),
        ("another", "", "user does not exist"),
        ("weak", "read:user", "required scope(s): [read:user]"),
        ("weak", "write:issue", "required scope(s): [write:issue]"),
    ],
)
def test_a_token_that_may_not_is_told(
    server: ForgejoServer, token: str, lacks: str, words: str
) -> None:
    server.open(REPOSITORY, "mend")
    server.tokens["weak"] = Token(person=ACTIONS, may=SCOPES - {lacks})

    with pytest.raises(ForgeUnavailable) as error:
        connect(server, token).comment(1, MARKER, "words")

    assert words in error.value.problem
    assert "FORGEJO_TOKEN" in error.value.hint
    assert "read:user" in error.value.hint


def test_who_has_no_token_may_read_what_is_public(server: ForgejoServer) -> None:
    server.open(REPOSITORY, "mend")
    forgejo = connect(server, "")

    assert forgejo.pull_request(1).head == "mend"
    server.is_public = False
    with pytest.raises(ForgeUnavailable, match="target couldn't be found"):
        forgejo.pull_request(1)


def test_the_token_is_nowhere_but_in_its_header(server: ForgejoServer) -> None:
    server.open(REPOSITORY, "mend")
    forgejo = connect(server)
    echo = json.dumps({"message": f"{SECRET} {quote(SECRET)} may not"})
    server.heed(ForgeFault(status=403, body=echo))

    with pytest.raises(ForgeUnavailable) as error:
        forgejo.comment(1, MARKER, "words")

    assert SECRET not in f"{error.value!r}{error.value}{error.value.hint}{forgejo!r}"
    asked = server.requests[-1]
    assert asked.headers["authorization"] == f"token {SECRET}"
    assert SECRET not in f"{asked.path}{asked.query}"


def test_hostile_words_come_and_go_as_they_are(server: ForgejoServer) -> None:
    words = '\x1b[2J</details><script>"\\\u202e{{7*7}} $(id)'
    eve = Person(number=66, name="e\x1b[31mve")
    server.open(REPOSITORY, "a/b?c#d", title=words, text=words, author=eve, labels=(words,))
    branch(server, "release;rm-rf")
    forgejo = connect(server)

    found = forgejo.pull_request(1)
    forgejo.propose("release;rm-rf", "main", words, words)

    assert (found.title, found.body, found.labels) == (words, words, (words,))
    assert found.author == eve.name
    assert forgejo.open_requests("a/b?c#d")[0].title == words
    assert server.pulls[-1].text == words


def test_what_is_pushed_can_be_proposed_merged_and_released(
    server: ForgejoServer, tmp_path: Path
) -> None:
    forgejo, work = connect(server), Sandbox(tmp_path / "work")
    remote = server.address(REPOSITORY).replace("://", f"://job:{SECRET}@")
    work.git("pull", "--quiet", remote, "main")
    work.write({"a": "2"})
    work.commit("two")
    work.git("push", "--quiet", remote, "HEAD:release")

    forgejo.propose("release", "main", "Release", "words")
    tip = server.accept(server.pulls[0])
    forgejo.release(release(server))

    assert server.tip(REPOSITORY, "refs/tags/core-v1.0") == tip
    assert server.git(REPOSITORY, "show", f"{tip}:a") == "2"
    assert not forgejo.pull_request(1).is_open
    assert forgejo.withdraw("release", "main", "Nothing is left.") is None
