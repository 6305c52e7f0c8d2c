"""Proposals for tests, and as hypothesis draws them."""

from __future__ import annotations

from pathlib import PurePosixPath

from hypothesis import strategies as st
from packaging.utils import NormalizedName

from monorelease.model.bump import Bump
from monorelease.model.finding import Finding, Severity
from monorelease.model.proposal import Proposal, ProposedFragment, ProposedRelease
from rendered import hostile
from values import named

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def proposed(
    name: str, bump: Bump = Bump.PATCH, *why: str, private: bool = False
) -> ProposedRelease:
    """A release of `name` from 1.0.0."""
    target = {Bump.PATCH: "1.0.1", Bump.MINOR: "1.1.0", Bump.MAJOR: "2.0.0"}[bump]
    return ProposedRelease(
        name=named(name),
        bump=bump,
        current="1.0.0",
        target=target,
        private=private,
        why=why or ("changes/1.fix.md",),
    )


def said(path: str = "changes/1.fix.md", **bumps: str) -> ProposedFragment:
    """A fragment with these entries."""
    entries = ((named(name), Bump.from_word(word)) for name, word in bumps.items())
    return ProposedFragment(path=PurePosixPath(path), bumps=tuple(entries))


def names(*texts: str) -> tuple[NormalizedName, ...]:
    """The names of members."""
    return tuple(map(named, texts))


def proposal(**fields: object) -> Proposal:
    """Nothing at all, but for what is given."""
    nothing: dict[str, object] = {
        "head": COMMIT,
        "releases": (),
        "fragments": (),
        "touched": (),
        "untold": (),
        "notes": "",
        "findings": (),
    }
    return Proposal(**(nothing | fields))  # type: ignore[arg-type]


def proposals() -> st.SearchStrategy[Proposal]:
    """Proposals as somebody hostile can bring them about."""
    words = hostile(6)
    paths = (
        st.tuples(st.just("changes"), words)
        .map("/".join)
        .filter(lambda text: "/.." not in text and "\0" not in text)
        .map(PurePosixPath)
    )
    members = st.lists(st.sampled_from(names("core", "app", "a-b-c", "x2")), unique=True)
    releases = st.builds(
        ProposedRelease,
        name=st.sampled_from(names("core", "app", "a-b-c")),
        bump=st.sampled_from([Bump.PATCH, Bump.MINOR, Bump.MAJOR]),
        current=st.sampled_from(["1.0.0", "0.1", "1!2.0rc1"]),
        target=st.sampled_from(["1.0.1", "2", "1!2.0"]),
        private=st.booleans(),
        why=st.lists(words, min_size=1, max_size=3).map(tuple),
    )
    entries = st.dictionaries(
        st.sampled_from(names("core", "app")) | words.map(named),
        st.sampled_from(Bump),
        max_size=3,
    )
    fragments = st.builds(
        ProposedFragment, path=paths, bumps=entries.map(lambda found: tuple(found.items()))
    )
    findings = st.builds(
        Finding,
        code=st.sampled_from(["unknown-member", "x"]),
        problem=words,
        hint=words,
        severity=st.sampled_from(Severity),
        path=st.none() | paths,
        line=st.none() | st.integers(1, 99),
        key=st.just(("project",)),
    )
    return st.builds(
        Proposal,
        head=st.just(COMMIT),
        releases=st.lists(releases, max_size=3).map(tuple),
        fragments=st.lists(fragments, max_size=3).map(tuple),
        touched=members.map(tuple),
        untold=members.map(tuple),
        notes=hostile(),
        findings=st.lists(findings, max_size=3).map(tuple),
        elsewhere=st.lists(findings, max_size=3).map(tuple),
        directory=st.sampled_from(["changes", "/etc", "..", "", "a\nb"]),
        category=st.sampled_from(["fix", "a/b", ".x", "`", ""]),
        releases_itself=st.booleans(),
    )
