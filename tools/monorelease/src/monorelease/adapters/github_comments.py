"""The comments on a pull request at GitHub that we have written, and that are meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from monorelease.adapters.comments import Comments, Place
from monorelease.adapters.forge_api import ForgeApi
from monorelease.adapters.forge_asking import ForgeRefused
from monorelease.formats.github_answers import Comment, parse_account, parse_comment

_FORBIDDEN = 403


class GitHubComments(Comments[Comment]):
    """See `Comments`.

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
            is_meant: see `Comments`.

        Raises:
            ForgeUnavailable: nobody can be asked, or nobody knows the token.
        """
        place = Place(everyones=(*issues, str(number), "comments"), each=(*issues, "comments"))
        super().__init__(api, place, parse_comment, is_meant)
        self._me = self._find_me()

    def is_ours(self, comment: Comment) -> bool:
        """Whether our token's owner wrote it."""
        return comment.is_by_bot if self._me is None else comment.author == self._me

    def _find_me(self) -> int | None:
        try:
            return self._api.understand(parse_account, self._api.get(("user",)))
        except ForgeRefused as refused:
            if refused.status != _FORBIDDEN:
                raise
            return None
