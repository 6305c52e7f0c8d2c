"""An answer that never stops coming is given up, wherever in it the server is."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from urllib.request import OpenerDirector

import pytest

from monorelease.adapters.deadline import Http, Https
from sandbox import PATIENCE

HEAD = "HTTP/1.1 200 OK\r\n"
BEGINNINGS = {
    "a header": f"{HEAD}X: ",
    "a page": f"{HEAD}Content-Length: 1000\r\n\r\n",
    "a page of no length": f"{HEAD}\r\n",
    "a piece": f"{HEAD}Transfer-Encoding: chunked\r\n\r\nfff\r\n",
    "what is behind the pieces": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
}


def get(url: str, seconds: float) -> bytes:
    director = OpenerDirector()
    for handler in (Http(seconds), Https(seconds)):
        director.add_handler(handler)
    with director.open(url, timeout=PATIENCE) as response:
        body: bytes = response.read()
    return body


@contextmanager
def saying(begin: str, context: ssl.SSLContext | None = None, *, pieces: int = 0) -> Iterator[str]:
    """A server that says `begin`, and then so many pieces, slowly; where it is."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)

        def serve() -> None:
            peer, _ = server.accept()
            if context:
                peer = context.wrap_socket(peer, server_side=True)
            with peer, suppress(OSError):  # it has hung up
                peer.recv(4096)
                peer.sendall(begin.encode())
                for _ in range(pieces):
                    time.sleep(0.01)
                    peer.sendall(b"x: y\r\n")

        thread = Thread(target=serve)
        thread.start()
        yield f"http{'s' if context else ''}://localhost:{server.getsockname()[1]}/"
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_an_answer_that_ends_is_whole() -> None:
    with saying(f"{HEAD}\r\n", pieces=3) as url:
        assert get(url, seconds=PATIENCE) == b"x: y\r\n" * 3


@pytest.mark.parametrize("begin", BEGINNINGS.values(), ids=BEGINNINGS)
def test_what_comes_drop_by_drop_is_given_up(begin: str) -> None:
    with saying(begin, pieces=1000) as url, pytest.raises(TimeoutError):
        get(url, seconds=0.2)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_the_same_is_true_where_nobody_can_listen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    words = (
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-days",
        "2",
    )
    own = ("-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate))
    subprocess.run(["openssl", *words, *own], check=True, capture_output=True, timeout=PATIENCE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    with saying(f"{HEAD}Content-Length: 12\r\n\r\n", context, pieces=2) as url:
        assert get(url, seconds=PATIENCE) == b"x: y\r\n" * 2
    with saying(f"{HEAD}\r\n", context, pieces=1000) as url, pytest.raises(TimeoutError):
        get(url, seconds=0.2)
