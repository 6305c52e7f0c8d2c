from __future__ import annotations

import tomllib
from pathlib import PurePosixPath

import pytest
from packaging.version import Version

from monorelease.formats.migrations.semantic_release import (
    ReleaseSettings,
    find_table,
    named_files,
    read_settings,
    split_settings,
)
from monorelease.model.migration import Legacy
from monorelease.model.value import replace
from monorelease.model.workspace import Member, StaticVersion, VersionFromTags, VersionInFile
from values import member

STATIC = StaticVersion(key=("project", "version"))
CORE = replace(member("core", "1.2.3"), version_source=STATIC)
APP = replace(member("app", "1.2.3"), version_source=STATIC)
PLACE = "packages/core/pyproject.toml:project.version"
ADVICE = "commit_parser is not carried over"


def settings(text: str, who: Member = CORE, path: str = "") -> ReleaseSettings:
    table = find_table(tomllib.loads(f"[tool.semantic_release]\n{text}"))
    return ReleaseSettings(path=PurePosixPath(path or str(who.manifest)), member=who, table=table)


def read(*texts: str, **files: str) -> Legacy:
    """What the tables say, the first core's, the second app's; `files` are core's."""
    found = [settings(text, who) for text, who in zip(texts, (CORE, APP), strict=False)]
    named = {CORE.path / n.replace("__", "."): text for n, text in files.items()}
    return read_settings(found, named)


def said(legacy: Legacy) -> dict[tuple[str, ...], object]:
    return {setting.key: setting.content for setting in legacy.settings}


def complaints(legacy: Legacy) -> list[str]:
    return [f.problem for f in legacy.findings if f.problem != ADVICE and "tag_f" not in f.problem]


def test_the_table_stands_in_either_place() -> None:
    assert find_table({"semantic_release": {"a": 1}}) == {"a": 1}
    assert find_table({"tool": {"semantic_release": {"a": 2}}, "semantic_release": {"a": 1}}) == {
        "a": 2
    }
    assert find_table({}) == {}


def test_a_version_where_the_member_has_it_needs_no_word() -> None:
    legacy = read('version_toml = ["pyproject.toml:project.version"]\n')

    assert said(legacy) == {}
    assert complaints(legacy) == []


def test_a_version_in_its_own_file_needs_no_word_either() -> None:
    own = VersionInFile(path=CORE.path / "about.py", pattern="x")
    who = replace(CORE, version_source=own)
    found = settings('version_variables = ["about.py:__version__"]\n', who)

    assert complaints(read_settings([found], {})) == []


@pytest.mark.parametrize(
    ("place", "text", "copy"),
    [
        ("a.py:__version__", '__version__ = "1.2.3"\n', "a.py"),
        ("a.py:version:nf", 'version: str = "1.2.3"\n', "a.py"),
        (
            "a.py:release",
            "  release = '1.2.3'\n",
            {"path": "a.py", "pattern": "release = '{version}'"},
        ),
        ("a.py:x:tf", 'x = "v1.2.3"', {"path": "a.py", "pattern": 'x = "v{version}"'}),
        ("a.toml:tool.x.y", 'y = "1.2.3"', {"path": "a.toml", "pattern": 'y = "{version}"'}),
        (
            "a.txt:img",
            "acme/img@1.2.3\r\nimage: 1.2.30",
            {"path": "a.txt", "pattern": "acme/img@{version}"},
        ),
    ],
)
def test_a_copy_of_the_version_is_a_version_file(place: str, text: str, copy: object) -> None:
    name = place.partition(":")[0].replace(".", "__")
    legacy = read(f'version_variables = ["{place}"]\n', **{name: text})

    assert said(legacy) == {("version-files", "core"): (copy,)}
    assert complaints(legacy) == []


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("a.py:__version__", ""),
        ("a.py:__version__", '__version__ = "1.2.4"'),
        ("a.py:v", 'v = "1.2.3"\nv = "1.2.3"'),
        ("a.py:v", 'v = "1.2.3"  # 1.2.3'),
        ("a.py:v", 'v = f"{x}1.2.3"'),
        ("a.py:v", "v = '1.2.3'" + " " * 2_000),
        ("a.py:v", 'x.v = "1.2.3"'),
        ("a.py:*", "1.2.3"),
        ("../app/a.py:v", ""),
        ("../../../a.py:v", ""),
        ("odd", ""),
    ],
)
def test_a_copy_that_cannot_be_followed_is_told(place: str, text: str) -> None:
    legacy = read(f'version_variables = ["{place}"]\n', a__py=text)

    assert said(legacy) == {}
    assert [problem.split()[0] for problem in complaints(legacy)] == ["version_variables"]


def test_a_version_that_is_a_tag_is_in_no_file() -> None:
    who = replace(CORE, version_source=VersionFromTags(), version=Version("1.2.3"))
    found = settings('version_variables = ["a.py:__version__"]\n', who)
    legacy = read_settings([found], {CORE.path / "a.py": '__version__ = "1.2.3"'})

    assert said(legacy) == {("version-files", "core"): ("a.py",)}


def test_files_are_named_to_be_read() -> None:
    found = settings('version_variables = ["a.py:v", "a.py:w", "../../../x:v"]\nversion_toml = 1\n')

    assert named_files(found) == (CORE.path / "a.py",)


@pytest.mark.parametrize(
    ("first", "second", "tag"),
    [
        ("core-v{version}", "app-v{version}", "{name}-v{version}"),
        ("core@{version}", "app@{version}", "{name}@{version}"),
        ("core-{version}", "app-v{version}", None),
        ("v{version}", "v{version}", None),
    ],
)
def test_tags_that_name_their_project_stay(first: str, second: str, tag: str | None) -> None:
    legacy = read(f'tag_format = "{first}"\n', f'tag_format = "{second}"\n')

    assert said(legacy).get(("tag",)) == tag
    assert ("tag_format" in str(legacy.findings)) == (tag is None)


def test_what_the_first_says_counts_for_all() -> None:
    legacy = read('major_on_zero = true\nremote.type = "gitea"\n', 'remote.type = "gitlab"\n')

    assert said(legacy) == {("major-on-zero",): "major", ("forge", "kind"): "forgejo"}
    assert said(read('major_on_zero = false\nremote.type = "bitbucket"\n')) == {}
    assert said(read_settings([], {})) == {}


def test_what_has_no_counterpart_is_told_and_commits_become_fragments_otherwise() -> None:
    legacy = read('build_command = "x"\nassets = []\n[tool.semantic_release.branches.main]\n')

    assert complaints(legacy) == [
        "branches is not carried over",
        "build_command is not carried over",
        "assets is not carried over",
    ]
    assert any("add --from-commits" in finding.hint for finding in legacy.findings)


def test_a_file_of_its_own_can_go() -> None:
    own = settings("", path="packages/core/releaserc.toml")

    assert read_settings([own, settings("")], {}).files == (own.path,)


def test_a_table_for_several_is_split_by_their_files() -> None:
    table = {"version_toml": [PLACE, "x:y"], "a": 1}
    path = PurePosixPath("pyproject.toml")

    (alone,) = split_settings(path, table, (CORE, APP))

    assert alone.member is CORE
    assert alone.table == {"version_toml": [PLACE], "version_variables": [], "a": 1}
    assert len(list(split_settings(path, {}, (APP,)))) == 1
