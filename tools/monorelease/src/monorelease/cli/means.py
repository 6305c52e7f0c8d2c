"""With what the commands run that follow a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monorelease.cli.wiring import Surroundings

if TYPE_CHECKING:
    from monorelease.workflows.aftermath import Means


def means_of(around: Surroundings) -> Means:
    """The uv of these surroundings, and their environment but for its secrets.

    ``uv lock`` may build what others wrote, and hooks run what the repository says: neither
    has any use for what opens an index or a forge.
    """
    from monorelease.adapters.credentials import without_secrets
    from monorelease.workflows.aftermath import Means

    return Means(uv=(around.uv or "uv",), environment=without_secrets(around.environment))
