"""All runs of one comparison: every tool and command in turn, round after round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks import ground
from benchmarks.agreement import ask_plan, check_plans, check_release
from benchmarks.contestants.port import Contestant, Layout, Plan
from benchmarks.generator import Repository, generate
from benchmarks.measure import Run, run

COMMANDS = ("status", "release")


class Kind(StrEnum):
    """What a clock counts: work done, or time gone by."""

    CPU = "CPU"
    WALL = "wall"


class Case(NamedTuple):
    """What was timed."""

    size: int
    command: str
    tool: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Seconds of several runs."""

    least: float
    """The figure that counts: what disturbs a run on a busy machine only ever adds."""
    usual: float
    """The median: how far the least is from what one meets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The runs of one case."""

    runs: tuple[Run, ...]

    def spread(self, kind: Kind) -> Spread:
        """The runs' times of one kind."""
        times = [run.cpu if kind is Kind.CPU else run.wall for run in self.runs]
        return Spread(least=min(times), usual=median(times))


Results = Mapping[Case, Series]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """One repository, laid once for every tool, on whose plan all of them agree."""

    repository: Repository
    contestants: tuple[Contestant, ...]
    layouts: Mapping[str, Layout]
    plan: Plan
    work: Path

    def template(self, contestant: Contestant) -> Path:
        """The tree that every run gets a copy of."""
        return self.work / "templates" / contestant.name

    def copy(self, contestant: Contestant) -> Path:
        """A fresh tree for one run."""
        root = self.work / "runs" / contestant.name
        ground.copy(self.template(contestant), root)
        return root


def prepare(contestants: Sequence[Contestant], size: int, *, seed: int, work: Path) -> Arena:
    """Lay a repository of `size` members for every tool below the folder `work`.

    Every tool then runs both commands once, untimed: that warms the caches, and shows that all of
    them plan the same and do the same work.

    Raises:
        Disagreement: when they do not.
        RunFailed: when a tool fails.
    """
    repository = generate(size, seed=seed)
    layouts = {contestant.name: contestant.lay_out(repository) for contestant in contestants}
    plans: dict[str, Plan] = {}
    for contestant in contestants:
        template = work / "templates" / contestant.name
        ground.lay(layouts[contestant.name], template)
        plans[contestant.name] = ask_plan(contestant, template)
    check_plans(plans)
    arena = Arena(
        repository=repository,
        contestants=tuple(contestants),
        layouts=layouts,
        plan=plans[contestants[0].name],
        work=work,
    )
    for contestant in contestants:
        _release(arena, contestant)
    return arena


def time_rounds(arena: Arena, rounds: int) -> Results:
    """Run every command of every tool once a round, each round beginning with another tool."""
    runs: dict[Case, list[Run]] = {}
    size = len(arena.repository.members)
    for number in range(rounds):
        for command in COMMANDS:
            start = number % len(arena.contestants)
            for contestant in (*arena.contestants[start:], *arena.contestants[:start]):
                case = Case(size, command, contestant.name)
                runs.setdefault(case, []).append(_run(arena, contestant, command))
    return {case: Series(runs=tuple(of_case)) for case, of_case in runs.items()}


def _run(arena: Arena, contestant: Contestant, command: str) -> Run:
    if command == "release":
        return _release(arena, contestant)
    root = arena.copy(contestant)
    return run(contestant.status_command(root), root)


def _release(arena: Arena, contestant: Contestant) -> Run:
    root = arena.copy(contestant)
    done = run(contestant.release_command(root), root)
    layout = arena.layouts[contestant.name]
    check_release(contestant, root, layout, arena.repository, arena.plan)
    return done
