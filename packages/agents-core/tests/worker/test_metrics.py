from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents_core.worker.metrics import Family, Sample, format_families, histogram

# A reader of the text format by its grammar, stricter than most servers are.
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"'
LINE = re.compile(rf"({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? ([-+0-9.eInfNa]+)\n")
UNESCAPED = {"\\\\": "\\", "\\n": "\n", '\\"': '"'}

Read = dict[str, list[tuple[str, dict[str, str], float]]]


def read(page: str) -> Read:
    """Samples by family; every line has to be one that the format allows, where it allows it."""
    families: Read = {}
    kind = family = ""
    # At line feeds alone: what else separates lines may be in a label.
    for line in re.findall(r"[^\n]*\n", page):
        if line.startswith("# HELP "):
            family = line.split(" ")[2]
            assert family not in families, "a family comes in one piece"
            families[family] = []
        elif line.startswith("# TYPE "):
            name, kind = line[len("# TYPE ") : -1].split(" ")
            assert name == family
            assert kind in {"counter", "gauge", "histogram"}
        else:
            families[family].append(read_sample(line, family, kind))
    return families


def read_sample(line: str, family: str, kind: str) -> tuple[str, dict[str, str], float]:
    match = LINE.fullmatch(line)
    assert match, line
    suffixes = {"_bucket", "_sum", "_count"} if kind == "histogram" else {""}
    suffix = match[1].removeprefix(family)
    assert match[1].startswith(family)
    assert suffix in suffixes
    labels = {
        name: re.sub(r'\\[\\n"]', lambda found: UNESCAPED[found[0]], value)
        for name, value in re.findall(LABEL, match[2] or "")
    }
    return suffix, labels, float(match[len(match.groups())])


names = st.from_regex(r"[a-z][a-z_]{0,9}", fullmatch=True)
labels = st.lists(st.tuples(names, st.text()), unique_by=lambda pair: pair[0], max_size=3)
numbers = st.floats(allow_nan=False)
samples = st.builds(Sample, value=numbers, labels=labels.map(tuple))
families = st.builds(
    Family,
    name=names,
    kind=st.sampled_from(["counter", "gauge"]),
    help=st.text(),
    samples=st.lists(samples, max_size=3).map(tuple),
)


@pytest.mark.property
@given(st.lists(families, unique_by=lambda family: family.name, max_size=4))
def test_whatever_is_told_is_read_back(told: list[Family]) -> None:
    assert read(format_families(told)) == {
        family.name: [("", dict(sample.labels), sample.value) for sample in family.samples]
        for family in told
    }


def test_a_histogram_has_its_buckets_a_sum_and_a_count() -> None:
    parts = histogram((0.1, 1.0), (2, 3, 5), 4.5, (("step", "room"),))
    told = Family(name="seconds", kind="histogram", help="How long.", samples=parts)

    assert read(format_families([told])) == {
        "seconds": [
            ("_bucket", {"step": "room", "le": "0.1"}, 2),
            ("_bucket", {"step": "room", "le": "1"}, 3),
            ("_bucket", {"step": "room", "le": "+Inf"}, 5),
            ("_sum", {"step": "room"}, 4.5),
            ("_count", {"step": "room"}, 5),
        ]
    }


def test_a_histogram_without_its_last_bucket_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        histogram((0.1, 1.0), (2, 3), 4.5)


def test_an_attack_by_label_stays_a_label() -> None:
    evil = 'x"} 1\nfake_metric 9\\'
    told = Family(
        name="jobs", kind="counter", help="a\nb", samples=(Sample(value=1, labels=(("a", evil),)),)
    )

    assert read(format_families([told])) == {"jobs": [("", {"a": evil}, 1)]}


def test_numbers_beyond_all_numbers_have_their_own_spelling() -> None:
    values = (math.inf, -math.inf, math.nan, 3.0, 0.25)
    told = Family(
        name="n", kind="gauge", help="n", samples=tuple(Sample(value=value) for value in values)
    )

    spelled = [line.split()[-1] for line in format_families([told]).splitlines()[2:]]

    assert spelled == ["+Inf", "-Inf", "NaN", "3", "0.25"]
