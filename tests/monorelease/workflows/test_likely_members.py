from __future__ import annotations

import pytest

from monorelease.adapters.tree import Tree
from monorelease.workflows.likely_members import likely_members, no_members
from sandbox import Sandbox

PROJECT = "[project]\nname = 'it'\n"
POETRY = "[tool.poetry]\nname = 'it'\n"
BUILT = "[build-system]\nrequires = []\n"


@pytest.mark.parametrize(
    ("manifests", "globs"),
    [
        pytest.param({}, (), id="nothing"),
        pytest.param({"alpha": PROJECT, "beta": POETRY}, ("alpha", "beta"), id="flat"),
        pytest.param({"libs/a": PROJECT, "libs/b": PROJECT}, ("libs/*",), id="siblings"),
        pytest.param({"py/libs/a": PROJECT, "web": PROJECT}, ("web", "py/libs/a"), id="deep"),
        pytest.param({".": PROJECT + BUILT, "more": PROJECT}, ("more", "."), id="root-too"),
        pytest.param({".": PROJECT, "more": PROJECT}, ("more",), id="root-is-not-built"),
        pytest.param({"a": "[tool.ruff]\n", "b": "[project\n", "c": BUILT}, (), id="no-projects"),
        pytest.param({"tests/a": PROJECT, "examples/b": PROJECT}, (), id="aside"),
    ],
)
def test_projects_are_found_where_nobody_names_them(
    sandbox: Sandbox, manifests: dict[str, str], globs: tuple[str, ...]
) -> None:
    sandbox.write({f"{folder}/pyproject.toml": text for folder, text in manifests.items()})

    assert likely_members(Tree(sandbox.root)) == globs


def test_what_to_write_is_told(sandbox: Sandbox) -> None:
    generic = no_members(sandbox.root, Tree(sandbox.root))
    sandbox.write({"a/pyproject.toml": PROJECT})
    exact = no_members(sandbox.root, Tree(sandbox.root))

    assert '[tool.monorelease] members = ["libs/*"]' in generic.hint
    assert '[tool.monorelease] members = ["a"]' in exact.hint
