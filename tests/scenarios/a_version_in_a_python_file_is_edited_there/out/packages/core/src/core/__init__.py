"""Core."""

__version__ = "1.0.1"  # the release tool writes this
