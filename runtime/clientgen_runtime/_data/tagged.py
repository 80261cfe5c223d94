"""Models that stand for several: a property of a value tells which of them it is."""

from __future__ import annotations

from contextvars import ContextVar
from types import UnionType
from typing import TYPE_CHECKING, Any, ClassVar, Union, get_args, get_origin

from pydantic_core import core_schema, from_json

from .._narrow import is_mapping
from .._operation import NOTHING
from .lazy import LazyModel, lazy
from .models import ApiModel, tag_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
    from typing_extensions import Self

_building: ContextVar[type[BaseModel] | None] = ContextVar("_building", default=None)
"""The class that a validator of its own is being made for."""


class Family:
    """The models that a class may turn out to be.

    Args:
        own: The class.
        tag: Wire name of the property that tells them apart.
        members: Values of that property to names of models in the same package.
        default: Name of the model that values are which name none of them.
    """

    __slots__ = ("_default", "_members", "_own", "_tag")

    def __init__(
        self, own: type[BaseModel], tag: str, members: Mapping[str, str], default: str = ""
    ) -> None:
        package = own.__module__.rpartition(".")[0]
        self._own = own
        self._tag = tag
        self._members: dict[str, LazyModel | None] = {
            value: lazy(package, name) if name != own.__name__ else None
            for value, name in members.items()
        }
        self._default = lazy(package, default) if default not in ("", own.__name__) else None

    def __bool__(self) -> bool:
        return bool(self._members)

    def names(self, value: Mapping[str, Any]) -> bool:
        """Whether an object's tag names a model."""
        return tag_of(value, self._tag) in self._members

    def member(self, value: object) -> LazyModel | None:
        """The model that an object says to be, None when that is the class itself."""
        if not is_mapping(value):
            return None
        return self._members.get(tag_of(value, self._tag), self._default)

    def validate(self, value: Any) -> Any:
        """The value as the model that it says to be, as the class itself when it says nothing."""
        if isinstance(value, self._own):
            return value
        member = self.member(value)
        if member is not None:
            return member.validate(value)
        return own_validator(self._own)(value)


def own_validator(model: type[BaseModel]) -> Callable[[Any], Any]:
    """What makes exactly this model of Python values."""
    if not model.__pydantic_complete__:
        model.model_rebuild()
    return model.__pydantic_validator__.validate_python


class TaggedModel(ApiModel):
    """Base of models that others extend, told apart by a property (`discriminator`).

    Wherever such a model is expected, a value becomes the model that its tag names; one with an
    unknown tag becomes this model, and keeps everything.

    Example:
        >>> class Pet(TaggedModel, tag="kind", subtypes={"cat": "Cat"}):
        ...     kind: str
        >>> Pet.model_validate({"kind": "emu"})
        Pet(kind='emu')
    """

    __family__: ClassVar[Family]

    def __init_subclass__(
        cls,
        *,
        tag: str = "",
        subtypes: Mapping[str, str] = NOTHING,
        default: str = "",
        **options: Any,
    ) -> None:
        super().__init_subclass__(**options)
        cls.__family__ = Family(cls, tag, subtypes, default)

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        if cls.__family__:
            # Within its own fields pydantic would take the class for nothing but itself.
            stand_in = lazy(cls.__module__.rpartition(".")[0], cls.__name__)
            for field in cls.model_fields.values():
                field.annotation = _with_stand_in(field.annotation, cls, stand_in)

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Make the model that an object says to be, as `BaseModel.model_validate` does.

        Args:
            obj: A mapping by wire names, or a model.
            **options: See `pydantic.BaseModel.model_validate`.

        Raises:
            pydantic.ValidationError: The values do not fit.

        Example:
            >>> class Animal(TaggedModel, tag="kind"):
            ...     kind: str
            >>> Animal.model_validate({"kind": "emu"})
            Animal(kind='emu')
        """
        member = cls.__family__.member(obj)
        if member is None:
            return super().model_validate(obj, **options)
        found: Self = member.target().model_validate(obj, **options)
        return found

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Make the model that JSON says to be, as `BaseModel.model_validate_json` does.

        Args:
            json_data: A JSON document.
            **options: See `pydantic.BaseModel.model_validate_json`.

        Raises:
            pydantic.ValidationError: It is not JSON, or does not fit.

        Example:
            >>> class Animal(TaggedModel, tag="kind"):
            ...     kind: str
            >>> Animal.model_validate_json('{"kind": "emu"}')
            Animal(kind='emu')
        """
        try:
            member = cls.__family__.member(from_json(json_data))
        except ValueError:
            member = None  # the parser below tells it better
        if member is None:
            return super().model_validate_json(json_data, **options)
        found: Self = member.target().model_validate_json(json_data, **options)
        return found

    @classmethod
    def model_rebuild(cls, **options: Any) -> bool | None:
        """Build the validator, as `BaseModel.model_rebuild` does.

        Args:
            **options: See `pydantic.BaseModel.model_rebuild`.

        Returns:
            Whether there was something to build and it is done; `None` when nothing was to do.

        Example:
            >>> class Animal(TaggedModel, tag="kind"):
            ...     kind: str
            >>> Animal.model_rebuild()
            True
        """
        depth = options.pop("_parent_namespace_depth", 2)
        token = _building.set(cls)
        try:
            return super().model_rebuild(_parent_namespace_depth=depth + 1, **options)
        finally:
            _building.reset(token)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        if not cls.__family__ or _building.get() is cls:
            # Fields that hold the class itself come next, and may hold any of the family.
            _building.set(None)
            return handler(source)
        return core_schema.no_info_plain_validator_function(cls.__family__.validate)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        is_any_of_family = schema["type"] == "function-plain"
        return {"title": cls.__name__} if is_any_of_family else handler(schema)


def _with_stand_in(kind: Any, model: type[BaseModel], stand_in: LazyModel) -> Any:
    """A type with a stand-in in each place of a model."""
    if kind is model:
        return stand_in
    arguments = get_args(kind)
    inner = tuple(_with_stand_in(each, model, stand_in) for each in arguments)
    if inner == arguments:
        return kind
    origin: Any = get_origin(kind)
    generic: Any = Union if origin is UnionType else origin
    return generic[inner]


def settled_model(kind: Any, value: object) -> Any:
    """The model that an object says to be, when a class of this module is expected."""
    family: Family | None = getattr(kind, "__family__", None)
    member = family.member(value) if family else None
    return settled_model(member.target(), value) if member is not None else kind
