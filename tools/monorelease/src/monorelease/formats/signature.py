"""The line by which a fragment that a program wrote can be told from one that a person edited."""

from __future__ import annotations

import re

from monorelease.model.value import value

_LINE = re.compile(r"(?<=\A---\n)# written (from [ -Z^-~]{1,80}) \[([0-9a-f]{16})\]\n")
_FENCE = "---\n"


@value
class Signature:
    """Who wrote a fragment."""

    source: str
    """Of what it was made: ``from pull request 12``."""
    is_untouched: bool
    """Whether nobody has changed a letter since."""


def sign(content: str, source: str) -> str:
    """A fragment's file with the line in its front matter that says of what it was made.

    Args:
        content: as `format_fragment` makes it.
        source: begins with ``from``; printable ASCII without brackets.
    """
    line = f"# written {source} [{_digest(content)}]\n"
    return content.replace(_FENCE, _FENCE + line, 1)


def signature_of(content: str) -> Signature | None:
    """What a fragment's file says about who wrote it; None for a person.

    Newlines do not count: git may change them.
    """
    text = content.replace("\r\n", "\n")
    found = _LINE.match(text, len(_FENCE))
    if found is None:
        return None
    rest = text[: found.start()] + text[found.end() :]
    return Signature(source=found[1], is_untouched=_digest(rest) == found[2])


def _digest(text: str) -> str:
    from hashlib import sha256

    return sha256(text.encode()).hexdigest()[:16]
