"""How publishing reaches the forge, where it does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from monorelease.model.value import value
from monorelease.workflows.ports import Forge

_AS_IT_IS: Mapping[str, str] = MappingProxyType({})


@value
class Access:
    """The forge that is told of releases, and who git is on its way there."""

    forge: Forge | None = None
    """None where nothing is announced."""
    git: Mapping[str, str] = _AS_IT_IS
    """What is added to the environment of git where it reaches the remote."""
    rolls_up: bool = False
    """Whether a page on the whole wave is wanted, and can be made: all members are looked at."""


NO_ACCESS = Access()
"""Nothing is announced, and git is who the user has set up."""
