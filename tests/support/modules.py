"""Packages written in a test, as the sources that their texts are."""

from __future__ import annotations

from pathlib import PurePosixPath

from monorelease.model.source import Source, Sources


def sources(**texts: str | None) -> Sources:
    """Modules by name, with ``__`` for a dot; one that others lie in is a package.

    None stands for a module without a text.
    """
    names = {name.replace("__", "."): text for name, text in texts.items()}
    return {
        name: Source(
            name=name,
            path=_place(name, is_package=any(other.startswith(f"{name}.") for other in names)),
            data=None if text is None else text.encode(),
        )
        for name, text in names.items()
    }


def _place(name: str, *, is_package: bool) -> PurePosixPath:
    path = PurePosixPath("src", *name.split("."))
    return path / "__init__.py" if is_package else path.with_name(f"{path.name}.py")
