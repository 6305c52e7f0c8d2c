"""How whatever is asked over a road meets a wrong key."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from agents_core.errors import APIError
from agents_core.streams import Port
from agents_core.testing.provider import ProviderSuite
from agents_plugins_test.network.keyed import Keyed

P = TypeVar("P", bound=Port)


class RealProvider(Keyed[P], ProviderSuite[P]):
    """A mixin that goes before the suite of a port with roads."""

    longest_block: ClassVar[float] = 1.0

    async def fail(self, subject: P) -> APIError:
        """The refusal on the first road that is one; all have to be refused."""
        errors = [await self._failure(road, APIError) for road in self.roads(subject)]
        return errors[0]
