"""What models of generated SDKs are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic_core import ValidationError, core_schema

from .._narrow import is_mapping
from .lazy import LazyModel, is_model_class, validator_of
from .looks import Look, is_chosen, look_of, members_of, names_on_the_wire, settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from typing_extensions import Self

__all__ = ["FROM_SERVER", "ApiModel", "OneOf", "names_on_the_wire"]

FROM_SERVER: Any = None
"""The value of a property that only servers set, until they do (OpenAPI 3, `readOnly`)."""


class ApiModel(BaseModel):
    """Base of generated models.

    Fields that the document does not know are kept and sent back. Both Python names and names on
    the wire are taken when a model is built. Its validator is built when it is first used.

    Example:
        >>> class Dog(ApiModel):
        ...     name: str
        >>> Dog.from_dict({"name": "Rex", "age": 3})
        Dog(name='Rex', age=3)
        >>> client.get("/pets/7", response_model=Dog)._request_id
        'req-7'
    """

    # In a slot, where pydantic does not look when it compares, copies and writes models.
    __slots__ = ("__request_id__",)

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="allow",
        populate_by_name=True,
        defer_build=True,
        protected_namespaces=(),
        arbitrary_types_allowed=True,
        use_attribute_docstrings=False,
    )

    @property
    def _request_id(self) -> str | None:
        """The id of the call that returned this model; `None` for parts, copies and new models.

        It may be used: without the underscore it would stand in the way of fields.
        """
        found: str | None = getattr(self, "__request_id__", None)
        return found

    def to_dict(self) -> dict[str, Any]:
        """The model as JSON-compatible values by wire names; what was not set is left out.

        Example:
            >>> from datetime import date
            >>> class Dog(ApiModel):
            ...     born: date
            >>> Dog(born=date(2024, 5, 17)).to_dict()
            {'born': '2024-05-17'}
        """
        # Warnings are off: what a server sent against its document is kept, and written as it is.
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)

    def to_json(self, *, indent: int | None = None) -> str:
        """The model as JSON text by wire names, numbers with all their digits.

        What was not set is left out.

        Args:
            indent: Spaces to indent by; None for one line.

        Example:
            >>> class Dog(ApiModel):
            ...     name: str
            >>> Dog(name="Rex").to_json()
            '{"name":"Rex"}'
        """
        from .._json import dumps, exact_dumps

        return (dumps(self) if indent is None else exact_dumps(self, indent)).decode()

    def __wire__(self) -> dict[str, Any]:
        """The model by wire names; values that JSON lacks are left to `dumps`, as they are.

        What was not set is left out.
        """
        return self.model_dump(mode="wire", by_alias=True, exclude_unset=True, warnings=False)

    def __repr_args__(self) -> Iterable[tuple[str | None, Any]]:
        # Most fields of most models are absent; to show them would hide the others.
        known = self.model_fields_set
        return [(n, value) for n, value in super().__repr_args__() if n is None or n in known]

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """Build a model from JSON-compatible values.

        Args:
            value: Values by wire names or Python names.

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
        default: Name of the member that values are which name none (`defaultMapping`).
        adds: Whether members lack that property by themselves, so that it is added to those that
            are sent.

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

    __slots__ = ("_titles", "adds", "default", "mapping", "tag")

    def __init__(
        self,
        tag: str = "",
        mapping: Mapping[str, str] | None = None,
        default: str = "",
        *,
        adds: bool = False,
    ) -> None:
        self.tag: str = tag
        self.mapping: Mapping[str, str] = mapping or {}
        self.default: str = default
        self.adds: bool = adds
        self._titles: list[str] = []

    def __repr__(self) -> str:
        return f"OneOf({self.tag!r}, {self.mapping!r})" if self.tag else "OneOf()"

    def chooser(self, source: object) -> Chooser:
        """What chooses among the models of a union.

        Args:
            source: The union.

        Example:
            >>> class Dog(ApiModel):
            ...     barks: bool
            >>> class Cat(ApiModel):
            ...     lives: int
            >>> OneOf().chooser(Dog | Cat).validate({"lives": 9})
            Cat(lives=9)
        """
        models = list(filter(is_chosen, members_of(source)))
        return Chooser(models, self.tag, self.mapping, self.default)

    def told(self, value: Any) -> Any:
        """A member with the property that tells which one it is, where that is to be added.

        Args:
            value: What is sent as one of the members.

        Example:
            >>> class Dog(ApiModel):
            ...     name: str
            >>> OneOf("kind", {"dog": "Dog"}, adds=True).told(Dog(name="Rex")).to_dict()
            {'name': 'Rex', 'kind': 'dog'}
        """
        if not self.adds or not isinstance(value, BaseModel):
            return value
        own = type(value).__name__
        values = [each for each, name in self.mapping.items() if name == own]
        field = names_on_the_wire(type(value)).get(self.tag, self.tag)
        if len(values) != 1 or field in value.model_fields_set:
            return value
        return value.model_copy(update={field: values[0]})

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        others = [handler.generate_schema(m) for m in members_of(source) if not is_chosen(m)]
        chooser = self.chooser(source)

        def validate(value: Any) -> Any:  # by this name errors tell of it
            return chooser.validate(self.told(value))

        choice = core_schema.no_info_plain_validator_function(
            validate if self.adds else chooser.validate
        )
        self._titles = [getattr(m, "__name__", str(m)) for m in members_of(source)]
        return core_schema.union_schema([choice, *others]) if others else choice

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        # Models that are not loaded yet have nothing but names.
        return {"anyOf": [{"title": title} for title in self._titles]}


class Chooser:
    """Finds the model for a value: by its tag, else the one that it fits best."""

    __slots__ = ("_by_tag", "_default", "_looks", "_models", "tag")

    def __init__(
        self, models: list[Any], tag: str, mapping: Mapping[str, str], default: str = ""
    ) -> None:
        self._models = models
        self.tag: str = tag
        by_name = {_name_of(model): model for model in models}
        self._by_tag = {value: by_name[name] for value, name in mapping.items() if name in by_name}
        self._default = by_name.get(default)
        self._looks: list[Look] | None = None

    def validate(self, value: Any) -> Any:
        """The value as the model that it is; a value with a tag of its own as a plain one."""
        if isinstance(value, BaseModel):
            return value
        is_named = False
        if is_mapping(value):
            found = self.tagged(value)
            if found is not None:
                return validator_of(found)(value)
            is_named = bool(tag_of(value, self.tag))
        ranked = self._ranked(value)
        return self._best(ranked, value, is_tagged=is_named) if ranked else self._plain(value)

    def choose(self, value: object) -> Any:
        """The type that an object or array is taken to be, whether it fits or not.

        None when nothing here is of its kind.
        """
        found = self.tagged(value) if is_mapping(value) else None
        if found is not None:
            return found
        ranked = self._ranked(value)
        return ranked[0].kind if ranked else None

    def names(self, value: Mapping[str, Any]) -> bool:
        """Whether an object's tag names a model."""
        return tag_of(value, self.tag) in self._by_tag

    def tagged(self, value: Mapping[str, Any]) -> Any:
        """The model that an object's tag names, None when it names none."""
        return self._by_tag.get(tag_of(value, self.tag), self._default)

    def _plain(self, value: Any) -> Any:
        """A value that is no object: some names stand for lists and scalars."""
        for kind in self._models:
            if not is_model_class(settled(kind)):
                try:
                    return validator_of(kind)(value)
                except ValidationError:
                    continue
        raise ValueError("not an object")

    def _ranked(self, value: object) -> list[Look]:
        if self._looks is None:
            self._looks = [look_of(model) for model in self._models]
        taking = [look for look in self._looks if look.takes(value)]
        if len(taking) > 1:
            taking.sort(key=lambda look: look.rank(value), reverse=True)
        return taking

    def _best(self, ranked: list[Look], value: Any, *, is_tagged: bool) -> Any:
        failure: ValidationError | None = None
        for look in ranked:
            try:
                return validator_of(look.kind)(value)
            except ValidationError as error:
                failure = failure or error
        if is_tagged:
            # A newer server has a variant that the document does not know.
            return ApiModel.model_validate(value)
        raise failure or ValueError("no variant")


def _name_of(model: Any) -> str:
    return repr(model) if isinstance(model, LazyModel) else getattr(model, "__name__", "")


def tag_of(value: Mapping[str, Any], tag: str) -> str:
    """The value of a telling property as text, empty when there is none."""
    found = value.get(tag) if tag else None
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) else ""
