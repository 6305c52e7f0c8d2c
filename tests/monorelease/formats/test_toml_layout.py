from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest
from hypothesis import given, target
from hypothesis import strategies as st

from monorelease.formats.text import BOM
from monorelease.formats.toml_layout import read_layout
from monorelease.model.finding import TomlKey

NASTY = {
    "interleaved-tables": "[tool.ruff.lint.a]\nx = 'a'\n[tool.ruff.lint]\ny = 'b'\n[other]\n"
    "z = 'c'\n[tool.ruff.lint.b]\nx = 'd'\n",
    "trailing-comments": "a = [\n  'x', # one ']'\n  # two, \"\n  'y' # three\n  , # four\n]\n"
    "b='z'",
    "inline-tables": "a = {b = 'x', c = {d = ['y', {e = 'z'}]}, f.g = 'w'}\nh = {}\ni = []\n",
    "dotted-keys": "a.b.c = 'x'\na . \"b.c\" . 'd e' = 'y'\n[p.'q.r'.s]\nt.u = 'z'\n",
    "quoted-keys-with-dots": '"a.b" = "x"\n\'c"d\' = "y"\n"e\\"f\\u00e9" = "z"\n"" = "w"\n',
    "arrays-of-tables": "[[a]]\nb='1'\n[[a.c]]\nd='2'\n[[a.c]]\nd='3'\n[[a]]\n[a.e]\nf='4'\n"
    "[[a.c]]\nd='5'\n[a.c.g]\nh='6'\n",
    "multi-line": 'a = """\nx ""y"" \\\n   z"""""\nc = """"""\n',
    "multi-line-literals": "b = '''\nx ''y''''\nd = ''''''\n",
    "escapes": 'a = "\\"#[]{}=,\\\\"\nb = \'\\\'\nc = """\\""""\nd = "\\U0001F388 é"\n',
    "other-values": "a = 1_000\nb = -inf\nc = nan\nd = 1979-05-27 07:32:00Z\ne = 1979-05-27\n"
    "f = 0xDEAD\ng = true\nh = [1,2.5e3,[false]]\ni = 07:32:00.5 # x\nj = 'k'\n",
    "marks-in-strings": "a = '# no comment'\nb = \"[no.table]\"\nc = '''\n[no]\nx = 'y'\n'''\n",
    "no-newline-at-the-end": "a = 'b'",
    "comment-at-the-end": "a = 'b' # c",
    "blanks": " \t a\t=\t'b' \n\n  [ c . d ]\n\te = 'f'\n  [[ g ]] # h\n",
    "empty": "",
}


def strings_in(value: object, key: TomlKey = ()) -> Iterator[tuple[TomlKey, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from strings_in(each, (*key, name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from strings_in(each, (*key, index))


def strings_by_layout(text: str) -> dict[TomlKey, str]:
    places = read_layout(text).strings
    return {key: tomllib.loads(f"x = {text[a:b]}")["x"] for key, (a, b) in places.items()}


@pytest.mark.parametrize("mark", ["", BOM], ids=["", "mark"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_every_string_is_found_where_tomllib_finds_it(text: str, newline: str, mark: str) -> None:
    text = text.replace("\n", newline)
    expected = dict(strings_in(tomllib.loads(text)))

    assert strings_by_layout(mark + text) == expected


KEYS = st.sampled_from(["name", "a-b", "1_0", '"a.b"', "'c \"d\"'", '"e\\tf"', '""'])
COMMENTS = st.sampled_from(["", " # x = 'y'", "\t#[]", "  "])
STRINGS = st.sampled_from(
    ["'a'", '"b"', "'''c\n'd'\n'''", '"""\ne\\\n \\" "f" """', '"\\u0041"', "''", '"#]},"']
)
SCALARS = st.sampled_from(["1", "1.5", "nan", "true", "1979-05-27 07:32:00", "0x1F"])
GAPS = st.sampled_from(["", " ", "\n", " # ],'\n ", "\n\n\t"])


@st.composite
def values(draw: st.DrawFn, depth: int = 2) -> str:
    shape = draw(st.sampled_from(("string", "scalar", "array", "table")[: 4 if depth else 1]))
    if shape == "string":
        return draw(STRINGS)
    if shape == "scalar":
        return draw(SCALARS)
    if shape == "array":
        items = draw(st.lists(values(depth - 1), max_size=3))
        pieces = [draw(GAPS) + item + draw(GAPS) for item in items]
        comma = "," if items and draw(st.sampled_from((True, False))) else ""
        return f"[{','.join(pieces)}{comma}{draw(GAPS)}]"
    count = draw(st.integers(0, 3))
    pairs = [f" k{index}.x = {draw(values(depth - 1))}" for index in range(count)]
    return f"{{{','.join(pairs)} }}"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Valid by construction: a number makes every key unlike the others."""
    numbers = iter(range(1_000))

    def key() -> str:
        return f"{draw(KEYS)}.k{next(numbers)}"

    def pair() -> str:
        return f"{key()} = {draw(values())}{draw(COMMENTS)}\n"

    lines = [pair() for _ in range(draw(st.integers(0, 2)))]
    for _ in range(draw(st.integers(0, 4))):
        array = draw(st.sampled_from(["t", "t.'u.v'", "t.'u.v'.w", None]))
        opened = "[[t]]\n" + (f"[[{array}]]\n" if array != "t" else "")
        lines.append(opened if array else f"[ x.{key()} ]{draw(COMMENTS)}\n")
        lines += [pair() for _ in range(draw(st.integers(0, 2)))]
    text = draw(st.sampled_from(["", BOM])) + "".join(lines)
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@pytest.mark.property
@given(documents())
def test_every_string_is_found_in_whatever_document(text: str) -> None:
    expected = dict(strings_in(tomllib.loads(text.removeprefix(BOM))))
    target(float(len(expected)))

    assert strings_by_layout(text) == expected


def test_other_values_and_headers_are_known_by_their_beginning() -> None:
    text = "a = 1\nb = [2, {c = 3}]\n[d]\n[[e]]\n[[e]]\n"
    starts = read_layout(text).starts

    assert {key: text[at:].splitlines()[0] for key, at in starts.items()} == {
        ("a",): "1",
        ("b",): "[2, {c = 3}]",
        ("b", 0): "2, {c = 3}]",
        ("b", 1): "{c = 3}]",
        ("b", 1, "c"): "3}]",
        ("d",): "[d]",
        ("e",): "[[e]]",
        ("e", 0): "[[e]]",
        ("e", 1): "[[e]]",
    }
    assert starts["e",] == starts["e", 0] < starts["e", 1]


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a = ",
        "a = [",
        "a = [1",
        "a = {",
        "a = {b",
        "a = 'b",
        'a = """b',
        "[a",
        "[[a]",
        "= 1",
        "é = 1",
    ],
)
def test_what_is_not_toml_ends_the_walk(text: str) -> None:
    with pytest.raises(ValueError, match="at character"):
        read_layout(text)
