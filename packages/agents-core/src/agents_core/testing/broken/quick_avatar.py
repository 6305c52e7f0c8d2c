"""The suite of avatars as it is told to a fake."""

from __future__ import annotations

from typing import ClassVar

from agents_core.testing.avatar import AvatarSuite
from agents_core.testing.broken.quick import Quick, fake_vendor
from agents_core.testing.fakes.avatar import FakeAvatarSession
from agents_core.testing.vendor import Vendor


class QuickAvatarSuite(Quick, AvatarSuite):
    """`AvatarSuite`, told to `FakeAvatarSession`."""

    patience: ClassVar[float] = 5.0  # there is a real room in between
    join_timeout: ClassVar[float] = 1.5
    kind: ClassVar[type[FakeAvatarSession]] = FakeAvatarSession

    def create(self, vendor: Vendor) -> FakeAvatarSession:
        """The fake, or a broken one."""
        return self.kind(
            vendor=fake_vendor(vendor),
            join_timeout=self.join_timeout,
            conn_options=self.conn_options,
        )
