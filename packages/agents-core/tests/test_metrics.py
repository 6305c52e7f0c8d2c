from __future__ import annotations

from agents_core.metrics import (
    EOUMetrics,
    LLMMetrics,
    RealtimeModelMetrics,
    STTMetrics,
    TTSMetrics,
    UsageCollector,
    UsageSummary,
    VADMetrics,
)


def test_what_providers_charge_for_is_added_up_and_the_rest_is_not() -> None:
    collector = UsageCollector()
    for _ in range(2):
        collector.collect(
            LLMMetrics(
                label="l",
                duration=1,
                ttft=0.2,
                prompt_tokens=10,
                prompt_cached_tokens=4,
                completion_tokens=3,
            )
        )
        collector.collect(STTMetrics(label="s", duration=0, audio_duration=1.5, streamed=True))
        collector.collect(
            TTSMetrics(
                label="t",
                duration=1,
                ttfb=0.1,
                audio_duration=2.0,
                characters_count=20,
                streamed=False,
            )
        )
        collector.collect(
            VADMetrics(label="v", idle_time=1, inference_duration_total=1, inference_count=1)
        )
        collector.collect(
            EOUMetrics(
                end_of_utterance_delay=1, transcription_delay=1, on_user_turn_completed_delay=1
            )
        )
        collector.collect(
            RealtimeModelMetrics(
                label="r",
                duration=1,
                ttft=None,
                input_tokens=7,
                input_cached_tokens=1,
                output_tokens=5,
                input_audio_tokens=2,
                output_audio_tokens=3,
            )
        )

    assert collector.get_summary() == UsageSummary(
        llm_prompt_tokens=34,
        llm_prompt_cached_tokens=10,
        llm_completion_tokens=16,
        llm_input_audio_tokens=4,
        llm_output_audio_tokens=6,
        tts_characters_count=40,
        tts_audio_duration=4.0,
        stt_audio_duration=3.0,
    )
