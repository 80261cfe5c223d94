"""Bodies in the forms that their types declare: what mappings and lists hold as Python values.

Models know how their values are written. A mapping that stands for one does not, and neither does
a keyword argument, so the declared type is walked beside the value. What does not fit goes as it
is: the server decides.
"""

from __future__ import annotations

from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union, get_args, get_origin

from .._narrow import is_array, is_mapping
from .lazy import LazyModel, is_model_class
from .looks import extra_type, is_chosen, members_of, name_of, settled, type_of
from .remembered import remembered
from .tagged import settled_model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Writer: TypeAlias = Callable[[object], object]


def written(kind: object, value: object) -> object:
    """A value in the form that a type declares.

    Args:
        kind: The declared type.
        value: What a caller gave: models, mappings by wire names, lists, Python values.

    Returns:
        The value, equal to what was given where the type says nothing about it.
    """
    write = _writer(kind)
    return value if write is None else write(value)


@remembered
def _writer(kind: Any) -> Writer | None:
    """What writes values of a type, None where they go as they are."""
    arguments = get_args(kind)
    match get_origin(kind):
        case origin if origin is Annotated:
            return _annotated(kind)
        case origin if origin in (Union, UnionType):
            return _first_of([_writer(member) for member in arguments])
        case origin if origin is list:
            return _each(_writer(arguments[0]))
        case origin if origin is tuple:
            return _places([_writer(item) for item in arguments])
        case origin if origin is dict:
            return _values(_writer(arguments[1]))
        case _ if isinstance(kind, LazyModel) or is_model_class(kind):
            return _Members(kind)
        case _:
            return None


def _annotated(kind: Any) -> Writer | None:
    inner, *beside = get_args(kind)
    for each in beside:
        if hasattr(each, "chooser"):
            return _chosen(each, inner)
        if (write := getattr(each, "write", None)) is not None:
            found: Writer = write
            return found
    return _writer(inner)


def _others(union: Any) -> list[Writer | None]:
    """Writers of the members of a choice that are no models, and hold none."""
    return [_writer(member) for member in members_of(union) if not is_chosen(member)]


def _chosen(one_of: Any, union: Any) -> Writer:
    chooser, others = one_of.chooser(union), _first_of(_others(union))

    def write(value: object) -> object:
        value = one_of.told(value)
        found = chooser.choose(value)
        if found is not None:
            return written(found, value)
        return value if others is None else others(value)

    return write


def _first_of(writers: list[Writer | None]) -> Writer | None:
    """The first that has something to change writes."""
    known = [writer for writer in writers if writer is not None]
    if len(known) < 2:
        return known[0] if known else None

    def write(value: object) -> object:
        for writer in known:
            if (found := writer(value)) is not value:
                return found
        return value

    return write


def _each(item: Writer | None) -> Writer | None:
    if item is None:
        return None
    return lambda value: [item(each) for each in value] if is_array(value) else value


def _places(items: list[Writer | None]) -> Writer | None:
    if not any(items):
        return None

    def write(value: object) -> object:
        if not is_array(value) or len(value) != len(items):
            return value
        pairs = zip(items, value, strict=True)
        return [each if item is None else item(each) for item, each in pairs]

    return write


def _values(item: Writer | None) -> Writer | None:
    if item is None:
        return None
    return lambda value: {k: item(v) for k, v in value.items()} if is_mapping(value) else value


class _Members:
    """Writes mappings that stand for a model; the model is loaded when the first one comes."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._writers: dict[object, tuple[dict[str, Writer | None], Writer | None]] = {}
        self._other: Writer | None = None
        self._is_settled = False

    def __call__(self, value: object) -> object:
        if not self._is_settled:
            kind = settled(self._kind)
            self._other = None if is_model_class(kind) else _writer(kind)
            self._kind, self._is_settled = kind, True
        if not is_model_class(self._kind):  # a name for another type
            return value if self._other is None else self._other(value)
        if is_mapping(value) and not hasattr(value, "model_dump"):
            return self._members(value)
        return value

    def _members(self, value: Mapping[Any, object]) -> dict[Any, object]:
        model = settled_model(self._kind, value)
        if model not in self._writers:
            self._writers[model] = _field_writers(model), _extra_writer(model)
        fields, extra = self._writers[model]
        return {
            name: each if (writer := fields.get(name, extra)) is None else writer(each)
            for name, each in value.items()
        }


def _field_writers(model: Any) -> dict[str, Writer | None]:
    return {name_of(f, name): _writer(type_of(f)) for name, f in model.model_fields.items()}


def _extra_writer(model: Any) -> Writer | None:
    kind = extra_type(model)
    return None if kind is None else _writer(kind)
