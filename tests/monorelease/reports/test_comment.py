"""``pytest --update`` writes the comments that are expected: read the diff."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.proposal_limits import fitted
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding, Severity
from monorelease.model.forge import ForgeKind, PullRequest, Site
from monorelease.model.proposal import Proposal
from monorelease.model.value import replace
from monorelease.reports.comment import MARKER, comment_text
from proposals import COMMIT, names, proposal, proposals, proposed, said
from rendered import misdeeds, rendered

COMMENTS = Path(__file__).with_name("comments")
SITE = Site(kind=ForgeKind.GITHUB, url="https://forge.example", repository="acme/tools")
REQUEST = PullRequest(
    number=12,
    address="https://forge.example/acme/tools/pull/12",
    title="Free native resources",
    body="",
    base="main",
    head="free-them",
    head_commit=COMMIT,
    head_repository="ada/tools",
    author="ada",
)
VENDORS = "anam baseten bey cartesia deepgram elevenlabs google hedra inworld lemonslice livekit"
MORE_VENDORS = "neuphonic openai resemble rime silero"
NINETEEN = (
    "agents-core",
    *(f"agents-plugin-{vendor}" for vendor in f"{VENDORS} {MORE_VENDORS}".split()),
    "agents-plugins-test",
    "agents-plugin-xai",
)

WAITING = proposal(
    releases=tuple(
        proposed(
            name,
            Bump.PATCH,
            "with agents-core (fixed group)" if place else "changes/1042.fix.md",
            private=name == "agents-plugins-test",
        )
        for place, name in enumerate(NINETEEN)
    ),
    fragments=(said("changes/1042.fix.md", **{"agents-core": "patch"}),),
    touched=names("agents-core"),
    notes="#### agents-core 1.0.1\n\n##### Fixes\n\n- Native resources are freed before a job\n"
    "  process ends. (#1042)\n",
)
HOSTILE = proposal(
    releases=(proposed("core", Bump.MAJOR, "changes/`](https://e.example) @ada.md"),),
    fragments=(said("changes/</details><!-- x -->|`](javascript:alert(1)).fix.md", core="major"),),
    untold=names("app"),
    touched=names("app", "core"),
    notes="</details>\n\n<!-- monorelease: comment -->\n\n/merge\n\nfixes #12 for @acme/team\n\n"
    "![x](https://e.example/x.png) [go](javascript:alert(1))\n\n| a |\n|---|\n| `|` |\n\n"
    "```\nopen\n",
    findings=(
        Finding(
            code="unknown-member",
            problem="'<img src=x onerror=alert(1)>' | fixes #12 @ada `x`",
            hint="[click](https://e.example) www.e.example",
            path=PurePosixPath("changes/a`b](c).fix.md"),
            line=2,
        ),
    ),
)
EXPECTED: dict[str, Proposal] = {
    "waiting": WAITING,
    "no_release": proposal(
        fragments=(said("changes/12.misc.md", core="none"), said("changes/+docs.misc.md")),
        touched=names("core"),
    ),
    "nothing_changed": proposal(),
    "no_fragment": proposal(touched=names("app", "core", "web"), untold=names("app", "core")),
    "findings": proposal(
        releases=(
            proposed("core", Bump.MINOR),
            proposed("app", Bump.PATCH, "core 1.1.0 leaves <1.1"),
        ),
        fragments=(said(core="minor", cor="patch"),),
        touched=names("core", "app", "web"),
        untold=names("web"),
        findings=(
            Finding(
                code="unknown-member",
                problem="'cor' is not a member of this workspace",
                hint="did you mean 'core'?",
                path=PurePosixPath("changes/1.fix.md"),
                line=3,
            ),
            Finding(
                code="shallow-clone",
                problem="this clone is shallow",
                hint="fetch the history",
                severity=Severity.WARNING,
            ),
        ),
        elsewhere=(
            Finding(
                code="requires-private",
                problem="web requires lab, which is private",
                hint="move the requirement",
                severity=Severity.WARNING,
                path=PurePosixPath("packages/web/pyproject.toml"),
            ),
        ),
    ),
    "unreadable": proposal(
        touched=names("core"),
        untold=names("core"),
        findings=(
            Finding(
                code="front-matter-missing",
                problem="the front matter never ends",
                hint="end it with ---",
                path=PurePosixPath("changes/1.fix.md"),
                line=1,
            ),
        ),
    ),
    "mistaken": proposal(
        fragments=(said(cor="patch"),),
        touched=names("core"),
        untold=names("core"),
        findings=(
            Finding(
                code="unknown-member",
                problem="'cor' is not a member of this workspace",
                hint="did you mean 'core'?",
                path=PurePosixPath("changes/1.fix.md"),
                line=2,
            ),
        ),
    ),
    "unknown": proposal(
        findings=(
            Finding(
                code="bad-toml",
                problem="not a TOML document",
                hint="see the line",
                path=PurePosixPath("pyproject.toml"),
                line=4,
            ),
        ),
    ),
    "release": proposal(touched=names("core", "app"), releases_itself=True),
    "hostile": HOSTILE,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_comment_reads_as_expected(name: str, request: pytest.FixtureRequest) -> None:
    text = comment_text(EXPECTED[name], SITE, REQUEST, 60_000)

    expected = COMMENTS / f"{name}.md"
    if request.config.getoption("--update"):
        expected.write_text(text, "utf-8", newline="\n")
    assert text == expected.read_text("utf-8")
    assert text.startswith(MARKER)


@pytest.mark.property
@given(proposals().map(fitted), st.sampled_from([60_000, 3_000, 1_000]))
def test_nothing_in_a_proposal_does_anything(drawn: Proposal, longest: int) -> None:
    text = comment_text(drawn, SITE, REQUEST, longest)
    page = rendered(text)

    assert len(text) <= longest
    assert page.tags.count("details") == page.tags.count("/details")
    assert {"img", "script", "b"}.isdisjoint(page.tags)
    assert page.strange == [MARKER]
    assert misdeeds(text) == []


@pytest.mark.parametrize("kind", ForgeKind)
def test_every_forge_gets_its_own_links(kind: ForgeKind) -> None:
    site = replace(SITE, kind=kind)
    text = comment_text(EXPECTED["no_fragment"], site, REQUEST, 60_000)

    begin = {
        ForgeKind.GITHUB: "/new/free-them?filename=changes%2F12.fix.md&value=---",
        ForgeKind.GITLAB: "/-/new/free-them?file_name=changes%2F12.fix.md&content=---",
        ForgeKind.FORGEJO: "/_new/free-them?filename=changes%2F12.fix.md&value=---",
    }
    assert f"https://forge.example/ada/tools{begin[kind]}" in rendered(text).links[-1]


def test_without_a_forge_there_are_no_links() -> None:
    page = rendered(comment_text(WAITING, None, None, 60_000))

    assert page.links == []


def test_without_a_pull_request_links_lead_to_the_repository_itself() -> None:
    page = rendered(comment_text(EXPECTED["no_fragment"], SITE, None, 60_000))

    assert page.links == [f"https://forge.example/acme/tools/commit/{COMMIT}"]


def test_a_fork_that_is_gone_is_not_linked_to() -> None:
    gone = replace(REQUEST, head_repository="")

    page = rendered(comment_text(EXPECTED["no_fragment"], SITE, gone, 60_000))

    assert page.links == []
    assert "monorelease add --patch app,core" in page.words


def whole(count: int, words: int = 0) -> Proposal:
    """A proposal of so many releases, and notes with so many characters."""
    notes = "\n\n".join(["x" * 99] * (words // 100))
    return proposal(
        releases=tuple(
            proposed(f"m{n}", Bump.PATCH, "because it is so " * 9) for n in range(count)
        ),
        fragments=tuple(said(f"changes/{n}.fix.md", core="patch") for n in range(count)),
        notes=notes,
    )


def left_out(text: str) -> str:
    """What the comment says is missing from it."""
    found = re.search(r"^\*Left out, for want of room: (.*?);", text, re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("told", "missing", "rows"),
    [
        (lambda: whole(6), "", 6),
        (lambda: whole(6, 60_000), "the notes", 6),
        (lambda: whole(200, 60_000), "the notes and versions and reasons", 200),
        (lambda: whole(200), "versions and reasons", 200),
        (lambda: whole(600, 100), "the notes, versions and reasons and 1000 rows", 100),
        (lambda: whole(5_000), "versions and reasons and 9800 rows", 100),
    ],
)
def test_what_goes_first_is_what_is_missed_least(
    told: Callable[[], Proposal], missing: str, rows: int
) -> None:
    text = comment_text(told(), SITE, REQUEST, 45_000)

    assert len(text) <= 45_000
    assert left_out(text) == missing
    assert text.count(" | Patch |") == rows
    page = rendered(text)
    assert page.tags.count("details") == page.tags.count("/details")
    assert f"Releases {len(told().releases)} packages" in page.words


def test_hardly_any_room_is_left_to_the_heading() -> None:
    findings = tuple(Finding(code="x", problem="y" * 900, hint="z" * 900) for _ in range(50))

    text = comment_text(proposal(findings=findings), SITE, REQUEST, 800)

    assert "**50 problems that would stop a release**" in text
    assert left_out(text) == "50 rows"
    assert comment_text(proposal(), SITE, REQUEST, 10) == f"{MARKER}\n### Nothing to release"


def test_a_member_that_is_ignored_needs_no_fragment() -> None:
    text = comment_text(proposal(touched=names("core")), SITE, REQUEST, 60_000)

    assert "### Nothing to release\n" in text
    assert "it changes no package that is released." in text
