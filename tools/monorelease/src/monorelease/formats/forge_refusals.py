"""What a forge means when it refuses: for how long, why, and what somebody can do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from monorelease.formats.answers import BadAnswer, parse_json
from monorelease.model.value import value

LONGEST = 300
"""How many characters of the forge's own words are repeated."""

_MOST_READ = 64_000
"""How many bytes of a refusal are looked at."""

_DEEPEST = 4
_MOST_TOLD = 6
_MOST_FIELDS = 30
_UNKNOWN, _FORBIDDEN, _TOO_MANY = 401, 403, 429
_UNTOLD_WAIT = 60.0
"""Seconds that a forge is left alone that limits us and says not for how long, as GitHub asks."""

_FAR_FUTURE = 1e11
"""In seconds since 1970; what is there already is no date to go by."""

_WORDY = frozenset({"message", "error", "error_description", "errors"})
_NEEDED = re.compile(r"[A-Za-z0-9_:,;=. -]{1,200}")
_MAY_NOT_PROPOSE = "not permitted to create or approve pull requests"

_HINTS = {
    404: "check the repository's name in [tool.monorelease.forge], and the number where one was "
    "given; who may not see the repository, by the token, is told the same",
    409: "somebody may have changed the same at the same time: run the command again",
    410: "check that this is switched on in the repository's settings",
}
_HINT = "the forge's own words should say what is wrong; what was done before stays"


@value
class Access:
    """What a forge asks of those who come."""

    variable: str
    """The environment's variable that the token belongs in."""
    needs: str
    """What the token has to be allowed, in the words of the forge's settings."""


def parse_limit(status: int, headers: Mapping[str, str], body: bytes, now: float) -> float | None:
    """For how many seconds the forge may not be asked; None where it did not limit us.

    GitHub says so with 403 or 429, and then with ``Retry-After``, or with no request remaining
    and the time at which there are more, or in words alone. GitLab and others say 429.

    Args:
        status: of the answer.
        headers: of the answer, by names in small letters.
        body: of the answer.
        now: seconds since 1970, by the forge's own clock if it is known.
    """
    if status not in {_FORBIDDEN, _TOO_MANY}:
        return None
    if (pause := parse_pause(headers, now)) is not None:
        return max(1.0, pause)
    for prefix in ("x-ratelimit", "ratelimit"):
        reset = _seconds(headers.get(f"{prefix}-reset", ""))
        if headers.get(f"{prefix}-remaining", "").strip() == "0" and reset is not None:
            return max(1.0, reset - now + 1.0)  # both clocks tell whole seconds alone
    is_limit = status == _TOO_MANY or "rate limit" in parse_words(body).lower()
    return _UNTOLD_WAIT if is_limit else None


def parse_pause(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds after which an answer wants to be asked for again; None where it does not say.

    They may be told as seconds or as a date (RFC 9110 §10.2.3).
    """
    told = headers.get("retry-after", "").strip()
    seconds = _seconds(told)
    if seconds is not None or not told.endswith("GMT"):
        return seconds
    then = parse_date(told)
    return None if then is None else max(0.0, then - now)


def parse_date(text: str) -> float | None:
    """A date as HTTP has them, in seconds since 1970; None where it is none."""
    from email.utils import parsedate_to_datetime

    try:
        then = parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return then if 0 <= then < _FAR_FUTURE else None


def parse_words(body: bytes) -> str:
    """What a refusal says, or is instead, in one line without what steers a terminal.

    It is empty where the answer is, or says nothing that is known.
    """
    try:
        told = parse_json(body[:_MOST_READ])
    except BadAnswer as error:
        return _line(str(error)) if body else ""
    words = list(dict.fromkeys(filter(None, (_line(text) for text in _told(told, _DEEPEST)))))
    line = "; ".join(words[:_MOST_TOLD])
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"


def refusal_hint(status: int, headers: Mapping[str, str], words: str, access: Access) -> str:
    """What somebody can do about an answer of this `status`.

    Args:
        status: of the answer: any but a success.
        headers: of the answer, by names in small letters.
        words: of the answer, as `parse_words` has them.
        access: what to say of the token.
    """
    if status == _UNKNOWN:
        return f"set {access.variable} to a token that is valid, and allowed {access.needs}"
    if status == _FORBIDDEN:
        return _permission(headers, words, access)
    return _HINTS.get(status, _HINT)


def _permission(headers: Mapping[str, str], words: str, access: Access) -> str:
    """GitHub names what is missing: for tokens of Apps and fine-grained ones, or for old ones."""
    if _MAY_NOT_PROPOSE in words:
        return (
            "allow GitHub Actions to create pull requests, in the repository's settings for "
            "Actions, or use the token of an App"
        )
    wanted = _named(headers, "x-accepted-github-permissions")
    if wanted:
        return f"the token in {access.variable} needs the permission {wanted}"
    wanted, there = (_named(headers, f"x-{which}oauth-scopes") for which in ("accepted-", ""))
    if wanted:
        has = f"; it has {there}" if there else ""
        return f"the token in {access.variable} needs one of the scopes {wanted}{has}"
    return f"the token in {access.variable} has to be allowed {access.needs}"


def _named(headers: Mapping[str, str], name: str) -> str:
    found = headers.get(name, "").strip()
    return found if _NEEDED.fullmatch(found) else ""


def _told(told: object, depth: int) -> Iterator[str]:
    """The words in an error of GitHub, GitLab or Forgejo: each nests them in its own way."""
    match told:
        case str():
            yield told
        case [*items] if depth:
            for item in items[:_MOST_TOLD]:
                yield from _told(item, depth - 1)
        case {"resource": _, "message": str(words)}:
            yield words
        case {"resource": _, "field": str(field), "code": str(code)}:
            yield f"{field}: {code}"
        case dict() if depth:
            yield from _told_in(told, depth)


def _told_in(fields: dict[str, object], depth: int) -> Iterator[str]:
    """Words stand in some fields of the answer itself, and below them in any: by their names."""
    for name, item in tuple(fields.items())[:_MOST_FIELDS]:
        if name in _WORDY:
            yield from _told(item, depth - 1)
        elif depth < _DEEPEST:
            yield from (f"{name}: {words}" for words in _told(item, depth - 1))


def _line(text: str) -> str:
    shown = (sign if sign.isprintable() else " " for sign in text[: 4 * LONGEST])
    return " ".join("".join(shown).split())


def _seconds(text: str) -> float | None:
    return float(text) if re.fullmatch("[0-9]{1,11}", text.strip()) else None
