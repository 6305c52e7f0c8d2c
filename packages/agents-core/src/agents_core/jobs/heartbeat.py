"""Whether the event loop of a process still answers its pings."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """What was asked and not yet answered; all times by one monotonic clock."""

    waiting_since: float | None = None
    """When the oldest ping was sent that has no answer."""

    def sent(self, now: float) -> Heartbeat:
        """A ping went out."""
        return self if self.waiting_since is not None else replace(self, waiting_since=now)

    def answered(self, timestamp: float, latest: float) -> Heartbeat:
        """The answer to the ping of `timestamp` came; `latest` is the last ping that was sent."""
        if self.waiting_since is None or timestamp < self.waiting_since:
            return self
        return replace(self, waiting_since=None if timestamp >= latest else latest)

    def excused(self, seconds: float) -> Heartbeat:
        """The worker itself was held up, and could not have heard an answer meanwhile."""
        if self.waiting_since is None:
            return self
        return replace(self, waiting_since=self.waiting_since + seconds)

    def silent(self, now: float) -> float:
        """Seconds for which an answer has been due."""
        return 0.0 if self.waiting_since is None else max(0.0, now - self.waiting_since)
