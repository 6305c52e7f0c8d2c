"""How a session takes part in a room."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOptions:
    """What goes through the room.

    Raises:
        ValueError: a rate below 1, or a wait that is not positive.
    """

    participant_identity: str | None = None
    """Whom to listen to; the first one who comes without."""
    audio_input: bool = True
    audio_output: bool = True
    text_input: bool = True
    """Take what participants write on `lk.chat` as said."""
    transcription: bool = True
    """Send what both sides say as text on `lk.transcription`."""
    sample_rate: int = 24_000
    """Samples a second, of what is heard and said; both in one channel."""
    close_on_disconnect: bool = True
    """Close the session when the participant leaves for good."""
    publish_timeout: float = 10.0
    """Seconds that the server may take to accept the agent's track."""
    subscription_timeout: float = 1.0
    """Seconds that the first sound waits for somebody to subscribe to the track."""

    def __post_init__(self) -> None:
        if self.sample_rate < 1:
            raise ValueError(f"no sound: {self.sample_rate} Hz")
        if not (self.publish_timeout > 0 and self.subscription_timeout > 0):
            raise ValueError("publish_timeout and subscription_timeout must be positive")
