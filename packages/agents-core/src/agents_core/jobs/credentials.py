"""By what a server knows us."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Where a server is, and what opens its doors; the two secrets are in no repr."""

    url: str
    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
