"""GitLab: merge requests and their notes, and releases."""

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
from monorelease.formats.gitlab_answers import (
    MergeRequest,
    Note,
    keep_draft,
    parse_merge_request,
    parse_note,
    parse_project,
    parse_release,
    parse_user,
)
from monorelease.formats.gitlab_orders import without_orders
from monorelease.model.forge import Change, ForgeRelease, Posted, PullRequest, Site
from monorelease.model.value import replace

DIALECT = Dialect(
    access=Access(
        variable="GITLAB_TOKEN",
        needs="the scope api, as a project access token of a Developer may have it (the token "
        "of a job, CI_JOB_TOKEN, may not write notes)",
    ),
    token_header="PRIVATE-TOKEN",  # noqa: S106 - the name of a header
)

LONGEST = 250_000
"""A description may have 1 MiB, and a character up to four bytes of it; a note, and what is said
of a release, may have more."""

_PRERELEASE = "*This is a pre-release.*"


class GitLab:
    """A project on GitLab.

    Releases there are neither pre-releases nor the latest one by what anybody says: the notes
    say the former, and the newest by its date is shown as the latter.
    """

    def __init__(self, site: Site, api: ForgeApi) -> None:
        """The project of `site`, asked through `api`; nothing is asked yet."""
        self._site = site
        self._api = api

    @property
    def site(self) -> Site:
        """Which project, on which GitLab."""
        return self._site

    @property
    def longest(self) -> int:
        """The most characters that it certainly takes as a description or a note."""
        return LONGEST

    def released(self, tags: Sequence[str]) -> frozenset[str]:
        """Those of `tags` that have a release.

        Each is asked for: GitLab gives lists of releases from a cache of five minutes.
        """
        # Who may not see the project is told 404 of everything in it.
        self._api.understand(parse_project, self._api.get(self._path()))
        return frozenset(tag for tag in tags if self._find_release(tag) is not None)

    def release(self, release: ForgeRelease) -> Posted:
        """Put up one release; the tag is made where there is none."""
        note = f"{_PRERELEASE}\n\n{release.notes}" if release.is_prerelease else release.notes
        body = {
            "tag_name": release.tag,
            "ref": release.commit,
            "name": release.title,
            "description": fitting_notes(replace(release, notes=note), self._site, LONGEST),
        }

        def create() -> str:
            made = self._api.send("POST", self._path("releases"), body)
            return self._api.understand(parse_release, made)

        _, is_new = self._api.ensure(lambda: self._find_release(release.tag), create)
        return Posted(
            change=Change.CREATED if is_new else Change.UNCHANGED,
            address=f"{self._site.address}/-/releases/{quoted(release.tag)}",
        )

    def pull_request(self, number: int) -> PullRequest:
        """One merge request, by the number in its project (GitLab's *iid*)."""
        return self._with_source(self._request(self._api.get(self._request_path(number))))

    def open_requests(self, head: str, owner: str = "") -> tuple[PullRequest, ...]:
        """The open ones from the branch `head` of our project, or of one of the group `owner`."""
        found = self._opened(source_branch=head)
        if not owner:
            return tuple(found.request for found in found if found.is_own)
        forks = (self._with_source(found) for found in found if not found.is_own)
        return tuple(fork for fork in forks if _group(fork).lower() == owner.lower())

    def propose(self, head: str, base: str, title: str, body: str) -> Posted:
        """Keep one open merge request with these words; whether it is a draft is kept."""
        words = {"title": title, "description": without_orders(body)}
        ends = {"source_branch": head, "target_branch": base}
        path = self._path("merge_requests")
        found, is_new = self._api.ensure(
            lambda: self._own(head, base),
            lambda: self._request(self._api.send("POST", path, {**ends, **words})).request,
        )
        words["title"] = keep_draft(title, found.title)
        return keep_words((found, is_new), words, self._edit)

    def withdraw(self, head: str, base: str, why: str) -> Posted | None:
        """Close the open merge request from `head` to `base`, with `why` as a note."""
        found = self._own(head, base)
        if found is None:
            return None
        words = without_orders(why)
        keep_one(self._api, self._notes(found.number, lambda text: same_text(text, words)), words)
        self._api.send("PUT", self._request_path(found.number), {"state_event": "close"})
        return Posted(change=Change.REMOVED, address=found.address)

    def comment(self, number: int, marker: str, text: str) -> Posted:
        """Keep one note of ours on a merge request."""
        notes = self._notes(number, lambda found: found.startswith(marker))
        note, change = keep_one(self._api, notes, marked(marker, without_orders(text)))
        address = f"{request_link(self._site, number)}#note_{note}"
        return Posted(change=change, address=address)

    def _find_release(self, tag: str) -> str | None:
        found = self._api.find(self._path("releases", tag))
        return None if found is None else self._api.understand(parse_release, found)

    def _own(self, head: str, base: str) -> PullRequest | None:
        found = self._opened(source_branch=head, target_branch=base)
        return next((found.request for found in found if found.is_own), None)

    def _opened(self, **branches: str) -> Iterator[MergeRequest]:
        query = {"state": "opened", **branches}
        for page in self._api.pages(self._path("merge_requests"), query):
            yield from (self._request(item) for item in page)

    def _request(self, answer: object) -> MergeRequest:
        return self._api.understand(lambda found: parse_merge_request(found, self._site), answer)

    def _with_source(self, found: MergeRequest) -> PullRequest:
        """It, with the name of the project that it comes from, if there is one that we may see."""
        if found.is_own or found.source is None:
            return found.request
        project = self._api.find(("projects", str(found.source)))
        name = "" if project is None else self._api.understand(parse_project, project)
        return replace(found.request, head_repository=name)

    def _notes(self, number: int, is_meant: Callable[[str], bool]) -> _Notes:
        return _Notes(self._api, (*self._request_path(number), "notes"), is_meant)

    def _edit(self, request: PullRequest, news: Mapping[str, str]) -> None:
        self._api.send("PUT", self._request_path(request.number), news)

    def _request_path(self, number: int) -> tuple[str, ...]:
        return self._path("merge_requests", str(number))

    def _path(self, *rest: str) -> tuple[str, ...]:
        return ("projects", self._site.repository, *rest)


class _Notes(Comments[Note]):
    """The notes on a merge request that we have written, and that are meant."""

    def __init__(self, api: ForgeApi, path: Sequence[str], is_meant: Callable[[str], bool]) -> None:
        query = {"sort": "asc", "order_by": "created_at"}
        place = Place(everyones=tuple(path), each=tuple(path), query=query, method="PUT")
        super().__init__(api, place, parse_note, is_meant)
        self._me = api.understand(parse_user, api.get(("user",)))

    def is_ours(self, comment: Note) -> bool:
        return comment.author == self._me and not comment.is_by_gitlab


def _group(request: PullRequest) -> str:
    return request.head_repository.rpartition("/")[0]
