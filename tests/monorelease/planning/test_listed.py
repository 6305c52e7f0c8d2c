from __future__ import annotations

import pytest
from packaging.version import Version

from monorelease.model.index import IndexedFile, Project
from monorelease.planning.listed import listed_versions, offered_versions, preferred_version
from values import named


def project(*filenames: str, yanked: tuple[str, ...] = ()) -> Project:
    files = tuple(
        IndexedFile(filename=name, sha256=None, yanked="" if name in yanked else None)
        for name in filenames
    )
    return Project(name=named("agents-core"), files=files)


def test_files_are_gathered_by_version_in_the_order_of_the_index() -> None:
    listed = listed_versions(
        project(
            "agents_core-1.0.1-py3-none-any.whl",
            "agents_core-1.0-py3-none-any.whl",
            "agents_core-1.0.1.tar.gz",
            "Agents.Core-1.0.1-1-cp311-cp311-linux_x86_64.whl",
        )
    )

    assert {str(v): [f.filename for f in files] for v, files in listed.items()} == {
        "1.0.1": [
            "agents_core-1.0.1-py3-none-any.whl",
            "agents_core-1.0.1.tar.gz",
            "Agents.Core-1.0.1-1-cp311-cp311-linux_x86_64.whl",
        ],
        "1.0": ["agents_core-1.0-py3-none-any.whl"],
    }


@pytest.mark.parametrize(
    "filename",
    [
        "agents_core-1.0-py3.11.egg",
        "agents_core-1.0.exe",
        "agents_core-1.0.tar.bz2",
        "agents_core-one-py3-none-any.whl",
        "agents_core.tar.gz",
        "other-1.0-py3-none-any.whl",
        "../../agents_core-1.0.whl",
        f"agents_core-{'1' * 5_000}.tar.gz",
        "",
    ],
)
def test_what_installers_pass_over_is_no_version(filename: str) -> None:
    assert not listed_versions(project(filename))


def test_a_version_is_offered_as_long_as_one_file_is_not_yanked() -> None:
    wheel, sdist = "agents_core-1.0-py3-none-any.whl", "agents_core-1.0.tar.gz"

    in_part = listed_versions(project(wheel, sdist, yanked=(wheel,)))
    whole = listed_versions(project(wheel, sdist, yanked=(wheel, sdist)))

    assert offered_versions(in_part) == {Version("1.0")}
    assert offered_versions(whole) == frozenset()


@pytest.mark.parametrize(
    ("offered", "preferred"),
    [
        ([], None),
        (["1.0", "1.10", "1.9"], "1.10"),
        (["1.0", "1.1rc1", "1.1.dev3"], "1.0"),
        (["1.0", "1.0.post1"], "1.0.post1"),
        (["1.1rc1", "1.1rc2"], "1.1rc2"),
        (["1!0.1", "7.0"], "1!0.1"),
    ],
)
def test_installers_choose_the_highest_final_version(
    offered: list[str], preferred: str | None
) -> None:
    chosen = preferred_version([Version(text) for text in offered])

    assert chosen == (preferred and Version(preferred))
