from __future__ import annotations

from pathlib import Path

import pytest

from agents_core.worker.cpu import CpuUse, read_quota, read_usage


@pytest.mark.parametrize(
    ("text", "processors"),
    [("150000 100000\n", 1.5), ("max 100000\n", None), ("", None), ("1 0", None), ("a b c", None)],
)
def test_a_quota_is_a_number_of_processors(
    tmp_path: Path, text: str, processors: float | None
) -> None:
    (tmp_path / "cpu.max").write_text(text)

    assert read_quota(tmp_path / "cpu.max") == processors


def test_without_a_control_group_there_is_no_quota(tmp_path: Path) -> None:
    assert read_quota(tmp_path / "cpu.max") is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("usage_usec 2500000\nuser_usec 1\n", 2.5), ("user_usec 1\n", 0), ("usage_usec\n", 0)],
)
def test_usage_is_told_in_seconds(tmp_path: Path, text: str, seconds: float) -> None:
    (tmp_path / "cpu.stat").write_text(text)

    assert read_usage(tmp_path / "cpu.stat") == seconds


def test_in_a_container_the_quota_is_the_whole(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("50000 100000")
    (tmp_path / "cpu.stat").write_text("usage_usec 0")
    use = CpuUse(tmp_path)

    (tmp_path / "cpu.stat").write_text("usage_usec 3600000000")  # an hour, in no time

    assert use.since_last_time() == 1
    assert use.since_last_time() == 0


def test_without_a_quota_the_machine_is_asked(tmp_path: Path) -> None:
    assert 0 <= CpuUse(tmp_path).since_last_time() <= 1
