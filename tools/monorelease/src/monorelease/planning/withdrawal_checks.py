"""What speaks against a yank, or should be known before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monorelease.model.finding import Finding, Severity
from monorelease.model.guess import suggestion
from monorelease.model.withdrawal import Effect, Pin, Withdrawal
from monorelease.model.words import some_of
from monorelease.planning.listed import Listed


def unknown_version(pin: Pin, listed: Listed) -> Finding:
    """That the index does not have the version, with the near one."""
    versions = [str(version) for version in sorted(listed, reverse=True)]
    if not versions:
        return Finding(
            code="nothing-to-yank",
            problem=f"the index has no files of {pin.name}",
            hint="there is nothing to yank; for another index: --to NAME",
        )
    known = f"it has {some_of(versions)}"
    return Finding(
        code="no-such-version",
        problem=f"the index has no {pin.name} {pin.version}",
        hint=suggestion(str(pin.version), versions, otherwise=known),
    )


def check_withdrawal(withdrawal: Withdrawal) -> Iterator[Finding]:
    """Everything that somebody should know before carrying it out."""
    if not withdrawal.is_taken_back:
        yield from _check_remains(withdrawal)
    yield from _check_affected(withdrawal)
    yield from _check_groups(withdrawal)


def _check_remains(withdrawal: Withdrawal) -> Iterator[Finding]:
    """Something is left to be installed, and it is a final version."""
    for name, instead in {step.pin.name: step.instead for step in withdrawal.steps}.items():
        if instead is None:
            problem = f"no version of {name} is left: who does not pin one cannot install it"
        elif instead.is_prerelease:
            problem = f"only pre-releases of {name} are left, up to {instead}"
        else:
            continue
        yield _warning("nothing-left", problem, f"release a fix first: {_HOW_TO_MEND}")


def _check_affected(withdrawal: Withdrawal) -> Iterator[Finding]:
    """Nobody is left without a requirement, or held to a bad one."""
    joint = "yank them too, or release a fix first"
    back = "take the yank of what they require back as well, or release a fix"
    for effect, words in _EFFECTS.items():
        pins = dict.fromkeys(e.pin for e in withdrawal.affected if e.effect is effect)
        if pins:
            hint = back if withdrawal.is_taken_back else joint
            yield _warning(effect.name.lower().replace("_", "-"), f"{words}: {_some(pins)}", hint)


def _check_groups(withdrawal: Withdrawal) -> Iterator[Finding]:
    """A fixed group is not torn apart unawares."""
    taken = {*withdrawal.together, *(step.pin for step in withdrawal.steps)}
    others = [pin for pin in withdrawal.whole if pin not in taken]
    if others:
        yield _warning(
            "group-stays",
            f"others of the same fixed group stay: {_some(others)}",
            "leave them if each is good by itself; else yank the whole group",
        )


_HOW_TO_MEND = "monorelease add, release, publish"

_EFFECTS = {
    Effect.STRANDED: "released members require what is yanked, and could not be installed",
    Effect.STILL_PULLS: "released members pin what is yanked, and would go on installing it",
}


def _some(pins: Iterable[Pin]) -> str:
    return some_of([str(pin) for pin in pins])


def _warning(code: str, problem: str, hint: str) -> Finding:
    return Finding(code=code, problem=problem, hint=hint, severity=Severity.WARNING)
