"""Which version of this package a worker runs, as it is installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def sdk_version() -> str:
    """As told to the server; ``unknown`` where the sources run without being installed."""
    try:
        return version("agents-core")
    except PackageNotFoundError:
        return "unknown"
