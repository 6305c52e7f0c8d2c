"""From somebody's branch to what people install, as a team and its CI live it on each forge."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from forge_server import ALWAYS, ForgeFault
from pypi_server import needs_uv
from rendered import rendered
from team_forges import Style
from teams import RELEASE, Team, team_on

DONE, PROBLEM = 0, 1

WAVE = 'roll-up = "wave-{date}-{commit}"'
MORE = {"packages/core/src/core/more.py": "held = []\n"}
TITLE = "Free what the core holds"
FEATURE = {"changes/2.feature.md": "---\napp: minor\n---\n\nThe app counts.\n"}


def prefilled(comment: str) -> dict[str, str]:
    """The file that the link in a comment begins, by its path."""
    (link,) = (link for link in rendered(comment).links if "/new/" in link or "/_new/" in link)
    words = dict(parse_qsl(urlsplit(link).query))
    path = words.get("filename") or words["file_name"]  # GitLab's name for it
    return {path: words.get("value") or words["content"]}


def fix(team: Team, number: int, member: str = "core") -> None:
    """Let a fragment get to main by itself."""
    team.land({f"changes/{number}.fix.md": f"---\n{member}: patch\n---\n\nFix {number}.\n"})


@needs_uv
@pytest.mark.parametrize(
    ("kind", "style"),
    [("github", Style.MERGE), ("gitlab", Style.SQUASH), ("forgejo", Style.REBASE)],
    ids=["github-merge", "gitlab-squash", "forgejo-rebase"],
)
def test_a_change_gets_from_a_branch_to_those_who_install_it(
    kind: str, style: Style, tmp_path: Path
) -> None:
    with team_on(kind, tmp_path, WAVE) as team:
        team.is_quick = kind != "github"
        number = propose_with_a_fragment(team)
        team.home.accept(number, style)
        keep_a_release_request(team)
        release = team.home.pages()[-1]
        team.home.accept(release.number, style, tidy=style is not Style.SQUASH)
        publish_once(team)
        team.is_quick = True
        end_with_nothing_to_do(team)


def propose_with_a_fragment(team: Team) -> int:
    """Grace forgets the fragment, is told, follows the link, and is told what comes of it."""
    number = team.contribute(MORE, TITLE)
    told = team.comment(number)
    (first,) = team.home.page(number).comments
    assert told.stdout.startswith("comment created: "), told.stderr
    assert "### No fragment for 1 changed package" in first
    assert "Changed, and named by no fragment: `core`." in first

    team.amend(number, prefilled(first))
    told = team.comment(number)
    (second,) = team.home.page(number).comments
    assert told.stdout.startswith("comment updated: "), told.stderr
    assert "### Releases 1 package" in second
    assert "| `core` | `1.0.0` | `1.0.1` |" in second
    assert TITLE in second
    assert team.job_for(number, "check", "--since", "origin/main").status == DONE
    return number


def keep_a_release_request(team: Team) -> None:
    """The release is proposed; then something else is merged, and it is proposed with that."""
    ran = team.job("release-pr")
    assert "  pull request  opened " in ran.stdout, ran.stderr
    page = team.home.pages()[-1]
    assert (page.title, page.base, page.head) == ("Release core 1.0.1", "main", RELEASE)
    tip = team.home.tip(RELEASE)

    team.land(FEATURE)
    ran = team.job("release-pr")
    assert "  pull request  updated " in ran.stdout, ran.stderr
    assert team.home.numbers() == [1, page.number]
    page = team.home.pages()[-1]
    assert page.title == "Release app 1.1.0 and 1 more"
    assert "| core | 1.0.0 → **1.0.1** | patch |" in page.text
    assert "The app counts." in page.text
    assert team.home.tip(RELEASE) != tip
    assert team.home.git("diff", "--name-status", "main", RELEASE).split("\n") == [
        "D\tchanges/1.fix.md",
        "D\tchanges/2.feature.md",
        "A\tpackages/app/CHANGELOG.md",
        "M\tpackages/app/pyproject.toml",
        "A\tpackages/core/CHANGELOG.md",
        "M\tpackages/core/pyproject.toml",
    ]


def publish_once(team: Team) -> None:
    """What is released gets onto the index, and is told of on the forge."""
    assert team.job("pending").stdout.startswith("2 packages pending for test\n")
    if team.home.job().get("FORGEJO_ACTIONS"):
        be_refused_at_first(team)

    ran = team.publish()

    assert ran.status == DONE, ran.stderr
    assert team.index.stored == [
        *("app-1.1.0-py3-none-any.whl", "app-1.1.0.tar.gz"),
        *("core-1.0.1-py3-none-any.whl", "core-1.0.1.tar.gz"),
    ]
    assert len(team.index.uploads) == 4
    app, core, wave = team.home.git("tag", "--list").split()
    assert (app, core) == ("app-v1.1.0", "core-v1.0.1")
    assert re.fullmatch(r"wave-2026-11-01-[0-9a-f]{12}", wave)
    released = team.home.releases()
    assert sorted(released) == [app, core, wave]
    assert [TITLE in released[tag] for tag in (app, core, wave)] == [True, True, True]
    assert ["The app counts." in released[tag] for tag in (app, core, wave)] == [True, False, True]


def be_refused_at_first(team: Team) -> None:
    """The forge takes one announcement and no more; what is left comes with the same again."""
    path = "/releases$"
    team.home.server.heed(ForgeFault(method="POST", path=path, after=1, times=ALWAYS, status=403))
    ran = team.publish()
    team.home.server.heed()
    assert ran.status == PROBLEM
    assert "not announced:" in ran.stdout
    assert "run the same command again" in ran.stdout


def end_with_nothing_to_do(team: Team) -> None:
    """All that could be done was done, and whatever it was done on is tidied away."""
    ran = team.publish()
    assert (ran.status, ran.stderr) == (DONE, "")
    assert ran.stdout.startswith("Nothing to do: ")

    ran = team.job("release-pr")
    assert ran.status == DONE
    assert ran.stdout.startswith("Nothing to release: ")
    assert team.home.tip(RELEASE) == ""
    assert [page.is_open for page in team.home.pages()] == [False, False]


def test_what_a_person_adds_to_the_release_stays_until_it_is_merged(github: Team) -> None:
    fix(github, 1)
    assert github.job("release-pr").status == DONE
    words = {"packages/core/README.md": "# core\n\nRead the notes before you upgrade.\n"}
    github.land(words, RELEASE)

    for number in (2, 3):
        fix(github, number, "app")
        ran = github.job("release-pr")
        assert "  kept  " in ran.stdout, ran.stderr
    (page,) = github.home.pages()
    tip = github.home.git("log", "--format=%an %s", "main..", RELEASE).split("\n")
    github.home.accept(page.number, Style.SQUASH)

    assert tip == [
        "Ada Lovelace Add packages/core/README.md",
        "Ada Lovelace Release app 1.0.1 and 1 more",
    ]
    (path, text), *_ = words.items()
    assert github.home.git("show", f"main:{path}") == text.rstrip("\n")
    assert "Fix 3." in github.home.git("show", "main:packages/app/CHANGELOG.md")
