"""What ``uv publish`` says while it sends files, and why an index did not take one."""

from __future__ import annotations

import re
from collections.abc import Collection

from monorelease.model.publication import Refusal, RefusalKind

LONGEST = 300
"""How many characters of what somebody else says are repeated."""

_MOST_READ = 16_000
"""How many of them are looked at: an error page may be of any length."""

_UNSEEN = re.compile(r"<(script|style|title)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")

_HIDDEN = "***"
_TOKENS = re.compile(r"pypi-[A-Za-z0-9_-]{16,}|X190b2tlbl9fO[A-Za-z0-9+/=_-]*")
"""Tokens of PyPI, and ``__token__:`` as it stands in a header: nobody else's words look so."""

_BEGUN = re.compile(r"(?:Hashing|Uploading) (\S+) \([^()]*\)\s*")
_THERE = re.compile(r"File (?:\S+ )?already exists, skipping\s*")
_ERROR = re.compile(r"error\b", re.IGNORECASE)

_STATUS = re.compile(
    r"(?:status(?: code)?|error code|status (?:client|server) error) \(?(?P<code>[1-5][0-9]{2})\b"
    r"(?P<reason>[^.,():\n]*)[).:,]*\s*(?:Server says:)?(?P<words>.*)",
    re.DOTALL,
)
_CAUSE = re.compile(r"^\s*(?:cause|caused by): *(.*)$", re.IGNORECASE | re.MULTILINE)

_SERVERS_FAULT = range(500, 600)
_FORBIDDING = (401, 403)

_TAKEN = re.compile(
    r"already exists|already been taken|updating asset|overwrite artifact", re.IGNORECASE
)
"""How PyPI, devpi and pypiserver, then GitLab, Nexus and Artifactory say that a file is there.

"Existing", "non-existent" and "has already been used" are other things, and final.
"""

_FINAL = re.compile(
    r"neither a wheel nor|Failed to publish: |No files found|POST requests are not|"
    r"redirected|redirects"
)
"""What uv says of a file or an address that will be no better a moment later."""

_HUNG_UP = re.compile(r"broken pipe|connection reset|closed before message", re.IGNORECASE)
_ON_HANGING_UP = " (some indexes hang up on wrong credentials before they have read the file)"

_UNTRUSTED = re.compile(r"trusted publishing|Missing credentials", re.IGNORECASE)
_UNHEARD = re.compile(r"Failed to fetch|error sending request|timed out", re.IGNORECASE)


def file_begun(line: str) -> str | None:
    """The name of the file that uv says it begins with; each is named once or twice."""
    found = _BEGUN.fullmatch(line)
    return found and found[1]


def says_there(line: str) -> bool:
    """Whether uv says that it leaves out a file because the index has one by its name."""
    return bool(_THERE.fullmatch(line))


def begins_error(line: str) -> bool:
    """Whether uv says from here on why it stops: what follows may be the words of the index."""
    return bool(_ERROR.match(line))


def parse_refusal(said: str, secrets: Collection[str] = ()) -> Refusal:
    """Why a file was not taken, from what uv said of it in the end.

    Args:
        said: everything since uv began with the file; it may contain anything at all.
        secrets: what must not be repeated, in all its spellings.
    """
    begin = re.search(r"^error\b", said, re.IGNORECASE | re.MULTILINE)
    error = said[begin.start() :] if begin else said
    if "POST requests are not" not in error and (status := _STATUS.search(error)):
        code, reason, words = int(status["code"]), status["reason"], status["words"]
        is_trust = bool(_UNTRUSTED.search(error[: status.start("words")]))
        told = [_plain(f"{code}{reason}", secrets), _plain(words, secrets).removeprefix(f"{code} ")]
        return Refusal(
            kind=_kind_of(code, words, is_trust=is_trust), words=_cut(": ".join(filter(None, told)))
        )
    causes = _CAUSE.findall(error) or [error]
    words = _cut(_plain(": ".join(causes[-2:]), secrets)) or "uv did not say why"
    advice = _ON_HANGING_UP if _HUNG_UP.search(causes[-1]) else ""
    return Refusal(kind=_kind_without_code(error), words=f"{words}{advice}")


def never_sent(filename: str, said: str, secrets: Collection[str] = ()) -> Refusal:
    """Why a file was not taken of which uv, which ended well, never said that it began."""
    about_it = [line for line in scrub(said, secrets).splitlines() if filename in line]
    if about_it:
        return Refusal(kind=RefusalKind.INVALID, words=_cut(_plain(about_it[-1], secrets)))
    return Refusal(kind=RefusalKind.UNREACHABLE, words="uv did not send it, and did not say why")


def scrub(text: str, secrets: Collection[str]) -> str:
    """The text without these secrets, and without what looks like a token of PyPI."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, _HIDDEN)
    return _TOKENS.sub(_HIDDEN, text)


def _kind_of(code: int, words: str, *, is_trust: bool) -> RefusalKind:
    match code:
        case 409:
            return RefusalKind.EXISTS
        case 400 | 403 if _TAKEN.search(words):
            return RefusalKind.EXISTS
        case 429:
            return RefusalKind.TOO_MANY
        case _ if code in _SERVERS_FAULT:
            return RefusalKind.SERVER
        case _ if is_trust or code in _FORBIDDING:
            return RefusalKind.FORBIDDEN
        case _:
            return RefusalKind.INVALID


def _kind_without_code(error: str) -> RefusalKind:
    if _FINAL.search(error):
        return RefusalKind.INVALID
    if _UNTRUSTED.search(error) and not _UNHEARD.search(error):
        return RefusalKind.FORBIDDEN
    return RefusalKind.UNREACHABLE


def _plain(text: str, secrets: Collection[str]) -> str:
    """One line of the words that a person would see; perhaps an empty one.

    What is taken out leaves a blank, so that nothing comes together that stood apart.
    """
    from html import unescape

    seen = _UNSEEN.sub(" ", scrub(text, secrets)[:_MOST_READ])
    words = scrub(unescape(_TAG.sub(" ", seen)), secrets)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1].rstrip()}…"
