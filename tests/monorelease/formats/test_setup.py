from __future__ import annotations

import re
import tomllib
from pathlib import PurePosixPath

import pytest

from monorelease.formats.config import parse_config
from monorelease.formats.fragment_names import is_fragment
from monorelease.formats.fragments import parse_fragment
from monorelease.formats.setup import fragments_readme, setup_tables
from monorelease.model.config import DEFAULT_CATEGORIES, Config

CATEGORIES = [category.directory for category in DEFAULT_CATEGORIES]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_tables_are_read_as_the_defaults_without_a_finding(newline: str) -> None:
    text = setup_tables(with_monorelease=True, with_towncrier=True)
    data = tomllib.loads(text.replace("\n", newline))

    assert parse_config(data) == (Config(), ())


def test_only_the_table_that_is_missing_is_written() -> None:
    own = tomllib.loads(setup_tables(with_monorelease=True, with_towncrier=False))
    towncrier = tomllib.loads(setup_tables(with_monorelease=False, with_towncrier=True))

    assert own == {"tool": {"monorelease": {}}}
    assert set(towncrier["tool"]) == {"towncrier"}
    assert setup_tables(with_monorelease=False, with_towncrier=False) == ""


def test_the_example_in_the_table_is_good_once_it_is_no_comment() -> None:
    text = setup_tables(with_monorelease=True, with_towncrier=False)
    config, findings = parse_config(tomllib.loads(text.replace("# fixed", "fixed")))

    assert findings == ()
    assert config.fixed == (("core", "plugin-*"),)


def test_the_page_shows_a_fragment_that_is_one() -> None:
    page = fragments_readme()
    block = re.search(r"(?m)(?:^    .*\n|^\n)*^    ---\n(?:^    .*\n|^\n)+", page)
    assert block is not None
    shown = re.sub(r"(?m)^    ", "", block[0]).strip() + "\n"

    fragment, findings = parse_fragment(
        PurePosixPath("changes/1042.fix.md"), shown.encode(), CATEGORIES
    )

    assert findings == ()
    assert fragment is not None
    assert [(e.name, e.bump.word) for e in fragment.entries] == [
        ("some-package", "patch"),
        ("other-package", "minor"),
    ]


def test_the_page_names_every_category_and_good_file_names() -> None:
    page = fragments_readme()

    assert page.rstrip().endswith(f"Categories: {', '.join(f'`{each}`' for each in CATEGORIES)}.")
    names = re.findall(r"changes/(\S+\.md)", page)
    assert names == ["1042.fix.md", "+dispose.fix.md"]
    assert all(is_fragment(PurePosixPath("changes", name)) for name in names)


def test_the_page_itself_is_no_fragment() -> None:
    assert not is_fragment(PurePosixPath("changes/README.md"))
