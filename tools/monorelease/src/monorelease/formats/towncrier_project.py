"""A towncrier project with a section for each released member, and what its output says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count

from monorelease.errors import TowncrierFailed
from monorelease.formats.markdown import plain
from monorelease.formats.notes import Note, Section
from monorelease.formats.prose import takes_words
from monorelease.model.config import Towncrier

_CUT = "\x1e"
"""Printed around each member's number; `plain` keeps it out of everything else."""
_FULL = "\x02"
"""Behind a text that takes no words, so that a link there is moved to its own paragraph."""
_LINK_BEHIND = re.compile(rf"{_FULL}[ \t]+(?=\S)")
_RULE = re.compile(r"([-*])[ \t]*(?:\1[ \t]*)+(?:\n|\Z)")
_INDENT = "  "
"""Towncrier's, for all lines of an entry but the first."""
_BLOCK = re.compile(r"(\{%[-+]?\s*block\s+\w+)(?!\w|\s+scoped)")

# Each member is a section of towncrier's, but no template should see that: it is rendered once
# for each member, with the variables of a project that has that member alone. Entries with equal
# links, which towncrier leaves in the order in which the folder is listed, are sorted by text.
# It is all one line, so that line numbers in towncrier's errors are those of the template.
_BEFORE = "".join(
    line.strip()
    for line in """
    {%- for monorelease_key, monorelease_found in sections.items() -%}
    {%- set monorelease_words = monorelease_key.split(" ", 2) -%}
    {{- "CUT" ~ monorelease_words[0] ~ "CUT" -}}
    {%- set monorelease_categories = {} -%}
    {%- for category, entries in monorelease_found.items() -%}
    {%- set sorted = namespace(entries=[], ties=[], links=none) -%}
    {%- for text, links in entries.items() -%}
    {%- if links != sorted.links -%}
    {%- set _ = sorted.entries.extend(sorted.ties|sort) -%}
    {%- set sorted.ties = [] -%}
    {%- set sorted.links = links -%}
    {%- endif -%}
    {%- set _ = sorted.ties.append((text, links)) -%}
    {%- endfor -%}
    {%- set _ = sorted.entries.extend(sorted.ties|sort) -%}
    {%- set _ = monorelease_categories.update({category: dict(sorted.entries)}) -%}
    {%- endfor -%}
    {%- set sections = {"": monorelease_categories} -%}
    {%- set issues_by_category = {"": issues_by_category[monorelease_key]} -%}
    {%- set versiondata =
        dict(versiondata, version=monorelease_words[1], name=monorelease_words[2]) -%}
    {%- set header_prefix = HEADER -%}
    {{- "" }}
    """.splitlines()
).replace("CUT", _CUT)
_AFTER = "{% endfor %}"


def lay_out(sections: Sequence[Section], look: Towncrier, template: str) -> dict[str, str]:
    """The project's files, by path: ``towncrier.toml``, the template, a folder for each section.

    Members that say the same share a folder: there are waves of a thousand.

    Args:
        sections: of which the notes may be hostile, but are of categories that `look` has.
        look: categories, title and links.
        template: the text of a towncrier template, which is rendered for each section alone.

    Raises:
        TowncrierFailed: when a note's issue or category cannot be a part of a file's name.
    """
    folders: dict[tuple[Note, ...], str] = {}
    files = {"template.md": _wrapped(template, look)}
    for section in sections:
        if section.notes not in folders:
            folder = folders[section.notes] = str(len(folders))
            for name, text in _fragments(section.notes, look):
                files[f"changes/{folder}/{name}"] = text
    settings = [*_settings(look), *_types(look), *_sections(sections, folders)]
    return files | {"towncrier.toml": "\n".join(settings) + "\n"}


def read_back(
    printed: str, sections: Sequence[Section], look: Towncrier, date: str
) -> tuple[str, ...]:
    """Each section as Markdown under its title, from what ``towncrier build --draft`` printed.

    They have no blank line at either end, and end with one newline.

    Raises:
        TowncrierFailed: when that is not one text a section, or a title cannot be made.
    """
    head, *parts = printed.split(_CUT)
    numbers = [str(number) for number in range(len(sections))]
    if head.strip() or parts[::2] != numbers:
        raise TowncrierFailed(
            "towncrier printed something else than the sections",
            where=look.template or "",
            hint="see what `towncrier build --draft` makes of the template",
        )
    return tuple(
        (_title(section, look.title_format, date) + _mended(body)).strip("\n") + "\n"
        for section, body in zip(sections, parts[1::2], strict=True)
    )


def _wrapped(template: str, look: Towncrier) -> str:
    """`template` in a loop over the sections."""
    # A block sees no variables of loops, unless it is told to.
    return (
        _BEFORE.replace("HEADER", _header_prefix(look))
        + _BLOCK.sub(r"\1 scoped", template)
        + _AFTER
    )


def _header_prefix(look: Towncrier) -> str:
    """What the variable of that name is for a template, as a Jinja expression.

    The rule is towncrier's: the marks of the title, for a template in Markdown.
    """
    if not look.title_format:
        return "header_prefix"
    marks = re.search(r"^#+(?=\s)", look.title_format, re.MULTILINE)
    is_markdown = look.template is None or look.template.lower().endswith(".md")
    return f'"{marks[0] if marks else ""}"' if is_markdown else '"#"'


def _fragments(notes: Sequence[Note], look: Towncrier) -> Iterator[tuple[str, str]]:
    """The name and the text of each file.

    Numbers keep the names apart. Towncrier looks for the category from the right, so that a
    number may not be the name of one.
    """
    categories = {category.directory for category in look.categories}
    numbers = (str(number) for number in count() if str(number) not in categories)
    for note in notes:
        text = _harmless(note.text, look.start_string.strip())
        for issue in note.issues or ("+",):
            name = f"{issue}.{note.category}.{next(numbers)}"
            if plain(name) != name or set(name) & set("/\\:\n\t"):
                raise TowncrierFailed(
                    f"not the name of a fragment: {name!r}",
                    hint="call it by a number or +slug, a category and .md",
                )
            yield name, text


def _harmless(text: str, marker: str) -> str:
    """`text` with nothing in it that is more than text to towncrier, to `read_back` or later."""
    clean = plain(text).strip()
    if marker:
        clean = clean.replace(marker, marker.replace("<", "&lt;"))
    if _RULE.match(clean):
        # Behind the mark of an entry, more of the same would make a rule of it all.
        clean = f"\\{clean}"
    return clean if takes_words(clean) else clean + _FULL


def _settings(look: Towncrier) -> Iterator[str]:
    yield "[tool.towncrier]"
    yield 'name = ""'
    yield 'package = ""'
    yield 'directory = "changes"'
    yield 'filename = "CHANGELOG.md"'
    yield 'template = "template.md"'
    yield 'underlines = ["", "", ""]'
    # Without it, towncrier passes over files whose category it does not know.
    yield "ignore = []"
    # Towncrier's title would be one for all; with none, the template is to print it.
    yield "title_format = false" if look.title_format else 'title_format = ""'
    if look.issue_format is not None:
        yield f"issue_format = {_quoted(look.issue_format)}"


def _types(look: Towncrier) -> Iterator[str]:
    for category in look.categories:
        yield "[[tool.towncrier.type]]"
        yield f"directory = {_quoted(category.directory)}"
        yield f"name = {_quoted(category.title)}"
        yield f"showcontent = {'true' if category.show_content else 'false'}"


def _sections(sections: Sequence[Section], folders: dict[tuple[Note, ...], str]) -> Iterator[str]:
    for number, section in enumerate(sections):
        yield "[[tool.towncrier.section]]"
        yield f"name = {_quoted(f'{number} {section.version} {section.name}')}"
        yield f"path = {_quoted(folders[section.notes])}"


def _quoted(text: str) -> str:
    """`text` as a TOML string."""
    escaped = plain(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _mended(body: str) -> str:
    return _LINK_BEHIND.sub(f"\n\n{_INDENT}", body).replace(_FULL, "")


def _title(section: Section, title_format: str, date: str) -> str:
    if not title_format:
        return ""
    try:
        title = title_format.format(name=section.name, version=section.version, project_date=date)
    except (AttributeError, LookupError, ValueError) as error:
        raise TowncrierFailed(
            f"the title_format cannot be filled in: {error}",
            hint="it may have {name}, {version} and {project_date}",
        ) from error
    return plain(title) + "\n"
