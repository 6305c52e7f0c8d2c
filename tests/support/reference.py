"""The pages of ``docs/reference``, each made from the code that it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from command_page import command_page
from environment_page import environment_page
from finding_page import finding_page, templates
from key_page import key_page
from monorelease.formats.schema import format_schema

DOCS = Path(__file__).parents[2] / "docs"

PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "reference/commands.md": command_page,
        "reference/configuration.md": key_page,
        "reference/findings.md": lambda: finding_page(templates()),
        "reference/environment.md": environment_page,
        "monorelease.schema.json": format_schema,
    }
)
"""What makes each of them, by its path below ``docs``."""


def write(page: str) -> None:
    """Put a page where it belongs, as it is now."""
    path = DOCS / page
    path.parent.mkdir(exist_ok=True)
    path.write_text(PAGES[page](), "utf-8")
