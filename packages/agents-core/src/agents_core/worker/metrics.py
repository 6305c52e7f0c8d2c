"""Numbers in the text format that Prometheus reads, version 0.0.4."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
Labels: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One number of a family."""

    value: float
    labels: Labels = ()
    suffix: str = ""
    """``_bucket``, ``_sum`` or ``_count`` for the parts of a histogram."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """All numbers of one name."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    samples: tuple[Sample, ...]


def format_families(families: Iterable[Family]) -> str:
    """The whole page; each family with its help and its type, even one without samples."""
    return "".join(f"{line}\n" for family in families for line in _lines(family))


def histogram(
    bounds: Iterable[float], reached: Iterable[int], total: float, labels: Labels = ()
) -> tuple[Sample, ...]:
    """The samples of one histogram.

    Args:
        bounds: upper, rising, without infinity.
        reached: how many values were at most each bound; one more, the number of all of them.
        total: the sum of the values.
        labels: of every sample.

    Raises:
        ValueError: there is not one number more than there are bounds.
    """
    buckets = tuple(
        Sample(value=count, labels=(*labels, ("le", _number(bound))), suffix="_bucket")
        for bound, count in zip((*bounds, math.inf), reached, strict=True)
    )
    return (
        *buckets,
        Sample(value=total, labels=labels, suffix="_sum"),
        Sample(value=buckets[-1].value, labels=labels, suffix="_count"),
    )


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {_escape(family.help)}"
    yield f"# TYPE {family.name} {family.kind}"
    for sample in family.samples:
        yield f"{family.name}{sample.suffix}{_labels(sample.labels)} {_number(sample.value)}"


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    pairs = (f'{name}="{_escape(value, quoted=True)}"' for name, value in labels)
    return "{" + ",".join(pairs) + "}"


def _escape(text: str, *, quoted: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quoted else text


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if math.isnan(value):
        return "NaN"
    return repr(int(value)) if value == int(value) else repr(float(value))
