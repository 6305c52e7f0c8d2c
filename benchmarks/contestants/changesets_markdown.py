"""The fragments and changelogs of changesets, which molt shares."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.generator import Fragment, Member, Repository


def format_changesets(repository: Repository) -> Mapping[str, str]:
    """Every fragment as a file in `.changeset/`: relative path to text."""
    return {
        f".changeset/change-{fragment.number}.md": _changeset(fragment)
        for fragment in repository.fragments
    }


def format_changelog(member: Member) -> str:
    """The changelog that earlier releases left behind."""
    return f"""\
# {member.name}

## {member.version}

### Patch Changes

- Something that was broken works.

## {member.previous}

### Patch Changes

- Something else works.
"""


def _changeset(fragment: Fragment) -> str:
    bumps = "".join(f'"{name}": {bump}\n' for name, bump in fragment.bumps)
    return f"---\n{bumps}---\n\n{fragment.text}"
