"""Sizes, speeds and durations, as short as one can tell them apart."""

from __future__ import annotations

_UNITS = ("B", "kB", "MB", "GB")
"""Decimal ones, as indexes and disks count: each is 1000 of the one before."""


def size_text(size: float) -> str:
    """A number of bytes, with two digits or more.

    >>> size_text(81_234), size_text(1_234_567)
    ('81 kB', '1.2 MB')
    """
    *smaller, largest = _UNITS
    for unit in smaller:
        if size < 999.5:  # noqa: PLR2004 - from here on it is rounded to the next unit
            return _amount(size, unit)
        size /= 1000
    return _amount(size, largest)


def speed_text(size: float, seconds: float) -> str:
    """Bytes in that time as a speed; empty where no time was measured."""
    return f"{size_text(size / seconds)}/s" if seconds > 0 else ""


def duration_text(seconds: float) -> str:
    """A time as one says it; empty where none was measured.

    >>> duration_text(0.42), duration_text(12.3), duration_text(125)
    ('0.4 s', '12 s', '2 min 5 s')
    """
    if seconds <= 0:
        return ""
    if round(seconds) < 10:  # noqa: PLR2004 - tenths matter to nobody from ten seconds on
        return f"{max(seconds, 0.1):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _amount(amount: float, unit: str) -> str:
    # 9.95 is the least that would be written with three digits: 10.0.
    has_tenths = amount < 9.95 and unit != _UNITS[0]  # noqa: PLR2004
    return f"{amount:.1f} {unit}" if has_tenths else f"{amount:.0f} {unit}"
