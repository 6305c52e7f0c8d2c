"""Whatever a fork brings along is shown, and does nothing: neither here, nor on the forge."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from github_server import GitHubServer
from monorelease.reports.comment import MARKER
from rendered import misdeeds, rendered
from team_forges import OnGitHub
from teams import Team, team_on

DONE, USAGE, FINDINGS = 0, 2, 3

BRANCH = "a\"b'<script>$(touch${IFS}pwned)&;`]("
TITLE = "fixes #1 @acme/everybody </details>\n<script>alert(1)</script>\n/merge\n\x1b[2J\u202e`](x)"
WORDS = """\
</details><!-- x --><script>alert(1)</script> <img src=x onerror=alert(1)>

/merge

closes #1 for @acme/everybody ![x](https://eve.example/x.png) [y](javascript:alert(1))
[z](data:text/html,z) <https://eve.example/a> www.eve.example

[ref]: https://eve.example "title"

| a | b |
|---|---|
| <b>x</b> | `</td>` |

```mermaid
graph
```
"""
BOMB = "\n".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
CONFIG = """\
[tool.monorelease]
hooks.after-release = [["touch", "{pwned}"]]

[tool.monorelease.forge]
kind = "{kind}"
url = "{url}"
repository = "eve/trap"

[tool.towncrier]
issue_format = "<b>[{{issue}}](https://eve.example/{{issue}}) @ada</b>"
"""
READABLE = {
    "changes/1.feature.md": f"---\ncore: minor\n---\n\n{WORDS}",
    "packages/app/src/app/a\n`b'](c)|<script>\x1b[31m\"@ada.py": "",
    "json.py": "open('pwned', 'w')\n",
}
UNREADABLE = {
    "changes/2.fix.md": f"---\na: &a [x]\n{BOMB}\ncore: *i\n---\n\nBoom.\n",
    "changes/3.fix.md": f"---\ncore: patch\n---\n\n{'<b>@ada</b> closes #7 ' * 20_000}\n",
    "changes/4.fix.md": '---\n"<img src=x>@ada|`": patch\n---\n\nWords.\n',
    "changes/5.fix.md": "---\ncore: patch\n---\n\n\x1b[31mRed\x1b[0m \u202eturned\u2066 round.\n",
    "changes/a\n`](javascript:x)|\x1b[31m\"'<script>.fix.md": "---\ncore: patch\n---\n\nWords.\n",
}
TAGS = {
    *("a", "blockquote", "br", "code", "details", "em", "h3", "h4", "h5", "h6", "hr", "li", "ol"),
    *("p", "pre", "strong", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
FORGED = "<script>@ada</script> ](javascript:x) closes #1 `|</details>\u200b\U000e0041"


@pytest.fixture
def eve(tmp_path: Path) -> Iterator[GitHubServer]:
    """Somebody's own forge, which nobody may ask for anything."""
    with GitHubServer(tmp_path / "eve") as server:
        server.create("eve/trap")
        yield server
        assert server.requests == []
        assert [*tmp_path.rglob("pwned")] == []


def check_harmless(text: str, *places: str) -> None:
    """The comment is nothing but words, and links to these places."""
    page = rendered(text)
    assert misdeeds(text) == []
    assert page.strange == [MARKER]
    assert {tag.removeprefix("/") for tag in page.tags} <= TAGS
    for tag in ("details", "summary"):
        assert page.tags.count(tag) == page.tags.count(f"/{tag}")
    assert [link for link in page.links if not link.startswith(places)] == []
    assert len(text) <= 65_536
    assert steering(text) <= {"\n", "\u200b"}


def steering(text: str) -> set[str]:
    """The signs of a text that a screen obeys instead of showing them."""
    return {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf"}}


@pytest.mark.parametrize(
    ("files", "shown"),
    [
        (READABLE, ("| `core` | Minor |", "\\/merge", "`app`", "&lt;/details&gt;")),
        (UNREADABLE, ("`front-matter-unsafe`", "`fragment-too-large`", "`bad-fragment-name`")),
    ],
    ids=["words", "names"],
)
def test_a_hostile_fork_gets_a_harmless_comment(
    github: Team, eve: GitHubServer, files: Mapping[str, str], shown: tuple[str, ...]
) -> None:
    github.is_quick = files is UNREADABLE  # the others could be imported, if anything could
    pwned = github.ci.root / "pwned"
    config = CONFIG.format(kind="github", url=eve.url, pwned=pwned)
    number = github.contribute({**files, "pyproject.toml": config}, TITLE, BRANCH)

    ran = github.comment(number)

    assert (ran.status, ran.stderr) == (DONE, "")
    (text,) = github.home.page(number).comments
    fork = f"{github.home.server.url}/grace/tools/"
    check_harmless(text, fork, "https://eve.example/")
    assert [words for words in shown if words not in text] == []


def test_a_hostile_fork_does_not_write_on_the_terminal(github: Team) -> None:
    number = github.contribute(UNREADABLE, TITLE, BRANCH)

    ran = github.job_for(number, "check", "--since", "origin/main")

    assert ran.status == FINDINGS
    assert steering(ran.stdout + ran.stderr) <= {"\n"}


def test_data_that_a_fork_has_forged_gets_a_harmless_comment(github: Team) -> None:
    """As it can: its job runs whatever the fork says."""
    number = github.contribute({"a": ""}, TITLE, BRANCH)
    finding = {"severity": "error", "code": "x", "problem": FORGED, "hint": FORGED, "line": 7}
    release = {"name": "os", "bump": "major", "from": "1", "to": "2", "private": False}
    data = {
        "schema": 1,
        "head": github.home.page(number).commit,
        "releases": [{**release, "why": [FORGED]}] * 50,
        "fragments": [{"path": f"changes/{FORGED}", "bumps": {"os": "major"}}] * 50,
        "touched": ["core"],
        "untold": ["core"],
        "notes": f"{WORDS}\n{FORGED}\n\n" * 100,
        "findings": [{**finding, "path": f"changes/{FORGED}"}] * 50,
        "elsewhere": [{**finding, "path": None}] * 50,
        "directory": FORGED,
        "category": "x-y",
        "releases_itself": False,
    }
    assert isinstance(github.home, OnGitHub)

    ran = github.tell(json.dumps(data), github.home.event(number))

    assert (ran.status, ran.stderr) == (DONE, "")
    (text,) = github.home.page(number).comments
    check_harmless(text, f"{github.home.server.url}/grace/tools/", "https://eve.example")
    assert "Left out, for want of room" in text


def test_a_branch_that_names_another_forge_does_not_get_the_token_there(
    tmp_path: Path, eve: GitHubServer
) -> None:
    with team_on("gitlab", tmp_path / "team") as team:
        config = CONFIG.format(kind="gitlab", url=eve.url, pwned=tmp_path / "pwned")
        team.is_quick = True
        number = team.contribute({"pyproject.toml": config, "packages/core/a.py": ""}, TITLE)

        ran = team.comment(number)

        assert (ran.status, ran.stdout) == (USAGE, "")
        assert "this job runs on another server" in ran.stderr
        assert team.home.page(number).comments == ()
