from __future__ import annotations

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from monorelease.reports.harmless import MARK, folded
from monorelease.reports.harmless_markdown import block
from rendered import hostile, misdeeds, rendered

OURS = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "pre", "code"}
    | {"em", "strong", "s", "a", "br", "table", "thead", "tbody", "tr", "th", "td"}
)
"""What rendered Markdown of a changelog may be made of."""

AS_IT_WAS = """\
# Head

Some *emphasis*, **strong** words, ~~gone~~, `code`, [a link](https://e.example/a_b?c=1&d=2).

- one
- two
  - nested
  - more
- three

1. first

   with a second paragraph
2. second

   ```python
   x = "`"
   ```

7) seven

> quoted
>
> - with a list

| a | b |
| --- | --- |
| 1 | `2` |

    indented code

***

Words (#1042), see <https://e.example/x>; 1 < 2 && 3 > 2, a_b_c, $5, 100%, x^2.
"""


def test_what_is_harmless_reads_as_it_did() -> None:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])

    before, after = (parser.render(text) for text in (AS_IT_WAS, block(AS_IT_WAS)))

    assert after.replace(' class="language-python"', "") == before.replace(
        ' class="language-python"', ""
    )


@pytest.mark.property
@given(hostile())
@example("fi[xes](../x) #12")
@example("fi[](https://e.example)xes #12")
@example("fi` `xes #12")
@example("fi![xes](x) #12")
@example("fi**xes** #12")
@example("0*fixes gh-7*")
@example("[@](x)ada")
@example("Wow![x](https://e.example)[y](https://e.example)")
@example("x\n\n    /merge\n")
@example("- \n\n  /merge")
@example("> \n> /merge")
@example("<details>\n\n</details>\n\n<!-- x -->")
@example("```\nopen")
@example("\n/close\n\ngh-7")
@example("<!-- open")
@example("| a |\n| - |\n| `x\\|y` @ada |")
def test_nothing_hostile_gets_through(text: str) -> None:
    markdown = block(text)
    page = rendered(f"{folded('Notes', markdown)}\n\nEnd")

    *notes, fold, p, end = page.tags[3:]
    assert (fold, p, end) == ("/details", "p", "/p")
    assert page.words.endswith("End\n")
    assert {tag.removeprefix("/") for tag in notes} <= OURS
    assert page.strange == []
    assert misdeeds(markdown) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fix a leak (#12)", f"F{MARK}ix a leak (#12)"),
        ("Mended (#12)", "Mended (#12)"),
        ("Fix a leak", "Fix a leak"),
        ("@ada, look", f"@{MARK}ada, look"),
        ("/merge", "\\/merge"),
        ("a\nb", "a b"),
        ("a  \nb", "a<br>b"),
        ("![a shot](https://e.example/x.png)", "[a shot](<https://e.example/x.png>)"),
        ("![](https://e.example/x.png)", "[image](<https://e.example/x.png>)"),
        ("[![alt](https://a.example)](https://b.example)", "[alt](<https://b.example>)"),
        ("[a *b*](https://e.example)", "[a *b*](<https://e.example>)"),
        ("[a](../b)", "a"),
        ("see https://e.example/a_b.", "see <https://e.example/a_b>."),
        (
            "[https://a.example](https://b.example)",
            f"[https:{MARK}//a.example](<https://b.example>)",
        ),
        ("<mailto:a@e.example>", f"mailto:{MARK}a@{MARK}e.example"),
        ("https://e.example/@ada", "<https://e.example/%40ada>"),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("## x #\\#", "## x \\#\\#"),
        ("#", ""),
        ("-", ""),
        ("- a\n-\n- b", "- a\n- b"),
        ("", ""),
    ],
)
def test_each_thing_is_written_in_our_way(text: str, expected: str) -> None:
    assert block(text) == expected


def test_what_nobody_could_read_is_left_out() -> None:
    assert block(">" * 1000 + " x") == ">" + " >" * 19


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "*a " * 10_000, "`" * 9 + "` `" * 9_000, "<a " * 10_000]
)
def test_a_text_that_is_made_to_take_long_does_not(text: str) -> None:
    assert rendered(block(text)).strange == []
