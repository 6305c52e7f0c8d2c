"""Markdown as a forge renders it, HTML let through, and what is found in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import strategies as st
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

_MENTION = re.compile(r"(?<![\w`])@\w")
_CLOSING = re.compile(
    r"\b(clos|fix|resolv|implement|reopen)(e[sd]?|s|ed|ing)?:?\s+"
    r"((issue\s+)?[\w./-]*(#|gh-)\d|https?://\S+/issues/\d)",
    re.IGNORECASE,
)
_ORDER = re.compile(r"^/[a-z_]+(\s|$)", re.MULTILINE)

PIECES = (
    *(
        "\n",
        "\n\n",
        " ",
        "    ",
        "\t",
        "\r\n",
        "\\",
        "`",
        "``",
        "```",
        "~~~",
        "|",
        "||",
        "a",
        "b c",
    ),
    *(
        "# ",
        "#",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "1) ",
        "> ",
        "---",
        "===",
        "***",
        "___",
        "| --- |",
        ":-:",
    ),
    *("*", "**", "_", "~~", "[", "]", "](", ")", "(", "![", "<", ">", "&", "&amp;", "&lt;", ";"),
    *("@ada", "@acme/team", "@all", "#12", "fixes ", "Closes: ", "resolve", "fi", "xes ", "gh-7"),
    *("/merge", "\n/close\n", "\n\n/assign @ada\n", "acme/tools#3", "$x$", "^1", ":tada:", "!"),
    *("https://forge.example/a/issues/12", "http://", "www.evil.example", "ada@forge.example"),
    *("javascript:alert(1)", "data:text/html,x", "[x](", "[x]: https://e.example\n", "[x]"),
    *("<b>", "</details>", "<details>", "<!-- x -->", "<!--", "-->", "<img src=x onerror=y>"),
    *("<script>", "<a href='", "'>", "</summary>", "<https://e.example>", "<ada@e.example>"),
    *("\x1b[31m", "\x00", "\u202e", "\u2066", "\u200b", "\u2028", "\ud800", "\ufeff", "\U000e0041"),
    *("```mermaid\n", "```suggestion\n", "1\n", "12345678901.", "é", "ß", "日本", "👩\u200d🚀"),
)
"""Of what hostile text is made."""


def hostile(most: int = 24) -> st.SearchStrategy[str]:
    """Text of up to so many such pieces, and of anything else."""
    pieces = st.sampled_from(PIECES) | st.text(max_size=4)
    return st.lists(pieces, max_size=most).map("".join)


def rendered(markdown: str) -> Page:
    """The page that the Markdown becomes."""
    page = Page()
    page.feed(_PARSER.render(markdown))
    page.close()
    return page


def misdeeds(markdown: str) -> list[str]:
    """What a forge would do because of the Markdown, beside showing it."""
    page = rendered(markdown)
    # Some forges look at what is rendered, and some at each line as it was sent.
    return [
        *(found for block in page.prose for found in _MENTION.findall(block)),
        *(found[0] for block in page.prose for found in _CLOSING.findall(block)),
        *(found[0] for line in markdown.split("\n") for found in _CLOSING.findall(line)),
        *_ORDER.findall(markdown),
        *(link for link in page.links if not link.startswith(("http://", "https://"))),
    ]


class Page(HTMLParser):
    """The tags, links and words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.strange: list[str] = []
        """Comments, declarations and attributes that Markdown does not make."""
        self.words = ""
        """All of them."""
        self.prose: list[str] = [""]
        """Those outside of code, block by block."""
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See `HTMLParser`."""
        self.tags.append(tag)
        self._code += tag in {"code", "pre"}
        if tag in {"p", "li", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "br"}:
            self.prose.append("")
        for name, text in attrs:
            if name == "href":
                self.links.append(text or "")
            elif (tag, name) not in {("ol", "start"), ("code", "class")}:
                self.strange.append(f"{tag} {name}")

    def handle_endtag(self, tag: str) -> None:
        """See `HTMLParser`."""
        self.tags.append(f"/{tag}")
        self._code -= tag in {"code", "pre"}

    def handle_data(self, data: str) -> None:
        """See `HTMLParser`."""
        self.words += data
        if not self._code:
            self.prose[-1] += data

    def handle_comment(self, data: str) -> None:
        """See `HTMLParser`."""
        self.strange.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """See `HTMLParser`."""
        self.strange.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        """See `HTMLParser`."""
        self.strange.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        """See `HTMLParser`."""
        self.strange.append(f"<![{data}]>")
