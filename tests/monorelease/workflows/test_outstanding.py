from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monorelease.adapters.directory_index import DirectoryIndex
from monorelease.model.config import LOCAL_INDEX
from monorelease.workflows.outstanding import look_outside, released_of
from monorelease.workflows.read import read
from monorelease.workflows.released import overlay_of
from sandbox import Sandbox


def test_where_nobody_is_told_git_is_not_asked_for_a_page(
    repository: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = read(repository.root)
    released = released_of(snapshot)
    index = DirectoryIndex(LOCAL_INDEX, repository.root)

    def opened(ask: Callable[[], object]) -> int:
        trace = tmp_path / "trace"
        trace.write_text("")
        with monkeypatch.context() as patch:
            patch.setenv("GIT_TRACE", str(trace))
            ask()
        return trace.read_text().count("--show-prefix")

    assert opened(lambda: look_outside(snapshot, released, index)) == opened(
        lambda: overlay_of(snapshot)
    )
