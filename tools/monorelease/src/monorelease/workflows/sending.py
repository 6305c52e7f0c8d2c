"""Sending files to an index side by side, and asking it what came of those that went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import NormalizedName

from monorelease.errors import IndexUnavailable
from monorelease.model.artifact import Artifact, ArtifactKind
from monorelease.model.publication import Outcome, Receipt, RefusalKind, Sent, Upload
from monorelease.model.value import value
from monorelease.workflows.ports import Index

if TYPE_CHECKING:
    from threading import Event

LANES = 4
"""How many files are on their way at once."""

HALTED = "the index asked to stop"
"""Why a file was not begun."""

_MAY_BE_THERE = {None, RefusalKind.EXISTS, RefusalKind.SERVER, RefusalKind.UNREACHABLE}
"""After which answers, None for no answer at all, the index may have the file all the same."""


@value
class Pace:
    """How long to wait, in seconds."""

    before_retries: tuple[float, ...] = (1.0, 5.0, 15.0)
    """Between attempts to send what may be taken a moment later."""
    first_look: float = 0.2
    longest_look: float = 5.0
    """Between two looks at whether the index serves a file: each pause doubles the last."""


UNHURRIED = Pace()

Hear = Callable[[Artifact, Sent], None]
"""What is told of each file as soon as the index has answered; perhaps from another thread."""


@value
class Sending:
    """What is needed to send files."""

    index: Index
    files: Mapping[str, Path]
    """Where each file is, by its name."""
    hear: Hear
    pace: Pace = UNHURRIED
    in_order: bool = False
    """Whether one file goes after the other, as they are planned, and none beside another.

    So it has to be where the index stops at some point: then what arrived is whole members, and
    those that others require.
    """


@value
class Answers:
    """What became of files that were sent together."""

    receipts: tuple[Receipt, ...]
    is_halted: bool
    """Whether the index said that it was too much: then nothing more should be sent today."""


def send(uploads: Sequence[Upload], means: Sending) -> Answers:
    """Send these files, in lanes unless order matters; one receipt a file.

    What the index could not take for a passing reason is tried again, unless the index has it by
    now: an answer may get lost on its way. After "too many" no other file is begun.
    """
    from time import sleep

    receipts: dict[str, Receipt] = {}
    remaining = list(uploads)
    is_halted = False
    for pause in (0.0, *means.pace.before_retries):
        if not remaining or is_halted:
            break
        sleep(pause)
        sent = _send_once(remaining, means)
        is_halted = any(_kind(answer) is RefusalKind.TOO_MANY for answer in sent.values())
        settled = _settle(remaining, sent, means)
        receipts.update(settled)
        remaining = [u for u in remaining if _may_pass(sent, settled[u.artifact.filename])]
    ordered = tuple(receipts[upload.artifact.filename] for upload in uploads)
    return Answers(receipts=ordered, is_halted=is_halted)


def await_served(
    files: Mapping[str, NormalizedName], index: Index, pace: Pace = UNHURRIED
) -> Mapping[str, str | None]:
    """Wait until the index lists these files, or patience ends; what it lists of them by then.

    Args:
        files: the project of each file, by the file's name.
        index: is asked again and again.
        pace: how often.

    Returns:
        Their hashes, None where the index does not tell, by file name.

    Raises:
        IndexUnavailable: the index cannot be asked.
    """
    from time import monotonic, sleep

    end = monotonic() + index.target.patience
    pause = pace.first_look
    served: dict[str, str | None] = {}
    while missing := [project for name, project in files.items() if name not in served]:
        served |= {n: h for n, h in _listed(missing, index).items() if n in files}
        if len(served) == len(files) or monotonic() + pause > end:
            break
        sleep(pause)
        pause = min(2 * pause, pace.longest_look)
    return served


def _send_once(uploads: Sequence[Upload], means: Sending) -> dict[str, Sent]:
    """What the index said of each file; nothing of those that were not begun."""
    from concurrent.futures import ThreadPoolExecutor
    from threading import Event

    stop = Event()
    lanes = [list(uploads)] if means.in_order else _lanes(uploads)
    with ThreadPoolExecutor(max_workers=LANES) as pool:
        try:
            futures = [pool.submit(_send_lane, lane, means, stop) for lane in lanes]
            return {sent.filename: sent for future in futures for sent in future.result()}
        except BaseException:
            stop.set()  # each lane still waits for the file that is on its way
            raise


def _lanes(uploads: Sequence[Upload]) -> list[list[Upload]]:
    """Wheels first: who can only have a half of a release had better have what installs."""
    wheels_first = sorted(uploads, key=_place)
    return [lane for number in range(LANES) if (lane := wheels_first[number::LANES])]


def _place(upload: Upload) -> tuple[bool, str]:
    return upload.artifact.kind is not ArtifactKind.WHEEL, upload.artifact.filename


def _send_lane(uploads: Sequence[Upload], means: Sending, stop: Event) -> list[Sent]:
    artifacts = {upload.artifact.filename: upload.artifact for upload in uploads}
    answers: list[Sent] = []
    if stop.is_set():
        return answers
    for sent in means.index.upload([means.files[name] for name in artifacts]):
        answers.append(sent)
        means.hear(artifacts[sent.filename], sent)
        if _kind(sent) is RefusalKind.TOO_MANY:
            stop.set()
        if stop.is_set():
            break
    return answers


def _settle(
    uploads: Sequence[Upload], sent: Mapping[str, Sent], means: Sending
) -> dict[str, Receipt]:
    """A receipt for each file; where the answer leaves it open, the index is asked."""
    answers = {upload: sent.get(upload.artifact.filename) for upload in uploads}
    refused = {upload for upload, answer in answers.items() if not answer or answer.refusal}
    listed = _look_for([u for u in refused if _kind(answers[u]) in _MAY_BE_THERE], answers, means)
    return {
        upload.artifact.filename: _refused(upload, answer, listed)
        if upload in refused
        else _receipt(upload, answer, Outcome.UPLOADED)
        for upload, answer in answers.items()
    }


def _look_for(
    uploads: Sequence[Upload], answers: Mapping[Upload, Sent | None], means: Sending
) -> dict[str, str | None]:
    """What the index lists of these; what it says that it has may take it a while to show."""
    hidden = {
        u.artifact.filename: u.name for u in uploads if _kind(answers[u]) is RefusalKind.EXISTS
    }
    try:
        await_served(hidden, means.index, means.pace)
        return _listed([upload.name for upload in uploads], means.index)
    except IndexUnavailable:
        return {}


def _refused(upload: Upload, answer: Sent | None, listed: Mapping[str, str | None]) -> Receipt:
    """What a refusal comes to, beside what the index has now."""
    filename = upload.artifact.filename
    if filename in listed:
        if listed[filename] == upload.artifact.sha256:
            lost = answer is None or _kind(answer) is not RefusalKind.EXISTS
            return _receipt(upload, answer, Outcome.UPLOADED if lost else Outcome.ALREADY_THERE)
        return _receipt(upload, answer, Outcome.FAILED, "the index has other bytes by this name")
    if answer is None or answer.refusal is None:
        return _receipt(upload, answer, Outcome.HELD_BACK, HALTED)
    return _receipt(upload, answer, Outcome.FAILED, answer.refusal.words)


def _receipt(upload: Upload, answer: Sent | None, outcome: Outcome, why: str = "") -> Receipt:
    return Receipt(
        name=upload.name,
        version=upload.version,
        artifact=upload.artifact,
        outcome=outcome,
        seconds=answer.seconds if answer else 0.0,
        why=why,
    )


def _may_pass(sent: Mapping[str, Sent], receipt: Receipt) -> bool:
    """Whether another attempt makes sense."""
    answer = sent.get(receipt.artifact.filename)
    if receipt.outcome is not Outcome.FAILED or answer is None or answer.refusal is None:
        return False
    return answer.refusal.is_passing


def _listed(names: Iterable[NormalizedName], index: Index) -> dict[str, str | None]:
    """The files that the index lists under these names, with their hashes."""
    wanted = tuple(dict.fromkeys(names))
    projects = index.projects(wanted) if wanted else {}
    return {file.filename: file.sha256 for p in projects.values() for file in p.files}


def _kind(answer: Sent | None) -> RefusalKind | None:
    return answer.refusal.kind if answer and answer.refusal else None
