"""Sources as griffe's modules, which are parsed, put together, and never imported."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from monorelease.adapters.api_parameters import without_names
from monorelease.model.source import Source, Sources

if TYPE_CHECKING:
    import griffe


class TooDeep(Exception):
    """A module's text is nested so deeply that griffe cannot go through it."""

    def __init__(self, module: str) -> None:
        super().__init__(module)
        self.module = module


def load(sources: Sources, blank: Collection[str]) -> griffe.ModulesCollection:
    """The modules as griffe's objects; those in `blank` are there, with nothing in them.

    Raises:
        TooDeep: one of them should have been in `blank`.
    """
    import griffe

    extensions = griffe.load_extensions()  # griffe's own: dataclasses get their ``__init__``
    loader = griffe.GriffeLoader(
        extensions=extensions, search_paths=[], allow_inspection=False, store_source=False
    )
    modules = loader.modules_collection
    for source in sorted(sources.values(), key=lambda s: s.name.split(".")):
        parent = _parent(source, modules)
        code = "" if source.name in blank else _decoded(source.data or b"")
        try:
            module = griffe.visit(
                source.name.rpartition(".")[2],
                filepath=Path(source.path),
                code=code,
                extensions=extensions,
                parent=parent,
                modules_collection=modules,
                lines_collection=loader.lines_collection,
            )
        except RecursionError:
            raise TooDeep(source.name) from None
        (modules if parent is None else parent).set_member(module.name, module)
    for top in [*modules.members.values()]:
        loader.expand_exports(top)
        loader.expand_wildcards(top, external=False)
        extensions.call("on_package", pkg=top, loader=loader)
        without_names(top)
    loader.resolve_aliases(implicit=True, external=False)
    return modules


def _parent(source: Source, modules: griffe.ModulesCollection) -> griffe.Module | None:
    """The package around it; folders without an ``__init__`` become namespaces."""
    import griffe

    parent: griffe.Module | None = None
    *packages, _ = source.name.split(".")
    for depth, name in enumerate(packages, 1):
        around: griffe.ModulesCollection | griffe.Module = modules if parent is None else parent
        known = around.members.get(name)
        if not isinstance(known, griffe.Module):
            folder = Path(source.path).parents[len(packages) - depth]
            known = griffe.Module(name, filepath=[folder], modules_collection=modules)
            around.set_member(name, known)
        parent = known
    return parent


def _decoded(data: bytes) -> str:
    import io
    import tokenize

    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding)
