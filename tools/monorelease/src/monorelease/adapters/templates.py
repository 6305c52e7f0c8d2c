"""The templates that come with this package."""

from __future__ import annotations

from collections.abc import Mapping

from monorelease.formats.ci_workflows import FILES, STEPS


def github_templates() -> Mapping[str, str]:
    """The text of every template of `FILES` and `STEPS`, by its name."""
    from importlib.resources import files

    folder = files("monorelease") / "templates" / "github"
    places = {name: folder / name for name in FILES} | {n: folder / "steps" / n for n in STEPS}
    return {name: place.read_text("utf-8") for name, place in places.items()}
