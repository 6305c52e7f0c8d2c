"""A turn detection model on onnxruntime, with its tokenizer: loaded once in a process."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agents_plugin_livekit import models
from agents_plugin_livekit._template import load_template
from agents_plugin_livekit._wire.languages import probability
from agents_plugin_livekit._wire.turns import Turn, without_end

_INPUTS = ["input_ids"]
_MOST_THREADS = 4

_loaded: dict[Path, Model] = {}
_loading = threading.Lock()


class Model:
    """Tells of turns how likely the last one is whole; from any thread, several at once too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._session = _session(folder / models.MODEL_FILE)
        self._tokenizer = _tokenizer(folder / models.TOKENIZER_FILE)
        self._format_turns = load_template(folder)

    def judge(self, turns: Iterable[Turn]) -> float:
        """How likely the last turn has ended, from 0 to 1; takes some 10 to 100 ms.

        Raises:
            ValueError: the model answers no probability, or its template fails.
        """
        import numpy as np

        text = without_end(self._format_turns(turns))
        tokens = self._tokenizer.encode(text, add_special_tokens=False).ids
        asked = np.array([tokens], dtype=np.int64)
        [answer, *_] = self._session.run(None, {"input_ids": asked})
        told = answer.flatten()[-1:].tolist()
        found = probability(told[0]) if told else None
        if found is None:
            raise ValueError(f"the model in {self._folder} answers no probability: {told}")
        return found


def load(folder: Path) -> Model:
    """The model in `folder`, the same for all who ask.

    Raises:
        ValueError: a file is not what it should be; the message tells which.
        OSError: one cannot be read.
    """
    with _loading:
        key = folder.resolve()
        if key not in _loaded:
            _loaded[key] = Model(folder)
        return _loaded[key]


def _session(file: Path) -> Any:  # noqa: ANN401 - onnxruntime tells no types
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, min((os.cpu_count() or 1) // 2, _MOST_THREADS))
    options.inter_op_num_threads = 1
    # Threads that wait for the next turn by spinning burn a core each.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.dynamic_block_base", "4")
    try:
        session = onnxruntime.InferenceSession(
            str(file), sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # of a dozen classes that have no other name in common
        raise ValueError(f"{file} is no model that onnxruntime can load: {error}") from error
    inputs = [each.name for each in session.get_inputs()]
    if inputs != _INPUTS:
        raise ValueError(f"{file} is no turn detector: it takes {', '.join(inputs)}")
    return session


def _tokenizer(file: Path) -> Any:  # noqa: ANN401 - kept with the session, which has no type
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # it has no class of its own
        raise ValueError(f"{file} is no tokenizer: {error}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(models.HISTORY_TOKENS, direction="left")
    return tokenizer
