"""An agent: instructions, tools, and how what it hears becomes what it says."""

from __future__ import annotations

from agents_core.agent.agent import Agent
from agents_core.agent.components import Components, ModelSettings

__all__ = ["Agent", "Components", "ModelSettings"]
