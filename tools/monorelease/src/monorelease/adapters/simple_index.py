"""Ask an index on the network what it has."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
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

    def projects(self, names: Sequence[NormalizedName]) -> Mapping[NormalizedName, Project]:
        """What the index has now under each of these names, in their order.

        Raises:
            IndexUnavailable: it does not answer, refuses, or serves no simple API.
        """
        from concurrent.futures import ThreadPoolExecutor

        from monorelease.adapters.fetching import Fetching

        fetching = Fetching(self._url, self._credentials, self._sleep)
        with ThreadPoolExecutor(THREADS) as pool:
            asked = {name: pool.submit(self._ask, fetching, name) for name in names}
            try:
                return {name: answer.result() for name, answer in asked.items()}
            except BaseException:  # whatever it is, the rest need not be asked any more
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _ask(self, fetching: Fetching, name: NormalizedName) -> Project:
        from monorelease.adapters.asking import unavailable

        url = f"{self._url}{name}/"
        answer = fetching.get(url, ACCEPT)
        if answer is None:
            return Project(name=name, is_known=False)
        try:
            return parse_project(name, answer.content_type, answer.body)
        except ValueError as error:
            hint = "check the index's url: it should be what installers take as --index-url"
            raise unavailable(url, str(error), hint) from error
