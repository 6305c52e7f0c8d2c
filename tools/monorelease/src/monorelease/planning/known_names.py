"""Whether a package has a name, as far as the texts of its modules tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from monorelease.model.module_facts import ClassFacts, Imported, ModuleFacts

_EVERY_MODULE = frozenset(
    {"__dict__", "__doc__", "__file__", "__loader__", "__name__", "__package__", "__path__"}
)

Modules = Mapping[str, ModuleFacts | None]
"""A package's modules by their full names; None for one whose text cannot be read."""

_CLOSED = frozenset(
    {
        "abc.ABC",
        "enum.Enum",
        "enum.Flag",
        "enum.IntEnum",
        "enum.IntFlag",
        "enum.StrEnum",
        "typing.Generic",
        "typing.Protocol",
    }
)
"""Bases from elsewhere that give a class no names without underscores."""


def has_name(modules: Modules, name: str) -> bool | None:
    """Whether ``package.module.Class.attribute`` is there; None where that cannot be told.

    It follows what modules import from one another, star imports and base classes among that.
    What a name is apart from modules and classes is not known, nor what is in it.
    """
    try:
        return _Search(modules).find(tuple(name.split(".")))
    except RecursionError:  # hundreds of modules that pass one name on
        return None


def missing_names(modules: Modules, names: Iterable[str]) -> frozenset[str]:
    """Those of `names` that are surely not there."""
    return frozenset(name for name in names if has_name(modules, name) is False)


def belongs_to(name: str, modules: Collection[str]) -> bool:
    """Whether a name is one in these modules, or would have to be.

    A package stands for all that is in it; a folder that is none, which others share, does not.
    """
    parts = name.split(".")
    return any(".".join(parts[:end]) in modules for end in range(1, len(parts) + 1))


def first_missing(modules: Modules, name: str) -> str:
    """As much of a missing `name` as it takes to be missing."""
    parts = name.split(".")
    ends = range(1, len(parts))
    heads = (".".join(parts[:end]) for end in ends)
    return next((head for head in heads if has_name(modules, head) is False), name)


class _Search:
    """One search; a name that leads back to itself is not told by going round again."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules
        self._on_the_way: set[tuple[str, tuple[str, ...]]] = set()

    def find(self, parts: tuple[str, ...]) -> bool | None:
        """The name in the innermost module that is a part of it; a folder of modules is one."""
        for end in range(len(parts), 0, -1):
            head = ".".join(parts[:end])
            if head in self._modules:
                found = self._in_module(head, parts[end:])
                return None if found is False and self._is_hidden(parts[:end]) else found
        whole = ".".join(parts)
        return any(module.startswith(f"{whole}.") for module in self._modules)

    def _is_hidden(self, parts: tuple[str, ...]) -> bool:
        """Whether something else of the name of a module takes its place in the package."""
        facts = self._modules.get(".".join(parts[:-1]))
        binding = facts.bindings.get(parts[-1]) if facts is not None else None
        return binding is not None and binding != Imported(target=".".join(parts))

    def _in_module(self, module: str, rest: tuple[str, ...]) -> bool | None:
        if not rest or rest[0] in _EVERY_MODULE:
            return True
        facts, step = self._modules[module], (module, rest)
        if facts is None or step in self._on_the_way:
            return None
        self._on_the_way.add(step)
        found = self._among_bindings(facts, module, rest)
        if not found:
            found = _either(found, self._behind_stars(facts, module, rest))
        if found is False and facts.is_open:
            found = None
        self._on_the_way.discard(step)
        return found

    def _among_bindings(
        self, facts: ModuleFacts, module: str, rest: tuple[str, ...]
    ) -> bool | None:
        name, inside = rest[0], rest[1:]
        if name not in facts.bindings:
            return False
        if not inside:
            return True
        match facts.bindings[name]:
            case Imported(target=target):
                return self._elsewhere(target, inside)
            case ClassFacts() as found:
                return self._in_class(found, module, inside)
            case _:
                return None

    def _elsewhere(self, target: str, inside: tuple[str, ...]) -> bool | None:
        """What is in something that was imported: of other packages nothing is known."""
        parts = tuple(target.split("."))
        is_ours = any(other.partition(".")[0] == parts[0] for other in self._modules)
        if not is_ours:
            return None
        found = self.find(parts)
        return self.find((*parts, *inside)) if found else None

    def _behind_stars(self, facts: ModuleFacts, module: str, rest: tuple[str, ...]) -> bool | None:
        found: bool | None = False
        for star in facts.stars:
            theirs = self._modules.get(star)
            if theirs is None:
                found = _either(found, None)
            elif star != module and _gives(theirs, rest[0]):
                found = _either(found, self._in_module(star, rest))
        return found

    def _in_class(self, facts: ClassFacts, module: str, inside: tuple[str, ...]) -> bool | None:
        if inside[0] in facts.names:
            return True if len(inside) == 1 else None
        if facts.is_open:
            return None
        found: bool | None = False
        for base in facts.bases:
            found = _either(found, self._in_base(base, module, inside))
        return found

    def _in_base(self, base: str, module: str, inside: tuple[str, ...]) -> bool | None:
        parts = tuple(base.split("."))
        facts = self._modules[module]
        binding = facts.bindings.get(parts[0]) if facts is not None else None
        written = ".".join((binding.target, *parts[1:])) if isinstance(binding, Imported) else base
        if written in _CLOSED or (binding is None and base == "object"):
            return False
        if binding is None:
            return None  # a builtin, or behind a star
        return self._in_module(module, (*parts, *inside))


def _gives(facts: ModuleFacts, name: str) -> bool:
    """Whether an import of everything brings that name along, if it is there."""
    return not name.startswith("_") if facts.exports is None else name in facts.exports


def _either(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - a logic of three
    if one or other:
        return True
    return None if one is None or other is None else False
