"""Pages are fetched with patience, and credentials go nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index_server import ALWAYS, Fault, IndexServer
from monorelease.adapters.asking import Answer
from monorelease.adapters.fetching import Fetching, _redirected
from monorelease.errors import IndexUnavailable

ACCEPT = "text/html"
SECRET = "correct horse"  # noqa: S105 - not one
ADA = ("ada", SECRET)


def get(
    index: IndexServer,
    credentials: Callable[[], tuple[str, str] | None] | None = None,
    pauses: list[float] | None = None,
) -> Answer | None:
    """The page of the project core."""
    waited: list[float] = [] if pauses is None else pauses
    fetching = Fetching(index.simple_url, credentials, waited.append)
    return fetching.get(f"{index.simple_url}core/", ACCEPT)


def paths(index: IndexServer) -> list[str]:
    return [request.path for request in index.requests]


# ── patience ────────────────────────────────────────────────────────────────────────────


def test_what_is_not_there_is_told_at_once() -> None:
    with IndexServer() as index:
        assert get(index) is None

    assert len(index.requests) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 522])
def test_what_may_pass_is_tried_again(status: int) -> None:
    pauses: list[float] = []
    with IndexServer(faults=[Fault(on="page", status=status, times=2)]) as index:
        index.add("core", {})

        answer = get(index, pauses=pauses)

    assert answer is not None
    assert answer.status == 200
    assert pauses == [0.5, 2.0]


def test_an_answer_that_is_cut_is_asked_for_again() -> None:
    with IndexServer(faults=[Fault(on="page", cut=True)]) as index:
        index.add("core", {"core-1.0.tar.gz": b""})

        answer = get(index)

    assert answer is not None
    assert b"</html>" in answer.body


@pytest.mark.parametrize(
    ("asked", "pause"), [("0", 0.5), ("7", 7.0), ("3600", 30.0), ("9" * 400, 30.0), ("soon", 0.5)]
)
def test_a_server_may_ask_for_a_pause(asked: str, pause: float) -> None:
    pauses: list[float] = []
    fault = Fault(on="page", status=429, headers={"Retry-After": asked})
    with IndexServer(faults=[fault]) as index:
        get(index, pauses=pauses)

    assert pauses == [pause]


def test_patience_has_an_end() -> None:
    pauses: list[float] = []
    with IndexServer(faults=[Fault(on="page", status=503, times=ALWAYS)]) as index:
        with pytest.raises(IndexUnavailable) as caught:
            get(index, pauses=pauses)

        assert str(caught.value) == (
            f"{index.simple_url}core/: answers with status 503 Service Unavailable"
        )
    assert "later" in caught.value.hint
    assert len(index.requests) == 4
    assert pauses == [0.5, 2.0, 5.0]


@pytest.mark.parametrize("status", [204, 304, 400, 403, 410, 418])
def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    with (
        IndexServer(faults=[Fault(on="page", status=status, times=ALWAYS)]) as index,
        pytest.raises(IndexUnavailable, match=f"status {status}") as caught,
    ):
        get(index)

    assert caught.value.hint
    assert len(index.requests) == 1


# ── redirects ───────────────────────────────────────────────────────────────────────────


def redirect(location: str, status: int = 302, times: float = 1) -> Fault:
    return Fault(on="page", file="core", status=status, headers={"Location": location}, times=times)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["../other/", "/simple/other/"])
def test_a_redirect_is_followed(status: int, location: str) -> None:
    with IndexServer(faults=[redirect(location, status)]) as index:
        index.add("other", {})

        answer = get(index)

    assert answer is not None
    assert answer.status == 200
    assert paths(index) == ["/simple/core/", "/simple/other/"]


def test_a_redirect_leads_to_another_server() -> None:
    with (
        IndexServer() as other,
        IndexServer(faults=[redirect(f"{other.simple_url}core/")]) as index,
    ):
        other.add("core", {})

        assert get(index) is not None

    assert paths(other) == ["/simple/core/"]


def test_redirects_have_an_end() -> None:
    with (
        IndexServer(faults=[redirect("/simple/core/", times=ALWAYS)]) as index,
        pytest.raises(IndexUnavailable, match="redirects without end"),
    ):
        get(index)

    assert len(index.requests) == 6


@pytest.mark.parametrize(
    "location", ["file:///etc/hosts", "ftp://127.0.0.1/", "javascript:1", "http://[", "data:,x"]
)
def test_a_redirect_leads_nowhere_else(location: str) -> None:
    with (
        IndexServer(faults=[redirect(location)]) as index,
        pytest.raises(IndexUnavailable, match="redirects to what is neither"),
    ):
        get(index)


def test_a_redirect_never_leaves_https() -> None:
    assert _redirected("http://a.example/", "https://b.example/") == "https://b.example/"
    with pytest.raises(IndexUnavailable):
        _redirected("https://a.example/", "http://a.example/")


def test_a_redirect_brings_no_credentials() -> None:
    assert _redirected("https://a.example/", "//eve:x@b.example/") == "https://b.example/"


# ── credentials ─────────────────────────────────────────────────────────────────────────


def tokens(index: IndexServer) -> list[str | None]:
    return [request.headers.get("authorization") for request in index.requests]


class Keyring:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> tuple[str, str]:
        self.asked += 1
        return ADA


def test_credentials_are_not_looked_up_where_nobody_wants_them() -> None:
    keyring = Keyring()
    with IndexServer() as index:
        get(index, keyring)

    assert keyring.asked == 0
    assert tokens(index) == [None]


def test_credentials_are_sent_when_the_index_asks_for_them() -> None:
    keyring = Keyring()
    with IndexServer(credentials=ADA, private=True) as index:
        index.add("core", {})
        fetching = Fetching(index.simple_url, keyring)

        answers = [fetching.get(f"{index.simple_url}core/", ACCEPT) for _ in range(2)]

    assert [answer.status for answer in answers if answer] == [200, 200]
    assert tokens(index) == [None, "Basic YWRhOmNvcnJlY3QgaG9yc2U="] * 2
    assert keyring.asked == 1


@pytest.mark.parametrize("find", [None, lambda: None])
def test_who_has_no_credentials_is_told_where_they_come_from(
    find: Callable[[], None] | None,
) -> None:
    with (
        IndexServer(credentials=ADA, private=True) as index,
        pytest.raises(IndexUnavailable, match="asks for credentials, and there are none") as caught,
    ):
        get(index, find)

    assert "MONORELEASE_INDEX_…_TOKEN" in caught.value.hint
    assert len(index.requests) == 1


def test_wrong_credentials_are_sent_once_and_never_told() -> None:
    with (
        IndexServer(credentials=("ada", "other"), private=True) as index,
        pytest.raises(IndexUnavailable, match="does not take the credentials") as caught,
    ):
        get(index, lambda: ADA)

    assert len(index.requests) == 2
    told = f"{caught.value!r} {caught.value} {caught.value.hint}"
    assert SECRET not in told
    assert "YWRh" not in told


def test_another_server_gets_no_credentials() -> None:
    with (
        IndexServer(credentials=ADA, private=True) as other,
        IndexServer(faults=[redirect(f"{other.simple_url}core/")]) as index,
        pytest.raises(IndexUnavailable, match="not the index's own server") as caught,
    ):
        get(index, lambda: ADA)

    assert caught.value.where == f"{other.simple_url}core/"
    assert tokens(other) == [None]
    assert tokens(index) == [None]


def test_credentials_that_were_sent_do_not_follow_a_redirect() -> None:
    with IndexServer() as other:
        faults = [redirect(f"{other.simple_url}core/")]
        with IndexServer(credentials=ADA, private=True, faults=faults) as index:
            other.add("core", {})

            assert get(index, lambda: ADA) is not None

    assert tokens(index) == [None, "Basic YWRhOmNvcnJlY3QgaG9yc2U="]
    assert tokens(other) == [None]


def test_credentials_are_not_sent_where_others_can_read_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = "http://pypi.example/simple/"
    with IndexServer(credentials=ADA, private=True) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)

        with pytest.raises(IndexUnavailable, match="over plain http") as caught:
            Fetching(home, lambda: ADA).get(f"{home}core/", ACCEPT)

    assert "https" in caught.value.hint
    assert tokens(proxy) == [None]


def test_what_stays_on_this_machine_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with IndexServer() as proxy, IndexServer(credentials=ADA, private=True) as index:
        index.add("core", {"core-1.0.0.tar.gz": b"bytes"})
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)

        answer = Fetching(index.simple_url, lambda: ADA).get(f"{index.simple_url}core/", ACCEPT)

    assert answer is not None
    assert proxy.requests == []


def test_who_asks_in_the_address_is_never_sent_nor_told() -> None:
    with IndexServer(faults=[Fault(on="page", status=403)]) as index:
        url = index.simple_url.replace("//", f"//ada:{SECRET.replace(' ', '')}@")

        with pytest.raises(IndexUnavailable) as caught:
            Fetching(url).get(f"{url}core/", ACCEPT)

    assert caught.value.where == f"{index.simple_url}core/"
    assert tokens(index) == [None]
