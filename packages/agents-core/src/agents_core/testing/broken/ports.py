"""Defects that a plugin can have whatever its port is."""

# ruff: noqa: D102 - the class says what is broken

from __future__ import annotations

from agents_core.streams import Port, PortEvent
from agents_core.testing.broken.defects import caught_by


@caught_by("it_says_who_answers")
class SaysNotWho(Port):
    """Does not tell its provider."""

    @property
    def provider(self) -> str:
        return "unknown"


@caught_by("closing_again_changes_nothing")
class ClosesOnce(Port):
    """Cannot be closed twice."""

    _closed = False

    async def aclose(self) -> None:
        if self._closed:
            raise RuntimeError("it is closed")
        self._closed = True


@caught_by("options_hold_from_the_next_request_on")
class OverhearsOptions(Port):
    """Keeps the options that it was made with."""

    def update_options(self, **_options: object) -> None:
        """Do nothing."""


@caught_by("each_answer_is_measured", "each_window_is_measured")
class MeasuresTwice(Port):
    """Says twice what each answer took."""

    def emit(self, event: PortEvent, *args: object) -> None:
        super().emit(event, *args)
        if event == "metrics_collected":
            super().emit(event, *args)


PORTS: tuple[type[Port], ...] = (SaysNotWho, ClosesOnce, OverhearsOptions, MeasuresTwice)
