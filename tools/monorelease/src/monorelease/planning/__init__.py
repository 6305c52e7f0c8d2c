"""Decisions: functions from values to values, without windows.

The names in ``__all__`` are for other programs too: each is loaded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monorelease.planning.checks import Inspection, check_release
    from monorelease.planning.constraints import raise_constraint
    from monorelease.planning.explanation import why, why_not
    from monorelease.planning.graph import dependents_of, find_circles
    from monorelease.planning.pending import Seen, find_pending
    from monorelease.planning.plan import plan_release
    from monorelease.planning.publication import plan_publication
    from monorelease.planning.versions import next_version
    from monorelease.planning.waves import publication_order

__all__ = [
    "Inspection",
    "Seen",
    "check_release",
    "dependents_of",
    "find_circles",
    "find_pending",
    "next_version",
    "plan_publication",
    "plan_release",
    "publication_order",
    "raise_constraint",
    "why",
    "why_not",
]

_ROOMS = {
    "Inspection": "checks",
    "Seen": "pending",
    "check_release": "checks",
    "dependents_of": "graph",
    "find_circles": "graph",
    "find_pending": "pending",
    "next_version": "versions",
    "plan_publication": "publication",
    "plan_release": "plan",
    "publication_order": "waves",
    "raise_constraint": "constraints",
    "why": "explanation",
    "why_not": "explanation",
}


def __getattr__(name: str) -> object:
    """What ``__all__`` names, from its room; no room costs anybody who does not ask."""
    from importlib import import_module

    if (room := _ROOMS.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{room}"), name)
