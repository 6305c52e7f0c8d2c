"""Silero's model on onnxruntime: loaded once in a process, with a memory for each stream."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from agents_plugin_silero import models

SHIPPED = Path(__file__).parent / "model" / "silero_vad.onnx"
"""Comes with this package; `ORIGIN.md` beside it says from where."""

_SCALE = 1 / 32_768
_INPUTS = {"input", "state", "sr"}
_OUTPUTS = 2
_STATE = (2, 1, 128)

_loaded: dict[tuple[Path, bool], Any] = {}
_loading = threading.Lock()


def load(file: Path, *, force_cpu: bool) -> Any:  # noqa: ANN401 - onnxruntime tells no types
    """The session that runs the model in `file`, the same for all who ask; takes some 50 ms.

    Args:
        file: in the ONNX format.
        force_cpu: use no accelerator, whatever this machine has.

    Raises:
        ValueError: the file is no model, or another one than Silero's of version 5 or later.
        OSError: it cannot be read.
    """
    with _loading:
        key = (file.resolve(), force_cpu)
        if key not in _loaded:
            _loaded[key] = _load(*key)
        return _loaded[key]


def is_loaded(file: Path, *, force_cpu: bool) -> bool:
    """Whether `load` returns at once."""
    return (file.resolve(), force_cpu) in _loaded


def _load(file: Path, force_cpu: bool) -> Any:  # noqa: ANN401, FBT001 - likewise; called above only
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    # One window is too little work to share, and threads that wait for more burn a core each.
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    providers = onnxruntime.get_available_providers()
    model = file.read_bytes()
    try:
        session = onnxruntime.InferenceSession(
            model,
            sess_options=options,
            providers=["CPUExecutionProvider"] if force_cpu else providers,
        )
    except Exception as error:  # of a dozen classes that have no other name in common
        raise ValueError(f"{file} is no model that onnxruntime can load: {error}") from error
    inputs = {each.name for each in session.get_inputs()}
    if inputs != _INPUTS or len(session.get_outputs()) != _OUTPUTS:
        raise ValueError(f"{file} is no model of Silero's: it takes {', '.join(sorted(inputs))}")
    return session


class Memory:
    """What the model remembers of one stream; `look` at its windows in order."""

    def __init__(self, session: Any, *, sample_rate: models.VADSampleRates) -> None:  # noqa: ANN401 - as above
        import numpy as np

        self._session = session
        self._context = models.VAD_CONTEXT_SAMPLES[sample_rate]
        size = self._context + models.VAD_WINDOW_SAMPLES[sample_rate]
        self._input = np.zeros((1, size), dtype=np.float32)
        self._state = np.zeros(_STATE, dtype=np.float32)
        self._rate = np.array(sample_rate, dtype=np.int64)

    def look(self, samples: bytes) -> float:
        """How likely somebody speaks in the window, from 0 to 1; takes some 0.1 ms."""
        import numpy as np

        heard = self._input[0]
        heard[: self._context] = heard[-self._context :]
        heard[self._context :] = np.frombuffer(samples, dtype="<i2")
        heard[self._context :] *= _SCALE
        inputs = {"input": self._input, "state": self._state, "sr": self._rate}
        probability, self._state = self._session.run(None, inputs)
        return float(probability.item())

    def forget(self) -> None:
        """Begin anew, as in silence."""
        self._input.fill(0)
        self._state = self._state * 0
