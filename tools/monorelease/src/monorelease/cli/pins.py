"""The versions of members that words of the command line mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.version import Version

from monorelease.cli.names import members_named
from monorelease.errors import UsageProblem
from monorelease.model.version import read_version
from monorelease.model.withdrawal import Pin
from monorelease.model.workspace import Workspace


def pins_named(words: Sequence[str], workspace: Workspace) -> Iterator[Pin]:
    """What each ``NAME==VERSION`` means, in order; a name alone means the version in the tree.

    A name may be a glob. It passes over members that are never published.

    Raises:
        UsageProblem: a word means nobody, only who is never published, or no version.
    """
    for word in words:
        name, equals, text = word.partition("==")
        if "=" in name:
            raise UsageProblem(
                f"{word!r} is no NAME==VERSION", hint="between name and version go two signs: =="
            )
        members = [workspace[each] for each in members_named([name], workspace)]
        if all(member.private for member in members):
            raise UsageProblem(
                f"{members[0].name} is private: it is published nowhere",
                hint="name members that are published",
            )
        for member in members:
            version = _parse(text) if equals else member.version
            if version is None:
                raise UsageProblem(
                    f"{member.name} has no version in the tree",
                    hint=f"say which one you mean: {member.name}==VERSION",
                )
            if not member.private:
                yield Pin(name=member.name, version=version)


def _parse(text: str) -> Version:
    if (version := read_version(text)) is None:
        raise UsageProblem(
            f"{text.strip()!r} is no version", hint="write it as indexes do: NAME==1.4.0"
        )
    return version
