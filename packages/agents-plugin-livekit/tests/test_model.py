"""The files of a model: what is made of them, and what is said of those that are wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import onnx
import pytest
from small_model import MARKS, WORDS, judge, lay

from agents_plugin_livekit._model import load
from agents_plugin_livekit._template import load_template
from agents_plugin_livekit._wire.turns import Turn

SAID = (Turn("assistant", "hello"), Turn("user", "please and thanks"))


def test_the_model_is_asked_about_the_last_word_before_the_mark(tmp_path: Path) -> None:
    model = load(lay(tmp_path / "model"))

    assert model.judge(SAID) == pytest.approx(0.9)
    assert model.judge((Turn("user", "thanks and"),)) == pytest.approx(0.1)
    assert model.judge((*SAID, Turn("assistant", "hello"))) == pytest.approx(0.1)


def test_only_the_last_tokens_are_read(tmp_path: Path) -> None:
    model = load(lay(tmp_path / "model"))

    assert model.judge((Turn("user", "and " * 5000 + "thanks"),)) == pytest.approx(0.9)


def test_it_is_loaded_once_whoever_asks_at_the_same_time(tmp_path: Path) -> None:
    folder = lay(tmp_path / "model")
    together = threading.Barrier(4)

    def ask(_: int) -> object:
        together.wait()
        return load(folder)

    with ThreadPoolExecutor(4) as threads:
        assert len({id(model) for model in threads.map(ask, range(4))}) == 1


def test_a_model_without_a_template_of_its_own_has_the_markup_of_its_mark(tmp_path: Path) -> None:
    format_turns = load_template(tmp_path)

    assert format_turns(SAID) == (
        "<|im_start|>assistant\nhello<|im_end|>\n<|im_start|>user\nplease and thanks<|im_end|>\n"
    )


@pytest.mark.parametrize(
    ("config", "formatted"),
    [
        ({"chat_template": "{{ messages[0]['content'] }}!"}, "hello!"),
        ({"chat_template": "{{ bos_token }}{{ eos_token }}", "bos_token": "<s>"}, "<s>"),
        ({"chat_template": "{{ eos_token }}", "eos_token": {"content": "</s>"}}, "</s>"),
        ({"chat_template": [{"name": "default", "template": "d"}]}, "d"),
        ({"chat_template": "{% if add_generation_prompt %}never{% endif %}"}, ""),
    ],
)
def test_a_template_is_rendered_as_its_writers_meant_it(
    tmp_path: Path, config: dict[str, object], formatted: str
) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))

    assert load_template(tmp_path)(SAID) == formatted


@pytest.mark.parametrize(
    "config",
    [
        b"{",
        b"[]",
        b'{"chat_template": "{% for %}"}',
        b'{"chat_template": [1]}',
        b'{"chat_template": [{"name": "default"}]}',
    ],
)
def test_a_template_that_is_none_is_refused_by_its_file(tmp_path: Path, config: bytes) -> None:
    (tmp_path / "tokenizer_config.json").write_bytes(config)

    with pytest.raises(
        ValueError, match=r"tokenizer_config\.json is no|chat template in .* cannot"
    ):
        load_template(tmp_path)


def test_a_template_may_have_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text('{"chat_template": "old", "eos_token": "</s>"}')
    (tmp_path / "chat_template.jinja").write_text("{{ messages | length }}{{ eos_token }}")

    assert load_template(tmp_path)(SAID) == "2</s>"
    (tmp_path / "chat_template.jinja").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="cannot be used"):
        load_template(tmp_path)


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ messages.append(1) }}",
        "{{ 1 / 0 }}",
        "{{ raise_exception('roles must alternate') }}",
        "{{ nothing.at_all }}",
        "{% for a in range(10 ** 9) %}a{% endfor %}",
    ],
)
def test_a_template_can_do_no_harm_and_its_failure_is_told(tmp_path: Path, source: str) -> None:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": source}))

    with pytest.raises(ValueError, match=r"chat template in .* fails"):
        load_template(tmp_path)(SAID)


def _garble_model(folder: Path) -> None:
    (folder / "onnx/model_q8.onnx").write_bytes(b"version https://git-lfs.github.com/spec/v1")


def _want_more(folder: Path) -> None:
    onnx.save(judge(inputs=("input_ids", "attention_mask")), folder / "onnx/model_q8.onnx")


def _garble_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text('{"model": null}')


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (_garble_model, r"model_q8\.onnx is no model that onnxruntime can load"),
        (_want_more, r"model_q8\.onnx is no turn detector: it takes input_ids, attention_mask"),
        (_garble_tokenizer, r"tokenizer\.json is no tokenizer"),
    ],
)
def test_a_file_that_is_something_else_is_refused_by_its_name(
    tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    folder = lay(tmp_path / "model")
    spoil(folder)

    with pytest.raises(ValueError, match=told):
        load(folder)


@pytest.mark.parametrize("likely", [2.0, float("nan")])
def test_a_model_that_answers_no_probability_is_told(tmp_path: Path, likely: float) -> None:
    folder = lay(tmp_path / "model")
    onnx.save(judge(likely=likely), folder / "onnx/model_q8.onnx")

    with pytest.raises(ValueError, match="answers no probability"):
        load(folder).judge(SAID)


def test_the_small_model_knows_its_words() -> None:
    assert len(WORDS) + len(MARKS) == 10
