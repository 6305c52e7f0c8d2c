"""The tree as it was before something was written into it that is known file by file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from monorelease.adapters.tree import Tree
from monorelease.model.patch import Patch


class Past(Tree):
    """The files below a root without what `patch` did to them; folders are those of today."""

    def __init__(self, root: Path, patch: Patch) -> None:
        super().__init__(root)
        self._before = {edit.path: edit.before for edit in patch.edits}

    def read(self, path: PurePosixPath) -> bytes | None:
        """The bytes of the file at `path` in those days; None when there was none."""
        return self._before[path] if path in self._before else super().read(path)

    def exists(self, path: PurePosixPath) -> bool:
        """Whether there was a file or a folder at `path`."""
        if path in self._before:
            return self._before[path] is not None
        return super().exists(path) or any(path in gone.parents for gone in self._gone())

    def files(self, folder: PurePosixPath, suffix: str) -> tuple[PurePosixPath, ...]:
        """What was in `folder` itself and ends in `suffix`, sorted; nothing hidden."""
        now = super().files(folder, suffix)
        kept = {path for path in now if self._before.get(path, b"") is not None}
        back = {
            path
            for path in self._gone()
            if path.parent == folder and path.name.endswith(suffix) and path.name[0] != "."
        }
        return tuple(sorted(kept | back))

    def _gone(self) -> list[PurePosixPath]:
        """What was there then."""
        return [path for path, before in self._before.items() if before is not None]
