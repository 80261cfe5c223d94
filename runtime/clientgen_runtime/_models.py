"""What models of generated SDKs are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ConfigDict
from pydantic_core import ValidationError, core_schema

from ._lazy import LazyModel, is_model_class, validator_of
from ._narrow import is_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import GetCoreSchemaHandler
    from typing_extensions import Self


class ApiModel(BaseModel):
    """Base of generated models.

    Fields that the document does not know are kept and sent back. Both Python names and names on
    the wire are taken when a model is built. Its validator is built when it is first used.

    Example:
        >>> class Dog(ApiModel):
        ...     name: str
        >>> Dog.from_dict({"name": "Rex", "age": 3})
        Dog(name='Rex', age=3)
    """

    model_config = ConfigDict(
        extra="allow",
        populate_by_name=True,
        defer_build=True,
        protected_namespaces=(),
        arbitrary_types_allowed=True,
        use_attribute_docstrings=False,
    )

    def to_dict(self) -> dict[str, Any]:
        """The model as JSON-compatible values by wire names; what was not set is left out.

        Example:
            >>> from datetime import date
            >>> class Dog(ApiModel):
            ...     born: date
            >>> Dog(born=date(2024, 5, 17)).to_dict()
            {'born': '2024-05-17'}
        """
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def to_json(self, *, indent: int | None = None) -> str:
        """The model as JSON text by wire names; what was not set is left out.

        Args:
            indent: Spaces to indent by; None for one line.

        Example:
            >>> class Dog(ApiModel):
            ...     name: str
            >>> Dog(name="Rex").to_json()
            '{"name":"Rex"}'
        """
        return self.model_dump_json(by_alias=True, exclude_unset=True, indent=indent)

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """Build a model from JSON-compatible values.

        Raises:
            pydantic.ValidationError: The values do not fit.

        Example:
            >>> class Dog(ApiModel):
            ...     name: str
            >>> Dog.from_dict({"name": "Rex"}).name
            'Rex'
        """
        return cls.model_validate(value)


class OneOf:
    """Chooses among models by what a value looks like; stands in `Annotated[Cat | Dog, …]`.

    Args:
        tag: Wire name of the property that tells them apart, if there is one.
        mapping: Values of that property to names of the members.

    Example:
        >>> from typing import Annotated
        >>> class Dog(ApiModel):
        ...     barks: bool
        >>> class Cat(ApiModel):
        ...     lives: int
        >>> class Owner(ApiModel):
        ...     pet: Annotated[Dog | Cat, OneOf()]
        >>> Owner.from_dict({"pet": {"lives": 9}}).pet
        Cat(lives=9)
    """

    __slots__ = ("mapping", "tag")

    def __init__(self, tag: str = "", mapping: Mapping[str, str] | None = None) -> None:
        self.tag = tag
        self.mapping = mapping or {}

    def __repr__(self) -> str:
        return f"OneOf({self.tag!r}, {self.mapping!r})" if self.tag else "OneOf()"

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        members = get_args(source) or (source,)
        models = [member for member in members if _is_model(member)]
        others = [handler.generate_schema(member) for member in members if member not in models]
        choice = core_schema.no_info_plain_validator_function(
            _Chooser(models, self.tag, self.mapping).validate
        )
        return core_schema.union_schema([choice, *others]) if others else choice


def names_on_the_wire(model: type[BaseModel]) -> dict[str, str]:
    """The fields of a model by the names that JSON has for them."""
    return {field.alias or name: name for name, field in model.model_fields.items()}


def _is_model(member: Any) -> bool:
    return isinstance(member, LazyModel) or is_model_class(member)


class _Chooser:
    """Finds the model for a value: by its tag, else the one that most of it fits."""

    __slots__ = ("_by_tag", "_looks", "_models", "_tag", "_validators")

    def __init__(self, models: list[Any], tag: str, mapping: Mapping[str, str]) -> None:
        self._models = models
        self._tag = tag
        by_name = {repr(m) if isinstance(m, LazyModel) else m.__name__: m for m in models}
        self._by_tag = {value: by_name[name] for value, name in mapping.items() if name in by_name}
        self._validators: dict[str, Callable[[Any], Any]] = {}
        self._looks: list[_Look] | None = None

    def validate(self, value: object) -> Any:
        if isinstance(value, BaseModel):
            return value
        if not is_mapping(value):
            raise ValueError("not an object")  # pydantic takes no TypeError
        tag = value.get(self._tag) if self._tag else None
        if isinstance(tag, str) and tag in self._by_tag:
            return self._tagged(tag)(value)
        return self._best(value)

    def _tagged(self, tag: str) -> Callable[[Any], Any]:
        if tag not in self._validators:
            self._validators[tag] = validator_of(self._by_tag[tag])
        return self._validators[tag]

    def _best(self, value: Mapping[Any, object]) -> Any:
        if self._looks is None:
            self._looks = [_Look(model) for model in self._models]
        ranked = sorted(self._looks, key=lambda look: look.rank(value), reverse=True)
        failure: ValidationError | None = None
        for look in ranked:
            try:
                return look.validate(value)
            except ValidationError as error:
                failure = failure or error
        raise failure or ValueError("no variant")


class _Look:
    """What values of a model look like: the names that they have and must have."""

    __slots__ = ("known", "required", "validate")

    def __init__(self, model: Any) -> None:
        target = model.target() if isinstance(model, LazyModel) else model
        self.validate = validator_of(target)
        self.known: frozenset[str] = frozenset()
        self.required: frozenset[str] = frozenset()
        if is_model_class(target):
            names = names_on_the_wire(target)
            fields = target.model_fields
            self.known = frozenset(names)
            self.required = frozenset(w for w, name in names.items() if fields[name].is_required())

    def rank(self, value: Mapping[Any, object]) -> tuple[bool, int]:
        return self.required <= value.keys(), len(self.known & value.keys())
