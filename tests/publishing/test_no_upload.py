"""What somebody else has uploaded is tagged and announced, and nothing is built or sent."""

from __future__ import annotations

import json
from pathlib import Path

from index_server import Fault, IndexServer
from monorelease.workflows.arrival import absent, arrived, await_arrival, not_arrived
from monorelease.workflows.sending import Pace
from publishing import FILES, OFFLINE, TAGS, TOKEN, look, released, tags_here, tags_there
from sandbox import Ran, Sandbox

QUICK = Pace(first_look=0.02, longest_look=0.05)
PLUGINS = ("plugin-a", "plugin-b")


def settle(sandbox: Sandbox, *words: str) -> Ran:
    """As the last job of a workflow does."""
    return sandbox.monorelease("publish", "--no-upload", *words, **OFFLINE)


def upload(index: IndexServer, *names: str) -> None:
    """What another program has sent; only the index looks at the bytes."""
    for name in names:
        index.add(name, dict.fromkeys(FILES[name], b"bytes"))


def test_what_is_there_whole_is_tagged_and_pushed_and_then_nothing_is_left(tmp_path: Path) -> None:
    with IndexServer() as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        upload(index, *FILES)
        ran = settle(sandbox)

        assert ran.status == 0, ran.stderr
        again = settle(sandbox)
        assert (again.status, again.stderr) == (0, "")
        assert again.stdout.startswith("Nothing to do")
        assert index.uploads == []
    assert tags_here(sandbox) == tags_there(sandbox) == TAGS
    assert "Native resources are freed." in ran.stdout
    assert not (sandbox.root / "dist").exists()


def test_what_is_not_there_is_named_and_left(tmp_path: Path) -> None:
    with IndexServer() as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        upload(index, "core")
        index.add("plugin-a", {FILES["plugin-a"][0]: b"bytes"})
        ran = settle(sandbox)

        assert ran.status == 1
        assert tags_there(sandbox) == ["core-v1.0.1"]
        assert "waiting up to 2 s for test to serve 2 packages" in ran.stderr
        assert "plugin-a 1.0.1 is not whole on test (no source distribution" in ran.stderr
        assert "plugin-b 1.0.1 is not whole on test (a new name)" in ran.stderr

        upload(index, *PLUGINS)
        again = settle(sandbox)

        assert again.status == 0, again.stderr
    assert tags_there(sandbox) == TAGS


def test_where_nothing_is_there_nothing_is_done(tmp_path: Path) -> None:
    """A folder, which nobody else fills, is not waited for."""
    sandbox = released(tmp_path)
    ran = settle(sandbox, "--json")

    document = json.loads(ran.stdout)
    assert (ran.status, ran.stderr) == (1, "")
    assert [finding["code"] for finding in document["findings"]] == ["not-uploaded"] * 3
    assert (document["receipts"], document["tags"]) == ([], [])
    assert tags_here(sandbox) == []


def test_a_dry_run_waits_for_nobody_and_tags_nothing(tmp_path: Path) -> None:
    with IndexServer() as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        upload(index, "core")
        ran = settle(sandbox, "--dry-run")

    assert ran.status == 0
    assert "core-v1.0.1" in ran.stdout
    assert "waiting" not in ran.stderr
    assert "plugin-b 1.0.1 is not whole" in ran.stderr
    assert tags_here(sandbox) == []


def test_folders_of_builds_have_no_place_beside_it(tmp_path: Path) -> None:
    assert settle(Sandbox(tmp_path / "repository"), "--from", "dist").status == 2


# ── waiting ─────────────────────────────────────────────────────────────────────────────


def test_an_index_that_serves_late_is_waited_for(tmp_path: Path) -> None:
    with IndexServer() as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        upload(index, "core", "plugin-a")
        target, outstanding = look(sandbox, TOKEN)
        upload(index, "plugin-b")
        index.heed([Fault(on="page", file="plugin-b", stale=True, times=2)])
        told: list[str] = []
        before = len(index.requests)
        awaited = await_arrival(outstanding, target, told.append, QUICK)
        asked = {request.path for request in index.requests[before:]}

    assert [each.member.name for each in absent(outstanding)] == ["plugin-b"]
    assert absent(awaited) == ()
    assert arrived(awaited) == awaited
    assert [each.member.name for each in awaited.pending] == list(FILES)
    assert told == ["waiting up to 2 s for test to serve 1 package"]
    assert asked == {"/simple/plugin-b/"}


def test_patience_has_an_end(tmp_path: Path) -> None:
    with IndexServer() as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        upload(index, "core")
        target, outstanding = look(sandbox, TOKEN)
        awaited = await_arrival(outstanding, target, lambda _: None, QUICK)

    assert [each.member.name for each in absent(awaited)] == list(PLUGINS)
    assert [each.member.name for each in arrived(awaited).pending] == ["core"]
    assert len(list(not_arrived(awaited, target))) == 2


def test_what_was_tagged_before_and_is_whole_at_last_is_done(tmp_path: Path) -> None:
    with IndexServer() as index:
        sandbox = released(tmp_path, index.simple_url, index.upload_url)
        upload(index, *FILES)
        assert settle(sandbox).status == 0
        index.forget()
        target, outstanding = look(sandbox, TOKEN)
        upload(index, *FILES)
        awaited = await_arrival(outstanding, target, lambda _: None, QUICK)

    assert len(absent(outstanding)) == 3
    assert awaited.pending == ()
