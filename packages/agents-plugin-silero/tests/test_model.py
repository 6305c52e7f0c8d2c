"""The model itself: the one that comes with the package, and what is none."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper
from vowels import vowels

from agents_plugin_silero import _model, models
from agents_plugin_silero._model import SHIPPED, Memory, load


def by_hand(sound: bytes, rate: int) -> list[float]:
    """The model's probabilities, as Silero's own documentation has them worked out."""
    session = onnxruntime.InferenceSession(str(SHIPPED), providers=["CPUExecutionProvider"])
    size, context = {8000: (256, 32), 16_000: (512, 64)}[rate]
    samples = np.frombuffer(sound, dtype="<i2").astype(np.float32) / 32_768
    state = np.zeros((2, 1, 128), dtype=np.float32)
    before = np.zeros(context, dtype=np.float32)
    probabilities = []
    for at in range(0, len(samples) - size + 1, size):
        heard = np.concatenate([before, samples[at : at + size]])[None]
        answer, state = session.run(
            ["output", "stateN"], {"input": heard, "state": state, "sr": np.array(rate)}
        )
        before = heard[0, -context:]
        probabilities.append(float(answer[0, 0]))
    return probabilities


def windows(sound: bytes, rate: models.VADSampleRates) -> list[bytes]:
    size = 2 * models.VAD_WINDOW_SAMPLES[rate]
    return [sound[at : at + size] for at in range(0, len(sound) - size + 1, size)]


@pytest.mark.parametrize("rate", [8000, 16_000])
def test_the_probabilities_are_those_of_the_model_run_by_hand(rate: models.VADSampleRates) -> None:
    sound = bytes(rate) + vowels(1.0, sample_rate=rate).data + bytes(rate)
    memory = Memory(load(SHIPPED, force_cpu=True), sample_rate=rate)
    expected = by_hand(sound, rate)

    heard = [memory.look(window) for window in windows(sound, rate)]
    memory.forget()
    again = [memory.look(window) for window in windows(sound, rate)]

    assert heard == expected
    assert again == expected
    assert max(expected) > 0.9
    assert min(expected) < 0.1


def test_the_model_is_the_one_whose_origin_is_told() -> None:
    told = (SHIPPED.parent / "ORIGIN.md").read_text("utf-8")

    assert hashlib.sha256(SHIPPED.read_bytes()).hexdigest() in told
    assert f"{SHIPPED.stat().st_size:,} bytes" in told
    assert (SHIPPED.parent / "LICENSE").read_text("utf-8").startswith("MIT License")


def test_it_is_loaded_once_whoever_asks_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "copy.onnx"
    file.write_bytes(SHIPPED.read_bytes())
    monkeypatch.setattr(_model, "_loaded", {})
    together = threading.Barrier(4)

    def ask(_: int) -> object:
        together.wait()
        return load(file, force_cpu=True)

    with ThreadPoolExecutor(4) as threads:
        sessions = list(threads.map(ask, range(4)))

    assert len({id(session) for session in sessions}) == 1
    assert load(file, force_cpu=False) is not sessions[0]


def test_what_is_no_model_is_refused_by_its_name(tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.onnx"
    garbage.write_bytes(b"version https://git-lfs.github.com/spec/v1")

    with pytest.raises(ValueError, match=r"garbage\.onnx is no model that onnxruntime can load"):
        load(garbage, force_cpu=True)


def test_another_model_is_refused_with_what_it_takes(tmp_path: Path) -> None:
    one = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])
    other = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "g", [one], [other])
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="tests"
    )
    file = tmp_path / "other.onnx"
    onnx.save(model, file)

    with pytest.raises(ValueError, match="no model of Silero's: it takes x"):
        load(file, force_cpu=True)
