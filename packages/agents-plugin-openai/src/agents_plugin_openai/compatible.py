"""Class methods that make a model of another service, one line each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from agents_plugin_openai.services import Service

T = TypeVar("T")


class At:
    """In a class that takes a `service`: a constructor that has one already.

    It takes what the class takes, and has its defaults but for those of the service::

        class LLM:
            with_groq = At(GROQ)


        LLM.with_groq(temperature=0.4)
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def __get__(self, instance: object, owner: Callable[..., T]) -> Callable[..., T]:
        """The constructor of the class through which it is asked for."""
        return partial(owner, service=self._service)
