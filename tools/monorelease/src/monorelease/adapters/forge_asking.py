"""Ask a forge one question until it has answered: patient with it, and careful with the token."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.client import responses
from typing import TypeVar

from monorelease.adapters.credentials import Credentials
from monorelease.adapters.exchange import (
    Hopeless,
    Limits,
    Passing,
    Question,
    Reply,
    exchange,
    opener,
)
from monorelease.adapters.origin import is_private, leads_to
from monorelease.errors import ForgeUnavailable
from monorelease.formats.forge_refusals import (
    Access,
    parse_date,
    parse_limit,
    parse_pause,
    parse_words,
    refusal_hint,
)
from monorelease.formats.upload_answers import scrub
from monorelease.model.value import replace, value

E = TypeVar("E", bound=ForgeUnavailable)

PAUSES = (0.5, 2.0, 5.0)
"""Seconds before each further try."""

LONGEST_PAUSE = 30.0
"""For which a forge in trouble may ask by ``Retry-After``; then it is asked again all the same."""

LONGEST_WAIT = 60.0
"""Seconds, in all, for which one question waits because of limits; then it is given up."""

LATER = "run the command again later: it goes on where it stopped"

_LIMITS = Limits()
_MOST_STEPS = 6
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPING_METHOD = frozenset({307, 308})
_FINE = range(200, 300)
_PASSING = frozenset({408, *range(500, 600)})
_THEN = "run the command again then: it goes on where it stopped"


@value
class Dialect:
    """How a kind of forge wants to be asked."""

    access: Access
    token_header: str = "Authorization"  # noqa: S105 - the name of a header
    token_prefix: str = ""
    """``Bearer `` and the like, with its blank."""
    headers: tuple[tuple[str, str], ...] = (("Accept", "application/json"),)
    """Those of every request."""
    page_size: str = "per_page"
    """The parameter that says how many items a page may have."""
    is_numbered: bool = True
    """Whether pages are asked for by number; else each names the next one in ``Link``."""


class ForgeRefused(ForgeUnavailable):
    """The forge said no: with a status of HTTP, and perhaps in words, which are in one line."""

    def __init__(self, problem: str, *, where: str, hint: str, status: int, words: str) -> None:
        super().__init__(problem, where=where, hint=hint)
        self.status = status
        self.words = words


class UnclearEnd(ForgeUnavailable):
    """Whether something was made is not known: the answer was lost, or is none."""


class ForgeAsking:
    """Asks the server of one address, with one token; several threads may do so at once."""

    def __init__(
        self, home: str, token: str, dialect: Dialect, sleep: Callable[[float], object]
    ) -> None:
        """Nothing is asked yet.

        Raises:
            ForgeUnavailable: the token cannot be sent, or not there.
        """
        self._home = home
        self._dialect = dialect
        self._sleep = sleep
        self._token = Credentials(username="", password=token.strip())
        is_safe = _is_safe(home)
        self._check_token(is_safe=is_safe)
        # A proxy could read what goes to this machine over plain http.
        self._opener = opener(is_direct=is_safe and not home.startswith("https:"))

    def answer(self, method: str, url: str, body: bytes | None = None) -> Reply:
        """The answer of success, for which limits and passing trouble are waited out.

        ``POST`` makes something, so it is repeated only where it certainly was not heeded.

        Raises:
            UnclearEnd: it was a ``POST`` that may or may not have been carried out.
            ForgeRefused: the forge will not.
            ForgeUnavailable: it cannot be asked.
        """
        question = Question(url=url, headers=self._headers(body), method=method, body=body)
        pauses, left = iter(PAUSES), LONGEST_WAIT
        while True:
            try:
                return self._judged(url, self._follow(question))
            except _Limited as limit:
                wait, left = limit.seconds, left - limit.seconds
                if left < 0:
                    raise self.unavailable(url, str(limit), _THEN) from None
            except Passing as trouble:
                if method == "POST":
                    raise self.error(UnclearEnd, url, str(trouble), LATER) from None
                wait = next(pauses, -1.0)
                if wait < 0:
                    raise self.unavailable(url, str(trouble), LATER) from None
                wait = max(wait, min(trouble.pause, LONGEST_PAUSE))
            except Hopeless as trouble:
                hint = trouble.hint or "check the forge's address"
                raise self.unavailable(url, trouble.problem, hint) from None
            self._sleep(wait)

    def unavailable(self, url: str, problem: str, hint: str) -> ForgeUnavailable:
        """The error about `url`, without the token, which a server may repeat anywhere."""
        return self.error(ForgeUnavailable, url, problem, hint)

    def error(self, kind: type[E], url: str, problem: str, hint: str) -> E:
        """As `unavailable`, of another kind."""
        where, problem, hint = (self._scrub(text) for text in (url, problem, hint))
        return kind(problem, where=where, hint=hint)

    def _scrub(self, text: str) -> str:
        return scrub(text, self._token.spellings() if self._token.password else ())

    def _check_token(self, *, is_safe: bool) -> None:
        token, variable = self._token.password, self._dialect.access.variable
        if not token:
            return
        if not (token.isascii() and token.isprintable()) or " " in token:
            problem = f"the token in {variable} has signs that no token has"
            raise self.unavailable(self._home, problem, "copy it again, in one line")
        if not is_safe:
            problem = f"the token in {variable} would go over plain http, where others can read it"
            raise self.unavailable(self._home, problem, "change the forge's address to https")

    def _headers(self, body: bytes | None) -> Mapping[str, str]:
        dialect = self._dialect
        headers = {
            "User-Agent": "monorelease",
            "Cache-Control": "no-cache",
            **dict(dialect.headers),
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._token.password:
            headers[dialect.token_header] = f"{dialect.token_prefix}{self._token.password}"
        return headers

    def _follow(self, question: Question) -> Reply:
        for _ in range(_MOST_STEPS):
            reply = exchange(self._opener, question, _LIMITS)
            if reply.status not in _REDIRECTS:
                return reply
            question = replace(question, url=self._redirected(question, reply))
        raise Hopeless("redirects without end")

    def _redirected(self, question: Question, reply: Reply) -> str:
        """Where to ask instead: a repository that was renamed stays on the same server."""
        there = leads_to(question.url, reply.headers.get("location", ""))
        if not there:
            raise Hopeless(
                "redirects to another server, where neither questions nor the token may go",
                "check the forge's address: people may have to sign in there first",
            )
        if question.method != "GET" and reply.status not in _KEEPING_METHOD:
            raise Hopeless(
                "redirects a request that was to change something",
                "check the repository's name in [tool.monorelease.forge]: it may have moved",
            )
        return there

    def _judged(self, url: str, reply: Reply) -> Reply:
        status, now = reply.status, _date(reply)
        if status in _FINE:
            return reply
        told = f"answers with status {status} {responses.get(status, '')}".rstrip()
        if status in _PASSING:
            raise Passing(told, parse_pause(reply.headers, now) or 0.0)
        seconds = parse_limit(status, reply.headers, reply.body, now)
        if seconds is not None:
            raise _Limited(seconds, now)
        words = self._scrub(parse_words(reply.body))
        hint = refusal_hint(status, reply.headers, words, self._dialect.access)
        problem = f"{told}: {words}" if words else told
        where, hint = self._scrub(url), self._scrub(hint)
        raise ForgeRefused(problem, where=where, hint=hint, status=status, words=words)


class _Limited(Exception):
    """The forge wants to be left alone for some seconds."""

    def __init__(self, seconds: float, now: float) -> None:
        from datetime import UTC, datetime

        until = datetime.fromtimestamp(now + seconds, UTC)
        super().__init__(
            f"limits how often it may be asked: not before {until:%Y-%m-%d %H:%M:%S} UTC"
        )
        self.seconds = seconds


def _is_safe(home: str) -> bool:
    try:
        return is_private(home)
    except ValueError:
        return False


def _date(reply: Reply) -> float:
    """What time it is by the forge's clock, which its limits go by, or else by ours."""
    now = parse_date(reply.headers.get("date", ""))
    return time.time() if now is None else now
