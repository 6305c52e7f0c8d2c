"""What is claimed of monorelease, and whether the figures bear it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.growth import exponent
from benchmarks.series import COMMANDS, Case, Kind, Results, Spread

OURS = "monorelease"
SMALL = 19
LARGE = 1000
LINEAR = 1.15
"""The highest exponent that is still called linear; the rest is room for noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A claim with its figure."""

    claim: str
    measured: str
    holds: bool | None
    """None when this comparison did not measure what the claim needs."""


def judge(results: Results) -> tuple[Verdict, ...]:
    """Every claim, by the least CPU and wall times of `results`."""
    return tuple(_judge(results))


def growth(results: Results, command: str, tool: str) -> float | None:
    """The exponent of a tool's CPU time for `command`; None when too few sizes were measured."""
    return exponent(
        {
            case.size: series.spread(Kind.CPU).least
            for case, series in results.items()
            if (case.command, case.tool) == (command, tool)
        }
    )


def _judge(results: Results) -> Iterator[Verdict]:
    status = {
        case.tool: series.spread(Kind.CPU)
        for case, series in results.items()
        if case[:2] == (SMALL, "status")
    }
    ours = status.pop(OURS, None)
    faster = min(status.values(), key=lambda spread: spread.least, default=None)
    yield _at_least(2, faster, ours, f"`status` at {SMALL}: CPU of the faster peer")
    yield _release(results, SMALL, "molt", 2, Kind.CPU)
    for kind in Kind:
        yield _release(results, LARGE, "changesets", 10, kind)
        yield _release(results, LARGE, "molt", 2, kind)
    for command in COMMANDS:
        yield _linear(command, growth(results, command, OURS))


def _release(results: Results, size: int, peer: str, factor: int, kind: Kind) -> Verdict:
    theirs, ours = (
        series.spread(kind) if series else None
        for series in (results.get(Case(size, "release", tool)) for tool in (peer, OURS))
    )
    return _at_least(factor, theirs, ours, f"`release` at {size}: {kind} of {peer}")


def _at_least(factor: int, theirs: Spread | None, ours: Spread | None, what: str) -> Verdict:
    claim = f"{what} is at least {factor} x ours"
    if theirs is None or ours is None:
        return Verdict(claim=claim, measured="not measured", holds=None)
    ratio, usual = theirs.least / ours.least, theirs.usual / ours.usual
    return Verdict(
        claim=claim, measured=f"{ratio:.2f} x (medians: {usual:.2f} x)", holds=ratio >= factor
    )


def _linear(command: str, measured: float | None) -> Verdict:
    claim = f"`{command}` grows linearly: CPU over members has an exponent of at most {LINEAR}"
    if measured is None:
        return Verdict(claim=claim, measured="not measured", holds=None)
    return Verdict(claim=claim, measured=f"{measured:.2f}", holds=measured <= LINEAR)
