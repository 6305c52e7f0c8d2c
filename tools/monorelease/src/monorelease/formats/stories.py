"""A fragment as changelogs tell it: the whole text with its links and thanks, or one sentence."""

from __future__ import annotations

from functools import cached_property

from monorelease.formats.markdown import close, plain
from monorelease.formats.prose import add_words, first_sentence, literal
from monorelease.formats.updates import Change
from monorelease.model.config import ChangelogConfig
from monorelease.model.fragment import Fragment, Origin

_SHORT = 7
"""Characters of a commit's name, as git itself abbreviates it."""


class Story:
    """A fragment and where it came from, if that is known."""

    def __init__(self, *, fragment: Fragment, origin: Origin | None) -> None:
        self.fragment = fragment
        self.origin = origin

    @cached_property
    def issues(self) -> tuple[str, ...]:
        """The number in the file's name, else the pull request of its commit, if any."""
        if not self.fragment.id.startswith("+"):
            return (" ".join(plain(self.fragment.id).split()),)
        number = self.origin.pull_request if self.origin else None
        return () if number is None else (str(number),)

    @cached_property
    def change(self) -> Change:
        """What dependents say of it."""
        return Change(sentence=first_sentence(self.fragment.text), issues=self.issues)

    def text(self, changelog: ChangelogConfig) -> str:
        """The whole text; with thanks, if they are wanted, and the commit, if there is no issue.

        Code and comments that the text leaves open are closed, lest they swallow what follows.
        """
        text = close(plain(self.fragment.text).strip())
        if self.origin and changelog.authors and not self.origin.author.endswith("[bot]"):
            text = add_words(text, f"Thanks {literal(self.origin.author)}!")
        if self.origin and not self.issues:
            text = add_words(text, f"({_commit(self.origin.commit, changelog.commit_link)})")
        return text


def link_target(link: str) -> str:
    """`link` as it may stand in the round brackets of a Markdown link."""
    return link.replace("(", "%28").replace(")", "%29")


def _commit(commit: str, link: str) -> str:
    short = f"`{commit[:_SHORT]}`"
    return f"[{short}]({link_target(link).replace('{commit}', commit)})" if link else short
