"""One page is asked for, once: what came, or in words why nothing did."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from index_server import Fault, IndexServer
from monorelease.adapters import asking
from monorelease.adapters.asking import Answer, ask, opener, without_user
from monorelease.adapters.exchange import Passing
from monorelease.errors import IndexUnavailable
from sandbox import PATIENCE

HTML = "text/html; charset=utf-8"


def page(url: str) -> Answer:
    return ask(opener(), url, "text/html")


def test_an_answer_is_told_whatever_its_status() -> None:
    headers = {"Retry-After": "7", "Location": "/x", "Content-Type": "text/plain"}
    fault = Fault(on="page", status=503, words="closed", headers=headers)
    with IndexServer(faults=[fault]) as index:
        assert page(f"{index.simple_url}core/") == Answer(
            status=503, content_type="text/plain", body=b"closed", location="/x", pause=7.0
        )


@pytest.mark.parametrize("pause", ["", "soon", "-1", "1.5", "Sun, 22 Nov 2026 10:15:00 GMT"])
def test_only_seconds_are_understood_as_a_pause(pause: str) -> None:
    with IndexServer(
        faults=[Fault(on="page", status=429, headers={"Retry-After": pause})]
    ) as index:
        assert page(f"{index.simple_url}core/").pause == 0.0


def test_caches_are_told_to_ask_again_and_credentials_are_not_made_up() -> None:
    with IndexServer() as index:
        ask(opener(), index.simple_url, "a/b;q=0.5")
        ask(opener(), index.simple_url, "*/*", "Basic eA==")

    first, second = (request.headers for request in index.requests)
    assert first["accept"] == "a/b;q=0.5"
    assert first["cache-control"] == "no-cache"
    assert first["user-agent"] == "monorelease"
    assert "authorization" not in first
    assert second["authorization"] == "Basic eA=="


def test_a_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with IndexServer() as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)

        assert page("http://pypi.example/simple/").status == 200

    assert [request.path for request in proxy.requests] == ["http://pypi.example/simple/"]


# ── what may pass ───────────────────────────────────────────────────────────────────────


def test_an_answer_that_is_cut_is_none() -> None:
    with IndexServer(faults=[Fault(on="page", cut=True)]) as index:
        index.add("core", {"core-1.0.tar.gz": b""})

        with pytest.raises(Passing, match="ended its answer too early"):
            page(f"{index.simple_url}core/")


def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # and does not listen
        with pytest.raises(Passing, match="cannot be reached: Connection refused"):
            page(f"http://127.0.0.1:{free.getsockname()[1]}/")


def test_a_connection_that_is_closed_at_once_is_no_answer() -> None:
    with answering(lambda _: None) as port, pytest.raises(Passing, match="cannot be reached"):
        page(f"http://127.0.0.1:{port}/")


def test_what_is_no_http_is_no_answer() -> None:
    with (
        answering(lambda peer: peer.sendall(b"220 smtp ready\r\n")) as port,
        pytest.raises(Passing, match="ended its answer too early"),
    ):
        page(f"http://127.0.0.1:{port}/")


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    with (
        IndexServer(faults=[Fault(on="page", seconds=PATIENCE)]) as index,
        pytest.raises(Passing, match="did not answer in time"),
    ):
        page(f"{index.simple_url}core/")


def test_an_answer_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "LONGEST", 0.3)

    def trickle(peer: socket.socket) -> None:
        peer.recv(4096)
        peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with suppress(OSError):  # it has hung up
            for _ in range(1000):
                time.sleep(0.01)
                peer.sendall(b"more ")

    with answering(trickle) as port, pytest.raises(Passing, match="did not answer in time"):
        page(f"http://127.0.0.1:{port}/")


# ── what will not pass ──────────────────────────────────────────────────────────────────


def test_an_answer_may_not_be_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    with IndexServer() as index:
        length = len(page(index.simple_url).body)
        monkeypatch.setattr(asking, "LARGEST", length)
        page(index.simple_url)
        monkeypatch.setattr(asking, "LARGEST", length - 1)

        with pytest.raises(IndexUnavailable, match="answers with more than 0 MiB"):
            page(index.simple_url)


@pytest.mark.parametrize(
    "url",
    [
        "http://pypi example/",
        "http://[::1/",
        "http://127.0.0.1:port/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/é",
        "http://a..b/",
        "pypi.example/simple/",
        "ftp://127.0.0.1/",
        "file:///etc/hosts",
    ],
)
def test_what_is_no_address_of_the_web_is_not_asked(url: str) -> None:
    with pytest.raises(IndexUnavailable, match=r"no address that|cannot be asked") as caught:
        page(url)

    assert caught.value.where == url
    assert caught.value.hint


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_a_certificate_that_nobody_signed_is_told(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*self_signed(tmp_path))

    def greet(peer: socket.socket) -> None:
        with pytest.raises(OSError, match=r"(?i)alert|closed|reset|eof"):
            context.wrap_socket(peer.dup(), server_side=True)

    with answering(greet) as port, pytest.raises(IndexUnavailable) as caught:
        page(f"https://127.0.0.1:{port}/simple/")

    assert "not trusted: self-signed certificate" in caught.value.problem
    assert "SSL_CERT_FILE" in caught.value.hint


def self_signed(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-keyout", str(key), "-out", str(certificate), "-days", "2"),
        ],
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )
    return certificate, key


@contextmanager
def answering(answer: Callable[[socket.socket], object]) -> Iterator[int]:
    """A server that does this with one connection; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                peer.settimeout(PATIENCE)
                peer.recv(1, socket.MSG_PEEK)
                answer(peer)
                with suppress(OSError):  # it may have hung up
                    peer.shutdown(socket.SHUT_WR)
                    while peer.recv(4096):  # what is unread when we close would be a reset
                        pass

        thread = Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(PATIENCE)
        assert not thread.is_alive()


# ── secrets ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a:s@cr/t@pypi.example/", "https://cr/t@pypi.example/"),
        ("https://ada:secret@pypi.example/x@y", "https://pypi.example/x@y"),
        ("https://a:b@c@pypi.example?q", "https://pypi.example?q"),
        ("https://pypi.example/?a=b@c", "https://pypi.example/?a=b@c"),
    ],
)
def test_an_address_is_shown_without_who_asks(url: str, shown: str) -> None:
    assert without_user(url) == shown


def test_no_error_names_a_password() -> None:
    with pytest.raises(IndexUnavailable) as caught:
        page("http://ada:secret@127.0.0.1:port/")

    told = (str(caught.value), caught.value.hint, repr(caught.value))
    assert "secret" not in "".join(told)
