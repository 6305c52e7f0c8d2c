"""Something a person should know before a release: what, where, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePosixPath

from monorelease.model.value import value

TomlKey = tuple[str | int, ...]
"""The way to a value in a TOML document: table names, keys and array indices."""


class Severity(StrEnum):
    """An error stops a release, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@value
class Finding:
    """One problem. Several are always collected and shown together."""

    code: str
    """Stable, in kebab case: what a program or a documentation page can refer to."""
    problem: str
    hint: str
    severity: Severity = Severity.ERROR
    path: PurePosixPath | None = None
    """Relative to the repository's root."""
    line: int | None = None
    """Counted from 1."""
    key: TomlKey | None = None
    """For TOML files: the value meant; its line is looked up only when it is shown."""

    @property
    def is_error(self) -> bool:
        """Whether this stops a release."""
        return self.severity is Severity.ERROR
