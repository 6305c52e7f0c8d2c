"""What follows a release: waves of uploads, tags and news, as far as nobody has to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packaging.utils import NormalizedName

from monorelease.model.channel import Snapshot
from monorelease.model.review import Prospect, Review
from monorelease.model.words import counted
from monorelease.reports.review_markup import Html, element, joined, stacked, text

_MANY = 30
"""Tags that are folded."""


def publishing_html(review: Review) -> Html:
    """The steps of ``monorelease publish``, in their order."""
    steps = (element("li", *step) for step in _steps(review))
    return stacked(
        element(
            "p",
            text("Once the release is committed, "),
            element("code", text("monorelease publish")),
            text(" does this, and asks index, tags and forge before each step what is done:"),
        ),
        element("ol", stacked(*steps), class_="steps"),
    )


def index_words(prospect: Prospect) -> str:
    """Where packages go."""
    target = prospect.index
    if target.folder is not None:
        return f"{target.name}: the folder {target.folder}, for a rehearsal"
    return f"{target.name}: {target.upload_url}"


def wave_words(prospect: Prospect) -> tuple[tuple[str, tuple[NormalizedName, ...]], ...]:
    """Each wave's title and members."""
    count = len(prospect.waves)
    return tuple(
        (f"Wave {number} of {count}", wave) for number, wave in enumerate(prospect.waves, 1)
    )


def tag_words(review: Review) -> tuple[str, tuple[str, ...]]:
    """What is done with tags, and their names."""
    prospect = review.prospect
    if isinstance(review.plan.channel, Snapshot):
        return "A snapshot is not tagged.", ()
    if not prospect.tags:
        return "There is nothing to tag.", ()
    where = f", pushed to {prospect.remote}" if prospect.remote else ", kept in this clone"
    first = ""
    if prospect.tagged_first:
        names = ", ".join(sorted(prospect.tagged_first))
        first = f"; before the upload where the tag is the version ({names})"
    count = counted(len(prospect.tags), "tag")
    return f"{count} on the release commit{where}{first}:", tuple(prospect.tags.values())


def news_words(review: Review) -> str:
    """Who is told."""
    forge = review.prospect.forge
    if isinstance(review.plan.channel, Snapshot):
        return "A snapshot is announced to nobody."
    if forge.kind is None:
        return "No forge is configured: who publishes reads the notes of what has arrived."
    if review.prospect.index.is_rehearsal:
        return "A rehearsal is announced to nobody."
    told = [f"one {forge.kind.value} release for each tag"] * forge.announce
    told += [f"one for the whole wave ({forge.roll_up})"] * bool(forge.roll_up)
    return f"Announced: {' and '.join(told)}." if told else "Announcements are switched off."


def _steps(review: Review) -> Iterator[Sequence[Html]]:
    prospect = review.prospect
    if prospect.waves:
        waves = (
            element("li", element("b", text(title)), _names(wave, review))
            for title, wave in wave_words(prospect)
        )
        yield (
            element("p", text(f"Upload to {index_words(prospect)}")),
            element("ul", stacked(*waves), class_="waves"),
        )
    words, tags = tag_words(review)
    yield element("p", text(words)), *_folded(tags)
    yield (element("p", text(news_words(review))),)
    if prospect.private:
        yield (
            element("p", text("Private, and so never published:")),
            _names(prospect.private, review),
        )


def _names(names: Sequence[NormalizedName], review: Review) -> Html:
    items = (
        element("li", joined((text(name), element("b", text(str(review.plan.targets[name])))), " "))
        for name in names
    )
    return element("ul", *items, class_="names")


def _folded(tags: Sequence[str]) -> Iterator[Html]:
    if not tags:
        return
    items = element("ul", *(element("li", text(tag)) for tag in tags), class_="names")
    if len(tags) <= _MANY:
        yield items
    else:
        yield element("details", element("summary", text("All of them")), items)
