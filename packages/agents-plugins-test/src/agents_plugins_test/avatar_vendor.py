"""What vendors of avatars have in common: they are told of a room, and send an avatar into it."""

# ruff: noqa: D102 - what a hook promises is written in `Vendor`

from __future__ import annotations

import asyncio
import uuid
from types import TracebackType
from typing import ClassVar, Self

from agents_plugins_test.avatars import Avatar
from agents_plugins_test.local import LocalVendor


class AvatarVendor(LocalVendor):
    """A server to subclass, whose handlers call `invite`."""

    sample_rate: ClassVar[int] = 24_000
    """Of the sound that its avatars take."""
    path: ClassVar[str] = ""
    """Of the URL that a plugin is given, where that names more than the host."""

    def __init__(self, *, api_key: str | None = None, sends: bool = True) -> None:
        """Describe it.

        Args:
            api_key: the one that is let in; None for any.
            sends: whether an avatar comes; else somebody else plays it, or nobody.
        """
        super().__init__(api_key=api_key)
        self.avatars: list[Avatar] = []
        """All that were sent."""
        self.sessions: list[str] = []
        """The ids of all that were begun."""
        self._sends = sends
        self._invitation = ("", "")

    def invitation(self) -> tuple[str, str]:
        return self._invitation

    def invite(self, url: str, token: str) -> str:
        """Send an avatar, which comes in its own time; the id of its session."""
        self._invitation = (url, token)
        self.sessions.append(str(uuid.uuid4()))
        if self._sends:
            avatar = Avatar(sample_rate=self.sample_rate)
            self.avatars.append(avatar)
            avatar.come(url, token)
        return self.sessions[-1]

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.url += self.path
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.gather(*(avatar.leave() for avatar in self.avatars))
        await super().__aexit__(kind, error, traceback)
