from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from monorelease.adapters.git import Repository
from monorelease.adapters.past import Past
from monorelease.errors import VersionWouldSink
from monorelease.model.channel import Channel, Label, Prerelease, Snapshot, Stable
from monorelease.model.plan import ChangedBy, Requested, Scope
from monorelease.workflows.outlook import Outlook
from monorelease.workflows.read import read, read_tree
from monorelease.workflows.release import apply, prepare
from monorelease.workflows.undo import unsettled
from monorelease.workflows.written import retrace
from releasing import DAY, NO_UV, look
from sandbox import Sandbox
from values import named

FINAL = Stable()
EVERYTHING = Scope()
CORE, SERVER = named("core"), named("server")


@pytest.fixture
def root(repository: Sandbox) -> Path:
    """Two fragments wait, and both of them name the core."""
    more = "---\nserver: minor\ncore: patch\n---\n\nSomething more.\n"
    repository.write({"changes/7.feature.md": more})
    repository.commit("More")
    return repository.root


def carry_out(root: Path, channel: Channel = FINAL, scope: Scope = EVERYTHING) -> Outlook:
    outlook = look(root, channel, scope)
    apply(prepare(outlook, lambda: Repository.at(root), DAY), lambda: Repository.at(root), NO_UV)
    return outlook


def retraced(root: Path) -> tuple[Outlook, Scope]:
    record = unsettled(root, lambda: Repository.at(root))
    assert record is not None
    return retrace(read_tree(Past(root, record.patch)), read(root))


def codes(outlook: Outlook) -> list[str]:
    return [finding.code for finding in outlook.findings]


@pytest.mark.parametrize(
    ("channel", "scope"),
    [
        pytest.param(FINAL, EVERYTHING, id="everything"),
        pytest.param(FINAL, Scope(only=frozenset({CORE})), id="only"),
        pytest.param(FINAL, Scope(held=frozenset({SERVER})), id="except"),
        pytest.param(FINAL, Scope(versions={CORE: Version("1.5")}), id="as"),
        pytest.param(Prerelease(label=Label.CANDIDATE), EVERYTHING, id="pre"),
        pytest.param(Prerelease(label=Label.BETA), Scope(only=frozenset({CORE})), id="pre-only"),
        pytest.param(Snapshot(stamp=20261122), EVERYTHING, id="snapshot"),
    ],
)
def test_what_was_asked_for_is_told_from_the_tree(
    root: Path, channel: Channel, scope: Scope
) -> None:
    made = carry_out(root, channel, scope)

    outlook, _ = retraced(root)

    assert outlook.plan == made.plan
    assert codes(outlook) == []


def test_the_simplest_request_is_taken(root: Path) -> None:
    carry_out(root, scope=Scope(only=frozenset({CORE, SERVER})))

    assert retraced(root)[1] == EVERYTHING


def test_a_version_that_was_changed_by_hand_counts_as_asked_for(root: Path) -> None:
    carry_out(root)
    manifest = root / "packages/core/pyproject.toml"
    manifest.write_text(manifest.read_text("utf-8").replace("1.0.1", "1.7.0"), "utf-8")

    outlook, _ = retraced(root)

    causes = {release.name: release.causes for release in outlook.plan.releases}
    assert [type(cause) for cause in causes[CORE]] == [Requested, ChangedBy, ChangedBy]
    assert outlook.plan.targets[CORE] == Version("1.7.0")


def test_what_nothing_explains_is_shown_as_asked_for_and_told(root: Path) -> None:
    """A fragment is put back by hand: its words are said already, and still to be said."""
    carry_out(root)
    (root / "changes/7.feature.md").write_text("---\nserver: minor\n---\n\nAgain.\n", "utf-8")

    outlook, _ = retraced(root)

    assert outlook.plan.targets == {CORE: Version("1.0.1"), SERVER: Version("0.5.0")}
    assert codes(outlook) == ["release-not-explained"]


def test_a_fragment_that_came_later_is_told_and_no_part_of_it(root: Path) -> None:
    made = carry_out(root, scope=Scope(only=frozenset({CORE})))
    late = root / "changes/9.breaking.md"
    late.write_text("---\ncore: major\nclient: patch\n---\n\nLater.\n", "utf-8")

    outlook, _ = retraced(root)

    assert outlook.plan == made.plan
    assert [(f.code, str(f.path)) for f in outlook.findings] == [
        ("fragment-after-release", "changes/9.breaking.md")
    ]


def test_a_request_that_cannot_be_is_passed_over(root: Path) -> None:
    """Below the version before, nothing can have been asked for."""
    carry_out(root, Snapshot(stamp=3))
    manifest = root / "packages/core/pyproject.toml"
    text = manifest.read_text("utf-8").replace('version = "1.0.1.dev3"', 'version = "0.9"')
    manifest.write_text(text, "utf-8")

    with pytest.raises(VersionWouldSink, match=r"0\.9"):
        retraced(root)
