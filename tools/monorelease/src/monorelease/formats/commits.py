"""Commit messages and titles that follow https://www.conventionalcommits.org, and reverts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from monorelease.formats.stranger_words import fit, sentence
from monorelease.model.saying import Saying

_LONGEST = 64 * 1024
"""Characters of a message that are looked at."""

_LONGEST_LINE = 1_000

_SUBJECT = re.compile(
    r"(?P<type>[A-Za-z][A-Za-z0-9_-]{0,30})(?:\((?P<scope>[^()\n]{0,100})\))?(?P<mark>!?):[ \t]+"
    r"(?P<words>\S[^\n]*)"
)
_PICTURES = re.compile(
    r"(?:(?::[a-z0-9_+-]{1,40}:|[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?)[ \t]*)+"
)
"""What some put before the type, or behind it, to say it once more."""

_ORDER = re.compile(
    r"[ \t]*\[(?:skip[ -]ci|ci[ -]skip|no[ -]ci|skip actions|actions skip)\]", re.IGNORECASE
)
"""To pipelines, and nothing for readers."""

_NUMBERS = re.compile(
    r"(?:[ \t]*\((?:[A-Za-z]+ )?[#!](?P<request>[0-9]{1,12})\)"
    r"|[ \t,;-]*[ \t](?i:close[sd]?|fix(?:e[sd])?|resolve[sd]?) "
    r"(?:#|(?i:gh)-)(?P<issue>[0-9]{1,12}))[ \t.]*\Z"
)
_BREAKING = re.compile(r"BREAKING[ -]CHANGES?(?::| #)")
_FOOTER = re.compile(r"(?P<token>[A-Za-z][A-Za-z0-9-]{0,60})(?:: | #)(?=\S)")
_REVERTED = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")
_OBJECT = re.compile(r"\b[0-9a-f]{7,64}\b")
_REFS, _BROKEN = "refs", "breaking change"


def read_commit(message: str) -> Saying | None:
    """What a commit message says; None where its subject follows no convention.

    A footer ``BREAKING CHANGE:`` becomes a paragraph of the text, whatever the type.
    """
    subject, _, body = message[:_LONGEST].strip().partition("\n")
    line = _ORDER.sub("", subject.strip()[:_LONGEST_LINE])
    found = _SUBJECT.fullmatch(_without_pictures(line))
    if found is None:
        return None
    words, number = _without_numbers(_without_pictures(found["words"]))
    broken = [text for token, text in _footers(body) if token == _BROKEN]
    text = sentence(words)
    if not any(character.isalnum() for character in text):
        return None
    return Saying(
        type=found["type"].lower(),
        scope=(found["scope"] or "").strip(),
        is_breaking=bool(found["mark"] or broken),
        text="\n\n".join([text, *filter(None, map(_paragraph, broken))]),
        number=number,
    )


def read_title(title: str) -> Saying:
    """What the title of a pull request says, whether it follows the convention or not."""
    line = " ".join(title[:_LONGEST_LINE].split())
    conventional = read_commit(line)
    if conventional is not None:
        return conventional
    words, number = _without_numbers(line)
    return Saying(text=sentence(words), number=number)


def reverted_by(message: str) -> tuple[str, ...]:
    """The commits that this one says it takes back, by name or by how the name begins.

    Git writes a sentence about it; a commit of the type ``revert`` has a footer ``Refs:``.
    """
    text = message[:_LONGEST]
    named = _REVERTED.findall(text)
    saying = read_commit(text)
    if saying is not None and saying.type == "revert":
        refs = (words for token, words in _footers(text) if token.lower() == _REFS)
        named += (name for words in refs for name in _OBJECT.findall(words))
    return tuple(dict.fromkeys(named))


def _without_numbers(words: str) -> tuple[str, int | None]:
    """The line without the references at its end, and one: the pull request, else an issue."""
    numbers: list[tuple[bool, int]] = []
    while found := _NUMBERS.search(words):
        numbers.append((found["request"] is None, int(found["request"] or found["issue"])))
        words = words[: found.start()]
    return words, min(numbers, key=lambda each: each[0])[1] if numbers else None


def _without_pictures(words: str) -> str:
    return _PICTURES.sub("", words, count=1) if _PICTURES.match(words) else words


def _footers(body: str) -> Iterator[tuple[str, str]]:
    """Each footer's token and text; the text goes on until the next footer begins."""
    token, lines = "", [""]
    for line in body.split("\n"):
        is_broken = _BREAKING.match(line)
        if found := is_broken or _FOOTER.match(line):
            yield token, "\n".join(lines)
            token, lines = _BROKEN if is_broken else found["token"], [line[found.end() :]]
        else:
            lines.append(line)
    yield token, "\n".join(lines)


def _paragraph(text: str) -> str:
    """A footer's text on its own: lines of mere words are a sentence, others stay as they are."""
    words = fit(text)
    is_prose = all(line[:1].isalnum() or line[:1] == "`" for line in words.split("\n"))
    return sentence(words) if is_prose and "```" not in words else words
