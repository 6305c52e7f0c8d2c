"""Anam itself, with a wrong key; agents-plugins-test says how that is told."""

from __future__ import annotations

from agents_core.testing.vendor import Vendor
from agents_plugin_anam import AvatarSession, PersonaConfig
from agents_plugins_test.network import RealAvatar

NOBODY = PersonaConfig(name="Nobody", avatarId="nobody")


class TestAvatarSession(RealAvatar):
    key = "ANAM_API_KEY"

    def create(self, vendor: Vendor) -> AvatarSession:
        return AvatarSession(persona_config=NOBODY)
