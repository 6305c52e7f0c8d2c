"""Which plugins are installed, and how they are loaded when somebody wants them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import metadata
from types import ModuleType

from agents_core.errors import AgentsError

GROUP = "agents.plugins"
"""The entry points by which a distribution says that it is a plugin."""


class PluginError(AgentsError):
    """A plugin is missing or broken; the message names its distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A plugin that is installed; nothing of it has been imported."""

    name: str
    """By which `load` finds it, such as "deepgram"."""
    package: str
    """The module that is imported."""
    distribution: str
    """What was installed."""
    version: str
    """Of the distribution, as its metadata says."""


def discover() -> tuple[Plugin, ...]:
    """All that are installed, by name.

    Raises:
        PluginError: two distributions have a plugin of one name.
    """
    found: dict[str, Plugin] = {}
    for point in metadata.entry_points(group=GROUP):
        plugin = _plugin(point)
        other = found.setdefault(plugin.name, plugin)
        if other != plugin:
            raise PluginError(
                f"both {other.distribution} and {plugin.distribution} have a plugin"
                f" {plugin.name!r}: uninstall one"
            )
    return tuple(found[name] for name in sorted(found))


def load(name: str) -> ModuleType:
    """Import the plugin `name`.

    Raises:
        PluginError: it is not installed, or cannot be imported.
    """
    plugins = {plugin.name: plugin for plugin in discover()}
    if name not in plugins:
        known = ", ".join(plugins) or "none"
        raise PluginError(f"no plugin {name!r} is installed; there is: {known}")
    plugin = plugins[name]
    [point] = {point for point in metadata.entry_points(group=GROUP) if point.name == name}
    try:
        module = point.load()
    except Exception as error:
        raise PluginError(
            f"{plugin.distribution} {plugin.version} cannot be imported: {error!r}"
        ) from error
    if not isinstance(module, ModuleType):
        raise PluginError(f"{plugin.distribution}: {plugin.package} is no module")
    return module


def _plugin(point: metadata.EntryPoint) -> Plugin:
    distribution = point.dist
    if distribution is None:  # only entry points that were read from nowhere have none
        raise PluginError(f"entry point {point.name!r} belongs to no distribution")
    return Plugin(
        name=point.name,
        package=point.value,
        distribution=distribution.name,
        version=distribution.version,
    )
