"""A fresh environment into which all of a release is installed at once, and imported there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from packaging.specifiers import SpecifierSet
from packaging.utils import NormalizedName

from monorelease.adapters.commands import Ended, run
from monorelease.adapters.trial_imports import IMPORT_SECONDS, Imports, Task
from monorelease.errors import MissingTool
from monorelease.model.contents import EntryPoint
from monorelease.model.finding import Finding, Severity
from monorelease.model.value import value

INSTALL_SECONDS = 600.0
_VENV_SECONDS = 120.0


@value
class Candidate:
    """One member's release, as far as a trial has to know it."""

    name: NormalizedName
    manifest: PurePosixPath
    """At which findings point."""
    wheels: tuple[Path, ...]
    requires_python: SpecifierSet | None
    needs: frozenset[NormalizedName]
    """The members without which it cannot be installed."""
    modules: tuple[str, ...]
    entry_points: tuple[EntryPoint, ...]
    has_extras: bool = False
    """Whether entry points may be for those who have installed one of them, without saying so."""


Chosen = tuple[tuple[Candidate, Path], ...]
"""Who is tried, with the wheel for this machine."""


class Trial:
    """A fresh environment, made by uv for the Python that runs this.

    Args:
        uv: the command.
        environment: for all that is started; without secrets, and with uv's own configuration.
    """

    def __init__(self, uv: Sequence[str], environment: Mapping[str, str]) -> None:
        self._uv = tuple(uv)
        self._environment = environment

    def run(
        self,
        candidates: Sequence[Candidate],
        simple_url: str,
        tell: Callable[[str], None],
        *,
        seconds: float = IMPORT_SECONDS,
    ) -> tuple[Finding, ...]:
        """Install what fits this machine in one resolution; import modules, load entry points.

        A member that is no candidate comes from the index at `simple_url`, before all others
        that uv is configured with: nobody can put a namesake in front of it.

        Args:
            candidates: all that is published together.
            simple_url: of the index that it is published to.
            tell: hears what is going on.
            seconds: in which one import has to be done.

        Returns:
            What does not install, import or load; as warnings, who could not be tried here.

        Raises:
            MissingTool: uv is not there, or cannot make an environment.
        """
        from tempfile import TemporaryDirectory

        chosen, findings = _choose(candidates)
        if not chosen:
            return findings
        with TemporaryDirectory(prefix="monorelease-", ignore_cleanup_errors=True) as scratch:
            folder = Path(scratch)
            python = make_environment(self._uv, self._environment, folder)
            tell(f"installing {len(chosen)} wheels together")
            ended = self._install(python, chosen, simple_url, folder)
            if ended.status != 0:
                return (*findings, _not_installed(ended))
            tell("importing what was installed")
            imports = Imports(python, self._environment, folder, seconds)
            tasks = [task for candidate, _ in chosen for task in _tasks(candidate)]
            return (*findings, *imports.check(tasks))

    def _install(self, python: Path, chosen: Chosen, simple_url: str, folder: Path) -> Ended:
        """In the environment's words, so that an index that is configured there stays."""
        indexes = " ".join(filter(None, (simple_url, self._environment.get("UV_INDEX"))))
        names = {candidate.name for candidate, _ in chosen}
        siblings = {need for candidate, _ in chosen for need in candidate.needs} - names
        options = ["--python", str(python), "--index-strategy", "first-index"]
        if not self._environment.get("UV_OFFLINE"):  # uv refuses both at once
            # What was published a minute ago is not on a page that was fetched before that.
            options += [f"--refresh-package={name}" for name in sorted(siblings)]
        wheels = [_taken_near(wheel, folder) for _, wheel in chosen]
        return run(
            [*self._uv, "pip", "install", *options, *wheels],
            folder,
            seconds=INSTALL_SECONDS,
            environment={**self._environment, "UV_INDEX": indexes},
        )


def _taken_near(wheel: Path, folder: Path) -> str:
    """The wheel under a path that every tool understands: uv takes a # for an address's end."""
    import shutil

    near = folder / wheel.name
    try:
        near.hardlink_to(wheel)
    except OSError:  # on another disk, or one that knows no links
        shutil.copyfile(wheel, near)
    return str(near)


def make_environment(uv: Sequence[str], environment: Mapping[str, str], folder: Path) -> Path:
    """An empty environment in the scratch folder `folder`; its Python.

    Raises:
        MissingTool: uv is not there, or cannot make one.
    """
    from shutil import which

    # It ends the search for configuration in the folders around, which is somebody else's, and
    # leaves the user's own, as --no-config would not.
    (folder / "uv.toml").touch()
    words = ["venv", "--quiet", "--no-project", "--python", sys.executable, "environment"]
    ended = run([*uv, *words], folder, seconds=_VENV_SECONDS, environment=environment)
    if ended.status is None and which(uv[0], path=environment.get("PATH")) is None:
        raise MissingTool(
            f"there is no {uv[0]}, and what was built is tried in an environment that it makes",
            hint="install it (pip install uv), or run this by `hatch run`, which brings it",
        )
    if ended.status != 0:
        raise MissingTool(
            f"uv could not make an environment to try things in:\n{ended.last_words}",
            hint="see what it says, or install uv (hatch brings one)",
        )
    scripts, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return folder / "environment" / scripts / name


def _choose(candidates: Sequence[Candidate]) -> tuple[Chosen, tuple[Finding, ...]]:
    """Those that this machine can install, and why the others are left out."""
    from packaging.tags import sys_tags

    ranks = {str(tag): rank for rank, tag in enumerate(sys_tags())}
    wheels = {candidate.name: _best(candidate, ranks) for candidate in candidates}
    why = {c.name: reason for c in candidates if (reason := _unfit(c, wheels[c.name]))}
    while news := {
        candidate.name: f"requires {min(missing)}, which is not tried"
        for candidate in candidates
        if candidate.name not in why and (missing := candidate.needs & why.keys())
    }:
        why |= news
    chosen = [
        (candidate, wheel)
        for candidate in candidates
        if candidate.name not in why and (wheel := wheels[candidate.name]) is not None
    ]
    left_out = [_left_out(c, why[c.name]) for c in candidates if c.name in why]
    return tuple(chosen), tuple(left_out)


def _best(candidate: Candidate, ranks: Mapping[str, int]) -> Path | None:
    """The wheel that an installer would choose here."""
    fitting = [
        (min(found), wheel)
        for wheel in candidate.wheels
        if (found := [ranks[tag] for tag in _tags(wheel) if tag in ranks])
    ]
    return min(fitting)[1] if fitting else None


def _tags(wheel: Path) -> frozenset[str]:
    from packaging.utils import parse_wheel_filename

    return frozenset(map(str, parse_wheel_filename(wheel.name)[3]))


def _unfit(candidate: Candidate, wheel: Path | None) -> str:
    from platform import python_version

    wanted = candidate.requires_python
    if wanted is not None and not wanted.contains(python_version(), prereleases=True):
        return f"is for Python {wanted}, and this is {python_version()}"
    return "" if wheel else "has no wheel for this machine"


def _left_out(candidate: Candidate, why: str) -> Finding:
    return Finding(
        code="not-tried",
        problem=f"{candidate.name} {why}: nobody saw whether it installs and imports",
        hint="verify it where it can be installed as well",
        severity=Severity.WARNING,
        path=candidate.manifest,
    )


def _not_installed(ended: Ended) -> Finding:
    return Finding(
        code="does-not-install",
        problem=f"the wheels of this release cannot be installed together:\n{ended.last_words}",
        hint="nobody else could either: mend the requirement that uv names, and release again",
    )


def _tasks(candidate: Candidate) -> tuple[Task, ...]:
    """Its modules, then its entry points; those of extras are not installed."""
    modules = [
        Task(
            code="does-not-import",
            title=f"{candidate.name}: import {module}",
            manifest=candidate.manifest,
            module=module,
        )
        for module in candidate.modules
    ]
    entry_points = [
        Task(
            code="entry-point-does-not-load",
            title=f"{candidate.name}: entry point {point} ({point.group})",
            manifest=candidate.manifest,
            module=point.module,
            attribute=point.attribute,
            has_extras=candidate.has_extras,
        )
        for point in candidate.entry_points
        if not point.extras
    ]
    return (*modules, *entry_points)
