"""A turn detector of some bytes: a turn has ended when its last word is one that ends turns."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
from onnx import TensorProto, helper
from tokenizers import AddedToken, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from tokenizers.processors import TemplateProcessing

WORDS = ("<unk>", "thanks", "goodbye", "please", "and", "hello", "user", "assistant")
MARKS = ("<|im_start|>", "<|im_end|>")
ENDINGS = (1, 2, 3)
"""Numbers of the words after which nothing more is expected."""

TEMPLATE = (
    "{% for message in messages %}"
    "<|im_start|> {{ message['role'] }} {{ message['content'] }} <|im_end|> "
    "{% endfor %}"
)
LANGUAGES = {"en": {"threshold": 0.5}, "pt": {"threshold": 0.4}, "pt-BR": {"threshold": 0.3}}


def lay(folder: Path) -> Path:
    """The files of a model, as the hub has them."""
    (folder / "onnx").mkdir(parents=True)
    onnx.save(judge(), folder / "onnx" / "model_q8.onnx")
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="<unk>"))  # noqa: S106 - no password
    tokenizer.pre_tokenizer = WhitespaceSplit()
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in MARKS])
    # As tokenizers do that mark where a text ends; the template has marks of its own.
    tokenizer.post_processor = TemplateProcessing(
        single=f"$A {MARKS[1]}", special_tokens=[(MARKS[1], len(WORDS) + 1)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"chat_template": TEMPLATE}))
    (folder / "languages.json").write_text(json.dumps(LANGUAGES))
    return folder


def judge(*, inputs: tuple[str, ...] = ("input_ids",), likely: float = 0.9) -> onnx.ModelProto:
    """For each token `likely` where it is one of `ENDINGS`, and 0.1 less than that less else."""
    ids = [helper.make_tensor_value_info(name, TensorProto.INT64, [1, None]) for name in inputs]
    prob = helper.make_tensor_value_info("prob", TensorProto.FLOAT, [1, None])
    nodes = [
        helper.make_node("Equal", [inputs[0], f"word{word}"], [f"is{word}"]) for word in ENDINGS
    ]
    nodes += [
        helper.make_node("Or", ["is1", "is2"], ["either"]),
        helper.make_node("Or", ["either", "is3"], ["ends"]),
        helper.make_node("Where", ["ends", "likely", "unlikely"], ["prob"]),
    ]
    constants = [
        helper.make_tensor(f"word{word}", TensorProto.INT64, [], [word]) for word in ENDINGS
    ]
    constants += [
        helper.make_tensor("likely", TensorProto.FLOAT, [], [likely]),
        helper.make_tensor("unlikely", TensorProto.FLOAT, [], [likely / 9]),
    ]
    graph = helper.make_graph(nodes, "judge", ids, [prob], initializer=constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
