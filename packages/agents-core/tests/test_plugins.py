from __future__ import annotations

import sys
from pathlib import Path

import pytest

from agents_core import plugins


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is installed into, as `pip --target` would."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def install(folder: Path, distribution: str, name: str, code: str, value: str = "") -> None:
    package = f"plugin_{name}"
    (folder / f"{package}.py").write_text(code)
    info = folder / f"{distribution.replace('-', '_')}-7.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 7.1\n")
    points = f"[agents.plugins]\n{name} = {value or package}\n"
    (info / "entry_points.txt").write_text(points)


def test_plugins_are_found_without_an_import_and_with_their_real_versions(installed: Path) -> None:
    install(installed, "agents-plugin-toy", "toy", "raise RuntimeError('imported')")

    found = [plugin for plugin in plugins.discover() if plugin.name == "toy"]

    assert found == [
        plugins.Plugin(
            name="toy", package="plugin_toy", distribution="agents-plugin-toy", version="7.1"
        )
    ]
    assert "plugin_toy" not in sys.modules


def test_a_plugin_is_imported_on_demand(installed: Path) -> None:
    install(installed, "agents-plugin-ready", "ready", "ANSWER = 42")

    assert plugins.load("ready").ANSWER == 42


def test_a_plugin_that_cannot_be_imported_is_told_by_its_distribution(installed: Path) -> None:
    install(installed, "agents-plugin-broken", "broken", "import surely_not_there")

    with pytest.raises(plugins.PluginError, match=r"agents-plugin-broken 7\.1 .*surely_not_there"):
        plugins.load("broken")


def test_an_entry_point_that_is_no_module_is_told(installed: Path) -> None:
    install(installed, "agents-plugin-odd", "odd", "x = 1", value="plugin_odd:x")

    with pytest.raises(plugins.PluginError, match=r"agents-plugin-odd: plugin_odd:x is no module"):
        plugins.load("odd")


def test_two_plugins_of_one_name_are_refused_by_both_names(installed: Path) -> None:
    install(installed, "agents-plugin-same", "same", "")
    install(installed, "agents-plugin-other", "same", "")

    with pytest.raises(plugins.PluginError, match="have a plugin 'same': uninstall one"):
        plugins.discover()


def test_a_plugin_that_is_not_installed_is_told_with_those_that_are(installed: Path) -> None:
    install(installed, "agents-plugin-here", "here", "")

    with pytest.raises(plugins.PluginError, match=r"no plugin 'missing' is installed; .*here"):
        plugins.load("missing")
