"""Ask a server for one page, once: its answer, or in words why there is none."""

from __future__ import annotations

import re
from http.client import HTTPException, HTTPResponse, IncompleteRead, InvalidURL
from ssl import SSLCertVerificationError
from urllib.error import URLError
from urllib.request import OpenerDirector, ProxyHandler, Request, UnknownHandler

from monorelease.adapters.deadline import Http, Https
from monorelease.errors import IndexUnavailable
from monorelease.model.value import value

SECONDS = 15.0
"""In which a server has to go on with its answer."""

LONGEST = 60.0
"""In which all of it has to be there: who goes on byte by byte would go on for ever."""

LARGEST = 32 * 1024 * 1024
"""In bytes; the longest pages of projects have a tenth of that."""

_USER = re.compile(r"(?<=://)[^/?#]*@")


@value
class Answer:
    """What a server said."""

    status: int
    content_type: str
    body: bytes
    location: str
    """Where it sends us instead; mostly empty."""
    pause: float
    """Seconds for which it asks to be left alone."""


class Passing(Exception):
    """Trouble that may be over in a moment."""

    def __init__(self, problem: str, pause: float = 0.0) -> None:
        super().__init__(problem)
        self.pause = pause


def opener() -> OpenerDirector:
    """Speaks http and https, through the proxies that the environment names.

    The usual one would open files and follow redirects, with whatever headers there are.
    """
    director = OpenerDirector()
    for handler in (ProxyHandler(), Http(LONGEST), Https(LONGEST), UnknownHandler()):
        director.add_handler(handler)
    return director


def ask(director: OpenerDirector, url: str, accept: str, authorization: str = "") -> Answer:
    """What is at `url` now, from no cache, whatever its status.

    Raises:
        Passing: nothing came, or not all of it.
        IndexUnavailable: nothing will come.
    """
    headers = {"Accept": accept, "Cache-Control": "no-cache", "User-Agent": "monorelease"}
    if authorization:
        headers["Authorization"] = authorization
    try:
        request = Request(url, headers=headers)  # noqa: S310 - the opener knows http(s) alone
        with director.open(request, timeout=SECONDS) as response:
            return _read(url, response)
    except (OSError, HTTPException, ValueError) as error:
        raise _trouble(url, error) from error


def unavailable(url: str, problem: str, hint: str) -> IndexUnavailable:
    """The error about what is at `url`; without the password that may stand in it."""
    return IndexUnavailable(problem, where=without_user(url), hint=hint)


def without_user(url: str) -> str:
    """The address alone: what stands before an ``@`` is nobody's business.

    >>> without_user("https://ada:secret@pypi.example/simple/")
    'https://pypi.example/simple/'
    """
    return _USER.sub("", url)


def _read(url: str, response: HTTPResponse) -> Answer:
    body = response.read(LARGEST + 1)
    if len(body) > LARGEST:
        problem = f"answers with more than {LARGEST // 1024**2} MiB"
        raise unavailable(url, problem, "check the index's url")
    if response.length:  # what is still missing: reading up to a limit does not complain
        raise IncompleteRead(body, response.length)
    pause = response.headers.get("Retry-After", "")
    return Answer(
        status=response.status,
        content_type=response.headers.get("Content-Type", ""),
        body=body,
        location=response.headers.get("Location", ""),
        pause=float(pause) if pause.isdecimal() else 0.0,
    )


def _trouble(url: str, error: Exception) -> Exception:
    reason = error.reason if isinstance(error, URLError) else error
    match reason:
        case SSLCertVerificationError():
            problem = f"has a certificate that is not trusted: {reason.verify_message}"
            hint = "name a file with the authority that signed it in SSL_CERT_FILE"
            return unavailable(url, problem, hint)
        case InvalidURL() | ValueError():
            return unavailable(url, "is no address that can be asked", "check the index's url")
        case TimeoutError():
            return Passing("did not answer in time")
        case OSError():
            return Passing(f"cannot be reached: {reason.strerror or reason}")
        case HTTPException():
            return Passing("ended its answer too early")
        case _:
            return unavailable(url, f"cannot be asked: {reason}", "check the index's url")
