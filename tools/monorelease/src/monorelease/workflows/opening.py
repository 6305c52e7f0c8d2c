"""Find the workspace, and put right what a run that died may have left in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monorelease.adapters.state import JOURNAL, state_folder
from monorelease.workflows.read import find_root


def open_root(cwd: Path, tell: Callable[[str], None]) -> Path:
    """The workspace's root, as it was before any run that died in the middle.

    What had to be put back is told, line by line.

    Raises:
        NoWorkspace: there is none.
        AnotherRelease: the run has not died, but is at work.
    """
    root = find_root(cwd)
    state = state_folder(root)
    if (state / JOURNAL).exists():
        from monorelease.adapters.recovery import recover

        if (recovery := recover(root, state)) is not None:
            tell(f"an earlier {recovery.label!r} died half way: the tree is put back")
            for saved in recovery.saved:
                tell(f"{saved.path} was neither old nor new: kept as {saved.copy}")
    return root
