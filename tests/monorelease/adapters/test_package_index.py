"""An index is read at one address and sent to at the other, with credentials found once."""

from __future__ import annotations

import os
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from distributions import sdist, wheel
from index_server import ALWAYS, Fault, IndexServer
from monorelease.adapters.package_index import PackageIndex
from monorelease.errors import IndexUnavailable
from monorelease.model.index import IndexTarget, Project
from monorelease.model.publication import RefusalKind, Sent
from monorelease.workflows.ports import Index
from pypi_server import ENVIRONMENT, UV, needs_uv, pypi_server
from values import named

TOKEN = "hunter2-token"  # noqa: S105 - of the indexes below
OWN = {"MONORELEASE_INDEX_TEST_TOKEN": TOKEN}


def target(url: str, upload_url: str) -> IndexTarget:
    return IndexTarget(name="test", url=url, upload_url=upload_url)


def opened(index: IndexServer, **variables: str) -> PackageIndex:
    return PackageIndex(target(index.simple_url, index.upload_url), (UV,), ENVIRONMENT | variables)


def test_it_is_what_publishing_asks_for() -> None:
    where = target("https://pypi.example/simple/", "https://upload.pypi.example/legacy/")

    index: Index = PackageIndex(where, ("uv",), {})

    assert index.target is where
    assert index.simple_url == "https://pypi.example/simple/"


@needs_uv
def test_what_a_real_index_takes_it_lists(tmp_path: Path) -> None:
    with pypi_server(tmp_path / "pypi") as server:
        index = PackageIndex(
            target(server.simple_url, server.upload_url),
            (UV,),
            ENVIRONMENT
            | {
                "MONORELEASE_INDEX_TEST_USERNAME": server.username,
                "MONORELEASE_INDEX_TEST_PASSWORD": server.password,
            },
        )
        paths = [wheel(tmp_path, "core"), sdist(tmp_path, "core")]
        before = index.projects([named("core")])
        sent = list(index.upload(paths))
        after = index.projects([named("core"), named("other")])
        (again,) = index.upload(paths[:1])

    assert before[named("core")] == Project(name=named("core"), is_known=False)
    assert [each.refusal for each in sent] == [None, None]
    assert {file.filename: file.sha256 for file in after[named("core")].files} == {
        path.name: sha256(path.read_bytes()).hexdigest() for path in paths
    }
    assert not after[named("other")].is_known
    assert again.refusal
    assert again.refusal.kind is RefusalKind.EXISTS


@needs_uv
def test_a_private_index_is_read_with_what_opens_it_for_uploads(tmp_path: Path) -> None:
    with IndexServer(credentials=("__token__", TOKEN), private=True) as server:
        index = opened(server, **OWN)
        (sent,) = index.upload([wheel(tmp_path, "core")])
        projects = index.projects([named("core")])

    assert sent.refusal is None
    assert [file.filename for file in projects[named("core")].files] == [sent.filename]


def test_a_token_for_uploads_is_not_told_to_another_host() -> None:
    """The address that is read may be a mirror, and somebody else's."""
    with (
        IndexServer(credentials=("__token__", TOKEN), private=True) as read,
        IndexServer(credentials=("__token__", TOKEN)) as sent_to,
    ):
        index = PackageIndex(target(read.simple_url, sent_to.upload_url), (UV,), OWN)
        with pytest.raises(IndexUnavailable) as refused:
            index.projects([named("core")])

    assert read.requests
    assert not [r for r in read.requests if "authorization" in r.headers]
    assert TOKEN not in f"{refused.value!r}{refused.value}{refused.value.hint}"


def test_where_credentials_come_from_is_told_without_them() -> None:
    where = target("https://pypi.example/simple/", "https://upload.pypi.example/legacy/")
    github = {"ACTIONS_ID_TOKEN_REQUEST_URL": "x", "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "y"}

    assert PackageIndex(where, (UV,), OWN).find_credentials() == "MONORELEASE_INDEX_TEST_TOKEN"
    assert PackageIndex(where, (UV,), github).find_credentials() == "trusted publishing"
    assert PackageIndex(where, (UV,), {}).find_credentials() == ""
    assert PackageIndex(where, (UV,), {}).credentials_problem == ""
    assert PackageIndex(where, (UV,), OWN).credentials_problem == ""


def test_half_of_a_pair_is_nowhere_and_the_problem_is_told() -> None:
    where = target("https://pypi.example/simple/", "https://upload.pypi.example/legacy/")

    index = PackageIndex(where, (UV,), {"UV_PUBLISH_USERNAME": "bob"})

    assert index.find_credentials() == ""
    assert index.credentials_problem == (
        "UV_PUBLISH_USERNAME is set, and UV_PUBLISH_PASSWORD is not"
    )


@needs_uv
def test_the_keyring_is_asked_once_however_many_threads_send(tmp_path: Path) -> None:
    """It is another program, which may ask somebody for a password."""
    script = tmp_path / "keyring"
    script.write_text(f'#!/bin/sh\necho x >> "{tmp_path}/asked"\nsleep 0.2\necho {TOKEN}\n')
    script.chmod(0o755)
    path = os.pathsep.join((str(tmp_path), ENVIRONMENT.get("PATH", os.defpath)))
    answers: list[Sent] = []

    with IndexServer(credentials=("__token__", TOKEN)) as server:
        index = opened(server, PATH=path)
        threads = [
            threading.Thread(target=lambda path=path: answers.extend(index.upload([path])))
            for path in (wheel(tmp_path, "core"), wheel(tmp_path, "app"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

    assert [sent.refusal for sent in answers] == [None, None]
    assert (tmp_path / "asked").read_text() == "x\n"
    assert index.find_credentials() == "the keyring"


@needs_uv
def test_too_many_is_told_as_such(tmp_path: Path) -> None:
    paths = [wheel(tmp_path, name) for name in ("core", "app")]
    fault = Fault(on="upload", file=paths[0].name, status=429, words="Later", times=ALWAYS)

    with IndexServer(faults=[fault]) as server:
        sent = list(opened(server, **OWN).upload(paths))

    assert [each.refusal and each.refusal.kind for each in sent] == [RefusalKind.TOO_MANY, None]
