"""Forgejo and Gitea: pull requests and the comments on them, and releases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from monorelease.adapters.comments import Comments, Place
from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.forge_asking import Dialect
from monorelease.adapters.one_comment import keep_one, marked, same_text
from monorelease.adapters.one_request import keep_words
from monorelease.formats.forge_links import quoted, request_link
from monorelease.formats.forge_notes import fitting_notes
from monorelease.formats.forge_refusals import Access
from monorelease.formats.forgejo_answers import (
    Comment,
    Release,
    keep_draft,
    parse_comment,
    parse_comments,
    parse_release,
    parse_repository,
    parse_user,
)
from monorelease.formats.github_answers import parse_pull
from monorelease.model.forge import Change, ForgeRelease, Posted, PullRequest, Site

DIALECT = Dialect(
    access=Access(
        variable="FORGEJO_TOKEN",
        needs="write:repository, write:issue and read:user",
    ),
    token_prefix="token ",  # noqa: S106 - what stands before every token
    page_size="limit",
)

LONGEST = 65_536
"""Forgejo tells no limit; this is GitHub's, and more than anybody reads."""

LONGEST_NOTES = 125_000
"""For the same reason."""


class Forgejo:
    """A repository on Forgejo or Gitea.

    Which release is the latest cannot be said there: it is the newest one that is neither a
    draft nor a pre-release.
    """

    def __init__(self, site: Site, api: ForgeApi) -> None:
        """The repository of `site`, asked through `api`; nothing is asked yet."""
        self._site = site
        self._api = api

    @property
    def site(self) -> Site:
        """Which repository, on which server."""
        return self._site

    @property
    def longest(self) -> int:
        """The most characters that are sent as the text of a comment or a pull request."""
        return LONGEST

    def released(self, tags: Sequence[str]) -> frozenset[str]:
        """Those of `tags` that have a release; each is asked for."""
        # Who may not see the repository is told 404 of everything in it.
        self._api.understand(parse_repository, self._api.get(self._path()))
        found = ((tag, self._find_release(tag)) for tag in tags)
        return frozenset(tag for tag, there in found if there is not None and not there.is_draft)

    def release(self, release: ForgeRelease) -> Posted:
        """Put up one release; the tag is made where there is none."""
        body = {
            "tag_name": release.tag,
            "target_commitish": release.commit,
            "name": release.title,
            "body": fitting_notes(release, self._site, LONGEST_NOTES),
            "draft": False,
            "prerelease": release.is_prerelease,
        }

        def create() -> Release:
            made = self._api.send("POST", self._path("releases"), body)
            return self._api.understand(parse_release, made)

        found, is_new = self._api.ensure(lambda: self._find_release(release.tag), create)
        if found.is_draft:
            raise self._api.unavailable(
                f"has a draft of a release for {release.tag}, which nobody sees",
                "publish it there, or delete it (the tag may stay); then run the command again",
            )
        return Posted(
            change=Change.CREATED if is_new else Change.UNCHANGED,
            address=f"{self._site.address}/releases/tag/{quoted(release.tag)}",
        )

    def pull_request(self, number: int) -> PullRequest:
        """One pull request, open or not."""
        return self._pull(self._api.get(self._pull_path(number)))

    def open_requests(self, head: str, owner: str = "") -> tuple[PullRequest, ...]:
        """The open ones from the branch `head`, of the fork of `owner` or of this repository."""
        found = (pull for pull in self._opened() if pull.head == head)
        if not owner:
            return tuple(pull for pull in found if self._is_own(pull))
        return tuple(
            pull
            for pull in found
            if not self._is_own(pull) and _owner(pull).lower() == owner.lower()
        )

    def propose(self, head: str, base: str, title: str, body: str) -> Posted:
        """Keep one open pull request with these words; whether it is a draft is kept."""
        words = {"title": title, "body": body}
        ends = {"head": head, "base": base}
        found, is_new = self._api.ensure(
            lambda: self._own(head, base),
            lambda: self._pull(self._api.send("POST", self._path("pulls"), {**ends, **words})),
        )
        words["title"] = keep_draft(title, found.title)
        return keep_words((found, is_new), words, self._edit)

    def withdraw(self, head: str, base: str, why: str) -> Posted | None:
        """Close the open pull request from `head` to `base`, with `why` as a comment."""
        found = self._own(head, base)
        if found is None:
            return None
        keep_one(self._api, self._comments(found.number, lambda text: same_text(text, why)), why)
        self._api.send("PATCH", self._pull_path(found.number), {"state": "closed"})
        return Posted(change=Change.REMOVED, address=found.address)

    def comment(self, number: int, marker: str, text: str) -> Posted:
        """Keep one comment of ours on a pull request."""
        comments = self._comments(number, lambda found: found.startswith(marker))
        comment, change = keep_one(self._api, comments, marked(marker, text))
        address = f"{request_link(self._site, number)}#issuecomment-{comment}"
        return Posted(change=change, address=address)

    def _find_release(self, tag: str) -> Release | None:
        found = self._api.find(self._path("releases", "tags", tag))
        return None if found is None else self._api.understand(parse_release, found)

    def _own(self, head: str, base: str) -> PullRequest | None:
        found = (pull for pull in self._opened() if self._is_own(pull))
        return next((pull for pull in found if (pull.head, pull.base) == (head, base)), None)

    def _opened(self) -> Iterator[PullRequest]:
        for page in self._api.pages(self._path("pulls"), {"state": "open"}):
            yield from (self._pull(item) for item in page)

    def _is_own(self, pull: PullRequest) -> bool:
        return pull.head_repository == self._site.repository

    def _pull(self, answer: object) -> PullRequest:
        return self._api.understand(lambda found: parse_pull(found, self._site), answer)

    def _comments(self, number: int, is_meant: Callable[[str], bool]) -> _Comments:
        return _Comments(self._api, self._path("issues"), number, is_meant)

    def _edit(self, pull: PullRequest, news: Mapping[str, str]) -> None:
        self._api.send("PATCH", self._pull_path(pull.number), news)

    def _pull_path(self, number: int) -> tuple[str, ...]:
        return self._path("pulls", str(number))

    def _path(self, *rest: str) -> tuple[str, ...]:
        owner, _, name = self._site.repository.partition("/")
        return ("repos", owner, name, *rest)


class _Comments(Comments[Comment]):
    """The comments on a pull request that we have written, and that are meant."""

    def __init__(
        self, api: ForgeApi, issues: Sequence[str], number: int, is_meant: Callable[[str], bool]
    ) -> None:
        place = Place(everyones=(*issues, str(number), "comments"), each=(*issues, "comments"))
        super().__init__(api, place, parse_comment, is_meant)
        self._me = api.understand(parse_user, api.get(("user",)))

    def everyones(self) -> Iterator[Comment]:
        yield from self._api.understand(parse_comments, self._api.get(self._place.everyones))

    def is_ours(self, comment: Comment) -> bool:
        return comment.author == self._me


def _owner(pull: PullRequest) -> str:
    return pull.head_repository.partition("/")[0]
