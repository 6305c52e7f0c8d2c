"""Where the models are: a folder that is given, the hub's cache, or a service; read only."""

# ruff: noqa: TID251 - the one room of this package that knows the environment

from __future__ import annotations

import os
from pathlib import Path

from agents_core.http import base_url
from agents_plugin_livekit import models

_REMOTE = "LIVEKIT_REMOTE_EOT_URL"
_FILES = (models.MODEL_FILE, models.TOKENIZER_FILE, models.LANGUAGES_FILE)


def model_folder(given: Path | str | None, *, model: models.TurnDetectorModels) -> Path:
    """The folder with a model's files.

    Raises:
        FileNotFoundError: a file is missing; the message tells which, and how to get all of them.
    """
    folder = Path(given) if given is not None else _cached(models.MODEL_REVISIONS[model])
    missing = [file for file in _FILES if not (folder / file).is_file()]
    if missing:
        raise FileNotFoundError(
            f"the turn detector {model!r} lacks {', '.join(missing)} in {folder}; get the files by"
            f" `hf download {models.MODEL_REPOSITORY} --revision {models.MODEL_REVISIONS[model]}`,"
            " or give a folder that has them as model_path"
        )
    return folder


def remote_url(given: str | None) -> str | None:
    """Where a service runs the multilingual model; None where there is none.

    Raises:
        ValueError: what is given, or in the environment, is no URL.
    """
    if not (given or "").strip() and not os.environ.get(_REMOTE, "").strip():
        return None
    return base_url(given, variable=_REMOTE, default="") + models.REMOTE_PATH


def agent_id() -> str | None:
    """By which a deployment knows this agent."""
    return os.environ.get("LIVEKIT_AGENT_ID") or None


def _cached(revision: str) -> Path:
    """The snapshot of a revision, laid out as the hub's own tools do."""
    repository = _hub_cache() / f"models--{models.MODEL_REPOSITORY.replace('/', '--')}"
    reference = repository / "refs" / revision
    commit = reference.read_text("utf-8").strip() if reference.is_file() else revision
    return repository / "snapshots" / commit


def _hub_cache() -> Path:
    for variable, below in (
        ("HF_HUB_CACHE", ""),
        ("HUGGINGFACE_HUB_CACHE", ""),
        ("HF_HOME", "hub"),
        ("XDG_CACHE_HOME", "huggingface/hub"),
    ):
        if os.environ.get(variable):
            return Path(os.environ[variable]).expanduser() / below
    return Path("~/.cache/huggingface/hub").expanduser()
