"""The logical repository: one seed, the same members, ranges and fragments for every tool."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

LAYERS = 6
"""Members require only members of lower layers; the lowest requires nobody."""

_BUMPS = ("patch", "minor", "major")
_BUMP_WEIGHTS = (70, 25, 5)
_WIDE = 0.8
"""The share of ranges that end at the next major; the others end at the next minor."""
_CATEGORIES = {"patch": "fix", "minor": "feature", "major": "feature"}
_VOCABULARY = (
    "audio buffer client closes connection deadline decoder default drops error event frame header "
    "keeps language limit message model option order queue request response retries sample server "
    "session speech stream timeout token transcript value voice waits word"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One member's range on another: at least `lower`, less than `below`."""

    on: str
    lower: str
    below: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One package: what every layout says about it in its own words."""

    name: str
    version: str
    previous: str
    """The release before, which its changelog still shows."""
    requires: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """One pending change: whom it names, with which bumps, and its words."""

    number: int
    category: str
    bumps: tuple[tuple[str, str], ...]
    """Pairs of member and bump, each member once."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """What all layouts of one comparison have in common."""

    members: tuple[Member, ...]
    fragments: tuple[Fragment, ...]


def generate(size: int, *, seed: int) -> Repository:
    """A repository of `size` members and half as many fragments (at least one).

    The same arguments give the same repository under one version of Python. Versions start at 1.0
    and every range holds its dependency's current version, because that is where the tools' rules
    agree: they differ on 0.x, and on ranges that are already broken.
    """
    random = Random(f"{seed}/{size}")  # noqa: S311 (repeatable, not secret)
    members: list[Member] = []
    for index in range(size):
        below = members[: _start_of_layer(index * LAYERS // size, size)]
        members.append(_member(index, below, random))
    fragments = tuple(_fragment(i, members, random) for i in range(max(1, size // 2)))
    return Repository(members=tuple(members), fragments=fragments)


def _start_of_layer(layer: int, size: int) -> int:
    return -(-layer * size // LAYERS)


def _member(index: int, below: list[Member], random: Random) -> Member:
    major, minor, patch = random.randint(1, 4), random.randint(0, 9), random.randint(1, 9)
    required = random.sample(below, min(len(below), random.randint(0, 3)))
    return Member(
        name=f"member-{index:04d}",
        version=f"{major}.{minor}.{patch}",
        previous=f"{major}.{minor}.{patch - 1}",
        requires=tuple(
            _requirement(dependency, random)
            for dependency in sorted(required, key=lambda member: member.name)
        ),
    )


def _requirement(dependency: Member, random: Random) -> Requirement:
    major, minor, _ = (int(part) for part in dependency.version.split("."))
    below = f"{major + 1}.0.0" if random.random() < _WIDE else f"{major}.{minor + 1}.0"
    return Requirement(on=dependency.name, lower=f"{major}.{minor}.0", below=below)


def _fragment(index: int, members: list[Member], random: Random) -> Fragment:
    named = random.sample(members, min(len(members), random.choice((1, 1, 2, 3))))
    bumps = tuple((member.name, random.choices(_BUMPS, _BUMP_WEIGHTS)[0]) for member in named)
    strongest = max((bump for _, bump in bumps), key=_BUMPS.index)
    paragraphs = (_sentence(random) for _ in range(random.choice((1, 1, 1, 2))))
    return Fragment(
        number=1001 + index,
        category=_CATEGORIES[strongest],
        bumps=bumps,
        text="\n\n".join(paragraphs) + "\n",
    )


def _sentence(random: Random) -> str:
    return " ".join(random.choices(_VOCABULARY.split(), k=random.randint(8, 20))).capitalize() + "."
