"""A notice at the top of a release pull request: that it is behind, and why."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from monorelease.errors import ProblemsFound, ReleaseError
from monorelease.formats.forge_links import commit_link, file_link
from monorelease.model.forge import Site
from monorelease.model.value import value
from monorelease.model.words import short
from monorelease.reports.findings_list import findings_list
from monorelease.reports.harmless import code, fenced, inline, link, linked
from monorelease.reports.release_body import MARKER

_BEGIN, _END = "<!-- monorelease: notice -->", "<!-- monorelease: end of the notice -->"
_NOTICE = re.compile(rf"{re.escape(_BEGIN)}.*?{re.escape(_END)}\s*", re.DOTALL)

_LONGEST = 3000
"""Characters of a problem."""


@value
class Behind:
    """What a release pull request does not have."""

    base: str
    """The branch that it is for."""
    commit: str
    """The commit there: the full object name."""
    problem: ReleaseError
    """What keeps the branch from being brought there."""
    site: Site
    prefix: PurePosixPath = PurePosixPath()
    """Where the workspace lies in the repository."""

    def to_file(self, words: str, path: PurePosixPath, line: int | None = None) -> str:
        """`words` as code, linked to a file as it is on the base."""
        return linked(code(words), file_link(self.site, self.commit, self.prefix / path, line))


def with_notice(text: str, behind: Behind, longest: int) -> str:
    """The `text` of a pull request of ours with the notice on top, in place of an earlier one.

    Where both are longer than `longest` the text is left out: the next release brings it back.
    """
    rest = _NOTICE.sub("", text).replace(MARKER, "").strip("\r\n")
    notice = "\n\n".join((_BEGIN, *_words(behind), _END))
    whole = f"{MARKER}\n\n{notice}\n\n{rest}\n"
    return whole if len(whole) <= longest else f"{MARKER}\n\n{notice}\n"


def _words(behind: Behind) -> tuple[str, ...]:
    problem = behind.problem
    commit = link(short(behind.commit), commit_link(behind.site, behind.commit))
    heading = "### Do not merge this yet: it is behind"
    where = f"What {code(behind.base)} would release at {commit} is not what is on this branch."
    if isinstance(problem, ProblemsFound):
        found = findings_list(problem.findings, behind.to_file)
        return heading, f"{where} That release cannot be made:", found, _WHEN
    return heading, f"{where} It stays as it is because:", *_told(problem), _WHEN


def _told(problem: ReleaseError) -> tuple[str, ...]:
    """What we say of it; no forge masks the secrets that other programs print, as logs do."""
    ours, _, theirs = str(problem).partition("\n")
    words = (fenced(ours[:_LONGEST]), f"What to do: {inline(problem.hint)}")
    return (*words, _MORE) if theirs else words


_MORE = "What another program said about it is in the log of the run alone."
_WHEN = "This notice goes away by itself once that is settled."
