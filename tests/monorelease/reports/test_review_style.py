from __future__ import annotations

import re

import pytest

from monorelease.reports.review_style import STYLE

AA = 4.5
"""The least contrast of words by WCAG 2.2, 1.4.3."""

GRAPHICS = 3.0
"""The least contrast of what is drawn, by 1.4.11."""

ON_PAPER = ("words", "quiet", "accent", "come", "gone", "patch", "minor", "major")
ON_THEIR_OWN = ("come", "gone", "patch", "minor", "major")


def colours(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root\{([^}]*--back[^}]*)\}", STYLE)[:2]
    found = dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", light))
    return found | (dict(re.findall(r"--([a-z-]+):(#[0-9a-f]+)", dark)) if scheme == "dark" else {})


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("paper", ["back", "sheet", "lit"])
@pytest.mark.parametrize("ink", ON_PAPER)
def test_words_can_be_read_on_every_ground(scheme: str, paper: str, ink: str) -> None:
    found = colours(scheme)

    assert contrast(found[ink], found[paper]) >= AA


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ink", ON_THEIR_OWN)
def test_marked_words_can_be_read_on_their_marks(scheme: str, ink: str) -> None:
    found = colours(scheme)
    marks = [found[key] for key in (f"{ink}-back", f"{ink}-mark") if key in found]

    assert marks
    assert min(contrast(found[ink], mark) for mark in marks) >= AA


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_focus_is_seen(scheme: str) -> None:
    found = colours(scheme)

    assert contrast(found["accent"], found["back"]) >= GRAPHICS
    assert ":focus-visible{outline:2px solid var(--accent)" in STYLE


def test_nothing_is_fetched() -> None:
    assert not re.search(r"url\(|@import|@font-face|image-set|expression", STYLE)
    assert "</" not in STYLE


def test_every_colour_is_defined_for_light_and_dark() -> None:
    light, dark = re.findall(r":root\{([^}]*--back[^}]*)\}", STYLE)[:2]
    names = [set(re.findall(r"--([a-z-]+):", block)) for block in (light, dark)]
    own = {"paper", "ink", "ring"}

    assert names[0] == names[1]
    assert set(re.findall(r"var\(--([a-z-]+)", STYLE)) <= names[0] | own


def test_braces_are_balanced() -> None:
    assert STYLE.count("{") == STYLE.count("}")


def test_motion_is_left_out_for_those_who_want_none() -> None:
    assert "prefers-reduced-motion" in STYLE
