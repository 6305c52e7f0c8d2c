"""What a build made of the members, and that it was found good, in words."""

from __future__ import annotations

from collections.abc import Sequence

from monorelease.formats.prose import listed
from monorelease.model.artifact import Artifact, ArtifactKind, Build, BuiltMember
from monorelease.model.words import counted
from monorelease.reports.printable import printable
from monorelease.reports.quantities import size_text
from monorelease.reports.terminal import PLAIN, Palette, aligned

SHORT = 7
"""Characters of a commit's name, as git itself abbreviates it."""


def build_text(build: Build, folder: str, palette: Palette = PLAIN) -> str:
    """Who was built, from which commit and into what; then how much of it is in `folder`."""
    if not build.members:
        return "Nothing to build.\n"
    count = counted(len(build.members), "package")
    return (
        "\n".join(
            [
                f"{palette.bold}{count} built{palette.off}",
                "",
                *aligned([_row(member) for member in build.members]),
                "",
                f"{total_text(build.artifacts)} in {printable(folder)}",
            ]
        )
        + "\n"
    )


def verdict_text(build: Build, *, is_installed: bool = True, is_rebuilt: bool = False) -> str:
    """That the build is as it should be, and what of it was looked at."""
    if not build.members:
        return "Nothing to verify.\n"
    count = counted(len(build.members), "package")
    files = counted(len(build.artifacts), "file")
    found = ["agree with the tree"]
    found += ["are the same bytes when they are built again"] * is_rebuilt
    found += ["install together", "import"] * is_installed
    return f"{count}, {files} verified: they {listed(found)}\n"


def total_text(artifacts: Sequence[Artifact]) -> str:
    """How many files, and how much: ``36 files, 1.2 MB``."""
    size = sum(artifact.size for artifact in artifacts)
    return f"{counted(len(artifacts), 'file')}, {size_text(size)}"


def files_text(artifacts: Sequence[Artifact]) -> str:
    """One member's files by their kinds: ``wheel 81 kB, sdist 70 kB``; their names tell no more."""
    words = []
    for kind in ArtifactKind:
        sizes = [artifact.size for artifact in artifacts if artifact.kind is kind]
        if sizes:
            noun = kind.value if len(sizes) == 1 else counted(len(sizes), kind.value)
            words.append(f"{noun} {size_text(sum(sizes))}")
    return ", ".join(words)


def _row(member: BuiltMember) -> tuple[str, ...]:
    origin = f"from {printable(member.commit[:SHORT])}"
    return member.name, str(member.version), files_text(member.artifacts), origin
