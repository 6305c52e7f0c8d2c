"""Let a pull request of ours have the words that it is to have, and send no others."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from monorelease.adapters.one_comment import same_text
from monorelease.model.forge import Change, Posted, PullRequest


def keep_words(
    found: tuple[PullRequest, bool],
    words: Mapping[str, str],
    edit: Callable[[PullRequest, Mapping[str, str]], object],
) -> Posted:
    """Where it stands, and what was done for it.

    Args:
        found: the pull request as it is, and whether it was opened just now.
        words: its title, then its text, by the forge's names for them.
        edit: sends those of them that differ.
    """
    request, is_new = found
    now = zip(words.items(), (request.title, request.body), strict=True)
    news = {name: text for (name, text), old in now if not same_text(old, text)}
    if news:
        edit(request, news)
        return Posted(change=Change.UPDATED, address=request.address)
    change = Change.CREATED if is_new else Change.UNCHANGED
    return Posted(change=change, address=request.address)
