from __future__ import annotations

from monorelease.model.compatibility import Trial, TrialKind
from monorelease.model.config import LOCAL_INDEX
from monorelease.reports.compatibility import trials_text, trials_value
from values import named

UPGRADE = Trial(
    kind=TrialKind.PUBLISHED_DEPENDENTS,
    member=named("plugin-a"),
    install=("plugin-a==1.0", "core==1.1"),
    against=("core==1.1",),
)
FLOOR = Trial(
    kind=TrialKind.LOWEST_FLOORS,
    member=named("plugin-b"),
    install=("plugin-b==1.1", "core==0.9", "tts==0.4"),
    against=("core==0.9", "tts==0.4"),
)


def test_a_matrix_includes_jobs() -> None:
    value = trials_value([UPGRADE])

    assert value == {
        "schema": 1,
        "include": [
            {
                "kind": "published-dependents",
                "member": "plugin-a",
                "install": ["plugin-a==1.0", "core==1.1"],
                "against": ["core==1.1"],
            }
        ],
    }


def test_people_read_one_table_a_kind() -> None:
    assert trials_text([UPGRADE, FLOOR], LOCAL_INDEX) == (
        "What is published, with what is new: 1 job\n\n"
        "  plugin-a==1.0  with  core==1.1\n\n"
        "What is new, with the lowest it lets in: 1 job\n\n"
        "  plugin-b==1.1  with  core==0.9 tts==0.4\n"
    )
    assert trials_text([FLOOR], LOCAL_INDEX).startswith("What is new")


def test_no_jobs_are_said_in_words() -> None:
    assert trials_text([], LOCAL_INDEX) == (
        "Nothing new that has to work with what is published on local.\n"
    )
