"""Google's language models, against a server that speaks their protocol."""

from __future__ import annotations

import pytest

from agents_core import APIStatusError, ChatContext, MissingCredentialsError
from agents_core.chat import FunctionCall, FunctionCallOutput
from agents_core.llm import CollectedResponse, NamedToolChoice
from agents_core.testing.demands import demand, demand_same
from agents_core.testing.dialogue import WORDS, tools
from agents_core.testing.llm import LLMSuite
from agents_core.testing.suite import sentence
from agents_core.testing.vendor import Call, Reply
from agents_plugin_google import LLM
from agents_plugins_test.vendors.google import GoogleServer


class TestLLM(LLMSuite):
    structured = True
    options = {"model": "gemini-2.5-pro", "safety_settings": None}  # noqa: RUF012 - as the suite declares it

    def open_vendor(self) -> GoogleServer:
        return GoogleServer(api_key=self.secret)

    def create(self, vendor: GoogleServer) -> LLM:
        return LLM(api_key=self.secret, base_url=vendor.url)

    @sentence()
    async def test_the_key_comes_in_a_header_alone(self, subject: LLM) -> None:
        await self._say(subject)
        [request] = self.vendor.seen  # type: ignore[attr-defined]  # of our server
        demand_same(request.headers["x-goog-api-key"], self.secret, "the header")
        demand_same(dict(request.query), {"alt": "sse"}, "the query")

    @sentence()
    async def test_a_signature_is_seen_again(self, subject: LLM) -> None:
        self.vendor.will_answer(Reply(calls=(Call(name="stop"), Call(name="stop"))))
        first, second = (await self._say(subject, tools=tools())).tool_calls
        demand_same(first.extra, {"google": {"thought_signature": "c2lnbmVk"}}, "of the first")
        demand_same(second.extra, None, "of the second")
        demand(first.call_id != second.call_id, "two calls have one id")

        chat_ctx = _said(WORDS)
        made = [{"call_id": call.call_id, "name": call.name} for call in (first, second)]
        for names, extra in zip(made, (first.extra, {}), strict=True):
            chat_ctx.items.append(FunctionCall(arguments="{}", extra=extra or {}, **names))
        for names in made:
            chat_ctx.items.append(FunctionCallOutput(output="done", is_error=False, **names))
        await subject.chat(chat_ctx=chat_ctx, conn_options=self.patient).collect()
        [*_, calls, _] = self.vendor.settings()["contents"]  # type: ignore[misc]  # any JSON
        demand_same(
            [part.get("thoughtSignature") for part in calls["parts"]],
            ["c2lnbmVk", None],
            "signatures sent again",
        )

    @sentence()
    async def test_the_usual_choice_of_a_tool_yields_to_another(self, subject: LLM) -> None:
        subject.update_options(tool_choice=NamedToolChoice("stop"))
        for choice, expected in (("auto", "stop"), ("none", "none")):
            await self._say(subject, tools=tools(), tool_choice=choice)
            demand_same(self.vendor.asked().tool_choice, expected, "the choice")

    @sentence()
    async def test_a_wait_that_the_body_asks_for_is_told(self, subject: LLM) -> None:
        self.vendor.refuse(429)
        try:
            await self._say(subject)
        except APIStatusError as error:
            demand_same((error.retryable, error.retry_after), (True, 4.5), "retryable, retry_after")
        else:
            demand(truth=False, words="a refusal passed for an answer")

    @sentence()
    async def test_what_the_user_adds_is_put_beside_the_rest(self, subject: LLM) -> None:
        subject.update_options(temperature=0.5, cached_content="cachedContents/1")
        extra = {"generationConfig": {"logprobs": 2}, "labels": {"team": "a"}}
        await self._say(subject, tools=tools(), extra_kwargs=extra)
        settings = self.vendor.settings()
        seen = [settings.get(name) for name in ("temperature", "logprobs", "labels", "tools")]
        demand_same(seen, [0.5, 2, {"team": "a"}, None], "what was asked for")

    async def _say(self, subject: LLM, **options: object) -> CollectedResponse:
        stream = subject.chat(chat_ctx=_said(WORDS), conn_options=self.impatient, **options)  # type: ignore[arg-type]  # as given
        return await stream.collect()


@pytest.mark.parametrize("variable", ["GOOGLE_API_KEY", "GEMINI_API_KEY"])
def test_the_key_is_in_the_environment(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    for each in ("GOOGLE_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(each, raising=False)
    with pytest.raises(MissingCredentialsError, match="GOOGLE_API_KEY"):
        LLM()

    monkeypatch.setenv(variable, "a-key")

    assert LLM().provider == "Gemini"


def _said(words: str) -> ChatContext:
    chat_ctx = ChatContext()
    chat_ctx.add_message(role="user", content=words)
    return chat_ctx
