"""The hooks that the guide shows, in the program that runs them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from sandbox import Sandbox, surroundings, toy

PAGE = Path(__file__).parents[2] / "docs/guide/workflows.md"
PATH = surroundings()["PATH"]

pytestmark = pytest.mark.skipif(
    not all(shutil.which(program, path=PATH) for program in ("pre-commit", "monorelease")),
    reason="needs pre-commit, and monorelease as a command",
)


@pytest.fixture
def hooked(tmp_path: Path) -> Sandbox:
    """Two members, a remote, and the hooks as people copy them."""
    (config,) = re.findall(
        r"^```yaml\n(repos:\n.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    sandbox = toy(tmp_path / "repository")
    sandbox.run("git", "init", "--quiet", "--bare", str(tmp_path / "origin.git"))
    sandbox.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    sandbox.git("push", "--quiet", "origin", "main")
    sandbox.write({".pre-commit-config.yaml": config})
    sandbox.commit("Check before commits")
    sandbox.git("push", "--quiet", "origin", "main")
    sandbox.git("switch", "--quiet", "--create", "topic")
    types = ("--hook-type", "pre-commit", "--hook-type", "pre-push")
    installed = sandbox.run("pre-commit", "install", *types, **own(sandbox))
    assert installed.status == 0, installed.stderr
    return sandbox


def own(sandbox: Sandbox) -> dict[str, str]:
    return {"PRE_COMMIT_HOME": str(sandbox.root.parent / "pre-commit"), "TERM": "dumb"}


def test_a_misspelt_fragment_is_not_committed(hooked: Sandbox) -> None:
    hooked.write({"changes/2.fix.md": "---\ncroe: patch\n---\n\nWords.\n"})
    hooked.git("add", "--all")
    refused = hooked.run("git", "commit", "--message", "Fix", **own(hooked))

    assert refused.status != 0
    assert "croe" in refused.stdout + refused.stderr

    hooked.write({"changes/2.fix.md": "---\ncore: patch\n---\n\nWords.\n"})
    hooked.git("add", "--all")
    taken = hooked.run("git", "commit", "--message", "Fix", **own(hooked))

    assert taken.status == 0, taken.stdout + taken.stderr


def test_a_change_without_a_fragment_is_not_pushed(hooked: Sandbox) -> None:
    hooked.write({"packages/app/app.py": "x = 1\n"})
    hooked.git("add", "--all")
    committed = hooked.run("git", "commit", "--message", "Change", **own(hooked))
    refused = hooked.run("git", "push", "origin", "topic", **own(hooked))

    assert committed.status == 0, committed.stdout + committed.stderr
    assert refused.status != 0
    assert "app" in refused.stdout + refused.stderr

    hooked.write({"changes/3.fix.md": "---\napp: patch\n---\n\nWords.\n"})
    hooked.git("add", "--all")
    assert hooked.run("git", "commit", "--message", "Say so", **own(hooked)).status == 0
    pushed = hooked.run("git", "push", "origin", "topic", **own(hooked))

    assert pushed.status == 0, pushed.stdout + pushed.stderr
