"""From bodies to typed values."""

# Modules of this package are friends: what `_` hides, it hides from users.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, Union, get_args, get_origin

from ._body import charset_of, is_json, is_xml
from ._errors import ConfigurationError, DecodeError, ValidationError
from ._json import loads
from ._narrow import is_tuple
from ._response import describe, json_or_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from ._operation import Payloads
    from ._response import Response, Validation


def parse_body(response: Response, model: object, validation: Validation) -> Any:
    """The body of a response as a model, from XML where the response says that it is.

    Raises:
        DecodeError: The body is not what it should be.
        ValidationError: It does not fit the model, and validation is strict.
    """
    if is_xml(response.headers.get("content-type", "")):
        return parse_xml(response, model, validation)
    return parse_json(response, model, validation)


def parse_xml(response: Response, model: object, validation: Validation | None = None) -> Any:
    """The XML body of a response as a model.

    Raises:
        DecodeError: The body is not XML, or has a document type.
        ValidationError: It does not fit the model, and validation is strict.
    """
    from ._data.xml_forms import read_xml

    charset = charset_of(response.headers.get("content-type", ""))
    try:
        value = read_xml(response.content, model, charset)
    except ValueError as error:
        message = f"{describe(response.request)}: the body is not XML that can be read: {error}"
        raise DecodeError(message, response=response) from error
    return typed_value(response, model, value, validation or response._validation)


def parse_form(response: Response, model: object) -> Any:
    """The form of a response as a model; names that are repeated hold lists.

    Raises:
        DecodeError: The body says that it is JSON, and is not.
        ValidationError: It does not fit the model, and validation is strict.
    """
    from urllib.parse import parse_qs

    if is_json(response.headers.get("content-type", "")):
        return parse_json(response, model, response._validation)
    fields = parse_qs(response.text, keep_blank_values=True)
    value = {name: found[0] if len(found) == 1 else found for name, found in fields.items()}
    return typed_value(response, model, value, response._validation)


def parse_text(response: Response, model: object) -> Any:
    """The text of a response as an enumeration, number, date or the like, else as JSON.

    Raises:
        ValidationError: It does not fit, and validation is strict.
    """
    if is_json(response.headers.get("content-type", "")):
        try:
            return parse_json(response, model, "strict")
        except (DecodeError, ValidationError):
            pass  # it is the text that the document says
    try:
        return value_validator(model)(response.text)
    except ValueError:
        value = json_or_text(response)
    return typed_value(response, model, value, response._validation)


def parse_header(
    response: Response, name: str, value: str, kind: object, declared: Payloads | None
) -> Any:
    """The value of a header as a type; what stands between commas is a list.

    Args:
        response: The response.
        name: Name of the header.
        value: Its value.
        kind: The type that is asked for, `None` for the declared one.
        declared: What the document says; where it states a media type, the value is JSON
            (OpenAPI 3.1, section "Header Object").

    Raises:
        ValidationError: The value does not fit.
    """
    if declared is None or callable(declared):
        stated, read = declared, _from_simple
    else:
        stated, read = next(iter(declared.values())), _from_json
    if kind is None:
        kind = stated() if stated is not None else object
    try:
        return read(value, kind)
    except ValueError as error:
        raise ValidationError(
            f"{describe(response.request)}: header {name} does not fit {type_name(kind)}",
            errors=_field_errors(error),
            response=response,
        ) from error


def _from_simple(value: str, kind: object) -> Any:
    items = [item.strip() for item in value.split(",")] if get_origin(kind) is list else value
    return value_validator(kind)(items)


def _from_json(value: str, kind: object) -> Any:
    return validator(kind)(value.encode())


def parse_json(response: Response, model: object, validation: Validation) -> Any:
    """The JSON body of a response as a model.

    Raises:
        DecodeError: The body is not JSON.
        ValidationError: It does not fit the model, and validation is strict.
    """
    return _typed(response, model, response.content, response.json, validation)


def parse_item(response: Response, model: object, document: bytes) -> Any:
    """One JSON document of a stream as a model.

    Raises:
        DecodeError: It is not JSON.
        ValidationError: It does not fit the model, and validation is strict.
    """
    from ._framing import json_of

    def decode() -> object:
        return json_of(document, response._load)

    return _typed(response, model, document, decode, response._validation)


def _typed(
    response: Response,
    model: object,
    document: bytes,
    decode: Callable[[], object],
    validation: Validation,
) -> Any:
    if validation == "off":
        return _construct(model, decode())
    if response._load is not loads:
        return typed_value(response, model, decode(), validation)
    try:
        return validator(model)(document)
    except (ValueError, RecursionError) as error:
        # The parser of pydantic is stricter than JSON in Python; ours decides what is no JSON.
        value = decode()
        if any(each.get("type") == "json_invalid" for each in _field_errors(error)):
            return typed_value(response, model, value, validation)
        return _settle_misfit(response, model, _exact(document, value), error, validation)
    except _OF_TYPES as error:
        _refuse_type(model, error)
        raise


def _exact(document: bytes, value: object) -> object:
    """The value of a document with all digits of its numbers, where models hold decimals."""
    from ._data.values import exact_json

    try:
        found = exact_json(document)
    except ValueError:  # in a character set that only the response knows
        return value
    return value if found is None else found[0]


def typed_value(response: Response, model: object, value: object, validation: Validation) -> Any:
    """A value that was read already, as a model."""
    if validation == "off":
        return _construct(model, value)
    try:
        return value_validator(model)(value)
    except (ValueError, RecursionError) as error:
        return _settle_misfit(response, model, value, error, validation)
    except _OF_TYPES as error:
        _refuse_type(model, error)
        raise


# What pydantic derives its errors about types from, `TypeError` in its older versions.
_OF_TYPES = (RuntimeError, TypeError, NameError)


def _refuse_type(model: object, error: Exception) -> None:
    """Tell of a type that pydantic does not know, as of any argument that makes no sense."""
    if type(error).__module__.startswith("pydantic"):
        why = str(error).partition("\n")[0]
        raise ConfigurationError(f"no answer is read as {type_name(model)}: {why}") from error


def _construct(model: object, value: object) -> Any:
    from ._data.lenient import construct

    # A `TypeAdapter` builds no models without validating them.
    return value if hasattr(model, "validate_json") else construct(model, value)


def _settle_misfit(
    response: Response,
    model: object,
    value: object,
    error: Exception,
    validation: Validation,
) -> Any:
    if validation == "strict":
        errors = _field_errors(error)
        raise ValidationError(
            f"{describe(response.request)}: the answer does not fit {type_name(model)}: "
            f"{_summary(errors) or error}",
            errors=errors,
            response=response,
        ) from error
    _log_once(response, model)
    return _construct(model, value)


def _field_errors(error: Exception) -> list[dict[str, object]]:
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


Validate: TypeAlias = "Callable[[Any], Any]"


def validator(model: object) -> Validate:
    """What turns JSON bytes into a model; made once a type."""
    return _known(_VALIDATORS, model, "validate_json")


def value_validator(model: object) -> Validate:
    """What turns a decoded value into a model; made once a type."""
    return _known(_VALUE_VALIDATORS, model, "validate_python")


_VALIDATORS: dict[object, Validate] = {}
_VALUE_VALIDATORS: dict[object, Validate] = {}


def _known(validators: dict[object, Validate], model: object, method: str) -> Validate:
    try:
        known = validators.get(model)
    except TypeError:
        return _make_validator(model, method)
    if known is None:
        known = validators[model] = _make_validator(model, method)
    return known


def _make_validator(model: Any, method: str) -> Validate:
    if hasattr(model, "validate_json"):
        adapter = model
    elif isinstance(model, type) and hasattr(model, "model_validate_json"):
        of_class = {"validate_json": "model_validate_json", "validate_python": "model_validate"}
        adapter, method = model, of_class[method]
    else:
        from pydantic import TypeAdapter

        adapter = TypeAdapter(model)
    validate: Validate = getattr(adapter, method)
    return _with_all_digits(validate, model) if method.endswith("_json") else validate


def _with_all_digits(validate: Validate, model: object) -> Validate:
    """Reads JSON again where models hold decimals: pydantic takes all fractions for floats."""
    from ._data.values import exact_json

    def read(document: bytes) -> Any:
        value = validate(document)
        exact = exact_json(document)
        return value if exact is None else value_validator(model)(exact[0])

    return read


def type_name(model: object) -> str:
    """A type as people write it."""
    origin = get_origin(model)
    if origin is Annotated:
        return type_name(get_args(model)[0])
    if origin in (Union, UnionType):
        return " | ".join(type_name(each) for each in get_args(model))
    if isinstance(origin, type) and (inner := get_args(model)):
        return f"{origin.__name__}[{', '.join(type_name(each) for each in inner)}]"
    if model in (NoneType, ...):
        return "None" if model is NoneType else "..."
    return model.__name__ if isinstance(model, type) else str(model).removeprefix("typing.")


def _log_once(response: Response, model: object) -> None:
    key = type_name(model)
    if key in response._told:
        return
    response._told.add(key)
    from ._telemetry.log import logger, prefix_of

    logger.warning(
        "%s%s: the answer does not fit %s and is kept as received",
        prefix_of(response.request),
        describe(response.request),
        key,
    )
