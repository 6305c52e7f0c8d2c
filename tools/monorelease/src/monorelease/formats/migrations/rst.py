"""reStructuredText as people write it into news, in Markdown; the rest is named, not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_LONGEST_LINE = 2_000
"""Characters; a longer line is copied as it is."""

_LITERAL = re.compile(r"``(?P<code>.+?)``")
_ROLE = re.compile(r":(?P<role>[\w:.+-]+):`(?P<words>[^`\n]+)`")
_LINK = re.compile(r"`(?P<words>[^`<>\n]+?)\s*<(?P<url>[^`<>\s]+)>`__?")
_PHRASE = re.compile(r"(?<![`\w])`(?P<words>[^`\n]+)`(?!_|`)")
_TITLED = re.compile(r"(?P<words>.+?)\s*<(?P<target>[^<>]+)>")
_ISSUES = frozenset({"issue", "gh", "pr", "pull", "bpo", "ticket"})
_PEOPLE = frozenset({"user", "ghuser", "github_user"})
_BLOCK = re.compile(r"\.\. (?:code|code-block|sourcecode)::[ \t]*(?P<language>[\w+-]*)[ \t]*$")
_BULLET = re.compile(r"(?:[-*+]|\d{1,9}[.)])[ ]+")
_DIRECTIVE = re.compile(r"\.\. [\w-]+::")
_COMMENT = re.compile(r"\.\.(?:[ \t]|$)")
_TARGET = re.compile(r"\.\. (?:_|\[|\|)")
_ODD = (
    re.compile(r"(?<!\w)\|[^\s|][^|\n]*\|_{0,2}(?!\w)"),
    re.compile(r"\[(?:#\w*|\d+|\*)\]_"),
    re.compile(r"`[^`\n]+`__?(?!\w)"),
    re.compile(r"(?<![\w`])[^\W_](?:[\w-]*[^\W_])?__?(?![\w`])"),
    re.compile(r"^[ \t]*(?:\+[-=+]+\+|=+(?:[ \t]+=+)+)[ \t]*$"),
)
"""What Markdown has nothing for: substitutions, notes, named links, tables."""


def to_markdown(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """The text in Markdown, and what of it was copied as it is: its line and the words.

    Literals, links, emphasis, roles, lists and code blocks are understood; comments go.
    """
    lines = text.expandtabs(4).split("\n")
    said: list[str] = []
    odd: list[tuple[int, str]] = []
    number = 0
    while number < len(lines):
        taken, block = _block(lines, number)
        if block is None:
            line = lines[number]
            is_short = len(line) <= _LONGEST_LINE
            odd += ((number + 1, words) for words in (_odd_in(line) if is_short else ()))
            said.append(_inline(line) if is_short else line)
            number += 1
        else:
            said += block
            number += taken
    return "\n".join(line.rstrip() for line in said).strip(), tuple(odd)


def _block(lines: Sequence[str], number: int) -> tuple[int, list[str] | None]:
    """How many lines the code or the comment takes that begins here, and what it becomes."""
    line = lines[number]
    body = line.lstrip(" ")
    indent = len(line) - len(body)
    if found := _BLOCK.match(body):
        below = _indented(lines, number + 1, indent)
        code = [each for each in below if not re.match(r" *:[\w-]+:", each)]
        return 1 + len(below), _fenced(code, indent, found["language"])
    if _COMMENT.match(body) and not _DIRECTIVE.match(body) and not _TARGET.match(body):
        return 1 + len(_indented(lines, number + 1, indent)), []
    if body.endswith("::") and not body.startswith(".."):
        below = _indented(lines, number + 1, indent)
        lead = " " * indent + _inline(body.removesuffix("::").rstrip())
        head = [f"{lead}:"] if lead.strip() else []
        bullet = _BULLET.match(body)
        margin = indent + (bullet.end() if bullet else 0)
        return 1 + len(below), [*head, "", *_fenced(below, margin, "")] if any(below) else None
    return 0, None


def _indented(lines: Sequence[str], start: int, indent: int) -> list[str]:
    """The lines from `start` on that are deeper than `indent`, with blank ones between them."""
    taken: list[str] = []
    for line in lines[start:]:
        if line.strip() and len(line) - len(line.lstrip(" ")) <= indent:
            break
        taken.append(line)
    while taken and not taken[-1].strip():
        taken.pop()
    return taken


def _fenced(code: Sequence[str], indent: int, language: str) -> list[str]:
    filled = [line for line in code if line.strip()]
    margin = min((len(line) - len(line.lstrip(" ")) for line in filled), default=0)
    body = [line[margin:] for line in code]
    while body and not body[0].strip():
        body.pop(0)
    lead = " " * indent
    fence = "`" * (
        max((len(run) for line in body for run in re.findall("`+", line)), default=2) + 1
    )
    marks = max(fence, "```", key=len)
    return [f"{lead}{marks}{language}", *(f"{lead}{line}" for line in body), f"{lead}{marks}"]


def _inline(line: str) -> str:
    """The line with Markdown's marks; literals are put aside, so that nothing in them changes."""
    codes: list[str] = []

    def aside(words: str) -> str:
        codes.append(words)
        return f"\0{len(codes) - 1}\0"

    line = line.replace("\0", "")
    line = _LITERAL.sub(lambda found: aside(_code(found["code"])), line)
    line = _ROLE.sub(lambda found: aside(_role(found["role"], found["words"])), line)
    line = _LINK.sub(lambda found: f"[{found['words']}]({found['url']})", line)
    line = _PHRASE.sub(lambda found: aside(_code(found["words"])), line)
    return re.sub(r"\0(\d+)\0", lambda found: codes[int(found[1])], line)


def _role(role: str, words: str) -> str:
    titled = _TITLED.fullmatch(words)
    last = role.rpartition(":")[2]
    if last in _ISSUES:
        return words if words.startswith("#") else f"#{words}"
    if last in _PEOPLE:
        return titled["words"] if titled else words
    if titled:
        return titled["words"]
    shown = words.lstrip("!")
    return _code(shown.rpartition(".")[2] if shown.startswith("~") else shown)


def _code(words: str) -> str:
    marks = "``" if "`" in words else "`"
    pad = " " if "`" in words else ""
    return f"{marks}{pad}{words}{pad}{marks}"


def _odd_in(line: str) -> Iterator[str]:
    """What in a line Markdown does not know."""
    plain = _LINK.sub("", _ROLE.sub("", _LITERAL.sub("", line)))
    if _DIRECTIVE.match(plain.strip()) or _TARGET.match(plain.strip()):
        yield plain.strip()
        return
    for pattern in _ODD:
        yield from (found[0].strip() for found in pattern.finditer(plain))
