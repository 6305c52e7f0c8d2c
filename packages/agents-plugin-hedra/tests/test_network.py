"""Hedra itself, with a wrong key; agents-plugins-test says how that is told."""

from __future__ import annotations

from agents_core.testing.vendor import Vendor
from agents_plugin_hedra import AvatarSession
from agents_plugins_test.network import RealAvatar


class TestAvatarSession(RealAvatar):
    key = "HEDRA_API_KEY"

    def create(self, vendor: Vendor) -> AvatarSession:
        return AvatarSession(avatar_id="nobody")
