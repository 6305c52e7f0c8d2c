"""Failures in a row are counted for each source, and forgiven by a success."""

from __future__ import annotations

from agents_core.session.failures import Failures


def test_one_more_than_the_limit_is_too_many() -> None:
    failures, source = Failures(2), object()

    assert [failures.failed(source) for _ in range(3)] == [False, False, True]


def test_a_success_and_another_source_begin_anew() -> None:
    failures, one, other = Failures(1), object(), object()
    failures.failed(one)
    assert not failures.failed(other)

    failures.succeeded(one)
    assert not failures.failed(one)
    assert failures.failed(other)
