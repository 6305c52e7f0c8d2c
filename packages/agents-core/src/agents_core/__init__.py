"""Voice agents in real-time rooms, whose job processes always end and leave nothing behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents_core.agent import Agent, ModelSettings
    from agents_core.audio import AudioFrame
    from agents_core.avatar import AvatarSession, DataStreamAudioOutput
    from agents_core.chat import (
        AgentHandoff,
        AudioContent,
        ChatContext,
        ChatMessage,
        FunctionCall,
        FunctionCallOutput,
        ImageContent,
    )
    from agents_core.cli import run_app
    from agents_core.errors import (
        AgentsError,
        APIConnectionError,
        APIError,
        APIStatusError,
        APITimeoutError,
        AssignmentTimeoutError,
        MissingCredentialsError,
        WorkerError,
    )
    from agents_core.jobs.context import (
        AutoSubscribe,
        FunctionExistsError,
        JobContext,
        get_job_context,
    )
    from agents_core.jobs.deadlines import Deadlines
    from agents_core.jobs.process import JobProcess
    from agents_core.jobs.request import JobRequest
    from agents_core.jobs.shutdown import Shutdown
    from agents_core.jobs.steps import Done, Failed, Outcome, Skipped, StepReport, TimedOut
    from agents_core.retry import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions
    from agents_core.session import AgentSession, CloseReason, RoomOptions, RunResult, SpeechHandle
    from agents_core.tools import FunctionTool, RunContext, StopResponse, ToolError, function_tool
    from agents_core.worker.options import WorkerOptions, WorkerPermissions, WorkerType
    from agents_core.worker.timings import Timings
    from agents_core.worker.worker import Worker

__all__ = [
    "DEFAULT_API_CONNECT_OPTIONS",
    "APIConnectOptions",
    "APIConnectionError",
    "APIError",
    "APIStatusError",
    "APITimeoutError",
    "Agent",
    "AgentHandoff",
    "AgentSession",
    "AgentsError",
    "AssignmentTimeoutError",
    "AudioContent",
    "AudioFrame",
    "AutoSubscribe",
    "AvatarSession",
    "ChatContext",
    "ChatMessage",
    "CloseReason",
    "DataStreamAudioOutput",
    "Deadlines",
    "Done",
    "Failed",
    "FunctionCall",
    "FunctionCallOutput",
    "FunctionExistsError",
    "FunctionTool",
    "ImageContent",
    "JobContext",
    "JobProcess",
    "JobRequest",
    "MissingCredentialsError",
    "ModelSettings",
    "Outcome",
    "RoomOptions",
    "RunContext",
    "RunResult",
    "Shutdown",
    "Skipped",
    "SpeechHandle",
    "StepReport",
    "StopResponse",
    "TimedOut",
    "Timings",
    "ToolError",
    "Worker",
    "WorkerError",
    "WorkerOptions",
    "WorkerPermissions",
    "WorkerType",
    "function_tool",
    "get_job_context",
    "run_app",
]

_ROOMS = {
    "Agent": "agents_core.agent",
    "ModelSettings": "agents_core.agent",
    "AudioFrame": "agents_core.audio",
    "AvatarSession": "agents_core.avatar",
    "DataStreamAudioOutput": "agents_core.avatar",
    "AgentHandoff": "agents_core.chat",
    "AudioContent": "agents_core.chat",
    "ChatContext": "agents_core.chat",
    "ChatMessage": "agents_core.chat",
    "FunctionCall": "agents_core.chat",
    "FunctionCallOutput": "agents_core.chat",
    "ImageContent": "agents_core.chat",
    "run_app": "agents_core.cli",
    "APIConnectionError": "agents_core.errors",
    "APIError": "agents_core.errors",
    "APIStatusError": "agents_core.errors",
    "APITimeoutError": "agents_core.errors",
    "AgentsError": "agents_core.errors",
    "AssignmentTimeoutError": "agents_core.errors",
    "MissingCredentialsError": "agents_core.errors",
    "WorkerError": "agents_core.errors",
    "AutoSubscribe": "agents_core.jobs.context",
    "FunctionExistsError": "agents_core.jobs.context",
    "JobContext": "agents_core.jobs.context",
    "get_job_context": "agents_core.jobs.context",
    "Deadlines": "agents_core.jobs.deadlines",
    "JobProcess": "agents_core.jobs.process",
    "JobRequest": "agents_core.jobs.request",
    "Shutdown": "agents_core.jobs.shutdown",
    "Done": "agents_core.jobs.steps",
    "Failed": "agents_core.jobs.steps",
    "Outcome": "agents_core.jobs.steps",
    "Skipped": "agents_core.jobs.steps",
    "StepReport": "agents_core.jobs.steps",
    "TimedOut": "agents_core.jobs.steps",
    "APIConnectOptions": "agents_core.retry",
    "DEFAULT_API_CONNECT_OPTIONS": "agents_core.retry",
    "AgentSession": "agents_core.session",
    "CloseReason": "agents_core.session",
    "RoomOptions": "agents_core.session",
    "RunResult": "agents_core.session",
    "SpeechHandle": "agents_core.session",
    "FunctionTool": "agents_core.tools",
    "RunContext": "agents_core.tools",
    "StopResponse": "agents_core.tools",
    "ToolError": "agents_core.tools",
    "function_tool": "agents_core.tools",
    "WorkerOptions": "agents_core.worker.options",
    "WorkerPermissions": "agents_core.worker.options",
    "WorkerType": "agents_core.worker.options",
    "Timings": "agents_core.worker.timings",
    "Worker": "agents_core.worker.worker",
}
"""Where each name is at home: imported when it is first asked for, since nobody needs them all."""


if not TYPE_CHECKING:  # type checkers see the names above, and would let any other one pass

    def __getattr__(name: str) -> object:
        if name not in _ROOMS:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(_ROOMS[name]), name)

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
