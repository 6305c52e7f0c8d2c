"""A comment as a page: what a forge makes of its Markdown, in a dress of our own."""

from __future__ import annotations

from markdown_it import MarkdownIt

_FRAME = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>A comment</title>
<style>{style}</style>
<main>
<div class="who">m</div>
<article>
<header><b>monorelease</b> <span>bot</span> commented on this pull request</header>
<section>
{body}
</section>
</article>
</main>
</html>
"""
_STYLE = """
body { margin: 0; background: #fff; color: #1d242c; font: 15px/1.55 system-ui, sans-serif; }
main { display: flex; gap: 14px; padding: 22px 24px 24px 20px; }
.who { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #3d5a80; color: #fff;
  font: 600 20px/38px system-ui, sans-serif; text-align: center; }
article { flex: 1; min-width: 0; border: 1px solid #ccd3db; border-radius: 8px; }
header { padding: 9px 16px; background: #f3f5f8; border-bottom: 1px solid #ccd3db; color: #56616d;
  border-radius: 8px 8px 0 0; font-size: 14px; }
header b { color: #1d242c; }
header span { border: 1px solid #ccd3db; border-radius: 9px; padding: 0 7px; font-size: 12px; }
section { padding: 4px 18px 10px; }
h3 { margin: 14px 0 10px; font-size: 19px; }
p, ul { margin: 10px 0; }
ul { padding-left: 24px; }
a { color: #0b5cad; text-decoration: none; }
code { padding: 2px 5px; border-radius: 5px; background: #eceff3;
  font: 13px ui-monospace, monospace; }
table { border-collapse: collapse; margin: 10px 0; }
th, td { border: 1px solid #d5dbe2; padding: 5px 13px; text-align: left; }
tbody tr:nth-child(even) { background: #f7f9fb; }
summary { cursor: pointer; }
details { margin: 10px 0; }
"""


def comment_page(comment: str) -> str:
    """A whole page with the comment, which is Markdown with HTML in it."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return _FRAME.format(style=_STYLE, body=parser.render(comment))
