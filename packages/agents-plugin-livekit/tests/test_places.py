"""Where the models are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_model import lay

from agents_plugin_livekit._places import agent_id, model_folder, remote_url

VARIABLES = ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME")


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*VARIABLES, "LIVEKIT_REMOTE_EOT_URL", "LIVEKIT_AGENT_ID"):
        monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize(
    ("variable", "below"),
    [
        ("HF_HUB_CACHE", "."),
        ("HUGGINGFACE_HUB_CACHE", "."),
        ("HF_HOME", "hub"),
        ("XDG_CACHE_HOME", "huggingface/hub"),
        ("HOME", ".cache/huggingface/hub"),
    ],
)
def test_the_cache_is_where_the_hub_s_own_tools_have_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, below: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path))
    repository = tmp_path / below / "models--livekit--turn-detector"
    snapshot = lay(repository / "snapshots" / "0123abcd")
    (repository / "refs").mkdir()
    (repository / "refs" / "v1.2.2-en").write_text("0123abcd\n")

    assert model_folder(None, model="en").resolve() == snapshot.resolve()
    with pytest.raises(FileNotFoundError, match=r"v0\.4\.1-intl"):
        model_folder(None, model="multilingual")


def test_what_is_missing_is_told_and_how_to_get_it(tmp_path: Path) -> None:
    folder = lay(tmp_path / "model")
    (folder / "tokenizer.json").unlink()

    with pytest.raises(FileNotFoundError) as raised:
        model_folder(folder, model="en")

    assert "lacks tokenizer.json in" in str(raised.value)
    assert "`hf download livekit/turn-detector --revision v1.2.2-en`" in str(raised.value)
    assert "model_path" in str(raised.value)


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path))

    with pytest.raises(FileNotFoundError):
        model_folder(None, model="en")
    assert list(tmp_path.iterdir()) == []


def test_a_service_is_given_or_in_the_environment_or_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert remote_url(None) is None
    assert remote_url("  ") is None
    assert remote_url("http://here:80/") == "http://here:80/eot/multi"
    monkeypatch.setenv("LIVEKIT_REMOTE_EOT_URL", "http://there/base")
    assert remote_url(None) == "http://there/base/eot/multi"
    assert remote_url("http://here") == "http://here/eot/multi"
    with pytest.raises(ValueError, match="LIVEKIT_REMOTE_EOT_URL"):
        remote_url("somewhere")


def test_an_agent_may_have_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    assert agent_id() is None
    monkeypatch.setenv("LIVEKIT_AGENT_ID", "CA_1")
    assert agent_id() == "CA_1"
