"""What the owner decided: ``[tool.monorelease]``, and ``[tool.towncrier]`` beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from monorelease.formats.config_keys import CONFIG
from monorelease.formats.index_keys import with_known_target
from monorelease.formats.places import UNFIT, Place
from monorelease.formats.toml import table_at
from monorelease.formats.towncrier_toml import parse_towncrier
from monorelease.model.config import Config
from monorelease.model.finding import Finding
from monorelease.model.value import replace

_PYPROJECT = PurePosixPath("pyproject.toml")
_TOWNCRIER = PurePosixPath("towncrier.toml")


def parse_config(
    data: Mapping[str, object],
    path: PurePosixPath = _PYPROJECT,
    towncrier: Mapping[str, object] | None = None,
    towncrier_path: PurePosixPath = _TOWNCRIER,
) -> tuple[Config, tuple[Finding, ...]]:
    """The configuration, and everything that is wrong with how it is written.

    Where something is wrong the default stands in for it, so that the rest of the repository
    can be looked at all the same.

    Args:
        data: the parsed root ``pyproject.toml``; empty where there is none.
        path: where `data` stands, for the findings.
        towncrier: the parsed ``towncrier.toml``, where there is one: towncrier then does not
            look into ``pyproject.toml``, and neither do we.
        towncrier_path: where `towncrier` stands.
    """
    findings: list[Finding] = []
    example = 'members = ["packages/*"]'
    place = Place(path=path, key=("tool", "monorelease"), findings=findings, example=example)
    tool = table_at(data, "tool")
    read = CONFIG.read(tool.get("monorelease", {}), place)
    config = Config() if read is UNFIT else read
    config = with_known_target(config, table_at(tool, "monorelease"), place)
    look, problems = (
        parse_towncrier(data, path, config.changelog.file)
        if towncrier is None
        else parse_towncrier(towncrier, towncrier_path, config.changelog.file)
    )
    return replace(config, towncrier=look), (*findings, *problems)
