"""A version as somebody wrote it, if it is one."""

from __future__ import annotations

from packaging.version import Version

_LONGEST = 255
"""No file name is longer; and what is reckoned with it stays below the digits at which ``int``
gives up."""


def read_version(text: str) -> Version | None:
    """The version that `text` is, in any of PEP 440's spellings; None where it is none."""
    try:
        return Version(text) if len(text) <= _LONGEST else None
    except ValueError:
        return None
