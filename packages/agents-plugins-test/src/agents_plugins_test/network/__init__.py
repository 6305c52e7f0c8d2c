"""The suites of the core, told to a real vendor: without a server that echoes in tones."""

from agents_plugins_test.network.faces import RealAvatar
from agents_plugins_test.network.listeners import RealSTT
from agents_plugins_test.network.models import RealLLM
from agents_plugins_test.network.real import Real, variable
from agents_plugins_test.network.talkers import RealRealtime
from agents_plugins_test.network.voices import RealTTS

__all__ = ["Real", "RealAvatar", "RealLLM", "RealRealtime", "RealSTT", "RealTTS", "variable"]
