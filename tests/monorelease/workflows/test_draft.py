from __future__ import annotations

from pathlib import Path

import pytest
from packaging.version import Version

from monorelease.errors import EditFailed, ReleaseError
from monorelease.model.channel import Channel, Label, Prerelease, Snapshot, Stable
from monorelease.model.plan import Scope
from releasing import paths_of, prepared
from sandbox import Sandbox
from values import named

FINAL = Stable()
EVERYTHING = Scope()


def drafted(
    root: Path, channel: Channel = FINAL, scope: Scope = EVERYTHING
) -> dict[str, str | None]:
    """Every file that the release changes, as it will be; None for one that goes."""
    patch = prepared(root, channel, scope).patch
    return {str(e.path): None if e.after is None else e.after.decode() for e in patch.edits}


def fragment(text: str = "Words.", **bumps: str) -> str:
    front = "".join(f"{name}: {bump}\n" for name, bump in bumps.items())
    return f"---\n{front}---\n\n{text}\n"


# ── which files ─────────────────────────────────────────────────────────────────────────


def test_a_release_touches_what_it_must_and_nothing_else(repository: Sandbox) -> None:
    assert drafted(repository.root) == {
        "changes/1042.fix.md": None,
        "packages/core/CHANGELOG.md": (
            "# core\n\n<!-- towncrier release notes start -->\n\n"
            "## 1.0.1 - 2026-11-22\n\n### Fixes\n\n- Native resources are freed. (#1042)\n"
        ),
        "packages/core/pyproject.toml": '[project]\nname = "core"\nversion = "1.0.1"\n',
    }


def test_to_draft_is_not_to_write(repository: Sandbox) -> None:
    before = repository.tree()

    prepared(repository.root)

    assert repository.tree() == before
    assert repository.git("status", "--porcelain") == ""


def test_a_dependent_gets_its_version_its_constraint_and_a_line(repository: Sandbox) -> None:
    repository.write({"changes/1042.fix.md": fragment("It broke.", core="major")})

    files = drafted(repository.root)

    assert list(files) == [
        "changes/1042.fix.md",
        "packages/client/CHANGELOG.md",
        "packages/client/pyproject.toml",
        "packages/core/CHANGELOG.md",
        "packages/core/pyproject.toml",
    ]
    assert files["packages/client/pyproject.toml"] == (
        '[project]\nname = "client"\nversion = "1.2.1"\ndependencies = ["core>=2.0.0,<3"]\n'
    )
    assert "`core` to 2.0.0" in str(files["packages/client/CHANGELOG.md"])


def test_a_constraint_that_nobody_meets_follows_without_a_release(repository: Sandbox) -> None:
    server = (repository.root / "packages" / "server" / "pyproject.toml").read_text()
    pinned = server.replace("core>=1", "core==1.0.0")
    repository.write({"packages/server/pyproject.toml": pinned})

    files = drafted(repository.root)

    assert files["packages/server/pyproject.toml"] == pinned.replace("core==1.0.0", "core==1.0.1")
    assert "packages/server/CHANGELOG.md" not in files


def test_nothing_to_release_is_an_empty_patch(repository: Sandbox) -> None:
    repository.write(
        {"changes/1042.fix.md": fragment(core="none"), "changes/1.misc.md": "---\n---\n"}
    )

    assert drafted(repository.root) == {}


# ── versions ────────────────────────────────────────────────────────────────────────────


def test_copies_of_the_version_follow(repository: Sandbox) -> None:
    repository.write(
        {
            "pyproject.toml": "[tool.monorelease.version-files]\n"
            "core = ['about.py', { path = 'docs/conf.py', pattern = 'v{version};' }]\n",
            "packages/core/about.py": '"""About."""\n__version__ = "1.0.0"\nsince = "1.0.0"\n',
            "packages/core/docs/conf.py": "release v1.0.0; old v0.9\n",
        }
    )

    files = drafted(repository.root)

    assert files["packages/core/about.py"] == (
        '"""About."""\n__version__ = "1.0.1"\nsince = "1.0.0"\n'
    )
    assert files["packages/core/docs/conf.py"] == "release v1.0.1; old v0.9\n"


def test_a_version_that_lives_in_another_file_is_written_there(repository: Sandbox) -> None:
    dynamic = (
        '[project]\nname = "core"\ndynamic = ["version"]\n\n[build-system]\n'
        'requires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
        '[tool.hatch.version]\npath = "src/core/__init__.py"\n'
    )
    repository.write(
        {
            "packages/core/pyproject.toml": dynamic,
            "packages/core/src/core/__init__.py": '__version__ = "1.0.0"\n',
        }
    )

    files = drafted(repository.root)

    assert files["packages/core/src/core/__init__.py"] == '__version__ = "1.0.1"\n'
    assert "packages/core/pyproject.toml" not in files


def test_a_file_without_the_version_it_should_hold_stops_the_release(repository: Sandbox) -> None:
    repository.write(
        {
            "pyproject.toml": "[tool.monorelease.version-files]\ncore = ['about.py']\n",
            "packages/core/about.py": "nothing here\n",
        }
    )

    with pytest.raises(ReleaseError):
        drafted(repository.root)


def test_a_literal_that_stands_twice_is_not_guessed_at(repository: Sandbox) -> None:
    """What cannot be replaced without moving anything else is left to people."""
    repository.write(
        {
            "pyproject.toml": "[tool.monorelease.version-files]\ncore = ['about.py']\n",
            "packages/core/about.py": '__version__ = "1.0.0"\n__version__ = "1.0.0"\n',
        }
    )

    with pytest.raises((EditFailed, ReleaseError)) as caught:
        drafted(repository.root)

    assert caught.value.hint


# ── fragments ───────────────────────────────────────────────────────────────────────────


def test_what_is_not_said_yet_stays_in_the_fragment(repository: Sandbox) -> None:
    repository.write({"changes/1042.fix.md": fragment(core="patch", client="minor", server="none")})
    scope = Scope(held=frozenset({named("client")}))

    files = drafted(repository.root, scope=scope)

    assert files["changes/1042.fix.md"] == fragment(client="minor", server="none")


def test_a_fragment_of_which_nothing_is_said_is_not_touched(repository: Sandbox) -> None:
    repository.write({"changes/7.feature.md": fragment(client="minor")})
    scope = Scope(only=frozenset({named("core")}))

    files = drafted(repository.root, scope=scope)

    assert "changes/7.feature.md" not in files
    assert files["changes/1042.fix.md"] is None


def test_what_says_no_release_goes_with_the_next_one(repository: Sandbox) -> None:
    repository.write(
        {"changes/1.misc.md": "---\n---\n", "changes/2.misc.md": fragment(client="none")}
    )

    gone = [path for path, after in drafted(repository.root).items() if after is None]

    assert gone == ["changes/1.misc.md", "changes/1042.fix.md", "changes/2.misc.md"]


@pytest.mark.parametrize("channel", [Prerelease(label=Label.CANDIDATE), Snapshot(stamp=7)])
def test_fragments_stay_until_the_final_release(channel: Channel, repository: Sandbox) -> None:
    assert not [path for path in drafted(repository.root, channel) if path.startswith("changes")]


def test_the_readme_and_what_is_no_fragment_stay(repository: Sandbox) -> None:
    repository.write({"changes/README.md": "# How to\n", "changes/.gitkeep": ""})

    assert [p for p in drafted(repository.root) if p.startswith("changes")] == [
        "changes/1042.fix.md"
    ]


# ── changelogs ──────────────────────────────────────────────────────────────────────────


def test_a_snapshot_writes_versions_and_pins_and_no_changelog(repository: Sandbox) -> None:
    repository.write({"changes/1042.fix.md": fragment(core="patch", client="patch")})

    assert drafted(repository.root, Snapshot(stamp=7)) == {
        "packages/client/pyproject.toml": '[project]\nname = "client"\nversion = "1.2.1.dev7"\n'
        'dependencies = ["core==1.0.1.dev7"]\n',
        "packages/core/pyproject.toml": '[project]\nname = "core"\nversion = "1.0.1.dev7"\n',
    }


def test_notes_go_below_the_introduction_and_above_older_sections(repository: Sandbox) -> None:
    before = (
        "# Core\n\nHand-written.\n\n<!-- towncrier release notes start -->\n\n"
        "## 1.0.0 - 2026-01-01\n\nThe first.\n"
    )
    repository.write({"packages/core/CHANGELOG.md": before})

    after = drafted(repository.root)["packages/core/CHANGELOG.md"]

    assert after == before.replace(
        "start -->\n\n",
        "start -->\n\n## 1.0.1 - 2026-11-22\n\n### Fixes\n\n"
        "- Native resources are freed. (#1042)\n\n",
    )


def test_the_notes_of_the_wave_can_be_kept_in_one_file_too(repository: Sandbox) -> None:
    repository.write(
        {
            "pyproject.toml": "[tool.monorelease.changelog]\n"
            "file = 'NEWS.md'\naggregate = 'NEWS.md'\n"
        }
    )

    files = drafted(repository.root)

    assert "Native resources are freed." in str(files["NEWS.md"])
    assert "Native resources are freed." in str(files["packages/core/NEWS.md"])


def test_windows_newlines_and_byte_order_marks_stay(repository: Sandbox) -> None:
    manifest = '\ufeff[project]\r\nname = "core"\r\nversion = "1.0.0" # here\r\n'
    repository.write({"packages/core/pyproject.toml": manifest})

    files = drafted(repository.root)

    assert files["packages/core/pyproject.toml"] == manifest.replace("1.0.0", "1.0.1")


def test_a_requested_version_is_written_as_it_was_asked_for(repository: Sandbox) -> None:
    scope = Scope(versions={named("core"): Version("1.0.0.post1")})

    files = drafted(repository.root, scope=scope)

    assert 'version = "1.0.0.post1"' in str(files["packages/core/pyproject.toml"])


def test_every_file_comes_once_and_in_order(repository: Sandbox) -> None:
    """Two versions that live in one file are one edit."""
    repository.write(
        {
            "pyproject.toml": "[tool.monorelease.version-files]\n"
            "core = ['a.py', { path = 'a.py', pattern = 'v{version}' }]\n",
            "packages/core/a.py": '__version__ = "1.0.0"\n"v1.0.0"\n',
        }
    )
    ready = prepared(repository.root)

    assert paths_of(ready.patch) == sorted(set(paths_of(ready.patch)))
    assert drafted(repository.root)["packages/core/a.py"] == '__version__ = "1.0.1"\n"v1.0.1"\n'
