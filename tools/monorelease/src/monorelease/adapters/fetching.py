"""Get pages over HTTP: patient with a server in trouble, careful with credentials."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import responses
from threading import Lock
from urllib.parse import urljoin, urlsplit

from monorelease.adapters.asking import Answer, ask, opener, unavailable, without_user
from monorelease.adapters.credentials import Credentials
from monorelease.adapters.exchange import Passing
from monorelease.adapters.origin import is_private, origin
from monorelease.errors import IndexUnavailable
from monorelease.formats.upload_answers import scrub

PAUSES = (0.5, 2.0, 5.0)
"""Seconds before each further try."""

LONGEST_PAUSE = 30.0
"""For which a server may ask by ``Retry-After``; then it is asked again all the same."""

_MOST_STEPS = 6
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 429, *range(500, 600)})


class Fetching:
    """Gets pages from one server, in several threads at once if need be.

    Credentials are looked up once, when that server asks for them. They go to no other server,
    and over https only, but on this machine.
    """

    def __init__(
        self,
        url: str,
        credentials: Callable[[], tuple[str, str] | None] | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._home = url
        self._credentials = credentials
        self._sleep = sleep
        self._lock = Lock()
        self._sent: Credentials | None = None
        # What may be plain http because it stays on this machine is not sent to a proxy.
        self._opener = opener(is_direct=is_private(url) and not url.startswith("https:"))

    def get(self, url: str, accept: str) -> Answer | None:
        """What is at `url` now; None where there is nothing (404).

        Redirects are followed, and what may pass is tried again after a pause.

        Raises:
            IndexUnavailable: any other answer, or none.
        """
        pauses = iter(PAUSES)
        while True:
            try:
                return _judged(url, self._follow(url, accept))
            except Passing as trouble:
                pause = next(pauses, None)
                if pause is None:
                    hint = "run the command again later: it goes on where it stopped"
                    raise unavailable(url, str(trouble), hint) from trouble
                self._sleep(max(pause, min(trouble.pause, LONGEST_PAUSE)))
            except IndexUnavailable as error:  # where a redirect leads, a server may say anything
                raise self.unavailable(error.where, error.problem, error.hint) from None

    def unavailable(self, url: str, problem: str, hint: str) -> IndexUnavailable:
        """The error about `url`; without the credentials, which a server may repeat anywhere."""
        secrets = self._sent.spellings() if self._sent else ()
        return unavailable(scrub(url, secrets), scrub(problem, secrets), hint)

    def _follow(self, url: str, accept: str) -> Answer:
        here, authorization = without_user(url), ""
        for _ in range(_MOST_STEPS):
            answer = ask(self._opener, here, accept, authorization)
            if answer.status in _REDIRECTS:
                here, authorization = _redirected(here, answer.location), ""
            elif answer.status == HTTPStatus.UNAUTHORIZED and not authorization:
                authorization = self._authorize(here)
            else:
                return answer
        raise unavailable(url, "redirects without end", "check the index's url")

    def _authorize(self, here: str) -> str:
        if origin(here) != origin(self._home):
            raise unavailable(
                here,
                "asks for credentials, but is not the index's own server",
                f"change the index's url, which redirects from {without_user(self._home)}: "
                "credentials are not passed on",
            )
        if not is_private(here):
            raise unavailable(
                here,
                "asks for credentials over plain http, where others could read them",
                "change the index's url to https",
            )
        with self._lock:
            self._sent = self._sent or self._look_up(here)
            return f"Basic {self._sent.basic}"

    def _look_up(self, here: str) -> Credentials:
        found = self._credentials() if self._credentials else None
        if found is None:
            raise unavailable(
                here,
                "asks for credentials, and there are none",
                "set MONORELEASE_INDEX_…_TOKEN, or …_USERNAME and …_PASSWORD, in the environment; "
                "the index's name in capitals goes in between",
            )
        return Credentials(username=found[0], password=found[1])


def _judged(url: str, answer: Answer) -> Answer | None:
    told = f"answers with status {answer.status} {responses.get(answer.status, '')}".rstrip()
    match answer.status:
        case HTTPStatus.OK:
            return answer
        case HTTPStatus.NOT_FOUND:
            return None
        case HTTPStatus.UNAUTHORIZED:
            hint = "check the user and the password, or the token"
            raise unavailable(url, "does not take the credentials", hint)
        case status if status in _PASSING:
            raise Passing(told, answer.pause)
        case _:
            hint = "check the index's url, and whether this account may read the index"
            raise unavailable(url, told, hint)


def _redirected(here: str, location: str) -> str:
    problem = "redirects to what is neither https nor, from http, http"
    hint = "check the index's url: it should be the address of the simple API itself"
    try:
        there = without_user(urljoin(here, location))
        scheme = urlsplit(there).scheme
    except ValueError as error:
        raise unavailable(here, problem, hint) from error
    if scheme != "https" and (scheme != "http" or here.startswith("https:")):
        raise unavailable(here, problem, hint)
    return there
