"""The repositories in which the comparisons with other tools are acted out: one for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from sandbox import Sandbox


def beside_changesets(folder: Path) -> Path:
    """Python packages, each with the ``package.json`` from which changesets knows it."""
    described = {
        "packages/shop-core/package.json": _described("shop-core", "1.4.0"),
        "packages/shop-cards/package.json": _described("shop-cards", "1.4.0", "shop-core"),
        "package.json": json.dumps({"name": "shop", "private": True, "workspaces": ["packages/*"]}),
        "package-lock.json": "{}",
        ".changeset/config.json": json.dumps(
            {"baseBranch": "main", "privatePackages": {"version": True, "tag": True}}
        ),
    }
    return _repository(folder, {**_CORE, **_CARDS, **described, **_CHANGESET})


def beside_molt(folder: Path) -> Path:
    """Requirements on one package, each in another spelling, and a breaking change of it."""
    workspace = '[tool.uv.workspace]\nmembers = ["packages/*"]\n\n[tool.molt]\n'
    return _repository(
        folder, {**_CORE, **_CARDS, **_SPELLINGS, **_CHANGESET, "pyproject.toml": workspace}
    )


def beside_towncrier(folder: Path) -> Path:
    """Two projects that share a configuration, with news of each; one file is misnamed."""
    news = {
        "towncrier.toml": _TOWNCRIER,
        "packages/shop-core/newsfragments/7.feature.md": "Prices are Decimals.\n",
        "packages/shop-core/newsfragments/8.feat.md": "Baskets have names.\n",
        "packages/shop-cards/newsfragments/7.bugfix.md": "Cards are charged in Decimals.\n",
    }
    return _repository(folder, {**_CORE, **_CARDS, **news})


def beside_release_please(folder: Path) -> Path:
    """Two packages, and a breaking change of one of them since `main`."""
    known = {"packages/shop-core": "1.4.0", "packages/shop-cards": "1.4.0"}
    settings = {"release-type": "python", "packages": {path: {} for path in known}}
    root = _repository(
        folder,
        {
            **_CORE,
            **_CARDS,
            "release-please-config.json": json.dumps(settings),
            ".release-please-manifest.json": json.dumps(known),
        },
    )
    sandbox = Sandbox.__new__(Sandbox)
    sandbox.root = root
    sandbox.git("switch", "--quiet", "--create", "decimals")
    sandbox.write({"packages/shop-core/src/shop_core/__init__.py": '"""Prices, as Decimals."""\n'})
    sandbox.commit("feat!: prices are Decimals")
    return root


COMPARISONS: Mapping[str, Callable[[Path], Path]] = MappingProxyType(
    {
        "beside changesets": beside_changesets,
        "beside molt": beside_molt,
        "beside towncrier": beside_towncrier,
        "beside release-please": beside_release_please,
    }
)
"""By the name that a page gives."""


def _repository(folder: Path, files: Mapping[str, str]) -> Path:
    sandbox = Sandbox(folder / "shop")
    sandbox.write(files)
    sandbox.commit("chore: begin")
    return sandbox.root


def _package(
    name: str, version: str, *requirements: str, builds_with: tuple[str, ...] = ()
) -> dict[str, str]:
    backend = json.dumps(["hatchling", *builds_with])
    listed = "".join(f'  "{requirement}",\n' for requirement in requirements)
    return {
        f"packages/{name}/pyproject.toml": (
            f'[build-system]\nrequires = {backend}\nbuild-backend = "hatchling.build"\n\n'
            f'[project]\nname = "{name}"\nversion = "{version}"\nrequires-python = ">=3.11"\n'
            f"dependencies = [\n{listed}]\n"
        ),
        f"packages/{name}/src/{name.replace('-', '_')}/__init__.py": f'"""{name}."""\n',
    }


def _described(name: str, version: str, *requirements: str) -> str:
    """A package as npm sees it."""
    needs = dict.fromkeys(requirements, "^1.4.0")
    package = {"name": name, "version": version, "private": True, "dependencies": needs}
    return json.dumps(package, indent=2) + "\n"


_CORE = _package("shop-core", "1.4.0")
_CARDS = _package("shop-cards", "1.4.0", "shop-core>=1.4,<2")
_SPELLINGS = {
    **_package("shop-build", "1.0.0", builds_with=("shop-core>=1.4,<2",)),
    **_package(
        "shop-split",
        "1.0.0",
        "shop-core>=1.4,<2; python_version<'3.12'",
        "shop-core>=1.4,<3; python_version>='3.12'",
    ),
    **_package("shop-paren", "1.0.0", "shop-core (>=1.4,<2)"),
}
_CHANGESET = {
    ".changeset/calm-owls-pay.md": '---\n"shop-core": major\n---\n\nPrices are Decimals.\n'
}
_TOWNCRIER = """\
[tool.towncrier]
filename = "CHANGELOG.md"
name = ""
package = ""
title_format = "## {version} - {project_date}"
underlines = ["", "", ""]
"""
