"""What a scripted caller says, and what it sounds like."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sounds import pitch, tone

from agents_core.audio import wav_bytes
from agents_core.cli.command import UsageError
from agents_core.cli.script import voices
from agents_core.testing.tones import read


def test_words_are_spelled_in_the_tones_that_a_fake_reads() -> None:
    [hello, you] = voices(["hello", "you there"])

    assert [stretch.text for stretch in read([hello])] == ["hello"]
    assert [stretch.text for stretch in read([you])] == ["you there"]


def test_a_recording_is_played_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav_bytes(tone(440, 0.5, sample_rate=16_000)))

    [sound] = voices([path])

    assert (sound.sample_rate, sound.duration) == (16_000, 0.5)
    assert abs(pitch(sound) - 440) < 5


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\x04\0\0\0WAVE"])
def test_what_is_no_recording_is_a_matter_of_usage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)

    with pytest.raises(UsageError, match=r"a\.wav cannot be read"):
        voices([path])


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_words_are_spoken_where_they_are_to_be() -> None:
    [spoken] = voices(["--hello there"], espeak=True)

    assert 0.3 < spoken.duration < 5
    assert read([spoken]) == () or spoken.sample_rate != 48_000


def test_a_voice_that_is_not_installed_is_a_matter_of_usage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(UsageError, match="espeak-ng is not installed"):
        voices(["hello"], espeak=True)
