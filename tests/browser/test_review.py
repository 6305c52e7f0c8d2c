"""The review page as people meet it: narrow and wide, light and dark, with a keyboard alone.

``pytest --update tests/browser`` takes the pictures of `docs/images` anew, of the release that
waits in this repository.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from chromium import AXE, Scheme, browsing, opened
from monorelease.model.config import Config
from monorelease.model.finding import Finding, Severity
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.review import Review, Stage
from monorelease.model.value import replace
from monorelease.reports.review_page import page_html
from reviews import review_of
from sandbox import PATIENCE, Sandbox
from values import fragment, member, requires, workspace

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "images"
LARGEST = 250_000
"""Bytes of a picture in the documentation."""

NARROW, WIDE = 360, 1440

ROUGH = """\
Something **new** with `code`, and a [link](https://example.org/).

```python
words = "a line that is far longer than any telephone is wide, and then some more of it, to be sure"
```

| a column | another one | a third one with many words | and one more | the last |
|---|---|---|---|---|
| 1 | 2 | 3 | 4 | 5 |

AVeryLongWordWithoutAnyPlaceToBreakItWhichIsWhatPathsAndHashesAreLikeInRealLifeAndWorse
"""


def family() -> Review:
    """Two layers, a member that rests, one that is private, and findings of both kinds."""
    plugins = (
        member(f"agents-plugin-{name}", "1.0.43", requires("agents-core", "==1.0.43"))
        for name in ("anam", "baseten", "cartesia", "longword" * 10)
    )
    top = member("suite", "1.0.43", requires("agents-plugin-anam", "==1.0.43"), private=True)
    space = workspace(member("agents-core", "1.0.43"), *plugins, top, member("docs", "0.3.0"))
    made = review_of(space, fragment("7.feature.md", ROUGH, **{"agents-core": "minor"}))
    manifest = FileEdit(
        path=PurePosixPath("a.toml"), before=b"version = 1\n", after=b"version = 2\n"
    )
    findings = (
        Finding(code="bad", problem="is bad", hint="mend it", path=made.fragments[0].path, line=2),
        Finding(code="old", problem="is old", hint="renew it", severity=Severity.WARNING),
    )
    patch = Patch.of((*made.patch.edits, manifest))
    return replace(made, findings=findings, patch=patch, stage=Stage.WRITTEN)


def crowd() -> Review:
    """More members than are drawn."""
    names = [f"member-{number:03}" for number in range(200)]
    config = Config(fixed=(tuple(names),))
    return review_of(
        workspace(*(member(name, "1.0.0") for name in names)),
        fragment("7.fix.md", "A fix.", **{names[0]: "patch"}),
        config=config,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, review in (("family", family()), ("crowd", crowd())):
        found[name] = folder / f"{name}.html"
        found[name].write_text(page_html(review), "utf-8")
    return found


@pytest.mark.parametrize("name", ["family", "crowd"])
def test_nothing_is_wider_than_the_window(
    browser: Browser, pages: dict[str, Path], name: str
) -> None:
    with opened(browser, pages[name]) as page:
        page.evaluate(_UNFOLD)
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": 800})

            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert _beyond(page, width) == []


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", WIDE), ("dark", NARROW)], ids=["light-wide", "dark-narrow"]
)
def test_the_accessibility_rules_of_axe_are_kept(
    browser: Browser, pages: dict[str, Path], scheme: Scheme, width: int
) -> None:
    with opened(browser, pages["family"], width=width, scheme=scheme) as page:
        page.evaluate(_UNFOLD)
        page.evaluate(AXE.read_text("utf-8"))
        found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")

        assert found["passes"]
        assert [_told(violation) for violation in found["violations"]] == []


def test_light_and_dark_differ_and_paper_has_nothing_folded(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with opened(browser, pages["family"]) as page:
        light, white = page.screenshot(), _ground(page)
        page.emulate_media(color_scheme="dark")
        dark, black = page.screenshot(), _ground(page)
        page.emulate_media(color_scheme="light", media="print")

        assert light != dark
        assert min(white) > 200
        assert max(black) < 60
        assert not page.locator("nav").is_visible()
        assert page.locator("article details > pre").first.is_visible()


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_the_keyboard_alone_reaches_all_there_is_and_shows_why_members_move(
    browser: Browser, pages: dict[str, Path], width: int
) -> None:
    """Each stop has an outline, or a frame of its own; each member answers."""
    with opened(browser, pages["family"], width=width) as page:
        count = page.evaluate(_COUNT)
        seen, answers = set(), {}
        for _ in range(count):
            page.keyboard.press("Tab")
            at, is_seen, target, shown = page.evaluate(_STOP)
            assert is_seen, target
            seen.add(at)
            if target.startswith("#why-") and shown:
                answers[target.removeprefix("#why-")] = shown

        assert len(seen) == count
        assert set(answers) == set(family().workspace.names)
        for name, shown in answers.items():
            assert [words.split()[0] for words in shown] == [name]


def test_the_first_stop_skips_to_the_release(browser: Browser, pages: dict[str, Path]) -> None:
    with opened(browser, pages["family"]) as page:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        assert page.evaluate("document.activeElement.id") == "release"


def test_pointing_at_a_member_or_at_an_arrow_shows_why(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with opened(browser, pages["family"]) as page:
        page.hover("a.node[href='#why-suite'] rect")
        (shown,) = page.locator(".answer:visible").all_inner_texts()
        lit, other = (_ground(page, f"#why-{name}") for name in ("suite", "agents-core"))
        page.locator("g.arrow.cause .reach").last.hover(force=True)
        (answer,) = page.locator(".answer:visible").all_inner_texts()

        assert shown.startswith("suite 1.0.43 → 1.0.44, patch: agents-plugin-anam 1.0.44 leaves")
        assert lit != other
        assert "leaves ==1.0.43" in answer


def test_without_scripts_a_tap_leads_to_the_reason_and_a_fold_opens(
    browser: Browser, pages: dict[str, Path]
) -> None:
    with opened(browser, pages["family"], width=NARROW, scripts=False) as page:
        fold = page.locator("#files details").first
        assert not fold.locator("pre").is_visible()

        fold.locator("summary").click()
        page.click("a.node[href='#why-agents-plugin-anam'] rect")

        assert fold.locator("pre").is_visible()
        assert page.url.endswith("#why-agents-plugin-anam")
        assert "leaves ==1.0.43" in page.locator("tr:target").inner_text()


def test_the_pictures_in_the_documentation_are_small_enough(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if request.config.getoption("--update"):
        _take_pictures(request.getfixturevalue("browser"), tmp_path)

    sizes = {path.name: path.stat().st_size for path in PICTURES.glob("review*.png")}
    assert sizes.keys() == {"review.png", "review-narrow.png"}
    assert max(sizes.values()) < LARGEST


def _take_pictures(browser: Browser, folder: Path) -> None:
    """Of the release that waits here, by the hand and on the day that the documentation names."""
    copy, place = Sandbox(folder / "agents"), folder / "review.html"
    whole = ["git", "checkout-index", "--all", f"--prefix={copy.root}/"]
    subprocess.run(whole, cwd=ROOT, timeout=PATIENCE, check=True)
    copy.commit("Free native resources before a job process ends (#1042)")
    ran = copy.monorelease("review", "--no-open", "--date", "2026-11-22", "--output", str(place))
    assert ran.status == 0, ran.stderr
    PICTURES.mkdir(parents=True, exist_ok=True)
    with opened(browser, place) as page:
        page.hover("a.node >> nth=5")
        page.screenshot(path=PICTURES / "review.png", clip=_clip(1440, 1500), full_page=True)
    with opened(browser, place, width=360, scheme="dark") as page:
        page.focus("a.node >> nth=5")
        page.screenshot(path=PICTURES / "review-narrow.png", clip=_clip(360, 1400), full_page=True)
    if (shrink := shutil.which("pngquant")) is not None:
        for path in PICTURES.glob("review*.png"):
            subprocess.run([shrink, "--force", "--ext=.png", path], timeout=PATIENCE, check=True)


def _clip(width: int, height: int) -> Any:  # noqa: ANN401 - Playwright's own
    return {"x": 0, "y": 0, "width": width, "height": height}


def _beyond(page: Page, width: int) -> list[str]:
    """Elements that stick out of the window, outside of boxes that scroll."""
    found: list[str] = page.evaluate(
        """width => [...document.querySelectorAll('body *')]
        .filter(each => !each.closest('.scroll, nav') && each.checkVisibility())
        .filter(each => each.getBoundingClientRect().right > width + 0.5)
        .map(each => each.outerHTML.slice(0, 120))""",
        width,
    )
    return found


def _ground(page: Page, selector: str = "body") -> tuple[float, ...]:
    colour: str = page.locator(selector).evaluate("each => getComputedStyle(each).backgroundColor")
    return tuple(float(number) for number in colour[colour.index("(") + 1 : -1].split(","))


def _told(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: {violation['help']}: {violation['nodes'][0]['html'][:200]}"


_UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"

_STOPS = "[...document.querySelectorAll('a[href],summary,[tabindex=\"0\"]')]"

_COUNT = f"{_STOPS}.filter(each => each.checkVisibility()).length"

_STOP = f"""() => {{
const at = document.activeElement, style = getComputedStyle(at), box = at.querySelector('rect');
const isNode = at.classList.contains('node');
const isSeen = isNode ? getComputedStyle(box).strokeWidth === '3px' : style.outlineStyle !== 'none';
const shown = [...document.querySelectorAll('.answer')].filter(each => each.checkVisibility());
const words = isNode ? shown.map(each => each.textContent) : [];
return [{_STOPS}.indexOf(at), isSeen, at.getAttribute('href') || '', words];
}}"""
