"""A forge's API: JSON at paths, in pages, and made only where it is missing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

from monorelease.adapters.exchange import Reply
from monorelease.adapters.forge_asking import (
    LATER,
    PAUSES,
    Dialect,
    ForgeAsking,
    ForgeRefused,
    UnclearEnd,
)
from monorelease.adapters.origin import leads_to
from monorelease.errors import ForgeUnavailable
from monorelease.formats.answers import BadAnswer, parse_json

T = TypeVar("T")

PAGE = 100
"""How many items are asked for at once; forges give no more."""

MOST_PAGES = 100

_NOT_FOUND = 404
_TAKEN = frozenset({409, 422})
_NEXT = re.compile(r'<([^<>]*)>\s*(?:;[^<>,;]*)*;\s*rel="?next\b')
_FOREIGN = "check the forge's address: something else than its API answers there"
_NO_PATH = frozenset({"", ".", ".."})


class ForgeApi:
    """The API below one address, as one token may use it; several threads may do so at once."""

    def __init__(
        self,
        url: str,
        token: str,
        dialect: Dialect,
        *,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Nothing is asked yet.

        Args:
            url: what stands before every path: ``https://forge.example/api/v1``.
            token: sent to that server alone, over https or on this machine; perhaps empty.
            dialect: how this kind of forge wants to be asked.
            sleep: waits between tries, for as many seconds as it is told.

        Raises:
            ForgeUnavailable: the token cannot be sent, or not there.
        """
        self._url = url.rstrip("/")
        self._dialect = dialect
        self._sleep = sleep
        self._asking = ForgeAsking(self._url, token, dialect, sleep)

    def get(self, path: Sequence[str], query: Mapping[str, str | int] | None = None) -> object:
        """The JSON value that is there; `path` is quoted, segment by segment.

        Raises:
            ForgeRefused: there is none, or not for us.
            ForgeUnavailable: the forge does not answer, or not in JSON.
        """
        url = self._address(path, query)
        return self._parsed(url, self._asking.answer("GET", url))

    def find(
        self, path: Sequence[str], query: Mapping[str, str | int] | None = None
    ) -> object | None:
        """As `get`, but None where there is nothing (404), or nothing that we may see."""
        try:
            return self.get(path, query)
        except ForgeRefused as refused:
            if refused.status != _NOT_FOUND:
                raise
            return None

    def pages(
        self, path: Sequence[str], query: Mapping[str, str | int] | None = None
    ) -> Iterator[list[object]]:
        """The items of a list, page by page: each is asked for when it is wanted.

        Raises:
            ForgeUnavailable: see `get`; or there are more than `MOST_PAGES`.
        """
        wanted = {**(query or {}), self._dialect.page_size: PAGE}
        url, seen = self._address(path, wanted), 0
        for number in range(1, MOST_PAGES + 1):
            reply = self._asking.answer("GET", url)
            items = self._parsed(url, reply)
            if not isinstance(items, list):
                raise self.unavailable("answers with something that is no list", _FOREIGN)
            yield items
            seen += len(items)
            if not self._dialect.is_numbered:
                url = self._linked(url, reply.headers.get("link", ""))
            elif _may_go_on(reply, len(items), seen):
                url = self._address(path, {**wanted, "page": number + 1})
            else:
                return
            if not url:
                return
        problem = f"has more than {MOST_PAGES} pages at /{'/'.join(path)}"
        raise self.unavailable(problem, "tidy up there: so many are not looked through")

    def send(
        self, method: str, path: Sequence[str], body: Mapping[str, object] | None = None
    ) -> object:
        """What the forge answers to a request that changes something; None for nothing.

        ``POST`` makes something, so it is sent once, but where a limit kept it from being
        heeded. Other methods say how something is to be, and are repeated like questions.

        Raises:
            UnclearEnd: it was a ``POST`` that may or may not have been carried out.
            ForgeRefused: the forge will not.
            ForgeUnavailable: the forge does not answer, or not in JSON.
        """
        from json import dumps

        url = self._address(path)
        # Half a character, as file names may have it, is no UTF-8 and would be refused.
        data = None if body is None else dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        reply = self._asking.answer(method, url, data)
        if method == "POST":
            return self._parsed(url, reply, UnclearEnd)
        return self._parsed(url, reply) if reply.body else None

    def ensure(self, find: Callable[[], T | None], create: Callable[[], T]) -> tuple[T, bool]:
        """What `find` finds, after `create` where it found nothing.

        Where the end of `create` is unclear, or it was refused because somebody else was
        faster, it is looked for again before anything is made again.

        Returns:
            It, and whether `create` was called at all.
        """
        pauses, is_tried = iter(PAUSES), False
        while (found := find()) is None:
            is_tried = True
            try:
                return create(), True
            except UnclearEnd:
                pause = next(pauses, None)
                if pause is None:
                    raise
                self._sleep(pause)
            except ForgeRefused as refused:
                if refused.status not in _TAKEN or (found := find()) is None:
                    raise
                break
        return found, is_tried

    def understand(self, parse: Callable[[object], T], answer: object) -> T:
        """What `parse` makes of an answer.

        Raises:
            ForgeUnavailable: nothing: `BadAnswer` says which field is what.
        """
        try:
            return parse(answer)
        except BadAnswer as error:
            raise self.unavailable(f"answers strangely: {error}", _FOREIGN) from error

    def unavailable(self, problem: str, hint: str) -> ForgeUnavailable:
        """The error about this forge, without the token."""
        return self._asking.unavailable(self._url, problem, hint)

    def _address(self, path: Sequence[str], query: Mapping[str, str | int] | None = None) -> str:
        for segment in path:
            if segment in _NO_PATH:
                raise self.unavailable(f"{segment!r} cannot be asked for", _FOREIGN)
        quoted = (quote(segment, safe="", errors="replace") for segment in path)
        asked = f"?{urlencode(query, errors='replace')}" if query else ""
        return f"{'/'.join((self._url, *quoted))}{asked}"

    def _parsed(
        self, url: str, reply: Reply, kind: type[ForgeUnavailable] = ForgeUnavailable
    ) -> object:
        try:
            return parse_json(reply.body)
        except BadAnswer as error:
            hint = f"{_FOREIGN}; {LATER}" if kind is UnclearEnd else _FOREIGN
            raise self._asking.error(kind, url, str(error), hint) from error

    def _linked(self, url: str, link: str) -> str:
        """The next page, as ``Link`` tells it; empty where it tells of none."""
        found = _NEXT.search(link)
        if found is None:
            return ""
        there = leads_to(url, found[1])
        if not there:
            problem = "names a next page that is on another server"
            raise self.unavailable(problem, "check the forge's address")
        return there


def _may_go_on(reply: Reply, count: int, seen: int) -> bool:
    """Whether there may be another page: forges need not tell, and may give short ones."""
    if not count or reply.headers.get("x-next-page") == "":
        return False
    totals = (reply.headers.get(name, "") for name in ("x-total", "x-total-count"))
    return all(not total.isdecimal() or seen < int(total) for total in totals)
