"""Mirrors: values to text.

The names in ``__all__`` are for other programs too: each is loaded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monorelease.reports.announcements import notes_text
    from monorelease.reports.comment import comment_text
    from monorelease.reports.diff import diff_text
    from monorelease.reports.explanation import why_not_text, why_text
    from monorelease.reports.json import findings_value, json_text, release_value, status_value
    from monorelease.reports.publication import pending_text, publish_plan_text
    from monorelease.reports.publication_json import pending_value, publish_value
    from monorelease.reports.review_page import page_html
    from monorelease.reports.terminal import findings_text, plan_text

__all__ = [
    "comment_text",
    "diff_text",
    "findings_text",
    "findings_value",
    "json_text",
    "notes_text",
    "page_html",
    "pending_text",
    "pending_value",
    "plan_text",
    "publish_plan_text",
    "publish_value",
    "release_value",
    "status_value",
    "why_not_text",
    "why_text",
]

_ROOMS = {
    "comment_text": "comment",
    "diff_text": "diff",
    "findings_text": "terminal",
    "findings_value": "json",
    "json_text": "json",
    "notes_text": "announcements",
    "page_html": "review_page",
    "pending_text": "publication",
    "pending_value": "publication_json",
    "plan_text": "terminal",
    "publish_plan_text": "publication",
    "publish_value": "publication_json",
    "release_value": "json",
    "status_value": "json",
    "why_not_text": "explanation",
    "why_text": "explanation",
}


def __getattr__(name: str) -> object:
    """What ``__all__`` names, from its room; no room costs anybody who does not ask."""
    from importlib import import_module

    if (room := _ROOMS.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{room}"), name)
