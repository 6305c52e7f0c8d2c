"""A question is what the agent knows, with its instructions first."""

from __future__ import annotations

from agents_core.agent import Agent
from agents_core.chat import AgentHandoff, ChatContext, ChatMessage
from agents_core.session.prompt import Wish, ask, without_tools


def context() -> ChatContext:
    said = ChatMessage(role="user", content=("hi",))
    return ChatContext([AgentHandoff(new_agent_id="a"), said])


def test_instructions_come_first_and_handoffs_are_none_of_the_models_business() -> None:
    question = ask(Agent(instructions="Be kind."), context(), Wish(instructions="Be brief."))

    assert [m.text_content for m in question.chat_ctx.messages()] == ["Be kind.\nBe brief.", "hi"]
    assert len(question.chat_ctx) == 2


def test_no_instructions_are_no_message_and_the_context_is_a_copy() -> None:
    known = context()
    question = ask(Agent(instructions=""), known, Wish(tool_choice="required"))
    question.chat_ctx.items.clear()

    assert len(known) == 2
    assert question.tool_choice == "required"
    assert without_tools(question).tool_choice == "none"
