"""The process of a job, as its code sees it."""

from __future__ import annotations

import os

from agents_core.jobs.process import JobProcess


def test_it_knows_its_number_and_keeps_what_it_is_given() -> None:
    process = JobProcess()
    process.userdata["model"] = "loaded"

    assert process.pid == os.getpid()
    assert process.userdata == {"model": "loaded"}
    assert JobProcess().userdata == {}
