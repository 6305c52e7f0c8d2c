"""Install the tools that are compared, each into its own folder, and find them there again."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.contestants.changesets import Changesets
from benchmarks.contestants.molt import Molt
from benchmarks.contestants.monorelease import Monorelease
from benchmarks.contestants.port import Contestant

CHECKOUT = Path(__file__).resolve().parents[1]
DEFAULT_PEERS = CHECKOUT / ".benchmarks" / "peers"

_NPM_PACKAGES = ("node@22", "@changesets/cli@3")
_MOLT = "molt-release==0.2.*"


def install(peers: Path) -> None:
    """Put changesets, with the node that it needs, and molt below `peers`."""
    npm = peers / "changesets"
    npm.mkdir(parents=True, exist_ok=True)
    (npm / "package.json").write_text('{"private": true}\n', encoding="utf-8")
    _call("npm", "install", "--no-audit", "--no-fund", "--prefix", str(npm), *_NPM_PACKAGES)
    _call(*_pip(peers / "molt"), "--upgrade", _MOLT)


def install_monorelease(peers: Path) -> None:
    """Put this checkout's monorelease below `peers`, as it is now and with compiled bytecode."""
    source = str(CHECKOUT / "tools" / "monorelease")
    _call(*_pip(peers / "monorelease"), "--force-reinstall", "--no-deps", source)
    _call(*_pip(peers / "monorelease"), source)


def find_peer(peers: Path, name: str) -> Contestant:
    """The peer called `name` as `install` put it below `peers`.

    Raises:
        KeyError: when no peer has that name.
    """
    modules = peers / "changesets" / "node_modules"
    contestants: dict[str, Contestant] = {
        "changesets": Changesets(
            node=modules / "node" / "bin" / "node",
            entry=modules / "@changesets" / "cli" / "bin.js",
        ),
        "molt": Molt(script=peers / "molt" / "bin" / "molt"),
    }
    return contestants[name]


def find_monorelease(peers: Path, script: Path | None) -> Monorelease:
    """What `script` starts; without one, this checkout's, freshly installed below `peers`.

    Never what an earlier run installed: that would time yesterday's code.
    """
    if script is None:
        install_monorelease(peers)
        script = peers / "monorelease" / "bin" / "monorelease"
    return Monorelease(script=script.absolute())


def add_peers_option(parser: argparse.ArgumentParser) -> None:
    """The option that says where the tools are."""
    parser.add_argument(
        "--peers",
        type=Path,
        default=DEFAULT_PEERS,
        metavar="DIR",
        help="where setup_peers.py installs the tools (default: .benchmarks/peers)",
    )


def add_monorelease_option(parser: argparse.ArgumentParser) -> None:
    """The option that says which monorelease is run."""
    parser.add_argument(
        "--monorelease",
        type=Path,
        metavar="SCRIPT",
        help="an installed console script, instead of a fresh installation of this checkout",
    )


def _pip(environment: Path) -> tuple[str, ...]:
    """`pip install` of an environment below the running interpreter, made when it is missing."""
    python = environment / "bin" / "python"
    if not python.exists():
        _call(sys.executable, "-m", "venv", str(environment))
    return (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")


def _call(*command: str) -> None:
    subprocess.run(command, check=True, timeout=600)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    add_peers_option(parser)
    install(parser.parse_args().peers.resolve())
