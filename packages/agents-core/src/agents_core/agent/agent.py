"""Who answers: instructions, tools, parts of its own, hooks, and nodes that can be overridden."""

from __future__ import annotations

from collections.abc import AsyncIterable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar, cast

from agents_core.agent import nodes
from agents_core.agent.components import Components, ModelSettings, TurnDetection
from agents_core.audio import AudioFrame
from agents_core.chat import ChatContext, ChatMessage
from agents_core.llm import LLM, ChatChunk
from agents_core.realtime import RealtimeModel
from agents_core.stt import STT, SpeechEvent
from agents_core.tools import FunctionTool, check_names, find_function_tools
from agents_core.tts import TTS, SynthesizedAudio
from agents_core.vad import VAD

if TYPE_CHECKING:
    from agents_core.session.life import SessionLife
    from agents_core.session.session import AgentSession


class Agent:
    """One of those who may lead a conversation; subclass it, or use it as it is.

    Methods that are decorated with `function_tool` are tools of it. Nodes are asynchronous
    generators; an override may call `super().tts_node(...)` or `Agent.default.tts_node(self, ...)`.
    """

    default: ClassVar[ModuleType] = nodes
    """The nodes as they are where nobody overrides them, each with the agent before the rest."""

    def __init__(  # noqa: PLR0913 - one keyword for each part
        self,
        *,
        instructions: str,
        id: str | None = None,  # noqa: A002 - as the reference calls it
        tools: Sequence[FunctionTool] = (),
        chat_ctx: ChatContext | None = None,
        stt: STT | None = None,
        llm: LLM | RealtimeModel | None = None,
        tts: TTS | None = None,
        vad: VAD | None = None,
        turn_detection: TurnDetection | None = None,
        allow_interruptions: bool | None = None,
    ) -> None:
        """Describe it; what is not given is the session's.

        Raises:
            ValueError: two tools have one name.
        """
        self._id = id or type(self).__name__
        self._instructions = instructions
        self._tools = check_names((*tools, *find_function_tools(self)))
        self._chat_ctx = ChatContext() if chat_ctx is None else chat_ctx.copy()
        self._own = Components(stt=stt, llm=llm, tts=tts, vad=vad, turn_detection=turn_detection)
        self._allow_interruptions = allow_interruptions
        self._components: Components | None = None
        self._session: SessionLife[Any] | None = None

    @property
    def id(self) -> str:
        """Its name in the history; its class's where none was given."""
        return self._id

    @property
    def instructions(self) -> str:
        """What the model is told to be."""
        return self._instructions

    @property
    def tools(self) -> tuple[FunctionTool, ...]:
        """What the model may call, with its methods."""
        return self._tools

    @property
    def callable_tools(self) -> tuple[FunctionTool, ...]:
        """Its own tools, and the session's that have other names."""
        names = {tool.name for tool in self._tools}
        shared = () if self._components is None else self._components.tools
        return (*self._tools, *(tool for tool in shared if tool.name not in names))

    @property
    def chat_ctx(self) -> ChatContext:
        """What it knows of the conversation, without its instructions; a copy."""
        return self._chat_ctx.copy()

    @property
    def allow_interruptions(self) -> bool | None:
        """Whether what it says may be interrupted; None for the session's choice."""
        return self._allow_interruptions

    @property
    def own(self) -> Components:
        """The parts it brought itself."""
        return self._own

    @property
    def transcribes(self) -> bool:
        """Whether it turns what the user says into text."""
        return type(self).stt_node is not Agent.stt_node or self.components.stt is not None

    @property
    def thinks(self) -> bool:
        """Whether it has something that answers."""
        own_node = type(self).llm_node is not Agent.llm_node
        return own_node or self.components.llm is not None

    @property
    def speaks(self) -> bool:
        """Whether it turns text into sound."""
        own_node = type(self).tts_node is not Agent.tts_node
        return own_node or self.components.tts is not None

    @property
    def session(self) -> AgentSession[Any]:
        """The conversation that it leads.

        Raises:
            RuntimeError: it leads none.
        """
        if self._session is None:
            raise RuntimeError(f"agent {self._id} leads no session")
        return cast("AgentSession[Any]", self._session)

    @property
    def components(self) -> Components:
        """Its own parts, with the session's where it has none.

        Raises:
            RuntimeError: it leads no session.
        """
        if self._components is None:
            raise RuntimeError(f"agent {self._id} leads no session")
        return self._components

    async def update_instructions(self, instructions: str) -> None:
        """Be told something else from the next reply on."""
        self._instructions = instructions
        await self._changed("instructions")

    async def update_tools(self, tools: Sequence[FunctionTool]) -> None:
        """Have these tools, and no others, from the next reply on.

        Raises:
            ValueError: two of them have one name.
        """
        self._tools = check_names(tools)
        await self._changed("tools")

    async def update_chat_ctx(self, chat_ctx: ChatContext) -> None:
        """Know this of the conversation, from the next reply on."""
        self._chat_ctx = chat_ctx.copy()
        await self._changed("chat_ctx")

    async def on_enter(self) -> None:
        """It begins to lead the conversation; a good moment to greet."""

    async def on_exit(self) -> None:
        """Another agent leads from now on, or the session closes."""

    async def on_user_turn_completed(
        self, turn_ctx: ChatContext, new_message: ChatMessage
    ) -> ChatMessage | None:
        """The user has finished, and is about to be answered.

        What is added to `turn_ctx` is known for this one reply. To return a message is to have that
        one answered and remembered in place of `new_message`.

        Raises:
            StopResponse: do not answer, and forget what was said.
        """

    def stt_node(
        self, audio: AsyncIterable[AudioFrame], model_settings: ModelSettings
    ) -> AsyncIterable[SpeechEvent | str]:
        """What is understood in `audio`; a plain string counts as final."""
        return nodes.stt_node(self, audio, model_settings)

    def llm_node(
        self,
        chat_ctx: ChatContext,
        tools: Sequence[FunctionTool],
        model_settings: ModelSettings,
    ) -> AsyncIterable[ChatChunk | str]:
        """What the model answers; `chat_ctx` may be changed, it is a copy."""
        return nodes.llm_node(self, chat_ctx, tools, model_settings)

    def tts_node(
        self, text: AsyncIterable[str], model_settings: ModelSettings
    ) -> AsyncIterable[SynthesizedAudio | AudioFrame]:
        """How `text` sounds."""
        return nodes.tts_node(self, text, model_settings)

    def transcription_node(
        self, text: AsyncIterable[str], model_settings: ModelSettings
    ) -> AsyncIterable[str]:
        """How `text` is shown and remembered."""
        return nodes.transcription_node(self, text, model_settings)

    def realtime_audio_output_node(
        self, audio: AsyncIterable[AudioFrame], model_settings: ModelSettings
    ) -> AsyncIterable[AudioFrame]:
        """How what a realtime model says is heard."""
        return nodes.realtime_audio_output_node(self, audio, model_settings)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._id}>"

    # What follows is for the session alone.

    def lead(self, session: SessionLife[Any] | None, components: Components | None) -> None:
        """Begin to lead `session`, or stop with None."""
        self._session, self._components = session, components

    @property
    def knowledge(self) -> ChatContext:
        """Its list of items itself."""
        return self._chat_ctx

    async def _changed(self, what: str) -> None:
        if self._session is not None:
            await self._session.agent_changed(self, what)
