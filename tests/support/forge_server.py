"""A forge on loopback: its API over HTTP, real git behind it, and whatever goes wrong on demand.

What all forges of the tests share. A forge is a class that answers `Asked` with `Told`:

    class GitHubServer(ForgeServer): ...

    with GitHubServer(tmp_path, faults=[ForgeFault(path="/pulls$", status=502)]) as forge:
        forge.create("acme/tools")
        ... git clone forge.address("acme/tools"), talk to forge.api_url, look at forge.requests

Each request and each answer is held against the forge's own OpenAPI document; what it does not
allow fails the test at the end of the ``with`` block.
"""

from __future__ import annotations

import gzip
import json
import re
import socket
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import inf
from pathlib import Path
from threading import Event, RLock, Thread
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from openapi import Contract, NotAllowed
from sandbox import surroundings

ALWAYS = inf
PATIENCE = 10.0
"""Seconds after which a client that sends nothing is given up."""

LOGIN_PAGE = "<!DOCTYPE html><title>Sign in</title><form><input type=password></form>"
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

_GIT = re.compile(r"/(?P<repository>.+?)\.git/(info/refs|git-(upload|receive)-pack)")
_BACKEND = ("git", "http-backend")


@dataclass(frozen=True, kw_only=True)
class ForgeFault:
    """What goes wrong, with which requests, and how often; all that is not said goes well."""

    method: str = ""
    """Empty for any."""
    path: str = ""
    """A pattern that is searched for in the path, without the API's own beginning."""
    after: int = 0
    """How many requests of this kind go well before."""
    times: float = 1
    """How often, or `ALWAYS`: mind that clients try again by themselves."""

    status: int = 0
    """The answer, instead of what was asked for."""
    body: str = "{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False
    """The answer ends in the middle."""
    silent: bool = False
    """The connection ends without an answer, and nothing was done."""
    lost: bool = False
    """What was asked for is done, and then this is the answer: `status`, or none at all."""
    seconds: float = 0.0
    """The answer takes so long."""


class Asked(NamedTuple):
    """What somebody asked for."""

    method: str
    path: str
    """As it was sent, without the query."""
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Their names in small letters."""
    body: Any
    """Parsed; None for none."""
    token: str
    """As the forge reads it from the headers; empty for nobody's."""
    status: int = 0
    """The answer's; none where the connection just ended."""

    @property
    def words(self) -> str:
        """Method and path: what tests compare."""
        return f"{self.method} {self.path}"


class Told(NamedTuple):
    """What the forge answers: JSON, or a page."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = NO_HEADERS


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who can be on a forge."""

    number: int
    name: str
    is_bot: bool = False


@dataclass(frozen=True, kw_only=True)
class Token:
    """What somebody may do."""

    person: Person
    may: frozenset[str] = frozenset()
    """In the forge's own words; empty for reading alone."""


class ForgeServer:
    """One forge, from the beginning to the end of a ``with`` block."""

    api: ClassVar[str]
    """What its API's paths begin with: ``/api/v1``."""
    may_push: ClassVar[frozenset[str]]
    """What a token has to be allowed, one of these, to push."""
    contract: ClassVar[Contract]

    def __init__(self, folder: Path, *, faults: Sequence[ForgeFault] = ()) -> None:
        """Nothing is served yet; repositories will be below `folder`."""
        self.folder = folder
        self.tokens: dict[str, Token] = {}
        self.is_public = True
        """Whether who has no token may read."""
        self.requests: list[Asked] = []
        """All that were answered, git's among them, in the order of their answers."""
        self.lock = RLock()
        self.closing = Event()
        self.broken: list[str] = []
        """What the forge's document does not allow, and mistakes in here."""
        self.heed(*faults)

    def __enter__(self) -> Self:
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(PATIENCE)
        if self.broken and kind is None:
            raise NotAllowed("\n".join(self.broken))

    @property
    def url(self) -> str:
        """As people open it, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def api_url(self) -> str:
        """Where its API is asked."""
        return f"{self.url}{self.api}"

    def address(self, repository: str) -> str:
        """Where git finds a repository."""
        return f"{self.url}/{repository}.git"

    def bare(self, repository: str) -> Path:
        """The folder of a repository."""
        return self.folder / f"{repository}.git"

    def create(self, repository: str) -> None:
        """Make an empty repository, ``owner/name``, whose default branch is main."""
        folder = self.bare(repository)
        folder.mkdir(parents=True)
        self.git(repository, "init", "--quiet", "--bare", "--initial-branch=main")
        self.git(repository, "config", "http.receivepack", "true")

    def git(self, repository: str, *words: str, stdin: str = "", **environment: str) -> str:
        """What git says in a repository of the forge, without a newline at the end."""
        ended = subprocess.run(
            ["git", "-C", str(self.bare(repository)), *words],
            env=surroundings(**environment),
            input=stdin.encode(),
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        if ended.returncode:
            raise RuntimeError(f"git {' '.join(words)}: {ended.stderr.decode()}")
        return ended.stdout.decode().removesuffix("\n")

    def tip(self, repository: str, ref: str) -> str:
        """The commit at ``refs/heads/…`` or ``refs/tags/…``; empty where there is none."""
        names = ("for-each-ref", "--format=%(objectname) %(*objectname)", ref)
        listed = self.git(repository, *names).split()
        return listed[-1] if listed else ""

    def commit(self, repository: str, branch: str, files: Mapping[str, str], message: str) -> str:
        """Put one more commit on a branch, as a person may do on the forge; its name.

        The branch is made from main where it is missing.
        """
        ref = f"refs/heads/{branch}"
        parent = self.tip(repository, ref) or self.tip(repository, "refs/heads/main")
        index = {"GIT_INDEX_FILE": str(self.folder / "index-of-the-forge")}
        self.git(repository, "read-tree", parent or "--empty", **index)
        for name, text in files.items():
            blob = self.git(repository, "hash-object", "-w", "--stdin", stdin=text)
            entry = f"100644 {blob}\t{name}\0"
            self.git(repository, "update-index", "-z", "--index-info", stdin=entry, **index)
        tree = self.git(repository, "write-tree", **index)
        parents = ("-p", parent) if parent else ()
        commit = self.git(repository, "commit-tree", tree, "-m", message, *parents)
        self.git(repository, "update-ref", ref, commit)
        return commit

    def merge(self, repository: str, base: str, head: str, message: str) -> str:
        """Merge a branch or commit into a branch, with a commit of its own; its name."""
        tree = self.git(repository, "merge-tree", "--write-tree", base, head).split("\n")[0]
        commit = self.git(repository, "commit-tree", tree, "-p", base, "-p", head, "-m", message)
        self.git(repository, "update-ref", f"refs/heads/{base}", commit)
        return commit

    def heed(self, *faults: ForgeFault) -> None:
        """From here on let these things go wrong, and no others."""
        self._faults = list(faults)
        self._met = [0] * len(faults)

    def asked(self, method: str = "", path: str = "") -> list[Asked]:
        """The requests with this method and a path that has this pattern in it."""
        return [
            asked
            for asked in self.requests
            if method in {"", asked.method} and re.search(path, asked.path)
        ]

    def answer(self, asked: Asked) -> Told:
        """What the API answers; its path is told without the API's beginning, and quoted."""
        raise NotImplementedError

    def read_token(self, headers: Mapping[str, str]) -> str:
        """The token in the headers of a request, as this forge wants it."""
        kind, _, words = headers.get("authorization", "").partition(" ")
        match kind.lower():
            case "bearer" | "token":
                return words
            case "basic":  # as git sends it, with any name
                return b64decode(words).decode().partition(":")[2]
            case _:
                return ""

    def meet(self, asked: Asked) -> ForgeFault | None:
        """What befalls this request: the first fault that fits."""
        with self.lock:
            for place, fault in enumerate(self._faults):
                if fault.method in {"", asked.method} and re.search(fault.path, asked.path):
                    self._met[place] += 1
                    if fault.after < self._met[place] <= fault.after + fault.times:
                        return fault
        return None

    def checked_answer(self, asked: Asked, url: str) -> Told:
        """The answer, where request and answer are allowed; `broken` tells what is not."""
        try:
            self.contract.check_request(asked.method, url, asked.body)
            with self.lock:
                told = self.answer(asked)
            self.contract.check_response(asked.method, url, told.status, told.body)
        except NotAllowed as error:
            self.broken.append(str(error))
            return Told(400, {"message": str(error)})
        return told

    def serve_git(self, asked: Asked, url: str, body: bytes) -> tuple[int, str, bytes]:
        """Let ``git http-backend`` answer; its status, headers and body."""
        found = _GIT.fullmatch(asked.path)
        assert found is not None
        token = self.tokens.get(asked.token)
        is_push = "receive-pack" in url
        needs_token = is_push or not self.is_public
        if token is None and (needs_token or asked.token):
            return 401, 'WWW-Authenticate: Basic realm="forge"', b"Who are you?"
        if is_push and token is not None and not self.may_push & token.may:
            return 403, "", b"You may not push."
        environment = {
            "CONTENT_LENGTH": str(len(body)),
            "CONTENT_TYPE": asked.headers.get("content-type", ""),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROJECT_ROOT": str(self.folder),
            "GIT_PROTOCOL": asked.headers.get("git-protocol", ""),
            "PATH_INFO": unquote(asked.path),
            "QUERY_STRING": urlsplit(url).query,
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_USER": token.person.name if token else "",
            "REQUEST_METHOD": asked.method,
        }
        ended = subprocess.run(
            _BACKEND,
            env=surroundings(**environment),
            input=body,
            capture_output=True,
            timeout=60,
            check=False,
        )
        head, _, content = ended.stdout.partition(b"\r\n\r\n")
        status = re.search(rb"^Status: ([0-9]+)", head, re.MULTILINE)
        lines = [line for line in head.decode().splitlines() if not line.startswith("Status:")]
        return int(status[1]) if status else 200, "\n".join(lines), content


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for what is being answered
    request_queue_size = 32

    def __init__(self, forge: ForgeServer) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.forge = forge

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell of mistakes in here, and not of clients that were killed."""
        error = sys.exception()
        if not isinstance(error, OSError):
            self.forge.broken.append(f"the forge of the tests: {error!r}")
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Connection(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def do_GET(self) -> None:
        forge = self.server.forge
        headers = {name.lower(): text for name, text in self.headers.items()}
        parts = urlsplit(self.path)
        body = self._body()
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        token = forge.read_token(headers)
        asked = Asked(self.command, parts.path, query, headers, None, token)
        if _GIT.fullmatch(parts.path):
            self._serve_git(asked, body)
        elif parts.path.startswith(f"{forge.api}/"):
            told = json.loads(body) if body else None
            path = parts.path.removeprefix(forge.api)
            self._serve_api(asked._replace(path=path, body=told))
        else:
            self._finish(asked, 200, {"Content-Type": "text/html"}, LOGIN_PAGE.encode())

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the base class's names

    def _body(self) -> bytes:
        body = b""
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body

    def _serve_git(self, asked: Asked, body: bytes) -> None:
        forge = self.server.forge
        fault = forge.meet(asked)
        if fault is not None and not self._befallen(asked, fault):
            return
        status, lines, content = forge.serve_git(asked, self.path, body)
        headers = dict(line.split(": ", 1) for line in lines.splitlines())
        self._finish(asked, status, headers, content)

    def _serve_api(self, asked: Asked) -> None:
        forge = self.server.forge
        url = self.path.removeprefix(forge.api)
        fault = forge.meet(asked)
        if fault is not None and not fault.lost and not self._befallen(asked, fault):
            return
        told = forge.checked_answer(asked, url)
        if fault is not None and fault.lost:
            self._befallen(asked, replace(fault, silent=not fault.status))
            return
        body = b"" if told.body is None else json.dumps(told.body).encode()
        kind = {"Content-Type": "application/json; charset=utf-8"} if body else {}
        is_cut = fault is not None and fault.cut
        self._finish(asked, told.status, {**kind, **told.headers}, body, is_cut=is_cut)

    def _befallen(self, asked: Asked, fault: ForgeFault) -> bool:
        """Let the fault happen; whether an answer is still to be given."""
        self.server.forge.closing.wait(fault.seconds)
        if fault.silent:
            self.server.forge.requests.append(asked)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return False
        if fault.status:
            headers = {"Content-Type": "application/json", **fault.headers}
            self._finish(asked, fault.status, headers, fault.body.encode(), is_cut=fault.cut)
            return False
        return True

    def _finish(
        self,
        asked: Asked,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        *,
        is_cut: bool = False,
    ) -> None:
        self.server.forge.requests.append(asked._replace(status=status))
        self.close_connection = True
        self.send_response_only(status)
        for name, text in {"Date": self.date_time_string(), **headers}.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if is_cut else body)
