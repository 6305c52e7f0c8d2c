"""The chat template of a model, which comes with it and is rendered in a sandbox."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from agents_plugin_livekit import models
from agents_plugin_livekit._wire.turns import END_OF_TURN, Turn

_TOKENS = ("bos_token", "eos_token", "pad_token", "unk_token")
_PLAIN = (
    "{% for message in messages %}"
    "<|im_start|>{{ message['role'] }}\n{{ message['content'] }}" + END_OF_TURN + "\n"
    "{% endfor %}"
)
"""Of a model that brings none: the markup that its mark for the end of a turn belongs to."""


def load_template(folder: Path) -> Callable[[Iterable[Turn]], str]:
    """What formats turns for the model in `folder`; it raises ValueError where that fails.

    Raises:
        ValueError: the template is none.
    """
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    config = _read(folder / models.TOKENIZER_CONFIG_FILE)
    own = folder / models.TEMPLATE_FILE
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    environment.globals["raise_exception"] = _refuse
    try:
        source = own.read_text("utf-8") if own.is_file() else _source(config)
        template = environment.from_string(source)
    except (TemplateError, LookupError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"the chat template in {folder} cannot be used: {error}") from error
    tokens = {name: _token(config.get(name)) for name in _TOKENS}

    def format_turns(turns: Iterable[Turn]) -> str:
        messages = [asdict(turn) for turn in turns]
        try:
            return template.render(messages=messages, add_generation_prompt=False, **tokens)
        except Exception as error:  # a template can do whatever Python can
            raise ValueError(f"the chat template in {folder} fails: {error}") from error

    return format_turns


def _read(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        config = json.loads(file.read_bytes())
    except ValueError as error:
        raise ValueError(f"{file} is no JSON: {error}") from error
    if not isinstance(config, dict):
        raise ValueError(f"{file} is no record of a tokenizer")  # noqa: TRY004 - a bad value of a file
    return config


def _source(config: dict[str, Any]) -> str:
    match config.get("chat_template"):
        case str(source):
            return source
        case [*several]:
            named = {each["name"]: each["template"] for each in several}
            return str(named.get("default", _PLAIN))
        case _:
            return _PLAIN


def _token(value: object) -> str:
    content = value.get("content") if isinstance(value, dict) else value
    return content if isinstance(content, str) else ""


def _refuse(message: str) -> NoReturn:
    from jinja2 import TemplateError

    raise TemplateError(message)
