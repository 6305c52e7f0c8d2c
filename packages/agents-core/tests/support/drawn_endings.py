"""How jobs end, drawn: ``python drawn_endings.py FILE.svg`` runs two of them, and draws the steps.

The drawing is all in itself: no script, no font, no picture of elsewhere. It brings its own
background, in a light and a dark form, so that it can be read on every page.
"""

from __future__ import annotations

import asyncio
import json
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from timed_endings import Stretch, TimedEnding, time_endings

TITLES = {
    "well": "All goes well",
    "at fault": "A shutdown callback never returns; its deadline is 2 s here",
}
_WIDTH = 900
_LEFT = 186
_CHART = 400
_RIGHT = _LEFT + _CHART + 14
_ROW = 22
_TOP = 34
_FOOT = 30
_TICK = 0.5
"""Seconds between two lines of the grid."""
_SKETCHED = 3.0
"""Pixels, for what is too short to be seen."""

_STYLE = """\
text { font: 12px ui-sans-serif, system-ui, "Segoe UI", Arial, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 14px }
.told, .tick { fill: #59636e }
.page { fill: #ffffff }
.grid { stroke: #d1d9e0 }
.done { fill: #1f6f9f }
.skipped { fill: none; stroke: #59636e }
.late, .failed { fill: #c4321c }
.moment { fill: #7a4fb5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .told, .tick { fill: #9da7b1 }
  .page { fill: #0d1117 }
  .grid { stroke: #30363d }
  .done { fill: #58a6d6 }
  .skipped { stroke: #9da7b1 }
  .late, .failed { fill: #ff7b72 }
  .moment { fill: #bc8cff }
}
"""


def draw(endings: Mapping[str, TimedEnding]) -> str:
    """The drawing, one below the other and with one measure of time, as SVG."""
    longest = max(moment.at for ending in endings.values() for moment in ending.moments)
    scale = _CHART / (math.ceil(longest / _TICK) * _TICK)
    parts: list[str] = []
    top = 0
    for story, ending in endings.items():
        parts += [f"<g id={quoteattr(story)}>", *_panel(TITLES[story], ending, top, scale), "</g>"]
        top += _height(ending)
    return "\n".join((*_head(top, endings), *parts, "</svg>", ""))


def _head(height: int, endings: Mapping[str, TimedEnding]) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img">'
    )
    yield "<title>How a job ends, step by step</title>"
    told = "; ".join(f"{TITLES[story]}: {_in_words(each)}" for story, each in endings.items())
    yield f"<desc>{escape(told)}.</desc>"
    yield f"<style>\n{_STYLE}</style>"
    yield f'<rect class="page" width="{_WIDTH}" height="{height}" rx="6"/>'


def _in_words(ending: TimedEnding) -> str:
    return ", ".join(f"{step.name} {_span(step.end - step.begin)}" for step in ending.steps)


def _panel(title: str, ending: TimedEnding, top: int, scale: float) -> Iterator[str]:
    bottom = top + _height(ending) - _FOOT
    yield f'<text class="title" x="16" y="{top + 24}">{escape(title)}</text>'
    for tick in range(round(_CHART / scale / _TICK) + 1):
        x = _LEFT + tick * _TICK * scale
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{top + _TOP}" y2="{bottom}"/>'
        yield (
            f'<text class="tick" x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">'
            f"{tick * _TICK:g} s</text>"
        )
    for number, step in enumerate(ending.steps):
        yield from _step(step, top + _TOP + number * _ROW, scale)
    for number, moment in enumerate(ending.moments, start=len(ending.steps)):
        y = top + _TOP + number * _ROW
        x = _LEFT + moment.at * scale
        yield f'<text class="moment-name" x="16" y="{y + 15}">{escape(moment.name)}</text>'
        yield f'<path class="moment" d="M{x:.1f} {y + 5} l6 6 -6 6 -6 -6 z"/>'
        yield f'<text class="told" x="{_RIGHT}" y="{y + 15}">at {_span(moment.at)}</text>'


def _step(step: Stretch, y: int, scale: float) -> Iterator[str]:
    kind = {"timed out": "late", "failed": "failed", "skipped": "skipped"}.get(
        step.outcome.partition(",")[0], "done"
    )
    x, width = _LEFT + step.begin * scale, max((step.end - step.begin) * scale, _SKETCHED)
    told = f"{_span(step.end - step.begin)}" + (f": {step.outcome}" if kind != "done" else "")
    yield f'<text class="step" x="16" y="{y + 15}">{escape(step.name)}</text>'
    yield (
        f'<rect class="{kind}" x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="14" rx="1.5"/>'
    )
    yield f'<text class="told" x="{_RIGHT}" y="{y + 15}">{escape(told)}</text>'


def _height(ending: TimedEnding) -> int:
    return _TOP + _ROW * (len(ending.steps) + len(ending.moments)) + _FOOT


def _span(seconds: float) -> str:
    if seconds < 0.001:
        return "under 1 ms"
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def main() -> None:
    """Run, and draw into the file that is named; tell all that was measured, as JSON."""
    endings = asyncio.run(time_endings())
    Path(sys.argv[1]).write_text(draw(endings), encoding="utf-8")
    json.dump({story: asdict(ending) for story, ending in endings.items()}, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
