"""From bodies to typed values."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._errors import ValidationError
from ._narrow import is_tuple
from ._response import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import TypeAdapter

    from ._response import Response, Validation


def parse_json(response: Response, model: object, validation: Validation) -> Any:
    """The JSON body of a response as a model.

    Raises:
        DecodeError: The body is not JSON.
        ValidationError: It does not fit the model, and validation is strict.
    """
    if validation == "off":
        return _construct(model, response.json())
    validate = validator(model)
    try:
        return validate(response.content)
    except ValueError as error:
        # The parser of pydantic is stricter than JSON in Python; ours decides what is no JSON.
        return _settle_misfit(response, model, response.json(), error, validation)


def parse_item(response: Response, model: object, document: bytes) -> Any:
    """One JSON document of a stream as a model.

    Raises:
        DecodeError: It is not JSON.
        ValidationError: It does not fit the model, and validation is strict.
    """
    from ._framing import json_of

    validation = response._validation
    if validation == "off":
        return _construct(model, json_of(document))
    try:
        return validator(model)(document)
    except ValueError as error:
        return _settle_misfit(response, model, json_of(document), error)


def _construct(model: object, value: object) -> Any:
    from ._lenient import construct

    # A `TypeAdapter` builds no models without validating them.
    return value if hasattr(model, "validate_json") else construct(model, value)


def _settle_misfit(
    response: Response,
    model: object,
    value: object,
    error: ValueError,
    validation: Validation | None = None,
) -> Any:
    if (validation or response._validation) == "strict":
        errors = _field_errors(error)
        raise ValidationError(
            f"{describe(response.request)}: the answer does not fit {type_name(model)}: "
            f"{_summary(errors)}",
            errors=errors,
            response=response,
        ) from error
    _log_once(response, model)
    return _construct(model, value)


def _field_errors(error: ValueError) -> list[dict[str, object]]:
    # Asked for by shape: pydantic may not be loaded when a plain ValueError comes.
    listed: Any = getattr(error, "errors", None)
    if listed is None:
        return []
    return [dict(entry) for entry in listed(include_url=False)]


def _summary(errors: list[dict[str, object]]) -> str:
    told = [f"{_place(error)}: {error['msg']}" for error in errors[:3]]
    more = f" and {len(errors) - 3} more" if len(errors) > 3 else ""
    return "; ".join(told) + more


def _place(error: dict[str, object]) -> str:
    keys = error.get("loc")
    return ".".join(map(str, keys)) if is_tuple(keys) and keys else "the value"


def validator(model: object) -> Callable[[bytes], Any]:
    """What turns JSON bytes into a model; made once a type."""
    try:
        known = _VALIDATORS.get(model)
    except TypeError:
        return _make_validator(model)
    if known is None:
        known = _VALIDATORS[model] = _make_validator(model)
    return known


_VALIDATORS: dict[object, Callable[[bytes], Any]] = {}


def _make_validator(model: object) -> Callable[[bytes], Any]:
    if hasattr(model, "validate_json"):
        return model.validate_json  # type: ignore[no-any-return]
    if isinstance(model, type) and hasattr(model, "model_validate_json"):
        return model.model_validate_json  # type: ignore[no-any-return]
    from pydantic import TypeAdapter

    kind: Any = model
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    return adapter.validate_json


def type_name(model: object) -> str:
    """A type as messages show it."""
    return model.__name__ if isinstance(model, type) else str(model)


def _log_once(response: Response, model: object) -> None:
    key = type_name(model)
    if key in response._told:
        return
    response._told.add(key)
    import logging

    logging.getLogger("clientgen_runtime").warning(
        "%s: the answer does not fit %s and is kept as received", describe(response.request), key
    )
