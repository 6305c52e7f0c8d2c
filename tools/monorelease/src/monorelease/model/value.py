"""Frozen, slotted, keyword-only values that cost next to nothing to define.

They are what ``dataclass(frozen=True, slots=True, kw_only=True)`` makes, without the code that
it compiles for every class: seventy of those took a third of the time of a whole ``status``
(decision 9).
"""

from __future__ import annotations

from typing import Any, Literal, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")

_DERIVED = object()
_set = object.__setattr__


def derived(*, init: Literal[False] = False) -> Any:  # noqa: ANN401, ARG001 - a field of any type
    """A field that `__post_init__` fills; it takes no part in comparison."""
    return _DERIVED


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(derived,))
def value(cls: type[T]) -> type[T]:
    """A class whose annotated names are its fields; what they are set to are defaults.

    Defaults are shared by all instances, so they must be immutable themselves.

    >>> @value
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> Point(x=1)
    Point(x=1, y=0)
    """
    names = tuple(cls.__annotations__)
    body = {k: v for k, v in vars(cls).items() if k not in {"__dict__", "__weakref__"}}
    defaults = {name: body.pop(name) for name in names if name in body}
    fields = tuple(name for name in names if defaults.get(name) is not _DERIVED)
    shared = {
        "__slots__": names,
        "__match_args__": (),
        "_fields": fields,
        "_defaults": defaults,
    }
    metaclass: Any = type(cls)
    made: type[T] = metaclass(cls.__name__, cls.__bases__, {**_METHODS, **body, **shared})
    return made


def replace(value: T, **changes: object) -> T:
    """A copy of `value` with some fields changed.

    Raises:
        TypeError: one of `changes` is no field.
    """
    kept = {name: getattr(value, name) for name in value._fields}  # type: ignore[attr-defined]
    return type(value)(**(kept | changes))


def _init(self: Any, **values: object) -> None:  # noqa: ANN401 - any value
    for name in self._fields:
        if name in values:
            _set(self, name, values.pop(name))
        elif name in self._defaults:
            _set(self, name, self._defaults[name])
        else:
            raise TypeError(f"{type(self).__name__} needs {name!r}")
    if values:
        raise TypeError(f"{type(self).__name__} has no field {next(iter(values))!r}")
    self.__post_init__()


def _ignore(self: Any) -> None:  # noqa: ANN401 - any value
    """What most values do once their fields are set: nothing."""


def _content(self: Any) -> tuple[object, ...]:  # noqa: ANN401 - any value
    return tuple([getattr(self, name) for name in self._fields])


def _equals(self: Any, other: object) -> object:  # noqa: ANN401 - any value
    if type(other) is not type(self):
        return NotImplemented
    return _content(self) == _content(other)


def _hash(self: Any) -> int:  # noqa: ANN401 - any value
    return hash((type(self), *_content(self)))


def _represent(self: Any) -> str:  # noqa: ANN401 - any value
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
    return f"{type(self).__name__}({fields})"


def _refuse(self: Any, name: str, new: object = None) -> NoReturn:  # noqa: ANN401, ARG001
    raise AttributeError(f"{type(self).__name__} is frozen: {name!r} cannot be set or deleted")


def _rebuild(cls: type[T], values: dict[str, object]) -> T:
    return cls(**values)


def _reduce(self: Any) -> tuple[object, ...]:  # noqa: ANN401 - any value
    values = {name: getattr(self, name) for name in self._fields}
    return _rebuild, (type(self), values)


_METHODS: dict[str, object] = {
    "__init__": _init,
    "__post_init__": _ignore,
    "__eq__": _equals,
    "__hash__": _hash,
    "__repr__": _represent,
    "__setattr__": _refuse,
    "__delattr__": _refuse,
    "__reduce__": _reduce,
}
