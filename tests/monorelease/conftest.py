"""What tests begin with: an empty repository, or a good monorepo of three members."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox import FIXED, Sandbox

GOOD = {
    "pyproject.toml": '[tool.monorelease]\nmembers = ["packages/*"]\n',
    "changes/1042.fix.md": "---\ncore: patch\n---\n\nNative resources are freed.\n",
    "packages/client/pyproject.toml": """\
[project]
name = "client"
version = "1.2.0"
dependencies = ["core>=1.0.0,<2"]
""",
    "packages/core/pyproject.toml": """\
[project]
name = "core"
version = "1.0.0"
""",
    "packages/server/pyproject.toml": """\
[project]
name = "server"
version = "0.4.0"
dependencies = ["client>=1.2"]

[dependency-groups]
test = ["core>=1"]
""",
}
"""One fix of the core is pending, and nobody has to follow it."""


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """An empty git repository, and no configuration of this machine in this process."""
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    return Sandbox(tmp_path / "repository")


@pytest.fixture
def repository(sandbox: Sandbox) -> Sandbox:
    """A good monorepo, committed: a test says what differs."""
    sandbox.write(GOOD)
    sandbox.commit("Free native resources (#1042)")
    return sandbox
