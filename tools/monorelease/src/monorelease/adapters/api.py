"""Two public APIs compared by griffe, which parses sources and imports none of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from monorelease.adapters.api_modules import TooDeep, load
from monorelease.adapters.api_parameters import breakage_of, file_of, parameter_breakages
from monorelease.formats.python_text import parse_python
from monorelease.model.breakage import Breakage, BreakageKind
from monorelease.model.source import Source, Sources

if TYPE_CHECKING:
    import griffe

_HELD = frozenset({"ABC", "Generic", "Protocol", "object"})
"""Bases that nobody asks for: whatever they did goes on with what took their place."""

_TYPE_VARIABLES = frozenset({"ParamSpec", "TypeVar", "TypeVarTuple"})

_INWARD = frozenset({"__del__", "__getattr__", "__getattribute__", "__post_init__", "__set_name__"})
"""Methods that Python calls for the class's own sake."""


def find_breakages(old: Sources, new: Sources) -> tuple[Breakage, ...]:
    """What users of `old` may miss, or have to call in another way, in `new`.

    Public is what griffe takes for it: what ``__all__`` names, else what has no underscore in
    front and is not imported from elsewhere, but by a star. Not told are values, defaults and
    annotations, which stop nobody, and names that `new` may have unseen: behind a
    ``__getattr__``, from a base class of another package, in a module that is `unreadable`.
    """
    import griffe

    logging.getLogger("griffe").addHandler(logging.NullHandler())  # it would write to stderr
    blank = {s.name for s in (*unreadable(old), *unreadable(new))}
    while True:
        try:
            return tuple(_Comparison(load(old, blank), load(new, blank)).breakages())
        except TooDeep as too_deep:
            blank.add(too_deep.module)
        except (griffe.GriffeError, RecursionError):  # of sources that Python itself would refuse
            return ()


def unreadable(sources: Sources) -> tuple[Source, ...]:
    """The modules whose text cannot be read: compiled, generated, or for another Python."""
    return tuple(s for s in sources.values() if s.data is None or parse_python(s.data) is None)


class _Comparison:
    """The modules of two versions."""

    def __init__(self, old: griffe.ModulesCollection, new: griffe.ModulesCollection) -> None:
        self._old = old
        self._new = new

    def breakages(self) -> Iterator[Breakage]:
        """Everything, in the order of the old modules; what is gone with its original once."""
        import griffe

        differences = [*self._differences()]
        gone = {d.obj.path for d in differences if d.kind is griffe.BreakageKind.OBJECT_REMOVED}
        for found in differences:
            if found.kind is not griffe.BreakageKind.OBJECT_REMOVED:
                yield from self._changed(found)
            elif getattr(found.obj, "target_path", "") not in gone:
                yield from self._removed(found.obj)
        by_function: dict[str, list[griffe.Breakage]] = {}
        for found in differences:
            if isinstance(found.obj, griffe.Function):
                by_function.setdefault(found.obj.path, []).append(found)
        for each in by_function.values():
            yield from parameter_breakages(each)

    def _differences(self) -> Iterator[griffe.Breakage]:
        import griffe

        for name, package in self._old.members.items():
            if name.startswith("_"):
                continue
            if heir := self._new.members.get(name):
                yield from griffe.find_breaking_changes(package, heir)
            else:
                yield griffe.ObjectRemovedBreakage(package, package, None)

    def _changed(self, found: griffe.Breakage) -> Iterator[Breakage]:
        import griffe

        match found.kind:
            case griffe.BreakageKind.OBJECT_CHANGED_KIND:
                path = found.obj.path
                before, after = _kind(_find(self._old, path)), _kind(found.obj)
                if (before, after) in _UNLIKE or "module" in {before, after}:
                    yield breakage_of(
                        BreakageKind.KIND_CHANGED, found.obj, before=before, after=after
                    )
            case griffe.BreakageKind.CLASS_REMOVED_BASE:
                for base in _lost_bases(found):
                    yield breakage_of(BreakageKind.BASE_REMOVED, found.obj, before=base)
            case _:
                pass

    def _removed(self, gone: griffe.Object | griffe.Alias) -> Iterator[Breakage]:
        """It, if it can be told that `new` does not have it, and if it was there for its users."""
        heir = _find(self._new, gone.parent.path) if gone.parent else None
        if _is_inward(gone) or (heir is not None and _may_have_more(heir)):
            return
        place = heir if heir is not None else gone.parent or gone
        line = heir.lineno if heir is not None and heir.is_class else None
        yield Breakage(
            kind=BreakageKind.REMOVED, name=gone.path, path=file_of(place), line=line or None
        )


def _find(modules: griffe.ModulesCollection, path: str) -> griffe.Object | griffe.Alias | None:
    import griffe

    try:
        found: griffe.Object | griffe.Alias = modules.get_member(path)
    except (KeyError, griffe.GriffeError):
        return None
    return found


def _kind(found: griffe.Object | griffe.Alias | None) -> str:
    if found is None:
        return ""
    return "property" if "property" in found.labels else found.kind.value


def _is_inward(gone: griffe.Object | griffe.Alias) -> bool:
    """Whether it is one of Python's own names that nobody uses directly, or a type variable."""
    name = gone.name
    maker = str(getattr(gone, "value", "")).partition("(")[0]
    if maker.rpartition(".")[2] in _TYPE_VARIABLES and not gone.is_exported:
        return True
    is_special = name.startswith("__") and name.endswith("__") and name != "__version__"
    return is_special and (hasattr(object, name) or name in _INWARD or not gone.is_function)


def _may_have_more(heir: griffe.Object | griffe.Alias) -> bool:
    """Whether it may have names that its text does not tell."""
    if "__getattr__" in heir.all_members:
        return True
    return heir.is_class and any(map(_is_foreign, _open_bases(cast("griffe.Class", heir))))


_UNLIKE = frozenset({("class", "function"), ("property", "function"), ("function", "property")})
"""Kinds that are not used alike; a function may well become a class, or a callable variable."""


def _lost_bases(found: griffe.Breakage) -> Iterator[str]:
    """Those that the class no longer has, not even through another one."""
    heir = cast("griffe.Class", found.obj)
    kept = {_spelled(base) for base in _open_bases(heir)}
    kept |= {parent.canonical_path for parent in heir.mro()}
    for base in map(_spelled, found.old_value):
        if base not in kept and base.rpartition(".")[2] not in _HELD:
            yield base


def _open_bases(found: griffe.Class) -> Iterator[object]:
    """The bases of the class, and of all that it comes from, which are not in these sources."""
    for each in (found, *found.mro()):
        known = {base.canonical_path for base in each.resolved_bases}
        yield from (base for base in each.bases if _spelled(base) not in known)


def _is_foreign(base: object) -> bool:
    """Whether a base class comes from another package, and not one of Python's own."""
    import builtins
    import sys

    top = _spelled(base).partition(".")[0]
    return not (hasattr(builtins, top) or top in sys.stdlib_module_names)


def _spelled(base: object) -> str:
    return str(getattr(base, "canonical_path", base))
