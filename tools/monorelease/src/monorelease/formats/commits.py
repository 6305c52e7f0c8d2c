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
_NUMBERS = re.compile(r"(?:[ \t]*\((?:[A-Za-z]+ )?[#!](?P<number>[0-9]{1,12})\))[ \t]*\Z")
_FOOTER = re.compile(r"(?P<token>BREAKING[ -]CHANGE|[A-Za-z][A-Za-z0-9-]{0,60})(?:: | #)(?=\S)")
_BREAKING = frozenset({"BREAKING CHANGE", "BREAKING-CHANGE"})
_REVERTED = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")
_OBJECT = re.compile(r"\b[0-9a-f]{7,64}\b")
_REFS = "refs"


def read_commit(message: str) -> Saying | None:
    """What a commit message says; None where its subject follows no convention.

    A footer ``BREAKING CHANGE:`` becomes a paragraph of the text, whatever the type.
    """
    subject, _, body = message[:_LONGEST].strip().partition("\n")
    found = _SUBJECT.fullmatch(subject.strip()[:_LONGEST_LINE])
    if found is None:
        return None
    words, number = _without_numbers(found["words"])
    broken = [text for token, text in _footers(body) if token in _BREAKING]
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
    """The line without the references at its end, and the last of them: the pull request."""
    number = None
    while found := _NUMBERS.search(words):
        number = int(found["number"]) if number is None else number
        words = words[: found.start()]
    return words, number


def _footers(body: str) -> Iterator[tuple[str, str]]:
    """Each footer's token and text; the text goes on until the next footer begins."""
    token, lines = "", [""]
    for line in body.split("\n"):
        found = _FOOTER.match(line)
        if found:
            yield token, "\n".join(lines)
            token, lines = found["token"], [line[found.end() :]]
        else:
            lines.append(line)
    yield token, "\n".join(lines)


def _paragraph(text: str) -> str:
    """A footer's text on its own: lines of mere words are a sentence, others stay as they are."""
    words = fit(text)
    is_prose = all(line[:1].isalnum() or line[:1] == "`" for line in words.split("\n"))
    return sentence(words) if is_prose and "```" not in words else words
