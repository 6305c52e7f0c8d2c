"""How an index of the tests speaks: the legacy upload API and the simple API, over HTTP."""

from __future__ import annotations

import re
import socket
import sys
from base64 import b64encode
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from packaging.utils import NormalizedName

from faults import Fault
from monorelease.formats.simple_index import JSON_TYPE
from monorelease.formats.simple_pages import format_html, format_json, format_root

if TYPE_CHECKING:
    from index_server import IndexServer

NO_HEADERS: Mapping[str, str] = MappingProxyType({})

PATIENCE = 10.0
"""Seconds after which a client that sends nothing is given up."""


class Arrival(NamedTuple):
    """A file that came, and what became of it."""

    file: str
    result: str
    """``stored``, ``lost`` (stored, not answered), ``cut``, or the status: ``429``."""


class Request(NamedTuple):
    """What somebody asked for."""

    method: str
    path: str
    headers: Mapping[str, str]


class Refused(Exception):
    """The answer is another one than was asked for."""

    def __init__(self, status: int, words: str, headers: Mapping[str, str] = NO_HEADERS) -> None:
        super().__init__(status, words)
        self.status, self.words, self.headers = status, words, headers


class Server(ThreadingHTTPServer):
    """Listens on a free port."""

    daemon_threads = False  # so that closing waits for what is being answered

    def __init__(self, index: IndexServer) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.index = index

    def handle_error(self, request: object, client_address: object) -> None:
        """Tell of mistakes in here, and not of clients that were killed."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Connection(BaseHTTPRequestHandler):
    server: Server
    timeout = PATIENCE

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""

    def do_POST(self) -> None:
        index = self.server.index
        self._record()
        length = int(self.headers["Content-Length"])
        body, file = self._read_to_file(length)
        fault = index.meet_upload(file)
        if not fault.cut:
            body += self.rfile.read(length - len(body))
        if len(body) < length:
            index.uploads.append(Arrival(file, "cut"))
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        index.on_upload(file)
        try:
            self._suffer(fault)
            self._check_credentials(403)
            index.take(file, *_parse_form(body, self.headers["Content-Type"]))
        except Refused as refused:
            index.uploads.append(Arrival(file, str(refused.status)))
            self._answer(refused.words, refused.status, refused.headers)
            return
        index.uploads.append(Arrival(file, "lost" if fault.lost else "stored"))
        index.after_upload(file)
        if not fault.lost:
            self._answer("")

    def do_GET(self) -> None:
        index = self.server.index
        self._record()
        try:
            if index.private:
                self._check_credentials(401)
            match unquote(urlsplit(self.path).path).split("/")[1:]:
                case ["simple", ""]:
                    self._answer(format_root(sorted(index.files)))
                case ["simple", name, ""]:
                    self._serve_page(NormalizedName(name))
                case ["simple", name, file] if file in index.files.get(NormalizedName(name), {}):
                    self._answer(index.files[NormalizedName(name)][file])
                case _:
                    self._answer("Not found", 404)
        except Refused as refused:
            self._answer(refused.words, refused.status, refused.headers)

    do_HEAD = do_GET  # noqa: N815 - the base class looks for this name

    def _record(self) -> None:
        headers = {name.lower(): text for name, text in self.headers.items()}
        self.server.index.requests.append(Request(self.command, self.path, headers))

    def _read_to_file(self, length: int) -> tuple[bytes, str]:
        """The body as far as it tells the file's name: what is behind may be cut off."""
        body = b""
        while line := self.rfile.readline(length - len(body)):  # none once the client is gone
            body += line
            if found := re.search(rb'; filename="([^"]*)"', line):
                return body, found[1].decode()
        return body, ""

    def _suffer(self, fault: Fault) -> None:
        self.server.index.closing.wait(fault.seconds)
        if fault.status:
            raise Refused(fault.status, fault.words, fault.headers)

    def _check_credentials(self, status: int) -> None:
        credentials = self.server.index.credentials
        if credentials is not None:
            token = b64encode(":".join(credentials).encode()).decode()
            if self.headers["Authorization"] != f"Basic {token}":
                asked = {"WWW-Authenticate": 'Basic realm="index"'}
                raise Refused(status, "Invalid or non-existent authentication information.", asked)

    def _serve_page(self, name: NormalizedName) -> None:
        index = self.server.index
        project, fault = index.page(name)
        self._suffer(fault)
        if project is None:
            self._answer("Not found", 404)
            return
        is_json = index.serves_json and JSON_TYPE in self.headers.get("Accept", "")
        page = format_json(project) if is_json else format_html(project)
        self._answer(page, headers={"Content-Type": JSON_TYPE} if is_json else {}, cut=fault.cut)

    def _answer(
        self,
        body: str | bytes,
        status: int = 200,
        headers: Mapping[str, str] = NO_HEADERS,
        *,
        cut: bool = False,
    ) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        kind = "text/plain" if self.command == "POST" else "text/html; charset=utf-8"
        usual = {"Content-Type": kind, "Content-Length": str(len(data))}
        for name, text in {**usual, **headers}.items():
            self.send_header(name, text)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data[: len(data) // 2] if cut else data)


def _parse_form(body: bytes, content_type: str) -> tuple[bytes, dict[str, str]]:
    """The file in ``multipart/form-data``, and the fields around it."""
    fields: dict[str, bytes] = {}
    (boundary,) = re.findall('boundary="?([^";]+)', content_type)
    for part in (b"\r\n" + body).split(f"\r\n--{boundary}".encode())[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        (name,) = re.findall(rb'; name="([^"]*)"', head)
        fields[name.decode()] = value
    content = fields.pop("content", b"")
    return content, {name: value.decode() for name, value in fields.items()}
