"""Generated workflows as a machine reads them, and their scripts as a runner would run them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sandbox import Ran, Sandbox

Workflow = Mapping[str, Any]
"""One file; what it is started by stands under `STARTED_BY`."""

STARTED_BY = "on"


def parsed(text: str) -> Workflow:
    """The file, whose ``on`` is a truth in YAML 1.1 and a word for GitHub."""
    document: dict[Any, Any] = yaml.safe_load(text)
    return {STARTED_BY if key is True else key: each for key, each in document.items()}


def steps_of(workflow: Workflow) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every step, with the name of its job."""
    for name, job in workflow["jobs"].items():
        for step in job["steps"]:
            yield name, step


def step_named(workflow: Workflow, name: str) -> Mapping[str, Any]:
    """The one step of that name."""
    (found,) = (step for _, step in steps_of(workflow) if step.get("name") == name)
    return found


def run_step(
    step: Mapping[str, Any], job: Mapping[str, Any], sandbox: Sandbox, **environment: str
) -> Ran:
    """What the step's script does in `sandbox`, in the shell that its job asks for."""
    shell = step.get("shell") or job["defaults"]["run"]["shell"]
    script = Path(environment["RUNNER_TEMP"], "step.sh")
    script.write_text(step["run"], "utf-8")
    words = "bash -eo pipefail {0}" if shell == "bash" else shell
    return sandbox.run(*words.format(script).split(" "), **environment)
