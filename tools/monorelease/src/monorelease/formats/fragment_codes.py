"""What can be wrong with a fragment: a code for each mistake, and the way out of it."""

from __future__ import annotations

from pathlib import PurePosixPath
from types import MappingProxyType

from monorelease.model.finding import Finding

FRAGMENT_HINTS = MappingProxyType(
    {
        "bad-fragment-name": "call it 1042.fix.md (after the issue), 1042.fix.1.md or +slug.fix.md",
        "missing-category": "put a category before the .md, as in 1042.fix.md",
        "unknown-category": "the categories are those of [tool.towncrier]",
        "fragment-too-large": "say it in a few lines, and link to the rest",
        "fragment-not-utf8": "save the file as UTF-8 text",
        "fragment-empty": "write one with 'monorelease add', or delete the file",
        "control-character": "delete it; terminals take such characters for commands",
        "conflict-marker": "finish the merge, and delete the lines of markers",
        "front-matter-missing": "begin the file with --- lines and 'package: bump' between them",
        "front-matter-open": "end the front matter with a line ---",
        "front-matter-broken": "write one 'package: bump' a line",
        "front-matter-unsafe": "write names and bumps out; anchors, aliases and tags are not read",
        "front-matter-not-mapping": "write one 'package: bump' a line",
        "empty-name": "write the name of a package before the colon",
        "bad-name": "write the name of a package as its pyproject.toml has it",
        "duplicate-entry": "keep one of the two",
        "bump-not-a-word": "write none, patch, minor or major after the colon",
        "unknown-bump": "the bumps are: none, patch, minor, major",
        "code-fence-open": "close the code block, or it swallows the changelog below it",
        "text-missing": "say below the front matter what the change means to a reader",
    }
)
"""Every code that `parse_fragment` gives, with the hint when there is no better one."""


def mistake(
    code: str, problem: str, *, path: PurePosixPath, line: int | None = None, hint: str = ""
) -> Finding:
    """The finding that something is wrong with the fragment at `path`."""
    return Finding(
        code=code, problem=problem, hint=hint or FRAGMENT_HINTS[code], path=path, line=line
    )


def quoted(word: str) -> str:
    """A word of somebody's as a problem shows it: harmless to terminals, and not endless."""
    return repr(word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…")


_LONGEST = 100
