"""Which names members offer one another: now, and in each of their releases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from packaging.utils import NormalizedName
from packaging.version import Version

from monorelease.adapters.git import Repository
from monorelease.formats.module_facts import read_module
from monorelease.formats.platforms import BUILD_SCRIPTS, needs_platform
from monorelease.formats.text import decode
from monorelease.formats.toml import parse
from monorelease.model.module_facts import ModuleFacts
from monorelease.model.source import Source, Sources
from monorelease.model.tagged import TaggedRelease
from monorelease.model.workspace import Member
from monorelease.planning.known_names import first_missing, missing_names
from monorelease.workflows.member_sources import MemberSources
from monorelease.workflows.read import Snapshot


class NameSupply:
    """What is read once serves all who ask: modules that did not change are parsed once."""

    def __init__(self, snapshot: Snapshot, repository: Repository) -> None:
        self._snapshot = snapshot
        self._repository = repository
        self._sources = MemberSources(snapshot)
        self._releases = self._sources.releases()
        self._facts: dict[Source, ModuleFacts | None] = {}
        self._now: dict[NormalizedName, Sources] = {}
        self._states: dict[NormalizedName, Mapping[Version, str]] = {}

    def releases(self, member: Member) -> Sequence[TaggedRelease]:
        """Its final releases that lead to HEAD, the highest first."""
        return self._releases[member.name]

    def now(self, member: Member) -> Sources:
        """Its modules in the work tree."""
        if member.name not in self._now:
            self._now[member.name] = self._sources.now(member)
        return self._now[member.name]

    def missing_now(self, member: Member, names: Collection[str]) -> frozenset[str]:
        """Those of `names` that the member's sources in the work tree surely do not have."""
        return missing_names(self._modules(self.now(member)), names)

    def missing_in(
        self, member: Member, names: Collection[str]
    ) -> Callable[[Version], frozenset[str]]:
        """The same, asked of one release after the other; where its folder was elsewhere, none."""
        states = self._states_of(member)

        def look(version: Version) -> frozenset[str]:
            state = states.get(version)
            if state is None:
                return frozenset()
            return missing_names(self._modules(self._sources.at(member, state)), names)

        return look

    def written(self, member: Member, names: Collection[str]) -> frozenset[str]:
        """Those missing `names` that no build makes: modules that git ignores are generated."""
        if not names or self._may_generate(member):
            return frozenset()
        modules, sources = self._modules(self.now(member)), self.now(member)
        files = {name: _file_of(first_missing(modules, name), sources) for name in names}
        asked = sorted({file for file in files.values() if file is not None})
        generated = frozenset(self._repository.ignored(asked))
        return frozenset(name for name, file in files.items() if file not in generated)

    def _states_of(self, member: Member) -> Mapping[Version, str]:
        if member.name not in self._states:
            found = self._sources.states(member, self._releases[member.name])
            self._states[member.name] = {r.version: state for r, state in found.items()}
        return self._states[member.name]

    def _modules(self, sources: Sources) -> Mapping[str, ModuleFacts | None]:
        return _Modules(sources, self._facts)

    def _may_generate(self, member: Member) -> bool:
        """Whether its build may well make modules: of compiled ones there is no text."""
        tree, path = self._snapshot.tree, member.manifest
        data = parse(decode(tree.read(path) or b"", path))
        scripts = [script for script in BUILD_SCRIPTS if tree.exists(path.with_name(script))]
        return needs_platform(data, scripts) is not False


class _Modules(Mapping[str, ModuleFacts | None]):
    """The facts about modules, each found out when somebody asks for it."""

    def __init__(self, sources: Sources, known: dict[Source, ModuleFacts | None]) -> None:
        self._sources = sources
        self._known = known

    def __getitem__(self, name: str) -> ModuleFacts | None:
        source = self._sources[name]
        if source not in self._known:
            self._known[source] = read_module(source)
        return self._known[source]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


def _file_of(name: str, sources: Sources) -> PurePosixPath | None:
    """Where a module of that name would lie; None where it cannot be one."""
    package, _, last = name.rpartition(".")
    around = sources.get(package)
    if around is None or not around.is_package:
        return None
    return around.path.with_name(f"{last}.py")
