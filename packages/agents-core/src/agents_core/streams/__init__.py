"""What every port's stream is made of: an inlet, a driven generator, and events at its end."""

from __future__ import annotations

from agents_core.streams.inlet import FLUSH, Flush, Inlet
from agents_core.streams.port import Port, PortError, PortEvent
from agents_core.streams.reading import Reading
from agents_core.streams.run import Run
from agents_core.streams.stream import EventStream, InputStream

__all__ = [
    "FLUSH",
    "EventStream",
    "Flush",
    "Inlet",
    "InputStream",
    "Port",
    "PortError",
    "PortEvent",
    "Reading",
    "Run",
]
