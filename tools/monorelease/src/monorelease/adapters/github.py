"""GitHub, and GitHub Enterprise: pull requests and the comments on them, and releases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from monorelease.adapters.forge_api import MOST_PAGES, ForgeApi
from monorelease.adapters.forge_asking import Dialect, ForgeRefused
from monorelease.adapters.github_comments import GitHubComments
from monorelease.adapters.one_comment import keep_one, marked, same_text
from monorelease.adapters.one_request import keep_words
from monorelease.formats.forge_links import quoted, request_link
from monorelease.formats.forge_notes import fitting_notes
from monorelease.formats.forge_refusals import Access
from monorelease.formats.github_answers import parse_pull, parse_release
from monorelease.model.forge import Change, ForgeRelease, Posted, PullRequest, Site

DIALECT = Dialect(
    access=Access(variable="GITHUB_TOKEN", needs="to write contents, issues and pull requests"),
    token_prefix="Bearer ",  # noqa: S106 - what stands before every token
    headers=(
        ("Accept", "application/vnd.github+json"),
        ("X-GitHub-Api-Version", "2022-11-28"),
    ),
    is_numbered=False,
)

LONGEST = 65_536
"""Characters in the text of a comment or a pull request; more is refused."""

LONGEST_NOTES = 125_000
"""Characters in the text of a release; more is refused."""

_FEW_PAGES = 2
_TAGS_A_PAGE = 10
"""For so many tags one more page is asked for: it is longer, and one request."""

_NOT_FOUND = 404


class GitHub:
    """A repository on GitHub."""

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
        """The most characters that it takes as the text of a comment or a pull request."""
        return LONGEST

    def released(self, tags: Sequence[str]) -> frozenset[str]:
        """Those of `tags` that have a release (a draft is none).

        The newest releases are listed, a hundred at a time; only tags of old ones are asked
        for one by one. A job may ask a thousand times an hour, so many tags are worth many pages.
        """
        missing, found = set(tags), set[str]()
        if not missing:
            return frozenset()
        pages = self._api.pages(self._path("releases"))
        for _ in range(min(_FEW_PAGES + len(missing) // _TAGS_A_PAGE, MOST_PAGES)):
            page = next(pages, ())
            listed = (self._api.understand(parse_release, item) for item in page)
            found |= {release.tag for release in listed if not release.is_draft} & missing
            missing -= found
            if not missing or not page:
                return frozenset(found)
        return frozenset(found | {tag for tag in missing if self._find_release(tag)})

    def release(self, release: ForgeRelease) -> Posted:
        """Put up one release; the tag is made where there is none.

        A draft that a person has made for the tag is left alone: GitHub keeps both.
        """

        def create() -> bool:
            self._api.send("POST", self._path("releases"), self._words(release))
            return True

        try:
            _, is_new = self._api.ensure(lambda: self._find_release(release.tag) or None, create)
        except ForgeRefused as refused:
            raise self._explained(refused) from None
        change = Change.CREATED if is_new else Change.UNCHANGED
        address = f"{self._site.address}/releases/tag/{quoted(release.tag, '/')}"
        return Posted(change=change, address=address)

    def pull_request(self, number: int) -> PullRequest:
        """One pull request, open or not."""
        return self._pull(self._api.get(self._pull_path(number)))

    def open_requests(self, head: str, owner: str = "") -> tuple[PullRequest, ...]:
        """The open ones from the branch `head`, of the fork of `owner` or of this repository."""
        found = tuple(self._opened(head, owner or self._owner))
        if not owner:
            return tuple(pull for pull in found if self._is_own(pull))
        return tuple(pull for pull in found if not self._is_own(pull))

    def propose(self, head: str, base: str, title: str, body: str) -> Posted:
        """Keep one open pull request with these words; what a person closed stays closed."""
        words = {"title": title, "body": body}
        ends = {"head": head, "base": base}
        found = self._api.ensure(
            lambda: self._own(head, base),
            lambda: self._pull(self._api.send("POST", self._path("pulls"), {**ends, **words})),
        )
        return keep_words(found, words, self._edit)

    def withdraw(self, head: str, base: str, why: str) -> Posted | None:
        """Close the open pull request from `head` to `base`, with `why` as a comment."""
        found = self._own(head, base)
        if found is None:
            return None
        comments = self._comments(found.number, lambda text: same_text(text, why))
        keep_one(self._api, comments, why)
        self._api.send("PATCH", self._pull_path(found.number), {"state": "closed"})
        return Posted(change=Change.REMOVED, address=found.address)

    def comment(self, number: int, marker: str, text: str) -> Posted:
        """Keep one comment of ours on a pull request."""
        comments = self._comments(number, lambda found: found.startswith(marker))
        comment, change = keep_one(self._api, comments, marked(marker, text))
        address = f"{request_link(self._site, number)}#issuecomment-{comment}"
        return Posted(change=change, address=address)

    def _find_release(self, tag: str) -> bool:
        found = self._api.find(self._path("releases", "tags", tag))
        return found is not None and not self._api.understand(parse_release, found).is_draft

    def _words(self, release: ForgeRelease) -> dict[str, object]:
        may_be_latest = release.is_latest and not release.is_prerelease
        return {
            "tag_name": release.tag,
            "target_commitish": release.commit,
            "name": release.title,
            "body": fitting_notes(release, self._site, LONGEST_NOTES),
            "prerelease": release.is_prerelease,
            # Of those that may be, GitHub takes the newest and highest; "true" takes the last one.
            "make_latest": "legacy" if may_be_latest else "false",
        }

    def _explained(self, refused: ForgeRefused) -> ForgeRefused:
        """GitHub tells 404, too, of a commit whose workflows the token may not change."""
        if refused.status == _NOT_FOUND:
            refused.hint += (
                "; so is a token that lacks the permission workflows, where the commit's "
                ".github/workflows are not those of the default branch"
            )
        return refused

    @property
    def _owner(self) -> str:
        return self._site.repository.partition("/")[0]

    def _own(self, head: str, base: str) -> PullRequest | None:
        found = (pull for pull in self._opened(head, self._owner) if self._is_own(pull))
        return next((pull for pull in found if pull.base == base), None)

    def _opened(self, head: str, owner: str) -> Iterator[PullRequest]:
        wanted = {"state": "open", "head": f"{owner}:{head}"}
        for page in self._api.pages(self._path("pulls"), wanted):
            for pull in map(self._pull, page):
                # What it cannot make sense of, GitHub leaves out of the question.
                if pull.head == head and _owner_of(pull) == owner.lower():
                    yield pull

    def _is_own(self, pull: PullRequest) -> bool:
        return pull.head_repository.lower() == self._site.repository.lower()

    def _pull(self, answer: object) -> PullRequest:
        return self._api.understand(lambda found: parse_pull(found, self._site), answer)

    def _comments(self, number: int, is_meant: Callable[[str], bool]) -> GitHubComments:
        return GitHubComments(self._api, self._path("issues"), number, is_meant)

    def _edit(self, pull: PullRequest, news: Mapping[str, str]) -> None:
        self._api.send("PATCH", self._pull_path(pull.number), news)

    def _pull_path(self, number: int) -> tuple[str, ...]:
        return self._path("pulls", str(number))

    def _path(self, *rest: str) -> tuple[str, ...]:
        return ("repos", *self._site.repository.split("/"), *rest)


def _owner_of(pull: PullRequest) -> str:
    return pull.head_repository.partition("/")[0].lower()
