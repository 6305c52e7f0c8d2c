"""Which modules a wheel's files make importable."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_MODULE = re.compile(
    r"(?P<stem>[^.]+)(?:\.py|(?:\.[^.]+)?\.pyd|\.(?:cpython-|pypy|graalpy|abi3)[^.]*\.so)"
)
"""A source file or an extension module; a bare ``.so`` is mostly a library that one links to."""


def find_modules(files: Iterable[str]) -> tuple[str, ...]:
    """What to import to see that a wheel works, sorted.

    A package stands for all that is in it. Where a folder is none (a namespace package), what
    lies in it does: ``azure.storage``. What is no name in Python cannot be meant, and so
    ``.dist-info`` and ``.data`` are left out.
    """
    names = {*_names(files)}
    first = (name for name in names if not any(name[:depth] in names for depth in range(len(name))))
    return tuple(sorted(map(".".join, first)))


def _names(files: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The full name of every module, a package's among them."""
    for file in files:
        *folders, last = file.split("/")
        match = _MODULE.fullmatch(last)
        if match is None or match["stem"] == "__main__":
            continue
        name = (*folders, match["stem"]) if match["stem"] != "__init__" else (*folders,)
        if name and all(map(str.isidentifier, name)):
            yield name
