from __future__ import annotations

import pytest

from monorelease.adapters.git import Repository
from monorelease.errors import UnreadableFile
from monorelease.model.channel import Channel, Snapshot, Stable
from monorelease.workflows.notes import Notes, render_notes
from releasing import look
from sandbox import Sandbox

FINAL = Stable()
DAY = "2026-11-22"


def notes_of(repository: Sandbox, channel: Channel = FINAL) -> Notes:
    outlook = look(repository.root, channel)
    return render_notes(outlook.plan, outlook.snapshot, lambda: Repository.at(repository.root), DAY)


def never() -> Repository | None:
    raise AssertionError("git was opened")


def test_each_member_has_a_section_of_its_own(repository: Sandbox) -> None:
    repository.write({"changes/7.feature.md": "---\nclient: minor\ncore: patch\n---\n\nVoices.\n"})

    assert notes_of(repository).rendered == {
        "client": (
            "## 1.3.0 - 2026-11-22\n\n### Features\n\n- Voices. (#7)\n\n"
            "### Dependencies\n\n- Updated `core` to 1.0.1: Native resources are freed. (#1042)\n"
        ),
        "core": (
            "## 1.0.1 - 2026-11-22\n\n### Features\n\n- Voices. (#7)\n\n"
            "### Fixes\n\n- Native resources are freed. (#1042)\n"
        ),
    }


def test_the_roll_up_has_one_version_where_all_have_one(repository: Sandbox) -> None:
    one = notes_of(repository).roll_up()
    repository.write({"changes/7.feature.md": "---\nclient: minor\n---\n\nVoices.\n"})
    several = notes_of(repository).roll_up()

    assert one.splitlines()[0] == "## 1.0.1 - 2026-11-22"
    assert several.splitlines()[0] == "## 2026-11-22"
    assert "Voices." in several
    assert "Native resources are freed." in several


@pytest.mark.parametrize("pending", [True, False])
def test_a_snapshot_and_no_release_have_no_notes(
    pending: bool,  # noqa: FBT001 - a table
    repository: Sandbox,
) -> None:
    if not pending:
        (repository.root / "changes" / "1042.fix.md").unlink()
    channel = Snapshot(stamp=7) if pending else FINAL

    assert notes_of(repository, channel).rendered == {}


def test_a_fragment_without_a_number_is_linked_to_its_pull_request(repository: Sandbox) -> None:
    repository.write({"changes/+voices.feature.md": "---\ncore: minor\n---\n\nVoices.\n"})
    repository.commit("Detect voices (#7)")

    (section,) = notes_of(repository).rendered.values()
    assert "- Voices. (#7)" in section


def test_history_is_asked_only_where_the_words_depend_on_it(repository: Sandbox) -> None:
    outlook = look(repository.root)

    assert render_notes(outlook.plan, outlook.snapshot, never, DAY).rendered

    repository.write({"pyproject.toml": "[tool.monorelease.changelog]\nauthors = true\n"})
    outlook = look(repository.root)
    with pytest.raises(AssertionError, match="git was opened"):
        render_notes(outlook.plan, outlook.snapshot, never, DAY)


def test_the_repositorys_own_template_is_used_and_missed(repository: Sandbox) -> None:
    table = "[tool.monorelease]\n[tool.towncrier]\ntemplate = 'notes.jinja'\n"
    repository.write({"pyproject.toml": table})
    with pytest.raises(UnreadableFile) as caught:
        notes_of(repository)
    assert (caught.value.where, "template" in caught.value.hint) == ("notes.jinja", True)

    repository.write({"notes.jinja": "{{ versiondata.version }} is here\n"})

    (section,) = notes_of(repository).rendered.values()
    assert "1.0.1 is here" in section
