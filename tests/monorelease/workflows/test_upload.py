"""Files go up wave after wave, and what fails holds back only what requires it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

import pytest
from packaging.version import Version

from monorelease.model.artifact import Artifact, ArtifactKind
from monorelease.model.publication import (
    AlreadyThere,
    Outcome,
    PublishPlan,
    Receipt,
    Refusal,
    RefusalKind,
    Upload,
)
from monorelease.model.workspace import Member, Workspace
from monorelease.workflows.sending import Pace, Sending
from monorelease.workflows.upload import upload
from values import named, requires
from windows import Behaviour, MemoryIndex, lose_the_answer, refuse

NAMES = ("core", "app", "tool", "alone")
"""`app` requires `core`, `tool` requires `app`, and nobody requires `alone`."""

QUICK = Pace(before_retries=(0.0, 0.0), first_look=0.01, longest_look=0.02)


def wheel(name: str) -> str:
    return f"{name}-1.0-py3-none-any.whl"


def sdist(name: str) -> str:
    return f"{name}-1.0.tar.gz"


HASHES = {file: f"hash of {file}" for name in NAMES for file in (wheel(name), sdist(name))}


def member(name: str, *on: str) -> Member:
    return Member(
        name=named(name),
        written_name=name,
        path=PurePosixPath("packages", name),
        version=Version("1.0"),
        version_source=None,
        dependencies=tuple(requires(each) for each in on),
    )


WORKSPACE = Workspace(
    members=(member("core"), member("app", "core"), member("tool", "app"), member("alone"))
)


def planned(filename: str) -> Upload:
    kind = ArtifactKind.WHEEL if filename.endswith(".whl") else ArtifactKind.SDIST
    artifact = Artifact(filename=filename, kind=kind, sha256=HASHES[filename], size=1000)
    return Upload(name=named(filename.partition("-")[0]), version=Version("1.0"), artifact=artifact)


def plan(index: MemoryIndex, there: Sequence[str] = ()) -> PublishPlan:
    uploads = [planned(file) for name in ("core", "alone", "app", "tool") for file in files(name)]
    return PublishPlan(
        index=index.target,
        waves=((named("core"), named("alone")), (named("app"),), (named("tool"),)),
        files=tuple(
            AlreadyThere(name=u.name, version=u.version, artifact=u.artifact)
            if u.artifact.filename in there
            else u
            for u in uploads
        ),
        tags=(),
        announcements=(),
    )


def files(name: str) -> tuple[str, str]:
    return wheel(name), sdist(name)


def run(
    behave: Mapping[str, Sequence[Behaviour]] | None = None, there: Sequence[str] = ()
) -> tuple[MemoryIndex, dict[str, Receipt]]:
    index = MemoryIndex(HASHES, behave)
    for filename in there:
        index.store(filename)
    return index, receipts(index, there)


def receipts(index: MemoryIndex, there: Sequence[str] = ()) -> dict[str, Receipt]:
    places = {filename: Path(filename) for filename in HASHES}
    means = Sending(index=index, files=places, hear=lambda *_: None, pace=QUICK)
    found = upload(plan(index, there), WORKSPACE, means)
    assert [r.artifact.filename for r in found] == [
        file.artifact.filename for file in plan(index).files
    ]
    return {receipt.artifact.filename: receipt for receipt in found}


def outcomes(found: Mapping[str, Receipt], *names: str) -> set[Outcome]:
    return {found[file].outcome for name in names for file in files(name)}


def test_every_file_goes_up_once_dependencies_first() -> None:
    index, found = run()

    assert outcomes(found, *NAMES) == {Outcome.UPLOADED}
    assert sorted(index.attempts) == sorted(HASHES)
    order = [index.attempts.index(wheel(name)) for name in ("core", "app", "tool")]
    assert order == sorted(order)


def test_what_is_there_is_not_sent_again() -> None:
    index, found = run(there=[wheel("core"), sdist("app")])

    assert found[wheel("core")].outcome is Outcome.ALREADY_THERE
    assert found[sdist("core")].outcome is Outcome.UPLOADED
    assert wheel("core") not in index.attempts


@pytest.mark.parametrize("kind", [RefusalKind.FORBIDDEN, RefusalKind.INVALID])
def test_what_is_refused_holds_back_only_what_requires_it(kind: RefusalKind) -> None:
    index, found = run({wheel("app"): [refuse(kind)]})

    assert found[wheel("app")].outcome is Outcome.FAILED
    assert found[wheel("app")].why == f"said {kind.value}"
    assert found[sdist("app")].outcome is Outcome.UPLOADED
    assert outcomes(found, "tool") == {Outcome.HELD_BACK}
    assert found[wheel("tool")].why == f"requires app: said {kind.value}"
    assert outcomes(found, "core", "alone") == {Outcome.UPLOADED}
    assert index.attempts.count(wheel("app")) == 1


@pytest.mark.parametrize("kind", [RefusalKind.SERVER, RefusalKind.UNREACHABLE])
def test_what_may_pass_is_tried_again(kind: RefusalKind) -> None:
    index, found = run({sdist("core"): [refuse(kind), refuse(kind)]})

    assert outcomes(found, *NAMES) == {Outcome.UPLOADED}
    assert index.attempts.count(sdist("core")) == 3


def test_what_does_not_pass_fails_in_the_end() -> None:
    index, found = run({sdist("core"): [refuse(RefusalKind.SERVER)] * 3})

    assert found[sdist("core")].outcome is Outcome.FAILED
    assert outcomes(found, "app", "tool") == {Outcome.HELD_BACK}
    assert index.attempts.count(sdist("core")) == 3


def test_a_lost_answer_is_found_out_by_asking() -> None:
    index, found = run({wheel("core"): [lose_the_answer]})

    assert outcomes(found, *NAMES) == {Outcome.UPLOADED}
    assert index.attempts.count(wheel("core")) == 1


def test_what_somebody_else_uploaded_meanwhile_is_there() -> None:
    def be_late(index: MemoryIndex, filename: str) -> Refusal | None:
        index.store(filename)
        return Refusal(kind=RefusalKind.EXISTS, words="File already exists")

    _, found = run({wheel("core"): [be_late]})

    assert found[wheel("core")].outcome is Outcome.ALREADY_THERE
    assert outcomes(found, "app", "tool") == {Outcome.UPLOADED}


def test_other_bytes_by_the_same_name_fail() -> None:
    def be_other(index: MemoryIndex, filename: str) -> Refusal | None:
        index.store(filename, "other")
        return Refusal(kind=RefusalKind.EXISTS, words="File already exists")

    _, found = run({wheel("core"): [be_other]})

    assert found[wheel("core")].outcome is Outcome.FAILED
    assert found[wheel("core")].why == "the index has other bytes by this name"


def test_too_many_stops_everything_that_has_not_begun() -> None:
    index, found = run({wheel("core"): [refuse(RefusalKind.TOO_MANY)]})

    assert found[wheel("core")].outcome is Outcome.FAILED
    assert outcomes(found, "app", "tool") == {Outcome.HELD_BACK}
    assert index.attempts.count(wheel("core")) == 1
    assert not {wheel("app"), wheel("tool")}.intersection(index.attempts)


def test_the_same_again_does_what_is_left() -> None:
    index, first = run({wheel("core"): [refuse(RefusalKind.TOO_MANY)]})
    there = list(index.files)

    again = receipts(index, there)

    assert outcomes(again, *NAMES) <= {Outcome.UPLOADED, Outcome.ALREADY_THERE}
    assert {name for name, r in again.items() if r.outcome is Outcome.ALREADY_THERE} == set(there)
    assert sorted(index.files) == sorted(HASHES)
    assert len(index.attempts) == len(HASHES) + 1
    assert any(r.outcome is Outcome.FAILED for r in first.values())


def list_later(looks: int) -> Behaviour:
    """Keep the file, and list it only after so many looks."""

    def behave(index: MemoryIndex, filename: str) -> None:
        index.store(filename)
        index.late[filename] = looks

    return behave


def test_dependents_wait_until_the_index_serves_what_they_require() -> None:
    index, found = run({wheel("core"): [list_later(10_000)]})

    assert outcomes(found, "core", "alone") == {Outcome.UPLOADED}
    assert outcomes(found, "app", "tool") == {Outcome.HELD_BACK}
    assert found[wheel("app")].why == "requires core: not served within 1 s"
    assert wheel("app") not in index.attempts


def test_a_page_that_is_late_is_waited_for() -> None:
    _, found = run({wheel("core"): [list_later(3)]})

    assert outcomes(found, *NAMES) == {Outcome.UPLOADED}


def test_what_the_index_says_it_has_may_be_listed_late() -> None:
    def exist(index: MemoryIndex, filename: str) -> Refusal | None:
        list_later(3)(index, filename)
        return Refusal(kind=RefusalKind.EXISTS, words="File already exists")

    index, found = run({wheel("core"): [exist]})

    assert found[wheel("core")].outcome is Outcome.ALREADY_THERE
    assert index.attempts.count(wheel("core")) == 1
