"""Which version comes next, by PEP 440's arithmetic."""

from __future__ import annotations

from collections.abc import Iterable

from packaging.version import Version

from monorelease.errors import VersionWouldSink
from monorelease.model.bump import Bump
from monorelease.model.channel import Channel, Label, Prerelease, Stable

_PLACES = {Bump.MAJOR: 0, Bump.MINOR: 1, Bump.PATCH: 2}
"""Which part of the release each bump raises, counted from zero; the strongest bump first."""

_LATER_LABEL = "go on with the same or a later label (a, then b, then rc), or make it final"
_LATER_STAMP = "a snapshot of a development version needs a higher number than its .dev"


def next_version(current: Version, bump: Bump, *, channel: Channel, major_on_zero: Bump) -> Version:
    """The version that `bump` makes of `current` on `channel`; `current` itself for none.

    It is always greater than `current`, keeps its epoch, has at least as many parts, and
    drops what is local. A pre-release or development release is finished rather than
    stepped over where its own base already expresses the bump: 1.1.0rc2 and a minor bump
    make 1.1.0, as in changesets.

    Raises:
        VersionWouldSink: when no such version is greater than `current`: alphas after a
            candidate of the same version, or a snapshot's stamp that is not a later one.
    """
    if bump is Bump.NONE:
        return current
    final = _next_final(current, effective_bump(current, bump, major_on_zero))
    if isinstance(channel, Stable):
        return final
    if isinstance(channel, Prerelease):
        return _rising(current, _numbered(current, final, channel.label), _LATER_LABEL)
    snapshot = with_suffix(_ahead_of(current, final), f".dev{channel.stamp}")
    return _rising(current, snapshot, _LATER_STAMP)


def effective_bump(current: Version, bump: Bump, major_on_zero: Bump) -> Bump:
    """What `bump` does to `current`: to 0.x, a breaking change does `major_on_zero`."""
    return major_on_zero if bump is Bump.MAJOR and current.major == 0 else bump


def bump_between(current: Version, target: Version, major_on_zero: Bump) -> Bump:
    """The strongest bump that `target` fulfils: 1.4.7 fulfils a minor bump of 1.2.3, no major.

    A pre-release fulfils what its final version would; whatever else is newer is a patch.
    None when `target` is not newer. With `major_on_zero` at major it tells what moved.
    """
    if target <= current:
        return Bump.NONE
    final = Version(target.base_version)
    for bump in _PLACES:
        if _next_final(current, effective_bump(current, bump, major_on_zero)) <= final:
            return bump
    return Bump.PATCH


def with_release(version: Version, release: Iterable[int]) -> Version:
    """`release` in the epoch of `version`, and nothing more."""
    return Version(f"{version.epoch}!{'.'.join(map(str, release))}")


def with_suffix(version: Version, suffix: str) -> Version:
    """`version` with ``rc1``, ``.dev2`` or the like at its end."""
    return Version(f"{version}{suffix}")


def _next_final(current: Version, bump: Bump) -> Version:
    place = _PLACES[bump]
    release = current.release
    head, tail = release[: place + 1], release[place + 1 :]
    # 0.0.0 is all zeros: it expresses a patch and nothing stronger.
    if _is_unfinished(current) and not any(tail) and (any(head) or bump is Bump.PATCH):
        return with_release(current, release)
    head += (0,) * (place + 1 - len(head))
    return with_release(current, (*head[:-1], head[-1] + 1, *(0 for _ in tail)))


def _is_unfinished(version: Version) -> bool:
    """Whether the final version of its base is still to come (1.0.post1.dev1 comes after)."""
    return version.pre is not None or (version.dev is not None and version.post is None)


def _numbered(current: Version, final: Version, label: Label) -> Version:
    series = _series_of(current, final)
    number = series[1] + 1 if series and series[0] == label else 1
    return with_suffix(final, f"{label}{number}")


def _ahead_of(current: Version, final: Version) -> Version:
    """What a snapshot precedes: 1.1.0, or after 1.1.0rc2 (no 1.1.0.dev is newer) 1.1.0rc3."""
    series = _series_of(current, final)
    return with_suffix(final, f"{series[0]}{series[1] + 1}") if series else final


def _series_of(current: Version, final: Version) -> tuple[str, int] | None:
    """Label and number of `current` if it is a pre-release of `final`."""
    return current.pre if Version(current.base_version) == final else None


def _rising(current: Version, target: Version, hint: str) -> Version:
    if target > current:
        return target
    raise VersionWouldSink(f"{target} would not be newer than {current}", hint=hint)
