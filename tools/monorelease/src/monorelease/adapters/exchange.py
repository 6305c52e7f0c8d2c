"""One exchange over HTTP: a request, and its whole answer, or in words why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse, IncompleteRead, InvalidURL
from ssl import SSLCertVerificationError
from types import MappingProxyType
from urllib.error import URLError
from urllib.request import OpenerDirector, ProxyHandler, Request, UnknownHandler

from monorelease.adapters.deadline import Http, Https
from monorelease.model.value import value

SECONDS = 15.0
"""In which a server has to go on with its answer."""

LONGEST = 60.0
"""In which all of it has to be there: who goes on byte by byte would go on for ever."""

LARGEST = 32 * 1024 * 1024
"""In bytes; the longest pages of projects have a tenth of that."""


@value
class Question:
    """What is asked of a server, with all its headers."""

    url: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes | None = None

    def __repr__(self) -> str:
        return f"Question({self.method})"  # a header may be a secret


@value
class Reply:
    """What it said, whatever its status."""

    status: int
    headers: Mapping[str, str] = MappingProxyType({})
    """Their names in small letters; of several by one name the last."""
    body: bytes = b""


@value
class Limits:
    """How long an answer may take, in seconds, and how large it may be, in bytes."""

    seconds: float = SECONDS
    largest: int = LARGEST


class Passing(Exception):
    """Trouble that may be over in a moment."""

    def __init__(self, problem: str, pause: float = 0.0) -> None:
        super().__init__(problem)
        self.pause = pause


class Hopeless(Exception):
    """Trouble that will be the same the next time: a problem, and what to do about it.

    Without a hint, the address is what somebody should look at.
    """

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint


def opener(longest: float = LONGEST, *, is_direct: bool = False) -> OpenerDirector:
    """Speaks http and https, through the proxies that the environment names if not `is_direct`.

    The usual one would open files and follow redirects, with whatever headers there are.
    """
    director = OpenerDirector()
    proxies = ProxyHandler({} if is_direct else None)
    for handler in (proxies, Http(longest), Https(longest), UnknownHandler()):
        director.add_handler(handler)
    return director


def exchange(director: OpenerDirector, question: Question, limits: Limits) -> Reply:
    """What a server answers, whatever its status.

    Raises:
        Passing: nothing came, or not all of it; it may have heard us all the same.
        Hopeless: nothing will come.
    """
    try:
        request = Request(  # noqa: S310 - the opener knows http(s) alone
            question.url,
            data=question.body,
            headers=dict(question.headers),
            method=question.method,
        )
        with director.open(request, timeout=limits.seconds) as response:
            return _read(response, limits.largest)
    except (OSError, HTTPException, ValueError) as error:
        raise _trouble(error) from error


def _read(response: HTTPResponse, largest: int) -> Reply:
    body = response.read(largest + 1)
    if len(body) > largest:
        raise Hopeless(f"answers with more than {largest // 1024**2} MiB")
    if response.length:  # what is still missing: reading up to a limit does not complain
        raise IncompleteRead(body, response.length)
    headers = {name.lower(): text for name, text in response.headers.items()}
    return Reply(status=response.status, headers=headers, body=body)


def _trouble(error: Exception) -> Exception:
    reason = error.reason if isinstance(error, URLError) else error
    match reason:
        case SSLCertVerificationError():
            return Hopeless(
                f"has a certificate that is not trusted: {reason.verify_message}",
                "name a file with the authority that signed it in SSL_CERT_FILE",
            )
        case InvalidURL() | ValueError():
            return Hopeless("is no address that can be asked")
        case TimeoutError():
            return Passing("did not answer in time")
        case OSError():
            return Passing(f"cannot be reached: {reason.strerror or reason}")
        case HTTPException():
            return Passing("ended its answer too early")
        case _:
            return Hopeless(f"cannot be asked: {reason}")
