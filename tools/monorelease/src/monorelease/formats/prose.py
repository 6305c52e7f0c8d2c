"""Words in Markdown: where some may be added, and the first sentence of what there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monorelease.formats.markdown import CODE, plain, scan

_QUOTE = re.compile(r" *>")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_ITEM = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)")
_MARKS = re.compile(r"[ \t]*(?:(?:>|#{1,6}|[-+*]|\d{1,9}[.)]|\[[ xX]\])(?:[ \t]+|$))*")
_RULE = re.compile(r"[ \t]*(?:=+|([-_*])[ \t]*(?:\1[ \t]*)*)")
_TABLE = re.compile(r"\|?[ \t]*:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)*[ \t]*\|?")
_DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:")
_HTML = re.compile(
    r" {0,3}(?:<[!?]|</?(?:blockquote|center|details|div|dl|figure|h[1-6]|hr|ol|p|pre|script"
    r"|section|style|summary|table|textarea|ul)\b)",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?][\"'\u2019\u201d)\]*_]*(?=[ ][^a-z ])")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|no|resp)\.$", re.IGNORECASE)
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()<>#+!|~&:$^=])")


def takes_words(text: str) -> bool:
    """Whether words behind the last line of `text` are read as words.

    They are not behind code, tables, quotes, headings, rules, HTML and link definitions.
    """
    found = scan(text)
    first = last = len(found.lines) - 1
    if found.verbatim[last]:
        return False
    while first and found.lines[first - 1].strip() and not found.verbatim[first - 1]:
        first -= 1
    block = found.lines[first:]
    indents = (len(line) - len(line.lstrip()) for line in (block[0], block[-1]))
    return not (
        min(indents) >= found.columns[last] + CODE
        or _HEADING.match(block[-1])
        or _RULE.fullmatch(block[-1])
        or _DEFINITION.match(block[-1])
        or any(_QUOTE.match(line) or _HTML.match(line) for line in block)
        or any("|" in line and _TABLE.fullmatch(line.strip()) for line in block)
    )


def add_words(text: str, words: str) -> str:
    """`text` and then `words`: on its last line where that can be, else on their own."""
    is_open = takes_words(text) and not scan(text).columns[-1]
    return f"{text} {words}" if is_open else f"{text}\n\n{words}"


def first_sentence(text: str, limit: int = 160) -> str:
    """What `text` says first, on one line and with a full stop; empty where it has no words.

    Headings, items and quotes count as words, code, tables and comments do not. What is
    longer than `limit` characters ends at a word.
    """
    paragraphs = (" ".join(lines) for lines in _paragraphs(plain(text)))
    spoken = next((p for p in paragraphs if any(c.isalnum() for c in p)), "")
    return _with_stop(_cut(" ".join(spoken.split()), limit)) if spoken else ""


def literal(text: str) -> str:
    """`text` as mere words on one line of Markdown, whatever is in it: a person's name, say."""
    # A backslash would not keep a forge from notifying whom an @ names.
    words = plain(text).replace("@", " at ").replace("www.", "www ").split()
    return _PUNCTUATION.sub(r"\\\1", " ".join(words))


def listed(words: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _paragraphs(text: str) -> Iterator[Sequence[str]]:
    """The lines of each paragraph, item and heading, without their marks."""
    found = scan(text)
    lines: list[str] = []
    for line, is_verbatim in zip(found.lines, found.verbatim, strict=True):
        is_break = is_verbatim or not line.strip() or _is_wordless(line)
        is_heading = _HEADING.match(line) is not None
        if lines and (is_break or is_heading or _ITEM.match(line)):
            yield lines
            lines = []
        if not is_break:
            marks = _MARKS.match(line)
            lines.append(line[marks.end() if marks else 0 :])
        if lines and is_heading:
            yield lines
            lines = []
    if lines:
        yield lines


def _is_wordless(line: str) -> bool:
    bare = line.strip()
    is_row = bare.startswith("|") or ("|" in bare and _TABLE.fullmatch(bare) is not None)
    return is_row or any(p.match(line) for p in (_DEFINITION, _HTML)) or bool(_RULE.fullmatch(bare))


def _cut(words: str, limit: int) -> str:
    """The first sentence, or as much of it as there is room for; never half a link or code."""
    room = words[: limit + 1]
    for stop in _STOP.finditer(words, 0, limit + 2):
        head = words[: stop.end()]
        if _is_whole(head) and not _ABBREVIATION.search(head):
            return head
    if len(words) <= limit:
        return words if _is_whole(words) else literal(words)
    while " " in room:
        room = room.rpartition(" ")[0]
        if _is_whole(room):
            return room.rstrip(" ,;:-") + " \u2026"
    return literal(words[:limit]) + "\u2026"


def _is_whole(words: str) -> bool:
    pairs = (("[", "]"), ("(", ")"), ("<", ">"))
    is_closed = "`" not in _CODE_SPAN.sub("", words)
    return is_closed and all(words.count(a) == words.count(b) for a, b in pairs)


def _with_stop(sentence: str) -> str:
    if sentence.rstrip("\"'\u2019\u201d)]*_").endswith((".", "!", "?", "\u2026")):
        return sentence
    return sentence.rstrip(" :;,") + "."
