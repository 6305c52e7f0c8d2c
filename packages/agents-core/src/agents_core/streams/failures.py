"""What a failed try is said to have failed of."""

from __future__ import annotations

from agents_core.errors import APIConnectionError, APIError


def blamed(error: Exception) -> Exception:
    """The one to blame of a group: task groups raise all that went wrong, the rule asks about one.

    One that is final counts more than one that may be tried again.
    """
    if not isinstance(error, ExceptionGroup):
        return error
    leaves = [blamed(each) for each in error.exceptions]
    final = [leaf for leaf in leaves if not (isinstance(leaf, APIError) and leaf.retryable)]
    return (final or leaves)[0]


def final(error: Exception, label: str, failed: int) -> Exception:
    """What is raised after the last of `failed` tries of the port called `label`."""
    if failed == 1 or not isinstance(error, APIError) or not error.retryable:
        return error
    last = APIConnectionError(f"{label}: failed after {failed} attempts: {error}")
    last.__cause__ = error
    return last
