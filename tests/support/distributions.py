"""The smallest files that an index takes, made without a build."""

from __future__ import annotations

import tarfile
import zipfile
from io import BytesIO
from pathlib import Path


def wheel(folder: Path, name: str, *, size: int = 0) -> Path:
    """A wheel of version 1.0, with a module of `size` bytes."""
    info = f"{name}-1.0.dist-info"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "#" * size)
        archive.writestr(f"{info}/METADATA", _metadata(name))
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def sdist(folder: Path, name: str) -> Path:
    """A source distribution of version 1.0 that nobody could build."""
    path = folder / f"{name}-1.0.tar.gz"
    metadata = _metadata(name).encode()
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo(f"{name}-1.0/PKG-INFO")
        entry.size = len(metadata)
        archive.addfile(entry, BytesIO(metadata))
    return path


def _metadata(name: str) -> str:
    return f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
