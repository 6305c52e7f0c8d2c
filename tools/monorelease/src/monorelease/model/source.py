"""A member's Python sources, as text that nobody runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from monorelease.model.value import value

_TESTS = frozenset({"test", "tests"})
_OF_TESTS = re.compile(r"conftest|test_.*|.*_test")


@value
class Source:
    """One module."""

    name: str
    """As it is imported: ``agents.core``."""
    path: PurePosixPath
    """Of the file, relative to the repository's root."""
    data: bytes | None
    """None for what cannot be read as Python: it is compiled, or far too large."""

    @property
    def is_package(self) -> bool:
        """Whether modules may lie in it: relative imports begin one step lower there."""
        return self.path.stem == "__init__"

    @property
    def is_stub(self) -> bool:
        """Whether it only describes a module."""
        return self.path.suffix == ".pyi"

    @property
    def is_test(self) -> bool:
        """Whether it belongs to tests that are packed: nobody outside is meant to import it.

        A plain module may well be called ``tests``, as Jinja's is.
        """
        *packages, last = self.name.split(".")
        around = (*packages, last) if self.is_package else packages
        return not _TESTS.isdisjoint(around) or bool(_OF_TESTS.fullmatch(last))


Sources = Mapping[str, Source]
"""All modules of one member, by their names."""
