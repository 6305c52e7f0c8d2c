"""The comments on a pull request at GitHub that we have written, and that are meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.forge_asking import ForgeRefused
from monorelease.adapters.one_comment import Said
from monorelease.formats.github_answers import Comment, parse_account, parse_comment

_FORBIDDEN, _NOT_FOUND = 403, 404


class GitHubComments:
    """See `monorelease.adapters.one_comment.Board`.

    Ours are those of the account that the token belongs to. The token of an App belongs to
    none that it may ask for, and neither does that of a job in a workflow: theirs are those of
    any App, and never a person's.
    """

    def __init__(
        self, api: ForgeApi, issues: Sequence[str], number: int, is_meant: Callable[[str], bool]
    ) -> None:
        """Ask who we are.

        Args:
            api: where to ask.
            issues: the path of the repository's issues, as which pull requests count here.
            number: of the pull request.
            is_meant: tells by its text whether a comment of ours is one that we look for.

        Raises:
            ForgeUnavailable: nobody can be asked, or nobody knows the token.
        """
        self._api = api
        self._all = (*issues, str(number), "comments")
        self._one = (*issues, "comments")
        self._is_meant = is_meant
        self._me = self._find_me()

    def ours(self) -> tuple[Said, ...]:
        """All that are there now, of however many."""
        everyones = (
            self._api.understand(parse_comment, item)
            for page in self._api.pages(self._all)
            for item in page
        )
        return tuple(
            Said(number=comment.number, text=comment.text)
            for comment in everyones
            if self._is_ours(comment) and self._is_meant(comment.text)
        )

    def write(self, text: str) -> Said:
        """Add one."""
        made = self._api.send("POST", self._all, {"body": text})
        comment = self._api.understand(parse_comment, made)
        return Said(number=comment.number, text=comment.text)

    def rewrite(self, number: int, text: str) -> None:
        """Give one other words."""
        self._api.send("PATCH", (*self._one, str(number)), {"body": text})

    def erase(self, number: int) -> None:
        """Remove one; it may be gone already."""
        try:
            self._api.send("DELETE", (*self._one, str(number)))
        except ForgeRefused as refused:
            if refused.status != _NOT_FOUND:
                raise

    def _find_me(self) -> int | None:
        try:
            return self._api.understand(parse_account, self._api.get(("user",)))
        except ForgeRefused as refused:
            if refused.status != _FORBIDDEN:
                raise
            return None

    def _is_ours(self, comment: Comment) -> bool:
        return comment.is_by_bot if self._me is None else comment.author == self._me
