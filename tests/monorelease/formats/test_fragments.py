"""A fragment is read whole; every mistake in it is found, and none hides another."""

from __future__ import annotations

import tomllib
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.utils import NormalizedName

from monorelease.formats.config import parse_config
from monorelease.formats.fragment_codes import FRAGMENT_HINTS
from monorelease.formats.fragment_prose import conflict_line, harmless, open_fence
from monorelease.formats.fragments import format_fragment, parse_fragment, without
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding
from monorelease.model.fragment import Entry, Fragment

CATEGORIES = ("breaking", "feature", "fix", "misc")
PATH = PurePosixPath("changes/1042.fix.md")
CORE, OPENAI = NormalizedName("acme-core"), NormalizedName("acme-openai")

Codes = list[tuple[str, int | None]]


def parse(text: str | bytes, name: str = PATH.name) -> tuple[Fragment | None, tuple[Finding, ...]]:
    data = text.encode() if isinstance(text, str) else text
    return parse_fragment(PATH.with_name(name), data, CATEGORIES)


def codes(text: str | bytes, name: str = PATH.name) -> Codes:
    _, findings = parse(text, name)
    assert all(finding.path == PATH.with_name(name) for finding in findings)
    assert all(finding.hint and finding.problem.isprintable() for finding in findings)
    return [(finding.code, finding.line) for finding in findings]


def test_a_fragment_is_who_how_far_and_why() -> None:
    text = "---\nacme-core: patch\nAcme_OpenAI: none\n---\n\nFrees *it*.\n\n---\n\n- more\n"

    assert parse(text) == (
        Fragment(
            path=PATH,
            id="1042",
            category="fix",
            entries=(
                Entry(name=CORE, bump=Bump.PATCH, line=2),
                Entry(name=OPENAI, bump=Bump.NONE, line=3),
            ),
            text="Frees *it*.\n\n---\n\n- more",
        ),
        (),
    )


def test_a_file_from_windows_reads_the_same() -> None:
    text = "---\nacme-core: patch\n---\n\nOne.\n\nTwo.\n"

    assert parse("\ufeff" + text.replace("\n", "\r\n")) == parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "---\n---\n",
        "---\n\n---\nNothing to release.\n",
        "---\nacme-core: none\n---\n",
        "---\n{}\n---",
    ],
)
def test_no_release_needed_can_be_said_without_words(text: str) -> None:
    fragment, findings = parse(text)

    assert findings == ()
    assert fragment
    assert not any(entry.bump for entry in fragment.entries)


GOOD = "---\nacme-core: patch\n---\nText.\n"
MISTAKES: list[tuple[str, str, str | bytes, Codes]] = [
    ("no category", "1042.md", GOOD, [("missing-category", None)]),
    ("category", "1042.fxi.md", GOOD, [("unknown-category", None)]),
    ("file name", "a b.fix.md", GOOD, [("bad-fragment-name", None)]),
    ("too large", "1.fix.md", b"x" * (256 * 1024 + 1), [("fragment-too-large", None)]),
    ("latin-1", "1.fix.md", "---\na: patch\n---\né".encode("latin-1"), [("fragment-not-utf8", 4)]),
    ("utf-16", "1.fix.md", GOOD.encode("utf-16"), [("fragment-not-utf8", 1)]),
    ("picture", "1.fix.md", b"\x89PNG\r\n\x1a\n\x00", [("fragment-not-utf8", 1)]),
    ("empty", "1.fix.md", "", [("fragment-empty", 1)]),
    ("blank", "1.fix.md", "\ufeff \r\n\n", [("fragment-empty", 1)]),
    ("no front matter", "1.fix.md", "Text.\n", [("front-matter-missing", 1)]),
    ("never closed", "1.fix.md", "---\na: patch\n\nText.\n", [("front-matter-open", 1)]),
    ("broken", "1.fix.md", "---\na: b: c\n---\nText.\n", [("front-matter-broken", 2)]),
    ("tag", "1.fix.md", "---\na: !x patch\n---\nText.\n", [("front-matter-unsafe", 2)]),
    ("list", "1.fix.md", "---\n- a\n---\nText.\n", [("front-matter-not-mapping", 2)]),
    ("no name", "1.fix.md", "---\n'': patch\n---\nText.\n", [("empty-name", 2)]),
    ("name", "1.fix.md", "---\n'@a/b': patch\n---\nText.\n", [("bad-name", 2)]),
    ("twice", "1.fix.md", "---\na: patch\nA: minor\n---\nText.\n", [("duplicate-entry", 3)]),
    ("nested", "1.fix.md", "---\na: [patch]\n---\nText.\n", [("bump-not-a-word", 2)]),
    ("bump", "1.fix.md", "---\na: pathc\n---\nText.\n", [("unknown-bump", 2)]),
    ("number", "1.fix.md", "---\na: 1\n---\nText.\n", [("unknown-bump", 2)]),
    ("no text", "1.fix.md", "---\na: patch\n---\n\n", [("text-missing", 3)]),
    ("code", "1.fix.md", "---\na: patch\n---\n\nText.\n```\nx\n", [("code-fence-open", 6)]),
    ("escape", "1.fix.md", "---\na: patch\n---\n\x1b[2J\n", [("control-character", 4)]),
    ("nul", "1.fix.md", "---\na: patch\n---\n\x00\n", [("control-character", 4)]),
    (
        "mac",
        "1.fix.md",
        "---\ra: patch\r---\rText.",
        [("control-character", 1), ("front-matter-missing", 1)],
    ),
    (
        "conflict in the text",
        "1.fix.md",
        "---\na: patch\n---\nA\n<<<<<<< HEAD\nB\n=======\nC\n>>>>>>> b\n",
        [("conflict-marker", 5)],
    ),
    (
        "conflict in the front matter",
        "1.fix.md",
        "---\n<<<<<<< HEAD\na: patch\n=======\na: minor\n>>>>>>> b\n---\nText.\n",
        [("conflict-marker", 2)],
    ),
    (
        "conflict over all",
        "1.fix.md",
        "<<<<<<< HEAD\n---\na: patch\n=======\n---\na: minor\n>>>>>>> b\n---\nText.\n",
        [("conflict-marker", 1)],
    ),
    (
        "escape in the front matter",
        "1.fix.md",
        "---\na\x1b[31m: patch\n---\nText.\n",
        [("control-character", 2)],
    ),
]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [case[1:] for case in MISTAKES],
    ids=[case[0] for case in MISTAKES],
)
def test_each_mistake_is_found_alone_and_where_it_is(
    name: str, text: str | bytes, expected: Codes
) -> None:
    assert codes(text, name) == expected


def test_every_code_has_a_mistake_that_shows_it() -> None:
    assert {code for case in MISTAKES for code, _ in case[3]} == set(FRAGMENT_HINTS)


def test_all_mistakes_of_a_file_are_found_at_once_in_their_order() -> None:
    text = "---\na: pathc\nb c: patch\nd: patch\nd: minor\n---\n\x1b[31m\n\n=======\n~~~\n"

    assert codes(text, "1.fxi.md") == [
        ("unknown-category", None),
        ("unknown-bump", 2),
        ("bad-name", 3),
        ("duplicate-entry", 5),
        ("control-character", 7),
        ("conflict-marker", 9),
        ("code-fence-open", 10),
    ]


def test_a_file_that_cannot_be_read_is_still_told_its_name_is_wrong() -> None:
    assert codes(b"\xff", "1.fxi.md") == [("unknown-category", None), ("fragment-not-utf8", 1)]
    assert codes("Text.", "1.md") == [("missing-category", None), ("front-matter-missing", 1)]


def test_what_could_be_read_is_there_for_other_checks() -> None:
    fragment, findings = parse("---\na: pathc\nb: minor\n---\nText.\x07\n", "1.fxi.md")

    assert len(findings) == 3
    assert fragment
    assert fragment.category == "fxi"
    assert [entry.name for entry in fragment.entries] == ["b"]
    assert fragment.text == "Text.\ufffd"


def test_writing_gives_what_a_person_would_write() -> None:
    bumps = {CORE: Bump.PATCH, OPENAI: Bump.MINOR}

    assert format_fragment(bumps, "\nFrees it.\n\n") == (
        "---\nacme-core: patch\nacme-openai: minor\n---\n\nFrees it.\n"
    )
    assert format_fragment({}, "") == "---\n---\n"


def test_the_note_for_contributors_shows_a_good_fragment_and_every_category() -> None:
    root = Path(__file__).parents[3]
    note = (root / "changes" / "README.md").read_text(encoding="utf-8")
    data = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    config, _ = parse_config(data)

    shown = note.split("```markdown\n")[1].split("```")[0]

    assert codes(shown) == []
    for category in config.towncrier.categories:
        assert f"\n- `{category.directory}`: " in note
    for bump in Bump:
        assert f"\n- `{bump.word}`: " in note
    assert len(note.splitlines()) <= 40


def test_what_is_left_of_a_fragment_is_a_fragment() -> None:
    text = format_fragment({CORE: Bump.PATCH, OPENAI: Bump.MINOR}, "Text.")

    assert without(text, {CORE}) == format_fragment({OPENAI: Bump.MINOR}, "Text.")


NAMES = st.from_regex(r"[a-z0-9](-?[a-z0-9]){0,6}", fullmatch=True).map(NormalizedName)
BUMPS = st.dictionaries(NAMES, st.sampled_from(Bump), max_size=4)


LETTERS = st.sampled_from("\n-`=< ") | st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])


def is_fit(text: str) -> bool:
    lines = text.split("\n")
    return harmless(text) == text and not conflict_line(lines) and not open_fence(lines)


@pytest.mark.property
@given(BUMPS, st.text(LETTERS, min_size=1).filter(str.strip).filter(is_fit))
@example({NormalizedName("null"): Bump.NONE, NormalizedName("1e5"): Bump.MAJOR}, "---\na: b\n---")
@example({}, "\ufeff")
def test_what_was_written_reads_back(bumps: dict[NormalizedName, Bump], text: str) -> None:
    fragment, findings = parse(format_fragment(bumps, text))

    assert findings == ()
    assert fragment
    assert {entry.name: entry.bump for entry in fragment.entries} == bumps
    assert fragment.text == text.strip().replace("\r\n", "\n")
    assert format_fragment(bumps, fragment.text) == format_fragment(bumps, text).replace(
        "\r\n", "\n"
    )


@pytest.mark.property
@given(BUMPS, st.data())
def test_without_takes_exactly_the_named_entries(
    bumps: dict[NormalizedName, Bump], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(bumps)))) if bumps else set()
    left = {name: bump for name, bump in bumps.items() if name not in gone}

    assert without(format_fragment(bumps, "Text."), gone) == format_fragment(left, "Text.")


PIECES = st.sampled_from(
    [
        *(b"---", b"\n", b"\r\n", b"\r", b"a: patch", b"b: ", b"minor", b"text", b"\xef\xbb\xbf"),
        *(b"<<<<<<< ", b"=======", b"```", b"\xff", b"\x00", b"\x1b["),
        *(b"&x", b"*x", b"!t", b"[", b"{", b"'"),
    ]
)


@pytest.mark.property
@given(st.binary(max_size=60) | st.lists(PIECES, max_size=14).map(b"".join), st.text(max_size=12))
def test_no_bytes_are_too_strange_to_be_read(data: bytes, name: str) -> None:
    fragment, findings = parse_fragment(PurePosixPath("changes", name), data, CATEGORIES)

    assert fragment is not None or findings
    for finding in findings:
        assert finding.code in FRAGMENT_HINTS
        assert finding.hint
        assert finding.problem.isprintable()
        assert finding.line is None or 1 <= finding.line <= data.count(b"\n") + 1
    if fragment is not None:
        assert harmless(fragment.text) == fragment.text
        assert fragment.entries == () or without(data.decode(), set()) == data.decode()
