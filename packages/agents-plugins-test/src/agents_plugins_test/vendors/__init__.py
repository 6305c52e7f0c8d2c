"""Local servers that speak the protocols of vendors: one module a vendor."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents_plugins_test.local import LocalVendor

VENDORS = {
    "anam": "AnamServer",
    "baseten": "BasetenServer",
    "bey": "BeyServer",
    "cartesia": "CartesiaServer",
    "deepgram": "DeepgramServer",
    "elevenlabs": "ElevenLabsServer",
    "google": "GoogleServer",
    "hedra": "HedraServer",
    "inworld": "InworldServer",
    "lemonslice": "LemonSliceServer",
    "livekit": "LiveKitServer",
    "neuphonic": "NeuphonicServer",
    "openai": "OpenAIServer",
    "resemble": "ResembleServer",
    "rime": "RimeServer",
    "xai": "XAIServer",
}
"""The class of each vendor's server, in the module of the vendor's name."""


def open_server(vendor: str) -> LocalVendor:
    """The server of `vendor`, to be entered with ``async with``; it lets any key in.

    Raises:
        KeyError: there is none of that name.
    """
    name = VENDORS[vendor]
    server: LocalVendor = getattr(import_module(f"agents_plugins_test.vendors.{vendor}"), name)()
    return server
