"""Which operations of a document are taken."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from clientgen.config import ConfigError, close_match
from clientgen.resolve.spec import (
    Alias,
    Component,
    ListOf,
    MapOf,
    Media,
    NamedSchema,
    OneOf,
    Operation,
    Record,
    Ref,
    SchemaId,
    Shape,
    Spec,
    Tagged,
    TupleOf,
)
from clientgen.substitute import substituted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from clientgen.config import Config
    from clientgen.diagnostics import Diagnostic, Key, Where
    from clientgen.load import Document


FILTERS = (
    *("include_path", "exclude_path", "include_tag", "exclude_tag"),
    *("include_operation", "exclude_operation", "exclude_deprecated"),
    *("include_schema", "exclude_schema"),
)
"""Settings that leave something out."""


def select(spec: Spec, config: Config) -> Spec:
    """The document with the operations that the configuration asks for.

    Raises:
        ConfigError: A setting names an operation, a path, a tag or a schema that the document does
            not have.
    """
    _refuse_strangers(spec.operations, config)
    _refuse_strange_schemas(spec, config)
    if not any(getattr(config, name) for name in FILTERS):
        return spec
    kept = tuple(operation for operation in spec.operations if _is_wanted(operation, config))
    if config.include_schema:
        users = _users(spec, config.include_schema)
        kept = tuple(operation for operation in kept if users & _direct(operation))
    spec = substituted(
        replace(spec, operations=kept),
        {i: None for i, schema in spec.schemas.items() if _is_named(schema, config.exclude_schema)},
    )
    kept = spec.operations
    wanted = _reachable(spec, kept)
    schemas = {identity: schema for identity, schema in spec.schemas.items() if identity in wanted}
    return replace(spec, operations=kept, schemas=schemas)


def _is_wanted(operation: Operation, config: Config) -> bool:
    if config.exclude_deprecated and operation.deprecated:
        return False
    if config.include_operation and not _is_called(operation, config.include_operation):
        return False
    if _is_called(operation, config.exclude_operation):
        return False
    tags = set(operation.tags)
    if config.include_path and not _matches(operation, config.include_path):
        return False
    if config.include_tag and not tags & set(config.include_tag):
        return False
    return not _matches(operation, config.exclude_path) and not tags & set(config.exclude_tag)


def _is_called(operation: Operation, globs: tuple[str, ...]) -> bool:
    return any(_fits(glob, operation.operation_id) for glob in globs)


def _is_named(schema: NamedSchema, globs: tuple[str, ...]) -> bool:
    origin = schema.origin
    name = origin.name if isinstance(origin, Component) and not origin.part else ""
    return bool(name) and any(_fits(glob, name) for glob in globs)


def _matches(operation: Operation, globs: tuple[str, ...]) -> bool:
    """Whether a glob fits: `*` within a segment, `**` across them, `#GET` for a method."""
    for glob in globs:
        path, _, method = glob.rpartition("#")
        is_method = method.upper() == operation.method and _fits(path, operation.path)
        if is_method or _fits(glob, operation.path):  # some paths have a `#` themselves
            return True
    return False


def _fits(glob: str, path: str) -> bool:
    return re.fullmatch(_pattern(glob), path) is not None


def _pattern(glob: str) -> str:
    pieces = re.split(r"(/\*\*$|\*\*|\*|\?)", glob)
    return "".join(WILDCARDS.get(piece, re.escape(piece)) for piece in pieces)


# `/pets/**` is all about pets, `/pets` included.
WILDCARDS = {"/**": "(/.*)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


# --- Settings that fit nothing, which are mistakes in writing --------------------------------


def _refuse_strangers(operations: tuple[Operation, ...], config: Config) -> None:
    named = {f"{operation.method} {operation.path}" for operation in operations}
    for key in config.operations:
        if key not in named:
            raise ConfigError(
                f'operations."{key}": the document has no such operation{close_match(key, named)}'
            )
    for glob in config.include_path:
        if not any(_matches(operation, (glob,)) for operation in operations):
            paths = {operation.path for operation in operations}
            raise ConfigError(
                f"include_path: no operation has a path like {glob!r}{close_match(glob, paths)}"
            )
    ids = {operation.operation_id for operation in operations}
    for glob in config.include_operation:
        if not any(_fits(glob, each) for each in ids):
            raise ConfigError(
                f"include_operation: no operation has an id like {glob!r}{close_match(glob, ids)}"
            )
    tags = {tag for operation in operations for tag in operation.tags}
    for tag in config.include_tag:
        if tag not in tags:
            raise ConfigError(
                f"include_tag: no operation has the tag {tag!r}{close_match(tag, tags)}"
            )


def _refuse_strange_schemas(spec: Spec, config: Config) -> None:
    names = {
        schema.origin.name
        for schema in spec.schemas.values()
        if isinstance(schema.origin, Component) and not schema.origin.part
    }
    for glob in config.include_schema:
        if not any(_fits(glob, name) for name in names):
            raise ConfigError(
                f"include_schema: no schema has a name like {glob!r}{close_match(glob, names)}"
            )


# --- Diagnostics of what is left out ---------------------------------------------------------


def about_selected(
    found: Iterable[Diagnostic], whole: Spec, selected: Spec, config: Config
) -> Iterator[Diagnostic]:
    """Diagnostics without those of operations that are left out: that has mended them.

    Args:
        found: What was found in the whole document.
        whole: The document.
        selected: What `select` has made of it.
        config: What is asked for.
    """
    kept = {operation.index for operation in selected.operations}
    dropped = [operation.where for operation in whole.operations if operation.index not in kept]
    places = {(where.document, where.keys) for where in dropped}
    for diagnostic in found:
        where = diagnostic.where
        if where is None or not (_is_inside(where, places) or _is_on_dropped_path(where, config)):
            yield diagnostic


def _is_inside(where: Where, places: set[tuple[Document, tuple[Key, ...]]]) -> bool:
    keys = where.keys
    return any((where.document, keys[:depth]) in places for depth in range(len(keys) + 1))


def _is_on_dropped_path(where: Where, config: Config) -> bool:
    """Whether a path is left out with all that it has, operations or not."""
    if where.keys[:1] != ("paths",) or len(where.keys) == 1:
        return False
    path = str(where.keys[1])
    taken = [path for glob in config.include_path for path in (glob, glob.rpartition("#")[0])]
    if taken and not any(_fits(glob, path) for glob in taken):
        return True
    return any(_fits(glob, path) for glob in config.exclude_path)


# --- Schemas that the kept operations need ---------------------------------------------------


def _users(spec: Spec, globs: tuple[str, ...]) -> set[SchemaId]:
    """Schemas of such names, and those that hold them, however deep."""
    holders: dict[SchemaId, list[SchemaId]] = {}
    for schema in spec.schemas.values():
        for ref in _refs_of(schema):
            holders.setdefault(ref, []).append(schema.id)
    waiting = [i for i, schema in spec.schemas.items() if _is_named(schema, globs)]
    found = set(waiting)
    while waiting:
        above = [each for each in holders.get(waiting.pop(), ()) if each not in found]
        found.update(above)
        waiting += above
    return found


def _direct(operation: Operation) -> set[SchemaId]:
    return {ref for shape in _shapes(operation) for ref in _refs(shape)}


def _reachable(spec: Spec, operations: Iterable[Operation]) -> set[SchemaId]:
    found: set[SchemaId] = set()
    waiting = [ref for operation in operations for ref in _direct(operation)]
    if spec.event is not None:
        waiting.append(spec.event.id)
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting += _refs_of(spec.schemas[identity])
    return found


def _shapes(operation: Operation) -> Iterator[Shape]:
    yield from (parameter.shape for parameter in operation.parameters)
    yield from operation.callbacks
    contents = [response.content for response in operation.responses]
    if operation.body is not None:
        contents.append(operation.body.content)
    for response in operation.responses:
        yield from (header.shape for header in response.headers.values())
    for content in contents:
        for media in content:
            yield from _media_shapes(media)


def _media_shapes(media: Media) -> Iterator[Shape]:
    yield from (shape for shape in (media.shape, media.item) if shape is not None)
    yield from media.events.values()


def _refs_of(schema: NamedSchema) -> Iterator[SchemaId]:
    match schema.definition:
        case Record(properties, base, extra, _, subtypes, default):
            shapes: list[Shape] = [*(prop.shape for prop in properties), *subtypes.values()]
            shapes += [shape for shape in (base, extra, default) if shape is not None]
        case Tagged(members, others, _, mapping, default):
            shapes = [*members, *others, *mapping.values(), *([default] if default else [])]
        case Alias(shape):
            shapes = [shape]
    for shape in shapes:
        yield from _refs(shape)


def _refs(shape: Shape) -> Iterator[SchemaId]:
    match shape:
        case Ref(identity):
            yield identity
        case ListOf(item) | MapOf(item):
            yield from _refs(item)
        case OneOf(members):
            for member in members:
                yield from _refs(member)
        case TupleOf(items, rest):
            for item in (*items, *([rest] if rest is not None else [])):
                yield from _refs(item)
        case _:
            pass
