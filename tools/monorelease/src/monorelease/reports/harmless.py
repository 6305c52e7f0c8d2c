"""Text from strangers inside Markdown of ours: it is read, and does nothing.

A forge acts on what is said there. It pings whom an ``@`` names, closes the issue behind
``fixes #12``, links addresses, and GitLab carries out lines like ``/merge`` with our rights.
Backslashes do not keep it from that: it looks at what is rendered. So a mark without width
stands where such a word would begin to mean something.
"""

from __future__ import annotations

import re

MARK = "\u200b"
"""Of no width: what it parts is no name, no number and no address any more."""

_PUNCTUATION = re.compile(r"[\\`*_\[\]<>&|~$^]|#(?!\w)|!$")
_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "|": "&#124;"}
"""For what would be read outside of Markdown too: as HTML, or as the end of a table's cell."""

_AT_THE_START = re.compile(r"[-+=:/#]|\d{1,9}(?=[.)])")
"""With what a block, or an order to GitLab, begins."""

_HIDDEN = re.compile(
    # Control characters but tab and newline, format characters, what turns the direction of
    # writing, lone surrogates, what splits lines, and letters and selectors that show nothing.
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufe00-\ufe0e\ufeff"
    r"\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    # These join letters of many scripts, and the parts of pictures.
    r"|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)

_CLOSING = r"\b(?i:(?:clos|fix|resolv|implement|re-?open)(?:e[sd]?|s|ed|ing)?)"
_CLOSES = re.compile(rf"{_CLOSING}\b")
_ISSUE = r"(?:#\d|(?i:gh)-\d|[A-Z][A-Z0-9_]+-\d|(?i:issue|work_item|epic):)"
_REFERENCE = re.compile(rf"{_ISSUE}|/(?i:issues?|pulls?|merge_requests|work_items)/\d")
_CLOSES_IN_CODE = re.compile(
    rf"{_CLOSING}(?=:?\s+(?:(?i:issues?)\s+)?(?:[\w./-]*{_ISSUE}|\[(?i:issue|work)|(?i:https?):))"
)
_ORDER = re.compile(r"^[ \t]*(?=/[a-z][a-z_-]*(?:[ \t]|$))", re.MULTILINE)
_PING = re.compile(r"@(?!\s)")
_NUMBER = re.compile(r"[#!%](?=\w)|\b(?i:gh)-(?=\d)")
_BARE_ADDRESS = re.compile(r":(?=//)|\b(?i:(?:mailto|xmpp):|www(?=\.))")
_ADDRESS = re.compile(r"(?i:https?)://[A-Za-z0-9.-]+(?::\d+)?(?:[/?#][!-~]*)?")
_BACKTICKS = re.compile(r"`+")

_LANGUAGES = frozenset(
    {"bash", "console", "css", "diff", "html", "ini", "javascript", "json", "js", "markdown"}
    | {"md", "powershell", "py", "pycon", "python", "rst", "rust", "sh", "shell", "sql", "text"}
    | {"toml", "ts", "typescript", "xml", "yaml", "yml"}
)
"""Those that a forge colours; of others it draws diagrams, or runs them as suggestions."""


def inline(text: str) -> str:
    """`text` as mere words on one line; it may stand in a table, a link, an item, a heading."""
    words = _NUMBER.sub(rf"\g<0>{MARK}", _on_one_line(text))
    return at_the_start(escaped(words, is_closing=closes(text)))


def code(text: str) -> str:
    """`text` on one line as code; it may stand in a table too.

    >>> code("a``b")
    '```a``b```'
    """
    words = _CLOSES_IN_CODE.sub(_broken, _on_one_line(text))
    if not words:
        return ""
    if "|" in words:  # backticks would not keep it from ending a table's cell
        return f"<code>{escaped(words, is_closing=False)}</code>"
    marks = "`" * (_longest_run(words) + 1)
    room = " " if words[0] == "`" or words[-1] == "`" else ""
    return f"{marks}{room}{words}{room}{marks}"


def fenced(text: str, language: str = "") -> str:
    """`text` as a block of code, coloured where `language` is one that a forge only colours."""
    # GitLab looks for orders, and for what closes issues, in the text as it was sent.
    tame = _CLOSES_IN_CODE.sub(_broken, visible(text))
    body = _ORDER.sub(rf"\g<0>{MARK}", tame).rstrip("\n")
    marks = "`" * max(3, _longest_run(body) + 1)
    known = language if language in _LANGUAGES else ""
    return f"{marks}{known}\n{body}\n{marks}"


def link(words: str, address: str) -> str:
    """A link with plain `words`; the words alone where `address` is none of the web's."""
    return linked(inline(words), address)


def linked(markdown: str, address: str) -> str:
    """A link around words that are harmless Markdown already."""
    if not markdown or not is_address(address):
        return markdown
    return f"[{markdown}](<{_spelled(address).replace('&', '&amp;')}>)"


def autolinked(address: str) -> str:
    """A link whose words are its `address`, one of the web's."""
    return f"<{_spelled(address).replace('@', '%40')}>"


def folded(summary: str, body: str) -> str:
    """`body`, which is Markdown of ours, folded away below the plain words of `summary`."""
    words = inert(_NUMBER.sub(rf"\g<0>{MARK}", _on_one_line(summary)), is_closing=closes(summary))
    shown = "".join(_ENTITIES.get(sign, sign) for sign in words)
    return f"<details>\n<summary>{shown}</summary>\n\n{body}\n\n</details>"


def is_address(address: str) -> bool:
    """Whether it is one of the web's, whose host is what one reads."""
    return _ADDRESS.fullmatch(address) is not None


def visible(text: str) -> str:
    """`text` with line feeds alone for newlines, and a replacement for each hidden character."""
    return _HIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def closes(words: str) -> bool:
    """Whether some of `words`, with whatever markup, might close an issue."""
    return _CLOSES.search(words) is not None and _REFERENCE.search(words) is not None


def inert(words: str, *, is_closing: bool) -> str:
    """`words` that ping nobody, link nowhere and, where that `is_closing`, close nothing."""
    words = _BARE_ADDRESS.sub(rf"\g<0>{MARK}", _PING.sub(rf"@{MARK}", words))
    return _CLOSES.sub(_broken, words) if is_closing else words


def escaped(words: str, *, is_closing: bool) -> str:
    """Inert `words` on one line as Markdown that means just them, but `at_the_start`."""
    return _PUNCTUATION.sub(
        lambda sign: _ENTITIES.get(sign[0], f"\\{sign[0]}"), inert(words, is_closing=is_closing)
    )


def at_the_start(line: str) -> str:
    """A line of Markdown that begins no block but a paragraph, and is no order."""
    start = _AT_THE_START.match(line)
    if start is None:
        return line
    place = start.end() if start[0].isdigit() else 0
    return f"{line[:place]}\\{line[place:]}"


def _on_one_line(text: str) -> str:
    return " ".join(visible(text).split())


def _broken(word: re.Match[str]) -> str:
    return word[0][0] + MARK + word[0][1:]


def _spelled(address: str) -> str:
    for sign in '\\<>|`"':
        address = address.replace(sign, f"%{ord(sign):02X}")
    return address


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
