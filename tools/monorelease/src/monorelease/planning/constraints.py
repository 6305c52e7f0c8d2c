"""What a constraint has to say so that it asks for a dependency's new version."""

from __future__ import annotations

from packaging.specifiers import Specifier
from packaging.version import Version

from monorelease.model.clause import Clause, parse_clauses
from monorelease.model.constraint import Constraint
from monorelease.model.poetry_range import breaking_part, split_alternatives
from monorelease.planning.versions import with_release, with_suffix


def raise_constraint(constraint: Constraint, target: Version, *, exact: bool = False) -> str | None:
    """The text of `constraint` raised to `target`, in the style in which it was written.

    Floors go up to `target`, upper ends and pins move only when they must, exclusions stay;
    nothing moves in the text but the versions of those clauses. Of several alternatives
    the last one that allows `target` is raised, or else the very last. With `exact` the whole
    constraint becomes ``==target``.

    None where no such text allows `target`: it is excluded, or below a floor (a floor is
    never lowered).
    """
    text = _pinned(constraint.text, target) if exact else _raised(constraint, target)
    return text if Constraint.parse(text, constraint.dialect).allows(target) else None


def _pinned(text: str, target: Version) -> str:
    return text.replace(text.strip(), f"=={target}", 1)


def _raised(constraint: Constraint, target: Version) -> str:
    meanings = constraint.alternatives
    allowing = [i for i, s in enumerate(meanings) if s.contains(target, prereleases=True)]
    alternatives_and_bars = split_alternatives(constraint.text)
    place = 2 * (allowing[-1] if allowing else len(meanings) - 1)
    alternatives_and_bars[place] = _raised_alternative(alternatives_and_bars[place], target)
    return "".join(alternatives_and_bars)


def _raised_alternative(text: str, target: Version) -> str:
    for clause in reversed(parse_clauses(text)):
        text = text[: clause.start] + _moved(clause, target) + text[clause.end :]
    return text


def _moved(clause: Clause, target: Version) -> str:
    """The version that `clause` should have: often the one it has."""
    written = clause.version
    if floor := _FLOORS.get(clause.operator):
        risen = floor(written, target)
        return risen if Version(risen) > Version(written) else written
    if (bound := _BOUNDS.get(clause.operator)) and not _admits(clause, target):
        return bound(written, target)
    return written


def _admits(clause: Clause, target: Version) -> bool:
    if clause.version == "*":
        return True
    operator = clause.operator if clause.operator not in {"", "="} else "=="
    return Specifier(f"{operator}{clause.version}").contains(target, prereleases=True)


def _as_written(written: str, target: Version) -> str:
    """`target` in no fewer parts than were written, and in more only where they tell more.

    So 1.3.0 is ``1.3`` to who wrote ``1.2``, but 1.3.1 is ``1.3.1``: a floor of ``1.3`` would
    admit what lacks the fix. A version with a suffix is spelled out.
    """
    parts = len(Version(written).release)
    suffix = _suffix_of(target)
    release = target.release
    while not suffix and len(release) > parts and not release[-1]:
        release = release[:-1]
    return _spelled(target, _padded(release, parts), suffix)


def _in_as_many_parts(written: str, target: Version) -> str:
    """`target` in exactly as many parts as were written, for where their number has a meaning."""
    parts = len(Version(written).release)
    suffix = "" if any(target.release[parts:]) else _suffix_of(target)
    return _spelled(target, _padded(target.release, parts)[:parts], suffix)


def _caret(written: str, target: Version) -> str:
    old, risen = Version(written), _as_written(written, target)
    # ^0 ends at 1, ^0.5 at 0.6 already: more parts would narrow a caret of zeros.
    if not any(old.release) and breaking_part(Version(risen)) > breaking_part(old):
        return _in_as_many_parts(written, target)
    return risen


def _tilde(written: str, target: Version) -> str:
    """``~1`` ends at 2, ``~1.2`` and all longer ones end at 1.3."""
    single = len(Version(written).release) == 1
    return (_in_as_many_parts if single else _as_written)(written, target)


def _pin(written: str, target: Version) -> str:
    if not written.endswith(".*"):
        return _as_written(written, target)
    parts = len(Version(written[:-2]).release)
    return _spelled(target, _padded(target.release, parts)[:parts]) + ".*"


def _end_above(written: str, target: Version) -> str:
    """The next end above `target` at the place that bounds: the last part that is not zero.

    ``<2.0.0`` becomes ``<3.0.0``, ``<1.5`` becomes ``<1.7`` for 1.6.2. What keeps the end's own
    pre-releases out (``<2.dev0``) goes on to do so.
    """
    end = Version(written)
    place = max((i for i, part in enumerate(end.release) if part), default=0)
    parts = _padded(target.release, len(end.release))
    zeros = (0,) * (len(end.release) - place - 1)
    suffix = _suffix_of(end) if end.post is None else ""
    return _spelled(target, (*parts[:place], parts[place] + 1, *zeros), suffix)


def _identity(_: str, target: Version) -> str:
    return str(target)


_FLOORS = {">=": _as_written, "~=": _in_as_many_parts, "^": _caret, "~": _tilde}
_BOUNDS = {
    "<": _end_above,
    "<=": _as_written,
    "==": _pin,
    "=": _pin,
    "": _pin,
    "===": _identity,
}


def _padded(release: tuple[int, ...], parts: int) -> tuple[int, ...]:
    return release + (0,) * (parts - len(release))


def _suffix_of(version: Version) -> str:
    return version.public.removeprefix(version.base_version)


def _spelled(target: Version, release: tuple[int, ...], suffix: str = "") -> str:
    """`release` in the epoch of `target`."""
    return str(with_suffix(with_release(target, release), suffix))
