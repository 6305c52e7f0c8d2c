"""Where Google's models are, and what they take: the Gemini API and Vertex AI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

from agents_plugin_google import models
from agents_plugin_google._wire.naming import without_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Gemini:
    """The Gemini API."""

    version: str = models.DEFAULT_API_VERSION

    def name(self, model: str) -> str:
        """The model, as its own API calls it."""
        return model if "/" in model else f"models/{model}"

    def generation(self, model: str) -> str:
        """The path that answers one request, piece by piece."""
        return f"/{self.version}/{quote(self.name(model))}:streamGenerateContent?alt=sse"

    def conversation(self) -> str:
        """The path of the websocket on which one converses."""
        service = f"google.ai.generativelanguage.{self.version}.GenerativeService"
        return f"/ws/{service}.BidiGenerateContent"

    def taken(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """The message as it is taken here: as it is."""
        return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """Vertex AI, for one project at one location."""

    project: str
    location: str = models.DEFAULT_VERTEX_LOCATION
    version: str = models.DEFAULT_VERTEX_API_VERSION

    def name(self, model: str) -> str:
        """The model, with the project that pays for it; ``publisher/model`` names another's."""
        here = f"projects/{self.project}/locations/{self.location}"
        if model.startswith("projects/"):
            return model
        if model.startswith("publishers/"):
            return f"{here}/{model}"
        publisher, _, own = model.rpartition("/")
        return f"{here}/publishers/{publisher or 'google'}/models/{own}"

    def generation(self, model: str) -> str:
        """The path that answers one request, piece by piece."""
        return f"/{self.version}/{quote(self.name(model))}:streamGenerateContent?alt=sse"

    def conversation(self) -> str:
        """The path of the websocket on which one converses."""
        return f"/ws/google.cloud.aiplatform.{self.version}.LlmBidiService/BidiGenerateContent"

    def taken(self, message: Mapping[str, Any]) -> Mapping[str, Any]:
        """The message as it is taken here: with the id of a call in it, it is refused."""
        taken: Mapping[str, Any] = without_ids(message)
        return taken


Place: TypeAlias = Gemini | Vertex


def vertex_url(location: str) -> str:
    """Where Vertex AI answers for a location; ``global`` has a host without a prefix."""
    if location == "global":
        return models.DEFAULT_VERTEX_GLOBAL_BASE_URL
    return models.DEFAULT_VERTEX_BASE_URL.format(location=location)
