"""Ask an index for one page, once: its answer, or in words why there is none."""

from __future__ import annotations

import re
from urllib.request import OpenerDirector

from monorelease.adapters import exchange
from monorelease.adapters.exchange import Hopeless, Limits, Question
from monorelease.errors import IndexUnavailable
from monorelease.model.value import value

SECONDS = exchange.SECONDS
LONGEST = exchange.LONGEST
LARGEST = exchange.LARGEST

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


def opener(*, is_direct: bool = False) -> OpenerDirector:
    """What asks: http and https alone, through the environment's proxies if not `is_direct`."""
    return exchange.opener(LONGEST, is_direct=is_direct)


def ask(director: OpenerDirector, url: str, accept: str, authorization: str = "") -> Answer:
    """What is at `url` now, from no cache, whatever its status.

    Raises:
        Passing: nothing came, or not all of it.
        IndexUnavailable: nothing will come.
    """
    headers = {"Accept": accept, "Cache-Control": "no-cache", "User-Agent": "monorelease"}
    if authorization:
        headers["Authorization"] = authorization
    question = Question(url=url, headers=headers)
    try:
        reply = exchange.exchange(director, question, Limits(seconds=SECONDS, largest=LARGEST))
    except Hopeless as trouble:
        hint = trouble.hint or "check the index's url"
        raise unavailable(url, trouble.problem, hint) from trouble
    pause = reply.headers.get("retry-after", "")
    return Answer(
        status=reply.status,
        content_type=reply.headers.get("content-type", ""),
        body=reply.body,
        location=reply.headers.get("location", ""),
        pause=float(pause) if pause.isdecimal() else 0.0,
    )


def unavailable(url: str, problem: str, hint: str) -> IndexUnavailable:
    """The error about what is at `url`; without the password that may stand in it."""
    return IndexUnavailable(problem, where=without_user(url), hint=hint)


def without_user(url: str) -> str:
    """The address alone: what stands before an ``@`` is nobody's business.

    >>> without_user("https://ada:secret@pypi.example/simple/")
    'https://pypi.example/simple/'
    """
    return _USER.sub("", url)
