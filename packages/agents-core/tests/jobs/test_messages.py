"""What the messages of a job show of themselves."""

from __future__ import annotations

from agents_core.jobs.messages import RunningJob, StartJob

RUNNING = RunningJob(
    job=b"with a secret",
    url="ws://127.0.0.1",
    token="a secret",  # noqa: S106 - a made-up one
    worker_id="AW_1",
    api_key="the key's secret name",
    api_secret="the server's secret",  # noqa: S106 - likewise
)


def test_neither_the_keys_nor_the_token_nor_the_job_it_may_be_in_is_shown() -> None:
    assert "secret" not in repr(StartJob(running=RUNNING))


def test_what_is_not_secret_is_shown() -> None:
    assert "AW_1" in repr(RUNNING)
