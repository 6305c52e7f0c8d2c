"""Reviews as the reports get them, from a workspace and its fragments; and pages taken apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import PurePosixPath

from packaging.utils import NormalizedName

from monorelease.model.channel import Channel, Stable
from monorelease.model.config import LOCAL_INDEX, Config
from monorelease.model.forge import ForgeConfig
from monorelease.model.fragment import Fragment
from monorelease.model.patch import FileEdit, Patch
from monorelease.model.plan import Scope
from monorelease.model.review import Prospect, Review, Stage
from monorelease.model.workspace import Workspace
from monorelease.planning.plan import plan_release
from monorelease.planning.waves import waves

FINAL = Stable()
PLAIN = Config()
EVERYTHING = Scope()
VOID = frozenset({"meta", "br", "hr", "img", "input", "link", "wbr"})


def review_of(
    space: Workspace,
    *fragments: Fragment,
    config: Config = PLAIN,
    channel: Channel = FINAL,
    scope: Scope = EVERYTHING,
) -> Review:
    """What `workflows.review` makes of it, with notes in one line and nothing but changelogs."""
    plan = plan_release(space, fragments, config, channel, scope=scope)
    is_stable = isinstance(channel, Stable)
    notes = {
        release.name: f"## {release.target}\n\n- {_words(release.fragments, fragments)}\n"
        for release in plan.releases
        if is_stable
    }
    files = {name: PurePosixPath("packages", name, "CHANGELOG.md") for name in notes}
    edits = (
        FileEdit(path=files[name], before=b"# It\n", after=f"# It\n\n{text}".encode())
        for name, text in notes.items()
    )
    published = [release for release in plan.releases if not release.private]
    return Review(
        title="repository",
        date="2026-11-22",
        stage=Stage.WAITING,
        workspace=space,
        plan=plan,
        patch=Patch.of(tuple(edits)),
        notes=notes,
        changelogs=files,
        fragments=fragments,
        origins=None,
        resting={name: ("no fragment names it",) for name in space.names if name not in plan},
        findings=(),
        prospect=Prospect(
            index=LOCAL_INDEX,
            waves=waves(space, [release.name for release in published]),
            tags={r.name: f"{r.name}-v{r.target}" for r in published if is_stable},
            tagged_first=frozenset(),
            private=tuple(release.name for release in plan.releases if release.private),
            remote="",
            forge=ForgeConfig(),
        ),
    )


def _words(paths: Sequence[PurePosixPath], fragments: Sequence[Fragment]) -> str:
    texts = {fragment.path: fragment.text for fragment in fragments}
    return " ".join(texts[path] for path in paths) or "Updated."


@dataclass
class Element:
    """A tag with its attributes, and where it stands."""

    tag: str
    attributes: Mapping[str, str]
    above: tuple[str, ...]
    """The tags around it, the outermost first."""
    words: list[str] = field(default_factory=list)
    """All that is said in it."""

    @property
    def text(self) -> str:
        """All that is said in it, on one line."""
        return " ".join("".join(self.words).split())


class Page(HTMLParser):
    """A document as a browser would read it; a tag that is not closed is an error."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open, [each.tag for each in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open it, inside all that are open."""
        found = Element(tag, {k: v or "" for k, v in attrs}, tuple(e.tag for e in self._open))
        assert len(found.attributes) == len(attrs), attrs
        self.elements.append(found)
        if tag not in VOID:
            self._open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open it: to a browser the stroke before the bracket means nothing."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close the last one, which it must be."""
        assert self._open
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        """Words belong to everything that is open."""
        for element in self._open:
            element.words.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every such element with these attributes; ``class_`` is one of its classes."""
        return [each for each in self.elements if each.tag == tag and _has(each, attributes)]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def ids(self) -> list[str]:
        """Every id, in the order of the page."""
        return [each.attributes["id"] for each in self.elements if "id" in each.attributes]

    def references(self) -> Iterator[tuple[str, str]]:
        """Every attribute by which an element could lead, or load, anything."""
        leading = {"action", "background", "cite", "data", "formaction", "href", "poster", "ping"}
        leading |= {"src", "srcset", "srcdoc", "xlink:href"}
        for each in self.elements:
            yield from ((each.tag, v) for k, v in each.attributes.items() if k in leading)


def _has(element: Element, attributes: Mapping[str, str]) -> bool:
    classes = element.attributes.get("class", "").split()
    return all(
        value in classes if key == "class_" else element.attributes.get(key.rstrip("_")) == value
        for key, value in attributes.items()
    )


def names_of(page: Page) -> list[NormalizedName]:
    """Whom the table of packages has rows for, those at rest too."""
    rows = (each.attributes["id"] for each in page.all("tr") if "id" in each.attributes)
    return [NormalizedName(row.removeprefix("why-")) for row in rows]
