from __future__ import annotations

from pathlib import Path

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import UsageProblem
from monorelease.model.finding import Finding
from monorelease.workflows.check import check
from monorelease.workflows.read import read
from sandbox import Sandbox
from shelves import APP, CORE, Shelf

ONE, TWO = "def one(): ...\n", "def one(): ...\ndef two(): ...\n"
MANIFEST = "packages/app/pyproject.toml"


@pytest.fixture
def shelf(sandbox: Sandbox) -> Shelf:
    """The core has a second function since 1.1.0, and the app uses it."""
    shelf = Shelf(sandbox.root.with_name("shelf"))
    shelf.release("1.0.0", ONE)
    shelf.release("1.1.0", TWO)
    shelf.release("1.2.0", TWO)
    shelf.write({APP: "import os\n\nfrom core import one, two\n"})
    return shelf


def found(root: Path) -> tuple[Finding, ...]:
    return check(read(root), Repository.at(root), floors=True)


def codes(root: Path) -> list[tuple[str, str, int | None]]:
    return [(f.code, str(f.path), f.line) for f in found(root)]


def test_a_floor_below_the_first_version_with_a_name_is_found(shelf: Shelf) -> None:
    (finding,) = found(shelf.root)

    assert (finding.code, str(finding.path), finding.line) == ("floor-too-low", MANIFEST, 8)
    assert finding.problem == (
        f"app imports core.two in {APP}:3, and core 1.0.0, which >=1.0.0,<2 allows, does not "
        "have it; 1.1.0 is the first that has"
    )
    assert finding.hint == "write core>=1.1.0,<2"


def test_of_a_member_that_has_no_final_release_pre_releases_count(sandbox: Sandbox) -> None:
    shelf = Shelf(sandbox.root.with_name("betas"))
    shelf.release("0.1b0", ONE)
    shelf.release("0.2b0", TWO)
    shelf.write({APP: "from core import two\n"})
    shelf.state("0.2b0", needs=">=0.1b0")

    (finding,) = found(shelf.root)

    assert (finding.code, finding.hint) == ("floor-too-low", "write core>=0.2b0")


@pytest.mark.parametrize("needs", [">=1.1", ">=1.0,!=1.0.0", "==1.2.0", " @ file:///core"])
def test_an_honest_constraint_is_left_alone(shelf: Shelf, needs: str) -> None:
    shelf.state("1.2.0", needs=needs)

    assert found(shelf.root) == ()


@pytest.mark.parametrize(
    "text",
    [
        "from core import one",
        "try:\n    from core import two\nexcept ImportError:\n    two = None",
        "if TYPE_CHECKING:\n    from core import two",
        "import core\nif hasattr(core, 'two'):\n    core.two()",
        "import json\njson.two",
        "from app import two",
    ],
)
def test_what_the_app_does_not_need_raises_no_floor(shelf: Shelf, text: str) -> None:
    shelf.write({APP: f"{text}\n"})

    assert found(shelf.root) == ()


@pytest.mark.parametrize("text", ["import core\ncore.two()", "import core as c\nprint(c.two)"])
def test_attributes_of_a_module_are_names_too(shelf: Shelf, text: str) -> None:
    shelf.write({APP: f"{text}\n"})

    assert codes(shelf.root) == [("floor-too-low", MANIFEST, 8)]


def test_tests_that_are_packed_need_what_they_like(shelf: Shelf) -> None:
    shelf.write(
        {APP: "", "packages/app/src/app/tests/test_all.py": "from core import two, three\n"}
    )

    assert found(shelf.root) == ()


def test_a_name_that_vanished_for_one_release_needs_the_one_after(shelf: Shelf) -> None:
    shelf.release("1.3.0", ONE)
    shelf.release("1.4.0", TWO)

    (finding,) = found(shelf.root)

    assert "core 1.3.0, which" in finding.problem
    assert finding.hint == "write core>=1.4.0,<2"


def test_a_pending_release_that_raises_the_constraint_is_enough(shelf: Shelf) -> None:
    shelf.intend("core: patch\napp: patch")

    assert found(shelf.root) == ()


def test_a_name_that_is_new_needs_the_coming_version(shelf: Shelf) -> None:
    shelf.write({CORE: f"{TWO}def three(): ...\n", APP: "from core import three\n"})

    (unreleased,) = found(shelf.root)
    shelf.intend("core: minor")
    (coming,) = found(shelf.root)
    shelf.intend("core: minor\napp: patch")

    assert unreleased.code == "needs-unreleased"
    assert coming.code == "floor-too-low"
    assert "1.3.0 is the first that has" in coming.problem
    assert coming.hint.startswith("write core>=1.3.0,<2; 1.3.0 is about to be released")
    assert found(shelf.root) == ()


def test_a_release_that_waits_for_its_tag_is_coming_too(shelf: Shelf) -> None:
    shelf.state("1.3.0")
    shelf.write({CORE: f"{TWO}def three(): ...\n", APP: "from core import three\n"})

    (finding,) = found(shelf.root)

    assert "1.3.0 is the first that has" in finding.problem


def test_a_name_that_is_nowhere_is_found_where_it_is_imported(shelf: Shelf) -> None:
    shelf.write({APP: "import core\nfrom core import tow\ncore.none.at_all\n"})
    shelf.state("1.2.0", needs=">=1.1")

    assert codes(shelf.root) == [("import-missing", APP, 2), ("import-missing", APP, 3)]


def test_a_constraint_for_an_older_core_is_not_held_against_this_one(shelf: Shelf) -> None:
    shelf.release("2.0.0", "")
    shelf.state("2.0.0", needs=">=1.1,<2")

    assert "import-missing" not in {code for code, _, _ in codes(shelf.root)}
    assert "floor-too-low" not in {code for code, _, _ in codes(shelf.root)}


@pytest.mark.parametrize(
    "files",
    [
        {".gitignore": "_version.py\n"},
        {
            "packages/core/setup.py": "",
            "packages/core/pyproject.toml": ('[project]\nname = "core"\nversion = "1.2.0"\n'),
        },
    ],
    ids=["git ignores it", "a script may make it"],
)
def test_a_module_that_the_build_makes_is_not_missing(shelf: Shelf, files: dict[str, str]) -> None:
    shelf.write({APP: "from core._version import v\n", **files})

    assert found(shelf.root) == ()


def test_a_module_that_nobody_makes_is_missing(shelf: Shelf) -> None:
    shelf.write({APP: "from core._version import v\n"})

    assert codes(shelf.root) == [("import-missing", APP, 1)]


def test_stubs_speak_for_what_is_compiled(shelf: Shelf) -> None:
    native = "packages/core/src/core/_native.pyi"
    shelf.write({native: "def fast(): ...\n"})
    shelf.release("1.3.0", TWO)
    shelf.write({native: "def fast(): ...\ndef faster(): ...\n"})
    shelf.release("1.4.0", TWO)
    shelf.write({APP: "from core._native import faster\n"})
    shelf.state("1.4.0", needs=">=1.3")

    (finding,) = found(shelf.root)

    assert finding.hint == "write core>=1.4"


def test_star_imports_are_told_and_do_not_count(shelf: Shelf) -> None:
    shelf.write({APP: "from core import *\ntwo()\n"})

    (finding,) = found(shelf.root)

    assert (finding.code, finding.is_error, finding.line) == ("star-import", False, 1)


def test_extras_count_where_nothing_else_installs_the_dependency(shelf: Shelf) -> None:
    shelf.write(
        {
            MANIFEST: '[project]\nname = "app"\nversion = "1.0.0"\n'
            '[project.optional-dependencies]\nmore = ["core>=1"]\n'
        }
    )
    assert codes(shelf.root) == [("floor-too-low", MANIFEST, 5)]

    shelf.write(
        {
            MANIFEST: '[project]\nname = "app"\nversion = "1.0.0"\ndependencies = ["core>=1.1"]\n'
            '[project.optional-dependencies]\nmore = ["core>=1"]\n'
        }
    )
    assert codes(shelf.root) == []


def test_namespace_packages_belong_to_their_owners(sandbox: Sandbox) -> None:
    sandbox.write(
        {
            "pyproject.toml": "[tool.monorelease]\n",
            "packages/core/pyproject.toml": '[project]\nname = "core"\nversion = "1.0"\n',
            "packages/core/src/space/core/__init__.py": "x = 1\n",
            "packages/app/pyproject.toml": '[project]\nname = "app"\nversion = "1.0"\n'
            'dependencies = ["core>=1.0"]\n',
            "packages/app/src/space/app/__init__.py": "from ..core import y\nimport space.app\n",
        }
    )
    sandbox.commit("Release")
    sandbox.git("tag", "core-v1.0")

    assert codes(sandbox.root) == [("import-missing", "packages/app/src/space/app/__init__.py", 1)]


def test_who_has_no_tag_is_told_once(sandbox: Sandbox) -> None:
    shelf = Shelf(sandbox.root.with_name("shelf"))
    shelf.state()
    shelf.write({CORE: ONE, APP: "from core import one\n"})
    shelf.sandbox.commit("Begin")

    (finding,) = found(shelf.root)

    assert (finding.code, finding.is_error) == ("floors-not-checked", False)
    assert finding.problem == "no tag of a release to read names from: core"


def test_where_its_folder_was_elsewhere_nothing_is_known(shelf: Shelf) -> None:
    shelf.sandbox.git("mv", "packages/core", "packages/heart")
    shelf.sandbox.commit("Move")

    assert found(shelf.root) == ()


def test_without_git_or_before_the_first_commit_there_are_no_floors(tmp_path: Path) -> None:
    empty = Sandbox(tmp_path / "empty")
    empty.write({"pyproject.toml": "[tool.monorelease]\n"})
    assert found(empty.root) == ()

    with pytest.raises(UsageProblem, match="--floors needs git"):
        check(read(empty.root), None, floors=True)


def test_the_command_shows_findings_and_fails(shelf: Shelf) -> None:
    ran = shelf.sandbox.monorelease("check", "--floors")

    assert ran.status == 3
    assert ran.stdout.startswith(f"error: {MANIFEST}:8: app imports core.two in {APP}:3")
