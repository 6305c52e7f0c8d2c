"""One package that is not fit to be published keeps all from being uploaded, and is named."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from buildable import skip_where_offline
from index_server import IndexServer
from publishing import FRAGMENT, ROOT, TOKEN, add_remote, package, tags_here, tags_there
from pypi_server import UV, needs_uv
from sandbox import Ran, Sandbox

pytestmark = needs_uv

ENVIRONMENT = TOKEN | {"HATCH_UV": UV, "UV_NO_CONFIG": "1"}

HOOK = """\
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    def initialize(self, version, build_data):
        print("looking for the compiler")
        {deed}
"""
BREAKS = HOOK.format(deed='raise OSError("there is no compiler: see AWAITED.md")')
ADDS = HOOK.format(deed='build_data["dependencies"] = ["core>=3"]')

HOOKED = "\n[tool.hatch.build.hooks.custom]\n"

BAD = {"plugin-a": BREAKS, "plugin-b": ADDS, "plugin-c": ""}


def plugin(name: str, hook: str) -> dict[str, str]:
    """A member with this build hook; without one, with an entry point that leads nowhere."""
    files = package(name, "core>=1.0.0,<2")
    manifest = f"packages/{name}/pyproject.toml"
    module = name.replace("-", "_")
    if hook:
        return {
            **files,
            manifest: files[manifest] + HOOKED,
            f"packages/{name}/hatch_build.py": hook,
        }
    return {**files, manifest: files[manifest].replace(f'= "{module}"', f'= "{module}:absent"')}


@pytest.fixture(scope="module")
def index() -> Iterator[IndexServer]:
    with IndexServer() as index:
        yield index


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, index: IndexServer) -> Sandbox:
    """A good core, and three plugins that are good for nothing; released as one."""
    folder = tmp_path_factory.mktemp("bad")
    sandbox = Sandbox(folder / "repository")
    table = ROOT.format(url=index.simple_url, upload_url=index.upload_url)
    sandbox.write({"pyproject.toml": table, "changes/1.fix.md": FRAGMENT})
    sandbox.write(package("core"))
    for name, hook in BAD.items():
        sandbox.write(plugin(name, hook))
    sandbox.commit("Begin")
    ran = sandbox.monorelease("release", "--commit")
    assert ran.status == 0, ran.stderr
    add_remote(sandbox, folder / "origin.git")
    return sandbox


def publish(sandbox: Sandbox, only: str, *words: str) -> Ran:
    """The command for these members; the test is skipped where hooks cannot be built."""
    ran = sandbox.monorelease("publish", "--yes", "--only", only, *words, **ENVIRONMENT)
    skip_where_offline(ran.stderr + ran.stdout)
    return ran


def assert_nothing_came(sandbox: Sandbox, index: IndexServer) -> None:
    assert index.uploads == []
    assert tags_here(sandbox) == tags_there(sandbox) == []


def test_what_does_not_build_is_named_with_its_last_words(
    sandbox: Sandbox, index: IndexServer
) -> None:
    ran = publish(sandbox, "core,plugin-a")

    assert (ran.status, ran.stdout) == (3, "")
    assert "plugin-a 1.0.1 does not build:" in ran.stderr
    assert "OSError: there is no compiler: see AWAITED.md" in ran.stderr
    assert "[does-not-build]" in ran.stderr
    assert "packages/plugin-a/pyproject.toml" in ran.stderr
    assert_nothing_came(sandbox, index)


def test_what_requires_something_else_than_its_tree_says_is_named(
    sandbox: Sandbox, index: IndexServer
) -> None:
    ran = publish(sandbox, "core,plugin-b")

    assert (ran.status, ran.stdout) == (3, "")
    assert "plugin_b-1.0.1-py3-none-any.whl" in ran.stderr
    assert "core>=3" in ran.stderr
    assert "[metadata-differs]" in ran.stderr
    assert_nothing_came(sandbox, index)


def test_what_has_an_entry_point_that_leads_nowhere_is_named(
    sandbox: Sandbox, index: IndexServer
) -> None:
    ran = publish(sandbox, "core,plugin-c")

    assert (ran.status, ran.stdout) == (3, "")
    assert "plugin-c: entry point" in ran.stderr
    assert "AttributeError: module 'plugin_c' has no attribute 'absent'" in ran.stderr
    assert "[entry-point-does-not-load]" in ran.stderr
    assert_nothing_came(sandbox, index)


def test_a_bad_package_does_not_hide_what_else_is_wrong(
    sandbox: Sandbox, index: IndexServer
) -> None:
    words = ("publish", "--dry-run", "--json", "--only", "core,plugin-c")
    ran = sandbox.monorelease(*words, HATCH_UV=UV, UV_NO_CONFIG="1")

    codes = [finding["code"] for finding in json.loads(ran.stdout)["findings"]]
    assert codes == ["entry-point-does-not-load", "no-credentials", "new-names"]
    assert_nothing_came(sandbox, index)


def test_the_others_are_published_alone_and_the_mended_ones_later(
    sandbox: Sandbox, index: IndexServer
) -> None:
    """No version is made anew for that: what is mended was never published."""
    others = publish(sandbox, "*,!plugin-*")
    assert others.status == 0, others.stderr
    assert tags_there(sandbox) == ["core-v1.0.1"]

    for name in BAD:
        mended = package(name, "core>=1.0.1,<2")
        manifest = mended.pop(f"packages/{name}/pyproject.toml")
        released = manifest.replace('version = "1.0.0"', 'version = "1.0.1"')
        sandbox.write({**mended, f"packages/{name}/pyproject.toml": released})
        (sandbox.root / f"packages/{name}/hatch_build.py").unlink(missing_ok=True)
    sandbox.commit("Mend the plugins")
    sandbox.git("push", "--quiet")
    still = publish(sandbox, "plugin-c")
    assert "[entry-point-does-not-load]" in still.stderr, "its release commit is the same"

    ran = publish(sandbox, "*", "--at", "HEAD")

    assert ran.status == 0, ran.stderr
    head = sandbox.git("rev-parse", "HEAD")
    for name in BAD:
        assert sandbox.git("rev-parse", f"{name}-v1.0.1^{{}}") == head
    assert sandbox.git("rev-parse", "core-v1.0.1^{}") == sandbox.git("rev-parse", "HEAD~1")
    assert len(index.stored) == 2 * len(["core", *BAD])
    assert publish(sandbox, "*").stdout.startswith("Nothing to do")
