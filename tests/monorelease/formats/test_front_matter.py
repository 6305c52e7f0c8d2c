"""Front matter is found and read, plainly or by YAML, with the same result; and cut exactly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from packaging.utils import NormalizedName, canonicalize_name

from monorelease.formats.front_matter import cut, find_block, format_block, lines_of, read_pairs
from monorelease.formats.plain_pairs import read_plain
from monorelease.formats.yaml_pairs import read_yaml
from monorelease.model.bump import Bump
from monorelease.model.finding import Finding

PATH = PurePosixPath("changes/1.fix.md")
A, B = NormalizedName("a"), NormalizedName("b")


def read(block: str) -> list[tuple[str, str, int, int]]:
    """What is said between the fences, without a mistake."""
    lines = lines_of(f"---\n{block}\n---\n")
    found = find_block(lines, PATH)
    assert isinstance(found, range)
    pairs, findings = read_pairs(lines, found, PATH)
    assert findings == ()
    return [(pair.name, pair.word, pair.first, pair.last) for pair in pairs]


def mistakes(block: str) -> list[tuple[str, int | None]]:
    lines = lines_of(f"---\n{block}\n---\n")
    _, findings = read_pairs(lines, range(2, len(lines) - 1), PATH)
    assert all(finding.hint and finding.problem.isprintable() for finding in findings)
    return [(finding.code, finding.line) for finding in findings]


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("---\na: patch\n---\n", range(2, 3)),
        ("---\n---", range(2, 2)),
        ("\n \n---\na: patch\nb: minor\n---", range(4, 6)),
        ("\ufeff---\r\na: patch\r\n---\r\n", range(2, 3)),
        (" ---\t\na: patch\n ---  \n---\n", range(2, 3)),
    ],
)
def test_the_block_lies_between_the_first_two_fences(text: str, block: range) -> None:
    assert find_block(lines_of(text), PATH) == block


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Text.\n", "front-matter-missing", 1),
        ("\n\nText.\n---\na: patch\n---\n", "front-matter-missing", 3),
        ("----\na: patch\n----\n", "front-matter-missing", 1),
        ("", "front-matter-missing", 1),
        ("\n---\na: patch\n", "front-matter-open", 2),
        ("---\na: patch\n--- more\n", "front-matter-open", 1),
    ],
)
def test_a_block_without_its_fences_is_found(text: str, code: str, line: int) -> None:
    finding = find_block(lines_of(text), PATH)

    assert isinstance(finding, Finding)
    assert (finding.code, finding.line, finding.path) == (code, line, PATH)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("", []),
        ("# nothing", []),
        ("a: patch\nb: minor", [("a", "patch", 2, 2), ("b", "minor", 3, 3)]),
        ("\"a\": none # why\n\n'B_c': major", [("a", "none", 2, 2), ("B_c", "major", 4, 4)]),
        # from here on by YAML
        ("{}", []),
        ("{a: patch, b: minor}", [("a", "patch", 2, 2), ("b", "minor", 2, 2)]),
        ("a:\n  patch\nb: 'minor'", [("a", "patch", 2, 3), ("b", "minor", 4, 4)]),
        ("? a\n: patch", [("a", "patch", 2, 3)]),
        ("a: |\n  patch\nb: minor", [("a", "patch\n", 2, 3), ("b", "minor", 4, 4)]),
        (
            "1.0: yes\nnull: 3\non: ~",
            [("1.0", "yes", 2, 2), ("null", "3", 3, 3), ("on", "~", 4, 4)],
        ),
        ("a:\n'': patch", [("a", "", 2, 2), ("", "patch", 3, 3)]),
        ('"\\x61": patch', [("a", "patch", 2, 2)]),
        ("  a: patch\n  b: fix", [("a", "patch", 2, 2), ("b", "fix", 3, 3)]),
        ("a: patch\n...", [("a", "patch", 2, 2)]),
    ],
)
def test_pairs_are_read_as_text_with_their_lines(
    block: str, expected: list[tuple[str, str, int, int]]
) -> None:
    assert read(block) == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("a: b: c", [("front-matter-broken", 2)]),
        ("a: patch\n\tb: patch", [("front-matter-broken", 3)]),
        ("a: 'patch", [("front-matter-broken", 3)]),
        ("a: patch\n...\nb: patch", [("front-matter-broken", 4)]),
        ("--- {a: patch}\n--- {b: patch}", [("front-matter-broken", 3)]),
        ("a: patch\nb: \ufffe", [("front-matter-broken", 3)]),
        ('a: "\\UFFFFFFFF"', [("front-matter-broken", 2)]),
        ('a: "\\U00FFFFFF"', [("front-matter-broken", 2)]),
        ("a", [("front-matter-not-mapping", 2)]),
        ("~", [("front-matter-not-mapping", 2)]),
        ("\n- a: patch", [("front-matter-not-mapping", 3)]),
        ("!!map\na: patch", [("front-matter-unsafe", 2)]),
        ("&x {a: patch}", [("front-matter-unsafe", 2)]),
        ("*x", [("front-matter-unsafe", 2)]),
        ("a: &x patch\nb: *x", [("front-matter-unsafe", 2), ("front-matter-unsafe", 3)]),
        ("a: !!python/object/apply:os.system [ls]", [("front-matter-unsafe", 2)]),
        ("!!str a: patch", [("front-matter-unsafe", 2)]),
        ("? [a, b]\n: patch\nb: {c: {d: e}}", [("bad-name", 2), ("bump-not-a-word", 4)]),
    ],
)
def test_what_is_no_pair_of_words_is_found(
    block: str, expected: list[tuple[str, int | None]]
) -> None:
    assert mistakes(block) == expected


def test_what_yaml_may_have_misread_is_not_believed() -> None:
    lines = ["a: patch", "b: minor: c"]

    pairs, _ = read_yaml(lines, range(1, 3), PATH)

    assert [pair.name for pair in pairs] == ["a"]


@pytest.mark.parametrize("opening", ["[", "{", "a: [", "- "])
def test_deep_nesting_costs_no_time(opening: str) -> None:
    # At this depth the reader alone would work for minutes.
    assert mistakes(opening[:3] + opening[-1] * 100_000)


NAMES = st.sampled_from(["a", "agents-core", "Acme.Core", "on", "null", "1", "1.0", "x_y", "none"])
WORDS = st.sampled_from(["none", "patch", "minor", "major"])
STYLES = ["{name}: {word}", '"{name}":  {word} ', "'{name}': {word} # {name}: {word}"]


@st.composite
def plain_lines(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from([*STYLES, "", "  ", "# {name}: {word}", " # '{name}"]))
    return kind.format(name=draw(NAMES), word=draw(WORDS))


@pytest.mark.property
@given(st.lists(plain_lines(), max_size=6))
def test_plain_lines_mean_to_yaml_what_they_mean_to_us(lines: list[str]) -> None:
    block = range(1, len(lines) + 1)
    plain = read_plain(lines, block)

    assert plain is not None
    assert (plain, ()) == read_yaml(lines, block, PATH)


@pytest.mark.property
@given(
    st.lists(
        st.lists(
            st.sampled_from([*"ab1-.:'\"# {}[],&*!?|>%@\\\t", ": ", "patch", "none", "---"]),
            max_size=8,
        ).map("".join)
    )
)
@example(["a: patch", " b: patch"])
@example(["a:patch"])
@example(["a: patch#b"])
@example(["a-: patch"])
@example(["'a\": patch"])
@example(["a:  patch   ", "  #"])
@example(["a: patch", "# é"])
def test_whatever_is_read_plainly_means_the_same_to_yaml(lines: list[str]) -> None:
    block = range(1, len(lines) + 1)
    plain = read_plain(lines, block)

    if plain is not None:
        assert (plain, ()) == read_yaml(lines, block, PATH)


@pytest.mark.property
@given(st.lists(st.text(max_size=20), max_size=5))
def test_no_front_matter_is_too_strange_to_be_looked_at(lines: list[str]) -> None:
    for finding in read_yaml(lines, range(1, len(lines) + 1), PATH)[1]:
        assert finding.hint
        assert finding.line is not None
        assert finding.line >= 1


def test_plain_fragments_are_read_without_importing_yaml() -> None:
    program = (
        "import sys\n"
        "from pathlib import PurePosixPath as P\n"
        "from monorelease.formats.fragments import parse_fragment\n"
        "parse_fragment(P('1.fix.md'), b'---\\na: patch\\n---\\nText.', ('fix',))\n"
        "print(sorted({'yaml', 'difflib'} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", program]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)

    assert said.stdout == "[]\n"


def test_a_block_is_written_one_line_each() -> None:
    assert format_block({A: Bump.PATCH, B: Bump.NONE}) == "---\na: patch\nb: none\n---\n"
    assert format_block({}) == "---\n---\n"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("---\na: patch\nb: minor\n---\n\nText.\n", "---\nb: minor\n---\n\nText.\n"),
        ("---\na: patch\n---\n", "---\n---\n"),
        (
            "---\r\nA: patch\r\n# why\r\n'b': minor\r\n---\r\nT",
            "---\r\n# why\r\n'b': minor\r\n---\r\nT",
        ),
        ("\ufeff---\na: patch\nb: none\n---\na: patch\n", "\ufeff---\nb: none\n---\na: patch\n"),
        ("---\na:\n  patch\n# why\nb: minor\n---\n", "---\n# why\nb: minor\n---\n"),
        ("---\n{\n  a: patch,\n  b: minor\n}\n---\n", "---\n{\n  b: minor\n}\n---\n"),
        # lines that cannot go alone
        ("---\n{a: patch, b: minor}\n---\nT", "---\nb: minor\n---\nT"),
        ("---\r\n{a: patch, b: minor}\r\n---\r\nT", "---\r\nb: minor\r\n---\r\nT"),
        ("---\n?\n  a\n: patch\nb: minor\n---\n", "---\nb: minor\n---\n"),
        # nothing to cut
        ("---\nb: minor\n---\n", "---\nb: minor\n---\n"),
        ("a: patch\n", "a: patch\n"),
        ("---\na: patch\n", "---\na: patch\n"),
        ("---\na: patch\nb: [\n---\n", "---\na: patch\nb: [\n---\n"),
        ("", ""),
    ],
)
def test_only_what_is_named_is_cut(text: str, rest: str) -> None:
    assert cut(text, {A}) == rest


@pytest.mark.property
@given(
    names=st.lists(NAMES, unique_by=canonicalize_name, max_size=5),
    data=st.data(),
    end=st.sampled_from(["\n", "\r\n"]),
    body=st.text(max_size=20),
)
def test_cutting_takes_exactly_the_named_lines(
    names: list[str], data: st.DataObject, end: str, body: str
) -> None:
    styles = st.sampled_from([*STYLES, "{name}:  {word}"])
    lines = [data.draw(styles).format(name=name, word=data.draw(WORDS)) for name in names]
    gone = data.draw(st.sets(st.sampled_from(names))) if names else set()
    kept = [line for name, line in zip(names, lines, strict=True) if name not in gone]
    text = end.join(["---", *lines, "---", body])

    rest = cut(text, {canonicalize_name(name) for name in gone})

    assert rest == end.join(["---", *kept, "---", body])
