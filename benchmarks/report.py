"""A comparison as Markdown: the figures, the growth, the claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.claims import OURS, Verdict, growth
from benchmarks.series import COMMANDS, Case, Kind, Results, Series

_WORDS = {True: "pass", False: "**FAIL**", None: "-"}


def format_figures(results: Results) -> str:
    """One row a case: milliseconds as `least / median`, and how many times ours the least are."""
    rows = (_figures(case, series, results) for case, series in sorted(results.items()))
    head = ("members", "command", "tool", "CPU ms", "wall ms", "CPU x ours", "wall x ours")
    return format_table(head, rows)


def format_growth(results: Results) -> str:
    """One row a tool and command: the exponent of its CPU time over the number of members."""
    tools = sorted({case.tool for case in results})
    rows = [
        (tool, command, f"{slope:.2f}")
        for command in COMMANDS
        for tool in tools
        if (slope := growth(results, command, tool)) is not None
    ]
    if not rows:
        return "too few sizes to tell how cost grows\n"
    return format_table(("tool", "command", "exponent"), rows)


def format_verdicts(verdicts: Sequence[Verdict]) -> str:
    """One row a claim, and how many of them hold."""
    rows = ((verdict.claim, verdict.measured, _WORDS[verdict.holds]) for verdict in verdicts)
    counts = Counter(verdict.holds for verdict in verdicts)
    return (
        f"{format_table(('claim', 'measured', 'verdict'), rows)}\n"
        f"{counts[True]} pass, {counts[False]} fail, {counts[None]} not measured"
    )


def format_table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table that ends with a newline."""
    lines = (f"| {' | '.join(cells)} |" for cells in (head, ("---" for _ in head), *rows))
    return "\n".join(lines) + "\n"


def _figures(case: Case, series: Series, results: Results) -> Iterator[str]:
    yield from (str(case.size), case.command, case.tool)
    for kind in Kind:
        spread = series.spread(kind)
        yield f"{spread.least * 1000:.0f} / {spread.usual * 1000:.0f}"
    ours = results.get(case._replace(tool=OURS))
    for kind in Kind:
        yield f"{series.spread(kind).least / ours.spread(kind).least:.2f}" if ours else "-"
