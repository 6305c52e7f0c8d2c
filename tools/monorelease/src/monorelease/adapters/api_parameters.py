"""What griffe finds to be different in one function, without what stops no caller."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, cast

from monorelease.model.breakage import Breakage, BreakageKind

if TYPE_CHECKING:
    import griffe

_RECEIVERS = frozenset({"cls", "self"})

_CALLED = frozenset({"__call__", "__init__", "__init_subclass__", "__new__"})
"""Special methods that people call with arguments of their own; others are called by Python."""


def without_names(module: griffe.Object) -> None:
    """Mark the parameters below `module` that nobody gives by their name, though one could.

    Two underscores in front say so (PEP 484, as it was done before there was a ``/``), and
    operators and the like give their operands by place.
    """
    import griffe

    kinds = griffe.ParameterKind
    for member in module.members.values():
        if isinstance(member, griffe.Function):
            is_operator = _is_special(member.name) and member.name not in _CALLED
            for parameter in member.parameters:
                is_nameless = parameter.name.startswith("__") or is_operator
                if is_nameless and parameter.kind is kinds.positional_or_keyword:
                    parameter.kind = kinds.positional_only
        elif isinstance(member, griffe.Class | griffe.Module):
            without_names(member)


def parameter_breakages(found: Sequence[griffe.Breakage]) -> Iterator[Breakage]:
    """What callers of one function may have to change.

    A parameter that is gone and one that is demanded are one renamed; for one that cannot be
    given by its name that is nothing. What only moved because another went is not told twice.
    The object that a method belongs to is no parameter to its callers.

    Args:
        found: all of one function.
    """
    import griffe

    kinds = griffe.BreakageKind
    function = cast("griffe.Function", found[0].obj)
    gone = [b.old_value for b in found if b.kind is kinds.PARAMETER_REMOVED]
    come = [b.new_value for b in found if b.kind is kinds.PARAMETER_ADDED_REQUIRED]
    removed = [p for p in gone if not _is_receiver(p, function) and not _goes_on(p, function)]
    added = [p for p in come if not _is_receiver(p, function)]
    yield from _gone_and_come(function, removed, added)
    for each in found:
        before = getattr(each.old_value, "name", "")
        if each.kind is kinds.PARAMETER_CHANGED_REQUIRED:
            yield breakage_of(BreakageKind.PARAMETER_REQUIRED, function, before=before)
        elif each.kind is kinds.PARAMETER_CHANGED_KIND and not _is_receiver(
            each.old_value, function
        ):
            after = str(each.new_value.kind.value)
            yield breakage_of(BreakageKind.PARAMETER_KIND, function, before=before, after=after)
    has_moved = any(b.kind is kinds.PARAMETER_MOVED for b in found)
    if has_moved and not gone and not come:
        yield breakage_of(BreakageKind.PARAMETERS_MOVED, function)


def breakage_of(
    kind: BreakageKind, thing: griffe.Object | griffe.Alias, *, before: str = "", after: str = ""
) -> Breakage:
    """The difference, at the place where `thing` is now."""
    return Breakage(
        kind=kind,
        name=thing.path,
        path=file_of(thing),
        line=getattr(thing, "alias_lineno", thing.lineno) or None,
        before=before,
        after=after,
    )


def file_of(thing: griffe.Object | griffe.Alias) -> PurePosixPath:
    """The file that it stands in; of a namespace, its folder."""
    owner = thing.parent if thing.is_alias and thing.parent is not None else thing
    found = owner.filepath
    first = found[0] if isinstance(found, list) else found
    return PurePosixPath(Path(first).as_posix())


def _gone_and_come(
    function: griffe.Function,
    removed: Sequence[griffe.Parameter],
    added: Sequence[griffe.Parameter],
) -> Iterator[Breakage]:
    import griffe

    pairs = [*zip(removed, added, strict=False)]
    for old, new in pairs:
        nameless = griffe.ParameterKind.positional_only
        if old.kind is not nameless or new.kind is not nameless:
            yield breakage_of(
                BreakageKind.PARAMETER_RENAMED, function, before=old.name, after=new.name
            )
    for old in removed[len(pairs) :]:
        yield breakage_of(BreakageKind.PARAMETER_REMOVED, function, before=old.name)
    for new in added[len(pairs) :]:
        yield breakage_of(BreakageKind.PARAMETER_ADDED, function, after=new.name)


def _is_special(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


def _is_receiver(parameter: griffe.Parameter, function: griffe.Function) -> bool:
    return parameter.name in _RECEIVERS and function.parent is not None and function.parent.is_class


def _goes_on(parameter: griffe.Parameter, function: griffe.Function) -> bool:
    """Whether callers cannot tell that its name is another one: that of ``*rest``, for example.

    One without a name is given to whatever may stand in its place, and has a default.
    """
    import griffe

    kinds = griffe.ParameterKind
    if parameter.kind in {kinds.var_positional, kinds.var_keyword}:
        return any(other.kind is parameter.kind for other in function.parameters)
    if parameter.kind is not kinds.positional_only or parameter.function is None:
        return False
    place = [other.name for other in parameter.function.parameters].index(parameter.name)
    heir = next(iter([*function.parameters][place : place + 1]), None)
    return heir is not None and heir.kind is kinds.positional_only and not heir.required
