"""A yank, as a person reads it before and after it, and as a program does."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from monorelease.model.index import IndexTarget
from monorelease.model.withdrawal import Affected, Mending, Pin, Standing, Step, Withdrawal
from monorelease.model.words import counted
from monorelease.reports.json import SCHEMA, Value, findings_value
from monorelease.reports.printable import printable
from monorelease.reports.terminal import PLAIN, Palette, aligned


def withdrawal_text(
    withdrawal: Withdrawal, target: IndexTarget, reason: str, palette: Palette = PLAIN
) -> str:
    """How things stand, who is left behind, what to do by hand, and what comes next."""
    parts = [
        (_head(withdrawal, target), aligned([_row(step, withdrawal) for step in withdrawal.steps])),
        ("Left behind:", aligned([_affected_row(each) for each in withdrawal.affected])),
        *_wider(withdrawal, target, reason),
    ]
    if withdrawal.left and not target.is_rehearsal:
        parts.append(("By hand, in this order:", list(_by_hand(withdrawal, target, reason))))
    if not withdrawal.is_taken_back:
        parts.append(("For a fix:", list(_mending(withdrawal, target))))
    sections = [
        f"{palette.bold}{head}{palette.off}\n\n" + "".join(f"{line}\n" for line in lines)
        for head, lines in parts
        if lines
    ]
    if not withdrawal.is_taken_back:
        sections.append(f"{palette.dim}{_REMINDER}{palette.off}\n")
    return "\n".join(sections)


def question_text(withdrawal: Withdrawal, target: IndexTarget) -> str:
    """What somebody is asked before anything is changed."""
    count = counted(len(withdrawal.left), "version")
    what = f"Take the yank of {count} back" if withdrawal.is_taken_back else f"Yank {count}"
    return f"{what} on {target.name}"


def done_text(done: Mapping[Pin, Sequence[str]], *, is_taken_back: bool) -> str:
    """What was changed on the index, one version a line."""
    word = "given back" if is_taken_back else "yanked"
    return "".join(f"{word} {pin} ({counted(len(files), 'file')})\n" for pin, files in done.items())


def withdrawal_value(
    withdrawal: Withdrawal,
    target: IndexTarget,
    reason: str,
    done: Mapping[Pin, Sequence[str]],
) -> Value:
    """What ``yank --json`` prints: how things stand, after `done` was done."""
    value: Value = {
        "schema": SCHEMA,
        "index": {"name": target.name, "rehearsal": target.is_rehearsal},
        "undo": withdrawal.is_taken_back,
        "complete": not withdrawal.left,
        "reason": reason,
        "steps": [_step_value(step) for step in withdrawal.steps],
        "affected": [_affected_value(each) for each in withdrawal.affected],
        "together": [str(pin) for pin in withdrawal.together],
        "whole": [str(pin) for pin in withdrawal.whole],
        "changed": [file for files in done.values() for file in files],
    }
    return value | findings_value(withdrawal.findings)


def _head(withdrawal: Withdrawal, target: IndexTarget) -> str:
    index = printable(target.name)
    if not withdrawal.left:
        state = "offered again" if withdrawal.is_taken_back else "yanked"
        return f"Nothing left to do: {state} on {index}"
    count = counted(len(withdrawal.left), "version")
    what = "to offer again" if withdrawal.is_taken_back else "to yank"
    return f"{count} {what} on {index}"


def _row(step: Step, withdrawal: Withdrawal) -> tuple[str, ...]:
    choose = "installers will choose" if withdrawal.left else "installers choose"
    then = f"{choose} {'it' if step.instead == step.pin.version else step.instead}"
    if step.instead is None:
        then = f"{choose} nothing: none is left"
    return step.pin.name, str(step.pin.version), step.standing.value, then


def _affected_row(affected: Affected) -> tuple[str, ...]:
    requirement = printable(f"{affected.on} {affected.constraint} ({affected.table})")
    pin = affected.pin
    return pin.name, str(pin.version), affected.effect.value, f"requires {requirement}"


def _wider(
    withdrawal: Withdrawal, target: IndexTarget, reason: str
) -> Iterator[tuple[str, list[str]]]:
    """The commands for more than was asked for."""
    for head, pins in (
        ("All at once, so that nobody is left behind:", withdrawal.together),
        ("With all that the fixed group released at the same version:", withdrawal.whole),
    ):
        yield head, [f"  {_command(pins, target, reason)}"] if pins else []


def _by_hand(withdrawal: Withdrawal, target: IndexTarget, reason: str) -> Iterator[str]:
    """What to press on an index that has pages like PyPI's, and how to see that it is done."""
    last = "Un-yank" if withdrawal.is_taken_back else "Yank"
    for number, step in enumerate(withdrawal.left, 1):
        way = f"Manage → Releases → {step.pin.version} → Options → {last}"
        yield f"  {number}. on the page of {step.pin.name}: {way}"
    if not withdrawal.is_taken_back:
        yield f"  reason: {printable(reason) or 'installers show it; have one ready'}"
    yield ""
    yield "  An index without such pages cannot yank: release a fix instead."
    yield "  To see what is done, run this again; its exit status is 0 once all of it is:"
    again = _command((step.pin for step in withdrawal.steps), target)
    yield f"  {again} --undo" if withdrawal.is_taken_back else f"  {again}"


def _mending(withdrawal: Withdrawal, target: IndexTarget) -> Iterator[str]:
    """The commands that bring something better out; none where that is out already."""
    by_mending = {
        mending: [step for step in withdrawal.steps if step.mending is mending]
        for mending in Mending
    }
    if missing := by_mending[Mending.MISSING]:
        names = ",".join(dict.fromkeys(step.pin.name for step in missing))
        yield f"  monorelease add --patch {names} -m 'What was mended.'"
    if pending := by_mending[Mending.PENDING]:
        yield f"  fragments are pending for {_mended(pending)}: if they mend it,"
    if missing or pending:
        yield "  monorelease release --commit"
    if released := by_mending[Mending.RELEASED]:
        yield f"  {_mended(released)} is released and not published: if it mends it,"
    if missing or pending or released:
        yield f"  monorelease publish --to {printable(target.name)}"


_REMINDER = """\
A yank deletes nothing: who pins the version still gets it, its files can never be replaced,
and --undo takes it back."""


def _command(pins: Iterable[Pin], target: IndexTarget, reason: str = "") -> str:
    """A command for a shell."""
    words = ["monorelease", "yank", *map(str, pins), "--to", target.name]
    return printable(shlex.join([*words, "--reason", reason] if reason else words))


def _mended(steps: Iterable[Step]) -> str:
    return ", ".join(dict.fromkeys(f"{step.pin.name} {step.mended_by}" for step in steps))


def _step_value(step: Step) -> Value:
    return {
        "name": step.pin.name,
        "version": str(step.pin.version),
        "standing": _code(step.standing),
        "files": list(step.files),
        "instead": step.instead and str(step.instead),
        "mending": step.mending.value,
        "mended_by": step.mended_by and str(step.mended_by),
    }


def _affected_value(affected: Affected) -> Value:
    return {
        "name": affected.pin.name,
        "version": str(affected.pin.version),
        "on": affected.on,
        "constraint": affected.constraint,
        "table": affected.table,
        "effect": affected.effect.name.lower().replace("_", "-"),
    }


def _code(standing: Standing) -> str:
    return standing.name.lower().replace("_", "-")
