"""What an index on the network has, asked from a real one on loopback."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from threading import Barrier
from urllib.parse import quote

import pytest

from distributions import sdist, wheel
from index_server import ALWAYS, LOGIN_PAGE, Fault, IndexServer
from monorelease.adapters.asking import SECONDS
from monorelease.adapters.simple_index import THREADS, SimpleIndex
from monorelease.errors import IndexUnavailable
from monorelease.model.index import IndexedFile, Project
from pypi_server import pypi_server
from sandbox import PATIENCE
from values import named

CORE = named("core")
SECRET = "s3cr+t-pa55"  # noqa: S105 - not one
DATA = {"core-1.0-py3-none-any.whl": b"wheel", "core-1.0.tar.gz": b"source"}
FILES = tuple(
    IndexedFile(filename=name, sha256=sha256(data).hexdigest()) for name, data in DATA.items()
)


def core(index: IndexServer) -> Project:
    """What is under the name core, without a pause between tries."""
    return SimpleIndex(index.simple_url, sleep=lambda _: None).projects([CORE])[CORE]


@pytest.mark.parametrize("serves_json", [True, False])
def test_files_are_found_with_their_hashes(*, serves_json: bool) -> None:
    with IndexServer(serves_json=serves_json) as index:
        index.add("core", DATA)
        index.yanked = {"core-1.0.tar.gz": "does not build"}

        project = core(index)

    wheel, source = FILES
    assert project.files == (
        wheel,
        IndexedFile(filename=source.filename, sha256=source.sha256, yanked="does not build"),
    )


def test_every_name_is_answered_in_order() -> None:
    names = [named(f"package-{number}") for number in range(9, -1, -1)]
    with IndexServer() as index:
        for name in names[::2]:
            index.add(name, {})

        found = SimpleIndex(index.simple_url).projects(names)

    assert list(found) == names
    assert [project.is_known for project in found.values()] == [True, False] * 5
    assert [project.name for project in found.values()] == names
    assert sorted(r.path for r in index.requests) == sorted(f"/simple/{n}/" for n in names)


def test_no_names_are_no_requests() -> None:
    with IndexServer() as index:
        assert SimpleIndex(index.simple_url).projects([]) == {}

    assert index.requests == []


def test_the_slash_at_the_end_may_be_left_out() -> None:
    with IndexServer() as index:
        index.add("core", DATA)

        found = SimpleIndex(index.simple_url.rstrip("/")).projects([CORE])

    assert found[CORE].files == FILES


def test_nothing_is_remembered() -> None:
    with IndexServer() as index:
        simple = SimpleIndex(index.simple_url)
        assert not simple.projects([CORE])[CORE].is_known
        index.add("core", DATA)

        assert simple.projects([CORE])[CORE].files == FILES


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(on="page", status=200, words=LOGIN_PAGE), "a page for people, a login perhaps"),
        (
            Fault(on="page", status=200, words="{}", headers={"Content-Type": "text/plain"}),
            "'text/plain'",
        ),
        (
            Fault(on="page", status=200, words="{", headers={"Content-Type": "application/json"}),
            "JSON that cannot be read",
        ),
    ],
)
def test_what_is_no_simple_page_is_told_with_its_address(fault: Fault, told: str) -> None:
    with IndexServer(faults=[fault]) as index:
        with pytest.raises(IndexUnavailable) as caught:
            core(index)

        assert caught.value.where == f"{index.simple_url}core/"
    assert told in caught.value.problem
    assert "--index-url" in caught.value.hint


def test_one_page_that_cannot_be_had_stops_all() -> None:
    names = [named(f"package-{number}") for number in range(50)]
    faults = [
        Fault(on="page", file="package-0", status=403),
        Fault(on="page", status=503, times=ALWAYS),
    ]
    with IndexServer(faults=faults) as index, pytest.raises(IndexUnavailable, match="403"):
        SimpleIndex(index.simple_url, sleep=lambda _: None).projects(names)

    assert len(index.requests) < 1 + 49 * 4, "they were all asked, four times each"


def test_pages_are_asked_for_side_by_side() -> None:
    """All but the first have to pause together, or none of them goes on."""
    together = Barrier(THREADS)
    names = [named(f"package-{number}") for number in range(THREADS + 1)]
    faults = [Fault(on="page", file=name, status=503) for name in names[1:]]
    with IndexServer(faults=faults) as index:
        simple = SimpleIndex(index.simple_url, sleep=lambda _: together.wait(PATIENCE))

        assert list(simple.projects(names)) == names


def test_an_index_that_lets_nobody_in_is_asked_once() -> None:
    """Whoever tries a wrong password at four doors at once may be locked out."""
    names = [named(f"package-{number}") for number in range(9)]
    with (
        IndexServer(credentials=("ada", "other"), private=True) as index,
        pytest.raises(IndexUnavailable, match="does not take the credentials"),
    ):
        SimpleIndex(index.simple_url, lambda: ("ada", "secret")).projects(names)

    assert len(index.requests) == 2


def test_who_knows_the_worst_waits_for_nobody() -> None:
    faults = [
        Fault(on="page", file="slow", seconds=PATIENCE),
        Fault(on="page", file="wrong", status=403),
    ]
    begin = time.monotonic()
    with IndexServer(faults=faults) as index, pytest.raises(IndexUnavailable, match="403"):
        SimpleIndex(index.simple_url).projects([CORE, named("slow"), named("wrong")])

    assert time.monotonic() - begin < SECONDS / 2


def test_who_is_interrupted_waits_for_nobody() -> None:
    """A process of its own, told to end while it waits for two answers."""
    program = (
        "import sys; from monorelease.adapters.simple_index import SimpleIndex\n"
        "SimpleIndex(sys.argv[1]).projects(['core', 'slow', 'slower'])"
    )
    faults = [Fault(on="page", file=name, seconds=PATIENCE) for name in ("slow", "slower")]
    with (
        IndexServer(faults=faults) as index,
        subprocess.Popen(
            [sys.executable, "-c", program, index.simple_url], stderr=subprocess.PIPE
        ) as asking,
    ):
        while len(index.requests) < 3:
            time.sleep(0.01)
        begin = time.monotonic()
        asking.send_signal(signal.SIGINT)
        asking.communicate(timeout=PATIENCE)

    assert asking.returncode
    assert time.monotonic() - begin < SECONDS / 2


@pytest.mark.parametrize("said", [SECRET, b64encode(f"ada:{SECRET}".encode()).decode()])
def test_an_index_that_repeats_a_secret_is_not_quoted(said: str) -> None:
    """In the name of the project, or in an address that it redirects to."""
    page = f'{{"name": "{said}", "files": []}}'
    json = {"Content-Type": "application/json"}
    away = {"Location": f"http://127.0.0.1:1/{quote(said)}"}
    for fault in (
        Fault(on="page", status=200, words=page, headers=json),
        Fault(on="page", status=302, headers=away, times=ALWAYS),
    ):
        faults = [Fault(on="page", status=401), fault]
        with IndexServer(faults=faults) as index:
            simple = SimpleIndex(index.simple_url, lambda: ("ada", SECRET), sleep=lambda _: None)
            with pytest.raises(IndexUnavailable) as told:
                simple.projects([CORE])

        words = f"{told.value!r} {told.value} {told.value.hint}"
        assert said not in words
        assert quote(said) not in words


def test_an_index_in_trouble_is_asked_again() -> None:
    with IndexServer(faults=[Fault(on="page", status=502), Fault(on="page", cut=True)]) as index:
        index.add("core", DATA)

        assert core(index).files == FILES

    assert len(index.requests) == 3


def test_credentials_are_for_a_private_index() -> None:
    ada = ("ada", "secret")
    with IndexServer(credentials=ada, private=True) as index:
        index.add("core", DATA)

        found = SimpleIndex(index.simple_url, lambda: ada).projects([CORE])

    assert found[CORE].files == FILES


def test_no_message_names_a_password_of_the_address() -> None:
    with IndexServer(faults=[Fault(on="page", status=200, words=LOGIN_PAGE)]) as index:
        url = index.simple_url.replace("//", "//ada:secret@")

        with pytest.raises(IndexUnavailable) as caught:
            SimpleIndex(url).projects([CORE])

    assert "secret" not in f"{caught.value!r} {caught.value} {caught.value.hint}"


def test_a_real_pypiserver_is_read(tmp_path: Path) -> None:
    with pypi_server(tmp_path / "server") as server:
        places = [wheel(server.packages, "core"), sdist(server.packages, "core")]

        found = SimpleIndex(server.simple_url).projects([CORE, named("other")])

    hashes = {place.name: sha256(place.read_bytes()).hexdigest() for place in places}
    assert {file.filename: file.sha256 for file in found[CORE].files} == hashes
    assert found[named("other")].files == ()
