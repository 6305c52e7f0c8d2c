from __future__ import annotations

from packaging.version import Version

from monorelease.model.config import Config
from monorelease.model.plan import Scope
from monorelease.planning.plan import plan_release
from monorelease.reports.release_blocks import Pieces, pieces
from monorelease.reports.release_page import ReleasePage
from values import fragment, member, named, requires, workspace

PLENTY = 65_536


def parts(longest: int = PLENTY) -> Pieces:
    """A core, somebody who is asked to go to a version, and two who say the same."""
    members = (
        member("core", "1.0.0"),
        member("asked", "1.0.0"),
        member("a", "1.0.0", requires("core", "==1.0.0"), private=True),
        member("b", "1.0.0", requires("core", "==1.0.0")),
    )
    plan = plan_release(
        workspace(*members),
        (fragment("1.fix.md", core="patch"),),
        Config(),
        scope=Scope(versions={named("asked"): Version("3.0")}),
    )
    same = "## 1.0.1\n\n- Updated `core`.\n"
    return pieces(
        ReleasePage(
            plan=plan,
            changelogs={named("core"): "## 1.0.1\n\n- One.\n", named("a"): same, named("b"): same},
            names={m.name: m.written_name for m in members},
            findings=(),
            base="main",
            commit="0" * 40,
            head="monorelease/main",
            changelog_file="CHANGELOG.md",
            site=None,
        ),
        longest,
    )


def test_a_row_says_who_from_where_to_where_and_why() -> None:
    leaves = "core 1.0.1 leaves ==1.0.0 (project.dependencies)"
    assert set(parts().rows) == {
        r"| core | 1.0.0 → **1.0.1** | patch | `changes/1.fix.md` |",
        r"| asked | 1.0.0 → **3.0** | major | 3\.0 was asked for |",
        f"| a (private: not published) | 1.0.0 → **1.0.1** | patch | {leaves} |",
        f"| b | 1.0.0 → **1.0.1** | patch | {leaves} |",
    }


def test_a_bare_row_is_the_same_without_why() -> None:
    both = zip(parts().rows, parts().bare_rows, strict=True)

    assert all(bare == f"{row.rsplit('|', 2)[0]}|  |" for row, bare in both)


def test_a_constraint_is_told_before_and_after_once_for_all_who_have_it() -> None:
    assert parts().constraints == (
        "| a, b | core (project.dependencies) | `==1.0.0` | `==1.0.1` |",
    )
    assert parts().raised == 2


def test_who_says_the_same_shares_a_text_and_has_a_link_of_their_own() -> None:
    first, shared = parts().changelogs

    assert first == "<details>\n<summary>core 1.0.1</summary>\n\n- One.\n\n</details>"
    assert "<summary>a 1.0.1 and 1 more</summary>\n\nThe same in each: `a 1.0.1`, `b" in shared
    assert [len(links) for links in parts().links] == [1, 2]


def test_changelogs_that_have_no_room_anyway_are_not_made() -> None:
    short = parts(len(parts().changelogs[0]))

    assert len(short.changelogs) == 1
    assert len(short.links) == 2


def test_the_end_says_how_to_have_another_release() -> None:
    for way in (
        "--except NAME",
        "--only NAME",
        "--as NAME=VERSION",
        "--pre rc",
        "monorelease/main",
    ):
        assert way in parts().closing
