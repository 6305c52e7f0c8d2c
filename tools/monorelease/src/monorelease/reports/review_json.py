"""A review as a value for programs."""

from __future__ import annotations

from monorelease.model.review import Review
from monorelease.reports.json import Value, release_value


def review_value(review: Review, page: str) -> Value:
    """What ``review --json`` prints: what ``release --json`` does, and all that comes of it.

    `page` is where the page for people is.
    """
    prospect = review.prospect
    return {
        **release_value(review.plan, review.findings, review.patch, None),
        "stage": review.stage.value,
        "date": review.date or None,
        "page": page,
        "changelogs": dict(review.notes),
        "resting": {name: list(why) for name, why in review.resting.items()},
        "afterwards": list(review.afterwards),
        "publishing": {
            "index": prospect.index.name,
            "waves": [list(wave) for wave in prospect.waves],
            "tags": dict(prospect.tags),
            "private": list(prospect.private),
            "remote": prospect.remote or None,
            "forge": prospect.forge.kind.value if prospect.forge.kind else None,
        },
    }
