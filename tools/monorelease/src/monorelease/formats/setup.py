"""What a repository gets to begin with: its tables, and a page for contributors."""

from __future__ import annotations

from monorelease.model.config import DEFAULT_CATEGORIES

_MONORELEASE = """\
[tool.monorelease]
# Every key is optional; `monorelease schema` describes them all.
# fixed = [["core", "plugin-*"]]  # members that always go to one version together
"""

_TOWNCRIER = """\
[tool.towncrier]
directory = "changes"
filename = "CHANGELOG.md"
title_format = "## {version} - {project_date}"
underlines = ["", "", ""]
ignore = []
"""

_README = """\
# Change fragments

Every change that users of a package will notice comes with a file here:

    changes/1042.fix.md

1042 is the number of the issue or pull request, `fix` a category. Where there is no number,
begin with a plus and a word of your own: `changes/+dispose.fix.md`. `monorelease add` asks
the questions and writes the file.

    ---
    some-package: patch
    other-package: minor
    ---

    Say what changed, for the reader of the release.

Above the words: which packages move, and how far (`patch`, `minor`, `major`; `none` for no
release). Empty front matter says that the whole change needs no release.

Categories: {categories}.
"""


def setup_tables(*, with_monorelease: bool, with_towncrier: bool) -> str:
    """The tables that are missing, as text for the end of a ``pyproject.toml``."""
    types = (
        f'[[tool.towncrier.type]]\ndirectory = "{c.directory}"\nname = "{c.title}"\n'
        for c in DEFAULT_CATEGORIES
    )
    tables = []
    if with_monorelease:
        tables.append(_MONORELEASE)
    if with_towncrier:
        tables += [_TOWNCRIER, *types]
    return "\n".join(tables)


def fragments_readme() -> str:
    """The page in ``changes/`` that tells contributors what to write there."""
    return _README.format(categories=", ".join(f"`{c.directory}`" for c in DEFAULT_CATEGORIES))
