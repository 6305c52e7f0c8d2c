"""The index that is meant: the one that is asked for, or the one that is configured."""

from __future__ import annotations

from monorelease.errors import UsageProblem
from monorelease.model.config import Config
from monorelease.model.guess import suggestion
from monorelease.model.index import IndexTarget


def target_of(config: Config, asked: str | None) -> IndexTarget:
    """The index named `asked`; for None, the one that ``publish.to`` names.

    Raises:
        UsageProblem: there is no index of that name.
    """
    name = config.publish.to if asked is None else asked
    known = {target.name: target for target in config.indexes}
    if name in known:
        return known[name]
    raise UsageProblem(
        f"there is no index {name!r}",
        hint=suggestion(name, known, otherwise=f"the indexes are: {', '.join(known)}"),
    )
