"""The repositories in which the pages of the documentation are acted out."""

from __future__ import annotations

import atexit
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp
from types import MappingProxyType

from comparison_stages import COMPARISONS
from publishing import OFFLINE, add_remote
from sandbox import Sandbox, toy


def stage(name: str, folder: Path) -> Path:
    """Make the repository that a page names, in a folder of its own.

    Returns:
        Its root, below `folder`; its remote, where it has one, is beside it.
    """
    built, below = _built(name)
    copytree(built, folder, dirs_exist_ok=True, symlinks=True)
    root = folder / below
    if (folder / "origin.git").exists():
        _at(root).git("remote", "set-url", "origin", str(folder / "origin.git"))
    return root


@cache
def _built(name: str) -> tuple[Path, Path]:
    scratch = mkdtemp()
    atexit.register(rmtree, scratch, ignore_errors=True)
    folder = Path(scratch, "stage")
    return folder, STAGES[name](folder).relative_to(folder)


def _empty(folder: Path) -> Path:
    """A repository with three packages that has never heard of us."""
    sandbox = Sandbox(folder / "shop")
    sandbox.write(_SHOP)
    sandbox.commit("Begin")
    return sandbox.root


def _waiting(folder: Path) -> Path:
    """Two members and a fragment that waits."""
    return toy(folder / "toy").root


def _shop(folder: Path) -> Path:
    """The three packages, set up, published into the local index, tagged, and pushed."""
    sandbox = _at(_empty(folder))
    _run(sandbox, "init")
    sandbox.git("add", "--all")
    sandbox.git("commit", "--quiet", "--amend", "--message", "Open the shop")
    _run(sandbox, "publish")
    add_remote(sandbox, folder / "origin.git")
    sandbox.git("push", "--quiet", "--tags", "origin")
    return sandbox.root


def _branch(folder: Path) -> Path:
    """The shop, on a branch `vouchers` that gives a name each to two members.

    Its pull request, as a workflow would be told of it, is beside the repository.
    """
    sandbox = _at(stage("shop", folder))
    sandbox.git("switch", "--quiet", "--create", "vouchers")
    sandbox.write({"packages/shop-core/src/shop_core/__init__.py": _CORE + _VOUCHERS})
    sandbox.commit("feat: vouchers, one for each basket (#31)")
    sandbox.write({"packages/shop-cards/src/shop_cards/__init__.py": _CARDS + _REFUND})
    sandbox.commit("fix(cards): a refund is in cents, too")
    sandbox.write({"README.md": "# Shop\n\nThree packages.\n"})
    sandbox.commit("docs: say what this is")
    (folder / "event.json").write_text(json.dumps(_EVENT), "utf-8")
    return sandbox.root


def _team(folder: Path) -> Path:
    """The same, where the configuration names a forge."""
    sandbox = _at(stage("branch", folder))
    manifest = sandbox.root / "pyproject.toml"
    manifest.write_text(manifest.read_text("utf-8") + _FORGE, "utf-8")
    sandbox.commit("Name our forge")
    return sandbox.root


def _bumped(folder: Path) -> Path:
    """The shop with a breaking release of one member, which the others follow; committed."""
    sandbox = _at(stage("shop", folder))
    sandbox.write({"changes/40.breaking.md": _DECIMALS})
    sandbox.commit("Decimals (#40)")
    _run(sandbox, "release", "--commit")
    sandbox.git("push", "--quiet")
    return sandbox.root


def _majors(folder: Path) -> Path:
    """The same, published."""
    sandbox = _at(stage("bumped", folder))
    _run(sandbox, "publish")
    sandbox.git("push", "--quiet", "--tags")
    return sandbox.root


def _changesets(folder: Path) -> Path:
    """The three packages, released by changesets until now."""
    sandbox = _at(_empty(folder))
    sandbox.write(_CHANGESETS)
    sandbox.commit("Say what changed")
    return sandbox.root


def _at(root: Path) -> Sandbox:
    """The repository that is there already."""
    sandbox = Sandbox.__new__(Sandbox)
    sandbox.root = root
    return sandbox


def _run(sandbox: Sandbox, *words: str) -> None:
    ran = sandbox.monorelease(*words, **OFFLINE)
    assert ran.status == 0, ran.stderr


def _package(name: str, version: str, code: str, *requirements: str) -> dict[str, str]:
    module = name.replace("-", "_")
    listed = "".join(f'  "{requirement}",\n' for requirement in requirements)
    return {
        f"packages/{name}/pyproject.toml": (
            '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
            f'[project]\nname = "{name}"\nversion = "{version}"\ndependencies = [\n{listed}]\n'
        ),
        f"packages/{name}/src/{module}/__init__.py": code,
    }


_CORE = '''\
"""Baskets."""


def total(prices: list[int], discount: int = 0) -> int:
    """What a basket costs, in cents."""
    return sum(prices) - discount
'''
_CARDS = '''\
"""Payment by card."""

from shop_core import total


def charge(prices: list[int]) -> str:
    """What is written on the card's bill."""
    return f"{total(prices)} ct"
'''
_WEB = '''\
"""The shop in a browser."""

from shop_cards import charge


def page(prices: list[int]) -> str:
    """The page that thanks for an order."""
    return f"<p>{charge(prices)}</p>"
'''
_VOUCHERS = '''

def redeem(voucher: str) -> int:
    """What a voucher is worth, in cents."""
    return int(voucher)
'''
_REFUND = '''

def refund(cents: int) -> str:
    """What is written where money goes back."""
    return f"-{cents} ct"
'''

_SHOP = {
    **_package("shop-core", "1.4.0", _CORE),
    **_package("shop-cards", "1.4.0", _CARDS, "shop-core>=1.4,<2"),
    **_package("shop-web", "0.9.2", _WEB, "shop-core>=1.4,<2", "shop-cards~=1.4.0"),
    ".gitignore": "/.venv/\n/dist/\n",
}

_DECIMALS = "---\nshop-core: major\n---\n\nPrices are Decimals.\n"

_FORGE = """
[tool.monorelease.forge]
kind = "github"
url = "https://forge.example"
repository = "acme/shop"
"""

_EVENT = {
    "pull_request": {
        "number": 31,
        "title": "Vouchers, one for each basket",
        "body": "They are the customer's own.",
        "labels": [{"name": "semver: minor"}],
        "base": {"ref": "main"},
        "head": {"ref": "vouchers", "sha": "0" * 40, "repo": {"full_name": "acme/shop"}},
        "user": {"login": "ada"},
    }
}

_CHANGESETS = {
    ".changeset/config.json": '{"baseBranch": "main", "fixed": [["@acme/core", "@acme/cards"]]}\n',
    ".changeset/brave-cats-sing.md": (
        '---\n"@acme/core": minor\n"@acme/cards": patch\n---\n\nVouchers, one for each basket.\n'
    ),
}

STAGES: Mapping[str, Callable[[Path], Path]] = MappingProxyType(
    {
        "empty": _empty,
        "waiting": _waiting,
        "shop": _shop,
        "branch": _branch,
        "team": _team,
        "bumped": _bumped,
        "majors": _majors,
        "changesets": _changesets,
        **COMPARISONS,
    }
)
"""By the name that a page gives; each is made once."""
