"""Which names a module has, as far as its text tells."""

from __future__ import annotations

from collections.abc import Mapping

from monorelease.model.value import value


@value
class ClassFacts:
    """A class that is written in the module."""

    names: frozenset[str]
    """Of what its body binds, and of what its methods put on ``self``."""
    bases: tuple[str, ...]
    """As written: ``Base``, ``events.Event``."""
    is_open: bool
    """Whether it may have names that its text does not tell: decorators, metaclasses."""


@value
class Imported:
    """Another name for something from elsewhere."""

    target: str
    """In full: ``agents.core.events.Event``."""


@value
class Opaque:
    """A function, a variable: of what is in it, nothing is known."""


Binding = ClassFacts | Imported | Opaque

OPAQUE = Opaque()


@value
class ModuleFacts:
    """One module."""

    bindings: Mapping[str, Binding]
    stars: tuple[str, ...] = ()
    """The modules that it imports everything from, in full."""
    exports: frozenset[str] | None = None
    """What an import of everything gets; None where there is no list that could be read."""
    is_open: bool = False
    """Whether it may have names that its text does not tell: a ``__getattr__``, ``globals()``."""


@value
class Use:
    """A name that is needed of something else."""

    name: str
    """In full, as far as it can be told: ``agents.core.Session.start``."""
    line: int
    """Counted from 1."""


@value
class Uses:
    """What one module needs of others when it runs."""

    names: tuple[Use, ...]
    stars: tuple[Use, ...]
    """Modules that everything is imported from: which names are used cannot be told."""
