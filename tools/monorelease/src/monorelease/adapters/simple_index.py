"""Ask an index on the network what it has."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName

from monorelease.formats.simple_index import ACCEPT, parse_project
from monorelease.model.index import Project

if TYPE_CHECKING:
    from monorelease.adapters.fetching import Fetching

THREADS = 4
"""How many pages are asked for at once."""


class SimpleIndex:
    """The pages below `url` (PEP 503, PEP 691), read anew whenever they are asked for.

    Proxies and certificates are those that the environment names: ``https_proxy``,
    ``no_proxy``, ``SSL_CERT_FILE``.
    """

    def __init__(
        self,
        url: str,
        credentials: Callable[[], tuple[str, str] | None] | None = None,
        *,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """Nothing is asked yet.

        Args:
            url: of the simple API.
            credentials: finds a user and a password, or none; called when the index wants them.
            sleep: waits between tries, for as many seconds as it is told.
        """
        self._url = url if url.endswith("/") else f"{url}/"
        self._credentials = credentials
        self._sleep = sleep
        self._reading = Lock()  # one page at a time: a long one may take a lot of memory

    def projects(self, names: Sequence[NormalizedName]) -> Mapping[NormalizedName, Project]:
        """What the index has now under each of these names, in their order.

        Raises:
            IndexUnavailable: it does not answer, refuses, or serves no simple API.
        """
        from monorelease.adapters.fetching import Fetching

        fetching = Fetching(self._url, self._credentials, self._sleep)
        wanted = tuple(dict.fromkeys(names))
        # Whether it answers at all, and lets us in, one question is enough to find out.
        found = {name: self._ask(fetching, name) for name in wanted[:1]}
        found |= _side_by_side(lambda name: self._ask(fetching, name), wanted[1:])
        return {name: found[name] for name in wanted}

    def _ask(self, fetching: Fetching, name: NormalizedName) -> Project:
        url = f"{self._url}{name}/"
        answer = fetching.get(url, ACCEPT)
        if answer is None:
            return Project(name=name, is_known=False)
        try:
            with self._reading:
                return parse_project(name, answer.content_type, answer.body)
        except ValueError as error:
            hint = "check the index's url: it should be what installers take as --index-url"
            raise fetching.unavailable(url, str(error), hint) from error


def _side_by_side(
    ask: Callable[[NormalizedName], Project], names: Sequence[NormalizedName]
) -> dict[NormalizedName, Project]:
    """What `ask` answers for each name, in no order.

    Raises:
        IndexUnavailable: the first that it raised; what is still being asked is not waited for.
    """
    from queue import SimpleQueue
    from threading import Thread

    waiting = deque(names)
    answers: SimpleQueue[Project | Exception] = SimpleQueue()

    def work() -> None:
        with suppress(IndexError):  # nothing is left
            while True:
                answers.put(_answer(ask, waiting.popleft()))

    found: dict[NormalizedName, Project] = {}
    for _ in names[:THREADS]:
        # A daemon: who is interrupted, or has heard enough, need not wait for a server.
        Thread(target=work, daemon=True).start()
    try:
        for _ in names:
            answer = answers.get()
            if isinstance(answer, Exception):
                raise answer
            found[answer.name] = answer
    finally:
        waiting.clear()
    return found


def _answer(ask: Callable[[NormalizedName], Project], name: NormalizedName) -> Project | Exception:
    try:
        return ask(name)
    except Exception as error:  # noqa: BLE001 - whatever it is, who waits for it should have it
        return error
