from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monorelease.formats.suggestion import settings_text, toml_value
from monorelease.model.migration import Setting

values = st.recursive(
    st.one_of(st.booleans(), st.text()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    max_leaves=6,
)


def plain(value: object) -> object:
    """What a TOML reader makes of it: half a character is none."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode()
        case tuple():
            return [plain(item) for item in value]
        case dict():
            return {plain(key): plain(item) for key, item in value.items()}
        case _:
            return value


@pytest.mark.property
@given(values)
def test_whatever_is_written_is_read_again(value: object) -> None:
    assert tomllib.loads(f"x = {toml_value(value)}") == {"x": plain(value)}


def test_settings_are_tables_below_one() -> None:
    settings = [
        Setting(key=("forge", "kind"), content="github"),
        Setting(key=("fixed",), content=(("core", "app"),)),
        Setting(key=("version-files", "core.x"), content=({"path": "a", "pattern": 'b = "{v}"'},)),
    ]

    assert settings_text(settings) == (
        "[tool.monorelease]\n"
        'fixed = [["core", "app"]]\n'
        "\n[tool.monorelease.forge]\n"
        'kind = "github"\n'
        "\n[tool.monorelease.version-files]\n"
        """"core.x" = [{ path = "a", pattern = 'b = "{v}"' }]\n"""
    )


def test_nothing_is_no_table() -> None:
    assert settings_text([]) == ""
    assert settings_text([Setting(key=("a", "b"), content=True)]) == (
        "[tool.monorelease.a]\nb = true\n"
    )
