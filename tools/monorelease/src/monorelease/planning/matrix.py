"""In which waves members can be built side by side, on as many machines as there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from packaging.utils import NormalizedName

from monorelease.model.workspace import DependencyKind, Workspace
from monorelease.planning.waves import Needs, in_waves, layers


def build_waves(
    workspace: Workspace, names: Iterable[NormalizedName]
) -> tuple[tuple[NormalizedName, ...], ...]:
    """These members, each in a later wave than all that has to be installed to build it.

    That is what its build requires, and what they require at run time. Other requirements
    have no say: most workspaces are one wave.
    """
    return in_waves(workspace, layers(tuple(names), [lambda among: _needs(workspace, among)]))


def _needs(workspace: Workspace, names: Collection[NormalizedName]) -> Needs:
    return {name: _installed_for(name, workspace).intersection(names) for name in names}


def _installed_for(name: NormalizedName, workspace: Workspace) -> frozenset[NormalizedName]:
    """Members in the environment in which `name` is built."""
    ahead = _required(name, DependencyKind.BUILD, workspace)
    found: set[NormalizedName] = set()
    while ahead:
        needed = ahead.pop()
        if needed not in found:
            found.add(needed)
            ahead += _required(needed, DependencyKind.RUNTIME, workspace)
    return frozenset(found)


def _required(
    name: NormalizedName, kind: DependencyKind, workspace: Workspace
) -> list[NormalizedName]:
    return [d.on for d in workspace[name].dependencies if d.kind is kind]
